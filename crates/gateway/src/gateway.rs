use crate::answer::{Answer, failed, finished};
use crate::authenticate::{Authenticator, flavor};
use crate::body::{self, Incoming};
use crate::console::{self, ConsoleFiles};
use crate::internal::Internal;
use crate::received::Received;
use crate::recognize::{Recognized, Recognizer, Unrecognized};
use clock::Entropy;
use contract::{Call, Chain, ClientInfo, Principal, Registration};
use names::{AccountId, Region, RequestId, Timestamp};
use pipeline::{Decoded, Pipeline};
use sigv4::AuthError;
use std::net::IpAddr;
use std::sync::Arc;
use wire::{ErrorResponse, Protocol, ServiceSchema};

/// How the gateway behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where anonymous calls and calls with no other hint act.
    pub account: AccountId,
    /// The region of calls whose signature names none.
    pub region: Region,
    /// Well-known root credentials (`test`/`test`) are accepted: only while listening on loopback.
    pub well_known_credentials: bool,
    /// State is kept in memory, so it may be reset without a signature.
    pub ephemeral: bool,
    /// The program's version, for the health page.
    pub version: &'static str,
    /// The console's files; none are found where it was not built.
    pub console: ConsoleFiles,
}

/// The network side of a cloud.
pub struct Gateway {
    pub(crate) pipeline: Arc<Pipeline>,
    pub(crate) options: Options,
    pub(crate) recognizer: Recognizer,
    pub(crate) authenticator: Arc<Authenticator>,
    internal: Internal,
    anonymous: Vec<&'static str>,
    pub(crate) request_logs: Vec<(&'static str, Arc<dyn contract::RequestLog>)>,
}

impl Gateway {
    /// A gateway before a pipeline, for the same registrations.
    #[must_use]
    pub fn new(pipeline: Arc<Pipeline>, registrations: &[Registration], options: Options) -> Arc<Self> {
        let services = registrations.iter().map(|registration| registration.schema).collect();
        let operations =
            registrations.iter().flat_map(|registration| registration.operations.iter().cloned());
        let anonymous = registrations.iter().filter(|registration| registration.anonymous);
        Arc::new(Self {
            recognizer: Recognizer::new(services, operations),
            authenticator: Arc::new(Authenticator::new(
                Arc::clone(pipeline.identities()),
                options.well_known_credentials,
            )),
            internal: Internal::new(registrations),
            anonymous: anonymous.map(|registration| registration.schema.name).collect(),
            request_logs: registrations
                .iter()
                .filter_map(|registration| {
                    Some((registration.schema.name, registration.request_log.clone()?))
                })
                .collect(),
            pipeline,
            options,
        })
    }

    /// Answers one request.
    pub async fn answer(&self, request: http::Request<Incoming>, peer: Option<IpAddr>, tls: bool) -> Answer {
        let (parts, incoming) = request.into_parts();
        self.answer_received(Received::new(parts, peer, tls), incoming).await
    }

    /// Answers one request that came out of a function's sandbox: as any other, but that it sees no page without a signature.
    pub async fn answer_function(&self, request: http::Request<Incoming>, peer: Option<IpAddr>) -> Answer {
        let (parts, incoming) = request.into_parts();
        let mut received = Received::new(parts, peer, false);
        received.of_function = true;
        self.answer_received(received, incoming).await
    }

    async fn answer_received(&self, received: Received, incoming: Incoming) -> Answer {
        if let Some(answer) = console::answer(&received, self.options.console) {
            return answer;
        }
        let (is_for_document, is_among_console) = (received.is_for_document(), received.is_among_console());
        let mut answer = self.answer_apart(received, incoming).await;
        if is_for_document {
            crate::browser::contain(&mut answer);
        }
        if is_among_console {
            crate::browser::forget(&mut answer);
        }
        answer
    }

