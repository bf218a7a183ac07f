use super::rules::check_owner;
use super::{Config, access};
use crate::conformance::role;
use crate::engine::task::{PRINCIPAL, principal};
use crate::engine::{fan, invoke, schedule};
use crate::errors::{invalid, no_such_rule, not_built, rule_in_use};
use crate::managed::{self, Parameters, published};
use crate::state::{Recorder, Rule, RuleStatus, Target, Trigger};
use crate::{tags, types};
use api_config::{
    ConfigRule, ConfigRuleState, Error, EvaluationMode, EventSource, InsufficientPermissionsException,
    MaxNumberOfConfigRulesExceededException, MaximumExecutionFrequency, MessageType,
    NoAvailableConfigurationRecorderException, Owner, PutConfigRule, PutConfigRuleOutput, Scope, Source,
    SourceDetail,
};
use api_lambda::{InvocationType, Invoke};
use contract::{Access, Call, Context, Orchestrate};
use names::{Arn, Tags};
use std::collections::BTreeSet;
use store::{Tx, View};
use wire::Document;

/// AWS's limit for rules in a region.
const MOST_RULES: usize = 1000;

#[async_trait::async_trait]
impl Orchestrate<PutConfigRule> for Config {
    fn access(&self, input: &PutConfigRule, call: &Call, view: &View) -> Access {
        let (arn, known_tags) = match known(&input.config_rule, call, view) {
            Ok(Some(rule)) => (rule.arn().to_string(), rule.tags),
            _ => (access::new_rule(call), Tags::new()),
        };
        Access::on("config:PutConfigRule", arn)
            .with_resource_tags(&known_tags)
            .with_request_tags(tags::pairs(input.tags.as_ref()))
    }

    async fn run(
        &self,
        input: PutConfigRule,
        call: &Call,
        context: &Context,
    ) -> Result<PutConfigRuleOutput, Error> {
        let given_tags = tags::read(input.tags.as_deref().unwrap_or_default())?;
        let asked = read(input.config_rule, call, &context.store.view())?;
        check_recorder(&asked, &context.store.view())?;
        if !asked.is_managed() {
            check_function(&asked, call, context).await?;
        }
        context.transact(call, |call, tx| put(tx, &asked, &given_tags, call)).await?;
        Ok(PutConfigRuleOutput {})
    }
}

/// The rule that a request names, by name, ARN or id.
fn known(asked: &ConfigRule, call: &Call, view: &View) -> Result<Option<Rule>, Error> {
    let id = match (&asked.config_rule_id, &asked.config_rule_arn) {
        (Some(id), _) => Some(id.clone()),
        (None, Some(arn)) => {
            let arn: Option<Arn> = arn.parse().ok().filter(|arn: &Arn| arn.scope() == Some(call.scope()));
            Some(
                arn.and_then(|arn| {
                    let id = arn.resource_after("config-rule/")?;
                    Some(id.rsplit('/').next().unwrap_or(id).to_owned())
                })
                .unwrap_or_default(),
            )
        }
        (None, None) => None,
    };
    match (&asked.config_rule_name, id) {
        (Some(name), None) => Ok(view.get::<Rule>(call.scope(), name.as_str())?),
        (name, Some(id)) => {
            let by_id = Rule::by_id(view, call.scope(), &id)?;
            let by_id = by_id.ok_or_else(|| no_such_rule(name.as_deref().unwrap_or(&id)))?;
            match name {
                Some(name) if *name != by_id.name => Err(invalid(format!(
                    "The config rule name {name} is not the name of the config rule {id}. The name of a config rule cannot be changed."
                ))),
                _ => Ok(Some(by_id)),
            }
        }
        (None, None) => {
            Err(invalid("One or more identifiers needs to be provided. Provide Name or Id or Arn"))
        }
    }
}

