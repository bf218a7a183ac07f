use contract::{Description, Resource};
use names::{Arn, ResourceType, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::document;

/// A log group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LogGroup {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    /// Days; None keeps events for ever.
    pub(crate) retention: Option<i32>,
    /// `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`.
    pub(crate) class: String,
    pub(crate) tags: Tags,
    pub(crate) deletion_protected: bool,
}

impl LogGroup {
    /// `arn:aws:logs:REGION:ACCOUNT:log-group:NAME`
    pub(crate) fn arn(&self) -> Arn {
        Arn::new("logs", self.scope, format!("log-group:{}", self.name))
    }

    /// Before this moment events are gone.
    pub(crate) fn horizon(&self, now: Timestamp) -> i64 {
        self.retention.map_or(i64::MIN, |days| now.millis() - i64::from(days) * 86_400_000)
    }
}

impl Row for LogGroup {
    const TABLE: &'static str = "logs.groups";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }

    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

/// AWS Config does not record log groups, but has rules that look at them: in the names of their properties in CloudFormation.
impl Resource for LogGroup {
    const TYPE: ResourceType = ResourceType("AWS::Logs::LogGroup");

    fn identity(&self) -> ResourceIdentity {
        let (id, arn) = (self.name.clone(), self.arn().to_string());
        ResourceIdentity { resource_type: Self::TYPE, name: Some(id.clone()), id, arn }
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let mut configuration = document!({
            "Arn": (format!("{}:*", self.arn())),
            "LogGroupName": (self.name.as_str()),
            "LogGroupClass": (self.class.as_str()),
        });
        if let Some(days) = self.retention {
            configuration.set("RetentionInDays", days);
        }
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
            created: Some(self.created),
            configuration,
            supplementary: Default::default(),
            relationships: Vec::new(),
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get(scope, id)
    }
}
