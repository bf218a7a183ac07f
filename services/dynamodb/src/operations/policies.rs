//! Resource policies of tables and streams. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-intro.html>

use crate::Dynamodb;
use crate::access::on_arn;
use crate::reference::TableReference;
use crate::refusal::validation;
use crate::state::{StoredPolicy, Stream, Table};
use api_dynamodb::{
    DeleteResourcePolicy, DeleteResourcePolicyOutput, Error, GetResourcePolicy, GetResourcePolicyOutput,
    PolicyNotFoundException, PutResourcePolicy, PutResourcePolicyOutput, ResourceNotFoundException,
};
use contract::{Access, Call, Transact};
use policy::{Context, Flavour, Kind, Policies, Request, ResourcePolicy};
use store::{Tx, View};

/// The most bytes of a policy.
const LARGEST: usize = 20 * 1024;
const NO_POLICY: &str = "NO_POLICY";

/// A new revision's id.
pub(super) fn revision(call: &Call) -> String {
    call.now.millis().to_string() + &call.entropy.text(6, b"0123456789")
}

/// The table of an ARN, and what of it is meant: empty, or a stream's label.
fn known(view: &View, call: &Call, arn: &str) -> Result<(Table, String), Error> {
    let not_found = || -> Error {
        ResourceNotFoundException::new(format!("Requested resource not found: ResourceArn: {arn} not found"))
            .into()
    };
    let (reference, rest) = TableReference::read_arn(arn)?;
    let label = match rest.as_deref() {
        None => String::new(),
        Some(rest) => match rest.strip_prefix("stream/") {
            Some(label) => label.to_owned(),
            None => return Err(validation(format!("Invalid ResourceArn provided as input: {arn}"))),
        },
    };
    if reference.scope.region != call.region {
        return Err(not_found());
    }
    let table = Table::get(view, reference.scope, &reference.name)?.ok_or_else(not_found)?;
    if !label.is_empty() && Stream::get(view, table.scope, &table.name, &label)?.is_none() {
        return Err(not_found());
    }
    Ok((table, label))
}

/// Refuses a policy that cannot be read, is too large, or lets everybody in
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-bpa-rbp.html>).
pub(super) fn check(text: &str) -> Result<(), Error> {
    if text.len() > LARGEST {
        return Err(validation(format!(
            "Resource policy size exceeds the limit: {} bytes, at most {LARGEST}",
            text.len()
        )));
    }
    let document = policy::parse(text, Kind::Resource(Flavour::Other))
        .map_err(|error| validation(format!("Invalid policy document: {}", error.message())))?;
    if document.is_public() {
        return Err(validation(
            "Resource-based policy grants public access, which DynamoDB blocks: name the principals, or fix aws:PrincipalAccount, aws:PrincipalArn, aws:PrincipalOrgID, aws:SourceAccount or aws:SourceArn in a condition",
        ));
    }
    Ok(())
}

/// Whether a policy would forbid its writer to change it again.
fn locks_out(text: &str, arn: &str, table: &Table, call: &Call) -> bool {
    let Ok(document) = policy::parse(text, Kind::Resource(Flavour::Other)) else { return true };
    let principal = call.principal.for_policy();
    let request = Request {
        principal: &principal,
        action: "dynamodb:PutResourcePolicy",
        resource: arn,
        resource_account: Some(table.scope.account),
        context: &Context::default(),
        canonical_user: None,
    };
    let policies = Policies { resource: Some(ResourcePolicy::new(arn, document)), ..Policies::default() };
    let decision = policy::evaluate(&request, &policies);
    matches!(decision.outcome, policy::Outcome::ExplicitDeny)
}

fn check_revision(expected: Option<&str>, found: Option<&StoredPolicy>) -> Result<(), Error> {
    let Some(expected) = expected else { return Ok(()) };
    let matches = match found {
        None => expected == NO_POLICY,
        Some(found) => expected == found.revision,
    };
    if matches {
        return Ok(());
    }
    Err(PolicyNotFoundException::new(
        "The resource-based policy with the expected revision ID was not found for the specified resource",
    )
    .into())
}

impl Transact<PutResourcePolicy> for Dynamodb {
    fn access(input: &PutResourcePolicy, call: &Call, view: &View) -> Access {
        on_arn("PutResourcePolicy", &input.resource_arn, call, view)
    }

    fn run(input: PutResourcePolicy, call: &Call, tx: &mut Tx) -> Result<PutResourcePolicyOutput, Error> {
        let (mut table, label) = known(tx, call, &input.resource_arn)?;
        check(&input.policy)?;
        check_revision(input.expected_revision_id.as_deref(), table.policies.get(&label))?;
        if input.confirm_remove_self_resource_access != Some(true)
            && locks_out(&input.policy, &input.resource_arn, &table, call)
        {
            return Err(validation(
                "Resource policy denies the caller to change it again. Set ConfirmRemoveSelfResourceAccess to put it all the same",
            ));
        }
        // The same policy again is the same revision.
        if let Some(found) = table.policies.get(&label).filter(|found| found.text == input.policy) {
            return Ok(PutResourcePolicyOutput { revision_id: Some(found.revision.clone()) });
        }
        let revision = revision(call);
        table.policies.insert(label, StoredPolicy { text: input.policy, revision: revision.clone() });
        tx.put(table)?;
        Ok(PutResourcePolicyOutput { revision_id: Some(revision) })
    }
}

impl Transact<GetResourcePolicy> for Dynamodb {
    fn access(input: &GetResourcePolicy, call: &Call, view: &View) -> Access {
        on_arn("GetResourcePolicy", &input.resource_arn, call, view)
    }

    fn run(input: GetResourcePolicy, call: &Call, tx: &mut Tx) -> Result<GetResourcePolicyOutput, Error> {
        let (table, label) = known(tx, call, &input.resource_arn)?;
        match table.policies.get(&label) {
            Some(found) => Ok(GetResourcePolicyOutput {
                policy: Some(found.text.clone()),
                revision_id: Some(found.revision.clone()),
            }),
            None => Err(PolicyNotFoundException::new(format!(
                "Resource-based policy not found for the provided ResourceArn: {}",
                input.resource_arn
            ))
            .into()),
        }
    }
}

impl Transact<DeleteResourcePolicy> for Dynamodb {
    fn access(input: &DeleteResourcePolicy, call: &Call, view: &View) -> Access {
        on_arn("DeleteResourcePolicy", &input.resource_arn, call, view)
    }

    /// A policy that is gone is deleted.
    fn run(
        input: DeleteResourcePolicy,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteResourcePolicyOutput, Error> {
        let (mut table, label) = known(tx, call, &input.resource_arn)?;
        check_revision(input.expected_revision_id.as_deref(), table.policies.get(&label))?;
        let Some(removed) = table.policies.remove(&label) else {
            return Ok(DeleteResourcePolicyOutput { revision_id: None });
        };
        tx.put(table)?;
        Ok(DeleteResourcePolicyOutput { revision_id: Some(removed.revision) })
    }
}
