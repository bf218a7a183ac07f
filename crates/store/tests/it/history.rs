//! Random interleavings: what committed is what the same transactions, one after the other in the order of their commits, would have done.

use crate::place::{Place, scope};
use crate::rows::Message;
use proptest::prelude::*;
use std::collections::VecDeque;
use store::{Store, StoreError, Tx};

#[derive(Debug, Clone)]
enum Step {
    Get(u64),
    Scan { from: u64, before: u64, limit: usize, reverse: bool },
    ByText(u64),
    Put(u64),
    Remove(u64),
}

/// The steps of some transactions, and whose step is next.
#[derive(Debug, Clone)]
struct History {
    transactions: Vec<Vec<Step>>,
    turns: Vec<usize>,
}

fn any_step() -> impl Strategy<Value = Step> {
    let key = || 0..6_u64;
    prop_oneof![
        key().prop_map(Step::Get),
        (key(), key(), 1..4_usize, any::<bool>()).prop_map(|(from, before, limit, reverse)| Step::Scan {
            from,
            before,
            limit,
            reverse
        }),
        (0..4_u64).prop_map(Step::ByText),
        key().prop_map(Step::Put),
        key().prop_map(Step::Put),
        key().prop_map(Step::Remove),
    ]
}

fn any_history() -> impl Strategy<Value = History> {
    let transactions = prop::collection::vec(prop::collection::vec(any_step(), 1..6), 2..6);
    transactions.prop_flat_map(|transactions| {
        let turns = transactions.iter().enumerate().flat_map(|(owner, steps)| vec![owner; steps.len() + 1]);
        let turns = Just(turns.collect::<Vec<_>>()).prop_shuffle();
        (Just(transactions), turns).prop_map(|(transactions, turns)| History { transactions, turns })
    })
}

/// Mixes what was seen into what is written, so that a read that was not serializable shows.
fn mix(seen: &mut u64, rows: &[Message]) {
    for row in rows {
        for byte in row.number.to_be_bytes().iter().chain(row.text.as_bytes()) {
            *seen = seen.wrapping_mul(1_099_511_628_211) ^ u64::from(*byte);
        }
    }
    *seen = seen.wrapping_mul(31).wrapping_add(u64::try_from(rows.len()).unwrap());
}

fn take(tx: &mut Tx, step: &Step, seen: &mut u64) {
    match step {
        Step::Get(number) => {
            let row = tx.get::<Message>(scope(), ("q", *number)).unwrap();
            mix(seen, row.as_slice());
        }
        Step::Scan { from, before, limit, reverse } => {
            let scan =
                tx.scan::<Message>(scope(), ("q",)).from(("q", *from)).before(("q", *before)).limit(*limit);
            let rows = if *reverse { scan.reverse() } else { scan }.rows().unwrap();
            mix(seen, &rows);
        }
        Step::ByText(text) => {
            mix(seen, &tx.by_index::<Message>(scope(), "by-text", text.to_string().as_str()).unwrap())
        }
        // Few texts, so that look-ups in the index find some.
        Step::Put(number) => tx.put(Message::new(scope(), "q", *number, &(*seen % 4).to_string())).unwrap(),
        Step::Remove(number) => {
            let removed = tx.remove::<Message>(scope(), ("q", *number)).unwrap();
            mix(seen, removed.as_slice());
        }
    }
}

fn start(store: &Store) {
    store
        .transact(None, |tx| {
            (0..6).step_by(2).try_for_each(|number| tx.insert(Message::new(scope(), "q", number, "1")))
        })
        .unwrap();
}

fn check(place: &Place, history: &History) {
    let store = place.open();
    start(&store);
    let mut open: Vec<(Option<Tx>, VecDeque<Step>, u64)> =
        history.transactions.iter().map(|steps| (None, steps.iter().cloned().collect(), 17)).collect();
    let mut committed = Vec::new();
    for owner in &history.turns {
        let (tx, steps, seen) = &mut open[*owner];
        let mut current = tx.take().unwrap_or_else(|| store.begin(None));
        let Some(step) = steps.pop_front() else {
            let writes = current.has_writes();
            match current.commit() {
                // One that wrote nothing is where its snapshot was, and changes nothing for the others.
                Ok(_) if !writes => {}
                Ok(done) => {
                    done.wait_blocking().unwrap();
                    committed.push((*owner, *seen));
                }
                Err(StoreError::Conflict) => assert!(writes),
                Err(error) => panic!("{error}"),
            }
            continue;
        };
        take(&mut current, &step, seen);
        *tx = Some(current);
    }
    let serial = Place::memory().open();
    start(&serial);
    for (owner, seen) in committed {
        let mut seen_again = 17;
        let mut tx = serial.begin(None);
        history.transactions[owner].iter().for_each(|step| take(&mut tx, step, &mut seen_again));
        tx.commit().unwrap().wait_blocking().unwrap();
        assert_eq!(seen_again, seen, "transaction {owner} saw what no order explains");
    }
    let rows = |store: &Store| store.view().list::<Message>(scope()).unwrap();
    assert_eq!(rows(&store), rows(&serial));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn memory_is_serializable(history in any_history()) {
        check(&Place::memory(), &history);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_disk_is_serializable(history in any_history()) {
        check(&Place::disk_process(), &history);
    }
}
