//! RevokeSecurityGroupIngress and RevokeSecurityGroupEgress.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{combination, missing, refuse};
use crate::operations::authorize::{Legacy, named_group, named_id};
use crate::operations::{permission, rule_answers};
use crate::state::Vpc;
use crate::state::noun;
use crate::state::security_group::{Rule, SecurityGroup};
use api_ec2::{
    Error, IpPermission, RevokeSecurityGroupEgress, RevokeSecurityGroupEgressOutput,
    RevokeSecurityGroupIngress, RevokeSecurityGroupIngressOutput, RevokedSecurityGroupRule,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// What a call takes away, and what of it there was not.
struct Revoked {
    rules: Vec<RevokedSecurityGroupRule>,
    unknown: Option<Vec<IpPermission>>,
}

/// The error of a rule id that is not there.
pub(crate) fn no_rule(id: &str) -> Error {
    if !noun::is_id("sgr", id) {
        return refuse(
            "InvalidSecurityGroupRuleId.Malformed",
            format!("Invalid id: \"{id}\" (expecting \"sgr-...\")"),
        );
    }
    refuse("InvalidSecurityGroupRuleId.NotFound", format!("The security group rule ID '{id}' does not exist"))
}

fn revoke(
    tx: &mut Tx,
    mut group: SecurityGroup,
    egress: bool,
    ids: Option<Vec<String>>,
    permissions: Option<Vec<IpPermission>>,
    legacy: Legacy,
) -> Result<Revoked, Error> {
    let ids = ids.filter(|ids| !ids.is_empty());
    let mut unknown = Vec::new();
    let gone: Vec<Rule> = match ids {
        Some(_)
            if permissions.as_ref().is_some_and(|permissions| !permissions.is_empty())
                || !legacy.is_empty() =>
        {
            let message = "Only one of 'ipPermissions' or 'securityGroupRuleIds' should be provided.";
            return Err(combination(message));
        }
        Some(ids) => {
            let find = |id: &String| {
                let rule = group.direction(egress).find(|rule| rule.id == *id);
                rule.cloned().ok_or_else(|| no_rule(id))
            };
            ids.iter().map(find).collect::<Result<_, _>>()?
        }
        None => {
            let asked = permission::rules(tx, &group, egress, legacy.or(permissions).map_err(either)?)?;
            let (found, absent): (Vec<Rule>, Vec<Rule>) =
                asked.into_iter().partition(|rule| group.rules.iter().any(|existing| existing.same(rule)));
            // In a default VPC AWS lists what it did not find; elsewhere that is an error.
            let lenient = tx.get::<Vpc>(group.scope, group.vpc.as_str())?.is_some_and(|vpc| vpc.is_default);
            if !absent.is_empty() && !lenient {
                let message = "The specified rule does not exist in this security group.";
                return Err(refuse("InvalidPermission.NotFound", message));
            }
            unknown = absent;
            let existing = |rule: &Rule| group.rules.iter().find(|existing| existing.same(rule)).cloned();
            found.iter().filter_map(existing).collect()
        }
    };
    let rules = gone.iter().map(|rule| rule_answers::revoked(&group, rule)).collect();
    group.rules.retain(|rule| !gone.iter().any(|gone| gone.id == rule.id));
    tx.update(group)?;
    let unknown = (!unknown.is_empty()).then(|| rule_answers::permissions(unknown.iter()));
    Ok(Revoked { rules, unknown })
}

fn either(error: Error) -> Error {
    if error == missing("ipPermissions") {
        let message = "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.";
        return refuse("MissingParameter", message);
    }
    error
}

impl Transact<RevokeSecurityGroupIngress> for Ec2 {
    fn access(input: &RevokeSecurityGroupIngress, call: &Call, view: &View) -> Access {
        let id = named_id(view, call, input.group_id.as_deref(), input.group_name.as_deref());
        Needs::of(call, view).on::<SecurityGroup>(&id).access()
    }

    fn run(
        input: RevokeSecurityGroupIngress,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<RevokeSecurityGroupIngressOutput, Error> {
        let group = named_group(tx, call, input.group_id.as_deref(), input.group_name.as_deref())?;
        let legacy = Legacy {
            cidr: input.cidr_ip,
            protocol: input.ip_protocol,
            from: input.from_port,
            to: input.to_port,
            group: input.source_security_group_name,
            owner: input.source_security_group_owner_id,
        };
        let revoked = revoke(tx, group, false, input.security_group_rule_ids, input.ip_permissions, legacy)?;
        let output = RevokeSecurityGroupIngressOutput {
            r#return: Some(true),
            unknown_ip_permissions: revoked.unknown,
            revoked_security_group_rules: Some(revoked.rules),
        };
        answer(input.dry_run, output)
    }
}

impl Transact<RevokeSecurityGroupEgress> for Ec2 {
    fn access(input: &RevokeSecurityGroupEgress, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<SecurityGroup>(&input.group_id).access()
    }

    /// Here AWS documents the single parameters as not supported: "Use IP permissions instead."
    fn run(
        input: RevokeSecurityGroupEgress,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<RevokeSecurityGroupEgressOutput, Error> {
        let group: SecurityGroup = noun::find(tx, call.scope(), &input.group_id)?;
        let legacy = Legacy {
            cidr: input.cidr_ip,
            protocol: input.ip_protocol,
            from: input.from_port,
            to: input.to_port,
            group: input.source_security_group_name,
            owner: input.source_security_group_owner_id,
        };
        let listed = |list: Option<usize>| list.is_some_and(|length| length > 0);
        let ids = listed(input.security_group_rule_ids.as_ref().map(Vec::len));
        if !ids && !listed(input.ip_permissions.as_ref().map(Vec::len)) {
            return Err(either(missing("ipPermissions")));
        }
        let revoked = revoke(tx, group, true, input.security_group_rule_ids, input.ip_permissions, legacy)?;
        let output = RevokeSecurityGroupEgressOutput {
            r#return: Some(true),
            unknown_ip_permissions: revoked.unknown,
            revoked_security_group_rules: Some(revoked.rules),
        };
        answer(input.dry_run, output)
    }
}
