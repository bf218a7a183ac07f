//! Rules.

use crate::Events;
use crate::access::on_rule_of;
use crate::page::page;
use crate::reference::{self, BusReference};
use crate::refusal::{invalid, limit_exceeded};
use crate::schedule::Schedule;
use crate::state::{DEFAULT, Rule};
use crate::{firing, pattern, tags};
use api_events::{
    DeleteRule, DeleteRuleOutput, DescribeRule, DescribeRuleOutput, DisableRule, DisableRuleOutput,
    EnableRule, EnableRuleOutput, Error, ListRules, ListRulesOutput, PutRule, PutRuleOutput, RuleState,
};
use contract::{Access, Call, Check, Transact};
use names::{Arn, Tags};
use store::{Tx, View};

/// Rules on a bus.
const LIMIT: usize = 300;

/// Condition keys and what of a pattern they hold.
const CONDITION_KEYS: &[(&str, &[&str])] = &[
    ("events:source", &["source"]),
    ("events:detail-type", &["detail-type"]),
    ("events:detail.service", &["detail", "service"]),
    ("events:detail.eventTypeCode", &["detail", "eventTypeCode"]),
    ("events:detail.userIdentity.principalId", &["detail", "userIdentity", "principalId"]),
];

impl Transact<PutRule> for Events {
    fn access(input: &PutRule, call: &Call, view: &View) -> Access {
        let bus = input.event_bus_name.as_deref();
        let mut access = on_rule_of("PutRule", bus, &input.name, call, view);
        for (key, path) in CONDITION_KEYS {
            let wanted = pattern::wanted(input.event_pattern.as_deref(), path);
            if !wanted.is_empty() {
                access = access.with(*key, wanted);
            }
        }
        if input.tags.as_ref().is_some_and(|tags| !tags.is_empty()) {
            access.checks.extend(on_rule_of("TagResource", bus, &input.name, call, view).checks);
        }
        let mut access = access.with_request_tags(tags::pairs(input.tags.as_deref()));
        if let Some(role) = &input.role_arn {
            access = access.and(Check::pass_role(role, crate::PRINCIPAL));
        }
        access
    }

    fn run(input: PutRule, call: &Call, tx: &mut Tx) -> Result<PutRuleOutput, Error> {
        let bus = BusReference::read_here(input.event_bus_name.as_deref(), call)?;
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let (pattern, schedule) = (given(input.event_pattern), given(input.schedule_expression));
        if pattern.is_none() && schedule.is_none() {
            return Err(invalid("Parameter(s) EventPattern or ScheduleExpression must be specified."));
        }
        if let Some(schedule) = &schedule {
            if bus.name != DEFAULT {
                return Err(invalid("ScheduleExpression is supported only on the default event bus."));
            }
            if Schedule::read(schedule).is_none() {
                return Err(invalid("Parameter ScheduleExpression is not valid."));
            }
        }
        if let Some(pattern) = &pattern {
            pattern::read(pattern)?;
        }
        let role = given(input.role_arn);
        if role.as_ref().is_some_and(|role| !is_role(role)) {
            return Err(invalid(
                "Parameter RoleArn is not valid. Reason: Provided Arn is not in correct format.",
            ));
        }
        reference::bus(tx, &bus)?;
        let known = tx.get::<Rule>(bus.scope, (bus.name.as_str(), input.name.as_str()))?;
        let mut rule = Rule {
            scope: bus.scope,
            bus: bus.name,
            name: input.name,
            pattern,
            schedule,
            begun: call.now,
            state: input.state.unwrap_or(RuleState::Enabled).as_str().to_owned(),
            description: given(input.description),
            role,
            created_by: call.account,
            tags: Tags::new(),
            targets: Vec::new(),
        };
        match known {
            // What is left out is not kept, but the tags, which only TagResource changes, and the targets.
            Some(known) => {
                (rule.created_by, rule.tags, rule.targets) = (known.created_by, known.tags, known.targets);
            }
            None => {
                if tx.scan::<Rule>(rule.scope, (rule.bus.as_str(),)).count()? >= LIMIT {
                    return Err(limit_exceeded());
                }
                tags::add(&mut rule.tags, input.tags.unwrap_or_default(), call)?;
            }
        }
        let arn = rule.arn().to_string();
        put(rule, call, tx)?;
        Ok(PutRuleOutput { rule_arn: Some(arn) })
    }
}

/// Writes a rule, and sees to it that it fires if it has a schedule and is enabled.
fn put(rule: Rule, call: &Call, tx: &mut Tx) -> Result<(), Error> {
    firing::arrange(&rule, call.now, tx)?;
    Ok(tx.put(rule)?)
}

pub(super) fn is_role(text: &str) -> bool {
    let role = text.parse::<Arn>().ok().filter(|arn| arn.service == "iam" && arn.account.is_some());
    role.is_some_and(|arn| arn.resource_after("role/").is_some_and(|name| !name.is_empty()))
}