/// The rule that a request asks for, checked.
fn read(asked: ConfigRule, call: &Call, view: &View) -> Result<Rule, Error> {
    let known = known(&asked, call, view)?;
    if let Some(state) = asked.config_rule_state.filter(|state| *state != ConfigRuleState::Active) {
        return Err(invalid(format!(
            "The ConfigRuleState {state} is invalid.  Only the following values are permitted: ACTIVE"
        )));
    }
    if asked.created_by.is_some() {
        return Err(invalid(
            "AWS Config populates the CreatedBy field for ServiceLinkedConfigRule. Try again without populating the CreatedBy field",
        ));
    }
    for mode in asked.evaluation_modes.iter().flatten() {
        if mode.mode == Some(EvaluationMode::Proactive) {
            return Err(not_built(
                "Proactive evaluation of AWS Config rules is not built in Cloudchamber. Use the evaluation mode DETECTIVE.",
            ));
        }
    }
    let (name, id, created) = match known {
        Some(known) => (known.name, known.id, known.created),
        None => {
            let name = asked.config_rule_name.unwrap_or_default();
            (name, format!("config-rule-{}", call.entropy.lower_alphanumeric(6)), call.now)
        }
    };
    let owner = asked.source.owner;
    let mut frequency = asked.maximum_execution_frequency;
    let (identifier, triggers) = if owner == Owner::Aws {
        read_managed_source(asked.source, &mut frequency)?
    } else {
        let read = read_source(asked.source)?;
        check_frequency(frequency.is_some(), &read.1)?;
        read
    };
    let target = read_target(asked.scope, &triggers)?;
    let parameters = asked.input_parameters.filter(|text| !text.is_empty());
    if let Some(text) = &parameters
        && !matches!(Document::parse(text), Ok(Document::Object(_)))
    {
        return Err(invalid(format!("Invalid json {text} passed in the InputParameters field")));
    }
    if let Some(definition) = managed::find(&identifier).filter(|_| owner == Owner::Aws) {
        Parameters::read(definition.parameters, parameters.as_deref())?;
    }
    Ok(Rule {
        scope: call.scope(),
        name,
        id,
        description: asked.description,
        target,
        owner,
        identifier,
        triggers,
        parameters,
        frequency,
        mode: EvaluationMode::Detective,
        state: ConfigRuleState::Evaluating,
        tags: Tags::new(),
        created,
        created_by: role::is_it(&call.principal).then(|| role::SERVICE.to_owned()),
    })
}

/// A managed rule's identifier and what makes it judge; `frequency` becomes AWS's default where it is periodic and none was given.
fn read_managed_source(
    source: Source,
    frequency: &mut Option<MaximumExecutionFrequency>,
) -> Result<(String, Vec<Trigger>), Error> {
    let identifier = source.source_identifier.unwrap_or_default();
    if published::find(&identifier).is_none() {
        return Err(invalid(format!(
            "The sourceIdentifier {identifier} is invalid. Please refer to the documentation for a list of valid sourceIdentifiers that can be used when AWS is the Owner."
        )));
    }
    let Some(definition) = managed::find(&identifier) else {
        return Err(not_built(format!(
            "The AWS managed rule {identifier} is not built in Cloudchamber; docs/coverage.md lists those that are."
        )));
    };
    if source.source_details.is_some_and(|details| !details.is_empty()) {
        return Err(invalid(
            "SourceDetails should be null/empty if the owner is AWS. SourceDetails should be provided if the owner is CUSTOM_LAMBDA",
        ));
    }
    if source.custom_policy_details.is_some() {
        return Err(invalid("CustomPolicyDetails should be null/empty if the owner is AWS"));
    }
    if frequency.is_some() && !definition.periodic {
        return Err(invalid(
            "A maximum execution frequency for this rule is not allowed because only a change in resources triggers this managed rule.",
        ));
    }
    let mut triggers = Vec::new();
    if definition.changes {
        let message = MessageType::ConfigurationItemChangeNotification;
        triggers.push(Trigger { message, frequency: None });
    }
    if definition.periodic {
        let every = frequency.unwrap_or(MaximumExecutionFrequency::TwentyFourHours);
        *frequency = Some(every);
        triggers.push(Trigger { message: MessageType::ScheduledNotification, frequency: Some(every) });
    }
    Ok((identifier, triggers))
}

