use super::step::{attributes, filter, given, is_gone};
use api_ec2::{DescribeNetworkAcls, NetworkAcl, NetworkAclAssociation, ReplaceNetworkAclAssociation};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// `AWS::EC2::SubnetNetworkAclAssociation`.
pub(crate) struct SubnetNetworkAclAssociation;

#[async_trait::async_trait]
impl ResourceHandler for SubnetNetworkAclAssociation {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::SubnetNetworkAclAssociation"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["NetworkAclId", "SubnetId"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["NetworkAclId", "SubnetId"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["AssociationId"]
    }

    /// Every subnet has an ACL from the start, so this replaces an association.
    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let subnet = properties.required_string("SubnetId")?;
        let acl = properties.required_string("NetworkAclId")?;
        let current = current(&subnet, context).await?.ok_or_else(|| HandlerFailure {
            service_code: Some("InvalidSubnetID.NotFound".into()),
            ..HandlerFailure::new("NotFound", format!("The subnet ID '{subnet}' does not exist"))
        })?;
        let physical_id = if current.network_acl_id.as_ref() == Some(&acl) {
            given(current.network_acl_association_id)?
        } else {
            replace(given(current.network_acl_association_id)?, acl, context).await?
        };
        let attributes = attributes([("AssociationId", physical_id.as_str().into())]);
        Ok(Created { physical_id, attributes })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        _: &Properties,
        _: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        Ok(Updated { attributes: attributes([("AssociationId", physical_id.into())]) })
    }

    /// The subnet falls back to its VPC's default ACL; where another association has taken this one's place, nothing is left to do.
    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let subnet = properties.required_string("SubnetId")?;
        let Some(current) = current(&subnet, context).await? else { return Ok(()) };
        if current.network_acl_association_id.as_deref() != Some(physical_id) {
            return Ok(());
        }
        let id = given(current.network_acl_id)?;
        let own =
            describe(DescribeNetworkAcls { network_acl_ids: Some(vec![id]), ..Default::default() }, context)
                .await?;
        let vpc = given(own.into_iter().next().and_then(|acl| acl.vpc_id))?;
        let all = DescribeNetworkAcls { filters: filter("vpc-id", &vpc), ..Default::default() };
        let default = describe(all, context).await?.into_iter().find(|acl| acl.is_default == Some(true));
        let default = given(default.and_then(|acl| acl.network_acl_id))?;
        let (association_id, network_acl_id) = (physical_id.to_owned(), default);
        let call = ReplaceNetworkAclAssociation { association_id, network_acl_id, dry_run: None };
        match context.caller.call(call).await {
            Err(error) if !is_gone(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }
}

async fn describe(
    call: DescribeNetworkAcls,
    context: &HandlerContext,
) -> Result<Vec<NetworkAcl>, HandlerFailure> {
    Ok(context.caller.call(call).await?.network_acls.unwrap_or_default())
}

/// The association that a subnet has.
async fn current(
    subnet: &str,
    context: &HandlerContext,
) -> Result<Option<NetworkAclAssociation>, HandlerFailure> {
    let call = DescribeNetworkAcls { filters: filter("association.subnet-id", subnet), ..Default::default() };
    let acls = describe(call, context).await?;
    let mut associations = acls.into_iter().flat_map(|acl| acl.associations.unwrap_or_default());
    Ok(associations.find(|association| association.subnet_id.as_deref() == Some(subnet)))
}

async fn replace(
    association_id: String,
    network_acl_id: String,
    context: &HandlerContext,
) -> Result<String, HandlerFailure> {
    let call = ReplaceNetworkAclAssociation { association_id, network_acl_id, dry_run: None };
    given(context.caller.call(call).await?.new_association_id)
}
