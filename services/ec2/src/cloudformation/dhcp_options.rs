use super::step::{Step, attributes, deleted, given};
use crate::state;
use api_ec2::{CreateDhcpOptions, DeleteDhcpOptions, NewDhcpConfiguration};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// `AWS::EC2::DHCPOptions`.
pub(crate) struct DhcpOptions;

/// Properties and the options that they set.
const OPTIONS: &[(&str, &str)] = &[
    ("DomainName", "domain-name"),
    ("DomainNameServers", "domain-name-servers"),
    ("Ipv6AddressPreferredLeaseTime", "ipv6-address-preferred-lease-time"),
    ("NetbiosNameServers", "netbios-name-servers"),
    ("NetbiosNodeType", "netbios-node-type"),
    ("NtpServers", "ntp-servers"),
];

#[async_trait::async_trait]
impl ResourceHandler for DhcpOptions {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::DHCPOptions"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "DomainName",
            "DomainNameServers",
            "Ipv6AddressPreferredLeaseTime",
            "NetbiosNameServers",
            "NetbiosNodeType",
            "NtpServers",
            "Tags",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &[
            "DomainName",
            "DomainNameServers",
            "Ipv6AddressPreferredLeaseTime",
            "NetbiosNameServers",
            "NetbiosNodeType",
            "NtpServers",
        ]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["DhcpOptionsId"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let step = Step::of(context);
        let physical_id = match step.made::<state::DhcpOptions>()? {
            Some(id) => id,
            None => {
                let mut dhcp_configurations = Vec::new();
                for (property, option) in OPTIONS {
                    if let Some(values) = properties.strings(property)? {
                        let configuration =
                            NewDhcpConfiguration { key: Some((*option).to_owned()), values: Some(values) };
                        dhcp_configurations.push(configuration);
                    }
                }
                let tag_specifications = step.tag_specifications("dhcp-options", properties)?;
                let create = CreateDhcpOptions { dhcp_configurations, tag_specifications, dry_run: None };
                let output = context.caller.call(create).await?;
                given(output.dhcp_options.and_then(|options| options.dhcp_options_id))?
            }
        };
        let attributes = attributes([("DhcpOptionsId", physical_id.as_str().into())]);
        Ok(Created { physical_id, attributes })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        Step::of(context).update_tags::<state::DhcpOptions>(physical_id, old, new).await?;
        Ok(Updated { attributes: attributes([("DhcpOptionsId", physical_id.into())]) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DeleteDhcpOptions { dhcp_options_id: physical_id.to_owned(), dry_run: None };
        deleted(context.caller.call(delete).await)
    }
}
