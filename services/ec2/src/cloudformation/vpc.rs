use super::step::{Attributes, Step, attributes, deleted, filter, given, number};
use crate::state;
use api_ec2::{
    AttributeBooleanValue, CreateVpc, DeleteVpc, DescribeNetworkAcls, DescribeSecurityGroups, DescribeVpcs,
    ModifyVpcAttribute,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use wire::Document;

/// `AWS::EC2::VPC`.
pub(crate) struct Vpc;

#[async_trait::async_trait]
impl ResourceHandler for Vpc {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::VPC"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "CidrBlock",
            "EnableDnsHostnames",
            "EnableDnsSupport",
            "InstanceTenancy",
            "Ipv4IpamPoolId",
            "Ipv4NetmaskLength",
            "Tags",
        ]
    }

    /// The tenancy too: ModifyVpcTenancy is not built.
    fn create_only(&self) -> &'static [&'static str] {
        &["CidrBlock", "InstanceTenancy", "Ipv4IpamPoolId", "Ipv4NetmaskLength"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[
            "CidrBlock",
            "CidrBlockAssociations",
            "DefaultNetworkAcl",
            "DefaultSecurityGroup",
            "Ipv6CidrBlocks",
            "VpcId",
        ]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let step = Step::of(context);
        let tenancy = match properties.string("InstanceTenancy")? {
            None => None,
            Some(text) => Some(text.parse().map_err(|_| {
                HandlerFailure::invalid(format!("#/InstanceTenancy: {text} is not a valid enum value"))
            })?),
        };
        let physical_id = match step.made::<state::Vpc>()? {
            Some(id) => id,
            None => {
                let create = CreateVpc {
                    cidr_block: properties.string("CidrBlock")?,
                    instance_tenancy: tenancy,
                    ipv4_ipam_pool_id: properties.string("Ipv4IpamPoolId")?,
                    ipv4_netmask_length: number(properties, "Ipv4NetmaskLength")?,
                    tag_specifications: step.tag_specifications("vpc", properties)?,
                    ..Default::default()
                };
                let output = context.caller.call(create).await?;
                given(output.vpc.and_then(|vpc| vpc.vpc_id))?
            }
        };
        let none = Properties::default();
        dns(&physical_id, &none, properties, context).await?;
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
        Step::of(context).update_tags::<state::Vpc>(physical_id, old, new).await?;
        dns(physical_id, old, new, context).await?;
        Ok(Updated { attributes: described(physical_id, context).await? })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DeleteVpc { vpc_id: physical_id.to_owned(), ..Default::default() };
        deleted(context.caller.call(delete).await)
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        super::reading::vpc(physical_id, properties, context).await
    }
}

/// Host names need name resolution: it is switched on first and off last.
async fn dns(
    id: &str,
    old: &Properties,
    new: &Properties,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let wanted = |name: &str, default: bool| -> Result<Option<bool>, HandlerFailure> {
        let (before, after) = (old.boolean(name)?.unwrap_or(default), new.boolean(name)?.unwrap_or(default));
        Ok((before != after).then_some(after))
    };
    let support = wanted("EnableDnsSupport", true)?;
    let hostnames = wanted("EnableDnsHostnames", false)?;
    let set = |on: bool| Some(AttributeBooleanValue { value: Some(on) });
    let change = || ModifyVpcAttribute { vpc_id: id.to_owned(), ..Default::default() };
    if support == Some(true) {
        context.caller.call(ModifyVpcAttribute { enable_dns_support: set(true), ..change() }).await?;
    }
    if let Some(on) = hostnames {
        context.caller.call(ModifyVpcAttribute { enable_dns_hostnames: set(on), ..change() }).await?;
    }
    if support == Some(false) {
        context.caller.call(ModifyVpcAttribute { enable_dns_support: set(false), ..change() }).await?;
    }
    Ok(())
}

async fn described(id: &str, context: &HandlerContext) -> Result<Attributes, HandlerFailure> {
    let describe = DescribeVpcs { vpc_ids: Some(vec![id.to_owned()]), ..Default::default() };
    let vpcs = context.caller.call(describe).await?.vpcs.unwrap_or_default();
    let vpc = vpcs.into_iter().next().unwrap_or_default();
    let acls = DescribeNetworkAcls { filters: filter("vpc-id", id), ..Default::default() };
    let acls = context.caller.call(acls).await?.network_acls.unwrap_or_default();
    let acl = acls.into_iter().find(|acl| acl.is_default == Some(true)).and_then(|acl| acl.network_acl_id);
    let groups = DescribeSecurityGroups { filters: filter("vpc-id", id), ..Default::default() };
    let groups = context.caller.call(groups).await?.security_groups.unwrap_or_default();
    let group = groups.into_iter().find(|group| group.group_name.as_deref() == Some("default"));
    let associations = vpc.cidr_block_association_set.unwrap_or_default();
    let associations: Document =
        associations.into_iter().filter_map(|association| association.association_id).collect();
    let ipv6 = vpc.ipv6_cidr_block_association_set.unwrap_or_default();
    let ipv6: Document = ipv6.into_iter().filter_map(|association| association.ipv6_cidr_block).collect();
    Ok(attributes([
        ("VpcId", id.into()),
        ("CidrBlock", vpc.cidr_block.into()),
        ("CidrBlockAssociations", associations),
        ("Ipv6CidrBlocks", ipv6),
        ("DefaultNetworkAcl", acl.into()),
        ("DefaultSecurityGroup", group.and_then(|group| group.group_id).into()),
    ]))
}
