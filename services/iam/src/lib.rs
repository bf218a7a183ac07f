//! IAM and STS: accounts, users, groups, roles, policies, access keys and sessions.
//!
//! What it is: the service that keeps identities. It answers the platform whose an access key is and which policies bind a principal
//! ([`contract::Identities`]), and serves the APIs `iam` and `sts`. What it is not: it decides nothing (`policy` does, in the pipeline), and has no
//! identity providers, MFA devices, organizations or certificates.

pub mod accounts;
mod documents;
mod identities;
mod ids;
mod managed;
mod passwords;
mod principals;
mod state;

use contract::Registration;

/// IAM's table of contents.
#[must_use]
pub fn registration() -> Registration {
    Registration::new(&api_iam::SERVICE)
        .resource::<state::User>()
        .resource::<state::Group>()
        .resource::<state::Role>()
        .resource::<state::ManagedPolicy>()
        .identities(identities::IamIdentities)
        .route(accounts::AccountsPage)
}

/// STS's table of contents.
#[must_use]
pub fn sts_registration() -> Registration {
    Registration::new(&api_sts::SERVICE)
}
