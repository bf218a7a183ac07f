//! Route tables, their routes and associations.

use crate::support::*;
use api_ec2::*;
use contract::Caller;

struct Lab {
    vpc: String,
    gateway: String,
    table: String,
    subnet: String,
}

async fn lab(root: &Caller) -> Lab {
    let vpc = vpc(root, "10.0.0.0/16").await;
    let gateway = ok(root, CreateInternetGateway::default())
        .await
        .internet_gateway
        .unwrap()
        .internet_gateway_id
        .unwrap();
    let table = CreateRouteTable { vpc_id: vpc.clone(), ..Default::default() };
    let table = ok(root, table).await.route_table.unwrap().route_table_id.unwrap();
    let subnet = subnet(root, &vpc, "10.0.1.0/24").await;
    Lab { vpc, gateway, table, subnet }
}

fn route(lab: &Lab, cidr: &str) -> CreateRoute {
    CreateRoute {
        route_table_id: lab.table.clone(),
        destination_cidr_block: text(cidr),
        gateway_id: text(&lab.gateway),
        ..Default::default()
    }
}

fn attach(lab: &Lab) -> AttachInternetGateway {
    AttachInternetGateway { internet_gateway_id: lab.gateway.clone(), vpc_id: lab.vpc.clone(), dry_run: None }
}

async fn routes(root: &Caller, table: &str) -> Vec<Route> {
    let describe = DescribeRouteTables { route_table_ids: Some(vec![table.into()]), ..Default::default() };
    ok(root, describe).await.route_tables.unwrap().remove(0).routes.unwrap()
}

