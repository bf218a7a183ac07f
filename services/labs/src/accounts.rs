//! What labs ask of whoever keeps accounts and users.

use crate::format::StudentAccess;
use contract::{Call, Caller, Principal, Secret};
use names::AccountId;
use store::{StoreError, Tx};
use wire::ErrorResponse;

/// Keeps accounts and users; the server gives labs the one that there is.
#[async_trait::async_trait]
pub trait Accounts: Send + Sync + 'static {
    /// Makes an account, in the transaction of whoever needs it. It has no root key: nobody needs to be its root.
    ///
    /// # Errors
    /// The store's failure.
    fn open(&self, name: &str, call: &Call, tx: &mut Tx) -> Result<AccountId, StoreError>;

    /// Closes an account: from this commit on no credential of it is accepted.
    ///
    /// # Errors
    /// The store's failure.
    fn close(&self, account: AccountId, call: &Call, tx: &mut Tx) -> Result<(), StoreError>;

    /// Gives the account its user, with sign-in and an access key.
    ///
    /// # Errors
    /// What the API answered.
    async fn admit(
        &self,
        root: &Caller,
        access: &StudentAccess,
        password: &Secret,
    ) -> Result<Admitted, ErrorResponse>;

    /// A new password and access key of a user; those of before are refused from then on.
    ///
    /// # Errors
    /// What the API answered.
    async fn renew(
        &self,
        root: &Caller,
        user_name: &str,
        password: &Secret,
    ) -> Result<Admitted, ErrorResponse>;
}

/// A user of an account.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// Who.
    pub principal: Principal,
    /// The access key's id.
    pub access_key_id: String,
    /// Its secret.
    pub secret: Secret,
}
