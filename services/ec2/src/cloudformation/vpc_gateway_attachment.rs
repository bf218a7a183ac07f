use super::step::{Step, attributes, deleted};
use api_ec2::{AttachInternetGateway, DescribeInternetGateways, DetachInternetGateway};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use wire::ErrorResponse;

/// `AWS::EC2::VPCGatewayAttachment`, of internet gateways: there are no virtual private gateways here.
pub(crate) struct VpcGatewayAttachment;

#[async_trait::async_trait]
impl ResourceHandler for VpcGatewayAttachment {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::VPCGatewayAttachment"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["InternetGatewayId", "VpcId"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["VpcId"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["AttachmentType"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let vpc = properties.required_string("VpcId")?;
        let gateway = properties.required_string("InternetGatewayId")?;
        let step = Step::of(context);
        let again = step.begin().await?;
        if !(again && is_attached(&gateway, &vpc, context).await?) {
            step.judged(attach(&gateway, &vpc, context).await).await?;
        }
        Ok(Created {
            physical_id: format!("IGW|{vpc}"),
            attributes: attributes([("AttachmentType", "IGW".into())]),
        })
    }

    async fn update(
        &self,
        _: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let vpc = new.required_string("VpcId")?;
        let (before, after) =
            (old.required_string("InternetGatewayId")?, new.required_string("InternetGatewayId")?);
        let step = Step::of(context);
        let again = step.begin().await?;
        if before != after && !(again && is_attached(&after, &vpc, context).await?) {
            detach(&before, &vpc, context).await?;
            step.judged(attach(&after, &vpc, context).await).await?;
        }
        Ok(Updated { attributes: attributes([("AttachmentType", "IGW".into())]) })
    }

    async fn delete(
        &self,
        _: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let vpc = properties.required_string("VpcId")?;
        detach(&properties.required_string("InternetGatewayId")?, &vpc, context).await
    }
}

async fn is_attached(gateway: &str, vpc: &str, context: &HandlerContext) -> Result<bool, HandlerFailure> {
    let describe = DescribeInternetGateways {
        internet_gateway_ids: Some(vec![gateway.to_owned()]),
        ..Default::default()
    };
    let gateways = context.caller.call(describe).await?.internet_gateways.unwrap_or_default();
    let attachments = gateways.into_iter().flat_map(|gateway| gateway.attachments.unwrap_or_default());
    Ok(attachments.into_iter().any(|attachment| attachment.vpc_id.as_deref() == Some(vpc)))
}

async fn attach(gateway: &str, vpc: &str, context: &HandlerContext) -> Result<(), ErrorResponse> {
    let (internet_gateway_id, vpc_id) = (gateway.to_owned(), vpc.to_owned());
    context
        .caller
        .call(AttachInternetGateway { internet_gateway_id, vpc_id, dry_run: None })
        .await
        .map(|_| ())
}

async fn detach(gateway: &str, vpc: &str, context: &HandlerContext) -> Result<(), HandlerFailure> {
    let (internet_gateway_id, vpc_id) = (gateway.to_owned(), vpc.to_owned());
    deleted(context.caller.call(DetachInternetGateway { internet_gateway_id, vpc_id, dry_run: None }).await)
}