    /// What is not the console's.
    async fn answer_apart(&self, received: Received, incoming: Incoming) -> Answer {
        let entropy = match clock::random_seed() {
            Ok(seed) => Entropy::from_seed(seed),
            Err(error) => {
                tracing::error!(%error, "no randomness from the operating system");
                return Answer::plain(500, "no randomness from the operating system");
            }
        };
        // Below a bucket's host, the whole path is an object's name.
        if received.bucket_of_host().is_none()
            && let Some(path) = received.path().strip_prefix("/_cloudchamber/")
        {
            let path = path.to_owned();
            return self.internal.answer(self, &path, &received, incoming).await;
        }
        let id = RequestId(entropy.uuid_bytes());
        match self.call(received, incoming, entropy.split(), id).await {
            Ok(answer) => answer,
            Err(refusal) => failed(*refusal, id),
        }
    }

    async fn call(
        &self,
        mut received: Received,
        incoming: Incoming,
        entropy: Entropy,
        id: RequestId,
    ) -> Result<Answer, Box<Refusal>> {
        let now = self.pipeline.context().clock.now();
        if received.is_form_upload() {
            return self.upload_form(received, incoming, Arrival { id, now, entropy }).await;
        }
        let presented = sigv4::parse(&received.signed());
        let hint = presented
            .as_ref()
            .ok()
            .and_then(|presented| presented.as_ref())
            .map(|it| it.scope.service.clone());
        let hint = hint.or_else(|| received.host_service().map(str::to_owned));

        let mut incoming = body::Source::new(incoming);
        if received.is_form() {
            let form = incoming
                .collect(body::FORM_LIMIT)
                .await
                .map_err(|error| Refusal::of(&received, None, Protocol::Query, error))?;
            let form = body::inflated(&received.headers, form, body::FORM_LIMIT)
                .map_err(|error| Refusal::of(&received, None, Protocol::Query, error))?;
            received.read_form(&form);
        }
        let recognized = self.recognizer.recognize(&received, hint.as_deref()).map_err(|unrecognized| {
            let Unrecognized { service, protocol, error } = *unrecognized;
            Refusal::of(&received, service, protocol, error)
        })?;
        let Recognized { operation, protocol, labels } = recognized;
        let schema = operation.schema();
        let refuse = |received: &Received, error: ErrorResponse| {
            Refusal::of(received, Some(schema.service), protocol, error)
        };
        let flavor = flavor(protocol);
        let refuse_auth = |received: &Received, error: &AuthError| {
            refuse(received, crate::authenticate::response(error, flavor))
        };

        // Only S3 declares the digest of a body that it streams; elsewhere the signature is over the whole body.
        let streams = flavor == sigv4::Flavor::S3 && wire::streams_input(schema);
        if !streams {
            incoming.collect(body::limit(protocol)).await.map_err(|error| refuse(&received, error))?;
        }
        let store = &self.pipeline.context().store;
        let (caller, payload) = match presented {
            Ok(None) if schema.unsigned || self.anonymous.contains(&schema.service.name) => (None, None),
            Ok(None) => return Err(refuse_auth(&received, &AuthError::MissingToken)),
            Ok(Some(presented)) => {
                let body = incoming.collected();
                let authenticated = self
                    .authenticator
                    .authenticate(&presented, &received, schema.service, flavor, body, now, store)
                    .map_err(|error| refuse(&received, error))?;
                (Some(authenticated.caller), Some(authenticated.verified))
            }
            Err(AuthError::SignatureVersion2) if flavor == sigv4::Flavor::S3 => {
                let caller = self
                    .authenticator
                    .authenticate_version2(&received, self.options.region, now, store)
                    .map_err(|error| refuse(&received, error))?;
                (Some(caller), None)
            }
            Err(error) => return Err(refuse_auth(&received, &error)),
        };
        let account = caller.as_ref().and_then(|caller| caller.principal.account());
        let limited = self.admit_request(account, protocol, now).map_err(|error| refuse(&received, error))?;
        if let Some(limited) = limited {
            let coming =
                incoming.collected().map_or_else(|| received.declared_length(), |body| body.len() as u64);
            self.admit_bytes(&limited, schema, coming, now)
                .await
                .map_err(|error| refuse(&received, error))?;
        }
        let body = incoming
            .into_body(payload.as_ref(), &received.headers)
            .await
            .map_err(|error| refuse(&received, error))?;
        if flavor == sigv4::Flavor::S3
            && let wire::Body::Whole(bytes) = &body
        {
            body::intact(&received.headers, bytes).map_err(|error| refuse(&received, error))?;
        }
        let body = match body {
            wire::Body::Whole(bytes) if body::may_be_compressed(protocol) => {
                let inflated = body::inflated(&received.headers, bytes, body::limit(protocol));
                wire::Body::Whole(inflated.map_err(|error| refuse(&received, error))?)
            }
            body => body,
        };

        let call = self.describe(&received, caller, Arrival { id, now, entropy }, schema);
        let head = wire::Incoming {
            headers: &received.headers,
            query: received.query(),
            labels: &labels,
            body: &body,
        };
        let mut input = None;
        wire::decode_with(protocol, schema, &head, &|| call.entropy.uuid(), &mut |reader| {
            input = Some(operation.read(reader)?);
            Ok(())
        })
        .map_err(|error| refuse(&received, error))?;
        let Some(input) = input else {
            return Err(refuse(
                &received,
                ErrorResponse::new("InternalFailure", "The request was not read.", 500),
            ));
        };

        let noted = self.note(&received, &call, schema, &labels);
        let decoded = Decoded { operation: Arc::clone(&operation), input, call };
        let output = match self.pipeline.run(decoded).await {
            Ok(output) => output,
            Err(error) => {
                if let Some(noted) = noted {
                    noted.refused(&error, self);
                }
                return Err(refuse(&received, error));
            }
        };
        let response =
            wire::encode_response(protocol, schema, id, &|writer| operation.write_output(&output, writer))
                .map_err(|error| {
                    tracing::error!(%error, operation = schema.name, "an answer cannot be encoded");
                    refuse(
                        &received,
                        ErrorResponse::new("InternalFailure", "The answer cannot be encoded.", 500),
                    )
                })?;
        let answer = finished(response, received.method() == "HEAD");
        if let Some(noted) = noted {
            noted.answered(&answer, self);
        }
        Ok(answer)
    }

