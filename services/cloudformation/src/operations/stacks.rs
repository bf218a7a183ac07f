//! What stacks there are.

use super::{CloudFormation, any_stack, invalid, named_stack, on_stack, page};
use crate::engine::{plan, record};
use crate::state::drift::StackDrift;
use crate::state::stack::{OnFailure, Stack};
use api_cloudformation::{
    DescribeStacks, DescribeStacksOutput, Error, ListStacks, ListStacksOutput, Output, Parameter,
    RollbackConfiguration, StackDriftInformation, StackDriftInformationSummary, StackSummary, Tag,
    UpdateTerminationProtection, UpdateTerminationProtectionOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

const PAGE: usize = 100;

impl Transact<DescribeStacks> for CloudFormation {
    fn access(input: &DescribeStacks, call: &Call, view: &View) -> Access {
        on_stack("DescribeStacks", input.stack_name.as_deref().unwrap_or("*"), call, view)
    }

    fn run(input: DescribeStacks, call: &Call, tx: &mut Tx) -> Result<DescribeStacksOutput, Error> {
        let stacks = match &input.stack_name {
            Some(name) => vec![any_stack(tx, call, name)?],
            None => {
                let mut live: Vec<Stack> = tx.list::<Stack>(call.scope())?;
                live.retain(|stack| !stack.is_deleted());
                live
            }
        };
        let (stacks, next_token) = newest_first(stacks, input.next_token.as_deref())?;
        let mut told = Vec::with_capacity(stacks.len());
        for stack in stacks {
            let (status, last_check_timestamp) = StackDrift::of(tx, &stack)?;
            told.push(api_cloudformation::Stack {
                drift_information: Some(StackDriftInformation {
                    stack_drift_status: status.parse().unwrap_or_default(),
                    last_check_timestamp,
                }),
                ..described(stack)
            });
        }
        Ok(DescribeStacksOutput { stacks: Some(told), next_token })
    }
}

fn newest_first(mut stacks: Vec<Stack>, token: Option<&str>) -> Result<(Vec<Stack>, Option<String>), Error> {
    let key = |stack: &Stack| format!("{} {}", stack.created.iso_millis(), stack.id);
    stacks.sort_by_key(|stack| std::cmp::Reverse(key(stack)));
    page(stacks, token, PAGE, key, |stack, last| key(stack).as_str() < last)
}

fn described(stack: Stack) -> api_cloudformation::Stack {
    // All parameters with their defaults; secrets as asterisks.
    let parameters = plan(&stack).map(|plan| {
        let shown = |(name, value): (&str, &crate::template::ParameterValue)| Parameter {
            parameter_key: Some(name.to_owned()),
            parameter_value: Some(value.shown().to_owned()),
            resolved_value: value.shown_resolved().map(str::to_owned),
            ..Default::default()
        };
        plan.parameters().iter().map(shown).collect()
    });
    let outputs = stack.outputs.into_iter().map(|output| Output {
        output_key: Some(output.key),
        output_value: Some(output.value),
        description: output.description,
        export_name: output.export,
    });
    let tags = stack.tags.into_iter().map(|(key, value)| Tag { key, value });
    api_cloudformation::Stack {
        stack_id: Some(stack.id),
        stack_name: stack.name,
        description: stack.description,
        parameters: parameters.ok(),
        change_set_id: stack.change_set,
        creation_time: stack.created,
        last_updated_time: stack.updated,
        deletion_time: stack.deleted,
        rollback_configuration: Some(RollbackConfiguration {
            rollback_triggers: None,
            monitoring_time_in_minutes: stack.monitoring_minutes,
        }),
        stack_status: stack.status.parse().unwrap_or_default(),
        stack_status_reason: stack.reason,
        disable_rollback: Some(stack.on_failure == OnFailure::Nothing),
        notification_arns: Some(stack.notification_arns),
        timeout_in_minutes: stack.timeout_minutes,
        capabilities: Some(stack.capabilities.iter().filter_map(|name| name.parse().ok()).collect()),
        outputs: Some(outputs.collect()),
        role_arn: stack.role_arn.map(|role| role.to_string()),
        tags: Some(tags.collect()),
        enable_termination_protection: Some(stack.termination_protection),
        retain_except_on_create: stack.retain_except_on_create.then_some(true),
        ..Default::default()
    }
}

impl Transact<ListStacks> for CloudFormation {
    fn access(_: &ListStacks, _: &Call, _: &View) -> Access {
        Access::to("cloudformation:ListStacks")
    }

    fn run(input: ListStacks, call: &Call, tx: &mut Tx) -> Result<ListStacksOutput, Error> {
        let mut stacks = tx.list::<Stack>(call.scope())?;
        if let Some(wanted) = input.stack_status_filter.filter(|wanted| !wanted.is_empty()) {
            stacks.retain(|stack| wanted.iter().any(|status| status.as_str() == stack.status));
        }
        let (stacks, next_token) = newest_first(stacks, input.next_token.as_deref())?;
        let mut told = Vec::with_capacity(stacks.len());
        for stack in stacks {
            let (status, last_check_timestamp) = StackDrift::of(tx, &stack)?;
            told.push(StackSummary {
                stack_id: Some(stack.id),
                stack_name: stack.name,
                template_description: stack.description,
                creation_time: stack.created,
                last_updated_time: stack.updated,
                deletion_time: stack.deleted,
                stack_status: stack.status.parse().unwrap_or_default(),
                stack_status_reason: stack.reason,
                drift_information: Some(StackDriftInformationSummary {
                    stack_drift_status: status.parse().unwrap_or_default(),
                    last_check_timestamp,
                }),
                ..Default::default()
            });
        }
        Ok(ListStacksOutput { stack_summaries: Some(told), next_token })
    }
}

impl Transact<UpdateTerminationProtection> for CloudFormation {
    fn access(input: &UpdateTerminationProtection, call: &Call, view: &View) -> Access {
        on_stack("UpdateTerminationProtection", &input.stack_name, call, view)
    }

    fn run(
        input: UpdateTerminationProtection,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<UpdateTerminationProtectionOutput, Error> {
        let mut stack = named_stack(tx, call, &input.stack_name)?;
        if stack.is_deleted() || stack.is("DELETE_IN_PROGRESS") {
            return Err(invalid(format!(
                "Cannot update termination protection of stack [{}] while it is {}",
                stack.name, stack.status
            )));
        }
        stack.termination_protection = input.enable_termination_protection;
        record(&stack, tx)?;
        let id = stack.id.clone();
        tx.put(stack)?;
        Ok(UpdateTerminationProtectionOutput { stack_id: Some(id) })
    }
}
