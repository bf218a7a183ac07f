use contract::{Description, Resource};
use names::{Arn, ResourceType, Scope, Tags, Timestamp};
use policy::{Flavour, Kind, ResourcePolicy};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// The bus that every account and region has.
pub(crate) const DEFAULT: &str = "default";

/// Services whose events the default bus takes: those of this cloud that send any, and EventBridge itself.
const SENDERS: &[&str] = &[
    "aws.amazon.com",
    "cloudformation.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "cloudwatch.amazonaws.com",
    "config.amazonaws.com",
    "dynamodb.amazonaws.com",
    "ec2.amazonaws.com",
    "events.amazonaws.com",
    "iam.amazonaws.com",
    "kms.amazonaws.com",
    "lambda.amazonaws.com",
    "logs.amazonaws.com",
    "monitoring.amazonaws.com",
    "s3.amazonaws.com",
    "ssm.amazonaws.com",
    "tag.amazonaws.com",
];

/// An event bus.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct EventBus {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) description: Option<String>,
    /// The ARN of the queue for events that could not be decrypted.
    pub(crate) dead_letter: Option<String>,
    /// The policy's JSON text, where one was put.
    pub(crate) policy: Option<String>,
    pub(crate) tags: Tags,
}

impl EventBus {
    pub(crate) fn new(scope: Scope, name: &str, now: Timestamp) -> Self {
        Self {
            scope,
            name: name.to_owned(),
            created: now,
            modified: now,
            description: None,
            dead_letter: None,
            policy: None,
            tags: Tags::new(),
        }
    }

    /// The bus with a name. The default bus is there also where the region was begun before this service was there.
    pub(crate) fn get(view: &View, scope: Scope, name: &str) -> Result<Option<Self>, StoreError> {
        let found = view.get::<Self>(scope, name)?;
        Ok(found.or_else(|| (name == DEFAULT).then(|| Self::new(scope, name, Timestamp::default()))))
    }

    pub(crate) fn arn(&self) -> Arn {
        arn(self.scope, &self.name)
    }

    /// The policy that judges a call on the bus or on what is on it.
    ///
    /// # Errors
    /// Where the stored one cannot be read; then nothing may be allowed.
    pub(crate) fn judged_by(&self) -> Result<Option<ResourcePolicy>, policy::ParseError> {
        let mut statements: Vec<Document> = Vec::new();
        let stored = self.policy.as_deref().and_then(|text| Document::parse(text).ok());
        let version = stored.as_ref().and_then(|stored| stored.get("Version")).cloned();
        match stored.as_ref().and_then(|stored| stored.get("Statement")) {
            Some(Document::Array(own)) => statements.extend(own.iter().cloned()),
            Some(own) => statements.push(own.clone()),
            None => {
                // Text without statements was never put: reading it says what is wrong.
                if let Some(text) = &self.policy {
                    policy::parse(text, Kind::Resource(Flavour::Other))?;
                }
            }
        }
        if self.name == DEFAULT {
            statements.push(services_send(self.scope));
        }
        if statements.is_empty() {
            return Ok(None);
        }
        let version = version.unwrap_or_else(|| "2012-10-17".into());
        let text = document!({ "Version": version, "Statement": (Document::Array(statements)) }).to_string();
        let document = policy::parse(&text, Kind::Resource(Flavour::Other))?;
        Ok(Some(ResourcePolicy::new(&self.arn().to_string(), document)))
    }
}

/// What every default bus grants beside its policy: AWS's services send their own events about an account to its own default bus.
fn services_send(scope: Scope) -> Document {
    let services: Vec<&str> = SENDERS.to_vec();
    document!({
        "Sid": "CloudchamberServicesSendTheirOwnEvents",
        "Effect": "Allow",
        "Principal": { "Service": services },
        "Action": "events:PutEvents",
        "Resource": (arn(scope, DEFAULT).to_string()),
        "Condition": {
            "StringEquals": { "aws:SourceAccount": (scope.account.as_str()) },
            "StringLike": { "events:source": "aws.*" }
        }
    })
}

/// `arn:aws:events:REGION:ACCOUNT:event-bus/NAME`
pub(crate) fn arn(scope: Scope, name: &str) -> Arn {
    Arn::new("events", scope, format!("event-bus/{name}"))
}

impl Row for EventBus {
    const TABLE: &'static str = "events.buses";
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

impl Resource for EventBus {
    const TYPE: ResourceType = ResourceType("AWS::Events::EventBus");

    fn identity(&self) -> ResourceIdentity {
        ResourceIdentity {
            resource_type: Self::TYPE,
            id: self.name.clone(),
            name: Some(self.name.clone()),
            arn: self.arn().to_string(),
        }
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let mut configuration = document!({ "Name": (self.name.as_str()), "Arn": (self.arn().to_string()) });
        if let Some(description) = &self.description {
            configuration.set("Description", description.as_str());
        }
        if let Some(policy) = self.policy.as_deref().and_then(|text| Document::parse(text).ok()) {
            configuration.set("Policy", policy);
        }
        if let Some(queue) = &self.dead_letter {
            configuration.set("DeadLetterConfig", document!({ "Arn": (queue.as_str()) }));
        }
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
        view.get::<Self>(scope, id)
    }
}
