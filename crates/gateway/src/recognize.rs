//! Which operation a request is for.

use crate::received::Received;
use crate::subresource;
use contract::AnyOperation;
use std::collections::HashMap;
use std::sync::Arc;
use wire::uri::Template;
use wire::{ErrorResponse, Labels, Protocol, ServiceSchema};

/// A request whose operation is known.
pub(crate) struct Recognized {
    pub(crate) operation: Arc<dyn AnyOperation>,
    pub(crate) protocol: Protocol,
    pub(crate) labels: Labels,
}

/// A request that is for no operation that is served: what to answer, and in whose dialect.
pub(crate) struct Unrecognized {
    pub(crate) service: Option<&'static ServiceSchema>,
    pub(crate) protocol: Protocol,
    pub(crate) error: ErrorResponse,
}

/// The table that requests are looked up in, built once from the registrations.
pub(crate) struct Recognizer {
    services: Vec<&'static ServiceSchema>,
    by_name: HashMap<(&'static str, &'static str), Arc<dyn AnyOperation>>,
    by_target: HashMap<&'static str, &'static ServiceSchema>,
    rest: HashMap<&'static str, Vec<Template>>,
}

impl Recognizer {
    pub(crate) fn new(
        services: Vec<&'static ServiceSchema>,
        operations: impl IntoIterator<Item = Arc<dyn AnyOperation>>,
    ) -> Self {
        let mut table =
            Self { services, by_name: HashMap::new(), by_target: HashMap::new(), rest: HashMap::new() };
        for service in &table.services {
            if let Some(prefix) = service.target_prefix {
                table.by_target.insert(prefix, service);
                // CloudTrail's in the SDKs made from Smithy, which write the shape's name without its namespace.
                if let Some((_, shape)) = prefix.rsplit_once('.') {
                    table.by_target.insert(shape, service);
                }
            }
        }
        for operation in operations {
            let schema = operation.schema();
            if schema.service.protocols.iter().any(|protocol| is_rest(*protocol)) {
                table.rest.entry(schema.service.name).or_default().push(Template::of(schema));
            }
            table.by_name.insert((schema.service.name, schema.name), operation);
        }
        table
    }

    /// Finds the operation. `hint` is the service of the credential scope or of the host's name, where there is one.
    pub(crate) fn recognize(
        &self,
        received: &Received,
        hint: Option<&str>,
    ) -> Result<Recognized, Box<Unrecognized>> {
        if let Some(target) = received.header("x-amz-target") {
            return self.by_target(received, target);
        }
        if received.header("smithy-protocol") == Some("rpc-v2-cbor") {
            return self.by_cbor_path(received);
        }
        let action = received.action().or_else(|| {
            // A GET of a queue's path, signed for a service that speaks nothing but this: elsewhere `Action` may be an object's query.
            let named = hint.and_then(|hint| self.service(hint))?;
            query_protocol(named)?;
            received.parameter("Action").map(|action| (action, received.parameter("Version")))
        });
        if let Some((action, version)) = action {
            let mut recognized = self.by_action(&action, version.as_deref(), hint)?;
            recognized.labels = path_parameter(&recognized, received.path());
            return Ok(recognized);
        }
        self.by_path(received, hint)
    }

    fn named(
        &self,
        service: &'static ServiceSchema,
        name: &str,
        protocol: Protocol,
    ) -> Result<Recognized, Box<Unrecognized>> {
        match service.all_operations.iter().find(|known| **known == name) {
            Some(known) => match self.by_name.get(&(service.name, *known)) {
                Some(operation) => {
                    Ok(Recognized { operation: Arc::clone(operation), protocol, labels: Vec::new() })
                }
                None => Err(Box::new(Unrecognized {
                    service: Some(service),
                    protocol,
                    error: not_implemented(&format!("{}:{known}", service.name)),
                })),
            },
            None => Err(Box::new(Unrecognized {
                service: Some(service),
                protocol,
                error: unknown(service, name, protocol),
            })),
        }
    }

    fn by_target(&self, received: &Received, target: &str) -> Result<Recognized, Box<Unrecognized>> {
        let protocol = match received.header("content-type") {
            Some(kind) if kind.starts_with("application/x-amz-json-1.0") => Protocol::Json10,
            _ => Protocol::Json11,
        };
        let (prefix, name) = target.rsplit_once('.').unwrap_or(("", target));
        match self.by_target.get(prefix) {
            Some(service) => self.named(service, name, protocol),
            None => Err(Box::new(Unrecognized {
                service: None,
                protocol,
                error: not_implemented(&format!("the service of X-Amz-Target {}", shown(target))),
            })),
        }
    }

