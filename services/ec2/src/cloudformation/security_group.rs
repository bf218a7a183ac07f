use super::rules;
use super::step::{Attributes, Step, attributes, deleted, given};
use crate::state;
use api_ec2::{
    AuthorizeSecurityGroupEgress, AuthorizeSecurityGroupIngress, CreateSecurityGroup, DeleteSecurityGroup,
    DescribeSecurityGroups, IpPermission, RevokeSecurityGroupEgress, RevokeSecurityGroupIngress,
    UpdateSecurityGroupRuleDescriptionsEgress, UpdateSecurityGroupRuleDescriptionsIngress,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use wire::ErrorResponse;

/// `AWS::EC2::SecurityGroup`.
pub(crate) struct SecurityGroup;

#[async_trait::async_trait]
impl ResourceHandler for SecurityGroup {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::SecurityGroup"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["GroupDescription", "GroupName", "SecurityGroupEgress", "SecurityGroupIngress", "Tags", "VpcId"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["GroupDescription", "GroupName", "VpcId"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["GroupId", "Id", "VpcId"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let step = Step::of(context);
        // What is wrong with the rules is said before anything is made.
        let (ingress, egress) = (rules::listed(properties, false)?, rules::listed(properties, true)?);
        let vpc = properties.string("VpcId")?;
        let before = step.made::<state::SecurityGroup>()?;
        let again = before.is_some();
        let name = properties.string("GroupName")?.unwrap_or_else(|| context.generated_name(255));
        let id = match before {
            Some(id) => id,
            None => {
                let create = CreateSecurityGroup {
                    description: properties.required_string("GroupDescription")?,
                    group_name: name.clone(),
                    vpc_id: vpc.clone(),
                    tag_specifications: step.tag_specifications("security-group", properties)?,
                    dry_run: None,
                };
                given(context.caller.call(create).await?.group_id)?
            }
        };
        let group = Group { id: &id, context, again };
        if !egress.is_empty() {
            group.revoke(true, vec![rules::everything(false)]).await?;
            if group.allows_all_ipv6().await? {
                group.revoke(true, vec![rules::everything(true)]).await?;
            }
        }
        group.authorize(false, ingress).await?;
        group.authorize(true, egress).await?;
        // In the default VPC groups are known by their names.
        let physical_id = if vpc.is_some() { id.clone() } else { name };
        let attributes = described(&id, &physical_id, context).await?;
        Ok(Created { physical_id, attributes })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let id = group_id(physical_id, context).await?;
        let step = Step::of(context);
        let again = step.begin().await?;
        step.update_tags::<state::SecurityGroup>(&id, old, new).await?;
        let group = Group { id: &id, context, again };
        for egress in [false, true] {
            let (mut before, mut after) = (rules::listed(old, egress)?, rules::listed(new, egress)?);
            if egress {
                // Without rules of its own a group lets everything out.
                for list in [&mut before, &mut after] {
                    if list.is_empty() {
                        list.push(rules::everything(false));
                    }
                }
            }
            let same = |left: &IpPermission, right: &IpPermission| rules::bare(left) == rules::bare(right);
            let known =
                |list: &[IpPermission], rule: &IpPermission| list.iter().any(|other| same(other, rule));
            let gone = before.iter().filter(|rule| !known(&after, rule)).cloned().collect();
            let added = after.iter().filter(|rule| !known(&before, rule)).cloned().collect();
            let kept = |rule: &&IpPermission| known(&before, rule) && !before.contains(rule);
            let described = after.iter().filter(kept).cloned().collect();
            group.authorize(egress, added).await?;
            group.revoke(egress, gone).await?;
            group.describe(egress, described).await?;
        }
        Ok(Updated { attributes: described(&id, physical_id, context).await? })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let (group_id, group_name) = match physical_id.strip_prefix("sg-") {
            Some(_) => (Some(physical_id.to_owned()), None),
            None => (None, Some(physical_id.to_owned())),
        };
        deleted(context.caller.call(DeleteSecurityGroup { group_id, group_name, dry_run: None }).await)
    }

    async fn read(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        super::reading::security_group(physical_id, context).await
    }
}

/// A group whose rules are changed; every list of rules in one call.
struct Group<'a> {
    id: &'a str,
    context: &'a HandlerContext,
    /// The step was cut off before, so that some of its calls may have been carried out.
    again: bool,
}

