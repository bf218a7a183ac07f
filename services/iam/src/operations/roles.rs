use super::{Iam, Result, entities};
use crate::ids::Unique;
use crate::page::page;
use crate::state::{Entity, EntityPolicies, Role, name_key};
use crate::{answers, authority, documents, principals, refusal, tags};
use api_iam::{
    CreateRole, CreateRoleOutput, DeleteRole, DeleteRoleOutput, GetRole, GetRoleOutput, ListRoles,
    ListRolesOutput, UpdateAssumeRolePolicy, UpdateAssumeRolePolicyOutput, UpdateRole, UpdateRoleDescription,
    UpdateRoleDescriptionOutput, UpdateRoleOutput,
};
use contract::{Access, Call, Registration, Transact};
use names::Tags;
use policy::Kind;
use std::collections::{BTreeMap, BTreeSet};
use store::{Tx, View};

/// The most roles of an account, and characters of a trust policy.
const MOST_ROLES: usize = 1000;
const LONGEST_TRUST: usize = 2048;

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, CreateRole>()
        .transact::<Iam, GetRole>()
        .transact::<Iam, ListRoles>()
        .transact::<Iam, UpdateRole>()
        .transact::<Iam, UpdateRoleDescription>()
        .transact::<Iam, UpdateAssumeRolePolicy>()
        .transact::<Iam, DeleteRole>()
}

/// Refuses a trust policy that cannot be one; answers the unique ids of the users and roles that it names.
pub(super) fn trusted(view: &View, document: &str) -> Result<BTreeMap<String, String>> {
    let parsed =
        documents::parsed(document, Kind::Trust).map_err(|error| refusal::malformed(error.message()))?;
    if documents::size(document) > LONGEST_TRUST {
        return Err(refusal::quota("ACLSizePerRole", LONGEST_TRUST));
    }
    principals::resolve(view, &parsed)?
        .map_err(|missing| refusal::malformed(format!("Invalid principal in policy: \"AWS\":\"{missing}\"")))
}

impl Transact<CreateRole> for Iam {
    fn access(input: &CreateRole, call: &Call, _: &View) -> Access {
        let access =
            authority::on_new("iam:CreateRole", "role", input.path.as_deref(), &input.role_name, call);
        let access = authority::bounded(access, input.permissions_boundary.as_deref());
        entities::tagged_on_create(access, "iam:TagRole", input.tags.as_deref())
    }

    fn run(input: CreateRole, call: &Call, tx: &mut Tx) -> Result<CreateRoleOutput> {
        let path = input.path.unwrap_or_else(|| "/".into());
        if path.starts_with("/aws-service-role/") || path.starts_with("/aws-reserved/") {
            return Err(refusal::invalid_input(format!(
                "The path {path} is reserved for roles that AWS makes."
            )));
        }
        entities::new::<Role>(tx, call, &input.role_name, MOST_ROLES)?;
        let trusted = trusted(tx, &input.assume_role_policy_document)?;
        let mut all = Tags::new();
        tags::add(&mut all, input.tags, call)?;
        let role = Role {
            account: call.account,
            name: input.role_name,
            path,
            id: Unique::Role.id(&call.entropy),
            created: crate::state::moment(call),
            trust: input.assume_role_policy_document,
            trusted,
            description: input.description,
            max_session: input.max_session_duration.unwrap_or(3600),
            boundary: input.permissions_boundary,
            tags: all,
            policies: EntityPolicies::default(),
            instance_profiles: BTreeSet::new(),
            service: None,
        };
        entities::bind(tx, call.account, &role.id, None, role.boundary())?;
        let mut answer = answers::role(tx, &role)?;
        // CreateRole answers the role without what it cannot have yet, and without what it does by default.
        answer.role_last_used = None;
        answer.max_session_duration = input.max_session_duration;
        tx.insert(role)?;
        Ok(CreateRoleOutput { role: answer })
    }
}

impl Transact<GetRole> for Iam {
    fn access(input: &GetRole, call: &Call, view: &View) -> Access {
        authority::on::<Role>("iam:GetRole", &input.role_name, call, view)
    }

