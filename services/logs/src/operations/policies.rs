//! Resource policies: what services and other accounts may do with log groups.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html>

use super::{from_arn, group, limit, on_any_group, on_group, tokens};
use crate::Logs;
use crate::state::policy::Policy;
use api_logs::{
    DeleteResourcePolicy, DeleteResourcePolicyOutput, DescribeResourcePolicies,
    DescribeResourcePoliciesOutput, Error, InvalidParameterException, LimitExceededException,
    OperationAbortedException, PolicyScope, PutResourcePolicy, PutResourcePolicyOutput,
    ResourceNotFoundException, ResourcePolicy,
};
use contract::{Access, Call, Transact};
use names::Scope;
use policy::{Flavour, Kind};
use store::{Tx, View};
use tokens::Listing;

/// Policies of an account in a region.
const LIMIT: usize = 10;

/// Whose a policy is: an account's by a name, or a group's by its ARN.
struct Place {
    resource: String,
    name: String,
}

fn invalid(message: &str) -> Error {
    InvalidParameterException::new(message).into()
}

impl Place {
    fn read(view: &View, call: &Call, name: Option<String>, resource: Option<String>) -> Result<Self, Error> {
        match (name, resource) {
            (Some(name), None) => Ok(Self { resource: String::new(), name }),
            (None, Some(arn)) => {
                let (scope, name) = own_group(&arn, call)?;
                let resource = group(view, scope, &name)?.arn().to_string();
                Ok(Self { resource, name: String::new() })
            }
            (Some(_), Some(_)) => Err(invalid("Only one of policyName or resourceArn can be specified.")),
            (None, None) => Err(invalid("Either policyName or resourceArn must be specified.")),
        }
    }
}

fn own_group(arn: &str, call: &Call) -> Result<(Scope, String), Error> {
    let found = from_arn(arn).filter(|(scope, _)| *scope == call.scope());
    found.ok_or_else(|| invalid("The specified resourceArn is not valid."))
}

/// On the group, where it is a group's policy.
fn access(action: &str, resource: Option<&str>, call: &Call, view: &View) -> Access {
    match resource.and_then(from_arn) {
        Some((scope, name)) => on_group(action, view, scope, &name),
        None => on_any_group(action, call),
    }
}

fn answer(policy: Policy) -> ResourcePolicy {
    let of_group = !policy.resource.is_empty();
    ResourcePolicy {
        policy_name: (!of_group).then_some(policy.name),
        policy_document: Some(policy.document),
        last_updated_time: Some(policy.updated.millis()),
        policy_scope: Some(if of_group { PolicyScope::Resource } else { PolicyScope::Account }),
        resource_arn: of_group.then_some(policy.resource),
        revision_id: of_group.then_some(policy.revision),
    }
}

/// A group's policy is changed only by who knows its revision, where one is given.
fn check_revision(known: Option<&Policy>, expected: Option<&str>) -> Result<(), Error> {
    match expected {
        Some(expected) if known.is_none_or(|known| known.revision != expected) => {
            Err(OperationAbortedException::new(
                "The expected revision ID does not match the current revision ID.",
            )
            .into())
        }
        _ => Ok(()),
    }
}

impl Transact<PutResourcePolicy> for Logs {
    fn access(input: &PutResourcePolicy, call: &Call, view: &View) -> Access {
        access("PutResourcePolicy", input.resource_arn.as_deref(), call, view)
    }

    fn run(input: PutResourcePolicy, call: &Call, tx: &mut Tx) -> Result<PutResourcePolicyOutput, Error> {
        let scope = call.scope();
        let Some(document) = input.policy_document else {
            return Err(invalid("policyDocument must be specified."));
        };
        policy::parse(&document, Kind::Resource(Flavour::Logs)).map_err(|error| invalid(&error.message()))?;
        let place = Place::read(tx, call, input.policy_name, input.resource_arn)?;
        let known = tx.get::<Policy>(scope, (&place.resource, &place.name))?;
        check_revision(known.as_ref(), input.expected_revision_id.as_deref())?;
        if known.is_none() && place.resource.is_empty() && tx.scan::<Policy>(scope, ("",)).count()? >= LIMIT {
            return Err(LimitExceededException::new("Resource limit exceeded.").into());
        }
        let policy = Policy {
            scope,
            resource: place.resource,
            name: place.name,
            document,
            updated: call.now,
            revision: call.entropy.hex(32),
        };
        tx.put(policy.clone())?;
        let resource_policy = answer(policy);
        Ok(PutResourcePolicyOutput {
            revision_id: resource_policy.revision_id.clone(),
            resource_policy: Some(resource_policy),
        })
    }
}

impl Transact<DeleteResourcePolicy> for Logs {
    fn access(input: &DeleteResourcePolicy, call: &Call, view: &View) -> Access {
        access("DeleteResourcePolicy", input.resource_arn.as_deref(), call, view)
    }

    fn run(
        input: DeleteResourcePolicy,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteResourcePolicyOutput, Error> {
        let place = Place::read(tx, call, input.policy_name, input.resource_arn)?;
        let key = (&place.resource, &place.name);
        let Some(known) = tx.get::<Policy>(call.scope(), key)? else {
            let message = if place.resource.is_empty() {
                format!("Policy with name [{}] does not exist.", place.name)
            } else {
                format!("Policy for resource [{}] does not exist.", place.resource)
            };
            return Err(ResourceNotFoundException::new(message).into());
        };
        check_revision(Some(&known), input.expected_revision_id.as_deref())?;
        tx.remove::<Policy>(call.scope(), key)?;
        Ok(DeleteResourcePolicyOutput {})
    }
}

impl Transact<DescribeResourcePolicies> for Logs {
    fn access(input: &DescribeResourcePolicies, call: &Call, view: &View) -> Access {
        access("DescribeResourcePolicies", input.resource_arn.as_deref(), call, view)
    }

    fn run(
        input: DescribeResourcePolicies,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeResourcePoliciesOutput, Error> {
        let scope = call.scope();
        let by_group = input.policy_scope == Some(PolicyScope::Resource) || input.resource_arn.is_some();
        if by_group && input.policy_scope == Some(PolicyScope::Account) {
            return Err(invalid("resourceArn cannot be specified with the policy scope ACCOUNT."));
        }
        let of = input.resource_arn.as_deref().map(|arn| own_group(arn, call)).transpose()?;
        let of =
            of.map(|(scope, name)| group(tx, scope, &name)).transpose()?.map(|group| group.arn().to_string());
        let mut found = tx.list::<Policy>(scope)?;
        found.retain(|policy| {
            policy.resource.is_empty() != by_group && of.as_ref().is_none_or(|of| policy.resource == *of)
        });
        let keyed =
            found.into_iter().map(|policy| (format!("{}\n{}", policy.resource, policy.name), answer(policy)));
        let (token, most) = (input.next_token.as_deref(), limit(input.limit, 50));
        let (policies, next_token) = tokens::page(Listing::Policies, token, most, call.now, keyed.collect())?;
        Ok(DescribeResourcePoliciesOutput { resource_policies: Some(policies), next_token })
    }
}
