//! AddLayerVersionPermission, GetLayerVersionPolicy, RemoveLayerVersionPermission.

use super::layer::{on_version, version};
use crate::Lambda;
use crate::error::{conflict, invalid, not_found, stale_revision};
use crate::state::{LayerVersion, Statement};
use crate::statement::{check, principal};
use api_lambda::{
    AddLayerVersionPermission, AddLayerVersionPermissionOutput, Error, GetLayerVersionPolicy,
    GetLayerVersionPolicyOutput, RemoveLayerVersionPermission, RemoveLayerVersionPermissionOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};
use wire::document;

fn check_revision(version: &LayerVersion, given: Option<&str>) -> Result<(), Error> {
    match given {
        Some(given) if given != version.permissions.revision => Err(stale_revision("GetLayerPolicy")),
        _ => Ok(()),
    }
}

impl Transact<AddLayerVersionPermission> for Lambda {
    fn access(input: &AddLayerVersionPermission, call: &Call, view: &View) -> Access {
        on_version("lambda:AddLayerVersionPermission", &input.layer_name, input.version_number, call, view)
    }

    fn run(
        input: AddLayerVersionPermission,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<AddLayerVersionPermissionOutput, Error> {
        let mut version = version(tx, &input.layer_name, input.version_number, call)?;
        check_revision(&version, input.revision_id.as_deref())?;
        if input.organization_id.is_some() && input.principal != "*" {
            return Err(invalid("OrganizationId can only be given with the principal *."));
        }
        let mut statement = document!({
            "Sid": (input.statement_id.as_str()),
            "Effect": "Allow",
            "Principal": (principal(&input.principal)?),
            "Action": (input.action.as_str()),
            "Resource": (version.arn()),
        });
        if let Some(organization) = &input.organization_id {
            let condition = document!({ "StringEquals": { "aws:PrincipalOrgID": (organization.as_str()) } });
            statement.set("Condition", condition);
        }
        if version.permissions.statement(&input.statement_id).is_some() {
            return Err(conflict(format!(
                "The statement id ({}) provided already exists. Please provide a new statement id, or remove the existing statement.",
                input.statement_id
            )));
        }
        let statement = Statement::new(&input.statement_id, &statement);
        let text = statement.text.clone();
        version.permissions.statements.push(statement);
        version.permissions.revision = call.entropy.uuid();
        check(&version.permissions)?;
        let revision = version.permissions.revision.clone();
        tx.update(version)?;
        Ok(AddLayerVersionPermissionOutput { statement: Some(text), revision_id: Some(revision) })
    }
}

impl Transact<GetLayerVersionPolicy> for Lambda {
    fn access(input: &GetLayerVersionPolicy, call: &Call, view: &View) -> Access {
        on_version("lambda:GetLayerVersionPolicy", &input.layer_name, input.version_number, call, view)
    }

    fn run(
        input: GetLayerVersionPolicy,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetLayerVersionPolicyOutput, Error> {
        let version = version(tx, &input.layer_name, input.version_number, call)?;
        if version.permissions.statements.is_empty() {
            return Err(not_found("No policy is associated with the given resource."));
        }
        Ok(GetLayerVersionPolicyOutput {
            policy: Some(version.permissions.document()),
            revision_id: Some(version.permissions.revision),
        })
    }
}

impl Transact<RemoveLayerVersionPermission> for Lambda {
    fn access(input: &RemoveLayerVersionPermission, call: &Call, view: &View) -> Access {
        on_version("lambda:RemoveLayerVersionPermission", &input.layer_name, input.version_number, call, view)
    }

    fn run(
        input: RemoveLayerVersionPermission,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<RemoveLayerVersionPermissionOutput, Error> {
        let mut version = version(tx, &input.layer_name, input.version_number, call)?;
        check_revision(&version, input.revision_id.as_deref())?;
        if version.permissions.statement(&input.statement_id).is_none() {
            return Err(not_found(format!(
                "Statement {} is not found in resource policy.",
                input.statement_id
            )));
        }
        version.permissions.statements.retain(|statement| statement.id != input.statement_id);
        version.permissions.revision = call.entropy.uuid();
        tx.update(version)?;
        Ok(RemoveLayerVersionPermissionOutput {})
    }
}
