//! ModifySubnetAttribute.

use crate::Ec2;
use crate::access::Needs;
use crate::error::{combination, invalid_value, unsupported};
use crate::state::Subnet;
use crate::state::noun;
use api_ec2::{
    AttributeBooleanValue, Error, HostnameType, ModifySubnetAttribute, ModifySubnetAttributeOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The attributes of a request, by name.
fn attributes(input: &ModifySubnetAttribute) -> Vec<(&'static str, String)> {
    let boolean = |name: &'static str, value: &Option<AttributeBooleanValue>| {
        value.as_ref().map(|value| (name, value.value.unwrap_or_default().to_string()))
    };
    let listed = [
        boolean("AssignIpv6AddressOnCreation", &input.assign_ipv6_address_on_creation),
        boolean("MapPublicIpOnLaunch", &input.map_public_ip_on_launch),
        boolean("MapCustomerOwnedIpOnLaunch", &input.map_customer_owned_ip_on_launch),
        input.customer_owned_ipv4_pool.clone().map(|pool| ("CustomerOwnedIpv4Pool", pool)),
        boolean("EnableDns64", &input.enable_dns64),
        input
            .private_dns_hostname_type_on_launch
            .map(|kind| ("PrivateDnsHostnameTypeOnLaunch", kind.to_string())),
        boolean("EnableResourceNameDnsARecordOnLaunch", &input.enable_resource_name_dns_a_record_on_launch),
        boolean(
            "EnableResourceNameDnsAAAARecordOnLaunch",
            &input.enable_resource_name_dns_aaaa_record_on_launch,
        ),
        input.enable_lni_at_device_index.map(|index| ("EnableLniAtDeviceIndex", index.to_string())),
        boolean("DisableLniAtDeviceIndex", &input.disable_lni_at_device_index),
    ];
    listed.into_iter().flatten().collect()
}

impl Transact<ModifySubnetAttribute> for Ec2 {
    fn access(input: &ModifySubnetAttribute, call: &Call, view: &View) -> Access {
        let mut needs = Needs::of(call, view).on::<Subnet>(&input.subnet_id);
        for (name, value) in attributes(input) {
            needs = needs.with("ec2:Attribute", name).with(&format!("ec2:Attribute/{name}"), value);
        }
        needs.access()
    }

    fn run(
        input: ModifySubnetAttribute,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ModifySubnetAttributeOutput, Error> {
        let mut subnet: Subnet = noun::find(tx, call.scope(), &input.subnet_id)?;
        // AWS lets a request change one attribute; MapCustomerOwnedIpOnLaunch and its pool count as one.
        let given = attributes(&input);
        let customer_owned = |(name, _): &(&str, String)| name.contains("CustomerOwned");
        if given.is_empty() {
            return Err(combination("No attributes specified."));
        }
        if given.len() > 1 && !given.iter().all(customer_owned) {
            return Err(combination("Fields for multiple attribute types specified"));
        }
        if given.iter().any(customer_owned) {
            return Err(unsupported("Customer-owned IP addresses are available in Outposts only."));
        }
        let on = |value: &Option<AttributeBooleanValue>| {
            value.as_ref().map(|value| value.value.unwrap_or_default())
        };
        if let Some(on) = on(&input.assign_ipv6_address_on_creation) {
            if on && subnet.ipv6.is_none() {
                let message = format!("The subnet '{}' has no IPv6 CIDR block associated with it", subnet.id);
                return Err(invalid_value(message));
            }
            subnet.ipv6_addresses = on;
        }
        if let Some(on) = on(&input.map_public_ip_on_launch) {
            subnet.public_addresses = on;
        }
        if let Some(on) = on(&input.enable_dns64) {
            if on && subnet.ipv6.is_none() {
                let message = format!("The subnet '{}' has no IPv6 CIDR block associated with it", subnet.id);
                return Err(invalid_value(message));
            }
            subnet.dns64 = on;
        }
        if let Some(kind) = input.private_dns_hostname_type_on_launch {
            if kind == HostnameType::IpName && subnet.cidr.is_none() {
                return Err(invalid_value("An IPv6-only subnet cannot have hostnames of the type ip-name."));
            }
            subnet.hostname_type = kind.as_str().to_owned();
        }
        if let Some(on) = on(&input.enable_resource_name_dns_a_record_on_launch) {
            subnet.a_record = on;
        }
        if let Some(on) = on(&input.enable_resource_name_dns_aaaa_record_on_launch) {
            subnet.aaaa_record = on;
        }
        if let Some(index) = input.enable_lni_at_device_index {
            if index < 1 {
                return Err(invalid_value(format!(
                    "Value ({index}) for parameter enableLniAtDeviceIndex is invalid. A local network interface cannot be the primary one (0)."
                )));
            }
            subnet.lni_index = Some(index);
        }
        if on(&input.disable_lni_at_device_index) == Some(true) {
            subnet.lni_index = None;
        }
        tx.update(subnet)?;
        Ok(ModifySubnetAttributeOutput {})
    }
}
