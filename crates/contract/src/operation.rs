use crate::{Access, Call, Context};
use store::{Tx, View};
use wire::Operation;

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
