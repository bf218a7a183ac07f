//! The operations on internet gateways.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{has_dependencies, invalid_value, refuse};
use crate::filter::{Filters, maybe, one};
use crate::network;
use crate::page::Paging;
use crate::state::creation::Creation;
use crate::state::noun;
use crate::state::route_table::Target;
use crate::state::{InternetGateway, Noun, RouteTable, Vpc};
use crate::tags;
use api_ec2::{
    AttachInternetGateway, AttachInternetGatewayOutput, AttachmentStatus, CreateInternetGateway,
    CreateInternetGatewayOutput, DeleteInternetGateway, DeleteInternetGatewayOutput,
    DescribeInternetGateways, DescribeInternetGatewaysOutput, DetachInternetGateway,
    DetachInternetGatewayOutput, Error, InternetGatewayAttachment,
};
use contract::{Access, Call, Transact};
use names::Scope;
use store::{StoreError, Tx, View};

/// The most gateways of an account in a region.
const MOST: usize = 5;

impl Transact<CreateInternetGateway> for Ec2 {
    fn access(input: &CreateInternetGateway, call: &Call, view: &View) -> Access {
        Needs::of(call, view).making::<InternetGateway>(input.tag_specifications.as_ref()).access()
    }

    fn run(
        input: CreateInternetGateway,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<CreateInternetGatewayOutput, Error> {
        let scope = call.scope();
        let new = tags::for_new(call, input.tag_specifications, InternetGateway::NOUN)?;
        if tx.scan::<InternetGateway>(scope, ()).count()? >= MOST {
            let message = "The maximum number of internet gateways has been reached.";
            return Err(refuse("InternetGatewayLimitExceeded", message));
        }
        let id = network::id(&call.entropy, InternetGateway::PREFIX);
        Creation::remember_step(tx, scope, &new, &id)?;
        let gateway = InternetGateway { scope, id, vpc: None, tags: new.tags };
        tx.insert(gateway.clone())?;
        answer(input.dry_run, CreateInternetGatewayOutput { internet_gateway: Some(described(&gateway)) })
    }
}

impl Transact<DeleteInternetGateway> for Ec2 {
    fn access(input: &DeleteInternetGateway, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<InternetGateway>(&input.internet_gateway_id).access()
    }

    fn run(
        input: DeleteInternetGateway,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteInternetGatewayOutput, Error> {
        let gateway: InternetGateway = noun::find(tx, call.scope(), &input.internet_gateway_id)?;
        if gateway.vpc.is_some() {
            return Err(has_dependencies("internetGateway", &gateway.id));
        }
        tx.remove::<InternetGateway>(call.scope(), gateway.id.as_str())?;
        answer(input.dry_run, DeleteInternetGatewayOutput {})
    }
}

impl Transact<AttachInternetGateway> for Ec2 {
    fn access(input: &AttachInternetGateway, call: &Call, view: &View) -> Access {
        let needs = Needs::of(call, view).on::<InternetGateway>(&input.internet_gateway_id);
        needs.on::<Vpc>(&input.vpc_id).access()
    }

    fn run(
        input: AttachInternetGateway,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<AttachInternetGatewayOutput, Error> {
        let scope = call.scope();
        let mut gateway: InternetGateway = noun::find(tx, scope, &input.internet_gateway_id)?;
        let vpc: Vpc = noun::find(tx, scope, &input.vpc_id)?;
        if let Some(other) = &gateway.vpc {
            let message = format!("resource {} is already attached to network {other}", gateway.id);
            return Err(refuse("Resource.AlreadyAssociated", message));
        }
        if InternetGateway::attached_to(tx, scope, &vpc.id)?.is_some() {
            let message = format!("Network {} already has an internet gateway attached", vpc.id);
            return Err(invalid_value(message));
        }
        turn_routes(tx, scope, &vpc.id, &gateway.id, false)?;
        gateway.vpc = Some(vpc.id);
        tx.update(gateway)?;
        answer(input.dry_run, AttachInternetGatewayOutput {})
    }
}

impl Transact<DetachInternetGateway> for Ec2 {
    fn access(input: &DetachInternetGateway, call: &Call, view: &View) -> Access {
        let needs = Needs::of(call, view).on::<InternetGateway>(&input.internet_gateway_id);
        needs.on::<Vpc>(&input.vpc_id).access()
    }

