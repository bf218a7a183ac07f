//! What could be left out without a change of what the policy means.

use super::finding::Report;
use super::place::Place;
use super::structure::{Document, Texts};
use crate::facts;
use std::collections::{BTreeSet, HashMap};

/// Checks a document.
pub(super) fn check(document: &Document, report: &mut Report) {
    for statement in &document.statements {
        actions(&statement.actions, report);
        resources(&statement.resources, report);
    }
    let mut seen: HashMap<&str, Vec<Place>> = HashMap::new();
    for statement in &document.statements {
        seen.entry(&statement.essence).or_default().push(statement.place());
    }
    for places in seen.into_values().filter(|places| places.len() > 1) {
        let details = "The statements are redundant because they provide identical permissions. Update the policy to remove the redundant \
                       statement.";
        report.suggestion("REDUNDANT_STATEMENT", details, places);
    }
}

fn actions(texts: &Texts, report: &mut Report) {
    let lower: Vec<(String, Place)> =
        texts.items.iter().map(|(text, place)| (text.to_ascii_lowercase(), place.clone())).collect();
    let redundant = redundant(&lower, report);
    let Some((first, _)) = redundant.first().and_then(|index| texts.items.get(*index)) else { return };
    let details = format!(
        "The {} action(s) are redundant because they provide similar permissions. Update the policy to remove the redundant action such as: \
         {first}.",
        redundant.len()
    );
    report.suggestion("REDUNDANT_ACTION", details, places(texts, &redundant));
}

fn resources(texts: &Texts, report: &mut Report) {
    let redundant = redundant(&texts.items, report);
    if !redundant.is_empty() {
        let details = format!(
            "The {} resource ARN(s) are redundant because they reference the same resource. Review the use of wildcards (*)",
            redundant.len()
        );
        report.suggestion("REDUNDANT_RESOURCE", details, places(texts, &redundant));
    }
}

fn places(texts: &Texts, which: &[usize]) -> Vec<Place> {
    which.iter().filter_map(|index| texts.items.get(*index)).map(|(_, place)| place.clone()).collect()
}

/// The places of texts that another covers; of equal ones the first stays.
fn redundant(items: &[(String, Place)], report: &mut Report) -> Vec<usize> {
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut redundant = BTreeSet::new();
    for (index, (text, _)) in items.iter().enumerate() {
        if *first.entry(text).or_insert(index) != index {
            redundant.insert(index);
        }
    }
    'outer: for (outer_at, (outer, _)) in items.iter().enumerate() {
        if !outer.contains(['*', '?']) || redundant.contains(&outer_at) {
            continue;
        }
        for (index, (inner, _)) in items.iter().enumerate() {
            if !report.afford(0, 0) {
                break 'outer;
            }
            if inner == outer || redundant.contains(&index) {
                continue;
            }
            if !report.afford(outer.len(), inner.len()) {
                break 'outer;
            }
            if facts::covers(outer, inner) {
                redundant.insert(index);
            }
        }
    }
    redundant.into_iter().collect()
}
