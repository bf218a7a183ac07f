//! Which composite alarms a change of an alarm's state reaches, and in which order they are looked at.

use crate::state::CompositeAlarm;
use names::Scope;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use store::{StoreError, View};

/// Composite alarms that one transaction looks at; those beyond have transactions of their own, so that none takes long.
pub(super) const MOST: usize = 250;

/// What may follow an alarm.
pub(super) struct Followers {
    /// Children before parents, each once. Where alarms depend on themselves, the circle is cut where it comes back to its beginning.
    pub(super) order: Vec<CompositeAlarm>,
    /// The names of the alarms that name an alarm, also of those that are not in the order.
    pub(super) parents: BTreeMap<String, BTreeSet<String>>,
    /// Those that are too far away.
    pub(super) beyond: BTreeSet<String>,
}

/// The composite alarms that depend on an alarm, on those that do, and so on.
pub(super) fn followers(view: &View, scope: Scope, alarm: &str) -> Result<Followers, StoreError> {
    let mut found: BTreeMap<String, CompositeAlarm> = BTreeMap::new();
    let mut parents: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut beyond = BTreeSet::new();
    let mut next = VecDeque::from([alarm.to_owned()]);
    while let Some(child) = next.pop_front() {
        let mut named = BTreeSet::new();
        for parent in CompositeAlarm::parents_of(view, scope, &child)? {
            let name = parent.common.name.clone();
            named.insert(name.clone());
            if name == alarm || found.contains_key(&name) {
                continue;
            }
            if found.len() < MOST {
                next.push_back(name.clone());
                found.insert(name, parent);
            } else {
                beyond.insert(name);
            }
        }
        parents.insert(child, named);
    }
    let mut walk = Walk { parents: &parents, seen: BTreeSet::new(), left: Vec::new() };
    walk.visit(alarm);
    let order = walk.left.into_iter().rev().filter_map(|name| found.remove(name)).collect();
    Ok(Followers { order, parents, beyond })
}

/// A walk in which an alarm is left after all that depend on it: backwards, that is children before parents.
struct Walk<'a> {
    parents: &'a BTreeMap<String, BTreeSet<String>>,
    seen: BTreeSet<&'a str>,
    left: Vec<&'a str>,
}

impl<'a> Walk<'a> {
    /// No deeper than [`MOST`].
    fn visit(&mut self, name: &str) {
        let Some((name, parents)) = self.parents.get_key_value(name) else { return };
        if self.seen.insert(name) {
            for parent in parents {
                self.visit(parent);
            }
            self.left.push(name);
        }
    }
}
