//! DescribeSecurityGroupRules, ModifySecurityGroupRules and the two updates of descriptions.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{combination, invalid_value, missing, refuse};
use crate::filter::{Filters, one};
use crate::operations::authorize::{named_group, named_id};
use crate::operations::revoke::no_rule;
use crate::operations::{permission, rule_answers};
use crate::page::Paging;
use crate::state::PrefixList;
use crate::state::noun;
use crate::state::security_group::{Peer, Rule, SecurityGroup};
use api_ec2::{
    DescribeSecurityGroupRules, DescribeSecurityGroupRulesOutput, Error, IpPermission,
    ModifySecurityGroupRules, ModifySecurityGroupRulesOutput, SecurityGroupRuleDescription,
    SecurityGroupRuleUpdate, UpdateSecurityGroupRuleDescriptionsEgress,
    UpdateSecurityGroupRuleDescriptionsEgressOutput, UpdateSecurityGroupRuleDescriptionsIngress,
    UpdateSecurityGroupRuleDescriptionsIngressOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<DescribeSecurityGroupRules> for Ec2 {
    fn access(_: &DescribeSecurityGroupRules, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(
        input: DescribeSecurityGroupRules,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeSecurityGroupRulesOutput, Error> {
        let paging = Paging::new(input.next_token, input.max_results);
        let ids = input.security_group_rule_ids.filter(|ids| !ids.is_empty());
        paging.without_ids(ids.as_ref(), "securityGroupRuleIds")?;
        let filters = Filters::parse(input.filters, &["group-id", "security-group-rule-id"], true)?;
        let groups = tx.list::<SecurityGroup>(call.scope())?;
        for id in ids.iter().flatten() {
            if !groups.iter().any(|group| group.rules.iter().any(|rule| rule.id == *id)) {
                return Err(no_rule(id));
            }
        }
        let mut answered = Vec::new();
        for group in &groups {
            for rule in &group.rules {
                let named = ids.as_ref().is_none_or(|ids| ids.contains(&rule.id));
                let value = |filter: &str| one(if filter == "group-id" { &group.id } else { &rule.id });
                if named && filters.pass(&rule.tags, value) {
                    answered.push((rule.id.clone(), rule_answers::described(group, rule)));
                }
            }
        }
        let (rules, next_token) = paging.page("DescribeSecurityGroupRules", answered)?;
        let output = DescribeSecurityGroupRulesOutput { security_group_rules: Some(rules), next_token };
        answer(input.dry_run, output)
    }
}

impl Transact<ModifySecurityGroupRules> for Ec2 {
    fn access(input: &ModifySecurityGroupRules, call: &Call, view: &View) -> Access {
        let group = view.get::<SecurityGroup>(call.scope(), input.group_id.as_str()).ok().flatten();
        let mut needs = Needs::of(call, view).on::<SecurityGroup>(&input.group_id);
        for update in &input.security_group_rules {
            let id = &update.security_group_rule_id;
            let rule = group.as_ref().and_then(|group| group.rules.iter().find(|rule| rule.id == *id));
            needs = needs.on_arn("security-group-rule", id, rule.map(|rule| &rule.tags));
            let list = update.security_group_rule.as_ref().and_then(|rule| rule.prefix_list_id.as_deref());
            needs = needs.on_some::<PrefixList>(list);
        }
        needs.access()
    }

    fn run(
        input: ModifySecurityGroupRules,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ModifySecurityGroupRulesOutput, Error> {
        let mut group: SecurityGroup = noun::find(tx, call.scope(), &input.group_id)?;
        if input.security_group_rules.is_empty() {
            return Err(missing("SecurityGroupRule"));
        }
        let mut seen: Vec<&String> = Vec::new();
        for SecurityGroupRuleUpdate { security_group_rule_id: id, security_group_rule: request } in
            &input.security_group_rules
        {
            if seen.contains(&id) {
                return Err(invalid_value(format!(
                    "The security group rule ID '{id}' appears more than once"
                )));
            }
            seen.push(id);
            let Some(position) = group.rules.iter().position(|rule| rule.id == *id) else {
                return Err(no_rule(id));
            };
            let Some(old) = group.rules.get(position).cloned() else { return Err(no_rule(id)) };
            let request = request.clone().ok_or_else(|| missing("SecurityGroupRule"))?;
            let new = permission::requested_rule(tx, &group, old.egress, request)?;
            if std::mem::discriminant(&new.peer) != std::mem::discriminant(&old.peer) {
                let message = format!(
                    "The type of the security group rule {id} cannot be changed: its peer is {}.",
                    kind(&old.peer)
                );
                return Err(invalid_value(message));
            }
            if let Some(slot) = group.rules.get_mut(position) {
                *slot = Rule { id: old.id, tags: old.tags, ..new };
            }
        }
        // The rules are compared once all are changed, so that two may change places.
        let twin = |rule: &&Rule| group.rules.iter().any(|other| other.id != rule.id && other.same(rule));
        if let Some(rule) = group.rules.iter().find(twin) {
            let message = format!(
                "the specified rule \"peer: {}, {}, ALLOW\" already exists",
                rule.peer.text(),
                rule.traffic.text()
            );
            return Err(refuse("InvalidPermission.Duplicate", message));
        }
        permission::within_limit(tx, &group)?;
        tx.update(group)?;
        answer(input.dry_run, ModifySecurityGroupRulesOutput { r#return: Some(true) })
    }
}

fn kind(peer: &Peer) -> &'static str {
    match peer {
        Peer::Ipv4(_) => "an IPv4 CIDR block",
        Peer::Ipv6(_) => "an IPv6 CIDR block",
        Peer::PrefixList(_) => "a prefix list",
        Peer::Group(..) => "a security group",
    }
}

/// Gives rules of one direction new descriptions; an empty one takes it away.
fn update_descriptions(
    tx: &mut Tx,
    mut group: SecurityGroup,
    egress: bool,
    permissions: Option<Vec<IpPermission>>,
    descriptions: Option<Vec<SecurityGroupRuleDescription>>,
) -> Result<(), Error> {
    let permissions = permissions.filter(|list| !list.is_empty());
    let descriptions = descriptions.filter(|list| !list.is_empty());
    match (permissions, descriptions) {
        (Some(_), Some(_)) => {
            let message =
                "Only one of 'ipPermissions' or 'securityGroupRuleDescriptions' should be provided.";
            return Err(combination(message));
        }
        (None, None) => return Err(missing("ipPermissions")),
        (Some(permissions), None) => {
            for asked in permission::rules(tx, &group, egress, permissions)? {
                let Some(rule) = group.rules.iter_mut().find(|rule| rule.same(&asked)) else {
                    let message = "The specified rule does not exist in this security group.";
                    return Err(refuse("InvalidPermission.NotFound", message));
                };
                rule.description = asked.description;
            }
        }
        (None, Some(descriptions)) => {
            for SecurityGroupRuleDescription { security_group_rule_id, description } in descriptions {
                let id = security_group_rule_id.ok_or_else(|| missing("SecurityGroupRuleId"))?;
                let rule = group.rules.iter_mut().find(|rule| rule.id == id && rule.egress == egress);
                let rule = rule.ok_or_else(|| no_rule(&id))?;
                rule.description = permission::description(description)?;
            }
        }
    }
    Ok(tx.update(group)?)
}

impl Transact<UpdateSecurityGroupRuleDescriptionsIngress> for Ec2 {
    fn access(input: &UpdateSecurityGroupRuleDescriptionsIngress, call: &Call, view: &View) -> Access {
        let id = named_id(view, call, input.group_id.as_deref(), input.group_name.as_deref());
        Needs::of(call, view).on::<SecurityGroup>(&id).access()
    }

    fn run(
        input: UpdateSecurityGroupRuleDescriptionsIngress,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<UpdateSecurityGroupRuleDescriptionsIngressOutput, Error> {
        let group = named_group(tx, call, input.group_id.as_deref(), input.group_name.as_deref())?;
        update_descriptions(tx, group, false, input.ip_permissions, input.security_group_rule_descriptions)?;
        answer(input.dry_run, UpdateSecurityGroupRuleDescriptionsIngressOutput { r#return: Some(true) })
    }
}

impl Transact<UpdateSecurityGroupRuleDescriptionsEgress> for Ec2 {
    fn access(input: &UpdateSecurityGroupRuleDescriptionsEgress, call: &Call, view: &View) -> Access {
        let id = named_id(view, call, input.group_id.as_deref(), input.group_name.as_deref());
        Needs::of(call, view).on::<SecurityGroup>(&id).access()
    }

    fn run(
        input: UpdateSecurityGroupRuleDescriptionsEgress,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<UpdateSecurityGroupRuleDescriptionsEgressOutput, Error> {
        let group = named_group(tx, call, input.group_id.as_deref(), input.group_name.as_deref())?;
        update_descriptions(tx, group, true, input.ip_permissions, input.security_group_rule_descriptions)?;
        answer(input.dry_run, UpdateSecurityGroupRuleDescriptionsEgressOutput { r#return: Some(true) })
    }
}
