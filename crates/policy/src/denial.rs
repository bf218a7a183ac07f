use crate::decision::{Decision, Outcome, PolicyType};
use crate::request::Request;
use std::borrow::Cow;

/// What a service answers to a request that is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// The error code, such as `AccessDeniedException`.
    pub code: &'static str,
    /// The sentence.
    pub message: String,
    /// The HTTP status.
    pub status: u16,
}

/// How a service words its denials.
struct Style {
    code: &'static str,
    status: u16,
    action: Form,
    /// Quotes around the resource.
    quoted: bool,
    /// `on resource: *` is printed; others leave the resource out.
    star: bool,
}

/// How a service prints the action.
enum Form {
    AsIs,
    /// `SNS:Publish`
    Upper,
    /// `sqs:sendmessage`
    Lower,
}

const QUERY: Style =
    Style { code: "AccessDenied", status: 403, action: Form::AsIs, quoted: false, star: false };
const JSON: Style =
    Style { code: "AccessDeniedException", status: 400, action: Form::AsIs, quoted: false, star: false };
const REST_JSON: Style = Style { status: 403, ..JSON };

/// The style of a service, named as in its actions.
fn style(service: &str) -> Style {
    match service {
        "ec2" => Style { code: "UnauthorizedOperation", ..QUERY },
        "sns" => Style { code: "AuthorizationError", action: Form::Upper, ..QUERY },
        "sqs" => Style { action: Form::Lower, ..QUERY },
        "s3" | "s3control" => Style { quoted: true, ..QUERY },
        "lambda" => Style { star: true, ..REST_JSON },
        "iam"
        | "sts"
        | "cloudformation"
        | "cloudwatch"
        | "monitoring"
        | "autoscaling"
        | "rds"
        | "elasticloadbalancing"
        | "elasticache"
        | "redshift"
        | "ses"
        | "sdb"
        | "route53"
        | "cloudfront" => QUERY,
        "apigateway" | "backup" | "batch" | "bedrock" | "efs" | "elasticfilesystem" | "eks" | "es"
        | "guardduty" | "iot" | "pipes" | "scheduler" | "securityhub" | "xray" => REST_JSON,
        _ => JSON,
    }
}

/// The code, sentence and status with which a service (named as in its actions: `ec2`, `s3`, `logs` …) answers a request that
/// was denied.
///
/// EC2 adds an encoded message where an action has a resource: [`Denial::with_encoded_message`].
#[must_use]
pub fn denial(service: &str, decision: &Decision, request: &Request<'_>) -> Denial {
    let style = style(service);
    let message = match service {
        // S3 explains itself only within an account.
        "s3" | "s3control" if decision.cross_account || request.principal.account().is_none() => {
            "Access Denied".to_owned()
        }
        // STS does not say whether the role exists, or whose consent is lacking.
        "sts" if decision.outcome != Outcome::ExplicitDeny => subject(request, &style),
        "kms" if decision.cross_account && of_resource(decision) => format!(
            "User: {} is not authorized to perform: {} on this resource because the resource does not exist in this Region, \
             no resource-based policies allow access, or a resource-based policy explicitly denies access",
            request.principal.display(),
            action(request, &style)
        ),
        "ec2" => format!(
            "You are not authorized to perform this operation. {}",
            sentence(decision, request, &style)
        ),
        _ => sentence(decision, request, &style),
    };
    Denial { code: style.code, message, status: style.status }
}

/// Whether the resource's side denied. KMS then tells another account's callers nothing of the key, not even whether there is one.
fn of_resource(decision: &Decision) -> bool {
    let denies = decision.deciding.first().filter(|_| decision.outcome == Outcome::ExplicitDeny);
    denies.map(|reason| reason.policy_type).or(decision.missing.first().copied())
        == Some(PolicyType::Resource)
}

/// The sentence of today's AWS, as most services print it:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>
#[must_use]
pub fn explain(decision: &Decision, request: &Request<'_>) -> String {
    sentence(decision, request, &Style { star: true, ..JSON })
}

impl Denial {
    /// As EC2 ends it, with a message that `sts:DecodeAuthorizationMessage` decodes.
    #[must_use]
    pub fn with_encoded_message(mut self, encoded: &str) -> Self {
        self.message.push_str(". Encoded authorization failure message: ");
        self.message.push_str(encoded);
        self
    }
}

fn action<'a>(request: &Request<'a>, style: &Style) -> Cow<'a, str> {
    match (&style.action, request.action.split_once(':')) {
        (Form::Upper, Some((vendor, name))) => Cow::Owned(format!("{}:{name}", vendor.to_ascii_uppercase())),
        (Form::Lower, _) => Cow::Owned(request.action.to_ascii_lowercase()),
        _ => Cow::Borrowed(request.action),
    }
}

fn subject(request: &Request<'_>, style: &Style) -> String {
    let mut text = format!(
        "User: {} is not authorized to perform: {}",
        request.principal.display(),
        action(request, style)
    );
    if request.resource != "*" || style.star {
        let quote = if style.quoted { "\"" } else { "" };
        text.push_str(&format!(" on resource: {quote}{}{quote}", request.resource));
    }
    text
}

fn sentence(decision: &Decision, request: &Request<'_>, style: &Style) -> String {
    let mut text = subject(request, style);
    match decision.outcome {
        Outcome::Allowed => {}
        Outcome::ExplicitDeny => {
            if let Some(reason) = decision.deciding.first() {
                text.push_str(" with an explicit deny in ");
                text.push_str(explicit(reason.policy_type));
                let named = !matches!(reason.policy_type, PolicyType::Resource | PolicyType::Trust);
                if let Some(arn) = reason.arn.as_deref().filter(|_| named) {
                    text.push_str(": ");
                    text.push_str(arn);
                }
            }
        }
        Outcome::ImplicitDeny => {
            if let Some(policy_type) = decision.missing.first() {
                let action = action(request, style);
                text.push_str(&format!(" because no {} allows the {action} action", implicit(*policy_type)));
            }
        }
    }
    text
}

fn explicit(policy_type: PolicyType) -> &'static str {
    match policy_type {
        PolicyType::ServiceControl => "a service control policy",
        PolicyType::ResourceControl => "a resource control policy",
        PolicyType::Resource => "a resource-based policy",
        PolicyType::Trust => "the role trust policy",
        PolicyType::Identity => "an identity-based policy",
        PolicyType::Boundary => "a permissions boundary",
        PolicyType::Session => "a session policy",
    }
}

fn implicit(policy_type: PolicyType) -> &'static str {
    match policy_type {
        PolicyType::ServiceControl => "service control policy",
        PolicyType::ResourceControl => "resource control policy",
        PolicyType::Resource => "resource-based policy",
        PolicyType::Trust => "role trust policy",
        PolicyType::Identity => "identity-based policy",
        PolicyType::Boundary => "permissions boundary",
        PolicyType::Session => "session policy",
    }
}
