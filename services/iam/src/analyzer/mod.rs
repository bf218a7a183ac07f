//! Access Analyzer's check of policies: findings with AWS's codes, sentences and places
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html>).
//!
//! What it is: [`structure`] reads a document leniently, so that one mistake does not hide another, and each of the other files checks one
//! element against what [`crate::facts`] says of AWS. What it is not: it decides nothing and knows no resource, role or account; of AWS's list
//! the checks are left out that need facts which are not public (which services support which global key, which roles they name).

mod actions;
mod condition_actions;
mod condition_values;
mod conditions;
mod finding;
mod grants;
mod operation;
mod operator;
mod place;
mod principals;
mod redundancy;
mod resources;
mod size;
mod structure;
mod values;
mod variables;

use contract::Registration;
use finding::Finding;

/// The service.
pub(crate) struct AccessAnalyzer;

/// Adds what is served: the check of policies. Analyzers and their findings are not built.
pub(crate) fn register(registration: Registration) -> Registration {
    registration.transact::<AccessAnalyzer, api_accessanalyzer::ValidatePolicy>()
}

/// What a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Identity,
    ServiceControl,
    ResourceControl,
    /// A role's trust policy.
    Trust,
    /// A resource's, of a type (`AWS::S3::Bucket`) where the caller named it.
    Resource(Option<&'static str>),
}

impl Kind {
    /// As sentences name it.
    fn name(self) -> &'static str {
        match self {
            Self::Identity => "IDENTITY_POLICY",
            Self::ServiceControl => "SERVICE_CONTROL_POLICY",
            Self::ResourceControl => "RESOURCE_CONTROL_POLICY",
            Self::Trust | Self::Resource(_) => "RESOURCE_POLICY",
        }
    }

    /// Its statements name principals.
    fn has_principals(self) -> bool {
        matches!(self, Self::Trust | Self::Resource(_) | Self::ResourceControl)
    }

    /// The service of the resource that it is attached to, where that is known.
    fn service(self) -> Option<&'static str> {
        match self {
            Self::Resource(Some("AWS::DynamoDB::Table")) => Some("dynamodb"),
            Self::Resource(Some("AWS::S3ObjectLambda::AccessPoint")) => Some("s3-object-lambda"),
            Self::Resource(Some(_)) => Some("s3"),
            _ => None,
        }
    }
}

/// All findings of a document, in the order of its text.
fn findings(text: &str, kind: Kind) -> Vec<Finding> {
    let mut report = finding::Report::new(kind);
    if let Some(document) = structure::read(text, &mut report) {
        for statement in &document.statements {
            actions::check(statement, &mut report);
            resources::check(statement, &document, &mut report);
            principals::check(statement, &mut report);
            conditions::check(statement, &document, &mut report);
            grants::check(statement, &mut report);
        }
        redundancy::check(&document, &mut report);
    }
    report.finish()
}

#[cfg(test)]
mod tests;
