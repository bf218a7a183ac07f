//! The policy simulator, and the condition keys that policies ask for.

use super::{Iam, Result};
use crate::authority;
use crate::page::page;
use crate::simulation::answer::{Simulation, needed_keys};
use crate::simulation::question::Question;
use crate::simulation::{Source, subject::Subject};
use crate::state::{Group, Role, User};
use api_iam::{
    GetContextKeysForCustomPolicy, GetContextKeysForPolicyResponse, GetContextKeysForPrincipalPolicy,
    PolicySourceType, SimulateCustomPolicy, SimulatePolicyResponse, SimulatePrincipalPolicy,
};
use contract::{Access, Call, Registration, Transact};
use names::Arn;
use store::{Tx, View};

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, SimulatePrincipalPolicy>()
        .transact::<Iam, SimulateCustomPolicy>()
        .transact::<Iam, GetContextKeysForPrincipalPolicy>()
        .transact::<Iam, GetContextKeysForCustomPolicy>()
}

/// On the user, group or role of an ARN. Another account's is judged as the caller's own: the operation refuses it in AWS's words.
pub(super) fn on_entity(action: &str, arn: &str, call: &Call, view: &View) -> Access {
    let parsed = arn.parse::<Arn>().ok().filter(|parsed| parsed.account == Some(call.account));
    let named = parsed.as_ref().and_then(|parsed| {
        let (noun, rest) = parsed.resource.split_once('/')?;
        Some((noun, rest.rsplit('/').next()?))
    });
    match named {
        Some(("user", name)) => authority::on::<User>(action, name, call, view),
        Some(("role", name)) => authority::on::<Role>(action, name, call, view),
        Some(("group", name)) => authority::on::<Group>(action, name, call, view),
        _ => Access::on(action, arn).with_policy(call.account, None),
    }
}

impl Transact<SimulatePrincipalPolicy> for Iam {
    fn access(input: &SimulatePrincipalPolicy, call: &Call, view: &View) -> Access {
        on_entity("iam:SimulatePrincipalPolicy", &input.policy_source_arn, call, view)
    }

    fn run(input: SimulatePrincipalPolicy, call: &Call, tx: &mut Tx) -> Result<SimulatePolicyResponse> {
        let subject = Subject::named(&input.policy_source_arn, call, tx)?;
        let custom = SimulateCustomPolicy {
            policy_input_list: input.policy_input_list.unwrap_or_default(),
            permissions_boundary_policy_input_list: input.permissions_boundary_policy_input_list,
            action_names: input.action_names,
            resource_arns: input.resource_arns,
            resource_policy: input.resource_policy,
            resource_owner: input.resource_owner,
            caller_arn: input.caller_arn,
            context_entries: input.context_entries,
            resource_handling_option: input.resource_handling_option,
            max_items: input.max_items,
            marker: input.marker,
        };
        simulate(custom, subject, call)
    }
}

impl Transact<SimulateCustomPolicy> for Iam {
    fn access(_: &SimulateCustomPolicy, _: &Call, _: &View) -> Access {
        Access::to("iam:SimulateCustomPolicy")
    }

    fn run(input: SimulateCustomPolicy, call: &Call, _: &mut Tx) -> Result<SimulatePolicyResponse> {
        simulate(input, Subject::somebody(call), call)
    }
}

fn simulate(
    input: SimulateCustomPolicy,
    mut subject: Subject,
    call: &Call,
) -> Result<SimulatePolicyResponse> {
    if let Some(arn) = &input.caller_arn {
        subject.called_by(arn, call)?;
    }
    let (marker, max_items) = (input.marker.clone(), input.max_items);
    let question = Question::read(input, &mut subject, call)?;
    let actions = question.actions.clone().into_iter().enumerate();
    let page = page(actions, |(place, _)| format!("{place:08}"), marker.as_deref(), max_items)?;
    question.check_size(page.items.len(), &subject)?;
    let simulation = Simulation::new(subject, question);
    let is_truncated = page.truncated();
    let results = page.items.iter().map(|(_, action)| simulation.result(action));
    Ok(SimulatePolicyResponse {
        evaluation_results: Some(results.collect()),
        is_truncated,
        marker: page.marker,
    })
}

fn input_sources(texts: &[String]) -> Result<Vec<Source>> {
    let source = |(place, text): (usize, &String)| {
        Source::input("PolicyInputList", place + 1, text, PolicySourceType::IamPolicy)
    };
    texts.iter().enumerate().map(source).collect()
}

fn keys(sources: &[Source]) -> GetContextKeysForPolicyResponse {
    let keys = needed_keys(sources.iter().map(Source::document));
    GetContextKeysForPolicyResponse { context_key_names: Some(keys) }
}

impl Transact<GetContextKeysForPrincipalPolicy> for Iam {
    fn access(input: &GetContextKeysForPrincipalPolicy, call: &Call, view: &View) -> Access {
        on_entity("iam:GetContextKeysForPrincipalPolicy", &input.policy_source_arn, call, view)
    }

    fn run(
        input: GetContextKeysForPrincipalPolicy,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetContextKeysForPolicyResponse> {
        let mut sources = Subject::named(&input.policy_source_arn, call, tx)?.identity;
        sources.extend(input_sources(&input.policy_input_list.unwrap_or_default())?);
        Ok(keys(&sources))
    }
}

impl Transact<GetContextKeysForCustomPolicy> for Iam {
    fn access(_: &GetContextKeysForCustomPolicy, _: &Call, _: &View) -> Access {
        Access::to("iam:GetContextKeysForCustomPolicy")
    }

    fn run(
        input: GetContextKeysForCustomPolicy,
        _: &Call,
        _: &mut Tx,
    ) -> Result<GetContextKeysForPolicyResponse> {
        Ok(keys(&input_sources(&input.policy_input_list)?))
    }
}
