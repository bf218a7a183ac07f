//! Service-linked roles.

use super::{Iam, Result, entities};
use crate::ids::Unique;
use crate::service_linked::{Template, template};
use crate::state::{Deletion, Entity, EntityPolicies, Role};
use crate::{answers, authority, refusal};
use api_iam::{
    CreateServiceLinkedRole, CreateServiceLinkedRoleOutput, DeleteServiceLinkedRole,
    DeleteServiceLinkedRoleOutput, DeletionTaskStatusType, GetServiceLinkedRoleDeletionStatus,
    GetServiceLinkedRoleDeletionStatusOutput,
};
use contract::{Access, Call, Registration, Transact};
use names::Tags;
use std::collections::{BTreeMap, BTreeSet};
use store::{Tx, View};

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, CreateServiceLinkedRole>()
        .transact::<Iam, DeleteServiceLinkedRole>()
        .transact::<Iam, GetServiceLinkedRoleDeletionStatus>()
}

fn role_name(template: Option<&Template>, input: &CreateServiceLinkedRole) -> String {
    let name = template.map_or("*", |template| template.role);
    match &input.custom_suffix {
        Some(suffix) => format!("{name}_{suffix}"),
        None => name.to_owned(),
    }
}

impl Transact<CreateServiceLinkedRole> for Iam {
    fn access(input: &CreateServiceLinkedRole, call: &Call, _: &View) -> Access {
        let service = input.aws_service_name.as_str();
        let role = role_name(template(service), input);
        let arn = authority::arn(call, format!("role/aws-service-role/{service}/{role}"));
        Access::on("iam:CreateServiceLinkedRole", arn).with("iam:AWSServiceName", [service])
    }

    fn run(
        input: CreateServiceLinkedRole,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<CreateServiceLinkedRoleOutput> {
        let service = input.aws_service_name.as_str();
        let missing =
            || refusal::invalid_input(format!("Could not find Service Linked Role Template for {service}"));
        let template = template(service).ok_or_else(missing)?;
        let policy = template.policy().ok_or_else(missing)?;
        if input.custom_suffix.is_some() && !template.suffix {
            return Err(refusal::invalid_input(format!("Custom suffix is not allowed for {service}")));
        }
        let name = role_name(Some(template), &input);
        if Role::named(tx, call.account, &name)?.is_some() {
            return Err(refusal::invalid_input(format!(
                "Service role name {name} has been taken in this account, please try a different suffix."
            )));
        }
        let role = Role {
            account: call.account,
            name,
            path: format!("/aws-service-role/{service}/"),
            id: Unique::Role.id(&call.entropy),
            created: crate::state::moment(call),
            trust: template.trust(),
            trusted: BTreeMap::new(),
            description: input.description,
            max_session: 3600,
            boundary: None,
            tags: Tags::new(),
            policies: EntityPolicies { attached: vec![policy.arn()], ..EntityPolicies::default() },
            instance_profiles: BTreeSet::new(),
            service: Some(service.to_owned()),
        };
        let answer = answers::role_in_list(tx, &role)?;
        tx.insert(role)?;
        Ok(CreateServiceLinkedRoleOutput { role: Some(answer) })
    }
}

impl Transact<DeleteServiceLinkedRole> for Iam {
    fn access(input: &DeleteServiceLinkedRole, call: &Call, view: &View) -> Access {
        let access = authority::on::<Role>("iam:DeleteServiceLinkedRole", &input.role_name, call, view);
        match Role::named(view, call.account, &input.role_name) {
            Ok(Some(Role { service: Some(service), .. })) => access.with("iam:AWSServiceName", [service]),
            Ok(_) => access,
            Err(_) => Access::default(),
        }
    }

    /// Done at once: no service here refuses to let go of its role.
    fn run(
        input: DeleteServiceLinkedRole,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteServiceLinkedRoleOutput> {
        let role = entities::existing::<Role>(tx, call, &input.role_name)?;
        let Some(service) = &role.service else {
            return Err(refusal::invalid_input(format!("Role {} is not a service-linked role.", role.name)));
        };
        let id = format!("task/aws-service-role/{service}/{}/{}", role.name, call.entropy.uuid());
        entities::delete(tx, &role)?;
        tx.insert(Deletion { account: call.account, id: id.clone() })?;
        Ok(DeleteServiceLinkedRoleOutput { deletion_task_id: id })
    }
}

impl Transact<GetServiceLinkedRoleDeletionStatus> for Iam {
    fn access(input: &GetServiceLinkedRoleDeletionStatus, call: &Call, _: &View) -> Access {
        let role = input.deletion_task_id.strip_prefix("task/").and_then(|task| task.rsplit_once('/'));
        let role = role.map_or("*", |(role, _)| role);
        Access::on("iam:GetServiceLinkedRoleDeletionStatus", authority::arn(call, format!("role/{role}")))
    }

    fn run(
        input: GetServiceLinkedRoleDeletionStatus,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetServiceLinkedRoleDeletionStatusOutput> {
        let id = input.deletion_task_id;
        if !tx.exists::<Deletion>(call.global_scope(), id.as_str())? {
            return Err(refusal::no_such(format!("Deletion task {id} cannot be found.")));
        }
        Ok(GetServiceLinkedRoleDeletionStatusOutput {
            status: DeletionTaskStatusType::Succeeded,
            reason: None,
        })
    }
}
