//! CreateNetworkAcl, DeleteNetworkAcl, DescribeNetworkAcls, ReplaceNetworkAclAssociation.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{has_dependencies, invalid_value, refuse};
use crate::filter::{Filters, one};
use crate::network;
use crate::page::Paging;
use crate::state::creation::Creation;
use crate::state::network_acl::Entry;
use crate::state::noun;
use crate::state::{NetworkAcl, Noun, Subnet, Vpc};
use crate::tags;
use api_ec2::{
    CreateNetworkAcl, CreateNetworkAclOutput, DeleteNetworkAcl, DeleteNetworkAclOutput, DescribeNetworkAcls,
    DescribeNetworkAclsOutput, Error, IcmpTypeCode, NetworkAclAssociation, NetworkAclEntry, PortRange,
    ReplaceNetworkAclAssociation, ReplaceNetworkAclAssociationOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The most ACLs of a VPC.
const MOST: usize = 200;

impl Transact<CreateNetworkAcl> for Ec2 {
    fn access(input: &CreateNetworkAcl, call: &Call, view: &View) -> Access {
        let needs = Needs::of(call, view).making::<NetworkAcl>(input.tag_specifications.as_ref());
        needs.on::<Vpc>(&input.vpc_id).access()
    }

    fn run(input: CreateNetworkAcl, call: &Call, tx: &mut Tx) -> Result<CreateNetworkAclOutput, Error> {
        let scope = call.scope();
        let (token, asked) = (input.client_token.clone(), format!("{input:?}"));
        if let Some(acl) =
            Creation::before::<NetworkAcl>(tx, scope, "CreateNetworkAcl", token.as_deref(), &asked)?
        {
            let output = CreateNetworkAclOutput { network_acl: Some(described(&acl)), client_token: token };
            return answer(input.dry_run, output);
        }
        let vpc: Vpc = noun::find(tx, scope, &input.vpc_id)?;
        let new = tags::for_new(call, input.tag_specifications, NetworkAcl::NOUN)?;
        let of_vpc = tx.list::<NetworkAcl>(scope)?.iter().filter(|acl| acl.vpc == vpc.id).count();
        if of_vpc >= MOST {
            return Err(refuse(
                "NetworkAclLimitExceeded",
                "The maximum number of network acls has been reached.",
            ));
        }
        let id = network::id(&call.entropy, NetworkAcl::PREFIX);
        Creation::remember_step(tx, scope, &new, &id)?;
        Creation::remember(tx, scope, "CreateNetworkAcl", token.as_deref(), asked, &id)?;
        let (entries, associations, is_default) = (Entry::last(), Vec::new(), false);
        let acl = NetworkAcl { scope, id, vpc: vpc.id, is_default, entries, associations, tags: new.tags };
        tx.insert(acl.clone())?;
        let output = CreateNetworkAclOutput { network_acl: Some(described(&acl)), client_token: token };
        answer(input.dry_run, output)
    }
}

impl Transact<DeleteNetworkAcl> for Ec2 {
    fn access(input: &DeleteNetworkAcl, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<NetworkAcl>(&input.network_acl_id).access()
    }

    fn run(input: DeleteNetworkAcl, call: &Call, tx: &mut Tx) -> Result<DeleteNetworkAclOutput, Error> {
        let acl: NetworkAcl = noun::find(tx, call.scope(), &input.network_acl_id)?;
        if acl.is_default {
            return Err(invalid_value(format!("cannot delete default network ACL {}", acl.id)));
        }
        if !acl.associations.is_empty() {
            return Err(has_dependencies("networkAcl", &acl.id));
        }
        tx.remove::<NetworkAcl>(call.scope(), acl.id.as_str())?;
        answer(input.dry_run, DeleteNetworkAclOutput {})
    }
}

impl Transact<ReplaceNetworkAclAssociation> for Ec2 {
    fn access(input: &ReplaceNetworkAclAssociation, call: &Call, view: &View) -> Access {
        let acl = NetworkAcl::of_association(view, call.scope(), &input.association_id).ok().flatten();
        let subnet = acl.and_then(|acl| {
            let mut associations = acl.associations.into_iter();
            associations.find(|(id, _)| *id == input.association_id).map(|(_, subnet)| subnet)
        });
        let needs = Needs::of(call, view).on::<NetworkAcl>(&input.network_acl_id);
        needs.on::<Subnet>(subnet.as_deref().unwrap_or("*")).access()
    }

    fn run(
        input: ReplaceNetworkAclAssociation,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ReplaceNetworkAclAssociationOutput, Error> {
        let (scope, id) = (call.scope(), &input.association_id);
        let not_found =
            || refuse("InvalidAssociationID.NotFound", format!("The association ID '{id}' does not exist"));
        let mut old = NetworkAcl::of_association(tx, scope, id)?.ok_or_else(not_found)?;
        let target: NetworkAcl = noun::find(tx, scope, &input.network_acl_id)?;
        if target.vpc != old.vpc {
            let message =
                format!("Network ACL {} and association {id} belong to different networks", target.id);
            return Err(invalid_value(message));
        }
        let position =
            old.associations.iter().position(|(association, _)| association == id).ok_or_else(not_found)?;
        let (_, subnet) = old.associations.remove(position);
        tx.update(old)?;
        // Read again: it may be the same ACL.
        let mut target: NetworkAcl = noun::find(tx, scope, &target.id)?;
        let new = network::id(&call.entropy, "aclassoc");
        target.associations.push((new.clone(), subnet));
        tx.update(target)?;
        answer(input.dry_run, ReplaceNetworkAclAssociationOutput { new_association_id: Some(new) })
    }
}

const FILTERS: &[&str] = &[
    "association.association-id",
    "association.network-acl-id",
    "association.subnet-id",
    "default",
    "entry.cidr",
    "entry.egress",
    "entry.icmp.code",
    "entry.icmp.type",
    "entry.ipv6-cidr",
    "entry.port-range.from",
    "entry.port-range.to",
    "entry.protocol",
    "entry.rule-action",
    "entry.rule-number",
    "network-acl-id",
    "owner-id",
    "vpc-id",
];

impl Transact<DescribeNetworkAcls> for Ec2 {
    fn access(_: &DescribeNetworkAcls, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(input: DescribeNetworkAcls, call: &Call, tx: &mut Tx) -> Result<DescribeNetworkAclsOutput, Error> {
        let paging = Paging::new(input.next_token, input.max_results);
        paging.without_ids(input.network_acl_ids.as_ref(), "networkAclIds")?;
        let filters = Filters::parse(input.filters, FILTERS, true)?;
        let mut acls = noun::chosen::<NetworkAcl>(tx, call.scope(), input.network_acl_ids.as_ref())?;
        acls.retain(|acl| filters.pass(&acl.tags, |filter| values(acl, filter)));
        let answered = acls.iter().map(|acl| (acl.id.clone(), described(acl))).collect();
        let (acls, next_token) = paging.page("DescribeNetworkAcls", answered)?;
        answer(input.dry_run, DescribeNetworkAclsOutput { network_acls: Some(acls), next_token })
    }
}

/// What an ACL has under a filter's name.
fn values(acl: &NetworkAcl, filter: &str) -> Vec<String> {
    let entries = |value: &dyn Fn(&Entry) -> Option<String>| -> Vec<String> {
        acl.entries.iter().filter_map(value).collect()
    };
    match filter {
        "association.association-id" => acl.associations.iter().map(|(id, _)| id.clone()).collect(),
        "association.network-acl-id" => acl.associations.iter().map(|_| acl.id.clone()).collect(),
        "association.subnet-id" => acl.associations.iter().map(|(_, subnet)| subnet.clone()).collect(),
        "default" => one(acl.is_default),
        "entry.cidr" => entries(&|entry| entry.cidr.clone()),
        "entry.egress" => entries(&|entry| Some(entry.egress.to_string())),
        "entry.icmp.code" => entries(&|entry| entry.icmp.map(|(_, code)| code.to_string())),
        "entry.icmp.type" => entries(&|entry| entry.icmp.map(|(kind, _)| kind.to_string())),
        "entry.ipv6-cidr" => entries(&|entry| entry.ipv6_cidr.clone()),
        "entry.port-range.from" => entries(&|entry| entry.ports.map(|(from, _)| from.to_string())),
        "entry.port-range.to" => entries(&|entry| entry.ports.map(|(_, to)| to.to_string())),
        "entry.protocol" => entries(&|entry| Some(entry.protocol.clone())),
        "entry.rule-action" => entries(&|entry| Some(entry.action().to_owned())),
        "entry.rule-number" => entries(&|entry| Some(entry.number.to_string())),
        "network-acl-id" => one(&acl.id),
        "owner-id" => one(acl.scope.account),
        "vpc-id" => one(&acl.vpc),
        _ => Vec::new(),
    }
}

/// As answers have it.
fn described(acl: &NetworkAcl) -> api_ec2::NetworkAcl {
    let association = |(id, subnet): &(String, String)| NetworkAclAssociation {
        network_acl_association_id: Some(id.clone()),
        network_acl_id: Some(acl.id.clone()),
        subnet_id: Some(subnet.clone()),
    };
    let entry = |entry: &Entry| NetworkAclEntry {
        cidr_block: entry.cidr.clone(),
        egress: Some(entry.egress),
        icmp_type_code: entry.icmp.map(|(kind, code)| IcmpTypeCode { code: Some(code), r#type: Some(kind) }),
        ipv6_cidr_block: entry.ipv6_cidr.clone(),
        port_range: entry.ports.map(|(from, to)| PortRange { from: Some(from), to: Some(to) }),
        protocol: Some(entry.protocol.clone()),
        rule_action: entry.action().parse().ok(),
        rule_number: Some(entry.number),
    };
    api_ec2::NetworkAcl {
        associations: Some(acl.associations.iter().map(association).collect()),
        entries: Some(acl.entries.iter().map(entry).collect()),
        is_default: Some(acl.is_default),
        network_acl_id: Some(acl.id.clone()),
        tags: Some(tags::listed(&acl.tags).unwrap_or_default()),
        vpc_id: Some(acl.vpc.clone()),
        owner_id: Some(acl.scope.account.to_string()),
    }
}
