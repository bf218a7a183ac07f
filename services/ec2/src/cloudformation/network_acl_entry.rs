use super::step::{Step, attributes, deleted, number};
use api_ec2::{
    CreateNetworkAclEntry, DeleteNetworkAclEntry, IcmpTypeCode, PortRange, ReplaceNetworkAclEntry, RuleAction,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// `AWS::EC2::NetworkAclEntry`.
pub(crate) struct NetworkAclEntry;

#[async_trait::async_trait]
impl ResourceHandler for NetworkAclEntry {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::NetworkAclEntry"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "CidrBlock",
            "Egress",
            "Icmp",
            "Ipv6CidrBlock",
            "NetworkAclId",
            "PortRange",
            "Protocol",
            "RuleAction",
            "RuleNumber",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["Egress", "NetworkAclId", "RuleNumber"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Id"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let create = entry(properties)?;
        let step = Step::of(context);
        let again = step.begin().await?;
        match context.caller.call(create).await {
            // The entry of the try that was cut off.
            Err(error) if again && error.code == "NetworkAclEntryAlreadyExists" => {
                replace(properties, context).await?
            }
            result => {
                step.judged(result).await?;
            }
        }
        let physical_id = context.generated_name(255);
        let attributes = attributes([("Id", physical_id.as_str().into())]);
        Ok(Created { physical_id, attributes })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        replace(new, context).await?;
        Ok(Updated { attributes: attributes([("Id", physical_id.into())]) })
    }

    async fn delete(
        &self,
        _: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let CreateNetworkAclEntry { network_acl_id, rule_number, egress, .. } = entry(properties)?;
        let delete = DeleteNetworkAclEntry { network_acl_id, rule_number, egress, dry_run: None };
        deleted(context.caller.call(delete).await)
    }
}

fn entry(properties: &Properties) -> Result<CreateNetworkAclEntry, HandlerFailure> {
    let icmp = properties.object("Icmp")?;
    let icmp_type_code = match &icmp {
        None => None,
        Some(icmp) => {
            icmp.only(&["Code", "Type"])?;
            Some(IcmpTypeCode { code: number(icmp, "Code")?, r#type: number(icmp, "Type")? })
        }
    };
    let port_range = match &properties.object("PortRange")? {
        None => None,
        Some(range) => {
            range.only(&["From", "To"])?;
            Some(PortRange { from: number(range, "From")?, to: number(range, "To")? })
        }
    };
    let action = properties.required_string("RuleAction")?;
    let rule_action = action
        .parse::<RuleAction>()
        .map_err(|_| HandlerFailure::invalid(format!("#/RuleAction: {action} is not a valid enum value")))?;
    Ok(CreateNetworkAclEntry {
        dry_run: None,
        network_acl_id: properties.required_string("NetworkAclId")?,
        rule_number: number(properties, "RuleNumber")?.ok_or_else(|| properties.missing("RuleNumber"))?,
        protocol: properties.required_string("Protocol")?,
        rule_action,
        egress: properties.boolean("Egress")?.unwrap_or_default(),
        cidr_block: properties.string("CidrBlock")?,
        ipv6_cidr_block: properties.string("Ipv6CidrBlock")?,
        icmp_type_code,
        port_range,
    })
}

async fn replace(properties: &Properties, context: &HandlerContext) -> Result<(), HandlerFailure> {
    let entry = entry(properties)?;
    let replace = ReplaceNetworkAclEntry {
        dry_run: None,
        network_acl_id: entry.network_acl_id,
        rule_number: entry.rule_number,
        protocol: entry.protocol,
        rule_action: entry.rule_action,
        egress: entry.egress,
        cidr_block: entry.cidr_block,
        ipv6_cidr_block: entry.ipv6_cidr_block,
        icmp_type_code: entry.icmp_type_code,
        port_range: entry.port_range,
    };
    context.caller.call(replace).await?;
    Ok(())
}
