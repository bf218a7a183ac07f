use names::{AccountId, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{IndexEntry, Row, StoreError, View};

/// What the encryption context must be for a grant to hold. At most one of the two is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Constraints {
    pub(crate) subset: Option<BTreeMap<String, String>>,
    pub(crate) equals: Option<BTreeMap<String, String>>,
}

/// A permission on a key beside its policy.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    /// The key's.
    pub(crate) scope: Scope,
    pub(crate) key_id: String,
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) grantee: String,
    pub(crate) retiring: Option<String>,
    /// The account of who made it.
    pub(crate) issuing_account: AccountId,
    /// Sorted.
    pub(crate) operations: Vec<String>,
    pub(crate) constraints: Constraints,
    pub(crate) token: String,
}

impl Constraints {
    /// Whether an encryption context is as they want it.
    pub(crate) fn met(&self, context: &BTreeMap<String, String>) -> bool {
        let contains = |subset: &BTreeMap<String, String>| {
            subset.iter().all(|(key, value)| context.get(key) == Some(value))
        };
        self.subset.as_ref().is_none_or(contains)
            && self.equals.as_ref().is_none_or(|equals| equals == context)
    }

    /// Whether they let through nothing that `other` does not.
    pub(crate) fn within(&self, other: &Self) -> bool {
        if let Some(equals) = &self.equals {
            return other.met(equals);
        }
        match (&self.subset, &other.subset, &other.equals) {
            (_, _, Some(_)) => false,
            (_, None, None) => true,
            (None, Some(_), None) => false,
            (Some(own), Some(_), None) => other.met(own),
        }
    }

    pub(crate) fn is_none(&self) -> bool {
        self.subset.is_none() && self.equals.is_none()
    }
}

impl Grant {
    pub(crate) fn of_key(view: &View, scope: Scope, key_id: &str) -> Result<Vec<Self>, StoreError> {
        view.scan::<Self>(scope, (key_id,)).rows()
    }
}

impl Row for Grant {
    const TABLE: &'static str = "kms.grants";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> (String, String) {
        (self.key_id.clone(), self.id.clone())
    }
    fn indexes(&self) -> Vec<IndexEntry> {
        let mut entries = vec![IndexEntry::new("grantee", (self.key_id.as_str(), self.grantee.as_str()))];
        if let Some(retiring) = &self.retiring {
            entries.push(IndexEntry::new("retiring", (self.key_id.as_str(), retiring.as_str())));
            entries.push(IndexEntry::global("retiring_principal", retiring.as_str()));
        }
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn subset(pairs: &[(&str, &str)]) -> Constraints {
        Constraints { subset: Some(map(pairs)), equals: None }
    }

    fn equals(pairs: &[(&str, &str)]) -> Constraints {
        Constraints { subset: None, equals: Some(map(pairs)) }
    }

    #[test]
    fn a_subset_may_have_company_and_an_equal_may_not() {
        let context = map(&[("a", "1"), ("b", "2")]);
        assert!(Constraints::default().met(&context));
        assert!(subset(&[("a", "1")]).met(&context));
        assert!(!subset(&[("a", "2")]).met(&context));
        assert!(!subset(&[("A", "1")]).met(&context), "keys are case-sensitive");
        assert!(!equals(&[("a", "1")]).met(&context));
        assert!(equals(&[("a", "1"), ("b", "2")]).met(&context));
    }

    #[test]
    fn a_grant_hands_on_no_more_than_it_has() {
        let (loose, one, two, exact) = (
            Constraints::default(),
            subset(&[("a", "1")]),
            subset(&[("a", "1"), ("b", "2")]),
            equals(&[("a", "1")]),
        );
        assert!(one.within(&loose) && two.within(&one) && exact.within(&one) && exact.within(&exact));
        assert!(
            !loose.within(&one)
                && !one.within(&two)
                && !one.within(&exact)
                && !two.within(&exact)
                && !exact.within(&two)
        );
    }
}
