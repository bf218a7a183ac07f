use super::step::{Attributes, Step, attributes, deleted};
use crate::cidr::{Ipv4Block, Ipv6Block};
use api_ec2::{CreateRoute, DeleteRoute, ReplaceRoute};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// `AWS::EC2::Route`.
pub(crate) struct Route;

const DESTINATIONS: [&str; 3] =
    ["DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"];

#[async_trait::async_trait]
impl ResourceHandler for Route {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::Route"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "CarrierGatewayId",
            "CoreNetworkArn",
            "DestinationCidrBlock",
            "DestinationIpv6CidrBlock",
            "DestinationPrefixListId",
            "EgressOnlyInternetGatewayId",
            "GatewayId",
            "InstanceId",
            "LocalGatewayId",
            "NatGatewayId",
            "NetworkInterfaceId",
            "OdbNetworkArn",
            "RouteTableId",
            "TransitGatewayId",
            "VpcEndpointId",
            "VpcPeeringConnectionId",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId", "RouteTableId"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["CidrBlock"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let step = Step::of(context);
        let again = step.begin().await?;
        let create = CreateRoute {
            destination_prefix_list_id: properties.string("DestinationPrefixListId")?,
            vpc_endpoint_id: properties.string("VpcEndpointId")?,
            transit_gateway_id: properties.string("TransitGatewayId")?,
            local_gateway_id: properties.string("LocalGatewayId")?,
            carrier_gateway_id: properties.string("CarrierGatewayId")?,
            core_network_arn: properties.string("CoreNetworkArn")?,
            odb_network_arn: properties.string("OdbNetworkArn")?,
            dry_run: None,
            route_table_id: properties.required_string("RouteTableId")?,
            destination_cidr_block: properties.string("DestinationCidrBlock")?,
            gateway_id: properties.string("GatewayId")?,
            destination_ipv6_cidr_block: properties.string("DestinationIpv6CidrBlock")?,
            egress_only_internet_gateway_id: properties.string("EgressOnlyInternetGatewayId")?,
            instance_id: properties.string("InstanceId")?,
            network_interface_id: properties.string("NetworkInterfaceId")?,
            vpc_peering_connection_id: properties.string("VpcPeeringConnectionId")?,
            nat_gateway_id: properties.string("NatGatewayId")?,
        };
        match context.caller.call(create).await {
            // The route of the try that was cut off.
            Err(error) if again && error.code == "RouteAlreadyExists" => replace(properties, context).await?,
            result => {
                step.judged(result).await?;
            }
        }
        let destination = destination(properties)?;
        let table = properties.required_string("RouteTableId")?;
        Ok(Created { physical_id: format!("{table}|{destination}"), attributes: answered(&destination) })
    }

    async fn update(
        &self,
        _: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        replace(new, context).await?;
        Ok(Updated { attributes: answered(&destination(new)?) })
    }

    async fn delete(
        &self,
        _: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DeleteRoute {
            destination_prefix_list_id: properties.string("DestinationPrefixListId")?,
            dry_run: None,
            route_table_id: properties.required_string("RouteTableId")?,
            destination_cidr_block: properties.string("DestinationCidrBlock")?,
            destination_ipv6_cidr_block: properties.string("DestinationIpv6CidrBlock")?,
        };
        deleted(context.caller.call(delete).await)
    }
}

fn answered(destination: &str) -> Attributes {
    attributes([("CidrBlock", destination.into())])
}

/// The destination as EC2 writes it.
fn destination(properties: &Properties) -> Result<String, HandlerFailure> {
    for name in DESTINATIONS {
        if let Some(text) = properties.string(name)? {
            let ipv4 = Ipv4Block::parse(&text).map(|block| block.to_string());
            let ipv6 = Ipv6Block::parse(&text).map(|block| block.to_string());
            return Ok(ipv4.or(ipv6).unwrap_or(text));
        }
    }
    Err(properties.missing("DestinationCidrBlock"))
}

async fn replace(properties: &Properties, context: &HandlerContext) -> Result<(), HandlerFailure> {
    let replace = ReplaceRoute {
        destination_prefix_list_id: properties.string("DestinationPrefixListId")?,
        vpc_endpoint_id: properties.string("VpcEndpointId")?,
        local_target: None,
        transit_gateway_id: properties.string("TransitGatewayId")?,
        local_gateway_id: properties.string("LocalGatewayId")?,
        carrier_gateway_id: properties.string("CarrierGatewayId")?,
        core_network_arn: properties.string("CoreNetworkArn")?,
        odb_network_arn: properties.string("OdbNetworkArn")?,
        dry_run: None,
        route_table_id: properties.required_string("RouteTableId")?,
        destination_cidr_block: properties.string("DestinationCidrBlock")?,
        gateway_id: properties.string("GatewayId")?,
        destination_ipv6_cidr_block: properties.string("DestinationIpv6CidrBlock")?,
        egress_only_internet_gateway_id: properties.string("EgressOnlyInternetGatewayId")?,
        instance_id: properties.string("InstanceId")?,
        network_interface_id: properties.string("NetworkInterfaceId")?,
        vpc_peering_connection_id: properties.string("VpcPeeringConnectionId")?,
        nat_gateway_id: properties.string("NatGatewayId")?,
    };
    context.caller.call(replace).await?;
    Ok(())
}