impl Transact<DeleteRule> for Events {
    fn access(input: &DeleteRule, call: &Call, view: &View) -> Access {
        on_rule_of("DeleteRule", input.event_bus_name.as_deref(), &input.name, call, view)
    }

    /// A rule that is gone is deleted. `Force` is for rules that services manage, of which there are none.
    fn run(input: DeleteRule, call: &Call, tx: &mut Tx) -> Result<DeleteRuleOutput, Error> {
        let bus = BusReference::read_here(input.event_bus_name.as_deref(), call)?;
        reference::bus(tx, &bus)?;
        let key = (bus.name.as_str(), input.name.as_str());
        let Some(mut rule) = tx.get::<Rule>(bus.scope, key)? else { return Ok(DeleteRuleOutput {}) };
        if !rule.targets.is_empty() {
            return Err(invalid("Rule can't be deleted since it has targets."));
        }
        tx.remove::<Rule>(bus.scope, key)?;
        rule.schedule = None;
        firing::arrange(&rule, call.now, tx)?;
        Ok(DeleteRuleOutput {})
    }
}

impl Transact<DescribeRule> for Events {
    fn access(input: &DescribeRule, call: &Call, view: &View) -> Access {
        on_rule_of("DescribeRule", input.event_bus_name.as_deref(), &input.name, call, view)
    }

    fn run(input: DescribeRule, call: &Call, tx: &mut Tx) -> Result<DescribeRuleOutput, Error> {
        let bus = BusReference::read_here(input.event_bus_name.as_deref(), call)?;
        let rule = reference::rule(tx, &bus, &input.name)?;
        Ok(DescribeRuleOutput {
            arn: Some(rule.arn().to_string()),
            name: Some(rule.name),
            event_pattern: rule.pattern,
            schedule_expression: rule.schedule,
            state: rule.state.parse().ok(),
            description: rule.description,
            role_arn: rule.role,
            managed_by: None,
            event_bus_name: Some(rule.bus),
            created_by: Some(rule.created_by.to_string()),
        })
    }
}

impl Transact<EnableRule> for Events {
    fn access(input: &EnableRule, call: &Call, view: &View) -> Access {
        on_rule_of("EnableRule", input.event_bus_name.as_deref(), &input.name, call, view)
    }

    fn run(input: EnableRule, call: &Call, tx: &mut Tx) -> Result<EnableRuleOutput, Error> {
        let bus = BusReference::read_here(input.event_bus_name.as_deref(), call)?;
        let mut rule = reference::rule(tx, &bus, &input.name)?;
        if !rule.is_enabled() {
            rule.state = RuleState::Enabled.as_str().to_owned();
            rule.begun = call.now;
            put(rule, call, tx)?;
        }
        Ok(EnableRuleOutput {})
    }
}

impl Transact<DisableRule> for Events {
    fn access(input: &DisableRule, call: &Call, view: &View) -> Access {
        on_rule_of("DisableRule", input.event_bus_name.as_deref(), &input.name, call, view)
    }

    fn run(input: DisableRule, call: &Call, tx: &mut Tx) -> Result<DisableRuleOutput, Error> {
        let bus = BusReference::read_here(input.event_bus_name.as_deref(), call)?;
        let mut rule = reference::rule(tx, &bus, &input.name)?;
        rule.state = RuleState::Disabled.as_str().to_owned();
        put(rule, call, tx)?;
        Ok(DisableRuleOutput {})
    }
}

impl Transact<ListRules> for Events {
    fn access(_: &ListRules, _: &Call, _: &View) -> Access {
        Access::to("events:ListRules")
    }

    fn run(input: ListRules, call: &Call, tx: &mut Tx) -> Result<ListRulesOutput, Error> {
        let bus = own_bus(input.event_bus_name.as_deref(), call)?;
        reference::bus(tx, &bus)?;
        let prefix = input.name_prefix.unwrap_or_default();
        let things = Rule::of_bus(tx, bus.scope, &bus.name)?
            .into_iter()
            .filter(|rule| rule.name.starts_with(&prefix))
            .map(|rule| {
                let listed = api_events::Rule {
                    arn: Some(rule.arn().to_string()),
                    name: Some(rule.name.clone()),
                    event_pattern: rule.pattern,
                    state: rule.state.parse().ok(),
                    description: rule.description,
                    schedule_expression: rule.schedule,
                    role_arn: rule.role,
                    managed_by: None,
                    event_bus_name: Some(rule.bus),
                };
                (rule.name, listed)
            })
            .collect();
        let (rules, next_token) = page("rules", input.next_token.as_deref(), input.limit, things)?;
        Ok(ListRulesOutput { rules: Some(rules), next_token })
    }
}

/// A bus of the caller's own account. Lists are judged on no resource, so they tell of no other account's.
pub(super) fn own_bus(given: Option<&str>, call: &Call) -> Result<BusReference, Error> {
    let bus = BusReference::read_here(given, call)?;
    if bus.scope.account == call.account { Ok(bus) } else { Err(crate::refusal::no_bus(&bus.name)) }
}
