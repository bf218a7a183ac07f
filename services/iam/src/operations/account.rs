//! The account: aliases and the summary.

use super::{Iam, Result};
use crate::answers::count;
use crate::page::page;
use crate::refusal;
use crate::state::{AccessKey, Account, Group, InstanceProfile, ManagedPolicy, Role, User};
use api_iam::{
    CreateAccountAlias, CreateAccountAliasOutput, DeleteAccountAlias, DeleteAccountAliasOutput,
    GetAccountSummary, GetAccountSummaryOutput, ListAccountAliases, ListAccountAliasesOutput,
};
use contract::{Access, Call, Registration, Transact};
use store::{Tx, View};

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, CreateAccountAlias>()
        .transact::<Iam, ListAccountAliases>()
        .transact::<Iam, DeleteAccountAlias>()
        .transact::<Iam, GetAccountSummary>()
}

fn account(view: &View, call: &Call) -> Result<Account> {
    let known = view.get::<Account>(call.global_scope(), ())?;
    Ok(known.unwrap_or_else(|| Account {
        id: call.account,
        name: String::new(),
        created: crate::state::moment(call),
        alias: None,
        closed: None,
    }))
}

impl Transact<CreateAccountAlias> for Iam {
    fn access(_: &CreateAccountAlias, _: &Call, _: &View) -> Access {
        Access::to("iam:CreateAccountAlias")
    }

    /// An account has one alias: a new one takes the old one's place.
    fn run(input: CreateAccountAlias, call: &Call, tx: &mut Tx) -> Result<CreateAccountAliasOutput> {
        let alias = input.account_alias;
        if alias.len() == 12 && alias.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refusal::invalid_input("The account alias must not be 12 digits."));
        }
        if let Some(holder) = tx.first_by_global_index::<Account>("alias", alias.as_str())?
            && holder.id != call.account
        {
            return Err(refusal::already(format!("The account alias {alias} already exists.")));
        }
        let account = account(tx, call)?;
        tx.put(Account { alias: Some(alias), ..account })?;
        Ok(CreateAccountAliasOutput {})
    }
}

impl Transact<ListAccountAliases> for Iam {
    fn access(_: &ListAccountAliases, _: &Call, _: &View) -> Access {
        Access::to("iam:ListAccountAliases")
    }

    fn run(input: ListAccountAliases, call: &Call, tx: &mut Tx) -> Result<ListAccountAliasesOutput> {
        let page = page(account(tx, call)?.alias, Clone::clone, input.marker.as_deref(), input.max_items)?;
        let is_truncated = page.truncated();
        Ok(ListAccountAliasesOutput { account_aliases: page.items, is_truncated, marker: page.marker })
    }
}

impl Transact<DeleteAccountAlias> for Iam {
    fn access(_: &DeleteAccountAlias, _: &Call, _: &View) -> Access {
        Access::to("iam:DeleteAccountAlias")
    }

    fn run(input: DeleteAccountAlias, call: &Call, tx: &mut Tx) -> Result<DeleteAccountAliasOutput> {
        let account = account(tx, call)?;
        if account.alias.as_ref() != Some(&input.account_alias) {
            return Err(refusal::no_such(format!(
                "The Account Alias {} cannot be found.",
                input.account_alias
            )));
        }
        tx.put(Account { alias: None, ..account })?;
        Ok(DeleteAccountAliasOutput {})
    }
}

/// Quotas, and what this cloud does not have.
const FIXED: [(&str, i32); 24] = [
    ("UsersQuota", 5000),
    ("GroupsQuota", 300),
    ("RolesQuota", 1000),
    ("PoliciesQuota", 1500),
    ("InstanceProfilesQuota", 1000),
    ("PolicyVersionsInUseQuota", 10000),
    ("VersionsPerPolicyQuota", 5),
    ("PolicySizeQuota", 6144),
    ("UserPolicySizeQuota", 2048),
    ("GroupPolicySizeQuota", 5120),
    ("RolePolicySizeQuota", 10240),
    ("AssumeRolePolicySizeQuota", 2048),
    ("AttachedPoliciesPerUserQuota", 10),
    ("AttachedPoliciesPerGroupQuota", 10),
    ("AttachedPoliciesPerRoleQuota", 10),
    ("GroupsPerUserQuota", 10),
    ("AccessKeysPerUserQuota", 2),
    ("SigningCertificatesPerUserQuota", 2),
    ("ServerCertificatesQuota", 20),
    ("ServerCertificates", 0),
    ("MFADevices", 0),
    ("MFADevicesInUse", 0),
    ("AccountMFAEnabled", 0),
    ("AccountSigningCertificatesPresent", 0),
];

impl Transact<GetAccountSummary> for Iam {
    fn access(_: &GetAccountSummary, _: &Call, _: &View) -> Access {
        Access::to("iam:GetAccountSummary")
    }

    fn run(_: GetAccountSummary, call: &Call, tx: &mut Tx) -> Result<GetAccountSummaryOutput> {
        let scope = call.global_scope();
        let policies = tx.list::<ManagedPolicy>(scope)?;
        let root_keys = tx.scan::<AccessKey>(scope, (AccessKey::owner(None),)).count()?;
        let counted = [
            ("Users", tx.scan::<User>(scope, ()).count()?),
            ("Groups", tx.scan::<Group>(scope, ()).count()?),
            ("Roles", tx.scan::<Role>(scope, ()).count()?),
            ("InstanceProfiles", tx.scan::<InstanceProfile>(scope, ()).count()?),
            ("Policies", policies.len()),
            ("PolicyVersionsInUse", policies.iter().map(|policy| policy.versions.len()).sum()),
            ("AccountAccessKeysPresent", root_keys.min(1)),
        ];
        let also = [("AccountPasswordPresent", 0), ("GlobalEndpointTokenVersion", 1), ("Providers", 0)];
        let all = FIXED.into_iter().chain(also).chain(counted.map(|(name, number)| (name, count(number))));
        let summary = all.map(|(name, number)| (name.to_owned(), number)).collect();
        Ok(GetAccountSummaryOutput { summary_map: Some(summary) })
    }
}
