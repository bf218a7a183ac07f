//! An account's limit of executions, and its end.

use crate::support::*;
use api_lambda::*;
use contract::AccountLimits;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::StoreError;
use tokio::sync::Semaphore;

fn running(lab: &Arc<Lab>) -> tokio::task::JoinHandle<Result<InvokeOutput, wire::ErrorResponse>> {
    let lab = Arc::clone(lab);
    tokio::spawn(async move { lab.invoke("f", "{}").await })
}

async fn until_inside(lab: &Lab, count: usize) {
    let inside = async || (lab.seen.inside.load(Ordering::SeqCst) == count).then_some(());
    lab.cloud.until("functions run", inside).await;
}

#[tokio::test]
async fn an_account_runs_so_many_at_once_as_it_may() {
    let lab = Arc::new(lab().await);
    lab.function("f").await;
    let context = lab.cloud.context();
    let account = lab.cloud.scope().account;
    let limits = AccountLimits { account, requests_per_second: None, storage: None, concurrency: Some(2) };
    context.store.transact(None, |tx| tx.put(limits)).unwrap();
    context.accounting.reload().unwrap();
    let settings = lab.root().call(GetAccountSettings {}).await.unwrap().account_limit.unwrap();
    assert_eq!(settings.concurrent_executions, Some(2));
    let gate = Arc::new(Semaphore::new(0));
    *lab.seen.gate.lock().unwrap() = Some(Arc::clone(&gate));
    let both = [running(&lab), running(&lab)];
    until_inside(&lab, 2).await;
    let error = lab.invoke("f", "{}").await.unwrap_err();
    assert_eq!((error.code.as_str(), error.status), ("TooManyRequestsException", 429));
    let used = context.accounting.of(account).unwrap();
    assert_eq!((used.counts().running, used.counts().most_running), (2, 2));
    gate.add_permits(3);
    for one in both {
        one.await.unwrap().unwrap();
    }
    lab.invoke("f", "{}").await.unwrap();
    assert_eq!(used.counts().running, 0);
}

#[tokio::test]
async fn environments_of_a_closed_account_end_those_at_work_too() {
    let lab = Arc::new(lab().await);
    let _work = lab.cloud.start_work();
    lab.function("f").await;
    let gate = Arc::new(Semaphore::new(0));
    *lab.seen.gate.lock().unwrap() = Some(Arc::clone(&gate));
    let (waits, works) = (running(&lab), running(&lab));
    until_inside(&lab, 2).await;
    gate.add_permits(1);
    lab.cloud
        .until("one waits and one works", async || {
            (lab.seen.alive.load(Ordering::SeqCst) == 2 && (waits.is_finished() || works.is_finished()))
                .then_some(())
        })
        .await;
    let account = lab.cloud.scope().account;
    let close = |tx: &mut store::Tx| {
        tx.close_account(account);
        Ok::<_, StoreError>(())
    };
    lab.cloud.context().store.transact(None, close).unwrap();
    lab.cloud
        .until("none is left", async || (lab.seen.alive.load(Ordering::SeqCst) == 0).then_some(()))
        .await;
    let ends = [waits.await.unwrap(), works.await.unwrap()];
    let broken: Vec<_> = ends.into_iter().filter_map(Result::err).collect();
    assert_eq!(broken.len(), 1);
    assert_eq!(broken[0].message, "The account was closed while the function ran.");
    assert_eq!(refusal(lab.invoke("f", "{}").await).0, "AccessDenied");
    assert_eq!(lab.seen.alive.load(Ordering::SeqCst), 0);
}
