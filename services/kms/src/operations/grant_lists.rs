//! Lists of grants.

use crate::Kms;
use crate::access::{Ask, of_call};
use crate::page::{limit, page};
use crate::reference::{Takes, key};
use crate::refusal::invalid;
use crate::state::{Grant, Key};
use api_kms::{
    Error, GrantConstraints, GrantListEntry, ListGrants, ListGrantsOutput, ListRetirableGrants,
    ListRetirableGrantsOutput,
};
use contract::{Access, Call, Transact};
use names::Arn;
use store::{Tx, View};

impl Transact<ListGrants> for Kms {
    fn access(input: &ListGrants, call: &Call, view: &View) -> Access {
        Ask::shared("ListGrants", &input.key_id, Takes::Keys)
            .access(call, view)
            .with("kms:GrantIsForAWSResource", [super::grants::for_service(call)])
    }

    fn run(input: ListGrants, call: &Call, tx: &mut Tx) -> Result<ListGrantsOutput, Error> {
        let key = key(&input.key_id, Takes::Keys, call, tx)?;
        let wanted = |grant: &Grant| {
            input.grant_id.as_ref().is_none_or(|id| *id == grant.id)
                && input.grantee_principal.as_ref().is_none_or(|grantee| *grantee == grant.grantee)
        };
        let grants = Grant::of_key(tx, key.scope, &key.id)?.into_iter().filter(wanted).collect();
        answer(&format!("grants {}", key.id), input.marker.as_deref(), input.limit, grants)
    }
}

impl Transact<ListRetirableGrants> for Kms {
    fn access(_: &ListRetirableGrants, call: &Call, _: &View) -> Access {
        let access = Access::to("kms:ListRetirableGrants");
        of_call(call).into_iter().fold(access, |access, (key, values)| access.with(key, values))
    }

    fn run(input: ListRetirableGrants, call: &Call, tx: &mut Tx) -> Result<ListRetirableGrantsOutput, Error> {
        let principal = input.retiring_principal;
        let own = principal.parse::<Arn>().is_ok_and(|arn| arn.account == Some(call.account));
        if !own {
            return Err(invalid(format!(
                "The retiring principal must be one of the account {}.",
                call.account
            )));
        }
        // Also on keys of other accounts.
        let mut grants = Vec::new();
        for grant in tx.by_global_index::<Grant>("retiring_principal", principal.as_str())? {
            let here = grant.scope.region == call.region;
            if here && Key::get(tx, grant.scope, &grant.key_id, call.now)?.is_some() {
                grants.push(grant);
            }
        }
        answer(&format!("retirable {principal}"), input.marker.as_deref(), input.limit, grants)
    }
}

fn answer(
    list: &str,
    marker: Option<&str>,
    wanted: Option<i32>,
    grants: Vec<Grant>,
) -> Result<ListGrantsOutput, Error> {
    let sorted = |grant: Grant| (format!("{:020} {}", grant.created.millis(), grant.id), entry(grant));
    let page = page(list, marker, limit(wanted, 50), grants.into_iter().map(sorted).collect())?;
    let truncated = page.truncated();
    Ok(ListGrantsOutput { grants: Some(page.things), next_marker: page.next_marker, truncated })
}

fn entry(grant: Grant) -> GrantListEntry {
    let key = Arn::new("kms", grant.scope, format!("key/{}", grant.key_id));
    let constraints = (!grant.constraints.is_none()).then_some(GrantConstraints {
        encryption_context_subset: grant.constraints.subset,
        encryption_context_equals: grant.constraints.equals,
    });
    GrantListEntry {
        key_id: Some(key.to_string()),
        grant_id: Some(grant.id),
        name: Some(grant.name.unwrap_or_default()),
        creation_date: Some(grant.created),
        grantee_principal: Some(grant.grantee),
        retiring_principal: grant.retiring,
        issuing_account: Some(
            Arn::new("iam", names::Scope::global(grant.issuing_account), "root").to_string(),
        ),
        operations: Some(grant.operations.iter().filter_map(|operation| operation.parse().ok()).collect()),
        constraints,
    }
}
