//! Key policies.

use crate::access::Ask;
use crate::page::{limit, page};
use crate::reference::{Takes, key};
use crate::{Kms, key_policy};
use api_kms::{
    Error, GetKeyPolicy, GetKeyPolicyOutput, ListKeyPolicies, ListKeyPoliciesOutput, NotFoundException,
    PutKeyPolicy, PutKeyPolicyOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<GetKeyPolicy> for Kms {
    fn access(input: &GetKeyPolicy, call: &Call, view: &View) -> Access {
        Ask::own("GetKeyPolicy", &input.key_id).access(call, view)
    }

    fn run(input: GetKeyPolicy, call: &Call, tx: &mut Tx) -> Result<GetKeyPolicyOutput, Error> {
        let key = key(&input.key_id, Takes::Keys, call, tx)?;
        check_name(input.policy_name.as_deref())?;
        Ok(GetKeyPolicyOutput { policy: Some(key.policy), policy_name: Some(key_policy::NAME.into()) })
    }
}

impl Transact<PutKeyPolicy> for Kms {
    fn access(input: &PutKeyPolicy, call: &Call, view: &View) -> Access {
        let bypass = if input.bypass_policy_lockout_safety_check == Some(true) { "true" } else { "false" };
        Ask::own("PutKeyPolicy", &input.key_id)
            .access(call, view)
            .with("kms:BypassPolicyLockoutSafetyCheck", [bypass])
    }

    fn run(input: PutKeyPolicy, call: &Call, tx: &mut Tx) -> Result<PutKeyPolicyOutput, Error> {
        let mut key = key(&input.key_id, Takes::Keys, call, tx)?;
        check_name(input.policy_name.as_deref())?;
        let bypass = input.bypass_policy_lockout_safety_check == Some(true);
        key_policy::check(&input.policy, &key.arn(), bypass, call)?;
        key.policy = input.policy;
        tx.update(key)?;
        Ok(PutKeyPolicyOutput {})
    }
}

impl Transact<ListKeyPolicies> for Kms {
    fn access(input: &ListKeyPolicies, call: &Call, view: &View) -> Access {
        Ask::own("ListKeyPolicies", &input.key_id).access(call, view)
    }

    fn run(input: ListKeyPolicies, call: &Call, tx: &mut Tx) -> Result<ListKeyPoliciesOutput, Error> {
        key(&input.key_id, Takes::Keys, call, tx)?;
        let names = vec![(key_policy::NAME.to_owned(), key_policy::NAME.to_owned())];
        let page = page("policies", input.marker.as_deref(), limit(input.limit, 100), names)?;
        let truncated = page.truncated();
        Ok(ListKeyPoliciesOutput {
            policy_names: Some(page.things),
            next_marker: page.next_marker,
            truncated,
        })
    }
}

fn check_name(name: Option<&str>) -> Result<(), Error> {
    match name {
        None | Some(key_policy::NAME) => Ok(()),
        Some(_) => Err(NotFoundException::new("No such policy exists").into()),
    }
}
