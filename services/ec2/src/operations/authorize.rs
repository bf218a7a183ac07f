//! AuthorizeSecurityGroupIngress and AuthorizeSecurityGroupEgress.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{combination, missing, refuse};
use crate::network;
use crate::operations::{permission, rule_answers};
use crate::state::creation::Creation;
use crate::state::noun;
use crate::state::security_group::{Rule, SecurityGroup};
use crate::tags;
use api_ec2::{
    AuthorizeSecurityGroupEgress, AuthorizeSecurityGroupEgressOutput, AuthorizeSecurityGroupIngress,
    AuthorizeSecurityGroupIngressOutput, Error, IpPermission, IpRange, SecurityGroupRule, TagSpecification,
    UserIdGroupPair,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The group that a request names, by its id or (in the default VPC) by its name.
pub(crate) fn named_group(
    view: &View,
    call: &Call,
    id: Option<&str>,
    name: Option<&str>,
) -> Result<SecurityGroup, Error> {
    match (id.filter(|id| !id.is_empty()), name.filter(|name| !name.is_empty())) {
        (Some(_), Some(_)) => {
            Err(combination("The parameter GroupName cannot be used with the parameter GroupId"))
        }
        (Some(id), None) => noun::find(view, call.scope(), id),
        (None, Some(name)) => permission::group_named(view, call.scope(), name),
        (None, None) => Err(missing("groupName or groupId")),
    }
}

/// The id that authorization is asked for: `*` where the name stands for no group.
pub(crate) fn named_id(view: &View, call: &Call, id: Option<&str>, name: Option<&str>) -> String {
    match id {
        Some(id) => id.to_owned(),
        None => named_group(view, call, None, name).map_or_else(|_| "*".to_owned(), |group| group.id),
    }
}

/// The single parameters that requests had before IpPermissions.
#[derive(Default)]
pub(crate) struct Legacy {
    pub(crate) cidr: Option<String>,
    pub(crate) protocol: Option<String>,
    pub(crate) from: Option<i32>,
    pub(crate) to: Option<i32>,
    pub(crate) group: Option<String>,
    pub(crate) owner: Option<String>,
}

impl Legacy {
    /// Whether the request has none of them.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { cidr, protocol, from, to, group, owner } = self;
        let texts = [cidr, protocol, group, owner];
        texts.iter().all(|text| text.is_none()) && from.is_none() && to.is_none()
    }

    /// The permissions of a request, from its list or from the single parameters.
    pub(crate) fn or(self, list: Option<Vec<IpPermission>>) -> Result<Vec<IpPermission>, Error> {
        if let Some(list) = list.filter(|list| !list.is_empty()) {
            if !self.is_empty() {
                let message =
                    "The parameter 'ipPermissions' may not be used in combination with 'ipProtocol'";
                return Err(combination(message));
            }
            return Ok(list);
        }
        let Self { cidr, protocol, from, to, group, owner } = self;
        let Some(group) = group else {
            if protocol.is_none() && cidr.is_none() {
                return Err(missing("ipPermissions"));
            }
            let ip_ranges = cidr.map(|cidr| vec![IpRange { description: None, cidr_ip: Some(cidr) }]);
            let (ip_protocol, from_port, to_port) = (protocol, from, to);
            return Ok(vec![IpPermission {
                ip_protocol,
                from_port,
                to_port,
                ip_ranges,
                ..Default::default()
            }]);
        };
        if cidr.is_some() || protocol.is_some() || from.is_some() || to.is_some() {
            let message = "The parameter 'sourceSecurityGroupName' may not be used in combination with 'ipProtocol' or 'cidrIp'";
            return Err(combination(message));
        }
        // Another group by its name is given all of ICMP, UDP and TCP.
        let all = |protocol: &str, from: i32, to: i32| IpPermission {
            ip_protocol: Some(protocol.to_owned()),
            from_port: Some(from),
            to_port: Some(to),
            user_id_group_pairs: Some(vec![UserIdGroupPair {
                group_name: Some(group.clone()),
                user_id: owner.clone(),
                ..Default::default()
            }]),
            ..Default::default()
        };
        Ok(vec![all("tcp", 0, 65535), all("udp", 0, 65535), all("icmp", -1, -1)])
    }
}