fn read_source(source: Source) -> Result<(String, Vec<Trigger>), Error> {
    let identifier = source.source_identifier.unwrap_or_default();
    match source.owner {
        Owner::CustomLambda | Owner::Aws => {}
        Owner::CustomPolicy => {
            return Err(not_built(
                "Custom policy rules (Guard) are not built in Cloudchamber. Rules with the owner AWS or CUSTOM_LAMBDA are.",
            ));
        }
    }
    if source.custom_policy_details.is_some() {
        return Err(invalid("CustomPolicyDetails should be null/empty if the owner is CUSTOM_LAMBDA"));
    }
    let is_function =
        |arn: &Arn| arn.service == "lambda" && arn.resource.starts_with("function:") && arn.region.is_some();
    if !identifier.parse::<Arn>().is_ok_and(|arn| is_function(&arn)) {
        return Err(invalid(format!(
            "The sourceIdentifier {identifier} is invalid. When CUSTOM_LAMBDA is the Owner, it is the Amazon Resource Name (ARN) of the function."
        )));
    }
    let details = source.source_details.unwrap_or_default();
    if details.is_empty() {
        return Err(invalid("SourceDetails cannot be null or empty if the owner is CUSTOM_LAMBDA"));
    }
    if details.len() > 25 {
        return Err(invalid("SourceDetails can have at most 25 entries."));
    }
    let triggers: Vec<Trigger> = details.into_iter().map(read_trigger).collect::<Result<_, _>>()?;
    let distinct: BTreeSet<&str> = triggers.iter().map(|trigger| trigger.message.as_str()).collect();
    if distinct.len() != triggers.len() {
        return Err(invalid("SourceDetails names a MessageType more than once."));
    }
    Ok((identifier, triggers))
}

fn read_trigger(detail: SourceDetail) -> Result<Trigger, Error> {
    if detail.event_source.is_some_and(|source| source != EventSource::AwsConfig)
        || detail.event_source.is_none()
    {
        return Err(invalid("The EventSource of SourceDetails must be aws.config"));
    }
    let message =
        detail.message_type.ok_or_else(|| invalid("The MessageType of SourceDetails cannot be null"))?;
    let periodic = message == MessageType::ScheduledNotification;
    if detail.maximum_execution_frequency.is_some() && !periodic {
        return Err(invalid(
            "A maximum execution frequency is not allowed if MessageType is ConfigurationItemChangeNotification or OversizedConfigurationItemChangeNotification",
        ));
    }
    Ok(Trigger { message, frequency: detail.maximum_execution_frequency })
}

/// The rule's own frequency is for snapshots; a periodic rule has it in its details.
fn check_frequency(given: bool, triggers: &[Trigger]) -> Result<(), Error> {
    let of_changes = |trigger: &Trigger| {
        matches!(
            trigger.message,
            MessageType::ConfigurationItemChangeNotification
                | MessageType::OversizedConfigurationItemChangeNotification
        )
    };
    if given && triggers.iter().all(of_changes) {
        return Err(invalid(
            "A maximum execution frequency is not allowed if MessageType is ConfigurationItemChangeNotification or OversizedConfigurationItemChangeNotification",
        ));
    }
    Ok(())
}

