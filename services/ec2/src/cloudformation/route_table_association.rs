use super::step::{Step, attributes, deleted, filter, given};
use api_ec2::{
    AssociateRouteTable, DescribeRouteTables, DisassociateRouteTable, ReplaceRouteTableAssociation,
    RouteTableAssociation,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// `AWS::EC2::SubnetRouteTableAssociation`.
pub(crate) struct SubnetRouteTableAssociation;

#[async_trait::async_trait]
impl ResourceHandler for SubnetRouteTableAssociation {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::SubnetRouteTableAssociation"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["RouteTableId", "SubnetId"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["RouteTableId", "SubnetId"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Id"]
    }

    /// A subnet has one association. Where this resource made the one that is there, the new one takes its place: that is how a template
    /// changes the table of a subnet, as the new association is made before the old one is deleted. Any other is a conflict.
    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let (subnet, table) =
            (properties.required_string("SubnetId")?, properties.required_string("RouteTableId")?);
        let step = Step::of(context);
        let again = step.begin().await?;
        let current = current(&subnet, context).await?;
        let current_id =
            current.as_ref().and_then(|association| association.route_table_association_id.clone());
        let current_table = current.and_then(|association| association.route_table_id);
        let physical_id = match current_id {
            Some(id) if again && current_table.as_ref() == Some(&table) => id,
            Some(id) if step.owns(&id)? => {
                let replace =
                    ReplaceRouteTableAssociation { association_id: id, route_table_id: table, dry_run: None };
                given(step.judged(context.caller.call(replace).await).await?.new_association_id)?
            }
            _ => {
                let subnet_id = Some(subnet);
                let associate =
                    AssociateRouteTable { subnet_id, route_table_id: table, ..Default::default() };
                given(step.judged(context.caller.call(associate).await).await?.association_id)?
            }
        };
        step.note(&physical_id).await?;
        let attributes = attributes([("Id", physical_id.as_str().into())]);
        Ok(Created { physical_id, attributes })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        _: &Properties,
        _: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        Ok(Updated { attributes: attributes([("Id", physical_id.into())]) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DisassociateRouteTable { association_id: physical_id.to_owned(), dry_run: None };
        deleted(context.caller.call(delete).await)
    }
}

/// The association that a subnet has.
async fn current(
    subnet: &str,
    context: &HandlerContext,
) -> Result<Option<RouteTableAssociation>, HandlerFailure> {
    let describe =
        DescribeRouteTables { filters: filter("association.subnet-id", subnet), ..Default::default() };
    let tables = context.caller.call(describe).await?.route_tables.unwrap_or_default();
    let mut associations = tables.into_iter().flat_map(|table| table.associations.unwrap_or_default());
    Ok(associations.find(|association| association.subnet_id.as_deref() == Some(subnet)))
}
