//! CreateRouteTable, DeleteRouteTable, DescribeRouteTables.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{has_dependencies, refuse};
use crate::filter::{Filters, one};
use crate::network;
use crate::page::Paging;
use crate::state::creation::Creation;
use crate::state::noun;
use crate::state::route_table::{Associated, Association, Destination, Route};
use crate::state::{Noun, RouteTable, Vpc};
use crate::tags;
use api_ec2::{
    CreateRouteTable, CreateRouteTableOutput, DeleteRouteTable, DeleteRouteTableOutput, DescribeRouteTables,
    DescribeRouteTablesOutput, Error, RouteTableAssociation, RouteTableAssociationState,
    RouteTableAssociationStateCode,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The most route tables of a VPC.
const MOST: usize = 200;

impl Transact<CreateRouteTable> for Ec2 {
    fn access(input: &CreateRouteTable, call: &Call, view: &View) -> Access {
        let needs = Needs::of(call, view).making::<RouteTable>(input.tag_specifications.as_ref());
        needs.on::<Vpc>(&input.vpc_id).access()
    }

    fn run(input: CreateRouteTable, call: &Call, tx: &mut Tx) -> Result<CreateRouteTableOutput, Error> {
        let scope = call.scope();
        let (token, asked) = (input.client_token.clone(), format!("{input:?}"));
        if let Some(table) =
            Creation::before::<RouteTable>(tx, scope, "CreateRouteTable", token.as_deref(), &asked)?
        {
            let output = CreateRouteTableOutput { route_table: Some(described(&table)), client_token: token };
            return answer(input.dry_run, output);
        }
        let vpc: Vpc = noun::find(tx, scope, &input.vpc_id)?;
        let new = tags::for_new(call, input.tag_specifications, RouteTable::NOUN)?;
        if RouteTable::of_vpc(tx, scope, &vpc.id)?.len() >= MOST {
            let message = "The maximum number of route tables has been reached.";
            return Err(refuse("RouteTableLimitExceeded", message));
        }
        let id = network::id(&call.entropy, RouteTable::PREFIX);
        Creation::remember_step(tx, scope, &new, &id)?;
        Creation::remember(tx, scope, "CreateRouteTable", token.as_deref(), asked, &id)?;
        let routes = network::local_routes(&vpc);
        let table = RouteTable { scope, id, vpc: vpc.id, routes, associations: Vec::new(), tags: new.tags };
        tx.insert(table.clone())?;
        let output = CreateRouteTableOutput { route_table: Some(described(&table)), client_token: token };
        answer(input.dry_run, output)
    }
}

impl Transact<DeleteRouteTable> for Ec2 {
    fn access(input: &DeleteRouteTable, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<RouteTable>(&input.route_table_id).access()
    }

    fn run(input: DeleteRouteTable, call: &Call, tx: &mut Tx) -> Result<DeleteRouteTableOutput, Error> {
        let table: RouteTable = noun::find(tx, call.scope(), &input.route_table_id)?;
        if !table.associations.is_empty() {
            return Err(has_dependencies("routeTable", &table.id));
        }
        tx.remove::<RouteTable>(call.scope(), table.id.as_str())?;
        answer(input.dry_run, DeleteRouteTableOutput {})
    }
}

const FILTERS: &[&str] = &[
    "association.gateway-id",
    "association.main",
    "association.route-table-association-id",
    "association.route-table-id",
    "association.subnet-id",
    "owner-id",
    "route-table-id",
    "route.destination-cidr-block",
    "route.destination-ipv6-cidr-block",
    "route.destination-prefix-list-id",
    "route.egress-only-internet-gateway-id",
    "route.gateway-id",
    "route.instance-id",
    "route.nat-gateway-id",
    "route.origin",
    "route.state",
    "route.transit-gateway-id",
    "route.vpc-peering-connection-id",
    "vpc-id",
];

impl Transact<DescribeRouteTables> for Ec2 {
    fn access(_: &DescribeRouteTables, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(input: DescribeRouteTables, call: &Call, tx: &mut Tx) -> Result<DescribeRouteTablesOutput, Error> {
        let paging = Paging { token: input.next_token, most: input.max_results, limit: 100 };
        paging.without_ids(input.route_table_ids.as_ref(), "routeTableIds")?;
        let filters = Filters::parse(input.filters, FILTERS, true)?;
        let mut tables = noun::chosen::<RouteTable>(tx, call.scope(), input.route_table_ids.as_ref())?;
        tables.retain(|table| filters.pass(&table.tags, |filter| values(table, filter)));
        let answered = tables.iter().map(|table| (table.id.clone(), described(table))).collect();
        let (route_tables, next_token) = paging.page("DescribeRouteTables", answered)?;
        let output = DescribeRouteTablesOutput { route_tables: Some(route_tables), next_token };
        answer(input.dry_run, output)
    }
}

/// What a table has under a filter's name.
fn values(table: &RouteTable, filter: &str) -> Vec<String> {
    let associations = |value: &dyn Fn(&Association) -> Option<String>| -> Vec<String> {
        table.associations.iter().filter_map(value).collect()
    };
    let routes = |value: &dyn Fn(&Route) -> Option<String>| -> Vec<String> {
        table.routes.iter().filter_map(value).collect()
    };
    match filter {
        "association.gateway-id" => associations(&|association| association.gateway().map(str::to_owned)),
        "association.main" => {
            associations(&|association| Some((association.of == Associated::Main).to_string()))
        }
        "association.route-table-association-id" => associations(&|association| Some(association.id.clone())),
        "association.route-table-id" => associations(&|_| Some(table.id.clone())),
        "association.subnet-id" => associations(&|association| association.subnet().map(str::to_owned)),
        "owner-id" => one(table.scope.account),
        "route-table-id" => one(&table.id),
        "route.destination-cidr-block" => routes(&|route| match &route.destination {
            Destination::Ipv4(cidr) => Some(cidr.clone()),
            _ => None,
        }),
        "route.destination-ipv6-cidr-block" => routes(&|route| match &route.destination {
            Destination::Ipv6(cidr) => Some(cidr.clone()),
            _ => None,
        }),
        "route.destination-prefix-list-id" => routes(&|route| match &route.destination {
            Destination::PrefixList(id) => Some(id.clone()),
            _ => None,
        }),
        "route.gateway-id" => routes(&|route| route.target.gateway_id().map(str::to_owned)),
        "route.origin" => routes(&|route| Some(route.origin().to_owned())),
        "route.state" => routes(&|route| Some(route.state().to_owned())),
        "vpc-id" => one(&table.vpc),
        _ => Vec::new(),
    }
}

fn described_route(route: &Route) -> api_ec2::Route {
    let mut answer = api_ec2::Route {
        gateway_id: route.target.gateway_id().map(str::to_owned),
        network_interface_id: route.target.interface_id().map(str::to_owned),
        origin: route.origin().parse().ok(),
        state: route.state().parse().ok(),
        ..Default::default()
    };
    match route.destination.clone() {
        Destination::Ipv4(cidr) => answer.destination_cidr_block = Some(cidr),
        Destination::Ipv6(cidr) => answer.destination_ipv6_cidr_block = Some(cidr),
        Destination::PrefixList(id) => answer.destination_prefix_list_id = Some(id),
    }
    answer
}

/// The state of every association.
pub(crate) fn associated() -> RouteTableAssociationState {
    RouteTableAssociationState {
        state: Some(RouteTableAssociationStateCode::Associated),
        status_message: None,
    }
}

/// As answers have it.
pub(crate) fn described(table: &RouteTable) -> api_ec2::RouteTable {
    let association = |association: &Association| RouteTableAssociation {
        main: Some(association.of == Associated::Main),
        route_table_association_id: Some(association.id.clone()),
        route_table_id: Some(table.id.clone()),
        subnet_id: association.subnet().map(str::to_owned),
        gateway_id: association.gateway().map(str::to_owned),
        public_ipv4_pool: None,
        association_state: Some(associated()),
    };
    api_ec2::RouteTable {
        associations: Some(table.associations.iter().map(association).collect()),
        propagating_vgws: Some(Vec::new()),
        route_table_id: Some(table.id.clone()),
        routes: Some(table.routes.iter().map(described_route).collect()),
        tags: tags::listed(&table.tags),
        vpc_id: Some(table.vpc.clone()),
        owner_id: Some(table.scope.account.to_string()),
    }
}
