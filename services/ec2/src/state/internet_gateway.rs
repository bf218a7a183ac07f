use crate::state::Vpc;
use crate::state::noun::{self, Noun};
use contract::{Description, Relationship, Resource};
use names::{ResourceType, Scope, Tags};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// An internet gateway.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct InternetGateway {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    /// The VPC that it is attached to.
    pub(crate) vpc: Option<String>,
    pub(crate) tags: Tags,
}

impl InternetGateway {
    /// The gateway that is attached to a VPC.
    pub(crate) fn attached_to(view: &View, scope: Scope, vpc: &str) -> Result<Option<Self>, StoreError> {
        Ok(view.list::<Self>(scope)?.into_iter().find(|gateway| gateway.vpc.as_deref() == Some(vpc)))
    }
}

impl Row for InternetGateway {
    const TABLE: &'static str = "ec2.internet_gateways";
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

impl Noun for InternetGateway {
    const NOUN: &'static str = "internet-gateway";
    const PREFIX: &'static str = "igw";
    const NOT_FOUND: &'static str = "InvalidInternetGatewayID.NotFound";
    const MALFORMED: Option<&'static str> = None;
    const SUBJECT: &'static str = "internetGateway ID";

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
        vec![("ec2:InternetGatewayID", self.id.clone())]
    }
}

impl Resource for InternetGateway {
    const TYPE: ResourceType = ResourceType("AWS::EC2::InternetGateway");

    fn identity(&self) -> ResourceIdentity {
        noun::identity(Self::TYPE, self.scope, Self::NOUN, &self.id, None)
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let attachments: Vec<Document> =
            self.vpc.iter().map(|vpc| document!({ "state": "available", "vpcId": (vpc.as_str()) })).collect();
        let attached = |vpc: &String| Relationship::to("Is attached to Vpc", Vpc::TYPE.as_str(), vpc);
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Multiple Availability Zones".into(),
            created: None,
            configuration: document!({
                "attachments": (attachments),
                "internetGatewayId": (self.id.as_str()),
                "ownerId": (self.scope.account.as_str()),
                "tags": (noun::tag_list(&self.tags)),
            }),
            supplementary: indexmap::IndexMap::new(),
            relationships: self.vpc.iter().map(attached).collect(),
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get(scope, id)
    }
}
