use super::rules;
use super::security_group::group_id;
use super::step::{Step, attributes, deleted, given};
use crate::state::SecurityGroup;
use api_ec2::{
    AuthorizeSecurityGroupEgress, AuthorizeSecurityGroupIngress, RevokeSecurityGroupEgress,
    RevokeSecurityGroupIngress, SecurityGroupRule, SecurityGroupRuleDescription,
    UpdateSecurityGroupRuleDescriptionsEgress, UpdateSecurityGroupRuleDescriptionsIngress,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// `AWS::EC2::SecurityGroupIngress`.
pub(crate) struct SecurityGroupIngress;

/// `AWS::EC2::SecurityGroupEgress`.
pub(crate) struct SecurityGroupEgress;

#[async_trait::async_trait]
impl ResourceHandler for SecurityGroupIngress {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::SecurityGroupIngress"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "CidrIp",
            "CidrIpv6",
            "Description",
            "FromPort",
            "GroupId",
            "GroupName",
            "IpProtocol",
            "SourcePrefixListId",
            "SourceSecurityGroupId",
            "SourceSecurityGroupName",
            "SourceSecurityGroupOwnerId",
            "ToPort",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &[
            "CidrIp",
            "CidrIpv6",
            "FromPort",
            "GroupId",
            "GroupName",
            "IpProtocol",
            "SourcePrefixListId",
            "SourceSecurityGroupId",
            "SourceSecurityGroupName",
            "SourceSecurityGroupOwnerId",
            "ToPort",
        ]
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
        if let Some(id) = made_rule(&step, context)? {
            return Ok(created(id));
        }
        let call = AuthorizeSecurityGroupIngress {
            group_id: properties.string("GroupId")?,
            group_name: properties.string("GroupName")?,
            ip_permissions: Some(vec![rules::permission(properties, false)?]),
            tag_specifications: step.token_only("security-group-rule"),
            ..Default::default()
        };
        first(context.caller.call(call).await?.security_group_rules).map(created)
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let call = UpdateSecurityGroupRuleDescriptionsIngress {
            group_id: Some(group(new, context).await?),
            security_group_rule_descriptions: description(physical_id, new)?,
            ..Default::default()
        };
        context.caller.call(call).await?;
        Ok(Updated { attributes: created(physical_id.to_owned()).attributes })
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let call = RevokeSecurityGroupIngress {
            group_id: properties.string("GroupId")?,
            group_name: properties.string("GroupName")?,
            security_group_rule_ids: Some(vec![physical_id.to_owned()]),
            ..Default::default()
        };
        deleted(context.caller.call(call).await)
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        super::reading::rule(physical_id, properties, "Source", context).await
    }
}

#[async_trait::async_trait]
impl ResourceHandler for SecurityGroupEgress {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::SecurityGroupEgress"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "CidrIp",
            "CidrIpv6",
            "Description",
            "DestinationPrefixListId",
            "DestinationSecurityGroupId",
            "FromPort",
            "GroupId",
            "IpProtocol",
            "ToPort",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &[
            "CidrIp",
            "CidrIpv6",
            "DestinationPrefixListId",
            "DestinationSecurityGroupId",
            "FromPort",
            "GroupId",
            "IpProtocol",
            "ToPort",
        ]
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
        if let Some(id) = made_rule(&step, context)? {
            return Ok(created(id));
        }
        let call = AuthorizeSecurityGroupEgress {
            group_id: properties.required_string("GroupId")?,
            ip_permissions: Some(vec![rules::permission(properties, true)?]),
            tag_specifications: step.token_only("security-group-rule"),
            ..Default::default()
        };
        first(context.caller.call(call).await?.security_group_rules).map(created)
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let call = UpdateSecurityGroupRuleDescriptionsEgress {
            group_id: Some(new.required_string("GroupId")?),
            security_group_rule_descriptions: description(physical_id, new)?,
            ..Default::default()
        };
        context.caller.call(call).await?;
        Ok(Updated { attributes: created(physical_id.to_owned()).attributes })
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let call = RevokeSecurityGroupEgress {
            group_id: properties.required_string("GroupId")?,
            security_group_rule_ids: Some(vec![physical_id.to_owned()]),
            ..Default::default()
        };
        deleted(context.caller.call(call).await)
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        super::reading::rule(physical_id, properties, "Destination", context).await
    }
}

fn created(physical_id: String) -> Created {
    let attributes = attributes([("Id", physical_id.as_str().into())]);
    Created { physical_id, attributes }
}

fn first(rules: Option<Vec<SecurityGroupRule>>) -> Result<String, HandlerFailure> {
    let rule = rules.unwrap_or_default().into_iter().next();
    given(rule.and_then(|rule| rule.security_group_rule_id))
}

/// The rule that the step made before it was cut off, where it is still there.
fn made_rule(step: &Step<'_>, context: &HandlerContext) -> Result<Option<String>, HandlerFailure> {
    let Some(id) = step.noted()?.filter(|id| !id.is_empty()) else { return Ok(None) };
    let view = context.context.store.view();
    let group = view.first_by_index::<SecurityGroup>(context.caller.scope(), "rule", id.as_str());
    let group = group.map_err(|error| HandlerFailure::new("InternalFailure", error.to_string()))?;
    Ok(group.map(|_| id))
}

/// The group of a rule, by its id or its name.
async fn group(properties: &Properties, context: &HandlerContext) -> Result<String, HandlerFailure> {
    match properties.string("GroupId")? {
        Some(id) => Ok(id),
        None => group_id(&properties.required_string("GroupName")?, context).await,
    }
}

fn description(
    id: &str,
    new: &Properties,
) -> Result<Option<Vec<SecurityGroupRuleDescription>>, HandlerFailure> {
    let description = Some(new.string("Description")?.unwrap_or_default());
    Ok(Some(vec![SecurityGroupRuleDescription { security_group_rule_id: Some(id.to_owned()), description }]))
}
