use super::{Flavour, Kind};

/// What is wrong with a document. `Display` says it for its author; [`Problem::sentence`] as AWS says it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Not JSON, too long, too deep, or a field occurs twice.
    #[error("the document is not JSON that can be read: {0}")]
    Json(String),
    /// The document does not begin with a brace.
    #[error("a policy is a JSON object: its first character must be '{{'")]
    FirstByte,
    /// A value of the wrong JSON type.
    #[error("{0}")]
    Shape(String),
    /// A field that policies do not have.
    #[error("policies have no field {0:?}; names are case-sensitive")]
    UnknownField(String),
    /// Version is missing or 2008-10-17 where 2012-10-17 must be written.
    #[error("the document must say \"Version\": \"2012-10-17\"")]
    VersionTooOld,
    /// A version that does not exist.
    #[error("there is no version {0:?} of the policy language; use \"2012-10-17\"")]
    VersionUnknown(String),
    /// A field that must be there.
    #[error("{0} is missing")]
    MissingField(&'static str),
    /// No statement.
    #[error("the document has no statement")]
    EmptyStatement,
    /// `Principal` is an empty object.
    #[error("Principal names nobody")]
    EmptyPrincipal,
    /// A field that this kind of policy must not have.
    #[error("this kind of policy must not have {0}")]
    ProhibitedField(&'static str),
    /// An Allow with `NotPrincipal` would let in everybody else, anonymous callers included.
    #[error("an Allow statement must not use NotPrincipal")]
    AllowNotPrincipal,
    /// Not `Allow` or `Deny`.
    #[error("Effect must be \"Allow\" or \"Deny\", not {0:?}")]
    Effect(String),
    /// Two statements with one Sid.
    #[error("the Sid {0:?} occurs twice")]
    DuplicateSid(String),
    /// A Sid with characters other than letters and digits.
    #[error("the Sid {0:?} must be letters and digits")]
    SidCharacters(String),
    /// An action without service prefix.
    #[error("the action {0:?} must be written as service:Action, such as s3:GetObject")]
    ActionWithoutVendor(String),
    /// A service prefix with characters that none has.
    #[error("{0:?} is no service prefix")]
    ActionVendor(String),
    /// More than one colon.
    #[error("the action {0:?} has more than one colon")]
    ActionColons(String),
    /// An action that this resource's policy cannot grant.
    #[error("the action {0:?} cannot be used in the policy of this resource")]
    ActionOutOfScope(String),
    /// Neither an ARN nor `*`.
    #[error("the resource {0:?} must be an ARN or \"*\"")]
    ResourceFormat(String),
    /// An unknown partition; the second field is the ARN as AWS completes it.
    #[error("{partition:?} is no partition in {resource:?}")]
    ResourcePartition {
        /// The partition as written.
        partition: String,
        /// The ARN with the missing segments filled by `*`.
        resource: String,
    },
    /// The ARN's service is missing or has wildcards.
    #[error("the service in {0:?} must be written out, without wildcards")]
    ResourceVendor(String),
    /// The ARN lacks segments or its service is empty.
    #[error("the ARN {0:?} has the wrong number of colons, or no service")]
    ResourceSegments(String),
    /// A region in the ARN of a global service.
    #[error("{0:?} must not name a region")]
    ResourceRegion(String),
    /// An IAM ARN of an unknown type.
    #[error("{0:?} names no type of IAM resource")]
    IamPath(String),
    /// A principal that cannot be one: the type as AWS prints it (`AWS`, `SERVICE`, `FEDERATED`, `STAR`) and the value.
    #[error("{value:?} is no {kind} principal")]
    Principal {
        /// `AWS`, `SERVICE`, `FEDERATED`, `CANONICAL_USER` or `STAR`; another text is the unknown type itself.
        kind: String,
        /// The value as written.
        value: String,
    },
    /// A condition operator that does not exist.
    #[error("there is no condition operator {0:?}")]
    ConditionOperator(String),
    /// A value that is not of the operator's type.
    #[error("{value:?} is no value for {operator} on {key}")]
    ConditionValue {
        /// The operator as written.
        operator: String,
        /// The key as written.
        key: String,
        /// The value as written.
        value: String,
    },
}

const SYNTAX: &str = "Syntax errors in policy.";
const LEGACY: &str = "The policy failed legacy parsing";

impl Problem {
    /// The sentence that AWS prints.
    #[must_use]
    pub fn sentence(&self, kind: Kind) -> String {
        match kind {
            Kind::Trust => self.trust_sentence(),
            Kind::Resource(Flavour::S3) => self.bucket_sentence(),
            Kind::Resource(Flavour::Sns) => match self {
                Self::ActionOutOfScope(_) => {
                    "Invalid parameter: Policy statement action out of service scope!".into()
                }
                Self::Principal { .. } => "Invalid parameter: Policy Error: PrincipalNotFound".into(),
                _ => "Invalid parameter: Policy Error: null".into(),
            },
            Kind::Resource(Flavour::Sqs) => "Invalid value for the parameter Policy.".into(),
            Kind::Resource(Flavour::Kms) if matches!(self, Self::Principal { .. }) => {
                "Policy contains a statement with one or more invalid principals.".into()
            }
            Kind::Resource(_) => {
                self.common_sentence().unwrap_or_else(|| format!("Invalid policy document: {self}."))
            }
            _ => self.identity_sentence(),
        }
    }

    /// IAM's sentences for identity policies.
    fn identity_sentence(&self) -> String {
        match self {
            Self::VersionTooOld => "Policy document must be version 2012-10-17 or greater.".into(),
            Self::MissingField("Action") => "Policy statement must contain actions.".into(),
            Self::MissingField("Resource") => "Policy statement must contain resources.".into(),
            Self::ProhibitedField("Principal" | "NotPrincipal") => "Policy document should not specify a principal.".into(),
            Self::DuplicateSid(_) => "Statement IDs (SID) in a single policy must be unique.".into(),
            Self::SidCharacters(_) => {
                "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*".into()
            }
            Self::Effect(text) if text.eq_ignore_ascii_case("Allow") || text.eq_ignore_ascii_case("Deny") => LEGACY.into(),
            Self::ActionWithoutVendor(_) => "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.".into(),
            Self::ActionVendor(vendor) => format!("Vendor {vendor} is not valid"),
            Self::ActionColons(_) => "Actions/Condition can contain only one colon.".into(),
            Self::ResourceFormat(text) => format!("Resource {text} must be in ARN format or \"*\"."),
            Self::ResourcePartition { partition, resource } => {
                format!("Partition \"{partition}\" is not valid for resource \"{resource}\".")
            }
            Self::ResourceVendor(_) => "Resource vendor must be fully qualified and cannot contain regexes.".into(),
            Self::ResourceSegments(_) | Self::ConditionValue { .. } => LEGACY.into(),
            Self::ResourceRegion(arn) if arn.contains(":iam:") => {
                format!("IAM resource {arn} cannot contain region information.")
            }
            Self::ResourceRegion(arn) => format!("Resource {arn} can not contain region information."),
            Self::IamPath(_) => "IAM resource path must either be \"*\" or start with user/, federated-user/, role/, group/, \
                 instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, \
                 access-report/."
                .into(),
            _ => SYNTAX.into(),
        }
    }

    /// The sentences of the newer parser, which trust policies and most resource policies share.
    fn common_sentence(&self) -> Option<String> {
        Some(match self {
            Self::Json(_) | Self::FirstByte => "This policy contains invalid Json".into(),
            Self::UnknownField(name) => format!("Unknown field {name}"),
            Self::VersionUnknown(_) => "The policy must contain a valid version string".into(),
            Self::MissingField(name) => format!("Missing required field {name}"),
            Self::EmptyStatement => "Could not parse the policy: Statement is empty!".into(),
            Self::EmptyPrincipal => "Missing required field Principal cannot be empty!".into(),
            Self::ProhibitedField(name) => format!("Has prohibited field {name}"),
            Self::AllowNotPrincipal => "Allow with NotPrincipal is not allowed.".into(),
            Self::Effect(text) => format!("Invalid effect: {text}"),
            Self::DuplicateSid(_) => "The Statement Ids in the policy are not unique".into(),
            _ => return None,
        })
    }

    fn trust_sentence(&self) -> String {
        match self {
            Self::ProhibitedField("NotResource") => "AssumeRole policy must not contain resources.".into(),
            Self::ProhibitedField("NotPrincipal") => {
                "AssumeRole policy must not contain NotPrincipal field.".into()
            }
            Self::ActionOutOfScope(_)
            | Self::ActionWithoutVendor(_)
            | Self::ActionColons(_)
            | Self::ActionVendor(_) => "AssumeRole policy may only specify STS AssumeRole actions.".into(),
            Self::Principal { kind, value } if kind == "STAR" => {
                format!("AssumeRolepolicy contained an invalid principal: \"STAR\":\"{value}\".")
            }
            Self::Principal { kind, value } => format!("Invalid principal in policy: \"{kind}\":\"{value}\""),
            other => other.common_sentence().unwrap_or_else(|| "Syntax error in policy.".into()),
        }
    }

    fn bucket_sentence(&self) -> String {
        match self {
            Self::FirstByte => "Policies must be valid JSON and the first byte must be '{'".into(),
            Self::Principal { .. } => "Invalid principal in policy".into(),
            Self::ActionOutOfScope(_)
            | Self::ActionWithoutVendor(_)
            | Self::ActionColons(_)
            | Self::ActionVendor(_) => "Policy has invalid action".into(),
            Self::ResourceFormat(_)
            | Self::ResourcePartition { .. }
            | Self::ResourceVendor(_)
            | Self::ResourceSegments(_)
            | Self::ResourceRegion(_)
            | Self::IamPath(_) => "Policy has invalid resource".into(),
            other => other.common_sentence().unwrap_or_else(|| "Invalid policy syntax.".into()),
        }
    }
}
