//! Remediation exceptions: resources that automatic remediation leaves alone.

use super::remediation::access;
use super::{Config, rules};
use crate::errors::invalid;
use crate::page::Page;
use crate::state::{EvaluationResult, RemediationConfiguration as Stored, RemediationException as Row};
use api_config::{
    ComplianceType, DeleteRemediationExceptions, DeleteRemediationExceptionsOutput,
    DescribeRemediationExceptions, DescribeRemediationExceptionsOutput, Error,
    FailedDeleteRemediationExceptionsBatch, FailedRemediationExceptionBatch,
    NoSuchRemediationExceptionException, PutRemediationExceptions, PutRemediationExceptionsOutput,
    RemediationException, RemediationExceptionResourceKey,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

fn pair(key: &RemediationExceptionResourceKey) -> Result<(&str, &str), Error> {
    match (&key.resource_type, &key.resource_id) {
        (Some(resource_type), Some(resource_id)) => Ok((resource_type, resource_id)),
        _ => Err(invalid("Both ResourceType and ResourceId are required in ResourceKeys.")),
    }
}

fn shown(row: Row) -> RemediationException {
    RemediationException {
        config_rule_name: row.rule,
        resource_type: row.resource_type,
        resource_id: row.resource_id,
        message: row.message,
        expiration_time: row.expires,
    }
}

impl Transact<PutRemediationExceptions> for Config {
    fn access(input: &PutRemediationExceptions, call: &Call, view: &View) -> Access {
        access("PutRemediationExceptions", call, view, &input.config_rule_name)
    }

    fn run(
        input: PutRemediationExceptions,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<PutRemediationExceptionsOutput, Error> {
        let rule = input.config_rule_name;
        rules::rule(tx, call, &rule).map_err(|_| {
            invalid(format!(
                "The ConfigRule '{rule}' provided in the request is invalid. Please check the configRule name"
            ))
        })?;
        if !tx.exists::<Stored>(call.scope(), rule.as_str())? {
            return Err(invalid(format!("The rule {rule} has no remediation configuration.")));
        }
        if input.expiration_time.is_some_and(|expires| expires <= call.now) {
            return Err(invalid("ExpirationTime must be in the future."));
        }
        let mut failed = Vec::new();
        for key in &input.resource_keys {
            let (resource_type, resource_id) = pair(key)?;
            let row = Row {
                scope: call.scope(),
                rule: rule.clone(),
                resource_type: resource_type.to_owned(),
                resource_id: resource_id.to_owned(),
                message: input.message.clone(),
                expires: input.expiration_time,
            };
            let result =
                tx.get::<EvaluationResult>(call.scope(), (rule.as_str(), resource_type, resource_id))?;
            if result.is_some_and(|result| result.compliance == ComplianceType::NonCompliant) {
                tx.put(row)?;
            } else {
                failed.push(shown(row));
            }
        }
        if failed.is_empty() {
            return Ok(PutRemediationExceptionsOutput { failed_batches: Some(Vec::new()) });
        }
        let message = "Remediation exceptions can be put for noncompliant resources only.";
        let batch = FailedRemediationExceptionBatch {
            failure_message: Some(message.into()),
            failed_items: Some(failed),
        };
        Ok(PutRemediationExceptionsOutput { failed_batches: Some(vec![batch]) })
    }
}

impl Transact<DescribeRemediationExceptions> for Config {
    fn access(input: &DescribeRemediationExceptions, call: &Call, view: &View) -> Access {
        access("DescribeRemediationExceptions", call, view, &input.config_rule_name)
    }

    fn run(
        input: DescribeRemediationExceptions,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeRemediationExceptionsOutput, Error> {
        let page = Page::new("remediation-exceptions", input.next_token.as_ref(), input.limit, 25, 25)?;
        let mut rows = tx.scan::<Row>(call.scope(), (input.config_rule_name.as_str(),)).rows()?;
        rows.retain(|row| row.expires.is_none_or(|expires| expires > call.now));
        if let Some(keys) = input.resource_keys.filter(|keys| !keys.is_empty()) {
            let pairs = keys.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
            rows.retain(|row| pairs.contains(&(row.resource_type.as_str(), row.resource_id.as_str())));
        }
        let (rows, next_token) = page.of(rows, |row| format!("{}/{}", row.resource_type, row.resource_id))?;
        let exceptions = rows.into_iter().map(shown).collect();
        Ok(DescribeRemediationExceptionsOutput { remediation_exceptions: Some(exceptions), next_token })
    }
}

impl Transact<DeleteRemediationExceptions> for Config {
    fn access(input: &DeleteRemediationExceptions, call: &Call, view: &View) -> Access {
        access("DeleteRemediationExceptions", call, view, &input.config_rule_name)
    }

    fn run(
        input: DeleteRemediationExceptions,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteRemediationExceptionsOutput, Error> {
        let (mut failed, mut deleted) = (Vec::new(), 0_usize);
        for key in input.resource_keys {
            let (resource_type, resource_id) = pair(&key)?;
            let gone = tx
                .remove::<Row>(call.scope(), (input.config_rule_name.as_str(), resource_type, resource_id))?;
            if gone.is_some() {
                deleted += 1;
            } else {
                failed.push(key);
            }
        }
        if deleted == 0 {
            let message = "You tried to delete a remediation exception that does not exist.";
            return Err(NoSuchRemediationExceptionException::new(message).into());
        }
        if failed.is_empty() {
            return Ok(DeleteRemediationExceptionsOutput { failed_batches: Some(Vec::new()) });
        }
        let message = "These resources have no remediation exception.";
        let batch = FailedDeleteRemediationExceptionsBatch {
            failure_message: Some(message.into()),
            failed_items: Some(failed),
        };
        Ok(DeleteRemediationExceptionsOutput { failed_batches: Some(vec![batch]) })
    }
}
