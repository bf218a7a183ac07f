/// What a document is for: decides what it must and must not contain, and the sentences of its errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An inline policy of a user, group or role. Version defaults to 2008-10-17.
    Identity,
    /// A managed policy (also as a permissions boundary): must be of Version 2012-10-17.
    Managed,
    /// A permissions boundary; as [`Kind::Managed`].
    Boundary,
    /// A policy passed to `AssumeRole` or `GetFederationToken`.
    Session,
    /// A service control policy.
    ServiceControl,
    /// A resource control policy: `Principal` must be `"*"`.
    ResourceControl,
    /// A role's trust policy: principals and STS actions, no resource.
    Trust,
    /// A policy attached to a resource.
    Resource(Flavour),
}

/// The service whose resource a policy is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// Bucket policies.
    S3,
    /// Topic policies.
    Sns,
    /// Queue policies.
    Sqs,
    /// Function and layer policies.
    Lambda,
    /// Key policies.
    Kms,
    /// CloudWatch Logs resource policies.
    Logs,
    /// Any other service's.
    Other,
}

impl Kind {
    /// The policy has no principals: it is attached to them (or to accounts).
    pub(crate) fn identity_like(self) -> bool {
        !matches!(self, Self::Trust | Self::Resource(_) | Self::ResourceControl)
    }

    /// Version 2012-10-17 must be written.
    pub(super) fn needs_version(self) -> bool {
        matches!(self, Self::Managed | Self::Boundary | Self::ServiceControl | Self::ResourceControl)
    }

    /// Statements may leave out `Resource`: they then hold for what the policy is attached to.
    pub(super) fn resource_optional(self) -> bool {
        matches!(self, Self::Resource(Flavour::Sns | Flavour::Other))
    }

    /// The error code that AWS answers to a document of this kind that it refuses, on the wire.
    #[must_use]
    pub fn error_code(self) -> &'static str {
        match self {
            Self::Resource(Flavour::S3) => "MalformedPolicy",
            Self::Resource(Flavour::Sns) => "InvalidParameter",
            Self::Resource(Flavour::Sqs) => "InvalidAttributeValue",
            Self::Resource(Flavour::Kms) => "MalformedPolicyDocumentException",
            Self::Resource(Flavour::Logs | Flavour::Lambda) => "InvalidParameterException",
            _ => "MalformedPolicyDocument",
        }
    }
}
