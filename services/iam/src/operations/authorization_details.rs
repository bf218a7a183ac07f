use super::{Iam, Result, policies};
use crate::managed::{self, AwsPolicy};
use crate::page::page;
use crate::state::{Entity, Group, InstanceProfile, ManagedPolicy, Role, User};
use crate::{answers, documents, principals, tags};
use api_iam::{
    EntityType, GetAccountAuthorizationDetails, GetAccountAuthorizationDetailsOutput, GroupDetail,
    ManagedPolicyDetail, PolicyVersion, RoleDetail, UserDetail,
};
use contract::{Access, Call, Registration, Transact};
use store::{Row, StoreError, Tx, View};

pub(super) fn register(registration: Registration) -> Registration {
    registration.transact::<Iam, GetAccountAuthorizationDetails>()
}

/// What is described, in the order of the answer.
enum Described {
    User(User),
    Group(Group),
    Role(Role),
    Own(ManagedPolicy),
    Aws(&'static AwsPolicy, usize, usize),
}

impl Described {
    fn key(&self) -> String {
        match self {
            Self::User(user) => format!("1{}", user.key()),
            Self::Group(group) => format!("2{}", group.key()),
            Self::Role(role) => format!("3{}", role.key()),
            Self::Own(policy) => format!("4{}", policy.key()),
            Self::Aws(policy, ..) => format!("5{}", policy.arn()),
        }
    }
}

/// Of AWS's managed policies those that the account uses.
fn all(
    view: &View,
    call: &Call,
    wanted: impl Fn(EntityType) -> bool,
) -> std::result::Result<Vec<Described>, StoreError> {
    let scope = call.global_scope();
    let mut all = Vec::new();
    if wanted(EntityType::User) {
        all.extend(view.list(scope)?.into_iter().map(Described::User));
    }
    if wanted(EntityType::Group) {
        all.extend(view.list(scope)?.into_iter().map(Described::Group));
    }
    if wanted(EntityType::Role) {
        all.extend(view.list(scope)?.into_iter().map(Described::Role));
    }
    if wanted(EntityType::LocalManagedPolicy) {
        all.extend(view.list(scope)?.into_iter().map(Described::Own));
    }
    if wanted(EntityType::AwsManagedPolicy) {
        let used = policies::usage(view, call)?.into_iter();
        let used = used.filter_map(|(arn, (attached, bounds))| {
            Some(Described::Aws(managed::by_arn(&arn)?, attached, bounds))
        });
        all.extend(used);
    }
    Ok(all)
}

fn user_detail(view: &View, row: &User) -> std::result::Result<UserDetail, StoreError> {
    let groups = row.group_rows(view)?.into_iter().map(|group| group.name).collect();
    Ok(UserDetail {
        path: Some(row.path.clone()),
        user_name: Some(row.name.clone()),
        user_id: Some(row.id.clone()),
        arn: Some(row.arn()),
        create_date: Some(row.created),
        user_policy_list: Some(answers::inline_list(row)),
        group_list: Some(groups),
        attached_managed_policies: Some(answers::attached_list(row)),
        permissions_boundary: answers::boundary(row.boundary()),
        tags: Some(tags::list(&row.tags).collect()),
    })
}

fn group_detail(row: &Group) -> GroupDetail {
    GroupDetail {
        path: Some(row.path.clone()),
        group_name: Some(row.name.clone()),
        group_id: Some(row.id.clone()),
        arn: Some(row.arn()),
        create_date: Some(row.created),
        group_policy_list: Some(answers::inline_list(row)),
        attached_managed_policies: Some(answers::attached_list(row)),
    }
}

fn role_detail(view: &View, row: &Role) -> std::result::Result<RoleDetail, StoreError> {
    let mut profiles = Vec::new();
    for key in &row.instance_profiles {
        if let Some(profile) = view.get::<InstanceProfile>(row.scope(), key.as_str())? {
            profiles.push(answers::instance_profile(view, &profile)?);
        }
    }
    Ok(RoleDetail {
        path: Some(row.path.clone()),
        role_name: Some(row.name.clone()),
        role_id: Some(row.id.clone()),
        arn: Some(row.arn()),
        create_date: Some(row.created),
        assume_role_policy_document: Some(documents::encoded(&principals::effective_trust(view, row)?)),
        instance_profile_list: Some(profiles),
        role_policy_list: Some(answers::inline_list(row)),
        attached_managed_policies: Some(answers::attached_list(row)),
        permissions_boundary: answers::boundary(row.boundary()),
        tags: Some(tags::list(&row.tags).collect()),
        role_last_used: Some(answers::last_used(view, row)?),
    })
}

fn policy_detail(policy: api_iam::Policy, versions: Vec<PolicyVersion>) -> ManagedPolicyDetail {
    ManagedPolicyDetail {
        policy_name: policy.policy_name,
        policy_id: policy.policy_id,
        arn: policy.arn,
        path: policy.path,
        default_version_id: policy.default_version_id,
        attachment_count: policy.attachment_count,
        permissions_boundary_usage_count: policy.permissions_boundary_usage_count,
        is_attachable: policy.is_attachable,
        description: policy.description,
        create_date: policy.create_date,
        update_date: policy.update_date,
        policy_version_list: Some(versions),
    }
}

fn aws_detail(
    policy: &AwsPolicy,
    attached: usize,
    bounds: usize,
) -> std::result::Result<ManagedPolicyDetail, StoreError> {
    let version = PolicyVersion {
        document: Some(documents::encoded(&policy.document()?)),
        version_id: Some(policy.version.to_owned()),
        is_default_version: Some(true),
        create_date: Some(policy.updated),
    };
    Ok(policy_detail(answers::aws_policy(policy, attached, bounds), vec![version]))
}

impl Transact<GetAccountAuthorizationDetails> for Iam {
    fn access(_: &GetAccountAuthorizationDetails, _: &Call, _: &View) -> Access {
        Access::to("iam:GetAccountAuthorizationDetails")
    }

    fn run(
        input: GetAccountAuthorizationDetails,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetAccountAuthorizationDetailsOutput> {
        let filter = input.filter.unwrap_or_default();
        let described = all(tx, call, |kind| filter.is_empty() || filter.contains(&kind))?;
        let page = page(described, Described::key, input.marker.as_deref(), input.max_items)?;
        let is_truncated = page.truncated();
        let (mut users, mut groups, mut roles, mut policies) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for entry in page.items {
            match entry {
                Described::User(row) => users.push(user_detail(tx, &row)?),
                Described::Group(row) => groups.push(group_detail(&row)),
                Described::Role(row) => roles.push(role_detail(tx, &row)?),
                Described::Own(row) => {
                    let versions =
                        row.versions.iter().rev().map(|version| answers::version(&row, version, true));
                    policies.push(policy_detail(answers::policy(&row, true), versions.collect()));
                }
                Described::Aws(policy, attached, bounds) => {
                    policies.push(aws_detail(policy, attached, bounds)?)
                }
            }
        }
        Ok(GetAccountAuthorizationDetailsOutput {
            user_detail_list: Some(users),
            group_detail_list: Some(groups),
            role_detail_list: Some(roles),
            policies: Some(policies),
            is_truncated,
            marker: page.marker,
        })
    }
}
