//! How states spread among composite alarms, and what waits to be done.

use super::follow::MOST;
use super::transition::{Moment, Wanted, go, release};
use crate::state::{Alarm, AlarmState, Common, CompositeAlarm, HistoryItem, Suppressed};
use api_cloudwatch::StateValue;
use clock::ManualClock;
use contract::{Chain, Task};
use names::{AccountId, Region, Scope, Tags, Timestamp};
use std::sync::Arc;
use store::{Backend, Store, StoreError, Tx};

const NOW: Timestamp = Timestamp::from_seconds(1_795_255_200);

pub(crate) fn scope() -> Scope {
    Scope::new(AccountId::DEFAULT, Region::US_EAST_1)
}

/// A composite alarm that does nothing.
pub(crate) fn composite(name: &str, rule: &str) -> CompositeAlarm {
    let common = Common {
        scope: scope(),
        name: name.into(),
        description: None,
        actions_enabled: true,
        ok_actions: Vec::new(),
        alarm_actions: Vec::new(),
        insufficient_data_actions: Vec::new(),
        updated: NOW,
        tags: Tags::new(),
    };
    CompositeAlarm { common, rule: rule.into(), suppressor: None }
}

fn put(tx: &mut Tx, name: &str, rule: &str) -> Result<(), StoreError> {
    let value = StateValue::Ok.as_str().to_owned();
    tx.put(AlarmState { value, ..AlarmState::initial(scope(), name, NOW) })?;
    tx.put(composite(name, rule))
}

pub(crate) fn store(rules: &[(String, String)]) -> Store {
    let store = Store::open(Backend::Memory, Arc::new(ManualClock::at(NOW))).unwrap();
    store.transact(None, |tx| rules.iter().try_for_each(|(name, rule)| put(tx, name, rule))).unwrap();
    store
}

fn set(store: &Store, name: &str, value: StateValue) {
    let chain = Chain::default();
    let set = |tx: &mut Tx| {
        let alarm = Alarm::get(tx, scope(), name)?.unwrap();
        go(tx, &Moment::new(NOW, &chain), &alarm, Wanted { value, reason: "test".into(), data: None })
    };
    store.transact(None, set).unwrap();
}

fn state(store: &Store, name: &str) -> StateValue {
    AlarmState::of(&store.view(), scope(), name).unwrap().unwrap().value()
}

/// Each layer would change twice as often as the one before, were it looked at whenever a child changes.
#[test]
fn each_alarm_is_looked_at_once_when_its_children_are_settled() {
    let mut rules = vec![("l000".to_owned(), "FALSE".to_owned())];
    for layer in 1..=40 {
        let (below, own, odd) =
            (format!("l{:03}", layer - 1), format!("l{layer:03}"), format!("m{layer:03}"));
        let xor = format!("(ALARM({below}) AND NOT ALARM({odd})) OR (ALARM({odd}) AND NOT ALARM({below}))");
        rules.push((own, if layer == 1 { format!("ALARM({below})") } else { xor }));
        rules.push((odd, format!("ALARM({below})")));
    }
    rules.push(("z".into(), "ALARM(l000) AND ALARM(l001) AND ALARM(m002)".into()));
    let store = store(&rules);
    set(&store, "l000", StateValue::Alarm);
    let changed: Vec<String> =
        HistoryItem::in_order(&store.view(), scope()).unwrap().into_iter().map(|item| item.alarm).collect();
    assert_eq!(changed, ["l000", "l001", "m001", "m002", "z"]);
}

#[test]
fn a_circle_is_gone_round_once_and_what_hangs_on_it_follows() {
    let rules =
        [("a", "FALSE"), ("x", "ALARM(a) OR ALARM(y)"), ("y", "ALARM(x)"), ("b", "ALARM(a) AND ALARM(y)")];
    let store = store(&rules.map(|(name, rule)| (name.to_owned(), rule.to_owned())));
    set(&store, "a", StateValue::Alarm);
    for name in ["x", "y", "b"] {
        assert_eq!(state(&store, name), StateValue::Alarm, "{name}");
    }
    set(&store, "a", StateValue::Ok);
    assert_eq!([state(&store, "x"), state(&store, "b")], [StateValue::Alarm, StateValue::Ok]);
}

#[test]
fn what_is_far_away_has_a_transaction_of_its_own() {
    let name = |place: usize| format!("c{place:04}");
    let mut rules = vec![(name(0), "FALSE".to_owned())];
    rules.extend((1..=MOST + 1).map(|place| (name(place), format!("ALARM({})", name(place - 1)))));
    let store = store(&rules);
    set(&store, &name(0), StateValue::Alarm);
    assert_eq!(state(&store, &name(MOST)), StateValue::Alarm);
    assert_eq!(state(&store, &name(MOST + 1)), StateValue::Ok, "not yet");
    let due: Vec<String> =
        store.view().list::<Task>(scope()).unwrap().into_iter().map(|task| task.id).collect();
    assert_eq!(due.iter().filter(|id| !id.contains('|')).collect::<Vec<_>>(), [&name(MOST + 1)]);
}

#[test]
fn actions_that_are_released_in_one_moment_are_all_done() {
    let store = store(&[]);
    let mut alarm = composite("a", "TRUE");
    alarm.common.alarm_actions =
        ["one", "two"].map(|topic| format!("arn:aws:sns:us-east-1:111122223333:{topic}")).into();
    let waits = Suppressed { by: "WaitPeriod".into(), until: None, acted: "OK".into() };
    let value = StateValue::Alarm.as_str().to_owned();
    let state = AlarmState { value, suppressed: Some(waits), ..AlarmState::initial(scope(), "a", NOW) };
    let chain = Chain::default();
    let moment = Moment::new(NOW, &chain);
    let once = || store.transact(None, |tx| release(tx, &moment, alarm.clone(), state.clone())).unwrap();
    let ids =
        || store.view().list::<Task>(scope()).unwrap().into_iter().map(|task| task.id).collect::<Vec<_>>();
    once();
    let first = ids();
    // One of the first is done; the other one still waits, and so do the next.
    store
        .transact(None, |tx| tx.remove::<Task>(scope(), ("cloudwatch.act", first[0].as_str())).map(drop))
        .unwrap();
    once();
    once();
    assert_eq!(ids().len(), 5, "{:?}", ids());
    assert_eq!(ids()[0], first[1], "in the order in which they were released");
}
