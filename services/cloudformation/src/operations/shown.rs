//! Change sets as the API shows them.

use crate::state::changes::{ChangeSet, Detail, Planned};
use crate::template::{Source, Template};
use api_cloudformation::{
    AfterValueFrom, BeforeValueFrom, Change, ChangeSetSummary, ChangeType, DescribeChangeSetOutput,
    Parameter, ResourceChange, ResourceChangeDetail, ResourceTargetDefinition, RollbackConfiguration, Tag,
};

pub(super) fn change_set(set: ChangeSet) -> DescribeChangeSetOutput {
    let template = Template::parse(&set.configuration.template, Source::S3).ok();
    let (given, stored) = (&set.configuration.parameters, &set.configuration.stored);
    let values = template.and_then(|template| template.parameter_values_with(given, stored).ok());
    let parameters = values.map(|values| {
        let shown = |(name, value): (&str, &crate::template::ParameterValue)| Parameter {
            parameter_key: Some(name.to_owned()),
            parameter_value: Some(value.shown().to_owned()),
            resolved_value: value.shown_resolved().map(str::to_owned),
            ..Default::default()
        };
        values.iter().map(shown).collect()
    });
    let tags = set.configuration.tags.into_iter().map(|(key, value)| Tag { key, value });
    let capabilities = set.configuration.capabilities.iter().filter_map(|name| name.parse().ok());
    DescribeChangeSetOutput {
        change_set_name: Some(set.name),
        change_set_id: Some(set.id),
        stack_id: Some(set.stack_id),
        stack_name: Some(set.stack_name),
        description: set.description,
        parameters,
        creation_time: Some(set.created),
        execution_status: set.execution.parse().ok(),
        status: set.status.parse().ok(),
        status_reason: set.reason,
        notification_arns: Some(set.configuration.notification_arns),
        rollback_configuration: Some(RollbackConfiguration {
            rollback_triggers: None,
            monitoring_time_in_minutes: set.monitoring_minutes,
        }),
        capabilities: Some(capabilities.collect()),
        tags: Some(tags.collect()),
        include_nested_stacks: Some(false),
        on_stack_failure: set.on_failure.and_then(|text| text.parse().ok()),
        import_existing_resources: Some(false),
        ..Default::default()
    }
}

pub(super) fn summary(set: ChangeSet) -> ChangeSetSummary {
    ChangeSetSummary {
        stack_id: Some(set.stack_id),
        stack_name: Some(set.stack_name),
        change_set_id: Some(set.id),
        change_set_name: Some(set.name),
        execution_status: set.execution.parse().ok(),
        status: set.status.parse().ok(),
        status_reason: set.reason,
        creation_time: Some(set.created),
        description: set.description,
        include_nested_stacks: Some(false),
        import_existing_resources: Some(false),
        ..Default::default()
    }
}

pub(super) fn change(planned: &Planned, with_values: bool) -> Change {
    Change {
        r#type: Some(ChangeType::Resource),
        hook_invocation_count: None,
        resource_change: Some(ResourceChange {
            policy_action: planned.policy.as_deref().and_then(|text| text.parse().ok()),
            action: planned.action.parse().ok(),
            logical_resource_id: Some(planned.logical_id.clone()),
            physical_resource_id: planned.physical_id.clone(),
            resource_type: Some(planned.resource_type.clone()),
            replacement: planned.replacement.as_deref().and_then(|text| text.parse().ok()),
            scope: Some(planned.scope.iter().filter_map(|text| text.parse().ok()).collect()),
            details: Some(planned.details.iter().map(|it| detail(it, with_values)).collect()),
            before_context: planned.before.clone().filter(|_| with_values),
            after_context: planned.after.clone().filter(|_| with_values),
            ..Default::default()
        }),
    }
}

fn detail(detail: &Detail, with_values: bool) -> ResourceChangeDetail {
    let path = match &detail.name {
        Some(name) => format!("/{}/{name}", detail.attribute),
        None if detail.attribute == "Tags" => "/Properties/Tags".to_owned(),
        None => format!("/{}", detail.attribute),
    };
    let mut target = ResourceTargetDefinition {
        attribute: detail.attribute.parse().ok(),
        name: detail.name.clone(),
        requires_recreation: detail.recreation.parse().ok(),
        ..Default::default()
    };
    if with_values {
        target.path = Some(path);
        target.before_value_from = detail.before.as_ref().map(|_| BeforeValueFrom::PreviousDeploymentState);
        target.after_value_from = detail.after.as_ref().map(|_| AfterValueFrom::Template);
        target.before_value.clone_from(&detail.before);
        target.after_value.clone_from(&detail.after);
        target.attribute_change_type = detail.change.parse().ok();
    }
    ResourceChangeDetail {
        target: Some(target),
        evaluation: detail.cause.evaluation.parse().ok(),
        change_source: detail.cause.source.parse().ok(),
        causing_entity: detail.cause.entity.clone(),
    }
}