    fn by_cbor_path(&self, received: &Received) -> Result<Recognized, Box<Unrecognized>> {
        let mut parts = received.path().split('/').skip(1);
        let found = (parts.next(), parts.next(), parts.next(), parts.next(), parts.next());
        if let (Some("service"), Some(id), Some("operation"), Some(name), None) = found
            && let Some(service) = self
                .services
                .iter()
                .find(|service| service.protocols.contains(&Protocol::Cbor) && is_cbor_name(service, id))
        {
            return self.named(service, name, Protocol::Cbor);
        }
        Err(Box::new(Unrecognized {
            service: None,
            protocol: Protocol::Cbor,
            error: not_implemented(&format!("the CBOR operation {}", shown(received.path()))),
        }))
    }

    fn by_action(
        &self,
        action: &str,
        version: Option<&str>,
        hint: Option<&str>,
    ) -> Result<Recognized, Box<Unrecognized>> {
        let speaks = |service: &ServiceSchema| query_protocol(service).is_some();
        let by_hint = hint.and_then(|hint| {
            self.services.iter().find(|service| speaks(service) && is_called(service, hint))
        });
        let service = by_hint.or_else(|| {
            self.services.iter().find(|service| {
                speaks(service)
                    && service.all_operations.contains(&action)
                    && version.is_none_or(|version| version == service.version)
            })
        });
        let Some(service) = service else {
            return Err(Box::new(Unrecognized {
                service: None,
                protocol: Protocol::Query,
                error: match hint {
                    Some(hint) => not_implemented(&format!("{}:{}", shown(hint), shown(action))),
                    None => ErrorResponse::new(
                        "InvalidAction",
                        format!(
                            "Could not find operation {} for version {}",
                            shown(action),
                            shown(version.unwrap_or("NO_VERSION_SPECIFIED"))
                        ),
                        400,
                    ),
                },
            }));
        };
        let protocol = query_protocol(service).unwrap_or(Protocol::Query);
        if let Some(version) = version
            && version != service.version
            && !service.all_operations.contains(&action)
        {
            let error = ErrorResponse::sender(
                "InvalidAction",
                format!("Could not find operation {} for version {}", shown(action), shown(version)),
            );
            return Err(Box::new(Unrecognized { service: Some(service), protocol, error }));
        }
        self.named(service, action, protocol)
    }

    fn by_path(&self, received: &Received, hint: Option<&str>) -> Result<Recognized, Box<Unrecognized>> {
        let rest =
            |service: &&&'static ServiceSchema| service.protocols.iter().any(|protocol| is_rest(*protocol));
        let control = is_s3_control(received);
        let service = match hint {
            _ if control => self.services.iter().find(|service| service.endpoint_prefix == S3_CONTROL),
            Some(hint) => self.services.iter().filter(rest).find(|service| is_called(service, hint)),
            None => self.by_unsigned_path(received),
        };
        let Some(service) = service else {
            let what = format!(
                "{} {} of service {}",
                received.method(),
                shown(received.path()),
                shown(hint.unwrap_or("unknown"))
            );
            let protocol =
                if hint.is_none_or(|hint| hint == "s3") { Protocol::RestXml } else { Protocol::RestJson };
            return Err(Box::new(Unrecognized { service: None, protocol, error: not_implemented(&what) }));
        };
        let protocol = preferred(service);
        if let Some((template, labels)) = self.template(service, received, control)
            && let Some(schema) = template.operation
            && let Some(operation) = self.by_name.get(&(service.name, schema.name))
            && subresource::stray(schema, received.query()).is_none()
        {
            return Ok(Recognized { operation: Arc::clone(operation), protocol, labels });
        }
        let question = if received.query().is_empty() { "" } else { "?" };
        let uri = format!("{}{question}{}", received.path(), received.query());
        let error = not_implemented(&format!("{} {} of {}", received.method(), shown(&uri), service.name));
        Err(Box::new(Unrecognized { service: Some(service), protocol, error }))
    }

    /// The operation of a service that a path is for, and what the path names.
    fn template(
        &self,
        service: &ServiceSchema,
        received: &Received,
        control: bool,
    ) -> Option<(&Template, Labels)> {
        let path = if preferred(service) == Protocol::RestXml && !control {
            received.bucket_path()
        } else {
            received.path().into()
        };
        let templates = self.rest.get(service.name).map_or(&[][..], Vec::as_slice);
        wire::uri::recognize(templates, received.method(), &path, received.query(), &received.headers)
    }

