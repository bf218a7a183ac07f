use crate::parse::Kind;
use crate::{Context, Document, Principal};
use names::AccountId;
use std::sync::Arc;

/// What is asked: may this principal do this action to this resource in this context.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// Who asks.
    pub principal: &'a Principal,
    /// The action as AWS writes it, such as `ec2:CreateVpc`.
    pub action: &'a str,
    /// The resource's ARN, or `*` where the action is on none.
    pub resource: &'a str,
    /// The account that owns the resource. None: the account in the ARN, or, where it names none, the principal's own. An S3 ARN
    /// names none, so that an S3 resource without owner counts as another account's: pass the bucket's owner.
    pub resource_account: Option<AccountId>,
    /// The condition keys.
    pub context: &'a Context,
    /// The principal's canonical user id, for bucket policies that name one.
    pub canonical_user: Option<&'a str>,
}

/// A policy that takes part in a decision, with the names by which reasons call it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Attached {
    /// The document.
    pub document: Arc<Document>,
    /// The name of an inline policy, or of a managed one.
    pub name: Arc<str>,
    /// The ARN, where the policy has one: AWS names it in an explicit denial.
    pub arn: Option<Arc<str>>,
}

/// What part the policy of a resource plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Authority {
    /// It adds to the identity policies of its own account (buckets, topics, queues, functions …).
    Ordinary,
    /// A role's trust policy: without its consent nobody assumes the role.
    Trust,
    /// A key policy: without its consent nobody uses the key, not even the account's root.
    Key,
}

/// The policy of the resource.
#[derive(Debug, Clone)]
pub struct ResourcePolicy {
    /// The policy; its name is the resource's ARN or name.
    pub policy: Attached,
    /// What part it plays.
    pub authority: Authority,
}

/// All policies that bear on a request.
///
/// A resource whose policy is authoritative (a role, a key) and that has none, or one that cannot be read, must be given
/// [`Policies::no_resource_policy`]: leaving `resource` empty would hand the decision to the identity policies.
#[derive(Debug, Clone, Default)]
pub struct Policies {
    /// Of the user, its groups, or the role.
    pub identity: Vec<Attached>,
    /// The permissions boundary of the user or role.
    pub boundary: Option<Attached>,
    /// Session policies. None: none were passed. An empty list grants nothing.
    pub session: Option<Vec<Attached>>,
    /// The resource's own policy.
    pub resource: Option<ResourcePolicy>,
    /// The resource is governed by a policy of this authority and has none: as if by one that grants nothing.
    pub no_resource_policy: Option<Authority>,
    /// Service control policies of the principal's account, one list a level (root, units, account): every level must allow.
    /// None: the account is in no organization, or is its management account.
    pub service_control: Option<Vec<Vec<Attached>>>,
    /// Resource control policies of the resource's account, by level. None: as above.
    pub resource_control: Option<Vec<Vec<Attached>>>,
}

impl Attached {
    /// An inline policy.
    #[must_use]
    pub fn inline(name: &str, document: Arc<Document>) -> Self {
        Self { document, name: name.into(), arn: None }
    }

    /// A managed policy; its name is the end of its ARN.
    #[must_use]
    pub fn managed(arn: &str, document: Arc<Document>) -> Self {
        let name = arn.rsplit('/').next().unwrap_or(arn);
        Self { document, name: name.into(), arn: Some(arn.into()) }
    }
}

impl ResourcePolicy {
    /// The policy of a resource: a trust policy and a key policy are so by the kind of their document.
    #[must_use]
    pub fn new(resource: &str, document: Arc<Document>) -> Self {
        let authority = match document.kind() {
            Kind::Trust => Authority::Trust,
            Kind::Resource(crate::Flavour::Kms) => Authority::Key,
            _ => Authority::Ordinary,
        };
        Self { policy: Attached { document, name: resource.into(), arn: None }, authority }
    }
}

impl Policies {
    /// The authority that governs the resource.
    pub(crate) fn authority(&self) -> Authority {
        self.resource
            .as_ref()
            .map(|resource| resource.authority)
            .or(self.no_resource_policy)
            .unwrap_or(Authority::Ordinary)
    }
}
