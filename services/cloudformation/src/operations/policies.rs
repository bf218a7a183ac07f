//! Stack policies: kept here, and enforced by updates.

use super::{CloudFormation, invalid, named_stack, on_stack};
use api_cloudformation::{Error, GetStackPolicy, GetStackPolicyOutput, SetStackPolicy, SetStackPolicyOutput};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// Refuses what is no stack policy.
pub(super) fn check(policy: &str) -> Result<(), Error> {
    crate::engine::policy::check(policy)
        .map_err(|problem| invalid(format!("Error validating stack policy: {problem}")))
}

impl Transact<SetStackPolicy> for CloudFormation {
    fn access(input: &SetStackPolicy, call: &Call, view: &View) -> Access {
        on_stack("SetStackPolicy", &input.stack_name, call, view)
    }

    fn run(input: SetStackPolicy, call: &Call, tx: &mut Tx) -> Result<SetStackPolicyOutput, Error> {
        if input.stack_policy_url.is_some() {
            return Err(invalid("StackPolicyURL is not built in Cloudchamber."));
        }
        let policy = input
            .stack_policy_body
            .ok_or_else(|| invalid("You must specify either StackPolicyBody or StackPolicyURL"))?;
        check(&policy)?;
        let mut stack = named_stack(tx, call, &input.stack_name)?;
        stack.policy = Some(policy);
        tx.put(stack)?;
        Ok(SetStackPolicyOutput {})
    }
}

impl Transact<GetStackPolicy> for CloudFormation {
    fn access(input: &GetStackPolicy, call: &Call, view: &View) -> Access {
        on_stack("GetStackPolicy", &input.stack_name, call, view)
    }

    fn run(input: GetStackPolicy, call: &Call, tx: &mut Tx) -> Result<GetStackPolicyOutput, Error> {
        let stack = named_stack(tx, call, &input.stack_name)?;
        Ok(GetStackPolicyOutput { stack_policy_body: stack.policy })
    }
}
