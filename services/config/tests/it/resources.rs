//! Resources to record: groups, the VPC that they are in, and a global role.

use contract::{Context, Description, Relationship, Resource};
use indexmap::IndexMap;
use names::{ResourceType, Scope, Tags};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, Tx, View};
use wire::{Document, document};

pub(crate) const GROUP: &str = "AWS::EC2::SecurityGroup";
pub(crate) const VPC: &str = "AWS::EC2::VPC";
pub(crate) const IAM_ROLE: &str = "AWS::IAM::Role";

/// A security group, as far as these tests need one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) ports: Vec<u16>,
    pub(crate) tags: Tags,
    /// Changes with every write, and is not compared.
    pub(crate) rule_id: u32,
    pub(crate) padding: String,
}

impl Row for Group {
    const TABLE: &'static str = "test.groups";
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

impl Resource for Group {
    const TYPE: ResourceType = ResourceType(GROUP);
    fn identity(&self) -> ResourceIdentity {
        ResourceIdentity {
            resource_type: Self::TYPE,
            id: self.id.clone(),
            name: Some(format!("name-of-{}", self.id)),
            arn: format!("arn:aws:ec2:us-east-1:111122223333:security-group/{}", self.id),
        }
    }
    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let ports: Document = self
            .ports
            .iter()
            .map(|port| {
                document!({
                    "ipProtocol": "tcp",
                    "fromPort": (i64::from(*port)),
                    "toPort": (i64::from(*port)),
                    "ipv4Ranges": [{ "cidrIp": "0.0.0.0/0" }],
                    "securityGroupRuleId": (format!("sgr-{}", self.rule_id)),
                })
            })
            .collect();
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
            created: None,
            configuration: document!({ "groupId": (self.id.clone()), "ipPermissions": ports, "description": (self.padding.clone()) }),
            supplementary: IndexMap::new(),
            relationships: vec![Relationship::to("Is contained in Vpc", VPC, "vpc-1")],
            tags: self.tags.clone(),
        })
    }
    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get::<Self>(scope, id)
    }
}

/// A VPC; what is in it is known by its groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Vpc {
    pub(crate) scope: Scope,
    pub(crate) id: String,
}

impl Row for Vpc {
    const TABLE: &'static str = "test.vpcs";
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

impl Resource for Vpc {
    const TYPE: ResourceType = ResourceType(VPC);
    fn identity(&self) -> ResourceIdentity {
        let arn = format!("arn:aws:ec2:us-east-1:111122223333:vpc/{}", self.id);
        ResourceIdentity { resource_type: Self::TYPE, id: self.id.clone(), name: None, arn }
    }
    fn describe(&self, view: &View) -> Result<Description, StoreError> {
        let groups = view.list::<Group>(self.scope)?;
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Multiple Availability Zones".into(),
            created: None,
            configuration: document!({ "vpcId": (self.id.clone()) }),
            supplementary: IndexMap::new(),
            relationships: groups
                .into_iter()
                .map(|group| Relationship::to("Contains SecurityGroup", GROUP, group.id))
                .collect(),
            tags: Tags::new(),
        })
    }
    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get::<Self>(scope, id)
    }
}

/// A role, which belongs to no region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct IamRole {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) path: String,
}

impl Row for IamRole {
    const TABLE: &'static str = "test.roles";
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

impl Resource for IamRole {
    const TYPE: ResourceType = ResourceType(IAM_ROLE);
    const GLOBAL: bool = true;
    fn identity(&self) -> ResourceIdentity {
        let arn = format!("arn:aws:iam::111122223333:role/{}", self.id);
        ResourceIdentity { resource_type: Self::TYPE, id: self.id.clone(), name: Some(self.id.clone()), arn }
    }
    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
            created: None,
            configuration: document!({ "path": (self.path.clone()) }),
            supplementary: IndexMap::new(),
            relationships: Vec::new(),
            tags: Tags::new(),
        })
    }
    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get::<Self>(scope, id)
    }
}

pub(crate) fn put_group(context: &Context, scope: Scope, id: &str, ports: &[u16]) {
    put_group_by(context, scope, id, ports, None);
}

/// As [`put_group`], by a principal.
pub(crate) fn put_group_by(
    context: &Context,
    scope: Scope,
    id: &str,
    ports: &[u16],
    principal: Option<&str>,
) {
    let cause = principal.map(|principal| store::Cause {
        request_id: names::RequestId([0; 16]),
        principal: principal.into(),
        service: "fake".into(),
        operation: "PutGroup".into(),
    });
    context
        .store
        .transact(cause, |tx: &mut Tx| {
            let known = tx.get::<Group>(scope, id)?;
            let rule_id = known.as_ref().map_or(0, |known| known.rule_id + 1);
            let (tags, padding) = known.map(|known| (known.tags, known.padding)).unwrap_or_default();
            tx.put(Group { scope, id: id.into(), ports: ports.to_vec(), tags, rule_id, padding })
        })
        .unwrap();
}

/// The ports of a group as it is now.
pub(crate) fn ports(context: &Context, scope: Scope, id: &str) -> Vec<u16> {
    context.store.view().get::<Group>(scope, id).unwrap().unwrap().ports
}
