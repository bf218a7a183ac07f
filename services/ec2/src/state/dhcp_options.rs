use crate::state::noun::{self, Noun};
use contract::{Description, Resource};
use names::{ResourceType, Scope, Tags};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A set of DHCP options.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DhcpOptions {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    /// Name to values, in the order of the request.
    pub(crate) configurations: Vec<(String, Vec<String>)>,
    pub(crate) tags: Tags,
}

impl DhcpOptions {
    fn values(&self, name: &str) -> Option<&[String]> {
        self.configurations.iter().find(|(key, _)| key == name).map(|(_, values)| values.as_slice())
    }
}

impl Row for DhcpOptions {
    const TABLE: &'static str = "ec2.dhcp_options";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.id.clone()
    }
    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Noun for DhcpOptions {
    const NOUN: &'static str = "dhcp-options";
    const PREFIX: &'static str = "dopt";
    const NOT_FOUND: &'static str = "InvalidDhcpOptionID.NotFound";
    const MALFORMED: Option<&'static str> = Some("InvalidDhcpOptionsId.Malformed");
    const SUBJECT: &'static str = "dhcpOption ID";

    fn id(&self) -> &str {
        &self.id
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
    fn tags_mut(&mut self) -> &mut Tags {
        &mut self.tags
    }
    fn keys(&self) -> Vec<(&'static str, String)> {
        vec![("ec2:DhcpOptionsID", self.id.clone())]
    }
}

/// One of the newer types: its configuration has CloudFormation's shape.
impl Resource for DhcpOptions {
    const TYPE: ResourceType = ResourceType("AWS::EC2::DHCPOptions");

    fn identity(&self) -> ResourceIdentity {
        noun::identity(Self::TYPE, self.scope, Self::NOUN, &self.id, None)
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let mut configuration = document!({ "DhcpOptionsId": (self.id.as_str()) });
        for (option, property) in [
            ("domain-name-servers", "DomainNameServers"),
            ("ntp-servers", "NtpServers"),
            ("netbios-name-servers", "NetbiosNameServers"),
        ] {
            if let Some(values) = self.values(option) {
                configuration.set(property, values.iter().map(String::as_str).collect::<Document>());
            }
        }
        let first = |option: &str| self.values(option).and_then(<[String]>::first).cloned();
        if let Some(name) = first("domain-name") {
            configuration.set("DomainName", name);
        }
        for (option, property) in [
            ("netbios-node-type", "NetbiosNodeType"),
            ("ipv6-address-preferred-lease-time", "Ipv6AddressPreferredLeaseTime"),
        ] {
            if let Some(number) = first(option).and_then(|text| text.parse::<i64>().ok()) {
                configuration.set(property, number);
            }
        }
        let tags = self
            .tags
            .iter()
            .map(|(key, value)| document!({ "Key": (key.as_str()), "Value": (value.as_str()) }));
        configuration.set("Tags", tags.collect::<Document>());
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Regional".into(),
            created: None,
            configuration,
            supplementary: indexmap::IndexMap::new(),
            relationships: Vec::new(),
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get(scope, id)
    }
}
