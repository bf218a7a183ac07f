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
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use store::TouchListener;
use tokio::sync::Notify;
use wire::{Body, Document, document};

/// How long touches are gathered for one event.
const GATHER: Duration = Duration::from_millis(100);
/// How often a silent stream says that it lives, and whether its credentials still stand is asked.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Streams of one account, and of all.
const OF_ACCOUNT: usize = 32;
const OF_ALL: usize = 512;

/// The streams that are open, by account, oldest first. When there are as many as there may be, whoever has most gives up its oldest for one who has fewer: a
/// few accounts cannot keep all others out.
#[derive(Default)]
pub(crate) struct Streams(Arc<Mutex<Open>>);

type Open = HashMap<AccountId, VecDeque<Arc<Notify>>>;

/// One stream's place among them.
struct Place {
    streams: Arc<Mutex<Open>>,
    account: AccountId,
    /// Told where it has to be given up.
    given_up: Arc<Notify>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut streams = self.streams.lock();
        if let Some(open) = streams.get_mut(&self.account) {
            open.retain(|place| !Arc::ptr_eq(place, &self.given_up));
            if open.is_empty() {
                streams.remove(&self.account);
            }
        }
    }
}

impl Streams {
    fn place(&self, account: AccountId) -> Option<Place> {
        let mut streams = self.0.lock();
        let own = streams.get(&account).map_or(0, VecDeque::len);
        if own >= OF_ACCOUNT {
            return None;
        }
        if streams.values().map(VecDeque::len).sum::<usize>() >= OF_ALL {
            let most =
                streams.values_mut().max_by_key(|open| open.len()).filter(|most| most.len() > own + 1)?;
            most.pop_front()?.notify_one();
        }
        let given_up = Arc::<Notify>::default();
        streams.entry(account).or_default().push_back(Arc::clone(&given_up));
        Some(Place { streams: Arc::clone(&self.0), account, given_up })
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
            let sentence = format!(
                "At most {OF_ACCOUNT} streams of an account and {OF_ALL} in all are open at once; where there are as many, accounts share them evenly."
            );
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
            place,
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
    place: Place,
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
                () = self.place.given_up.notified() => return None,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: usize) -> AccountId {
        format!("{number:012}").parse().unwrap()
    }

    #[test]
    fn an_account_has_so_many_streams() {
        let streams = Streams::default();
        let mut places: Vec<Place> = (0..OF_ACCOUNT).filter_map(|_| streams.place(account(1))).collect();
        assert_eq!(places.len(), OF_ACCOUNT);
        assert!(streams.place(account(1)).is_none());
        places.pop();
        assert!(streams.place(account(1)).is_some());
        drop(places);
        assert!(streams.0.lock().is_empty());
    }

    #[tokio::test]
    async fn few_accounts_do_not_keep_others_out() {
        let streams = Streams::default();
        let hogs = OF_ALL / OF_ACCOUNT;
        let places: Vec<Place> =
            (0..OF_ALL).filter_map(|number| streams.place(account(number % hogs))).collect();
        assert_eq!(places.len(), OF_ALL);
        assert!(streams.place(account(0)).is_none(), "who has as many as any waits");
        let newcomer = streams.place(account(999)).unwrap();
        let given_up = |streams: &Streams| {
            let open = streams.0.lock();
            (open.values().map(VecDeque::len).sum::<usize>(), open.values().map(VecDeque::len).min())
        };
        assert_eq!(given_up(&streams), (OF_ALL, Some(1)));
        let told = places.iter().filter(|place| Arc::strong_count(&place.given_up) == 1).count();
        assert_eq!(told, 1, "one stream was given up");
        let gone = places.iter().find(|place| Arc::strong_count(&place.given_up) == 1).unwrap();
        gone.given_up.notified().await;
        drop(newcomer);
        assert!(!streams.0.lock().contains_key(&account(999)));
    }
}