    fn run(
        input: DetachInternetGateway,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DetachInternetGatewayOutput, Error> {
        let scope = call.scope();
        let mut gateway: InternetGateway = noun::find(tx, scope, &input.internet_gateway_id)?;
        let vpc: Vpc = noun::find(tx, scope, &input.vpc_id)?;
        if gateway.vpc.as_ref() != Some(&vpc.id) {
            let message = format!("resource {} is not attached to network {}", gateway.id, vpc.id);
            return Err(refuse("Gateway.NotAttached", message));
        }
        // A gateway's own route table is no longer its.
        for mut table in RouteTable::of_vpc(tx, scope, &vpc.id)? {
            table.associations.retain(|association| association.gateway() != Some(gateway.id.as_str()));
            tx.update(table)?;
        }
        turn_routes(tx, scope, &vpc.id, &gateway.id, true)?;
        gateway.vpc = None;
        tx.update(gateway)?;
        answer(input.dry_run, DetachInternetGatewayOutput {})
    }
}

/// Turns a VPC's routes to a gateway into black holes, or back.
fn turn_routes(
    tx: &mut Tx,
    scope: Scope,
    vpc: &str,
    gateway: &str,
    blackhole: bool,
) -> Result<(), StoreError> {
    for mut table in RouteTable::of_vpc(tx, scope, vpc)? {
        for route in &mut table.routes {
            if matches!(&route.target, Target::InternetGateway(id) if id == gateway) {
                route.blackhole = blackhole;
            }
        }
        tx.update(table)?;
    }
    Ok(())
}

const FILTERS: &[&str] = &["attachment.state", "attachment.vpc-id", "internet-gateway-id", "owner-id"];

impl Transact<DescribeInternetGateways> for Ec2 {
    fn access(_: &DescribeInternetGateways, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(
        input: DescribeInternetGateways,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeInternetGatewaysOutput, Error> {
        let paging = Paging::new(input.next_token, input.max_results);
        paging.without_ids(input.internet_gateway_ids.as_ref(), "internetGatewayIds")?;
        let filters = Filters::parse(input.filters, FILTERS, true)?;
        let mut gateways =
            noun::chosen::<InternetGateway>(tx, call.scope(), input.internet_gateway_ids.as_ref())?;
        gateways.retain(|gateway| {
            filters.pass(&gateway.tags, |filter| match filter {
                "attachment.state" => maybe(gateway.vpc.as_ref().map(|_| "available")),
                "attachment.vpc-id" => maybe(gateway.vpc.as_ref()),
                "internet-gateway-id" => one(&gateway.id),
                "owner-id" => one(gateway.scope.account),
                _ => Vec::new(),
            })
        });
        let answered = gateways.iter().map(|gateway| (gateway.id.clone(), described(gateway))).collect();
        let (gateways, next_token) = paging.page("DescribeInternetGateways", answered)?;
        let output = DescribeInternetGatewaysOutput { internet_gateways: Some(gateways), next_token };
        answer(input.dry_run, output)
    }
}

/// As answers have it.
fn described(gateway: &InternetGateway) -> api_ec2::InternetGateway {
    let attachment = gateway.vpc.as_ref().map(|vpc| InternetGatewayAttachment {
        state: Some(AttachmentStatus::Available),
        vpc_id: Some(vpc.clone()),
    });
    api_ec2::InternetGateway {
        attachments: Some(attachment.into_iter().collect()),
        internet_gateway_id: Some(gateway.id.clone()),
        owner_id: Some(gateway.scope.account.to_string()),
        tags: tags::listed(&gateway.tags),
    }
}
