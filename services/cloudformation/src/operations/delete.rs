//! DeleteStack.

use super::{CloudFormation, invalid, on_stack};
use crate::engine::{enqueue, stack_event};
use crate::state::changes::ChangeSet;
use crate::state::resource::StackResource;
use crate::state::stack::Stack;
use api_cloudformation::{DeleteStack, DeleteStackOutput, DeletionMode, Error};
use contract::{Access, Call, Check, Transact};
use names::Arn;
use store::{Tx, View};

impl Transact<DeleteStack> for CloudFormation {
    fn access(input: &DeleteStack, call: &Call, view: &View) -> Access {
        let mut access = on_stack("DeleteStack", &input.stack_name, call, view);
        if let Some(role) = &input.role_arn {
            access = access.with("cloudformation:RoleArn", [role.as_str()]);
            access = access.and(Check::pass_role(role, crate::engine::SERVICE_PRINCIPAL));
        }
        access
    }

    fn run(input: DeleteStack, call: &Call, tx: &mut Tx) -> Result<DeleteStackOutput, Error> {
        // Deleting what is not there is done already.
        let Some(mut stack) = Stack::find_any(tx, call.scope(), &input.stack_name)? else {
            return Ok(DeleteStackOutput {});
        };
        if stack.is_deleted() || stack.status == "DELETE_IN_PROGRESS" {
            return Ok(DeleteStackOutput {});
        }
        if stack.termination_protection {
            return Err(invalid(format!(
                "Stack [{}] cannot be deleted while TerminationProtection is enabled",
                stack.name
            )));
        }
        // A stack that is being created can be deleted; one that is being updated or rolled back has to come to rest first.
        let in_progress = stack.status.ends_with("_IN_PROGRESS");
        if in_progress && !matches!(stack.status.as_str(), "CREATE_IN_PROGRESS" | "REVIEW_IN_PROGRESS") {
            return Err(invalid(format!(
                "Stack [{}] cannot be deleted while in status {}",
                stack.id, stack.status
            )));
        }
        let retain = input.retain_resources.unwrap_or_default();
        let forced = input.deletion_mode == Some(DeletionMode::ForceDeleteStack);
        let refused = |what: &str| {
            let id = &stack.id;
            Err(invalid(format!(
                "Invalid operation on stack [{id}]. {what} only when the stack is in the DELETE_FAILED state."
            )))
        };
        if !stack.is("DELETE_FAILED") {
            if !retain.is_empty() {
                return refused("When you delete a stack, specify which resources to retain");
            }
            if forced {
                return refused(
                    "You can activate DeletionMode FORCE_DELETE_STACK in a delete stack operation",
                );
            }
        }
        let rows = tx.scan::<StackResource>(stack.scope, (stack.id.as_str(),)).rows()?;
        let can_stay = |name: &String| {
            rows.iter().any(|resource| resource.logical_id == *name && !resource.is("DELETE_COMPLETE"))
        };
        if !retain.iter().all(can_stay) {
            return Err(invalid(
                "The specified resources to retain must be in a valid state. Do not specify resources that are in the DELETE_COMPLETE state.",
            ));
        }
        stack.undoing = false;
        stack.retained = retain;
        stack.forced = forced;
        if let Some(role) = input.role_arn {
            stack.role_arn = Some(
                role.parse::<Arn>()
                    .map_err(|_| invalid(format!("Role {role} is invalid or cannot be assumed")))?,
            );
        }
        stack.principal = call.principal.clone();
        stack.chain = call.chain.clone();
        stack.token = input.client_request_token;
        for set in ChangeSet::of_stack(tx, stack.scope, &stack.id)? {
            tx.remove::<ChangeSet>(set.scope, &set.id)?;
        }
        stack_event(&mut stack, "DELETE_IN_PROGRESS", Some("User Initiated"), call, tx)?;
        enqueue(&stack, call.now, tx)?;
        tx.put(stack)?;
        Ok(DeleteStackOutput {})
    }
}
