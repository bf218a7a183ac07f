use contract::Resource;
use names::{AccountId, Scope, Tags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{IndexEntry, Row, StoreError, View};

/// The policies of a user, group or role. They live in its row, so that each change of them is a change of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EntityPolicies {
    /// Inline: name to document as written.
    pub(crate) inline: BTreeMap<String, String>,
    /// ARNs of attached managed policies, in the order of attachment.
    pub(crate) attached: Vec<String>,
}

/// A user, group or role: what policies are attached to.
pub(crate) trait Entity: Row<Key = String> + Resource {
    /// `user`, as sentences name it.
    const NOUN: &'static str;
    /// `User`, as actions name it.
    const TITLE: &'static str;
    /// The most characters of all inline policies together, white space apart.
    const INLINE_LIMIT: usize;
    /// The quota of attached policies as `LimitExceeded` names it.
    const ATTACHED_QUOTA: &'static str;

    fn account(&self) -> AccountId;
    fn id(&self) -> &str;
    fn name(&self) -> &str;
    fn path(&self) -> &str;
    fn arn(&self) -> String;
    fn policies(&self) -> &EntityPolicies;
    fn policies_mut(&mut self) -> &mut EntityPolicies;
    fn boundary(&self) -> Option<&str>;
    fn tags(&self) -> Option<&Tags>;
    /// The service that alone may change it.
    fn service_linked(&self) -> Option<&str> {
        None
    }

    /// By name.
    fn named(view: &View, account: AccountId, name: &str) -> Result<Option<Self>, StoreError> {
        view.get::<Self>(Scope::global(account), super::name_key(name).as_str())
    }

    /// By unique id.
    fn by_id(view: &View, account: AccountId, id: &str) -> Result<Option<Self>, StoreError> {
        view.first_by_index::<Self>(Scope::global(account), "id", id)
    }

    /// Index entries that all entities have.
    fn entity_indexes(&self) -> Vec<IndexEntry> {
        let mut entries = vec![IndexEntry::new("id", self.id())];
        entries.extend(self.policies().attached.iter().map(|arn| IndexEntry::new("attached", arn.as_str())));
        entries.extend(self.boundary().map(|arn| IndexEntry::new("boundary", arn)));
        entries
    }
}
