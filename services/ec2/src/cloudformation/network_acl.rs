use super::step::{Step, attributes, deleted, given};
use crate::state;
use api_ec2::{CreateNetworkAcl, DeleteNetworkAcl};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// `AWS::EC2::NetworkAcl`.
pub(crate) struct NetworkAcl;

#[async_trait::async_trait]
impl ResourceHandler for NetworkAcl {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::NetworkAcl"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["Tags", "VpcId"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["VpcId"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Id"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let step = Step::of(context);
        let physical_id = match step.made::<state::NetworkAcl>()? {
            Some(id) => id,
            None => {
                let create = CreateNetworkAcl {
                    vpc_id: properties.required_string("VpcId")?,
                    tag_specifications: step.tag_specifications("network-acl", properties)?,
                    ..Default::default()
                };
                let output = context.caller.call(create).await?;
                given(output.network_acl.and_then(|acl| acl.network_acl_id))?
            }
        };
        let attributes = attributes([("Id", physical_id.as_str().into())]);
        Ok(Created { physical_id, attributes })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        Step::of(context).update_tags::<state::NetworkAcl>(physical_id, old, new).await?;
        Ok(Updated { attributes: attributes([("Id", physical_id.into())]) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DeleteNetworkAcl { network_acl_id: physical_id.to_owned(), ..Default::default() };
        deleted(context.caller.call(delete).await)
    }
}
