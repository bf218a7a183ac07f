use super::{Logging, Selectors};
use crate::event;
use contract::{Description, Resource};
use names::{AccountId, Arn, Region, ResourceType, Scope, Tags, Timestamp};
use pipeline::{CallRecord, DataRecording};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{ResourceIdentity, Row, StoreError, Tx, View};
use wire::{Document, document};

/// A trail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Trail {
    /// Its account and home region.
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    pub(crate) bucket: String,
    pub(crate) prefix: Option<String>,
    /// The topic's ARN.
    pub(crate) topic: Option<String>,
    pub(crate) global_events: bool,
    pub(crate) multi_region: bool,
    pub(crate) log_group: Option<String>,
    pub(crate) log_role: Option<String>,
    pub(crate) kms_key: Option<String>,
    pub(crate) selectors: Selectors,
    pub(crate) tags: Tags,
    /// Digest files are delivered, too.
    #[serde(default)]
    pub(crate) validation: bool,
}

impl Trail {
    pub(crate) fn arn(&self) -> Arn {
        arn(self.scope, &self.name)
    }

    /// `PREFIX/AWSLogs/ACCOUNT/`
    pub(crate) fn root(&self) -> String {
        let prefix = self.prefix.as_deref().filter(|prefix| !prefix.is_empty());
        let prefix = prefix.map(|prefix| format!("{prefix}/")).unwrap_or_default();
        format!("{prefix}AWSLogs/{}/", self.scope.account)
    }

    pub(crate) fn topic_name(&self) -> Option<&str> {
        self.topic.as_deref().and_then(|topic| topic.rsplit(':').next())
    }

    /// The trails that a region has: its own, and those of other regions that are of all regions.
    pub(crate) fn of_region(view: &View, scope: Scope) -> Result<Vec<Self>, StoreError> {
        let mut trails = view.list_account::<Self>(scope.account)?;
        trails.retain(|trail| trail.is_in(scope.region));
        Ok(trails)
    }

    /// The trail logs what happens in a region.
    pub(crate) fn is_in(&self, region: Region) -> bool {
        self.multi_region || self.scope.region == region
    }

    /// The trail tells of a call.
    pub(crate) fn selects(&self, record: &CallRecord) -> bool {
        record.scope.account == self.scope.account
            && self.is_in(event::region(record))
            && (self.global_events || !event::is_global(record))
            && self.selectors.select(record)
            && !is_own_delivery(record)
    }
}

/// What this service writes into buckets would be told in the next file, and that file's writing in the one after it.
fn is_own_delivery(record: &CallRecord) -> bool {
    record.data && event::is_by_cloudtrail(record)
}

/// `arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME`
pub(crate) fn arn(scope: Scope, name: &str) -> Arn {
    Arn::new("cloudtrail", scope, format!("trail/{name}"))
}

/// Has the pipeline record the data-plane calls that an account's trails select, and no others. For after each change of them.
pub(crate) fn record_data(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    let mut wanted: BTreeSet<(Region, String)> = BTreeSet::new();
    for logging in Logging::of_account(tx, account)?.into_iter().filter(|logging| logging.on) {
        let Some(trail) = tx.get::<Trail>(logging.scope, &logging.name)? else { continue };
        for service in trail.selectors.data_services() {
            let regions = crate::regions::all().filter(|region| trail.is_in(*region));
            wanted.extend(regions.map(|region| (region, service.to_owned())));
        }
    }
    for known in tx.list_account::<DataRecording>(account)? {
        if !wanted.remove(&(known.scope.region, known.service.clone())) {
            tx.remove::<DataRecording>(known.scope, &known.service)?;
        }
    }
    for (region, service) in wanted {
        tx.put(DataRecording { scope: Scope::new(account, region), service })?;
    }
    Ok(())
}

impl Row for Trail {
    const TABLE: &'static str = "cloudtrail.trails";
    const SIGNAL: Option<&'static str> = Some(Logging::TABLE);
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

impl Resource for Trail {
    const TYPE: ResourceType = ResourceType("AWS::CloudTrail::Trail");

    fn identity(&self) -> ResourceIdentity {
        let arn = self.arn().to_string();
        ResourceIdentity { resource_type: Self::TYPE, id: arn.clone(), name: Some(self.name.clone()), arn }
    }

    fn describe(&self, view: &View) -> Result<Description, StoreError> {
        let logging = Logging::of(view, self.scope, &self.name)?;
        let mut configuration = document!({
            "name": (self.name.as_str()),
            "s3BucketName": (self.bucket.as_str()),
            "includeGlobalServiceEvents": (self.global_events),
            "isMultiRegionTrail": (self.multi_region),
            "homeRegion": (self.scope.region.as_str()),
            "trailARN": (self.arn().to_string()),
            "logFileValidationEnabled": (self.validation),
            "hasCustomEventSelectors": (self.selectors.are_custom()),
            "hasInsightSelectors": false,
            "isOrganizationTrail": false,
        });
        for (name, value) in [
            ("s3KeyPrefix", self.prefix.as_deref()),
            ("snsTopicName", self.topic_name()),
            ("snsTopicARN", self.topic.as_deref()),
            ("cloudWatchLogsLogGroupArn", self.log_group.as_deref()),
            ("cloudWatchLogsRoleArn", self.log_role.as_deref()),
            ("kmsKeyId", self.kms_key.as_deref()),
        ] {
            if let Some(value) = value {
                configuration.set(name, Document::from(value));
            }
        }
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
            created: None,
            configuration,
            supplementary: indexmap::IndexMap::from([
                (self.selectors.member().to_owned(), self.selectors.described()),
                // What GetTrailStatus tells, which AWS's rules ask for.
                ("TrailStatus".to_owned(), logging.described()),
            ]),
            relationships: Vec::new(),
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        let arn: Option<Arn> = id.parse().ok();
        let arn = arn.filter(|arn| arn.service == "cloudtrail" && arn.scope() == Some(scope));
        match arn.as_ref().and_then(|arn| arn.resource_after("trail/")) {
            Some(name) => view.get(scope, name),
            None => Ok(None),
        }
    }
}
