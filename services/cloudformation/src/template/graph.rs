//! What needs what.

use indexmap::{IndexMap, IndexSet};

/// A graph without cycles: for each name, the names that must be there before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// In an order in which each stands after what it needs; otherwise as in the template.
    needs: IndexMap<String, IndexSet<String>>,
    needed_by: IndexMap<String, IndexSet<String>>,
}

impl Graph {
    /// Orders the names. What a name needs and is no name itself is left out.
    ///
    /// # Errors
    /// The names that need each other in a circle, in the given order.
    pub fn new(mut needs: IndexMap<String, IndexSet<String>>) -> Result<Self, Vec<String>> {
        let names: IndexSet<String> = needs.keys().cloned().collect();
        for needed in needs.values_mut() {
            needed.retain(|name| names.contains(name));
        }
        let mut needed_by: IndexMap<String, IndexSet<String>> =
            names.iter().map(|name| (name.clone(), IndexSet::new())).collect();
        for (name, needed) in &needs {
            for one in needed {
                if let Some(dependents) = needed_by.get_mut(one) {
                    dependents.insert(name.clone());
                }
            }
        }
        let order = sorted(&needs, &needed_by);
        if order.len() < names.len() {
            return Err(circle(&needs, &needed_by, &order));
        }
        let needs = order.iter().filter_map(|name| needs.swap_remove_entry(name)).collect();
        Ok(Self { needs, needed_by })
    }

    /// All names, each after what it needs.
    pub fn order(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.needs.keys().map(String::as_str)
    }

    /// What must be there before `name`.
    pub fn dependencies(&self, name: &str) -> impl Iterator<Item = &str> {
        self.needs.get(name).into_iter().flatten().map(String::as_str)
    }

    /// What must be gone before `name` goes.
    pub fn dependents(&self, name: &str) -> impl Iterator<Item = &str> {
        self.needed_by.get(name).into_iter().flatten().map(String::as_str)
    }

    /// The graph for deletion: each name needs those gone that needed it.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let needs = self.order().rev().filter_map(|name| self.needed_by.get_key_value(name));
        Self {
            needs: needs.map(|(name, needed)| (name.clone(), needed.clone())).collect(),
            needed_by: self.needs.clone(),
        }
    }

    /// The names that can begin now: not `begun`, and all that they need is `done`.
    pub fn ready<'a>(
        &'a self,
        begun: &'a dyn Fn(&str) -> bool,
        done: &'a dyn Fn(&str) -> bool,
    ) -> impl Iterator<Item = &'a str> {
        self.needs
            .iter()
            .filter(move |(name, needed)| !begun(name) && needed.iter().all(|one| done(one)))
            .map(|(name, _)| name.as_str())
    }
}

type Edges = IndexMap<String, IndexSet<String>>;

/// Kahn's order: it stops short of circles.
fn sorted(needs: &Edges, needed_by: &Edges) -> Vec<String> {
    let mut open: IndexMap<&str, usize> =
        needs.iter().map(|(name, needed)| (name.as_str(), needed.len())).collect();
    let mut queue: std::collections::VecDeque<&str> =
        open.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    let mut order = Vec::with_capacity(needs.len());
    while let Some(name) = queue.pop_front() {
        order.push(name.to_owned());
        for dependent in needed_by.get(name).into_iter().flatten() {
            if let Some(count) = open.get_mut(dependent.as_str()) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    queue.push_back(dependent);
                }
            }
        }
    }
    order
}

/// What is left when one takes away, from both sides, whatever needs nothing or is needed by nothing.
fn circle(needs: &Edges, needed_by: &Edges, order: &[String]) -> Vec<String> {
    let from_above: IndexSet<&str> = order.iter().map(String::as_str).collect();
    let backwards = sorted(needed_by, needs);
    let from_below: IndexSet<&str> = backwards.iter().map(String::as_str).collect();
    needs
        .keys()
        .filter(|name| !from_above.contains(name.as_str()) && !from_below.contains(name.as_str()))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &[&str])]) -> Result<Graph, Vec<String>> {
        Graph::new(
            edges
                .iter()
                .map(|(name, needs)| {
                    ((*name).to_owned(), needs.iter().map(|need| (*need).to_owned()).collect())
                })
                .collect(),
        )
    }

    #[test]
    fn orders() {
        let graph = graph(&[
            ("Route", &["Gateway", "Attachment"]),
            ("Gateway", &[]),
            ("Vpc", &[]),
            ("Attachment", &["Vpc", "Gateway"]),
        ])
        .unwrap();
        assert_eq!(graph.order().collect::<Vec<_>>(), ["Gateway", "Vpc", "Attachment", "Route"]);
        assert_eq!(graph.dependencies("Route").collect::<Vec<_>>(), ["Gateway", "Attachment"]);
        assert_eq!(graph.dependents("Gateway").collect::<Vec<_>>(), ["Route", "Attachment"]);
        let reversed = graph.reversed();
        assert_eq!(reversed.order().collect::<Vec<_>>(), ["Route", "Attachment", "Vpc", "Gateway"]);
        assert_eq!(reversed.dependencies("Gateway").collect::<Vec<_>>(), ["Route", "Attachment"]);
        assert_eq!(reversed.reversed().dependencies("Route").count(), 2);
    }

    #[test]
    fn what_is_ready() {
        let graph = graph(&[("A", &[]), ("B", &["A"]), ("C", &[]), ("D", &["B", "C"])]).unwrap();
        assert_eq!(graph.ready(&|_| false, &|_| false).collect::<Vec<_>>(), ["A", "C"]);
        assert_eq!(graph.ready(&|name| name < "C", &|name| name == "A").collect::<Vec<_>>(), ["C"]);
        assert_eq!(graph.ready(&|name| name < "D", &|name| name < "D").collect::<Vec<_>>(), ["D"]);
    }

    #[test]
    fn circles_are_named_without_bystanders() {
        assert_eq!(graph(&[("A", &["B"]), ("B", &["A"])]).unwrap_err(), ["A", "B"]);
        assert_eq!(graph(&[("A", &["A"])]).unwrap_err(), ["A"]);
        assert_eq!(
            graph(&[("Above", &[]), ("A", &["B", "Above"]), ("B", &["C"]), ("C", &["A"]), ("Below", &["C"])])
                .unwrap_err(),
            ["A", "B", "C"]
        );
        assert!(graph(&[("A", &["Unknown"])]).is_ok());
    }
}
