//! `/_cloudchamber/changes`: server-sent events that name the tables and resource types that commits in the caller's account touched, so that pages
//! look again, each with its own permissions. Never names of things.

use crate::answer::Answer;
use crate::authenticate::Authenticator;
use crate::gateway::Gateway;
use crate::received::Received;
use bytes::Bytes;
use contract::{Context, Signer};
use names::{AccountId, Timestamp};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use store::TouchListener;
use wire::{Body, Document, document};

/// How long touches are gathered for one event.
const GATHER: Duration = Duration::from_millis(100);
/// How often a silent stream says that it lives, and whether its credentials still stand is asked.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Streams of one account, and of all.
const OF_ACCOUNT: usize = 32;
const OF_ALL: usize = 512;
/// The streams that are open, by account.
#[derive(Default)]
pub(crate) struct Streams(Arc<Mutex<HashMap<AccountId, usize>>>);

/// One stream's place among them.
struct Place {
    streams: Arc<Mutex<HashMap<AccountId, usize>>>,
    account: AccountId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut streams = self.streams.lock();
        if let Some(open) = streams.get_mut(&self.account) {
            *open -= 1;
            if *open == 0 {
                streams.remove(&self.account);
            }
        }
    }
}

impl Streams {
    fn place(&self, account: AccountId) -> Option<Place> {
        let mut streams = self.0.lock();
        let all: usize = streams.values().sum();
        let open = streams.entry(account).or_default();
        if *open >= OF_ACCOUNT || all >= OF_ALL {
            return None;
        }
        *open += 1;
        Some(Place { streams: Arc::clone(&self.0), account })
    }

    /// Opens a stream for who signed.
    pub(crate) fn open(
        &self,
        gateway: &Gateway,
        signer: Signer,
        received: &Received,
    ) -> Result<Answer, Box<Answer>> {
        let refused = |status, code: &str, message: &str| {
            Box::new(Answer::json(status, &document!({ "code": code, "message": message })))
        };
        let Some(account) = signer.principal.account() else {
            return Err(refused(403, "AccessDenied", "Only principals of an account follow changes."));
        };
        let Some(place) = self.place(account) else {
            let sentence =
                format!("At most {OF_ACCOUNT} streams of an account and {OF_ALL} in all are open at once.");
            return Err(refused(429, "TooManyStreams", &sentence));
        };
        let context = gateway.pipeline.context().clone();
        let stream = Stream {
            heard: context.store.listen_touches(account),
            last: context.clock.now(),
            context,
            authenticator: Arc::clone(&gateway.authenticator),
            signer,
            of_function: received.of_function,
            greeted: false,
            _place: place,
        };
        // Asked for the next event only once the client has taken the last; meanwhile names are gathered, each once.
        let events = futures::stream::unfold(stream, |mut stream| async move {
            let event = stream.next().await?;
            Some((Ok(Bytes::from(event)), stream))
        });
        Ok(Answer::of_body(200, "text/event-stream", Body::stream(Box::pin(events), None)))
    }
}

struct Stream {
    heard: TouchListener,
    /// When something was last sent.
    last: Timestamp,
    context: Context,
    authenticator: Arc<Authenticator>,
    signer: Signer,
    of_function: bool,
    greeted: bool,
    _place: Place,
}

impl Stream {
    /// The next event or heartbeat; None where the credentials do not stand any more.
    async fn next(&mut self) -> Option<String> {
        if !self.greeted {
            self.greeted = true;
            return Some(": listening\n\n".into());
        }
        let clock = Arc::clone(&self.context.clock);
        loop {
            let silent = self.last.plus(HEARTBEAT);
            let told = tokio::select! {
                () = self.heard.touched() => true,
                () = clock.sleep_until(silent) => false,
            };
            let event = if told {
                clock.sleep_until(clock.now().plus(GATHER)).await;
                self.event()
            } else {
                Some(": still here\n\n".to_owned())
            };
            let now = clock.now();
            if !self.authenticator.stands(&self.signer, self.of_function, now, &self.context.store) {
                return None;
            }
            if let Some(event) = event {
                self.last = now;
                return Some(event);
            }
        }
    }

    fn event(&self) -> Option<String> {
        let names = self.heard.take();
        let list = names.iter().map(|name| Document::from(&**name)).collect();
        let told = Document::object().with("tables", Document::Array(list));
        (!names.is_empty()).then(|| format!("data: {told}\n\n"))
    }
}
