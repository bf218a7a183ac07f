use super::*;
use names::Region;
use store::Backend;

const ACCOUNT: AccountId = AccountId::DEFAULT;

fn limits() -> AccountLimits {
    AccountLimits { account: ACCOUNT, requests_per_second: None, storage: None, concurrency: None }
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_795_253_400_000 + millis)
}

fn accounting(limits: Option<AccountLimits>, live_blobs: LiveBlobs) -> Accounting {
    let store = Store::open(Backend::Memory, Arc::new(clock::ManualClock::at(at(0)))).unwrap();
    if let Some(limits) = limits {
        store.transact(None, |tx| tx.put(limits)).unwrap();
    }
    let accounting =
        Accounting::new(store, vec![live_blobs], Apart { history: Uncounted::TABLE, uncounted: &[] });
    accounting.reload().unwrap();
    accounting
}

#[test]
fn requests_come_at_their_rate_after_a_burst() {
    let of = AccountUse::new(AccountLimits { requests_per_second: Some(10), ..limits() });
    let burst = (0..100).filter(|_| of.admit_request(at(0))).count();
    assert_eq!(burst, 20);
    assert!(!of.admit_request(at(99)));
    assert!(of.admit_request(at(101)), "one in a tenth of a second");
    assert!(!of.admit_request(at(101)));
    assert!(!of.admit_request(at(50)), "a clock that goes back gives nothing");
    assert_eq!(
        (0..100).filter(|_| of.admit_request(at(60_000))).count(),
        20,
        "no more than a burst is saved"
    );
    let counts = of.counts();
    assert_eq!((counts.requests, counts.throttled), (41, 163));
}

#[test]
fn amounts_are_for_people() {
    let told: Vec<String> = [999, 1024, 1_600_000, 500 << 20, 7 << 40].map(amount).into();
    assert_eq!(told, ["999 bytes", "1.0 KiB", "1.5 MiB", "500.0 MiB", "7168.0 GiB"]);
}

#[test]
fn an_account_without_limits_is_not_counted() {
    let accounting = accounting(None, |_, _| Ok(HashSet::new()));
    assert!(accounting.of(ACCOUNT).is_none());
}

#[test]
fn executions_end_with_their_guard() {
    let of = Arc::new(AccountUse::new(AccountLimits { concurrency: Some(2), ..limits() }));
    let (first, second) = (of.admit_execution(), of.admit_execution());
    assert!(first.is_some() && second.is_some() && of.admit_execution().is_none());
    drop(first);
    assert!(of.admit_execution().is_some());
    assert_eq!(of.counts().most_running, 2);
}

#[test]
fn new_limits_keep_the_counts() {
    let accounting = accounting(Some(limits()), |_, _| Ok(HashSet::new()));
    assert!(accounting.of(ACCOUNT).unwrap().admit_request(at(0)));
    let stricter = AccountLimits { requests_per_second: Some(1), ..limits() };
    accounting.store.transact(None, |tx| tx.put(stricter)).unwrap();
    accounting.reload().unwrap();
    let of = accounting.of(ACCOUNT).unwrap();
    assert_eq!((of.limits(), of.counts().requests), (stricter, 1));
    accounting.store.transact(None, |tx| tx.remove::<AccountLimits>(Scope::global(ACCOUNT), ())).unwrap();
    accounting.reload().unwrap();
    assert!(accounting.of(ACCOUNT).is_none());
}

#[derive(Clone, Serialize, Deserialize)]
struct Note(String, String);

impl Row for Note {
    const TABLE: &'static str = "test.notes";
    type Key = String;
    fn scope(&self) -> Scope {
        Scope::new(ACCOUNT, Region::US_EAST_1)
    }
    fn key(&self) -> String {
        self.0.clone()
    }
}

#[derive(Clone, Serialize, Deserialize)]
struct Uncounted(u32, String);

impl Row for Uncounted {
    const TABLE: &'static str = "test.uncounted";
    type Key = u32;
    fn scope(&self) -> Scope {
        Scope::new(ACCOUNT, Region::US_EAST_1)
    }
    fn key(&self) -> u32 {
        self.0
    }
}

fn body() -> blobs::BlobId {
    blobs::BlobId { sha256: [7; 32], length: 1000 }
}

#[tokio::test]
async fn who_stores_too_much_may_store_no_more_until_something_is_deleted() {
    let accounting = accounting(Some(AccountLimits { storage: Some(10_000), ..limits() }), |_, of| {
        Ok(of.map(|_| body()).into_iter().collect())
    });
    let of = accounting.of(ACCOUNT).unwrap();
    let put = |name: &str, bytes: usize| {
        let note = Note(name.into(), "x".repeat(bytes));
        accounting.store.transact(None, |tx| tx.put(note.clone())).unwrap();
    };
    for number in 0..10 {
        let uncounted = Uncounted(number, "x".repeat(5000));
        accounting.store.transact(None, |tx| tx.put(uncounted.clone())).unwrap();
    }
    assert_eq!(accounting.admit_bytes(&of, 4000, at(0)).await.unwrap(), Ok(()));
    put("a", 4000);
    assert_eq!(accounting.admit_bytes(&of, 4000, at(1)).await.unwrap(), Ok(()));
    put("b", 4000);
    let refused = accounting.admit_bytes(&of, 4000, at(2)).await.unwrap().unwrap_err();
    assert!((9000..9500).contains(&refused.bytes), "{refused:?}");
    assert_eq!(refused.largest[0].0, "test.notes");
    assert_eq!(refused.largest[1], ("bodies".into(), 1000));
    assert_eq!(accounting.admit_bytes(&of, 100, at(3)).await.unwrap(), Ok(()), "what fits is taken");
    let refused = accounting.admit_bytes(&of, 4000, at(4)).await.unwrap().unwrap_err();
    assert_eq!(refused.at, at(2), "not weighed for each that does not fit");
    put("c", 5000);
    // It is known to be too much only when it is weighed.
    assert!(accounting.admit_bytes(&of, 0, at(70_000)).await.unwrap().is_err());
    accounting
        .store
        .transact(None, |tx| tx.remove::<Note>(Scope::new(ACCOUNT, Region::US_EAST_1), "c"))
        .unwrap();
    assert!(accounting.admit_bytes(&of, 0, at(70_500)).await.unwrap().is_err(), "it was weighed just now");
    assert_eq!(accounting.admit_bytes(&of, 0, at(71_000)).await.unwrap(), Ok(()));
    assert_eq!(of.weighed.read().as_ref().unwrap().at, at(71_000));
    let history = accounting.store.view().list_account::<Uncounted>(ACCOUNT).unwrap();
    assert_eq!(
        history.iter().map(|row| row.0).collect::<Vec<_>>(),
        [9],
        "of the history the oldest have gone"
    );
}
