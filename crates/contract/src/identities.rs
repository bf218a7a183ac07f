use crate::{AnyInput, AnyOutput, Principal};
use names::{Arn, Tags, Timestamp};
use policy::Attached;
use store::{StoreError, View};
use wire::OperationSchema;

/// What the platform asks of the service that keeps identities (IAM).
pub trait Identities: Send + Sync + 'static {
    /// What an access key id stands for, whether active or not.
    ///
    /// # Errors
    /// The store's failure.
    fn credential(&self, view: &View, access_key_id: &str) -> Result<Option<Credential>, StoreError>;

    /// The policies that bind a principal.
    ///
    /// # Errors
    /// The store's failure. A document that cannot be parsed is a failure too, never an absence.
    fn policies(&self, view: &View, principal: &Principal) -> Result<PrincipalPolicies, StoreError>;

    /// The call that makes a session of a role (`sts:AssumeRole`), for work inside.
    fn assume_role(&self, role: &Arn, session_name: &str) -> (&'static OperationSchema, AnyInput);

    /// The session that the answer to that call holds.
    ///
    /// # Errors
    /// The store's failure.
    fn assumed(&self, view: &View, output: &AnyOutput) -> Result<Option<Principal>, StoreError>;
}

/// What an access key stands for.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Whose it is.
    pub principal: Principal,
    /// The secret access key.
    pub secret: Secret,
    /// The session token that must come with it; None for long-term keys.
    pub session_token: Option<Secret>,
    /// When it ends; None for long-term keys.
    pub expires: Option<Timestamp>,
    /// An inactive key is refused.
    pub active: bool,
    /// The session was made with a second factor; None for long-term keys.
    pub multi_factor: Option<bool>,
    /// The account's root key of a fresh data directory (`test`/`test`): refused unless listening on loopback.
    pub well_known: bool,
}

/// A secret that no log prints.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// The policies that bind a principal.
#[derive(Debug, Clone, Default)]
pub struct PrincipalPolicies {
    /// Inline and attached policies of the user, its groups, or the role.
    pub identity: Vec<Attached>,
    /// The permissions boundary, where there is one.
    pub boundary: Option<Attached>,
    /// Session policies; None where the session has none.
    pub session: Option<Vec<Attached>>,
    /// The principal's tags, session tags included (`aws:PrincipalTag/…`).
    pub tags: Tags,
}
