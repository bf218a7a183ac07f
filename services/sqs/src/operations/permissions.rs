//! AddPermission and RemovePermission: statements of the queue's policy.

use super::queue;
use crate::access::on_url;
use crate::refusal::{attribute_value, invalid_value, missing};
use crate::state::Queue;
use crate::{Sqs, attributes};
use api_sqs::{
    AddPermission, AddPermissionOutput, Error, OverLimit, RemovePermission, RemovePermissionOutput,
};
use contract::{Access, Call, Transact};
use names::AccountId;
use store::{Tx, View};
use wire::{Document, document};

/// What can be given away so.
const ACTIONS: &[&str] = &[
    "*",
    "ChangeMessageVisibility",
    "DeleteMessage",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "PurgeQueue",
    "ReceiveMessage",
    "SendMessage",
];
const MOST_ACTIONS: usize = 7;

impl Transact<AddPermission> for Sqs {
    fn access(input: &AddPermission, call: &Call, view: &View) -> Access {
        on_url("AddPermission", &input.queue_url, call, view)
    }

    fn run(input: AddPermission, call: &Call, tx: &mut Tx) -> Result<AddPermissionOutput, Error> {
        let mut queue = queue(tx, &input.queue_url, call)?;
        check_label(&input.label)?;
        if input.aws_account_ids.is_empty() {
            return Err(missing("AWSAccountIds"));
        }
        if input.actions.is_empty() {
            return Err(missing("Actions"));
        }
        if input.actions.len() > MOST_ACTIONS {
            let count = input.actions.len();
            let message = format!("{count} Actions were found, maximum allowed is {MOST_ACTIONS}.");
            return Err(OverLimit::new(message).into());
        }
        let mut principals = Vec::new();
        for account in &input.aws_account_ids {
            let account: AccountId = account
                .parse()
                .map_err(|_| invalid_value(format!("[{account}]"), "PrincipalId", "Unable to verify."))?;
            principals.push(format!("arn:aws:iam::{account}:root"));
        }
        let mut actions = Vec::new();
        for action in &input.actions {
            if !ACTIONS.contains(&action.as_str()) {
                return Err(invalid_value(
                    format!("SQS:{action}"),
                    "ActionName",
                    "Please refer to the appropriate WSDL for a list of valid actions. ",
                ));
            }
            actions.push(format!("SQS:{action}"));
        }
        let (mut policy, mut statements) = read(&queue)?;
        if statements.iter().any(|statement| sid(statement) == Some(&input.label)) {
            return Err(invalid_value(input.label, "Label", "Already exists."));
        }
        statements.push(document!({
            "Sid": (input.label),
            "Effect": "Allow",
            "Principal": { "AWS": (one_or_many(principals)) },
            "Action": (one_or_many(actions)),
            "Resource": (queue.arn().to_string()),
        }));
        policy.set("Statement", statements);
        let text = policy.to_string();
        attributes::check_policy(&text)?;
        queue.attributes.insert("Policy".into(), text);
        queue.modified = call.now;
        tx.update(queue)?;
        Ok(AddPermissionOutput {})
    }
}

impl Transact<RemovePermission> for Sqs {
    fn access(input: &RemovePermission, call: &Call, view: &View) -> Access {
        on_url("RemovePermission", &input.queue_url, call, view)
    }

    fn run(input: RemovePermission, call: &Call, tx: &mut Tx) -> Result<RemovePermissionOutput, Error> {
        let mut queue = queue(tx, &input.queue_url, call)?;
        check_label(&input.label)?;
        let (mut policy, mut statements) = read(&queue)?;
        let before = statements.len();
        statements.retain(|statement| sid(statement) != Some(&input.label));
        if statements.len() == before {
            return Err(invalid_value(input.label, "Label", "can't find label on existing policy."));
        }
        if statements.is_empty() {
            queue.attributes.remove("Policy");
        } else {
            policy.set("Statement", statements);
            queue.attributes.insert("Policy".into(), policy.to_string());
        }
        queue.modified = call.now;
        tx.update(queue)?;
        Ok(RemovePermissionOutput {})
    }
}

fn check_label(label: &str) -> Result<(), Error> {
    let characters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if (1..=80).contains(&label.len()) && label.bytes().all(characters) {
        return Ok(());
    }
    let reason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length";
    Err(invalid_value(label, "Label", reason))
}

fn read(queue: &Queue) -> Result<(Document, Vec<Document>), Error> {
    let Some(text) = queue.attributes.get("Policy") else {
        let id = format!("{}/SQSDefaultPolicy", queue.arn());
        return Ok((document!({ "Version": "2008-10-17", "Id": id }), Vec::new()));
    };
    let policy = Document::parse(text).map_err(|_| attribute_value("Policy"))?;
    let statements = match policy.get("Statement") {
        Some(Document::Array(statements)) => statements.clone(),
        Some(statement) => vec![statement.clone()],
        None => Vec::new(),
    };
    Ok((policy, statements))
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
