use super::{Rule, Violation};
use crate::{ErrorResponse, OperationSchema, Protocol};

/// The error for violated constraints, with AWS's code and sentence: the protocol family's, or the code of the service where it has one of
/// its own ([`ServiceSchema::constraint_code`](crate::ServiceSchema::constraint_code)) for the same sentence.
#[must_use]
pub fn refusal(
    protocol: Protocol,
    operation: &'static OperationSchema,
    violations: &[Violation],
) -> ErrorResponse {
    let own = operation.service.constraint_code;
    // SQS constrains nothing but presence, and names one parameter at a time.
    let missing = violations.iter().find(|violation| violation.rule == Rule::Missing);
    if let (Some("MissingParameter"), Some(Violation { parameter, .. })) = (own, missing) {
        let sentence = format!("The request must contain the parameter {parameter}.");
        let code = Some("MissingParameter");
        return ErrorResponse {
            query_code: code,
            ..ErrorResponse::sender("MissingRequiredParameterException", sentence)
        };
    }
    match protocol {
        Protocol::Json10 | Protocol::Json11 | Protocol::RestJson | Protocol::Cbor => {
            ErrorResponse::sender(own.unwrap_or("ValidationException"), sentence(violations))
        }
        Protocol::Query => ErrorResponse::sender(own.unwrap_or("ValidationError"), sentence(violations)),
        Protocol::Ec2 => ec2(violations),
        Protocol::RestXml => rest_xml(operation, violations),
    }
}

/// `2 validation errors detected: Value … failed to satisfy constraint: …; Value …`
fn sentence(violations: &[Violation]) -> String {
    let count = violations.len();
    let mut text = format!("{count} validation error{} detected: ", if count == 1 { "" } else { "s" });
    for (index, violation) in violations.iter().enumerate() {
        if index > 0 {
            text.push_str("; ");
        }
        let Violation { path, value, sensitive, rule, .. } = violation;
        match value {
            Some(_) if *sensitive => text.push_str(&format!("Value at '{path}'")),
            Some(value) => text.push_str(&format!("Value '{value}' at '{path}'")),
            None => text.push_str(&format!("Value null at '{path}'")),
        }
        text.push_str(&format!(" failed to satisfy constraint: {rule}"));
    }
    text
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => write!(f, "Member must not be null"),
            Self::MinLength(min) => write!(f, "Member must have length greater than or equal to {min}"),
            Self::MaxLength(max) => write!(f, "Member must have length less than or equal to {max}"),
            Self::Min(min) => write!(f, "Member must have value greater than or equal to {min}"),
            Self::Max(max) => write!(f, "Member must have value less than or equal to {max}"),
            Self::Pattern(text) => write!(f, "Member must satisfy regular expression pattern: {text}"),
            Self::Enum(values) => write!(f, "Member must satisfy enum value set: [{}]", values.join(", ")),
            Self::Elements(rules) => write!(f, "Member must satisfy constraint: [{}]", joined(rules)),
            Self::Keys(rules) => write!(f, "Map keys must satisfy constraint: [{}]", joined(rules)),
            Self::Values(rules) => write!(f, "Map value must satisfy constraint: [{}]", joined(rules)),
        }
    }
}

fn joined(rules: &[Rule]) -> String {
    rules.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// EC2 names one parameter at a time: those that are missing first.
fn ec2(violations: &[Violation]) -> ErrorResponse {
    let missing = violations.iter().find(|violation| violation.rule == Rule::Missing);
    if let Some(Violation { parameter, .. }) = missing {
        let mut letters = parameter.chars();
        let first = letters.next().map(|first| first.to_ascii_lowercase());
        let parameter: String = first.into_iter().chain(letters).collect();
        return ErrorResponse::sender(
            "MissingParameter",
            format!("The request must contain the parameter {parameter}"),
        );
    }
    let Some(Violation { path, value, sensitive, rule, .. }) = violations.first() else {
        return ErrorResponse::sender("InvalidParameterValue", "The request is invalid.");
    };
    let printed = if *sensitive { "" } else { value.as_deref().unwrap_or_default() };
    let message = match rule {
        // "greater than" is what AWS says, though the bound itself is taken.
        Rule::Min(min) => {
            format!(
                "Value ( {printed} ) for parameter {path} is invalid. Expecting a value greater than {min}."
            )
        }
        Rule::Max(max) => {
            format!(
                "Value ( {printed} ) for parameter {path} is invalid. Expecting a value less than or equal to {max}."
            )
        }
        Rule::MinLength(min) => {
            format!("Value ({printed}) for parameter {path} is invalid. Its length must be at least {min}.")
        }
        Rule::MaxLength(max) => {
            format!("Value ({printed}) for parameter {path} is invalid. Its length must be at most {max}.")
        }
        _ => format!("Value ({printed}) for parameter {path} is invalid."),
    };
    ErrorResponse::sender("InvalidParameterValue", message)
}

/// S3 finds fault with the document as a whole, with an argument by its header's or parameter's name.
fn rest_xml(operation: &'static OperationSchema, violations: &[Violation]) -> ErrorResponse {
    let in_body = |violation: &Violation| {
        let top = violation.path.split('.').next().unwrap_or_default();
        let member = operation.input.members().iter().find(|member| member.name.eq_ignore_ascii_case(top));
        member
            .is_none_or(|member| matches!(member.location, crate::Location::Body | crate::Location::Payload))
    };
    match violations.iter().find(|violation| !in_body(violation)) {
        None if violations
            .iter()
            .all(|violation| violation.rule == Rule::Missing && !violation.path.contains('.')) =>
        {
            ErrorResponse::sender("MissingRequestBodyError", "Request Body is empty")
        }
        None => ErrorResponse::sender("MalformedXML", MALFORMED_XML),
        Some(Violation { parameter, value: None, .. }) => ErrorResponse::sender(
            "InvalidRequest",
            format!("Missing required header for this request: {parameter}"),
        ),
        Some(Violation { parameter, value: Some(value), sensitive, rule, .. }) => {
            let mut error = ErrorResponse::sender("InvalidArgument", format!("Invalid {parameter}: {rule}"));
            error.members.push(("ArgumentName", (*parameter).into()));
            if !sensitive {
                error.members.push(("ArgumentValue", value.as_str().into()));
            }
            error
        }
    }
}

/// What S3 says of a body that it cannot use.
pub(crate) const MALFORMED_XML: &str =
    "The XML you provided was not well-formed or did not validate against our published schema";