    pub(crate) fn describe(
        &self,
        received: &Received,
        caller: Option<crate::authenticate::CallerIdentity>,
        arrival: Arrival,
        schema: &'static wire::OperationSchema,
    ) -> Call {
        let Arrival { id, now, entropy } = arrival;
        let region = caller.as_ref().map_or(self.options.region, |caller| caller.region);
        let account =
            caller.as_ref().and_then(|caller| caller.principal.account()).unwrap_or(self.options.account);
        let multi_factor = caller.as_ref().and_then(|caller| caller.multi_factor);
        let (principal, access_key_id) = match caller {
            Some(caller) => (caller.principal, Some(caller.access_key_id)),
            None => (Principal::Anonymous, None),
        };
        Call {
            id,
            now,
            entropy,
            prepared: None,
            account,
            region,
            principal,
            access_key_id,
            client: ClientInfo {
                source_ip: received.peer,
                user_agent: received.header("user-agent").unwrap_or_default().chars().take(512).collect(),
                secure_transport: received.tls,
                multi_factor,
                endpoint: received.endpoint(),
            },
            chain: Chain::traced(
                received.header("x-amzn-trace-id").map(|trace| trace.chars().take(512).collect()),
            ),
            operation: (schema.service.name, schema.name),
        }
    }

    /// The service that goes by a signing name or an endpoint prefix.
    pub(crate) fn service(&self, name: &str) -> Option<&'static ServiceSchema> {
        self.recognizer.service(name)
    }
}

/// When a request came, and what it was given.
pub(crate) struct Arrival {
    pub(crate) id: RequestId,
    pub(crate) now: Timestamp,
    pub(crate) entropy: Entropy,
}

/// A request that is answered with an error, and in whose dialect.
pub(crate) struct Refusal {
    pub(crate) service: Option<&'static ServiceSchema>,
    pub(crate) protocol: Protocol,
    pub(crate) error: ErrorResponse,
    pub(crate) head: bool,
    pub(crate) resource: String,
}

impl Refusal {
    pub(crate) fn of(
        received: &Received,
        service: Option<&'static ServiceSchema>,
        protocol: Protocol,
        error: ErrorResponse,
    ) -> Box<Self> {
        Box::new(Self {
            service,
            protocol,
            error,
            head: received.method() == "HEAD",
            resource: received.bucket_path().into_owned(),
        })
    }
}