#[tokio::test]
async fn routes_are_made_once_and_only_to_what_is_attached() {
    let cloud = cloud();
    let root = cloud.root();
    let lab = lab(&root).await;
    let detached = refused(&root, route(&lab, "0.0.0.0/0")).await;
    let sentence =
        format!("route table {} and network gateway {} belong to different networks", lab.table, lab.gateway);
    assert_eq!(detached, pair("InvalidParameterValue", sentence));
    ok(&root, attach(&lab)).await;
    assert_eq!(ok(&root, route(&lab, "0.0.0.0/0")).await.r#return, Some(true));
    let again = refused(&root, route(&lab, "0.0.0.0/0")).await;
    assert_eq!(again, pair("RouteAlreadyExists", "The route identified by 0.0.0.0/0 already exists."));
    assert_eq!(refused(&root, route(&lab, "10.0.5.0/24")).await.0, "InvalidParameterValue");
    let no_target = CreateRoute { gateway_id: None, ..route(&lab, "1.0.0.0/8") };
    assert_eq!(refused(&root, no_target).await.0, "MissingParameter");
    let two_targets = CreateRoute { nat_gateway_id: text("nat-1"), ..route(&lab, "1.0.0.0/8") };
    assert_eq!(refused(&root, two_targets).await.0, "InvalidParameterCombination");
    let nat = CreateRoute { gateway_id: None, nat_gateway_id: text("nat-1"), ..route(&lab, "1.0.0.0/8") };
    assert_eq!(refused(&root, nat).await.0, "NatGatewayNotFound");
    let no_destination = CreateRoute { destination_cidr_block: None, ..route(&lab, "") };
    assert_eq!(refused(&root, no_destination).await.0, "MissingParameter");
    let malformed = refused(&root, route(&lab, "10.0.0.0/33")).await;
    let sentence =
        "Value (10.0.0.0/33) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.";
    assert_eq!(malformed, pair("InvalidParameterValue", sentence));
}

#[tokio::test]
async fn a_route_whose_gateway_is_detached_is_a_black_hole() {
    let cloud = cloud();
    let root = cloud.root();
    let lab = lab(&root).await;
    ok(&root, attach(&lab)).await;
    ok(&root, route(&lab, "0.0.0.0/0")).await;
    let detach = DetachInternetGateway {
        internet_gateway_id: lab.gateway.clone(),
        vpc_id: lab.vpc.clone(),
        dry_run: None,
    };
    ok(&root, detach).await;
    assert_eq!(routes(&root, &lab.table).await[1].state, Some(RouteState::Blackhole));
    ok(&root, attach(&lab)).await;
    assert_eq!(routes(&root, &lab.table).await[1].state, Some(RouteState::Active));
}

#[tokio::test]
async fn routes_are_deleted_and_replaced() {
    let cloud = cloud();
    let root = cloud.root();
    let lab = lab(&root).await;
    ok(&root, attach(&lab)).await;
    let delete = |cidr: &str| DeleteRoute {
        route_table_id: lab.table.clone(),
        destination_cidr_block: text(cidr),
        ..Default::default()
    };
    let absent = format!("no route with destination-cidr-block 0.0.0.0/0 in route table {}", lab.table);
    assert_eq!(refused(&root, delete("0.0.0.0/0")).await, pair("InvalidRoute.NotFound", absent));
    let local = format!("cannot remove local route 10.0.0.0/16 in route table {}", lab.table);
    assert_eq!(refused(&root, delete("10.0.0.0/16")).await, pair("InvalidParameterValue", local));
    let replace = |cidr: &str| ReplaceRoute {
        route_table_id: lab.table.clone(),
        destination_cidr_block: text(cidr),
        gateway_id: text(&lab.gateway),
        ..Default::default()
    };
    let sentence = "There is no route defined for '0.0.0.0/0' in the route table. Use CreateRoute instead.";
    assert_eq!(refused(&root, replace("0.0.0.0/0")).await, pair("InvalidParameterValue", sentence));
    ok(&root, route(&lab, "0.0.0.0/0")).await;
    ok(&root, replace("0.0.0.0/0")).await;
    ok(&root, delete("0.0.0.0/0")).await;
    assert_eq!(routes(&root, &lab.table).await.len(), 1);
    // AWS's list of S3's addresses is a destination too.
    let lists = ok(&root, DescribePrefixLists::default()).await.prefix_lists.unwrap();
    let list = lists
        .iter()
        .find(|list| list.prefix_list_name.as_deref() == Some("com.amazonaws.us-east-1.s3"))
        .unwrap();
    assert_eq!(list.prefix_list_id.as_deref(), Some("pl-63a5400a"));
    let to_list = CreateRoute {
        destination_cidr_block: None,
        destination_prefix_list_id: list.prefix_list_id.clone(),
        ..route(&lab, "")
    };
    ok(&root, to_list).await;
    assert_eq!(routes(&root, &lab.table).await[1].destination_prefix_list_id.as_deref(), Some("pl-63a5400a"));
}

#[tokio::test]
async fn a_subnet_has_one_table() {
    let cloud = cloud();
    let root = cloud.root();
    let lab = lab(&root).await;
    let associate = || AssociateRouteTable {
        route_table_id: lab.table.clone(),
        subnet_id: text(&lab.subnet),
        ..Default::default()
    };
    let id = ok(&root, associate()).await.association_id.unwrap();
    assert!(id.starts_with("rtbassoc-"));
    let conflict = format!(
        "the specified association for route table {} conflicts with an existing association",
        lab.table
    );
    assert_eq!(refused(&root, associate()).await, pair("Resource.AlreadyAssociated", conflict));
    let keeps = refused(&root, DeleteRouteTable { route_table_id: lab.table.clone(), dry_run: None }).await;
    let sentence = format!("The routeTable '{}' has dependencies and cannot be deleted.", lab.table);
    assert_eq!(keeps, pair("DependencyViolation", sentence));
    let other = CreateRouteTable { vpc_id: default_vpc(&root).await, ..Default::default() };
    let other = ok(&root, other).await.route_table.unwrap().route_table_id.unwrap();
    let foreign = AssociateRouteTable { route_table_id: other.clone(), ..associate() };
    let sentence = format!("Route table {other} and subnet {} belong to different networks", lab.subnet);
    assert_eq!(refused(&root, foreign).await, pair("InvalidParameterValue", sentence));
    ok(&root, DisassociateRouteTable { association_id: id.clone(), dry_run: None }).await;
    let twice = refused(&root, DisassociateRouteTable { association_id: id.clone(), dry_run: None }).await;
    assert_eq!(
        twice,
        pair("InvalidAssociationID.NotFound", format!("The association ID '{id}' does not exist"))
    );
}

#[tokio::test]
async fn another_table_becomes_the_main_one() {
    let cloud = cloud();
    let root = cloud.root();
    let lab = lab(&root).await;
    let main = async || {
        let filters = Some(vec![filter("association.main", &["true"]), filter("vpc-id", &[&lab.vpc])]);
        let tables =
            ok(&root, DescribeRouteTables { filters, ..Default::default() }).await.route_tables.unwrap();
        assert_eq!(tables.len(), 1);
        let association =
            tables[0].associations.as_ref().unwrap()[0].route_table_association_id.clone().unwrap();
        (tables[0].route_table_id.clone().unwrap(), association)
    };
    let (old, association) = main().await;
    let drop = DisassociateRouteTable { association_id: association.clone(), dry_run: None };
    assert_eq!(refused(&root, drop).await.0, "InvalidParameterValue");
    let replace = ReplaceRouteTableAssociation {
        association_id: association,
        route_table_id: lab.table.clone(),
        dry_run: None,
    };
    let new = ok(&root, replace).await.new_association_id.unwrap();
    assert_eq!(main().await, (lab.table.clone(), new));
    ok(&root, DeleteRouteTable { route_table_id: old, dry_run: None }).await;
}

#[tokio::test]
async fn a_client_token_makes_one_table() {
    let cloud = cloud();
    let root = cloud.root();
    let id = vpc(&root, "10.0.0.0/16").await;
    let create =
        |vpc: &str| CreateRouteTable { vpc_id: vpc.into(), client_token: text("once"), ..Default::default() };
    let first = ok(&root, create(&id)).await.route_table.unwrap().route_table_id;
    assert_eq!(ok(&root, create(&id)).await.route_table.unwrap().route_table_id, first);
    let other = refused(&root, create(&default_vpc(&root).await)).await;
    assert_eq!(other.0, "IdempotentParameterMismatch");
}
