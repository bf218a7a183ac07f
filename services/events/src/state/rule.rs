use super::{DEFAULT, Target};
use contract::{Description, Resource};
use names::{AccountId, Arn, ResourceType, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A rule with its targets.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Rule {
    pub(crate) scope: Scope,
    pub(crate) bus: String,
    pub(crate) name: String,
    pub(crate) pattern: Option<String>,
    pub(crate) schedule: Option<String>,
    /// When its schedule began to count: when it was made, changed or enabled.
    pub(crate) begun: Timestamp,
    /// `ENABLED`, `DISABLED` or `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`.
    pub(crate) state: String,
    pub(crate) description: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) created_by: AccountId,
    pub(crate) tags: Tags,
    pub(crate) targets: Vec<Target>,
}

impl Rule {
    pub(crate) fn arn(&self) -> Arn {
        arn(self.scope, &self.bus, &self.name)
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.state != "DISABLED"
    }

    /// All rules of a bus, by name.
    pub(crate) fn of_bus(view: &View, scope: Scope, bus: &str) -> Result<Vec<Self>, StoreError> {
        view.scan::<Self>(scope, (bus,)).rows()
    }

    /// The rule that the resource part of an ARN names: `rule/NAME` on the default bus, `rule/BUS/NAME` elsewhere.
    pub(crate) fn place(resource: &str) -> Option<(&str, &str)> {
        let place = resource.strip_prefix("rule/")?;
        Some(place.rsplit_once('/').unwrap_or((DEFAULT, place)))
    }
}

/// `arn:aws:events:REGION:ACCOUNT:rule/NAME`, with the bus before the name where it is not the default one.
pub(crate) fn arn(scope: Scope, bus: &str, name: &str) -> Arn {
    let resource = if bus == DEFAULT { format!("rule/{name}") } else { format!("rule/{bus}/{name}") };
    Arn::new("events", scope, resource)
}

impl Row for Rule {
    const TABLE: &'static str = "events.rules";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.bus.clone(), self.name.clone())
    }
    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Resource for Rule {
    const TYPE: ResourceType = ResourceType("AWS::Events::Rule");

    fn identity(&self) -> ResourceIdentity {
        let arn = self.arn().to_string();
        ResourceIdentity { resource_type: Self::TYPE, id: arn.clone(), name: Some(self.name.clone()), arn }
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let arn = self.arn().to_string();
        let mut configuration = document!({
            "Arn": (arn.as_str()),
            "Id": (arn.as_str()),
            "Name": (self.name.as_str()),
            "EventBusName": (self.bus.as_str()),
            "State": (self.state.as_str()),
        });
        let texts = [
            ("Description", &self.description),
            ("RoleArn", &self.role),
            ("ScheduleExpression", &self.schedule),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                configuration.set(name, text.as_str());
            }
        }
        if let Some(pattern) = self.pattern.as_deref().and_then(|text| Document::parse(text).ok()) {
            configuration.set("EventPattern", pattern);
        }
        let targets: Document = self.targets.iter().map(Target::describe).collect();
        configuration.set("Targets", targets);
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
        let Some(arn) = id.parse::<Arn>().ok().filter(|arn| arn.scope() == Some(scope)) else {
            return Ok(None);
        };
        match Self::place(&arn.resource) {
            Some(place) => view.get::<Self>(scope, place),
            None => Ok(None),
        }
    }
}
