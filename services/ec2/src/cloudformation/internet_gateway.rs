use super::step::{Step, attributes, deleted, given};
use crate::state;
use api_ec2::{CreateInternetGateway, DeleteInternetGateway};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// `AWS::EC2::InternetGateway`.
pub(crate) struct InternetGateway;

#[async_trait::async_trait]
impl ResourceHandler for InternetGateway {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::InternetGateway"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["Tags"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &[]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["InternetGatewayId"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let step = Step::of(context);
        let physical_id = match step.made::<state::InternetGateway>()? {
            Some(id) => id,
            None => {
                let tag_specifications = step.tag_specifications("internet-gateway", properties)?;
                let create = CreateInternetGateway { tag_specifications, ..Default::default() };
                let output = context.caller.call(create).await?;
                given(output.internet_gateway.and_then(|gateway| gateway.internet_gateway_id))?
            }
        };
        let attributes = attributes([("InternetGatewayId", physical_id.as_str().into())]);
        Ok(Created { physical_id, attributes })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        Step::of(context).update_tags::<state::InternetGateway>(physical_id, old, new).await?;
        Ok(Updated { attributes: attributes([("InternetGatewayId", physical_id.into())]) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete =
            DeleteInternetGateway { internet_gateway_id: physical_id.to_owned(), ..Default::default() };
        deleted(context.caller.call(delete).await)
    }
}