fn read_target(scope: Option<Scope>, triggers: &[Trigger]) -> Result<Target, Error> {
    let scope = scope.unwrap_or_default();
    let target = Target {
        types: scope.compliance_resource_types.unwrap_or_default(),
        id: scope.compliance_resource_id,
        tag_key: scope.tag_key.filter(|key| !key.is_empty()),
        tag_value: scope.tag_value.filter(|value| !value.is_empty()),
    };
    if target == Target::default() {
        return Ok(target);
    }
    if triggers.iter().all(|trigger| trigger.message == MessageType::ScheduledNotification) {
        return Err(invalid("Scope is not supported for rules that are only triggered periodically."));
    }
    if target.tag_value.is_some() && target.tag_key.is_none() {
        return Err(invalid("Tag key should not be empty when tag value is provided in scope"));
    }
    if target.tag_key.is_some() && !target.types.is_empty() {
        return Err(invalid("Scope cannot be applied to both resource and tag"));
    }
    if target.id.is_some() && target.types.len() != 1 {
        let message = if target.types.is_empty() {
            "ComplianceResourceType cannot be empty when ComplianceResourceId is specified"
        } else {
            "ComplianceResourceTypes can have only one type when ComplianceResourceId is specified"
        };
        return Err(invalid(message));
    }
    let unknown = |own: &&String| own.starts_with("AWS::") && !types::is_supported(own);
    if let Some(own) = target.types.iter().find(unknown) {
        return Err(invalid(format!(
            "The resource type {own} in ComplianceResourceTypes is not supported by AWS Config."
        )));
    }
    Ok(target)
}

/// Only rules that are purely periodic do without a recorder.
fn check_recorder(rule: &Rule, view: &View) -> Result<(), Error> {
    let periodic = rule.triggers.iter().all(|trigger| trigger.message == MessageType::ScheduledNotification);
    if periodic || Recorder::of(view, rule.scope)?.is_some() {
        return Ok(());
    }
    let message = "You must create a configuration recorder before you can create or update a Config rule.";
    Err(NoAvailableConfigurationRecorderException::new(message).into())
}

/// AWS Config must be allowed to invoke the function, which must be there.
async fn check_function(rule: &Rule, call: &Call, context: &Context) -> Result<(), Error> {
    let service = principal(rule.scope, Some(rule.arn()));
    let region = rule.identifier.parse::<Arn>().ok().and_then(|arn| arn.region).unwrap_or(call.region);
    let caller = context.caller(service, rule.scope, call.chain.through(PRINCIPAL)).in_region(region);
    let asked = caller.call(Invoke {
        function_name: rule.identifier.clone(),
        invocation_type: Some(InvocationType::DryRun),
        ..Invoke::default()
    });
    match asked.await {
        Ok(_) => Ok(()),
        Err(error) if error.status >= 500 => Err(Error::Common(error)),
        Err(_) => {
            Err(InsufficientPermissionsException::new(invoke::cannot_be_invoked(&rule.identifier)).into())
        }
    }
}

fn put(tx: &mut Tx, asked: &Rule, given_tags: &Tags, call: &Call) -> Result<(), Error> {
    check_recorder(asked, tx)?;
    let known = tx.get::<Rule>(asked.scope, asked.name.as_str())?;
    let rule = match &known {
        Some(known) if known.is_deleting() || known.state == ConfigRuleState::DeletingResults => {
            return Err(rule_in_use(&known.name));
        }
        // Tags are given when it is made; afterwards TagResource gives them.
        Some(known) => {
            check_owner(known, call)?;
            Rule {
                id: known.id.clone(),
                tags: known.tags.clone(),
                created: known.created,
                created_by: known.created_by.clone(),
                ..asked.clone()
            }
        }
        None => {
            if tx.scan::<Rule>(asked.scope, ()).limit(MOST_RULES).count()? >= MOST_RULES {
                let message = format!(
                    "Failed to put config rule '{}' because the maximum number of config rules: {MOST_RULES} is reached.",
                    asked.name
                );
                return Err(MaxNumberOfConfigRulesExceededException::new(message).into());
            }
            Rule { tags: given_tags.clone(), ..asked.clone() }
        }
    };
    if known.is_none() {
        let mut status = RuleStatus::of(tx, rule.scope, &rule.name)?;
        status.first_activated = Some(call.now);
        tx.put(status)?;
    }
    tx.put(rule.clone())?;
    fan::enqueue(tx, &rule, call.now)?;
    schedule::begin_periods(tx, &rule, call.now)?;
    Ok(())
}
