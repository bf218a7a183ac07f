//! Pages beside the AWS APIs, under `/_cloudchamber/`: health, reset, settings, changes, and what services registered (mail, sign-in).
//!
//! Who may ask: what a bucket serves has our own origin, so no origin is a permission. A script is answered only where its request is signed, as for
//! any API, and a page of another origin never.

use crate::answer::Answer;
use crate::authenticate::flavor;
use crate::body::{Incoming, Source};
use crate::changes::Streams;
use crate::gateway::Gateway;
use crate::received::Received;
use contract::{ClientInfo, Entry, Principal, Registration, Route, RouteRequest, Signer};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use std::collections::HashMap;
use std::sync::Arc;
use wire::{Protocol, document};

const BODY_LIMIT: usize = 1 << 20;

type Refused = Box<Answer>;

pub(crate) struct Internal {
    routes: HashMap<&'static str, Arc<dyn Route>>,
    services: Vec<&'static str>,
    streams: Streams,
}

impl Internal {
    pub(crate) fn new(registrations: &[Registration]) -> Self {
        let routes = registrations.iter().flat_map(|registration| &registration.routes);
        Self {
            routes: routes.map(|route| (route.segment(), Arc::clone(route))).collect(),
            services: registrations.iter().map(|registration| registration.schema.name).collect(),
            streams: Streams::default(),
        }
    }

    pub(crate) async fn answer(
        &self,
        gateway: &Gateway,
        path: &str,
        received: &Received,
        incoming: Incoming,
    ) -> Answer {
        let answered = self.page(gateway, path, received, incoming).await;
        let mut answer = answered.unwrap_or_else(|refused| *refused);
        let headers = answer.0.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        answer
    }

    async fn page(
        &self,
        gateway: &Gateway,
        path: &str,
        received: &Received,
        incoming: Incoming,
    ) -> Result<Answer, Refused> {
        is_ours(received)?;
        let mut source = Source::new(incoming);
        let collected = source.collect(BODY_LIMIT).await;
        let body = collected.map_err(|error| refused(error.status, &error.code, &error.message))?;
        let (segment, rest) = path.split_once('/').unwrap_or((path, ""));
        let enter = |entry| enter(entry, gateway, received, &body);
        match (segment, received.method()) {
            ("health", "GET" | "HEAD") => {
                // It is anybody's who can reach us, but for scripts.
                if received.is_of_script() {
                    enter(Entry::Signed)?;
                }
                Ok(self.health(gateway))
            }
            ("settings", "GET" | "HEAD") => {
                enter(Entry::Public)?;
                Ok(settings(gateway, received))
            }
            ("changes", "GET") => match enter(Entry::Signed)? {
                Some(signer) => self.streams.open(gateway, signer, received),
                None => Err(unsigned()),
            },
            ("reset", "POST") => {
                let open = gateway.options.ephemeral && received.is_program_here() && !received.is_signed();
                if !open {
                    enter(Entry::Root)?;
                }
                Ok(reset(gateway).await)
            }
            ("health" | "settings" | "changes" | "reset", _) => {
                Err(refused(405, "MethodNotAllowed", "Method not allowed."))
            }
            _ => {
                let Some(route) = self.routes.get(segment) else {
                    return Err(refused(
                        404,
                        "NotFound",
                        "There is no such page. Try /_cloudchamber/health.",
                    ));
                };
                let signer = enter(route.entry())?;
                let decode =
                    |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
                let query = wire::uri::parameters(received.query());
                let request = RouteRequest {
                    method: received.method().to_owned(),
                    path: decode(rest),
                    query: query.map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
                    body,
                    signer,
                    client: client(received),
                    well_known_credentials: gateway.authenticator.accepts_well_known(received),
                };
                let answer = route.answer(request, gateway.pipeline.context()).await;
                Ok(Answer::of_body(answer.status, answer.content_type, answer.body))
            }
        }
    }

    fn health(&self, gateway: &Gateway) -> Answer {
        let services: Vec<&str> = self.services.clone();
        let version = gateway.options.version;
        let ephemeral = gateway.options.ephemeral;
        Answer::json(
            200,
            &document!({ "status": "running", "version": version, "ephemeral": ephemeral, "services": services }),
        )
    }
}

fn refused(status: u16, code: &str, message: &str) -> Refused {
    Box::new(Answer::json(status, &document!({ "code": code, "message": message })))
}

fn unsigned() -> Refused {
    let needs = "Sign the request (SigV4, service sts).";
    refused(403, "MissingAuthenticationToken", needs)
}

