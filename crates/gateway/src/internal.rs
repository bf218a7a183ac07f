//! Pages beside the AWS APIs, under `/_cloudchamber/`: health, reset, and what services registered (the mailbox).

use crate::answer::Answer;
use crate::authenticate::flavor;
use crate::body::{Incoming, Source};
use crate::gateway::Gateway;
use crate::received::Received;
use contract::{Principal, Registration, Route, RouteRequest};
use std::collections::HashMap;
use std::sync::Arc;
use wire::{Protocol, document};

const BODY_LIMIT: usize = 1 << 20;

pub(crate) struct Internal {
    routes: HashMap<&'static str, Arc<dyn Route>>,
    services: Vec<&'static str>,
}

impl Internal {
    pub(crate) fn new(registrations: &[Registration]) -> Self {
        let routes = registrations.iter().flat_map(|registration| &registration.routes);
        Self {
            routes: routes.map(|route| (route.segment(), Arc::clone(route))).collect(),
            services: registrations.iter().map(|registration| registration.schema.name).collect(),
        }
    }

    pub(crate) async fn answer(
        &self,
        gateway: &Gateway,
        path: &str,
        received: &Received,
        incoming: Incoming,
    ) -> Answer {
        // A page of another origin must not read mail or reset a cloud through its visitor's browser, nor reach us by a rebound name.
        if !received.names_us_plainly()
            || received.header("origin").is_some_and(|origin| origin != received.endpoint())
        {
            return Answer::plain(
                403,
                "These pages answer only at an IP address or localhost, and not to pages of other origins.",
            );
        }
        // What a bucket serves has our own origin, and a browser that runs it may ask in its visitor's name; so may whoever subscribes us to a topic.
        let scripted = received.header("sec-fetch-site").is_some_and(|site| site != "none");
        if scripted
            || received.header("x-amz-sns-message-type").is_some()
            || received.bucket_of_host().is_some()
        {
            return Answer::plain(
                403,
                "These pages answer neither to scripts and links of other pages, nor to deliveries of SNS, nor at a bucket's host.",
            );
        }
        let mut source = Source::new(incoming);
        let body = match source.collect(BODY_LIMIT).await {
            Ok(body) => body,
            Err(error) => return Answer::plain(error.status, &error.message),
        };
        let (segment, rest) = path.split_once('/').unwrap_or((path, ""));
        match (segment, received.method()) {
            ("health", "GET" | "HEAD") => self.health(gateway),
            ("reset", "POST") => reset(gateway, received, &body).await,
            ("health" | "reset", _) => Answer::plain(405, "Method not allowed."),
            _ => match self.routes.get(segment) {
                Some(route) => {
                    let open = route.is_capability() || (!route.root_only() && received.is_of_this_machine());
                    if !open && let Err(refused) = signed_by_root(gateway, received, &body) {
                        return *refused;
                    }
                    let decode = |text: &str| {
                        percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
                    };
                    let query = wire::uri::parameters(received.query());
                    let request = RouteRequest {
                        method: received.method().to_owned(),
                        path: decode(rest),
                        query: query.map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
                        body,
                    };
                    let answer = route.answer(request, gateway.pipeline.context()).await;
                    Answer::new(answer.status, answer.content_type, answer.body)
                }
                None => Answer::plain(404, "There is no such page. Try /_cloudchamber/health."),
            },
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

/// Empties the cloud: an ephemeral one at once for clients on this machine, any other only for its root's signature.
async fn reset(gateway: &Gateway, received: &Received, body: &[u8]) -> Answer {
    let open = gateway.options.ephemeral && received.is_of_this_machine();
    if !open && let Err(refused) = signed_by_root(gateway, received, body) {
        return *refused;
    }
    match gateway.pipeline.reset().await {
        Ok(()) => Answer::json(200, &document!({ "status": "empty" })),
        Err(error) => {
            Answer::json(500, &document!({ "code": "InternalFailure", "message": (error.message) }))
        }
    }
}

/// Lets a request through that the root of the first account signed, as for the service `sts`.
fn signed_by_root(gateway: &Gateway, received: &Received, body: &[u8]) -> Result<(), Box<Answer>> {
    let refused = |code: &str, message: &str| {
        Box::new(Answer::json(403, &document!({ "code": code, "message": message })))
    };
    let needs = "Sign the request (SigV4, service sts) with the access key of the first account's root.";
    let presented = match sigv4::parse(&received.signed()) {
        Ok(Some(presented)) => presented,
        Ok(None) => return Err(refused("MissingAuthenticationToken", needs)),
        Err(error) => {
            let response = crate::authenticate::response(&error, flavor(Protocol::Query));
            return Err(refused(&response.code, &response.message));
        }
    };
    let Some(service) = gateway.service("sts") else { return Err(refused("AccessDenied", needs)) };
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
    match authenticated {
        Ok(authenticated) if authenticated.caller.principal == Principal::Root(gateway.options.account) => {
            Ok(())
        }
        Ok(_) => Err(refused("AccessDenied", needs)),
        Err(error) => Err(refused(&error.code, &error.message)),
    }
}
