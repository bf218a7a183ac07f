//! CreateNetworkInterface, DeleteNetworkInterface, DescribeNetworkInterfaces.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{invalid_value, refuse};
use crate::filter::{Filters, maybe, one};
use crate::network;
use crate::operations::interface_addresses::{self, Addresses};
use crate::page::Paging;
use crate::state::creation::Creation;
use crate::state::network_interface::Tracking;
use crate::state::noun;
use crate::state::{NetworkInterface, Noun, SecurityGroup, Subnet, Vpc};
use crate::tags;
use api_ec2::{
    ConnectionTrackingConfiguration, ConnectionTrackingSpecificationRequest, CreateNetworkInterface,
    CreateNetworkInterfaceOutput, DeleteNetworkInterface, DeleteNetworkInterfaceOutput,
    DescribeNetworkInterfaces, DescribeNetworkInterfacesOutput, Error, GroupIdentifier,
    Ipv4PrefixSpecification, Ipv6PrefixSpecification, NetworkInterfaceIpv6Address,
    NetworkInterfacePrivateIpAddress, NetworkInterfaceStatus, OperatorResponse,
};
use contract::{Access, Call, Principal, Transact};
use store::{StoreError, Tx, View};

/// The most interfaces of an account in a region.
const MOST: usize = 5000;
/// The most groups of an interface.
const MOST_GROUPS: usize = 5;

impl Transact<CreateNetworkInterface> for Ec2 {
    fn access(input: &CreateNetworkInterface, call: &Call, view: &View) -> Access {
        Needs::of(call, view)
            .making::<NetworkInterface>(input.tag_specifications.as_ref())
            .on::<Subnet>(&input.subnet_id)
            .on_each::<SecurityGroup>(input.groups.iter().flatten())
            .access()
    }

    fn run(
        input: CreateNetworkInterface,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<CreateNetworkInterfaceOutput, Error> {
        let scope = call.scope();
        let (token, asked) = (input.client_token.clone(), format!("{input:?}"));
        let known = Creation::before::<NetworkInterface>(
            tx,
            scope,
            "CreateNetworkInterface",
            token.as_deref(),
            &asked,
        )?;
        if let Some(interface) = known {
            let network_interface = Some(described(tx, &interface)?);
            return answer(
                input.dry_run,
                CreateNetworkInterfaceOutput { network_interface, client_token: token },
            );
        }
        let subnet: Subnet = noun::find(tx, scope, &input.subnet_id)?;
        let new = tags::for_new(call, input.tag_specifications.clone(), NetworkInterface::NOUN)?;
        let groups = groups(tx, &subnet, input.groups.clone())?;
        let Addresses { ipv4, ipv6, prefixes, ipv6_prefixes } =
            interface_addresses::choose(tx, &subnet, &call.entropy, &input)?;
        let primary_ipv6 = input.enable_primary_ipv6.unwrap_or_default();
        if primary_ipv6 && ipv6.is_empty() {
            return Err(invalid_value(
                "A primary IPv6 address needs an IPv6 address on the network interface.",
            ));
        }
        if tx.scan::<NetworkInterface>(scope, ()).count()? >= MOST {
            let message = "The maximum number of network interfaces has been reached.";
            return Err(refuse("NetworkInterfaceLimitExceeded", message));
        }
        let description = input.description.clone().unwrap_or_default();
        check_description(&description)?;
        let id = network::id(&call.entropy, NetworkInterface::PREFIX);
        Creation::remember_step(tx, scope, &new, &id)?;
        Creation::remember(tx, scope, "CreateNetworkInterface", token.as_deref(), asked, &id)?;
        let interface = NetworkInterface {
            scope,
            id,
            subnet: subnet.id,
            vpc: subnet.vpc,
            zone: subnet.zone,
            zone_id: subnet.zone_id,
            description,
            mac: mac(&call.entropy.hex(10)),
            addresses: ipv4,
            ipv6,
            primary_ipv6,
            prefixes,
            ipv6_prefixes,
            groups,
            source_dest_check: true,
            kind: input.interface_type.map_or("interface", |kind| kind.as_str()).to_owned(),
            public_address: None,
            tracking: tracking(input.connection_tracking_specification)?,
            requester: requester(call),
            operator: input.operator.and_then(|operator| operator.principal),
            tags: new.tags,
        };
        tx.insert(interface.clone())?;
        let network_interface = Some(described(tx, &interface)?);
        answer(input.dry_run, CreateNetworkInterfaceOutput { network_interface, client_token: token })
    }
}

/// The service that makes an interface for itself.
fn requester(call: &Call) -> Option<String> {
    match &call.principal {
        Principal::Service(service) => Some(service.name.clone()),
        _ => None,
    }
}

fn mac(digits: &str) -> String {
    let pairs: Vec<String> =
        digits.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into_owned()).collect();
    format!("02:{}", pairs.join(":"))
}

