//! CreateRoute, DeleteRoute, ReplaceRoute.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::cidr::{Ipv4Block, Ipv6Block};
use crate::error::{combination, invalid_value, missing, not_a_cidr, refuse};
use crate::state::noun;
use crate::state::route_table::{Destination, Route, Target};
use crate::state::{InternetGateway, NetworkInterface, PrefixList, RouteTable, Vpc};
use api_ec2::{
    CreateRoute, CreateRouteOutput, DeleteRoute, DeleteRouteOutput, Error, ReplaceRoute, ReplaceRouteOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The most routes of a table, of each address family; those that came with it are not counted.
const MOST: usize = 500;

/// A destination that a request names.
fn destination(
    view: &View,
    table: &RouteTable,
    ipv4: Option<&str>,
    ipv6: Option<&str>,
    list: Option<&str>,
) -> Result<Destination, Error> {
    match (ipv4, ipv6, list) {
        (Some(text), None, None) => {
            let block = Ipv4Block::parse(text).ok_or_else(|| not_a_cidr(text, "destinationCidrBlock"))?;
            Ok(Destination::Ipv4(block.to_string()))
        }
        (None, Some(text), None) => {
            let block = Ipv6Block::parse(text).ok_or_else(|| not_a_cidr(text, "destinationIpv6CidrBlock"))?;
            Ok(Destination::Ipv6(block.to_string()))
        }
        (None, None, Some(id)) => {
            let list =
                PrefixList::any(view, table.scope, id)?.ok_or_else(|| noun::not_found::<PrefixList>(id))?;
            Ok(Destination::PrefixList(list.id))
        }
        (None, None, None) => Err(missing("destinationCidrBlock")),
        _ => Err(combination(
            "You must specify exactly one of: destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId.",
        )),
    }
}

/// The targets that a request may name, by kind.
#[derive(Default)]
struct Targets<'a> {
    gateway: Option<&'a str>,
    interface: Option<&'a str>,
    /// Kinds that there are none of here: the parameter, the code of one that is not there, and the id.
    absent: Vec<(&'static str, &'static str, &'a str)>,
}

macro_rules! targets {
    ($input:ident) => {{
        let others: [(&'static str, &'static str, Option<&str>); 10] = [
            ("natGateway ID", "NatGatewayNotFound", $input.nat_gateway_id.as_deref()),
            ("instance ID", "InvalidInstanceID.NotFound", $input.instance_id.as_deref()),
            (
                "vpcPeeringConnection ID",
                "InvalidVpcPeeringConnectionID.NotFound",
                $input.vpc_peering_connection_id.as_deref(),
            ),
            (
                "egressOnlyInternetGateway ID",
                "InvalidGatewayID.NotFound",
                $input.egress_only_internet_gateway_id.as_deref(),
            ),
            ("vpcEndpoint ID", "InvalidVpcEndpointId.NotFound", $input.vpc_endpoint_id.as_deref()),
            ("transitGateway ID", "InvalidTransitGatewayID.NotFound", $input.transit_gateway_id.as_deref()),
            ("localGateway ID", "InvalidLocalGatewayID.NotFound", $input.local_gateway_id.as_deref()),
            ("carrierGateway ID", "InvalidCarrierGatewayID.NotFound", $input.carrier_gateway_id.as_deref()),
            ("coreNetwork ARN", "InvalidCoreNetworkArn.NotFound", $input.core_network_arn.as_deref()),
            ("odbNetwork ARN", "InvalidOdbNetworkArn.NotFound", $input.odb_network_arn.as_deref()),
        ];
        let absent =
            others.into_iter().filter_map(|(subject, code, id)| Some((subject, code, id?))).collect();
        Targets {
            gateway: $input.gateway_id.as_deref(),
            interface: $input.network_interface_id.as_deref(),
            absent,
        }
    }};
}

/// The one target of a request, and whether packets are lost there.
fn target(view: &View, table: &RouteTable, targets: &Targets<'_>) -> Result<(Target, bool), Error> {
    let count = usize::from(targets.gateway.is_some())
        + usize::from(targets.interface.is_some())
        + targets.absent.len();
    if count != 1 {
        let message = "The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId, \
                       vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, localGatewayId, \
                       carrierGatewayId, vpcEndpointId, coreNetworkArn, odbNetworkArn or instanceId";
        let code = if count == 0 { "MissingParameter" } else { "InvalidParameterCombination" };
        return Err(refuse(code, message));
    }
    if let Some((subject, code, id)) = targets.absent.first() {
        return Err(refuse(code, format!("The {subject} '{id}' does not exist")));
    }
    if let Some(id) = targets.gateway {
        if id.starts_with("vgw-") {
            return Err(refuse(
                "InvalidVpnGatewayID.NotFound",
                format!("The vpnGateway ID '{id}' does not exist"),
            ));
        }
        if id == "local" {
            return Ok((Target::Local, false));
        }
        let gateway = view.get::<InternetGateway>(table.scope, id)?;
        let not_found =
            || refuse("InvalidGatewayID.NotFound", format!("The gateway ID '{id}' does not exist"));
        let gateway = gateway.ok_or_else(not_found)?;
        if gateway.vpc.as_ref() != Some(&table.vpc) {
            let message =
                format!("route table {} and network gateway {id} belong to different networks", table.id);
            return Err(invalid_value(message));
        }
        return Ok((Target::InternetGateway(gateway.id), false));
    }
    let id = targets.interface.unwrap_or_default();
    let interface: NetworkInterface = noun::find(view, table.scope, id)?;
    if interface.vpc != table.vpc {
        let message = format!("route table {} and interface {id} belong to different networks", table.id);
        return Err(invalid_value(message));
    }
    // Interfaces are attached to nothing here, so that nothing takes the packets.
    Ok((Target::NetworkInterface(interface.id), true))
}

/// A route within the VPC itself may only go to an interface.
fn check_local(
    view: &View,
    table: &RouteTable,
    destination: &Destination,
    target: &Target,
) -> Result<(), Error> {
    let vpc: Vpc = noun::find(view, table.scope, &table.vpc)?;
    let inside = match destination {
        Destination::Ipv4(text) => Ipv4Block::parse(text)
            .zip(Ipv4Block::parse(&vpc.cidr))
            .is_some_and(|(block, home)| home.contains(block)),
        Destination::Ipv6(text) => {
            let home = vpc.ipv6.as_ref().and_then(|ipv6| Ipv6Block::parse(&ipv6.cidr));
            Ipv6Block::parse(text).zip(home).is_some_and(|(block, home)| home.contains(block))
        }
        Destination::PrefixList(_) => false,
    };
    if inside && !matches!(target, Target::NetworkInterface(_) | Target::Local) {
        return Err(invalid_value(format!(
            "The destination CIDR block {} is equal to or more specific than one of this VPC's CIDR blocks. \
             This route can target only an interface or an instance.",
            destination.text()
        )));
    }
    Ok(())
}

impl Transact<CreateRoute> for Ec2 {
    fn access(input: &CreateRoute, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<RouteTable>(&input.route_table_id).access()
    }

    fn run(input: CreateRoute, call: &Call, tx: &mut Tx) -> Result<CreateRouteOutput, Error> {
        let mut table: RouteTable = noun::find(tx, call.scope(), &input.route_table_id)?;
        let destination = destination(
            tx,
            &table,
            input.destination_cidr_block.as_deref(),
            input.destination_ipv6_cidr_block.as_deref(),
            input.destination_prefix_list_id.as_deref(),
        )?;
        let targets = targets!(input);
        let (target, blackhole) = target(tx, &table, &targets)?;
        if target == Target::Local {
            return Err(refuse("InvalidGatewayID.NotFound", "The gateway ID 'local' does not exist"));
        }
        if table.routes.iter().any(|route| route.destination == destination) {
            let message = format!("The route identified by {} already exists.", destination.text());
            return Err(refuse("RouteAlreadyExists", message));
        }
        check_local(tx, &table, &destination, &target)?;
        let kind = std::mem::discriminant(&destination);
        let alike = |route: &&Route| !route.original && std::mem::discriminant(&route.destination) == kind;
        if table.routes.iter().filter(alike).count() >= MOST {
            return Err(refuse("RouteLimitExceeded", "The maximum number of routes has been reached."));
        }
        table.routes.push(Route { destination, target, original: false, blackhole });
        tx.update(table)?;
        answer(input.dry_run, CreateRouteOutput { r#return: Some(true) })
    }
}

impl Transact<DeleteRoute> for Ec2 {
    fn access(input: &DeleteRoute, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<RouteTable>(&input.route_table_id).access()
    }

    fn run(input: DeleteRoute, call: &Call, tx: &mut Tx) -> Result<DeleteRouteOutput, Error> {
        let mut table: RouteTable = noun::find(tx, call.scope(), &input.route_table_id)?;
        let destination = destination(
            tx,
            &table,
            input.destination_cidr_block.as_deref(),
            input.destination_ipv6_cidr_block.as_deref(),
            input.destination_prefix_list_id.as_deref(),
        )?;
        let Some(position) = table.routes.iter().position(|route| route.destination == destination) else {
            let kind = match destination {
                Destination::Ipv4(_) => "destination-cidr-block",
                Destination::Ipv6(_) => "destination-ipv6-cidr-block",
                Destination::PrefixList(_) => "destination-prefix-list-id",
            };
            let message = format!("no route with {kind} {} in route table {}", destination.text(), table.id);
            return Err(refuse("InvalidRoute.NotFound", message));
        };
        let route = table.routes.remove(position);
        if route.original {
            let message =
                format!("cannot remove local route {} in route table {}", destination.text(), table.id);
            return Err(invalid_value(message));
        }
        tx.update(table)?;
        answer(input.dry_run, DeleteRouteOutput {})
    }
}

impl Transact<ReplaceRoute> for Ec2 {
    fn access(input: &ReplaceRoute, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<RouteTable>(&input.route_table_id).access()
    }

    fn run(input: ReplaceRoute, call: &Call, tx: &mut Tx) -> Result<ReplaceRouteOutput, Error> {
        let mut table: RouteTable = noun::find(tx, call.scope(), &input.route_table_id)?;
        let destination = destination(
            tx,
            &table,
            input.destination_cidr_block.as_deref(),
            input.destination_ipv6_cidr_block.as_deref(),
            input.destination_prefix_list_id.as_deref(),
        )?;
        let mut targets = targets!(input);
        if input.local_target == Some(true) {
            if targets.gateway.is_some() {
                return Err(combination(
                    "The parameter localTarget cannot be used with the parameter gatewayId",
                ));
            }
            targets.gateway = Some("local");
        }
        let (target, blackhole) = target(tx, &table, &targets)?;
        check_local(tx, &table, &destination, &target)?;
        let Some(route) = table.routes.iter_mut().find(|route| route.destination == destination) else {
            let message = format!(
                "There is no route defined for '{}' in the route table. Use CreateRoute instead.",
                destination.text()
            );
            return Err(invalid_value(message));
        };
        if target == Target::Local && !route.original {
            return Err(invalid_value(format!(
                "The route for {} was never a local route.",
                destination.text()
            )));
        }
        route.target = target;
        route.blackhole = blackhole;
        tx.update(table)?;
        answer(input.dry_run, ReplaceRouteOutput {})
    }
}
