//! AddPermission and RemovePermission: statements of the topic's policy.

use super::{topic, topic_attributes};
use crate::Sns;
use crate::access::on_topic;
use crate::refusal::invalid;
use crate::state::Topic;
use api_sns::{AddPermission, AddPermissionOutput, Error, RemovePermission, RemovePermissionOutput};
use contract::{Access, Call, Transact};
use names::AccountId;
use store::{Tx, View};
use wire::{Document, document};

impl Transact<AddPermission> for Sns {
    fn access(input: &AddPermission, call: &Call, view: &View) -> Access {
        on_topic("AddPermission", &input.topic_arn, call, view)
    }

    fn run(input: AddPermission, call: &Call, tx: &mut Tx) -> Result<AddPermissionOutput, Error> {
        let topic = topic(tx, "TopicArn", &input.topic_arn, call)?;
        let characters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if input.label.is_empty() || input.label.len() > 80 || !input.label.bytes().all(characters) {
            return Err(invalid("Label"));
        }
        if input.aws_account_id.is_empty() {
            return Err(invalid("AWSAccountId Reason: no value for required parameter"));
        }
        if input.action_name.is_empty() {
            return Err(invalid("ActionName Reason: no value for required parameter"));
        }
        let mut principals = Vec::new();
        for account in &input.aws_account_id {
            let account: AccountId = account.parse().map_err(|_| invalid("AWSAccountId"))?;
            principals.push(format!("arn:aws:iam::{account}:root"));
        }
        let actions: Vec<String> = input.action_name.iter().map(|action| format!("SNS:{action}")).collect();
        let (mut policy, mut statements) = read(&topic)?;
        if statements.iter().any(|statement| sid(statement) == Some(&input.label)) {
            return Err(invalid("Statement already exists"));
        }
        statements.push(document!({
            "Sid": (input.label),
            "Effect": "Allow",
            "Principal": { "AWS": (one_or_many(principals)) },
            "Action": (one_or_many(actions)),
            "Resource": (topic.arn().to_string()),
        }));
        policy.set("Statement", statements);
        write(topic, &policy, tx)?;
        Ok(AddPermissionOutput {})
    }
}

impl Transact<RemovePermission> for Sns {
    fn access(input: &RemovePermission, call: &Call, view: &View) -> Access {
        on_topic("RemovePermission", &input.topic_arn, call, view)
    }

    fn run(input: RemovePermission, call: &Call, tx: &mut Tx) -> Result<RemovePermissionOutput, Error> {
        let topic = topic(tx, "TopicArn", &input.topic_arn, call)?;
        let (mut policy, mut statements) = read(&topic)?;
        let before = statements.len();
        statements.retain(|statement| sid(statement) != Some(&input.label));
        if statements.len() == before {
            return Err(invalid("Label"));
        }
        policy.set("Statement", statements);
        write(topic, &policy, tx)?;
        Ok(RemovePermissionOutput {})
    }
}

fn read(topic: &Topic) -> Result<(Document, Vec<Document>), Error> {
    let policy = Document::parse(&topic.policy_text()).map_err(|_| invalid("Policy Error: null"))?;
    let statements = match policy.get("Statement") {
        Some(Document::Array(statements)) => statements.clone(),
        Some(statement) => vec![statement.clone()],
        None => Vec::new(),
    };
    Ok((policy, statements))
}

fn write(mut topic: Topic, policy: &Document, tx: &mut Tx) -> Result<(), Error> {
    let text = policy.to_string();
    // Without its last statement a policy grants and denies nothing, but cannot be written so by SetTopicAttributes.
    if policy.get("Statement").and_then(Document::as_array).is_none_or(|statements| !statements.is_empty()) {
        topic_attributes::check_policy(&text, &topic.arn())?;
    }
    topic.attributes.insert("Policy".into(), text);
    Ok(tx.update(topic)?)
}

fn sid(statement: &Document) -> Option<&String> {
    match statement.get("Sid") {
        Some(Document::String(sid)) => Some(sid),
        _ => None,
    }
}

fn one_or_many(mut texts: Vec<String>) -> Document {
    if texts.len() == 1 { Document::from(texts.pop().unwrap_or_default()) } else { Document::from(texts) }
}
