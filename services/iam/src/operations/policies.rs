//! Managed policies.

use super::{Iam, Result, entities};
use crate::ids::Unique;
use crate::managed::{self, Managed};
use crate::page::page;
use crate::state::{Entity, Group, ManagedPolicy, Role, User, Version, name_key};
use crate::{answers, authority, documents, refusal, tags};
use api_iam::{
    CreatePolicy, CreatePolicyOutput, DeletePolicy, DeletePolicyOutput, GetPolicy, GetPolicyOutput,
    ListPolicies, ListPoliciesOutput, PolicyScopeType, PolicyUsageType,
};
use contract::{Access, Call, Registration, Transact};
use names::Tags;
use policy::Kind;
use std::collections::{BTreeMap, BTreeSet};
use store::{StoreError, Tx, View};

const MOST_POLICIES: usize = 1500;
const LONGEST: usize = 6144;

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, CreatePolicy>()
        .transact::<Iam, GetPolicy>()
        .transact::<Iam, ListPolicies>()
        .transact::<Iam, DeletePolicy>()
}

/// Refuses a document that cannot be a managed policy's.
pub(super) fn check_document(document: &str) -> Result<()> {
    documents::parsed(document, Kind::Managed).map_err(|error| refusal::malformed(error.message()))?;
    if documents::size(document) > LONGEST {
        return Err(refusal::quota("PolicySize", LONGEST));
    }
    Ok(())
}

/// Refuses to change what is AWS's; answers the account's own policy.
pub(super) fn own(view: &View, call: &Call, arn: &str) -> Result<ManagedPolicy> {
    managed::check_arn(arn)?;
    match managed::find(view, call.account, arn)? {
        Some(Managed::Own(policy)) => Ok(*policy),
        Some(Managed::Aws(_)) => Err(api_iam::Error::Common(wire::ErrorResponse::new(
            "AccessDenied",
            format!("The policy {arn} is managed by AWS and cannot be changed."),
            403,
        ))),
        None => Err(refusal::no_policy(arn)),
    }
}

impl Transact<CreatePolicy> for Iam {
    fn access(input: &CreatePolicy, call: &Call, _: &View) -> Access {
        let access =
            authority::on_new("iam:CreatePolicy", "policy", input.path.as_deref(), &input.policy_name, call);
        entities::tagged_on_create(access, "iam:TagPolicy", input.tags.as_deref())
    }

    fn run(input: CreatePolicy, call: &Call, tx: &mut Tx) -> Result<CreatePolicyOutput> {
        let scope = call.global_scope();
        if tx.exists::<ManagedPolicy>(scope, name_key(&input.policy_name).as_str())? {
            let name = &input.policy_name;
            return Err(refusal::already(format!(
                "A policy called {name} already exists. Duplicate names are not allowed."
            )));
        }
        entities::quota::<ManagedPolicy>(tx, call, "PoliciesPerAccount", MOST_POLICIES)?;
        check_document(&input.policy_document)?;
        let mut all = Tags::new();
        tags::add(&mut all, input.tags, call)?;
        let policy = ManagedPolicy {
            account: call.account,
            name: input.policy_name,
            path: input.path.unwrap_or_else(|| "/".into()),
            id: Unique::Policy.id(&call.entropy),
            description: input.description,
            created: crate::state::moment(call),
            updated: crate::state::moment(call),
            tags: all,
            versions: vec![Version {
                number: 1,
                document: input.policy_document,
                created: crate::state::moment(call),
            }],
            default: 1,
            next: 2,
            attached_to: BTreeSet::new(),
            boundary_of: BTreeSet::new(),
        };
        let answer = answers::policy(&policy, true);
        tx.insert(policy)?;
        // CreatePolicy does not answer the description.
        Ok(CreatePolicyOutput { policy: Some(api_iam::Policy { description: None, ..answer }) })
    }
}

impl Transact<GetPolicy> for Iam {
    fn access(input: &GetPolicy, call: &Call, view: &View) -> Access {
        authority::on_policy("iam:GetPolicy", &input.policy_arn, call, view)
    }

    fn run(input: GetPolicy, call: &Call, tx: &mut Tx) -> Result<GetPolicyOutput> {
        managed::check_arn(&input.policy_arn)?;
        let policy = match managed::find(tx, call.account, &input.policy_arn)? {
            Some(Managed::Own(policy)) => answers::policy(&policy, true),
            Some(Managed::Aws(policy)) => {
                let use_of = |index| uses(tx, call, index, &input.policy_arn);
                answers::aws_policy(policy, use_of("attached")?, use_of("boundary")?)
            }
            None => return Err(refusal::no_policy(&input.policy_arn)),
        };
        Ok(GetPolicyOutput { policy: Some(policy) })
    }
}

