//! Session tags: those of the call, and those that the calling session hands on
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>).

use super::{Result, validation};
use crate::state::Session;
use contract::Principal;
use names::Tags;
use std::collections::BTreeSet;

const MOST: usize = 50;

/// The tags of a new session, and which of them its own sessions inherit.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct SessionTags {
    pub(super) all: Tags,
    pub(super) transitive: BTreeSet<String>,
}

/// What the calling session hands on.
pub(super) fn inherited(calling: Option<&Session>) -> Tags {
    let Some(session) = calling else { return Tags::new() };
    let Principal::Role(role) = &session.principal else { return Tags::new() };
    let handed_on = role.tags.iter().filter(|(key, _)| session.transitive_tags.contains(*key));
    handed_on.map(|(key, value)| (key.clone(), value.clone())).collect()
}

pub(super) fn combine(
    inherited: Tags,
    requested: Vec<api_sts::Tag>,
    transitive: Vec<String>,
) -> Result<SessionTags> {
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    let mut tags = SessionTags { transitive: inherited.keys().cloned().collect(), all: inherited };
    let mut seen = BTreeSet::new();
    for tag in &requested {
        if !seen.insert(tag.key.to_lowercase()) {
            return Err(validation(
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            ));
        }
        if tag.key.to_lowercase().starts_with("aws:") {
            return Err(validation("Tag keys beginning with aws: are reserved."));
        }
        if tags.transitive.iter().any(|key| same(key, &tag.key)) {
            return Err(validation(
                "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
            ));
        }
    }
    for key in transitive {
        let Some(tag) = requested.iter().find(|tag| same(&tag.key, &key)) else {
            return Err(validation(
                "The specified transitive tag key must be included in the requested tags.",
            ));
        };
        tags.transitive.insert(tag.key.clone());
    }
    tags.all.extend(requested.into_iter().map(|tag| (tag.key, tag.value)));
    if tags.all.len() > MOST {
        return Err(validation(format!(
            "A session may have at most {MOST} tags, inherited ones among them."
        )));
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(key: &str) -> api_sts::Tag {
        api_sts::Tag { key: key.into(), value: "v".into() }
    }

    #[test]
    fn inherited_tags_stay_and_are_handed_on() {
        let inherited = Tags::from([("team".into(), "red".into())]);
        let tags = combine(inherited.clone(), vec![tag("cost"), tag("unit")], vec!["Unit".into()]).unwrap();
        assert_eq!(tags.all.len(), 3);
        assert_eq!(tags.transitive, BTreeSet::from(["team".into(), "unit".into()]));
        assert!(combine(inherited, vec![tag("TEAM")], Vec::new()).is_err());
        assert!(combine(Tags::new(), vec![tag("a"), tag("A")], Vec::new()).is_err());
        assert!(combine(Tags::new(), vec![tag("a")], vec!["b".into()]).is_err());
        assert!(combine(Tags::new(), vec![tag("aws:a")], Vec::new()).is_err());
    }
}
