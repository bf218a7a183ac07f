//! CreateSecurityGroup, DeleteSecurityGroup, DescribeSecurityGroups.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{invalid_parameter, invalid_value, missing, refuse};
use crate::filter::{Filters, one};
use crate::network;
use crate::operations::authorize::{named_group, named_id};
use crate::operations::{permission, rule_answers};
use crate::page::Paging;
use crate::state::creation::Creation;
use crate::state::noun::{self, arn};
use crate::state::security_group::{Peer, Rule, SecurityGroup};
use crate::state::{NetworkInterface, Noun, Vpc};
use crate::tags;
use api_ec2::{
    CreateSecurityGroup, CreateSecurityGroupOutput, DeleteSecurityGroup, DeleteSecurityGroupOutput,
    DescribeSecurityGroups, DescribeSecurityGroupsOutput, Error,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The most groups of an account in a region.
const MOST: usize = 2500;

impl Transact<CreateSecurityGroup> for Ec2 {
    fn access(input: &CreateSecurityGroup, call: &Call, view: &View) -> Access {
        let default = || Vpc::default_of(view, call.scope()).ok().flatten().map(|vpc| vpc.id);
        let vpc = input.vpc_id.clone().or_else(default);
        let needs = Needs::of(call, view).making::<SecurityGroup>(input.tag_specifications.as_ref());
        needs.on_some::<Vpc>(vpc.as_deref()).access()
    }

    fn run(input: CreateSecurityGroup, call: &Call, tx: &mut Tx) -> Result<CreateSecurityGroupOutput, Error> {
        let scope = call.scope();
        let name = group_name(&input.group_name)?;
        check_description(&input.description)?;
        let vpc = match &input.vpc_id {
            Some(id) => noun::find::<Vpc>(tx, scope, id)?,
            None => Vpc::default_of(tx, scope)?
                .ok_or_else(|| refuse("VPCIdNotSpecified", "No default VPC for this user"))?,
        };
        let new = tags::for_new(call, input.tag_specifications, SecurityGroup::NOUN)?;
        if name.eq_ignore_ascii_case("default") {
            return Err(invalid_value("Cannot use reserved security group name: default"));
        }
        if SecurityGroup::named(tx, scope, &vpc.id, &name)?.is_some() {
            let message = format!("The security group '{name}' already exists for VPC '{}'", vpc.id);
            return Err(refuse("InvalidGroup.Duplicate", message));
        }
        if tx.scan::<SecurityGroup>(scope, ()).count()? >= MOST {
            let message =
                format!("The maximum number of security groups for VPC '{}' has been reached.", vpc.id);
            return Err(refuse("SecurityGroupLimitExceeded", message));
        }
        let mut rules = vec![network::everything(&call.entropy, true, Peer::Ipv4("0.0.0.0/0".into()))];
        if vpc.ipv6.is_some() {
            rules.push(network::everything(&call.entropy, true, Peer::Ipv6("::/0".into())));
        }
        let id = network::id(&call.entropy, SecurityGroup::PREFIX);
        Creation::remember_step(tx, scope, &new, &id)?;
        let listed = tags::listed(&new.tags);
        let (description, vpc) = (input.description, vpc.id);
        tx.insert(SecurityGroup { scope, id: id.clone(), name, description, vpc, rules, tags: new.tags })?;
        let security_group_arn = Some(arn(scope, SecurityGroup::NOUN, &id));
        answer(
            input.dry_run,
            CreateSecurityGroupOutput { group_id: Some(id), tags: listed, security_group_arn },
        )
    }
}

/// A name by AWS's grammar, without spaces at its end.
fn group_name(text: &str) -> Result<String, Error> {
    let name = text.trim_end();
    if name.is_empty() {
        return Err(missing("GroupName"));
    }
    let refused = |why: &str| Err(invalid_parameter(text, "GroupName", why));
    if !name.is_ascii() {
        return refused("Character sets beyond ASCII are not supported.");
    }
    if name.to_ascii_lowercase().starts_with("sg-") {
        return refused("Group names may not be in the format sg-*.");
    }
    if !permission::is_plain(name) {
        return refused(
            "Valid names are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
        );
    }
    Ok(name.to_owned())
}

fn check_description(text: &str) -> Result<(), Error> {
    if text.is_empty() {
        return Err(missing("GroupDescription"));
    }
    if !text.is_ascii() {
        let why = "Character sets beyond ASCII are not supported.";
        return Err(invalid_parameter(text, "GroupDescription", why));
    }
    if !permission::is_plain(text) {
        return Err(invalid_value(
            "Invalid security group description. Valid descriptions are strings less than 256 characters from the \
             following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
        ));
    }
    Ok(())
}

impl Transact<DeleteSecurityGroup> for Ec2 {
    fn access(input: &DeleteSecurityGroup, call: &Call, view: &View) -> Access {
        let id = named_id(view, call, input.group_id.as_deref(), input.group_name.as_deref());
        Needs::of(call, view).on::<SecurityGroup>(&id).access()
    }

    fn run(input: DeleteSecurityGroup, call: &Call, tx: &mut Tx) -> Result<DeleteSecurityGroupOutput, Error> {
        let scope = call.scope();
        let group = named_group(tx, call, input.group_id.as_deref(), input.group_name.as_deref())?;
        if group.is_default() {
            let message = format!(
                "the specified group: \"{}\" name: \"{}\" cannot be deleted by a user",
                group.id, group.name
            );
            return Err(refuse("CannotDelete", message));
        }
        let others = tx.list::<SecurityGroup>(scope)?;
        let referred = others.iter().any(|other| other.id != group.id && other.refers_to(&group.id));
        let used =
            tx.list::<NetworkInterface>(scope)?.iter().any(|interface| interface.groups.contains(&group.id));
        if referred || used {
            return Err(refuse(
                "DependencyViolation",
                format!("resource {} has a dependent object", group.id),
            ));
        }
        tx.remove::<SecurityGroup>(scope, group.id.as_str())?;
        answer(input.dry_run, DeleteSecurityGroupOutput { r#return: Some(true), group_id: Some(group.id) })
    }
}

const FILTERS: &[&str] = &[
    "description",
    "egress.ip-permission.cidr",
    "egress.ip-permission.from-port",
    "egress.ip-permission.group-id",
    "egress.ip-permission.group-name",
    "egress.ip-permission.ipv6-cidr",
    "egress.ip-permission.prefix-list-id",
    "egress.ip-permission.protocol",
    "egress.ip-permission.to-port",
    "egress.ip-permission.user-id",
    "group-id",
    "group-name",
    "ip-permission.cidr",
    "ip-permission.from-port",
    "ip-permission.group-id",
    "ip-permission.group-name",
    "ip-permission.ipv6-cidr",
    "ip-permission.prefix-list-id",
    "ip-permission.protocol",
    "ip-permission.to-port",
    "ip-permission.user-id",
    "owner-id",
    "vpc-id",
];

impl Transact<DescribeSecurityGroups> for Ec2 {
    fn access(_: &DescribeSecurityGroups, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(
        input: DescribeSecurityGroups,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeSecurityGroupsOutput, Error> {
        let scope = call.scope();
        let paging = Paging::new(input.next_token, input.max_results);
        paging.without_ids(input.group_ids.as_ref(), "securityGroupIds")?;
        paging.without_ids(input.group_names.as_ref(), "securityGroupNames")?;
        let filters = Filters::parse(input.filters, FILTERS, true)?;
        let names = input.group_names.unwrap_or_default();
        let ids = input.group_ids.unwrap_or_default();
        let mut groups: Vec<SecurityGroup> = Vec::new();
        for name in &names {
            groups.push(permission::group_named(tx, scope, name)?);
        }
        if names.is_empty() || !ids.is_empty() {
            groups.extend(noun::chosen::<SecurityGroup>(tx, scope, Some(&ids))?);
        }
        groups.sort_by(|left, right| left.id.cmp(&right.id));
        groups.dedup_by(|left, right| left.id == right.id);
        // The names of groups that rules name: read once, and only where a filter asks for them.
        let all = tx.list::<SecurityGroup>(scope)?;
        let name_of = |id: &str| all.iter().find(|group| group.id == id).map(|group| group.name.clone());
        groups.retain(|group| filters.pass(&group.tags, |filter| values(group, filter, &name_of)));
        let answered = groups.into_iter().map(|group| (group.id.clone(), described(&group))).collect();
        let (security_groups, next_token) = paging.page("DescribeSecurityGroups", answered)?;
        let security_groups = Some(security_groups);
        answer(input.dry_run, DescribeSecurityGroupsOutput { next_token, security_groups })
    }
}

/// What a group has under a filter's name.
fn values(group: &SecurityGroup, filter: &str, name_of: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let (rule_filter, egress) = match filter.strip_prefix("egress.ip-permission.") {
        Some(rest) => (Some(rest), true),
        None => (filter.strip_prefix("ip-permission."), false),
    };
    if let Some(rule_filter) = rule_filter {
        return group.direction(egress).filter_map(|rule| rule_value(rule, rule_filter, name_of)).collect();
    }
    match filter {
        "description" => one(&group.description),
        "group-id" => one(&group.id),
        "group-name" => one(&group.name),
        "owner-id" => one(group.scope.account),
        "vpc-id" => one(&group.vpc),
        _ => Vec::new(),
    }
}

fn rule_value(rule: &Rule, filter: &str, name_of: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    match (filter, &rule.peer) {
        ("cidr", Peer::Ipv4(cidr)) | ("ipv6-cidr", Peer::Ipv6(cidr)) => Some(cidr.clone()),
        ("prefix-list-id", Peer::PrefixList(id)) | ("group-id", Peer::Group(id, _)) => Some(id.clone()),
        ("group-name", Peer::Group(id, _)) => name_of(id),
        ("user-id", Peer::Group(_, owner)) => Some(owner.clone()),
        ("protocol", _) => Some(rule.traffic.protocol.clone()),
        ("from-port", _) => rule.traffic.ports.map(|(from, _)| from.to_string()),
        ("to-port", _) => rule.traffic.ports.map(|(_, to)| to.to_string()),
        _ => None,
    }
}

fn described(group: &SecurityGroup) -> api_ec2::SecurityGroup {
    api_ec2::SecurityGroup {
        group_id: Some(group.id.clone()),
        ip_permissions_egress: Some(rule_answers::permissions(group.direction(true))),
        tags: tags::listed(&group.tags),
        vpc_id: Some(group.vpc.clone()),
        security_group_arn: Some(arn(group.scope, SecurityGroup::NOUN, &group.id)),
        owner_id: Some(group.scope.account.to_string()),
        group_name: Some(group.name.clone()),
        description: Some(group.description.clone()),
        ip_permissions: Some(rule_answers::permissions(group.direction(false))),
    }
}
