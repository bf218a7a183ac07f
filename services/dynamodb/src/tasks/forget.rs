use crate::state::TransactionToken;
use contract::{Context, Outcome, Task, TaskHandler};
use std::time::Duration;
use store::{StoreError, Tx};

/// Forgets the token of a transaction after ten minutes.
pub(crate) struct Forget;

const KIND: &str = "dynamodb-forget-token";
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>
pub(crate) const REMEMBERED: Duration = Duration::from_secs(10 * 60);

impl Forget {
    pub(crate) fn schedule(token: &TransactionToken, tx: &mut Tx) -> Result<(), StoreError> {
        Task::new(KIND, &token.token, token.scope, token.at.plus(REMEMBERED), &())?.enqueue(tx)
    }

    /// Whether a token still counts.
    pub(crate) fn remembered(token: &TransactionToken, now: names::Timestamp) -> bool {
        token.at.plus(REMEMBERED) > now
    }
}

#[async_trait::async_trait]
impl TaskHandler for Forget {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, _: &Context) -> Outcome {
        let (scope, token) = (task.scope, task.id.clone());
        Outcome::done_with(move |call, tx| {
            let known: Option<TransactionToken> = tx.get(scope, token.as_str())?;
            if known.is_some_and(|known| !Forget::remembered(&known, call.now)) {
                tx.remove::<TransactionToken>(scope, token.as_str())?;
            }
            Ok(())
        })
    }
}
