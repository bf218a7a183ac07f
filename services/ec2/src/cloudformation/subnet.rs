use super::step::{Attributes, Step, attributes, deleted, filter, given, number};
use crate::state;
use api_ec2::{
    AttributeBooleanValue, CreateSubnet, DeleteSubnet, DescribeNetworkAcls, DescribeSubnets, HostnameType,
    ModifySubnetAttribute,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use wire::Document;

/// `AWS::EC2::Subnet`.
pub(crate) struct Subnet;

const DNS_OPTIONS: &[&str] =
    &["HostnameType", "EnableResourceNameDnsARecord", "EnableResourceNameDnsAAAARecord"];

#[async_trait::async_trait]
impl ResourceHandler for Subnet {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::Subnet"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "AssignIpv6AddressOnCreation",
            "AvailabilityZone",
            "AvailabilityZoneId",
            "CidrBlock",
            "EnableDns64",
            "EnableLniAtDeviceIndex",
            "Ipv4IpamPoolId",
            "Ipv4NetmaskLength",
            "Ipv6CidrBlock",
            "Ipv6IpamPoolId",
            "Ipv6Native",
            "Ipv6NetmaskLength",
            "MapPublicIpOnLaunch",
            "OutpostArn",
            "PrivateDnsNameOptionsOnLaunch",
            "Tags",
            "VpcId",
        ]
    }

    /// The IPv6 block too: AssociateSubnetCidrBlock is not built.
    fn create_only(&self) -> &'static [&'static str] {
        &[
            "AvailabilityZone",
            "AvailabilityZoneId",
            "CidrBlock",
            "Ipv4IpamPoolId",
            "Ipv4NetmaskLength",
            "Ipv6CidrBlock",
            "Ipv6IpamPoolId",
            "Ipv6Native",
            "Ipv6NetmaskLength",
            "OutpostArn",
            "VpcId",
        ]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[
            "AvailabilityZone",
            "AvailabilityZoneId",
            "CidrBlock",
            "Ipv6CidrBlocks",
            "NetworkAclAssociationId",
            "OutpostArn",
            "SubnetId",
            "VpcId",
        ]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let step = Step::of(context);
        let physical_id = match step.made::<state::Subnet>()? {
            Some(id) => id,
            None => {
                let create = CreateSubnet {
                    tag_specifications: step.tag_specifications("subnet", properties)?,
                    availability_zone: properties.string("AvailabilityZone")?,
                    availability_zone_id: properties.string("AvailabilityZoneId")?,
                    cidr_block: properties.string("CidrBlock")?,
                    ipv6_cidr_block: properties.string("Ipv6CidrBlock")?,
                    outpost_arn: properties.string("OutpostArn")?,
                    vpc_id: properties.required_string("VpcId")?,
                    ipv6_native: properties.boolean("Ipv6Native")?,
                    ipv4_ipam_pool_id: properties.string("Ipv4IpamPoolId")?,
                    ipv4_netmask_length: number(properties, "Ipv4NetmaskLength")?,
                    ipv6_ipam_pool_id: properties.string("Ipv6IpamPoolId")?,
                    ipv6_netmask_length: number(properties, "Ipv6NetmaskLength")?,
                    dry_run: None,
                };
                let output = context.caller.call(create).await?;
                given(output.subnet.and_then(|subnet| subnet.subnet_id))?
            }
        };
        modify(&physical_id, &Properties::default(), properties, context).await?;
        let attributes = described(&physical_id, context).await?;
        Ok(Created { physical_id, attributes })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        Step::of(context).update_tags::<state::Subnet>(physical_id, old, new).await?;
        modify(physical_id, old, new, context).await?;
        Ok(Updated { attributes: described(physical_id, context).await? })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DeleteSubnet { subnet_id: physical_id.to_owned(), ..Default::default() };
        deleted(context.caller.call(delete).await)
    }

    async fn read(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        super::reading::subnet(physical_id, context).await
    }
}