/// Adds rules to a group, all or none.
fn authorize(
    call: &Call,
    tx: &mut Tx,
    mut group: SecurityGroup,
    mut rules: Vec<Rule>,
    specifications: Option<Vec<TagSpecification>>,
) -> Result<Vec<SecurityGroupRule>, Error> {
    let new = tags::for_new(call, specifications, "security-group-rule")?;
    for rule in &mut rules {
        if group.rules.iter().any(|existing| existing.same(rule)) {
            let message = format!(
                "the specified rule \"peer: {}, {}, ALLOW\" already exists",
                rule.peer.text(),
                rule.traffic.text()
            );
            return Err(refuse("InvalidPermission.Duplicate", message));
        }
        rule.id = network::id(&call.entropy, "sgr");
        rule.tags.clone_from(&new.tags);
    }
    group.rules.extend(rules.iter().cloned());
    permission::within_limit(tx, &group)?;
    if let Some(first) = rules.first() {
        Creation::remember_step(tx, call.scope(), &new, &first.id)?;
    }
    let answered = rules.iter().map(|rule| rule_answers::described(&group, rule)).collect();
    tx.update(group)?;
    Ok(answered)
}

impl Transact<AuthorizeSecurityGroupIngress> for Ec2 {
    fn access(input: &AuthorizeSecurityGroupIngress, call: &Call, view: &View) -> Access {
        let id = named_id(view, call, input.group_id.as_deref(), input.group_name.as_deref());
        Needs::of(call, view)
            .on::<SecurityGroup>(&id)
            .tagging_rules(input.tag_specifications.as_ref())
            .access()
    }

    fn run(
        input: AuthorizeSecurityGroupIngress,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<AuthorizeSecurityGroupIngressOutput, Error> {
        let group = named_group(tx, call, input.group_id.as_deref(), input.group_name.as_deref())?;
        let legacy = Legacy {
            cidr: input.cidr_ip,
            protocol: input.ip_protocol,
            from: input.from_port,
            to: input.to_port,
            group: input.source_security_group_name,
            owner: input.source_security_group_owner_id,
        };
        let rules = permission::rules(tx, &group, false, legacy.or(input.ip_permissions)?)?;
        let rules = authorize(call, tx, group, rules, input.tag_specifications)?;
        let output =
            AuthorizeSecurityGroupIngressOutput { r#return: Some(true), security_group_rules: Some(rules) };
        answer(input.dry_run, output)
    }
}

impl Transact<AuthorizeSecurityGroupEgress> for Ec2 {
    fn access(input: &AuthorizeSecurityGroupEgress, call: &Call, view: &View) -> Access {
        let needs = Needs::of(call, view).on::<SecurityGroup>(&input.group_id);
        needs.tagging_rules(input.tag_specifications.as_ref()).access()
    }

    /// Here AWS documents the single parameters as not supported: "Use IP permissions instead."
    fn run(
        input: AuthorizeSecurityGroupEgress,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<AuthorizeSecurityGroupEgressOutput, Error> {
        let group: SecurityGroup = noun::find(tx, call.scope(), &input.group_id)?;
        let legacy = Legacy {
            cidr: input.cidr_ip,
            protocol: input.ip_protocol,
            from: input.from_port,
            to: input.to_port,
            group: input.source_security_group_name,
            owner: input.source_security_group_owner_id,
        };
        if input.ip_permissions.as_ref().is_none_or(Vec::is_empty) {
            return Err(missing("ipPermissions"));
        }
        let rules = permission::rules(tx, &group, true, legacy.or(input.ip_permissions)?)?;
        let rules = authorize(call, tx, group, rules, input.tag_specifications)?;
        let output =
            AuthorizeSecurityGroupEgressOutput { r#return: Some(true), security_group_rules: Some(rules) };
        answer(input.dry_run, output)
    }
}
