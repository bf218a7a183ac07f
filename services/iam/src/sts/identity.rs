use super::{Result, Sts, validation};
use crate::ids;
use crate::state::{AccessKey, Session};
use api_sts::{GetAccessKeyInfo, GetAccessKeyInfoOutput, GetCallerIdentity, GetCallerIdentityOutput};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<GetCallerIdentity> for Sts {
    /// No permission is needed, and no Deny takes it away (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>).
    fn access(_: &GetCallerIdentity, _: &Call, _: &View) -> Access {
        Access::unconditional()
    }

    fn run(_: GetCallerIdentity, call: &Call, _: &mut Tx) -> Result<GetCallerIdentityOutput> {
        Ok(GetCallerIdentityOutput {
            user_id: call.principal.user_id(),
            account: Some(call.principal.account().unwrap_or(call.account).to_string()),
            arn: Some(call.principal.arn()),
        })
    }
}

impl Transact<GetAccessKeyInfo> for Sts {
    fn access(_: &GetAccessKeyInfo, _: &Call, _: &View) -> Access {
        Access::to("sts:GetAccessKeyInfo")
    }

    /// The account is written in the key's id; keys of other forms (`test`) are looked up.
    fn run(input: GetAccessKeyInfo, _: &Call, tx: &mut Tx) -> Result<GetAccessKeyInfoOutput> {
        let id = input.access_key_id.as_str();
        let known = tx.first_by_global_index::<AccessKey>("id", id)?.map(|key| key.account);
        let known = match known {
            Some(account) => Some(account),
            None => tx.first_by_global_index::<Session>("id", id)?.map(|session| session.account),
        };
        let account = known.or_else(|| ids::account_of(id));
        let account = account.ok_or_else(|| validation(format!("Invalid Access Key ID: {id}")))?;
        Ok(GetAccessKeyInfoOutput { account: Some(account.to_string()) })
    }
}