/// Changes what differs, one attribute a call, as EC2 wants it.
async fn modify(
    id: &str,
    old: &Properties,
    new: &Properties,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let changed = |old: &Properties,
                   new: &Properties,
                   name: &str|
     -> Result<Option<AttributeBooleanValue>, HandlerFailure> {
        let (before, after) =
            (old.boolean(name)?.unwrap_or_default(), new.boolean(name)?.unwrap_or_default());
        Ok((before != after).then_some(AttributeBooleanValue { value: Some(after) }))
    };
    let none = Properties::default();
    let old_dns = old.object("PrivateDnsNameOptionsOnLaunch")?.unwrap_or_else(|| none.clone());
    let new_dns = new.object("PrivateDnsNameOptionsOnLaunch")?.unwrap_or(none);
    new_dns.only(DNS_OPTIONS)?;
    let base = || ModifySubnetAttribute { subnet_id: id.to_owned(), ..Default::default() };
    let mut calls: Vec<ModifySubnetAttribute> = Vec::new();
    if let value @ Some(_) = changed(old, new, "MapPublicIpOnLaunch")? {
        calls.push(ModifySubnetAttribute { map_public_ip_on_launch: value, ..base() });
    }
    if let value @ Some(_) = changed(old, new, "AssignIpv6AddressOnCreation")? {
        calls.push(ModifySubnetAttribute { assign_ipv6_address_on_creation: value, ..base() });
    }
    if let value @ Some(_) = changed(old, new, "EnableDns64")? {
        calls.push(ModifySubnetAttribute { enable_dns64: value, ..base() });
    }
    if let value @ Some(_) = changed(&old_dns, &new_dns, "EnableResourceNameDnsARecord")? {
        calls.push(ModifySubnetAttribute { enable_resource_name_dns_a_record_on_launch: value, ..base() });
    }
    if let value @ Some(_) = changed(&old_dns, &new_dns, "EnableResourceNameDnsAAAARecord")? {
        calls.push(ModifySubnetAttribute { enable_resource_name_dns_aaaa_record_on_launch: value, ..base() });
    }
    let (before, after) = (old_dns.string("HostnameType")?, new_dns.string("HostnameType")?);
    if before != after {
        let kind = after.unwrap_or_else(|| "ip-name".into()).parse::<HostnameType>().map_err(|_| {
            HandlerFailure::invalid(
                "#/PrivateDnsNameOptionsOnLaunch/HostnameType: use ip-name or resource-name",
            )
        })?;
        calls.push(ModifySubnetAttribute { private_dns_hostname_type_on_launch: Some(kind), ..base() });
    }
    let (before, after) = (number(old, "EnableLniAtDeviceIndex")?, number(new, "EnableLniAtDeviceIndex")?);
    match after {
        _ if before == after => {}
        Some(_) => calls.push(ModifySubnetAttribute { enable_lni_at_device_index: after, ..base() }),
        None => {
            let off = Some(AttributeBooleanValue { value: Some(true) });
            calls.push(ModifySubnetAttribute { disable_lni_at_device_index: off, ..base() });
        }
    }
    for call in calls {
        context.caller.call(call).await?;
    }
    Ok(())
}

async fn described(id: &str, context: &HandlerContext) -> Result<Attributes, HandlerFailure> {
    let describe = DescribeSubnets { subnet_ids: Some(vec![id.to_owned()]), ..Default::default() };
    let subnets = context.caller.call(describe).await?.subnets.unwrap_or_default();
    let subnet = subnets.into_iter().next().unwrap_or_default();
    let acls = DescribeNetworkAcls { filters: filter("association.subnet-id", id), ..Default::default() };
    let acls = context.caller.call(acls).await?.network_acls.unwrap_or_default();
    let association = acls
        .into_iter()
        .flat_map(|acl| acl.associations.unwrap_or_default())
        .find(|association| association.subnet_id.as_deref() == Some(id))
        .and_then(|association| association.network_acl_association_id);
    let ipv6 = subnet.ipv6_cidr_block_association_set.unwrap_or_default();
    let ipv6: Document = ipv6.into_iter().filter_map(|association| association.ipv6_cidr_block).collect();
    Ok(attributes([
        ("SubnetId", id.into()),
        ("AvailabilityZone", subnet.availability_zone.into()),
        ("AvailabilityZoneId", subnet.availability_zone_id.into()),
        ("CidrBlock", subnet.cidr_block.into()),
        ("Ipv6CidrBlocks", ipv6),
        ("NetworkAclAssociationId", association.into()),
        ("OutpostArn", Document::from("")),
        ("VpcId", subnet.vpc_id.into()),
    ]))
}
