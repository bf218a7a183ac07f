use crate::{Call, Chain, Context};
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, Row, StoreError, Tx};

/// Durable work that waits for its time: enqueued in the transaction that makes it necessary, removed in the one that holds its effect.
///
/// It is carried out at least once: after `kill -9` in its middle it starts again, so a handler asks what is already done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Task {
    /// Which handler carries it out.
    pub kind: String,
    /// Its id, one among its kind and scope. Enqueueing the same id again replaces it.
    pub id: String,
    /// Where it acts.
    pub scope: Scope,
    /// When.
    pub due: Timestamp,
    /// How often it was tried before.
    pub attempt: u32,
    /// Tasks of one lane (and kind and scope) run one after another, by due time and id; None runs beside all others.
    pub lane: Option<String>,
    /// The handler's own data.
    pub payload: Vec<u8>,
    /// The calls that led to it.
    pub chain: Chain,
}

impl Task {
    /// A task that is due at a moment.
    ///
    /// # Errors
    /// [`StoreError`] where the payload cannot be encoded.
    pub fn new(
        kind: &str,
        id: impl Into<String>,
        scope: Scope,
        due: Timestamp,
        payload: &impl Serialize,
    ) -> Result<Self, StoreError> {
        let payload = rmp_serde::to_vec_named(payload)
            .map_err(|error| StoreError::Encode { table: Self::TABLE, reason: error.to_string() })?;
        Ok(Self {
            kind: kind.into(),
            id: id.into(),
            scope,
            due,
            attempt: 0,
            lane: None,
            payload,
            chain: Chain::default(),
        })
    }

    /// In a lane.
    #[must_use]
    pub fn in_lane(mut self, lane: impl Into<String>) -> Self {
        self.lane = Some(lane.into());
        self
    }

    /// With the chain of the calls that led to it.
    #[must_use]
    pub fn through(mut self, chain: Chain) -> Self {
        self.chain = chain;
        self
    }

    /// The handler's own data.
    ///
    /// # Errors
    /// [`StoreError`] where it is not of that type.
    pub fn payload<'a, T: Deserialize<'a>>(&'a self) -> Result<T, StoreError> {
        rmp_serde::from_slice(&self.payload).map_err(|error| StoreError::Decode {
            table: format!("{} of kind {}", Self::TABLE, self.kind),
            version: Self::VERSION,
            reason: error.to_string(),
        })
    }

    /// Enqueues it.
    ///
    /// # Errors
    /// The store's failure.
    pub fn enqueue(self, tx: &mut Tx) -> Result<(), StoreError> {
        tx.put(self)
    }
}

impl Row for Task {
    const TABLE: &'static str = "task";
    const QUIET: bool = true;
    const WAKES: bool = true;
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.kind.clone(), self.id.clone())
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::global("due", (self.due, self.kind.clone(), self.id.clone()))]
    }
}

/// Carries out tasks of one kind.
#[async_trait::async_trait]
pub trait TaskHandler: Send + Sync + 'static {
    /// The kind.
    fn kind(&self) -> &'static str;

    /// Carries a task out.
    async fn perform(&self, task: &Task, context: &Context) -> Outcome;

    /// What has to run beside its tasks as long as work is carried out, such as waiting for signals: begun once, dropped at the end. What
    /// it leaves behind when it is dropped must be found again in rows.
    async fn attend(&self, _: &Context) {}
}

/// An effect that is committed together with the end of its task.
pub type Effect = Box<dyn Fn(&Call, &mut Tx) -> Result<(), StoreError> + Send + Sync>;

/// What became of a task.
pub enum Outcome {
    /// It is done: the effect, if any, and the removal of the task are one transaction.
    Done(Option<Effect>),
    /// Again at a moment, with `attempt` one higher; the effect, if any, is committed with that.
    Again(Timestamp, Option<Effect>),
}

impl Outcome {
    /// Done, with nothing further to write.
    #[must_use]
    pub fn done() -> Self {
        Self::Done(None)
    }

    /// Done, with an effect.
    pub fn done_with(
        effect: impl Fn(&Call, &mut Tx) -> Result<(), StoreError> + Send + Sync + 'static,
    ) -> Self {
        Self::Done(Some(Box::new(effect)))
    }
}
