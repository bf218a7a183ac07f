use super::step::{Attributes, deleted};
use api_ec2::{AssociateDhcpOptions, DescribeVpcs};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// `AWS::EC2::VPCDHCPOptionsAssociation`.
pub(crate) struct VpcDhcpOptionsAssociation;

#[async_trait::async_trait]
impl ResourceHandler for VpcDhcpOptionsAssociation {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::VPCDHCPOptionsAssociation"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["DhcpOptionsId", "VpcId"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["DhcpOptionsId", "VpcId"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    /// Associating the same options twice changes nothing, so a second try needs no care.
    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let options = properties.required_string("DhcpOptionsId")?;
        let vpc = properties.required_string("VpcId")?;
        let physical_id = format!("{options}|{vpc}");
        let associate = AssociateDhcpOptions { dhcp_options_id: options, vpc_id: vpc, dry_run: None };
        context.caller.call(associate).await?;
        Ok(Created { physical_id, attributes: Attributes::new() })
    }

    async fn update(
        &self,
        _: &str,
        _: &Properties,
        _: &Properties,
        _: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        Ok(Updated::default())
    }

    /// The VPC is left without options, unless others have taken the place of these.
    async fn delete(
        &self,
        _: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let options = properties.required_string("DhcpOptionsId")?;
        let vpc = properties.required_string("VpcId")?;
        let describe = DescribeVpcs { vpc_ids: Some(vec![vpc.clone()]), ..Default::default() };
        let vpcs = match context.caller.call(describe).await {
            Ok(output) => output.vpcs.unwrap_or_default(),
            Err(error) if error.code == "InvalidVpcID.NotFound" => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if vpcs.iter().any(|vpc| vpc.dhcp_options_id.as_ref() != Some(&options)) {
            return Ok(());
        }
        let associate =
            AssociateDhcpOptions { dhcp_options_id: "default".into(), vpc_id: vpc, dry_run: None };
        deleted(context.caller.call(associate).await)
    }
}
