use super::step::{Step, attributes, deleted, given};
use crate::state;
use api_ec2::{CreateRouteTable, DeleteRouteTable};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// `AWS::EC2::RouteTable`.
pub(crate) struct RouteTable;

#[async_trait::async_trait]
impl ResourceHandler for RouteTable {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::RouteTable"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["Tags", "VpcId"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["VpcId"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["RouteTableId"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let step = Step::of(context);
        let physical_id = match step.made::<state::RouteTable>()? {
            Some(id) => id,
            None => {
                let create = CreateRouteTable {
                    vpc_id: properties.required_string("VpcId")?,
                    tag_specifications: step.tag_specifications("route-table", properties)?,
                    ..Default::default()
                };
                let output = context.caller.call(create).await?;
                given(output.route_table.and_then(|table| table.route_table_id))?
            }
        };
        let attributes = attributes([("RouteTableId", physical_id.as_str().into())]);
        Ok(Created { physical_id, attributes })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        Step::of(context).update_tags::<state::RouteTable>(physical_id, old, new).await?;
        Ok(Updated { attributes: attributes([("RouteTableId", physical_id.into())]) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DeleteRouteTable { route_table_id: physical_id.to_owned(), ..Default::default() };
        deleted(context.caller.call(delete).await)
    }
}