/// A description of an interface: at most 255 characters.
pub(crate) fn check_description(text: &str) -> Result<(), Error> {
    if text.chars().count() > 255 {
        return Err(invalid_value("The description of a network interface cannot exceed 255 characters."));
    }
    Ok(())
}

/// The groups of an interface: those asked for, or the VPC's default one.
pub(crate) fn groups(view: &View, subnet: &Subnet, asked: Option<Vec<String>>) -> Result<Vec<String>, Error> {
    let mut ids = asked.unwrap_or_default();
    if ids.is_empty() {
        let default = SecurityGroup::named(view, subnet.scope, &subnet.vpc, "default")?;
        return Ok(default.into_iter().map(|group| group.id).collect());
    }
    ids.sort();
    ids.dedup();
    for id in &ids {
        let group: SecurityGroup = noun::find(view, subnet.scope, id)?;
        if group.vpc != subnet.vpc {
            let message =
                format!("Security group {id} and subnet {} belong to different networks.", subnet.id);
            return Err(refuse("InvalidParameter", message));
        }
    }
    if ids.len() > MOST_GROUPS {
        let message = "The maximum number of security groups per interface has been reached.";
        return Err(refuse("SecurityGroupsPerInterfaceLimitExceeded", message));
    }
    Ok(ids)
}

/// Idle timeouts within AWS's ranges.
pub(crate) fn tracking(asked: Option<ConnectionTrackingSpecificationRequest>) -> Result<Tracking, Error> {
    let asked = asked.unwrap_or_default();
    for (name, value, range) in [
        ("tcpEstablishedTimeout", asked.tcp_established_timeout, 60..=432_000),
        ("udpStreamTimeout", asked.udp_stream_timeout, 60..=180),
        ("udpTimeout", asked.udp_timeout, 30..=60),
    ] {
        if let Some(value) = value.filter(|value| !range.contains(value)) {
            let message = format!(
                "Value ({value}) for parameter {name} is invalid. Expecting {} to {} seconds.",
                range.start(),
                range.end()
            );
            return Err(invalid_value(message));
        }
    }
    Ok(Tracking {
        tcp_established: asked.tcp_established_timeout,
        udp_stream: asked.udp_stream_timeout,
        udp: asked.udp_timeout,
    })
}

impl Transact<DeleteNetworkInterface> for Ec2 {
    fn access(input: &DeleteNetworkInterface, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<NetworkInterface>(&input.network_interface_id).access()
    }

