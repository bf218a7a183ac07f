//! Wake-ups by topic: a transaction says what it concerns, and who waits for that is woken once it is committed.

use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering, fence};
use tokio::sync::watch;

/// The topics that somebody waits for.
#[derive(Debug, Default)]
pub(crate) struct Signals {
    topics: Mutex<HashMap<String, watch::Sender<u64>>>,
    /// How many topics there are, so that a signal that nobody waits for costs no lock.
    count: AtomicUsize,
}

impl Signals {
    pub(crate) fn listen(&self, topic: &str) -> Listener {
        let mut topics = self.topics.lock();
        topics.retain(|_, sender| sender.receiver_count() > 0);
        let receiver = match topics.get(topic) {
            Some(sender) => sender.subscribe(),
            None => {
                let (sender, receiver) = watch::channel(0);
                topics.insert(topic.to_owned(), sender);
                receiver
            }
        };
        self.count.store(topics.len(), Ordering::Relaxed);
        // Who listens and then reads, and who commits and then looks whether anybody listens: one of them sees the other.
        fence(Ordering::SeqCst);
        Listener(receiver)
    }

    pub(crate) fn send(&self, topics: &[String]) {
        if topics.is_empty() {
            return;
        }
        fence(Ordering::SeqCst);
        if self.count.load(Ordering::Relaxed) == 0 {
            return;
        }
        let listened = self.topics.lock();
        for topic in topics {
            if let Some(sender) = listened.get(topic) {
                sender.send_modify(|signals| *signals = signals.wrapping_add(1));
            }
        }
    }
}

/// Waits for commits that signalled a topic ([`crate::Tx::signal`]).
#[derive(Debug)]
pub struct Listener(watch::Receiver<u64>);

impl Listener {
    /// Returns when a commit has signalled the topic since the listener was made or this last returned. It says that there is something to
    /// read, not what; signals from other processes would not come, so wait with a time-out.
    pub async fn signalled(&mut self) {
        if self.0.changed().await.is_err() {
            // The store is gone, and no commit will ever come.
            std::future::pending::<()>().await;
        }
    }
}
