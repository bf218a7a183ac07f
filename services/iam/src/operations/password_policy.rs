use super::{Iam, Result};
use crate::refusal;
use crate::state::PasswordPolicy;
use api_iam::{
    DeleteAccountPasswordPolicy, DeleteAccountPasswordPolicyOutput, GetAccountPasswordPolicy,
    GetAccountPasswordPolicyOutput, UpdateAccountPasswordPolicy, UpdateAccountPasswordPolicyOutput,
};
use contract::{Access, Call, Registration, Transact};
use store::{Tx, View};

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, GetAccountPasswordPolicy>()
        .transact::<Iam, UpdateAccountPasswordPolicy>()
        .transact::<Iam, DeleteAccountPasswordPolicy>()
}

fn none(call: &Call) -> api_iam::Error {
    refusal::no_such(format!("The Password Policy with domain name {} cannot be found.", call.account))
}

impl Transact<GetAccountPasswordPolicy> for Iam {
    fn access(_: &GetAccountPasswordPolicy, _: &Call, _: &View) -> Access {
        Access::to("iam:GetAccountPasswordPolicy")
    }

    fn run(_: GetAccountPasswordPolicy, call: &Call, tx: &mut Tx) -> Result<GetAccountPasswordPolicyOutput> {
        let policy = tx.get::<PasswordPolicy>(call.global_scope(), ())?.ok_or_else(|| none(call))?;
        let password_policy = api_iam::PasswordPolicy {
            minimum_password_length: Some(policy.minimum_length),
            require_symbols: Some(policy.symbols),
            require_numbers: Some(policy.numbers),
            require_uppercase_characters: Some(policy.uppercase),
            require_lowercase_characters: Some(policy.lowercase),
            allow_users_to_change_password: Some(policy.users_may_change),
            expire_passwords: Some(policy.max_age_days.is_some()),
            max_password_age: policy.max_age_days,
            password_reuse_prevention: policy.reuse_prevention,
            hard_expiry: Some(policy.hard_expiry),
        };
        Ok(GetAccountPasswordPolicyOutput { password_policy })
    }
}

impl Transact<UpdateAccountPasswordPolicy> for Iam {
    fn access(_: &UpdateAccountPasswordPolicy, _: &Call, _: &View) -> Access {
        Access::to("iam:UpdateAccountPasswordPolicy")
    }

    /// What is left out goes back to its default
    /// (<https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html>).
    fn run(
        input: UpdateAccountPasswordPolicy,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<UpdateAccountPasswordPolicyOutput> {
        tx.put(PasswordPolicy {
            account: call.account,
            minimum_length: input.minimum_password_length.unwrap_or(6),
            symbols: input.require_symbols.unwrap_or(false),
            numbers: input.require_numbers.unwrap_or(false),
            uppercase: input.require_uppercase_characters.unwrap_or(false),
            lowercase: input.require_lowercase_characters.unwrap_or(false),
            users_may_change: input.allow_users_to_change_password.unwrap_or(false),
            max_age_days: input.max_password_age,
            reuse_prevention: input.password_reuse_prevention,
            hard_expiry: input.hard_expiry.unwrap_or(false),
        })?;
        Ok(UpdateAccountPasswordPolicyOutput {})
    }
}

impl Transact<DeleteAccountPasswordPolicy> for Iam {
    fn access(_: &DeleteAccountPasswordPolicy, _: &Call, _: &View) -> Access {
        Access::to("iam:DeleteAccountPasswordPolicy")
    }

    fn run(
        _: DeleteAccountPasswordPolicy,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteAccountPasswordPolicyOutput> {
        tx.remove::<PasswordPolicy>(call.global_scope(), ())?.ok_or_else(|| none(call))?;
        Ok(DeleteAccountPasswordPolicyOutput {})
    }
}
