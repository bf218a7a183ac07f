use names::{AccountId, Region, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, View};

/// When a user or role last called: a service, one of its actions, or anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastAccess {
    pub(crate) account: AccountId,
    /// The unique id of the user or role.
    pub(crate) entity: String,
    /// Its prefix in actions, such as `s3`; empty: any.
    pub(crate) service: String,
    /// Such as `CreateBucket`; empty: any.
    pub(crate) action: String,
    pub(crate) at: Timestamp,
    pub(crate) region: Region,
}

impl LastAccess {
    /// When an entity last called anything.
    pub(crate) fn overall(view: &View, account: AccountId, entity: &str) -> Result<Option<Self>, StoreError> {
        view.get::<Self>(Scope::global(account), (entity.to_owned(), String::new(), String::new()))
    }
}

impl Row for LastAccess {
    const TABLE: &'static str = "iam.last-accesses";
    const QUIET: bool = true;
    type Key = (String, String, String);

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }

    fn key(&self) -> Self::Key {
        (self.entity.clone(), self.service.clone(), self.action.clone())
    }
}

/// How far an account's calls were followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AccessCursor {
    pub(crate) account: AccountId,
    pub(crate) through: Timestamp,
}

impl Row for AccessCursor {
    const TABLE: &'static str = "iam.access-cursors";
    const QUIET: bool = true;
    type Key = ();

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }

    fn key(&self) {}
}

/// What GenerateServiceLastAccessedDetails found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AccessReport {
    pub(crate) account: AccountId,
    /// The job's id.
    pub(crate) id: String,
    /// With single actions.
    pub(crate) by_action: bool,
    pub(crate) created: Timestamp,
    /// The users and roles that it is about.
    pub(crate) entities: Vec<ReportedEntity>,
    /// The services that the policies allow, by prefix.
    pub(crate) services: Vec<ReportedService>,
}

/// A user or role of a report, as it was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReportedEntity {
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) path: String,
    pub(crate) is_role: bool,
}

/// A service of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReportedService {
    pub(crate) prefix: String,
    /// At most one of each entity.
    pub(crate) uses: Vec<Use>,
    pub(crate) actions: Vec<ActionUse>,
}

/// The last use by one entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Use {
    /// Its place in the report.
    pub(crate) entity: usize,
    pub(crate) at: Timestamp,
    pub(crate) region: Region,
}

/// The last use of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ActionUse {
    pub(crate) name: String,
    pub(crate) last: Use,
}

impl Row for AccessReport {
    const TABLE: &'static str = "iam.access-reports";
    type Key = String;

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }

    fn key(&self) -> String {
        self.id.clone()
    }
}
