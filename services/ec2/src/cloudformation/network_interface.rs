use super::step::{Attributes, Step, attributes, deleted, given, number};
use crate::state;
use api_ec2::{
    AttributeBooleanValue, AttributeValue, ConnectionTrackingSpecificationRequest, CreateNetworkInterface,
    DeleteNetworkInterface, DescribeNetworkInterfaces, InstanceIpv6Address, Ipv4PrefixSpecificationRequest,
    Ipv6PrefixSpecificationRequest, ModifyNetworkInterfaceAttribute, PrivateIpAddressSpecification,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use wire::Document;

/// `AWS::EC2::NetworkInterface`.
pub(crate) struct NetworkInterface;

#[async_trait::async_trait]
impl ResourceHandler for NetworkInterface {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::NetworkInterface"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "ConnectionTrackingSpecification",
            "Description",
            "EnablePrimaryIpv6",
            "GroupSet",
            "InterfaceType",
            "Ipv4PrefixCount",
            "Ipv4Prefixes",
            "Ipv6AddressCount",
            "Ipv6Addresses",
            "Ipv6PrefixCount",
            "Ipv6Prefixes",
            "PrivateIpAddress",
            "PrivateIpAddresses",
            "SecondaryPrivateIpAddressCount",
            "SourceDestCheck",
            "SubnetId",
            "Tags",
        ]
    }

    /// All addresses too: the operations that assign further ones are not built.
    fn create_only(&self) -> &'static [&'static str] {
        &[
            "InterfaceType",
            "Ipv4PrefixCount",
            "Ipv4Prefixes",
            "Ipv6AddressCount",
            "Ipv6Addresses",
            "Ipv6PrefixCount",
            "Ipv6Prefixes",
            "PrivateIpAddress",
            "PrivateIpAddresses",
            "SecondaryPrivateIpAddressCount",
            "SubnetId",
        ]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Id", "PrimaryIpv6Address", "PrimaryPrivateIpAddress", "SecondaryPrivateIpAddresses", "VpcId"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let step = Step::of(context);
        let physical_id = match step.made::<state::NetworkInterface>()? {
            Some(id) => id,
            None => {
                let mut create = requested(properties)?;
                create.tag_specifications = step.tag_specifications("network-interface", properties)?;
                let output = context.caller.call(create).await?;
                given(output.network_interface.and_then(|interface| interface.network_interface_id))?
            }
        };
        if properties.boolean("SourceDestCheck")? == Some(false) {
            source_dest_check(&physical_id, false, context).await?;
        }
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
        Step::of(context).update_tags::<state::NetworkInterface>(physical_id, old, new).await?;
        let base = || ModifyNetworkInterfaceAttribute {
            network_interface_id: physical_id.to_owned(),
            ..Default::default()
        };
        if old.get("Description") != new.get("Description") {
            let description =
                Some(AttributeValue { value: Some(new.string("Description")?.unwrap_or_default()) });
            context.caller.call(ModifyNetworkInterfaceAttribute { description, ..base() }).await?;
        }
        if old.get("GroupSet") != new.get("GroupSet")
            && let groups @ Some(_) = new.strings("GroupSet")?
        {
            context.caller.call(ModifyNetworkInterfaceAttribute { groups, ..base() }).await?;
        }
        let check = |properties: &Properties| {
            Ok::<bool, HandlerFailure>(properties.boolean("SourceDestCheck")?.unwrap_or(true))
        };
        if check(old)? != check(new)? {
            source_dest_check(physical_id, check(new)?, context).await?;
        }
        if old.get("EnablePrimaryIpv6") != new.get("EnablePrimaryIpv6") {
            let enable_primary_ipv6 = Some(new.boolean("EnablePrimaryIpv6")?.unwrap_or_default());
            context.caller.call(ModifyNetworkInterfaceAttribute { enable_primary_ipv6, ..base() }).await?;
        }
        if old.get("ConnectionTrackingSpecification") != new.get("ConnectionTrackingSpecification") {
            let connection_tracking_specification = Some(tracking(new)?.unwrap_or_default());
            let call = ModifyNetworkInterfaceAttribute { connection_tracking_specification, ..base() };
            context.caller.call(call).await?;
        }
        Ok(Updated { attributes: described(physical_id, context).await? })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete =
            DeleteNetworkInterface { network_interface_id: physical_id.to_owned(), ..Default::default() };
        deleted(context.caller.call(delete).await)
    }
}

fn tracking(
    properties: &Properties,
) -> Result<Option<ConnectionTrackingSpecificationRequest>, HandlerFailure> {
    let Some(object) = properties.object("ConnectionTrackingSpecification")? else { return Ok(None) };
    object.only(&["TcpEstablishedTimeout", "UdpStreamTimeout", "UdpTimeout"])?;
    Ok(Some(ConnectionTrackingSpecificationRequest {
        tcp_established_timeout: number(&object, "TcpEstablishedTimeout")?,
        udp_stream_timeout: number(&object, "UdpStreamTimeout")?,
        udp_timeout: number(&object, "UdpTimeout")?,
    }))
}

