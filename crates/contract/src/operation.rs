use crate::{Access, AccessOfEach, Call, Context, Prepared};
use store::{Tx, View};
use wire::{ErrorResponse, Operation};

/// An operation that is one transaction: synchronous and total. No await, clock, I/O or other service.
///
/// The same input, call and rows give the same output and changes, so it can be run again after a conflict, and simulated.
pub trait Transact<I: Operation> {
    /// What the call needs; judged on the transaction that [`Transact::run`] will write.
    fn access(input: &I, call: &Call, view: &View) -> Access;

    /// Does it.
    ///
    /// # Errors
    /// The service's error; nothing of what was written is then kept.
    fn run(input: I, call: &Call, tx: &mut Tx) -> Result<I::Output, I::Error>;
}

/// Asks other services for what a [`Transact`] operation needs and cannot ask itself, such as a data key of KMS.
///
/// The operation's `run` answers [`Unprepared`] where it needs something that the call does not carry ([`Call::prepared`]); then this is asked, and it is
/// run again with the answer. So those that need nothing pay nothing. What was authorized before is authorized again with that.
#[async_trait::async_trait]
pub trait Prepare<I: Operation>: Send + Sync + 'static {
    /// Asks, as whoever calls, and writes nothing.
    ///
    /// # Errors
    /// The service's error.
    async fn prepare(&self, input: &I, call: &Call, context: &Context) -> Result<Prepared, I::Error>;
}

/// What `run` answers where [`Prepare`] has to be asked (again).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unprepared;

impl std::fmt::Display for Unprepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            "what the operation needs of other services was not there, however often it was asked for",
        )
    }
}

impl std::error::Error for Unprepared {}
impl names::Fault for Unprepared {}

/// As [`Transact`], of an operation on many things, each of which is allowed or denied by itself (DeleteObjects).
pub trait TransactEach<I: Operation> {
    /// One of them.
    type Part;

    /// Takes the parts out of the input, so that [`TransactEach::run`] meets them only as [`Judged`].
    fn split(input: &mut I) -> Vec<Self::Part>;

    /// What the call needs of itself, and what each part needs, in their order.
    fn access(input: &I, parts: &[Self::Part], call: &Call, view: &View) -> AccessOfEach;

    /// Does it with the parts that are allowed, and tells of the others.
    ///
    /// # Errors
    /// The service's error; nothing of what was written is then kept.
    fn run(input: I, parts: Vec<Judged<Self::Part>>, call: &Call, tx: &mut Tx)
    -> Result<I::Output, I::Error>;
}

/// A part of a call after its authorization.
pub enum Judged<P> {
    /// Its permission is there.
    Allowed(P),
    /// It is not, and what the client is told.
    Denied(P, ErrorResponse),
}

/// An operation that cannot be one transaction: a streamed body, a long poll, Invoke, a stack.
#[async_trait::async_trait]
pub trait Orchestrate<I: Operation>: Send + Sync + 'static {
    /// What the call needs.
    fn access(&self, input: &I, call: &Call, view: &View) -> Access;

    /// Does it, in short transactions of its own.
    ///
    /// # Errors
    /// The service's error.
    async fn run(&self, input: I, call: &Call, context: &Context) -> Result<I::Output, I::Error>;
}