impl Group<'_> {
    async fn authorize(&self, egress: bool, list: Vec<IpPermission>) -> Result<(), HandlerFailure> {
        if list.is_empty() {
            return Ok(());
        }
        match self.send_authorize(egress, list.clone()).await {
            // Then they are sent one by one, and those that are there already are there.
            Err(error) if self.again && error.code == "InvalidPermission.Duplicate" => {
                for rule in list {
                    match self.send_authorize(egress, vec![rule]).await {
                        Err(error) if error.code != "InvalidPermission.Duplicate" => return Err(error.into()),
                        _ => {}
                    }
                }
                Ok(())
            }
            result => Ok(result?),
        }
    }

    async fn send_authorize(&self, egress: bool, list: Vec<IpPermission>) -> Result<(), ErrorResponse> {
        let ip_permissions = Some(list);
        if egress {
            let group_id = self.id.to_owned();
            let call = AuthorizeSecurityGroupEgress { group_id, ip_permissions, ..Default::default() };
            return self.context.caller.call(call).await.map(|_| ());
        }
        let group_id = Some(self.id.to_owned());
        let call = AuthorizeSecurityGroupIngress { group_id, ip_permissions, ..Default::default() };
        self.context.caller.call(call).await.map(|_| ())
    }

    /// Rules that somebody else has taken away are gone already.
    async fn revoke(&self, egress: bool, list: Vec<IpPermission>) -> Result<(), HandlerFailure> {
        if list.is_empty() {
            return Ok(());
        }
        match self.send_revoke(egress, list.clone()).await {
            Err(error) if error.code == "InvalidPermission.NotFound" => {
                for rule in list {
                    match self.send_revoke(egress, vec![rule]).await {
                        Err(error) if error.code != "InvalidPermission.NotFound" => return Err(error.into()),
                        _ => {}
                    }
                }
                Ok(())
            }
            result => Ok(result?),
        }
    }

    async fn send_revoke(&self, egress: bool, list: Vec<IpPermission>) -> Result<(), ErrorResponse> {
        let ip_permissions = Some(list);
        if egress {
            let group_id = self.id.to_owned();
            let call = RevokeSecurityGroupEgress { group_id, ip_permissions, ..Default::default() };
            return self.context.caller.call(call).await.map(|_| ());
        }
        let group_id = Some(self.id.to_owned());
        let call = RevokeSecurityGroupIngress { group_id, ip_permissions, ..Default::default() };
        self.context.caller.call(call).await.map(|_| ())
    }

    async fn describe(&self, egress: bool, list: Vec<IpPermission>) -> Result<(), HandlerFailure> {
        if list.is_empty() {
            return Ok(());
        }
        let (group_id, ip_permissions) = (Some(self.id.to_owned()), Some(list));
        if egress {
            let call =
                UpdateSecurityGroupRuleDescriptionsEgress { group_id, ip_permissions, ..Default::default() };
            self.context.caller.call(call).await?;
        } else {
            let call =
                UpdateSecurityGroupRuleDescriptionsIngress { group_id, ip_permissions, ..Default::default() };
            self.context.caller.call(call).await?;
        }
        Ok(())
    }

    /// In a VPC with IPv6 a new group also lets all of that out.
    async fn allows_all_ipv6(&self) -> Result<bool, HandlerFailure> {
        let describe =
            DescribeSecurityGroups { group_ids: Some(vec![self.id.to_owned()]), ..Default::default() };
        let groups = self.context.caller.call(describe).await?.security_groups.unwrap_or_default();
        let mut permissions =
            groups.into_iter().flat_map(|group| group.ip_permissions_egress.unwrap_or_default());
        Ok(permissions.any(|permission| {
            let mut ranges = permission.ipv6_ranges.iter().flatten();
            permission.ip_protocol.as_deref() == Some("-1")
                && ranges.any(|range| range.cidr_ipv6.as_deref() == Some("::/0"))
        }))
    }
}

/// The id of a group that a stack knows by its id or its name.
pub(crate) async fn group_id(physical_id: &str, context: &HandlerContext) -> Result<String, HandlerFailure> {
    if physical_id.starts_with("sg-") {
        return Ok(physical_id.to_owned());
    }
    let describe =
        DescribeSecurityGroups { group_names: Some(vec![physical_id.to_owned()]), ..Default::default() };
    let groups = context.caller.call(describe).await?.security_groups.unwrap_or_default();
    given(groups.into_iter().next().and_then(|group| group.group_id))
}

async fn described(
    id: &str,
    physical_id: &str,
    context: &HandlerContext,
) -> Result<Attributes, HandlerFailure> {
    let describe = DescribeSecurityGroups { group_ids: Some(vec![id.to_owned()]), ..Default::default() };
    let groups = context.caller.call(describe).await?.security_groups.unwrap_or_default();
    let vpc = groups.into_iter().next().and_then(|group| group.vpc_id);
    Ok(attributes([("GroupId", id.into()), ("Id", physical_id.into()), ("VpcId", vpc.into())]))
}