/// The texts under one name in a list of objects that have nothing else.
fn texts(properties: &Properties, list: &str, name: &str) -> Result<Option<Vec<String>>, HandlerFailure> {
    if properties.get(list).is_none() {
        return Ok(None);
    }
    let text = |object: &Properties| {
        object.only(&[name])?;
        object.required_string(name)
    };
    properties.objects(list)?.iter().map(text).collect::<Result<_, _>>().map(Some)
}

fn requested(properties: &Properties) -> Result<CreateNetworkInterface, HandlerFailure> {
    let interface_type = match properties.string("InterfaceType")? {
        None => None,
        // What an interface is anyway cannot be asked for.
        Some(text) if text == "interface" => None,
        Some(text) => Some(text.parse().map_err(|_| {
            HandlerFailure::invalid(format!("#/InterfaceType: {text} is not a valid enum value"))
        })?),
    };
    let address = |object: &Properties| -> Result<PrivateIpAddressSpecification, HandlerFailure> {
        object.only(&["Primary", "PrivateIpAddress"])?;
        let private_ip_address = Some(object.required_string("PrivateIpAddress")?);
        Ok(PrivateIpAddressSpecification { primary: object.boolean("Primary")?, private_ip_address })
    };
    let addresses: Vec<PrivateIpAddressSpecification> =
        properties.objects("PrivateIpAddresses")?.iter().map(address).collect::<Result<_, _>>()?;
    let prefixes = texts(properties, "Ipv4Prefixes", "Ipv4Prefix")?.unwrap_or_default();
    let ipv6_prefixes = texts(properties, "Ipv6Prefixes", "Ipv6Prefix")?.unwrap_or_default();
    let ipv6_addresses = texts(properties, "Ipv6Addresses", "Ipv6Address")?;
    let prefix = |text| Ipv4PrefixSpecificationRequest { ipv4_prefix: Some(text) };
    let ipv6_prefix = |text| Ipv6PrefixSpecificationRequest { ipv6_prefix: Some(text) };
    let ipv6_address = |text| InstanceIpv6Address { ipv6_address: Some(text), is_primary_ipv6: None };
    Ok(CreateNetworkInterface {
        ipv4_prefixes: Some(prefixes.into_iter().map(prefix).collect()),
        ipv4_prefix_count: number(properties, "Ipv4PrefixCount")?,
        ipv6_prefixes: Some(ipv6_prefixes.into_iter().map(ipv6_prefix).collect()),
        ipv6_prefix_count: number(properties, "Ipv6PrefixCount")?,
        interface_type,
        enable_primary_ipv6: properties.boolean("EnablePrimaryIpv6")?,
        connection_tracking_specification: tracking(properties)?,
        subnet_id: properties.required_string("SubnetId")?,
        description: properties.string("Description")?,
        private_ip_address: properties.string("PrivateIpAddress")?,
        groups: properties.strings("GroupSet")?,
        private_ip_addresses: Some(addresses),
        secondary_private_ip_address_count: number(properties, "SecondaryPrivateIpAddressCount")?,
        ipv6_addresses: ipv6_addresses.map(|texts| texts.into_iter().map(ipv6_address).collect()),
        ipv6_address_count: number(properties, "Ipv6AddressCount")?,
        ..Default::default()
    })
}

async fn source_dest_check(id: &str, on: bool, context: &HandlerContext) -> Result<(), HandlerFailure> {
    let call = ModifyNetworkInterfaceAttribute {
        network_interface_id: id.to_owned(),
        source_dest_check: Some(AttributeBooleanValue { value: Some(on) }),
        ..Default::default()
    };
    context.caller.call(call).await?;
    Ok(())
}

async fn described(id: &str, context: &HandlerContext) -> Result<Attributes, HandlerFailure> {
    let describe =
        DescribeNetworkInterfaces { network_interface_ids: Some(vec![id.to_owned()]), ..Default::default() };
    let interfaces = context.caller.call(describe).await?.network_interfaces.unwrap_or_default();
    let interface = interfaces.into_iter().next().unwrap_or_default();
    let addresses = interface.private_ip_addresses.unwrap_or_default();
    let secondary = addresses.into_iter().filter(|address| address.primary != Some(true));
    let secondary: Document = secondary.filter_map(|address| address.private_ip_address).collect();
    let ipv6 = interface.ipv6_addresses.unwrap_or_default();
    let primary_ipv6 = ipv6.into_iter().find(|address| address.is_primary_ipv6 == Some(true));
    Ok(attributes([
        ("Id", id.into()),
        (
            "PrimaryIpv6Address",
            primary_ipv6.and_then(|address| address.ipv6_address).unwrap_or_default().into(),
        ),
        ("PrimaryPrivateIpAddress", interface.private_ip_address.unwrap_or_default().into()),
        ("SecondaryPrivateIpAddresses", secondary),
        ("VpcId", interface.vpc_id.into()),
    ]))
}
