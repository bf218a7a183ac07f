//! Statements of resource policies, as AddPermission and AddLayerVersionPermission make them.

use crate::error::invalid;
use crate::state::{Permissions, Statement};
use api_lambda::{AddPermission, Error, PolicyLengthExceededException};
use names::Arn;
use policy::{Flavour, Kind};
use wire::{Document, document};

/// The longest policy, in bytes.
const LONGEST: usize = 20_480;

/// `Principal` of a statement: everyone, an account, an IAM identity or a service.
pub(crate) fn principal(text: &str) -> Result<Document, Error> {
    let refused = || invalid("The provided principal was invalid. Please check the principal and try again.");
    if text == "*" {
        return Ok(Document::from("*"));
    }
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(document!({ "AWS": (format!("arn:aws:iam::{text}:root")) }));
    }
    if text.starts_with("arn:") {
        let arn: Arn = text.parse().map_err(|_| refused())?;
        if !matches!(arn.service.as_str(), "iam" | "sts") || arn.account.is_none() {
            return Err(refused());
        }
        return Ok(document!({ "AWS": text }));
    }
    let service = text.ends_with(".amazonaws.com") || text.ends_with(".amazon.com");
    let characters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    if !service || !text.bytes().all(characters) {
        return Err(refused());
    }
    Ok(document!({ "Service": text }))
}

/// The statement of an AddPermission.
pub(crate) fn for_function(input: &AddPermission, resource: &str) -> Result<Statement, Error> {
    let mut equals = Document::object();
    let mut given = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            equals.set(key, value);
        }
    };
    given("AWS:SourceAccount", input.source_account.as_deref());
    given("lambda:EventSourceToken", input.event_source_token.as_deref());
    given("lambda:FunctionUrlAuthType", input.function_url_auth_type.map(|auth| auth.as_str()));
    given("aws:PrincipalOrgID", input.principal_org_id.as_deref());
    let mut condition = Document::object();
    if equals.as_object().is_some_and(|members| !members.is_empty()) {
        condition.set("StringEquals", equals);
    }
    if let Some(arn) = &input.source_arn {
        condition.set("ArnLike", document!({ "AWS:SourceArn": (arn.as_str()) }));
    }
    if let Some(via) = input.invoked_via_function_url {
        condition
            .set("Bool", document!({ "lambda:InvokedViaFunctionUrl": (if via { "true" } else { "false" }) }));
    }
    let mut statement = document!({
        "Sid": (input.statement_id.as_str()),
        "Effect": "Allow",
        "Principal": (principal(&input.principal)?),
        "Action": (input.action.as_str()),
        "Resource": resource,
    });
    if condition.as_object().is_some_and(|members| !members.is_empty()) {
        statement.set("Condition", condition);
    }
    Ok(Statement::new(&input.statement_id, &statement))
}

/// Refuses what authorization could not judge by, and what is too long.
pub(crate) fn check(permissions: &Permissions) -> Result<(), Error> {
    let document = permissions.document();
    if document.len() > LONGEST {
        let length = document.len();
        let message = format!("The final policy size ({length}) is bigger than the limit ({LONGEST}).");
        return Err(PolicyLengthExceededException { message, r#type: Some("User".into()) }.into());
    }
    policy::parse(&document, Kind::Resource(Flavour::Lambda)).map_err(|error| invalid(error.message()))?;
    Ok(())
}
