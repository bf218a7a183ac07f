//! ModifyNetworkInterfaceAttribute and DescribeNetworkInterfaceAttribute.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{combination, invalid_value, missing, refuse, unsupported};
use crate::operations::network_interface::{
    check_description, check_requester, group_identifiers, groups, tracking,
};
use crate::state::noun;
use crate::state::{NetworkInterface, SecurityGroup, Subnet};
use api_ec2::{
    AttributeBooleanValue, AttributeValue, DescribeNetworkInterfaceAttribute,
    DescribeNetworkInterfaceAttributeOutput, Error, ModifyNetworkInterfaceAttribute,
    ModifyNetworkInterfaceAttributeOutput, NetworkInterfaceAttribute,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The attributes that a request names.
fn attributes(input: &ModifyNetworkInterfaceAttribute) -> Vec<&'static str> {
    let groups = input.groups.as_ref().is_some_and(|groups| !groups.is_empty());
    let subnets = input.associated_subnet_ids.as_ref().is_some_and(|subnets| !subnets.is_empty());
    let named = [
        ("Description", input.description.is_some()),
        ("SourceDestCheck", input.source_dest_check.is_some()),
        ("GroupSet", groups),
        ("Attachment", input.attachment.is_some()),
        ("EnaSrdSpecification", input.ena_srd_specification.is_some()),
        ("EnablePrimaryIpv6", input.enable_primary_ipv6.is_some()),
        ("ConnectionTrackingSpecification", input.connection_tracking_specification.is_some()),
        ("AssociatePublicIpAddress", input.associate_public_ip_address.is_some()),
        ("AssociatedSubnetIds", subnets),
    ];
    named.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
}

impl Transact<ModifyNetworkInterfaceAttribute> for Ec2 {
    fn access(input: &ModifyNetworkInterfaceAttribute, call: &Call, view: &View) -> Access {
        let mut needs = Needs::of(call, view).on::<NetworkInterface>(&input.network_interface_id);
        for name in attributes(input) {
            needs = needs.with("ec2:Attribute", name);
        }
        needs
            .on_each::<SecurityGroup>(input.groups.iter().flatten())
            .on_each::<Subnet>(input.associated_subnet_ids.iter().flatten())
            .access()
    }

    fn run(
        input: ModifyNetworkInterfaceAttribute,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ModifyNetworkInterfaceAttributeOutput, Error> {
        let mut interface: NetworkInterface = noun::find(tx, call.scope(), &input.network_interface_id)?;
        check_requester(call, &interface)?;
        let named = attributes(&input);
        let [attribute] = named.as_slice() else {
            let message = if named.is_empty() {
                "No attributes specified."
            } else {
                "Fields for multiple attribute types specified"
            };
            return Err(combination(message));
        };
        match *attribute {
            "Description" => {
                interface.description = input.description.and_then(|text| text.value).unwrap_or_default();
                check_description(&interface.description)?;
            }
            "SourceDestCheck" => {
                let given = input.source_dest_check.and_then(|check| check.value);
                interface.source_dest_check = given.ok_or_else(|| missing("sourceDestCheck.value"))?;
            }
            "GroupSet" => {
                let subnet: Subnet = noun::find(tx, call.scope(), &interface.subnet)?;
                interface.groups = groups(tx, &subnet, input.groups)?;
            }
            "Attachment" => {
                // Nothing is attached here, so no attachment is found.
                let id = input.attachment.and_then(|attachment| attachment.attachment_id);
                let id = id.ok_or_else(|| missing("attachment.attachmentId"))?;
                let message = format!("The attachment ID '{id}' does not exist");
                return Err(refuse("InvalidAttachmentID.NotFound", message));
            }
            "EnablePrimaryIpv6" => {
                let on = input.enable_primary_ipv6.unwrap_or_default();
                if on && interface.ipv6.is_empty() {
                    return Err(invalid_value(
                        "A primary IPv6 address needs an IPv6 address on the network interface.",
                    ));
                }
                if interface.primary_ipv6 && !on {
                    return Err(invalid_value(
                        "A primary IPv6 address cannot be disabled once it is enabled.",
                    ));
                }
                interface.primary_ipv6 = on;
            }
            "ConnectionTrackingSpecification" => {
                interface.tracking = tracking(input.connection_tracking_specification)?;
            }
            "AssociatePublicIpAddress" => interface.public_address = input.associate_public_ip_address,
            "EnaSrdSpecification" => {
                return Err(unsupported("ENA Express can be set on attached network interfaces only."));
            }
            _ => {
                return Err(unsupported(
                    "Network interfaces in several subnets are not supported in this Region.",
                ));
            }
        }
        tx.update(interface)?;
        answer(input.dry_run, ModifyNetworkInterfaceAttributeOutput {})
    }
}

impl Transact<DescribeNetworkInterfaceAttribute> for Ec2 {
    fn access(_: &DescribeNetworkInterfaceAttribute, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(
        input: DescribeNetworkInterfaceAttribute,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeNetworkInterfaceAttributeOutput, Error> {
        let interface: NetworkInterface = noun::find(tx, call.scope(), &input.network_interface_id)?;
        let id = Some(interface.id.clone());
        let mut output =
            DescribeNetworkInterfaceAttributeOutput { network_interface_id: id, ..Default::default() };
        match input.attribute.ok_or_else(|| missing("attribute"))? {
            NetworkInterfaceAttribute::Description => {
                output.description = Some(AttributeValue { value: Some(interface.description) });
            }
            NetworkInterfaceAttribute::GroupSet => output.groups = Some(group_identifiers(tx, &interface)?),
            NetworkInterfaceAttribute::SourceDestCheck => {
                output.source_dest_check =
                    Some(AttributeBooleanValue { value: Some(interface.source_dest_check) });
            }
            // It is attached to nothing.
            NetworkInterfaceAttribute::Attachment => {}
            NetworkInterfaceAttribute::AssociatePublicIpAddress => {
                output.associate_public_ip_address = Some(interface.public_address.unwrap_or_default());
            }
        }
        answer(input.dry_run, output)
    }
}
