use names::{AccountId, Scope};
use serde::{Deserialize, Serialize};
use store::Row;

/// That a service-linked role was deleted, for `GetServiceLinkedRoleDeletionStatus`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deletion {
    pub(crate) account: AccountId,
    /// `task/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig/UUID`
    pub(crate) id: String,
}

impl Row for Deletion {
    const TABLE: &'static str = "iam.service-linked-role-deletions";
    type Key = String;

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }

    fn key(&self) -> String {
        self.id.clone()
    }
}
