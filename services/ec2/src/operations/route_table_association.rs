//! AssociateRouteTable, DisassociateRouteTable, ReplaceRouteTableAssociation.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{combination, invalid_value, missing, refuse};
use crate::network;
use crate::operations::route_table::associated;
use crate::state::noun;
use crate::state::route_table::{Associated, Association};
use crate::state::{InternetGateway, RouteTable, Subnet};
use api_ec2::{
    AssociateRouteTable, AssociateRouteTableOutput, DisassociateRouteTable, DisassociateRouteTableOutput,
    Error, ReplaceRouteTableAssociation, ReplaceRouteTableAssociationOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

fn no_association(id: &str) -> Error {
    refuse("InvalidAssociationID.NotFound", format!("The association ID '{id}' does not exist"))
}

impl Transact<AssociateRouteTable> for Ec2 {
    fn access(input: &AssociateRouteTable, call: &Call, view: &View) -> Access {
        let needs = Needs::of(call, view).on::<RouteTable>(&input.route_table_id);
        let mut needs = needs
            .on_some::<Subnet>(input.subnet_id.as_deref())
            .on_some::<InternetGateway>(input.gateway_id.as_deref());
        if let Some(pool) = &input.public_ipv4_pool {
            needs = needs.on_arn("ipv4pool-ec2", pool, None);
        }
        needs.access()
    }

    fn run(input: AssociateRouteTable, call: &Call, tx: &mut Tx) -> Result<AssociateRouteTableOutput, Error> {
        let scope = call.scope();
        let mut table: RouteTable = noun::find(tx, scope, &input.route_table_id)?;
        let of = match (&input.subnet_id, &input.gateway_id, &input.public_ipv4_pool) {
            (Some(subnet), None, None) => Associated::Subnet(subnet_of(tx, &table, subnet)?),
            (None, Some(gateway), None) => Associated::Gateway(gateway_of(tx, &table, gateway)?),
            (None, None, Some(pool)) => {
                let message = format!("The pool ID '{pool}' does not exist.");
                return Err(refuse("InvalidPublicIpv4PoolID.NotFound", message));
            }
            (None, None, None) => return Err(missing("subnetId or gatewayId")),
            _ => {
                return Err(combination(
                    "You must specify exactly one of: subnetId, gatewayId, publicIpv4Pool.",
                ));
            }
        };
        let taken = |other: &RouteTable| other.associations.iter().any(|association| association.of == of);
        if RouteTable::of_vpc(tx, scope, &table.vpc)?.iter().any(taken) {
            let message = format!(
                "the specified association for route table {} conflicts with an existing association",
                table.id
            );
            return Err(refuse("Resource.AlreadyAssociated", message));
        }
        let id = network::id(&call.entropy, "rtbassoc");
        table.associations.push(Association { id: id.clone(), of });
        tx.update(table)?;
        let output =
            AssociateRouteTableOutput { association_id: Some(id), association_state: Some(associated()) };
        answer(input.dry_run, output)
    }
}

fn subnet_of(view: &View, table: &RouteTable, id: &str) -> Result<String, Error> {
    let subnet: Subnet = noun::find(view, table.scope, id)?;
    if subnet.vpc != table.vpc {
        let message = format!("Route table {} and subnet {id} belong to different networks", table.id);
        return Err(invalid_value(message));
    }
    Ok(subnet.id)
}

fn gateway_of(view: &View, table: &RouteTable, id: &str) -> Result<String, Error> {
    let gateway: InternetGateway = noun::find(view, table.scope, id)?;
    if gateway.vpc.as_ref() != Some(&table.vpc) {
        let message =
            format!("route table {} and network gateway {id} belong to different networks", table.id);
        return Err(invalid_value(message));
    }
    Ok(gateway.id)
}

/// The table that an association is of, and what has it: for authorization.
fn on_association<'a>(call: &'a Call, view: &'a View, id: &str) -> Needs<'a> {
    let table = RouteTable::of_association(view, call.scope(), id).ok().flatten();
    let needs = Needs::of(call, view);
    let Some(table) = table else { return needs.on::<RouteTable>("*") };
    let association = table.associations.iter().find(|association| association.id == id);
    needs
        .on::<RouteTable>(&table.id)
        .on_some::<Subnet>(association.and_then(Association::subnet))
        .on_some::<InternetGateway>(association.and_then(Association::gateway))
}

impl Transact<DisassociateRouteTable> for Ec2 {
    fn access(input: &DisassociateRouteTable, call: &Call, view: &View) -> Access {
        on_association(call, view, &input.association_id).access()
    }

    fn run(
        input: DisassociateRouteTable,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DisassociateRouteTableOutput, Error> {
        let id = &input.association_id;
        let mut table =
            RouteTable::of_association(tx, call.scope(), id)?.ok_or_else(|| no_association(id))?;
        let main = |association: &Association| association.id == *id && association.of == Associated::Main;
        if table.associations.iter().any(main) {
            return Err(invalid_value(format!("cannot disassociate the main route table association {id}")));
        }
        table.associations.retain(|association| association.id != *id);
        tx.update(table)?;
        answer(input.dry_run, DisassociateRouteTableOutput {})
    }
}

impl Transact<ReplaceRouteTableAssociation> for Ec2 {
    fn access(input: &ReplaceRouteTableAssociation, call: &Call, view: &View) -> Access {
        on_association(call, view, &input.association_id).on::<RouteTable>(&input.route_table_id).access()
    }

    /// With the main table's association this makes another table the main one.
    fn run(
        input: ReplaceRouteTableAssociation,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ReplaceRouteTableAssociationOutput, Error> {
        let (scope, id) = (call.scope(), &input.association_id);
        let mut old = RouteTable::of_association(tx, scope, id)?.ok_or_else(|| no_association(id))?;
        let target: RouteTable = noun::find(tx, scope, &input.route_table_id)?;
        if target.vpc != old.vpc {
            let message =
                format!("route table {} and route table {} belong to different networks", old.id, target.id);
            return Err(invalid_value(message));
        }
        let position = old.associations.iter().position(|association| association.id == *id);
        let association =
            position.map(|position| old.associations.remove(position)).ok_or_else(|| no_association(id))?;
        tx.update(old)?;
        // Read again: it may be the same table.
        let mut target: RouteTable = noun::find(tx, scope, &target.id)?;
        let new = network::id(&call.entropy, "rtbassoc");
        target.associations.push(Association { id: new.clone(), of: association.of });
        tx.update(target)?;
        let output = ReplaceRouteTableAssociationOutput {
            new_association_id: Some(new),
            association_state: Some(associated()),
        };
        answer(input.dry_run, output)
    }
}
