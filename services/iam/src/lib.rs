//! IAM and STS: accounts, users, groups, roles, policies, access keys and sessions.
//!
//! What it is: the service that keeps identities. It answers the platform whose an access key is and which policies bind a principal
//! ([`contract::Identities`]), and serves the APIs `iam` and `sts`, and the policy checks of `accessanalyzer`. What it is not: it decides nothing (`policy` does, in the pipeline), and has no
//! identity providers, MFA devices, organizations or certificates.

pub mod accounts;
mod analyzer;
mod answers;
mod authority;
mod cloudformation;
mod documents;
mod facts;
mod identities;
mod ids;
mod last_access;
mod managed;
mod operations;
mod page;
mod passwords;
mod principals;
mod refusal;
mod regions;
mod removal;
mod service_linked;
mod signin;
mod simulation;
mod state;
mod sts;
mod tags;

use contract::Registration;

/// IAM's table of contents.
#[must_use]
pub fn registration() -> Registration {
    let registration = Registration::new(&api_iam::SERVICE)
        .resource::<state::User>()
        .resource::<state::Group>()
        .resource::<state::Role>()
        .resource::<state::ManagedPolicy>()
        .identities(identities::IamIdentities)
        .route(accounts::AccountsPage)
        .task(last_access::Follow)
        .task(removal::Remove)
        .route(signin::SignIn::default());
    cloudformation::register(operations::register(registration))
}

/// STS's table of contents.
#[must_use]
pub fn sts_registration() -> Registration {
    sts::register(Registration::new(&api_sts::SERVICE))
}

/// Access Analyzer's table of contents: the checks of policies.
#[must_use]
pub fn access_analyzer_registration() -> Registration {
    analyzer::register(Registration::new(&api_accessanalyzer::SERVICE))
}