/// How many users, groups and roles of the account use a policy.
fn uses(view: &View, call: &Call, index: &str, arn: &str) -> std::result::Result<usize, StoreError> {
    let scope = call.global_scope();
    Ok(view.scan_index::<User>(scope, index, arn).count()?
        + view.scan_index::<Group>(scope, index, arn).count()?
        + view.scan_index::<Role>(scope, index, arn).count()?)
}

/// ARN to how often it is attached, and how often it is a boundary, in one pass.
pub(super) fn usage(
    view: &View,
    call: &Call,
) -> std::result::Result<BTreeMap<String, (usize, usize)>, StoreError> {
    let mut usage = BTreeMap::new();
    tally(&view.list::<User>(call.global_scope())?, &mut usage);
    tally(&view.list::<Group>(call.global_scope())?, &mut usage);
    tally(&view.list::<Role>(call.global_scope())?, &mut usage);
    Ok(usage)
}

fn tally<E: Entity>(entities: &[E], usage: &mut BTreeMap<String, (usize, usize)>) {
    for entity in entities {
        for arn in &entity.policies().attached {
            usage.entry(arn.clone()).or_default().0 += 1;
        }
        if let Some(arn) = entity.boundary() {
            usage.entry(arn.to_owned()).or_default().1 += 1;
        }
    }
}

impl Transact<ListPolicies> for Iam {
    /// AWS names the path where others have a resource's ARN.
    fn access(input: &ListPolicies, _: &Call, _: &View) -> Access {
        Access::on("iam:ListPolicies", format!("policy path {}", input.path_prefix.as_deref().unwrap_or("/")))
    }

    fn run(input: ListPolicies, call: &Call, tx: &mut Tx) -> Result<ListPoliciesOutput> {
        let prefix = input.path_prefix.unwrap_or_else(|| "/".into());
        let scope = input.scope.unwrap_or(PolicyScopeType::All);
        let usage = usage(tx, call)?;
        let mut policies = Vec::new();
        if scope != PolicyScopeType::Aws {
            let own = tx.list::<ManagedPolicy>(call.global_scope())?;
            policies.extend(own.iter().map(|policy| answers::policy(policy, false)));
        }
        if scope != PolicyScopeType::Local {
            policies.extend(managed::all().values().map(|policy| {
                let (attached, bounds) = usage.get(&policy.arn()).copied().unwrap_or_default();
                answers::aws_policy(policy, attached, bounds)
            }));
        }
        let attached = |policy: &api_iam::Policy| policy.attachment_count > Some(0);
        let bounds = |policy: &api_iam::Policy| policy.permissions_boundary_usage_count > Some(0);
        policies.retain(|policy| {
            let in_path = policy.path.as_deref().is_some_and(|path| path.starts_with(&prefix));
            let used = match input.policy_usage_filter {
                Some(PolicyUsageType::PermissionsPolicy) => attached(policy),
                Some(PolicyUsageType::PermissionsBoundary) => bounds(policy),
                None => input.only_attached != Some(true) || attached(policy) || bounds(policy),
            };
            in_path && used
        });
        let key = |policy: &api_iam::Policy| policy.arn.clone().unwrap_or_default();
        policies.sort_by_key(key);
        let page = page(policies, key, input.marker.as_deref(), input.max_items)?;
        let is_truncated = page.truncated();
        Ok(ListPoliciesOutput { policies: Some(page.items), is_truncated, marker: page.marker })
    }
}

impl Transact<DeletePolicy> for Iam {
    fn access(input: &DeletePolicy, call: &Call, view: &View) -> Access {
        authority::on_policy("iam:DeletePolicy", &input.policy_arn, call, view)
    }

    fn run(input: DeletePolicy, call: &Call, tx: &mut Tx) -> Result<DeletePolicyOutput> {
        let policy = own(tx, call, &input.policy_arn)?;
        if !policy.attached_to.is_empty() || !policy.boundary_of.is_empty() {
            return Err(refusal::conflict("Cannot delete a policy attached to entities."));
        }
        if policy.versions.len() > 1 {
            return Err(refusal::conflict(
                "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. \
                 The default version is deleted with the policy.",
            ));
        }
        tx.remove::<ManagedPolicy>(call.global_scope(), name_key(&policy.name).as_str())?;
        Ok(DeletePolicyOutput {})
    }
}