    fn run(input: GetRole, call: &Call, tx: &mut Tx) -> Result<GetRoleOutput> {
        let role = entities::existing::<Role>(tx, call, &input.role_name)?;
        Ok(GetRoleOutput { role: answers::role(tx, &role)? })
    }
}

impl Transact<ListRoles> for Iam {
    fn access(input: &ListRoles, call: &Call, _: &View) -> Access {
        Access::on(
            "iam:ListRoles",
            authority::arn(call, format!("role{}", input.path_prefix.as_deref().unwrap_or("/"))),
        )
    }

    fn run(input: ListRoles, call: &Call, tx: &mut Tx) -> Result<ListRolesOutput> {
        let prefix = input.path_prefix.unwrap_or_else(|| "/".into());
        let roles = tx.list::<Role>(call.global_scope())?;
        let roles = roles.into_iter().filter(|role| role.path.starts_with(&prefix));
        let page = page(roles, |role| name_key(&role.name), input.marker.as_deref(), input.max_items)?;
        let is_truncated = page.truncated();
        let roles = page.items.iter().map(|role| answers::role_in_list(tx, role));
        Ok(ListRolesOutput {
            roles: roles.collect::<std::result::Result<_, _>>()?,
            is_truncated,
            marker: page.marker,
        })
    }
}

impl Transact<UpdateRole> for Iam {
    fn access(input: &UpdateRole, call: &Call, view: &View) -> Access {
        authority::on::<Role>("iam:UpdateRole", &input.role_name, call, view)
    }

    /// What is left out stays as it is. Of a service-linked role the description may be changed.
    fn run(input: UpdateRole, call: &Call, tx: &mut Tx) -> Result<UpdateRoleOutput> {
        let mut role = entities::existing::<Role>(tx, call, &input.role_name)?;
        if role.service.is_some() && input.max_session_duration.is_some() {
            return Err(refusal::protected(&role.name));
        }
        if input.description.is_some() {
            role.description = input.description;
        }
        role.max_session = input.max_session_duration.unwrap_or(role.max_session);
        tx.update(role)?;
        Ok(UpdateRoleOutput {})
    }
}

impl Transact<UpdateRoleDescription> for Iam {
    fn access(input: &UpdateRoleDescription, call: &Call, view: &View) -> Access {
        authority::on::<Role>("iam:UpdateRoleDescription", &input.role_name, call, view)
    }

    fn run(input: UpdateRoleDescription, call: &Call, tx: &mut Tx) -> Result<UpdateRoleDescriptionOutput> {
        let mut role = entities::existing::<Role>(tx, call, &input.role_name)?;
        role.description = Some(input.description);
        let answer = answers::role_in_list(tx, &role)?;
        tx.update(role)?;
        Ok(UpdateRoleDescriptionOutput { role: Some(answer) })
    }
}

impl Transact<UpdateAssumeRolePolicy> for Iam {
    fn access(input: &UpdateAssumeRolePolicy, call: &Call, view: &View) -> Access {
        authority::on::<Role>("iam:UpdateAssumeRolePolicy", &input.role_name, call, view)
    }

    fn run(input: UpdateAssumeRolePolicy, call: &Call, tx: &mut Tx) -> Result<UpdateAssumeRolePolicyOutput> {
        let mut role = entities::modifiable::<Role>(tx, call, &input.role_name)?;
        role.trusted = trusted(tx, &input.policy_document)?;
        role.trust = input.policy_document;
        tx.update(role)?;
        Ok(UpdateAssumeRolePolicyOutput {})
    }
}

impl Transact<DeleteRole> for Iam {
    fn access(input: &DeleteRole, call: &Call, view: &View) -> Access {
        authority::on::<Role>("iam:DeleteRole", &input.role_name, call, view)
    }

    fn run(input: DeleteRole, call: &Call, tx: &mut Tx) -> Result<DeleteRoleOutput> {
        let role = entities::modifiable::<Role>(tx, call, &input.role_name)?;
        if !role.instance_profiles.is_empty() {
            return Err(refusal::conflict(
                "Cannot delete entity, must remove roles from instance profile first.",
            ));
        }
        entities::without_policies(&role)?;
        entities::delete(tx, &role)?;
        Ok(DeleteRoleOutput {})
    }
}