    /// The service of a path that nobody signed: Lambda begins its paths with a date; what else is not signed is for S3, unless only another
    /// service has such a path. Nor does anybody post to an object of S3 without a query: where a path without names in it is another
    /// service's (`/policy/validation`), it is for that one.
    fn by_unsigned_path(&self, received: &Received) -> Option<&&'static ServiceSchema> {
        let is_dated = begins_with_date(received.path());
        let own = |service: &&&'static ServiceSchema| match preferred(service) {
            Protocol::RestXml => !is_dated,
            _ => {
                let templates = self.rest.get(service.name).map_or(&[][..], Vec::as_slice);
                let mut operations = templates.iter().filter_map(|template| template.operation);
                is_dated && operations.any(|operation| begins_with_date(operation.http.uri))
            }
        };
        let rest = || {
            let services = self.services.iter();
            services.filter(|service| service.protocols.iter().any(|protocol| is_rest(*protocol)))
        };
        let has = |service: &&&'static ServiceSchema| self.template(service, received, false).is_some();
        let is_bare_post = received.method() == http::Method::POST && received.query().is_empty();
        let is_fixed = |service: &&&'static ServiceSchema| {
            let found = self.template(service, received, false);
            preferred(service) != Protocol::RestXml && found.is_some_and(|(_, labels)| labels.is_empty())
        };
        let fixed = rest().find(|service| is_bare_post && is_fixed(service));
        fixed
            .or_else(|| rest().filter(own).find(has))
            .or_else(|| rest().find(has))
            .or_else(|| rest().find(own))
    }

    /// The service that goes by a signing name or an endpoint prefix.
    pub(crate) fn service(&self, name: &str) -> Option<&'static ServiceSchema> {
        self.services.iter().find(|service| is_called(service, name)).copied()
    }
}

/// A query operation may have a parameter that is the request's path: SQS's `QueueUrl`.
fn path_parameter(recognized: &Recognized, path: &str) -> Labels {
    let members = recognized.operation.schema().input.members();
    let stands_for_path = members.iter().find(|member| member.location == wire::Location::Uri);
    match stands_for_path {
        Some(member) if recognized.protocol == Protocol::Query && path != "/" => {
            vec![(member.wire_name, path.to_owned())]
        }
        _ => Vec::new(),
    }
}

/// The endpoint of S3's operations on accounts.
const S3_CONTROL: &str = "s3-control";

/// Signed as for S3, and not about a bucket `v20180820`: the account is in a header, or before the host's name.
fn is_s3_control(received: &Received) -> bool {
    received.path().starts_with("/v20180820/")
        && (received.header("x-amz-account-id").is_some() || received.host().contains(".s3-control."))
}

fn is_rest(protocol: Protocol) -> bool {
    matches!(protocol, Protocol::RestJson | Protocol::RestXml)
}

fn preferred(service: &ServiceSchema) -> Protocol {
    service.protocols.first().copied().unwrap_or(Protocol::Json11)
}

fn query_protocol(service: &ServiceSchema) -> Option<Protocol> {
    service.protocols.iter().copied().find(|protocol| matches!(protocol, Protocol::Query | Protocol::Ec2))
}

fn is_called(service: &ServiceSchema, name: &str) -> bool {
    service.signing_name == name || service.endpoint_prefix == name
}

/// Smithy names RPC services by their shape; without it in the model, by service id without spaces, case aside.
fn is_cbor_name(service: &ServiceSchema, id: &str) -> bool {
    let plain = |text: &str| text.replace([' ', '_', '-'], "").to_ascii_lowercase();
    plain(id) == plain(service.service_id) || service.target_prefix == Some(id)
}

fn begins_with_date(path: &str) -> bool {
    let first = path.split('/').nth(1).unwrap_or_default().as_bytes();
    first.len() == 10
        && first
            .iter()
            .enumerate()
            .all(|(index, byte)| if matches!(index, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() })
}

/// What a client sent, cut and cleaned for a sentence.
fn shown(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(128).collect()
}

fn not_implemented(what: &str) -> ErrorResponse {
    ErrorResponse::new("NotImplemented", format!("{what} is not built in Cloudchamber."), 501)
}

fn unknown(service: &ServiceSchema, name: &str, protocol: Protocol) -> ErrorResponse {
    let name = shown(name);
    match protocol {
        Protocol::Query | Protocol::Ec2 => {
            let sentence = if protocol == Protocol::Ec2 {
                format!("The action {name} is not valid for this web service.")
            } else {
                format!("Could not find operation {name} for version {}", service.version)
            };
            ErrorResponse::sender("InvalidAction", sentence)
        }
        _ => ErrorResponse::new("UnknownOperationException", "", 400),
    }
}