    fn run(
        input: DeleteNetworkInterface,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteNetworkInterfaceOutput, Error> {
        let interface: NetworkInterface = noun::find(tx, call.scope(), &input.network_interface_id)?;
        check_requester(call, &interface)?;
        tx.remove::<NetworkInterface>(call.scope(), interface.id.as_str())?;
        answer(input.dry_run, DeleteNetworkInterfaceOutput {})
    }
}

/// What a service made for itself only that service changes.
pub(crate) fn check_requester(call: &Call, interface: &NetworkInterface) -> Result<(), Error> {
    if interface.requester.is_some() && interface.requester != requester(call) {
        return Err(refuse("AuthFailure", "You do not have permission to access the specified resource."));
    }
    Ok(())
}

const FILTERS: &[&str] = &[
    "addresses.association.owner-id",
    "addresses.association.public-ip",
    "addresses.primary",
    "addresses.private-ip-address",
    "association.allocation-id",
    "association.association-id",
    "association.ip-owner-id",
    "association.public-dns-name",
    "association.public-ip",
    "attachment.attach-time",
    "attachment.attachment-id",
    "attachment.delete-on-termination",
    "attachment.device-index",
    "attachment.instance-id",
    "attachment.instance-owner-id",
    "attachment.status",
    "availability-zone",
    "availability-zone-id",
    "description",
    "group-id",
    "group-name",
    "interface-type",
    "ipv6-addresses.ipv6-address",
    "mac-address",
    "network-interface-id",
    "operator.managed",
    "operator.principal",
    "owner-id",
    "private-dns-name",
    "private-ip-address",
    "requester-id",
    "requester-managed",
    "source-dest-check",
    "status",
    "subnet-id",
    "vpc-id",
];

impl Transact<DescribeNetworkInterfaces> for Ec2 {
    fn access(_: &DescribeNetworkInterfaces, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    /// No operator hides what it manages here, so that IncludeManagedResources adds none.
    fn run(
        input: DescribeNetworkInterfaces,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeNetworkInterfacesOutput, Error> {
        let paging = Paging::new(input.next_token, input.max_results);
        paging.without_ids(input.network_interface_ids.as_ref(), "networkInterfaceIds")?;
        let filters = Filters::parse(input.filters, FILTERS, true)?;
        let mut answered = Vec::new();
        for interface in
            noun::chosen::<NetworkInterface>(tx, call.scope(), input.network_interface_ids.as_ref())?
        {
            let described = described(tx, &interface)?;
            if filters.pass(&interface.tags, |filter| values(&interface, &described, filter)) {
                answered.push((interface.id, described));
            }
        }
        let (interfaces, next_token) = paging.page("DescribeNetworkInterfaces", answered)?;
        let output = DescribeNetworkInterfacesOutput { network_interfaces: Some(interfaces), next_token };
        answer(input.dry_run, output)
    }
}

/// What an interface has under a filter's name; nothing under those of attachments and public addresses.
fn values(interface: &NetworkInterface, described: &api_ec2::NetworkInterface, filter: &str) -> Vec<String> {
    match filter {
        "addresses.primary" => (0..interface.addresses.len()).map(|index| (index == 0).to_string()).collect(),
        "addresses.private-ip-address" => interface.addresses.clone(),
        "availability-zone" => one(&interface.zone),
        "availability-zone-id" => one(&interface.zone_id),
        "description" => one(&interface.description),
        "group-id" => interface.groups.clone(),
        "group-name" => {
            let groups = described.groups.iter().flatten();
            groups.filter_map(|group| group.group_name.clone()).collect()
        }
        "interface-type" => one(&interface.kind),
        "ipv6-addresses.ipv6-address" => interface.ipv6.clone(),
        "mac-address" => one(&interface.mac),
        "network-interface-id" => one(&interface.id),
        "operator.managed" => one(interface.operator.is_some()),
        "operator.principal" => maybe(interface.operator.as_ref()),
        "owner-id" => one(interface.scope.account),
        "private-dns-name" => maybe(described.private_dns_name.as_ref()),
        "private-ip-address" => maybe(interface.addresses.first()),
        "requester-id" => maybe(interface.requester.as_ref()),
        "requester-managed" => one(interface.requester.is_some()),
        "source-dest-check" => one(interface.source_dest_check),
        "status" => one("available"),
        "subnet-id" => one(&interface.subnet),
        "vpc-id" => one(&interface.vpc),
        _ => Vec::new(),
    }
}

/// The groups of an interface, as answers have them.
pub(crate) fn group_identifiers(
    view: &View,
    interface: &NetworkInterface,
) -> Result<Vec<GroupIdentifier>, StoreError> {
    let groups = interface.named_groups(view)?;
    let identifier = |(id, name)| GroupIdentifier { group_id: Some(id), group_name: Some(name) };
    Ok(groups.into_iter().map(identifier).collect())
}

/// As answers have it.
fn described(view: &View, interface: &NetworkInterface) -> Result<api_ec2::NetworkInterface, StoreError> {
    let vpc = view.get::<Vpc>(interface.scope, interface.vpc.as_str())?;
    let hostnames = vpc.is_some_and(|vpc| vpc.dns_hostnames);
    let name = |address: &String| hostnames.then(|| interface.dns_name(address));
    let addresses =
        interface.addresses.iter().enumerate().map(|(index, address)| NetworkInterfacePrivateIpAddress {
            association: None,
            primary: Some(index == 0),
            private_dns_name: name(address),
            private_ip_address: Some(address.clone()),
        });
    let ipv6 = interface.ipv6.iter().enumerate().map(|(index, address)| NetworkInterfaceIpv6Address {
        ipv6_address: Some(address.clone()),
        public_ipv6_dns_name: None,
        is_primary_ipv6: Some(interface.primary_ipv6 && index == 0),
    });
    let prefixes =
        interface.prefixes.iter().map(|prefix| Ipv4PrefixSpecification { ipv4_prefix: Some(prefix.clone()) });
    let ipv6_prefixes = interface
        .ipv6_prefixes
        .iter()
        .map(|prefix| Ipv6PrefixSpecification { ipv6_prefix: Some(prefix.clone()) });
    let some = |length: usize| (length > 0).then_some(());
    Ok(api_ec2::NetworkInterface {
        availability_zone: Some(interface.zone.clone()),
        availability_zone_id: Some(interface.zone_id.clone()),
        connection_tracking_configuration: timeouts(&interface.tracking),
        description: Some(interface.description.clone()),
        groups: Some(group_identifiers(view, interface)?),
        interface_type: interface.kind.parse().ok(),
        ipv6_addresses: Some(ipv6.collect()),
        ipv6_address: interface.ipv6.first().cloned(),
        mac_address: Some(interface.mac.clone()),
        network_interface_id: Some(interface.id.clone()),
        owner_id: Some(interface.scope.account.to_string()),
        private_dns_name: interface.addresses.first().and_then(name),
        private_ip_address: interface.addresses.first().cloned(),
        private_ip_addresses: Some(addresses.collect()),
        ipv4_prefixes: some(interface.prefixes.len()).map(|()| prefixes.collect()),
        ipv6_prefixes: some(interface.ipv6_prefixes.len()).map(|()| ipv6_prefixes.collect()),
        requester_id: interface.requester.clone(),
        requester_managed: Some(interface.requester.is_some()),
        source_dest_check: Some(interface.source_dest_check),
        status: Some(NetworkInterfaceStatus::Available),
        subnet_id: Some(interface.subnet.clone()),
        tag_set: Some(tags::listed(&interface.tags).unwrap_or_default()),
        vpc_id: Some(interface.vpc.clone()),
        operator: Some(OperatorResponse {
            managed: Some(interface.operator.is_some()),
            principal: interface.operator.clone(),
            hidden_by_default: None,
        }),
        ..Default::default()
    })
}

/// The timeouts that were set; None where none was.
fn timeouts(tracking: &Tracking) -> Option<ConnectionTrackingConfiguration> {
    (*tracking != Tracking::default()).then_some(ConnectionTrackingConfiguration {
        tcp_established_timeout: tracking.tcp_established,
        udp_stream_timeout: tracking.udp_stream,
        udp_timeout: tracking.udp,
    })
}