/// A page of another origin must not read mail or reset a cloud through its visitor's browser, nor reach us by a rebound name.
fn is_ours(received: &Received) -> Result<(), Refused> {
    if !received.names_us_plainly()
        || received.header("origin").is_some_and(|origin| origin != received.endpoint())
    {
        let sentence =
            "These pages answer only at an IP address or localhost, and not to pages of other origins.";
        return Err(refused(403, "AccessDenied", sentence));
    }
    let site = received.header("sec-fetch-site");
    if site.is_some_and(|site| site != "none" && site != "same-origin")
        || received.header("x-amz-sns-message-type").is_some()
        || received.bucket_of_host().is_some()
    {
        let sentence = "These pages answer neither to scripts and links of other pages, nor to deliveries of SNS, nor at a bucket's host.";
        return Err(refused(403, "AccessDenied", sentence));
    }
    Ok(())
}

impl Received {
    /// A page of our own origin asks, which may be anybody's: buckets serve pages too.
    fn is_of_script(&self) -> bool {
        self.header("sec-fetch-site").is_some_and(|site| site != "none")
    }

    /// A program of this machine asks, or a person who typed the address.
    fn is_program_here(&self) -> bool {
        self.is_of_this_machine() && !self.is_of_script()
    }
}

/// Lets a request in, and says who signed it where the page asks for that.
fn enter(
    entry: Entry,
    gateway: &Gateway,
    received: &Received,
    body: &[u8],
) -> Result<Option<Signer>, Refused> {
    match entry {
        Entry::Capability => Ok(None),
        Entry::Public if received.of_function => {
            Err(refused(403, "AccessDenied", "This page is not for functions."))
        }
        Entry::Public => Ok(None),
        Entry::ThisMachine if received.is_program_here() && !received.is_signed() => Ok(None),
        Entry::ThisMachine | Entry::Signed => signer(gateway, received, body).map(Some),
        Entry::Root => {
            let needs =
                "Sign the request (SigV4, service sts) with the access key of the first account's root.";
            if !received.is_signed() {
                return Err(refused(403, "MissingAuthenticationToken", needs));
            }
            let signer = signer(gateway, received, body)?;
            if signer.principal != Principal::Root(gateway.options.account) {
                return Err(refused(403, "AccessDenied", needs));
            }
            Ok(Some(signer))
        }
    }
}

/// Who signed a request, as for the service `sts`.
fn signer(gateway: &Gateway, received: &Received, body: &[u8]) -> Result<Signer, Refused> {
    let presented = match sigv4::parse(&received.signed()) {
        Ok(Some(presented)) => presented,
        Ok(None) => return Err(unsigned()),
        Err(error) => {
            let response = crate::authenticate::response(&error, flavor(Protocol::Query));
            return Err(refused(403, &response.code, &response.message));
        }
    };
    let service = gateway.service("sts").ok_or_else(unsigned)?;
    let context = gateway.pipeline.context();
    let authenticated = gateway.authenticator.authenticate(
        &presented,
        received,
        service,
        flavor(Protocol::Query),
        Some(body),
        context.clock.now(),
        &context.store,
    );
    let caller = authenticated.map_err(|error| refused(403, &error.code, &error.message))?.caller;
    let admitted = gateway.admit_request(caller.principal.account(), Protocol::Query, context.clock.now());
    admitted.map_err(|error| refused(429, &error.code, &error.message))?;
    Ok(Signer { principal: caller.principal, access_key_id: caller.access_key_id })
}

fn client(received: &Received) -> ClientInfo {
    ClientInfo {
        source_ip: received.peer,
        user_agent: received.header("user-agent").unwrap_or_default().chars().take(512).collect(),
        secure_transport: received.tls,
        multi_factor: None,
        endpoint: received.endpoint(),
    }
}

/// What the sign-in page shows to anybody.
fn settings(gateway: &Gateway, received: &Received) -> Answer {
    let options = &gateway.options;
    let known = gateway.authenticator.credential("test", received, &gateway.pipeline.context().store);
    let well_known = matches!(known, Ok(Some(credential)) if credential.well_known
        && credential.principal == Principal::Root(options.account));
    Answer::json(
        200,
        &document!({
            "version": (options.version),
            "region": (options.region.as_str()),
            "account": (options.account.as_str()),
            "ephemeral": (options.ephemeral),
            "wellKnownRootKey": well_known,
        }),
    )
}

/// Empties the cloud.
async fn reset(gateway: &Gateway) -> Answer {
    match gateway.pipeline.reset().await {
        Ok(()) => Answer::json(200, &document!({ "status": "empty" })),
        Err(error) => *refused(500, "InternalFailure", &error.message),
    }
}
