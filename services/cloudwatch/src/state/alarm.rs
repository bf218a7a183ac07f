//! Alarms: what they are told to do. Their states are rows of their own ([`super::AlarmState`]), so that a state that changes is no change of
//! the resource for AWS Config.

use crate::alarms::{config, rule::Rule};
use crate::metrics::query::{self, MetricStat, Query};
use crate::state::{AlarmCount, MetricId};
use api_cloudwatch::{ComparisonOperator, StateValue};
use contract::{Description, Resource};
use names::{Arn, ResourceType, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, ResourceIdentity, Row, StoreError, Tx, View};

/// What alarms of both types have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Common {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) actions_enabled: bool,
    pub(crate) ok_actions: Vec<String>,
    pub(crate) alarm_actions: Vec<String>,
    pub(crate) insufficient_data_actions: Vec<String>,
    /// When it was last put, or its actions switched on or off.
    pub(crate) updated: Timestamp,
    pub(crate) tags: Tags,
}

impl Common {
    pub(crate) fn arn(&self) -> Arn {
        arn(self.scope, &self.name)
    }

    /// What is done when the alarm goes to a state.
    pub(crate) fn actions(&self, state: StateValue) -> &[String] {
        match state {
            StateValue::Ok => &self.ok_actions,
            StateValue::Alarm => &self.alarm_actions,
            StateValue::InsufficientData => &self.insufficient_data_actions,
        }
    }

    /// Whether it does anything whose ARN begins so.
    pub(crate) fn acts_on(&self, prefix: &str) -> bool {
        let all = [&self.ok_actions, &self.alarm_actions, &self.insufficient_data_actions];
        all.into_iter().flatten().any(|action| action.starts_with(prefix))
    }

    fn identity(&self, resource_type: ResourceType) -> ResourceIdentity {
        let arn = self.arn().to_string();
        ResourceIdentity { resource_type, id: arn.clone(), name: Some(self.name.clone()), arn }
    }
}

/// `arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME`.
pub(crate) fn arn(scope: Scope, name: &str) -> Arn {
    Arn::new("cloudwatch", scope, format!("alarm:{name}"))
}

/// The name of an alarm of an account and region that is named by its name or ARN; None where the ARN is of something else.
pub(crate) fn named(scope: Scope, name_or_arn: &str) -> Option<String> {
    if !name_or_arn.starts_with("arn:") {
        return Some(name_or_arn.to_owned());
    }
    let read: Arn = name_or_arn.parse().ok()?;
    let name = read.resource_after("alarm:")?;
    (read == arn(scope, name)).then(|| name.to_owned())
}

/// What a metric alarm watches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Watched {
    Metric(MetricStat),
    /// One of the queries returns data: that is compared with the threshold.
    Queries(Vec<Query>),
}

/// A metric alarm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MetricAlarm {
    pub(crate) common: Common,
    pub(crate) watched: Watched,
    /// In seconds: of the metric, or of the metrics that the expression is of.
    pub(crate) period: i32,
    /// An `ExtendedStatistic` rather than a `Statistic`.
    pub(crate) extended: bool,
    pub(crate) operator: String,
    pub(crate) threshold: f64,
    pub(crate) evaluation_periods: i32,
    pub(crate) datapoints_to_alarm: Option<i32>,
    pub(crate) treat_missing_data: Option<String>,
    pub(crate) low_samples: Option<String>,
}

impl MetricAlarm {
    /// How the value is compared.
    pub(crate) fn operator(&self) -> ComparisonOperator {
        self.operator.parse().unwrap_or_default()
    }

    /// The metrics that it watches.
    pub(crate) fn metrics(&self) -> Vec<&MetricId> {
        match &self.watched {
            Watched::Metric(stat) => vec![&stat.metric],
            Watched::Queries(queries) => query::metrics(queries).collect(),
        }
    }

    /// Those alarms of an account and region that watch a metric.
    pub(crate) fn watching(view: &View, scope: Scope, metric: &MetricId) -> Result<Vec<Self>, StoreError> {
        view.by_index(scope, WATCHES, metric.digest().as_str())
    }

    /// Whether there is any alarm on metrics.
    pub(crate) fn are_any(view: &View, scope: Scope) -> Result<bool, StoreError> {
        Ok(view.scan_index::<Self>(scope, WATCHES, ()).first()?.is_some())
    }
}

const WATCHES: &str = "watches";

impl Row for MetricAlarm {
    const TABLE: &'static str = "cloudwatch.metric_alarms";
    type Key = String;

    fn scope(&self) -> Scope {
        self.common.scope
    }
    fn key(&self) -> String {
        self.common.name.clone()
    }
    fn indexes(&self) -> Vec<IndexEntry> {
        self.metrics().iter().map(|metric| IndexEntry::new(WATCHES, metric.digest().as_str())).collect()
    }
    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Resource for MetricAlarm {
    const TYPE: ResourceType = ResourceType("AWS::CloudWatch::Alarm");

    fn identity(&self) -> ResourceIdentity {
        self.common.identity(Self::TYPE)
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        Ok(described(self.identity(), config::metric(self), &self.common))
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        named(scope, id).map_or(Ok(None), |name| view.get(scope, &name))
    }
}

/// A composite alarm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CompositeAlarm {
    pub(crate) common: Common,
    /// As it was written.
    pub(crate) rule: String,
    pub(crate) suppressor: Option<Suppressor>,
}

/// What keeps a composite alarm from acting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Suppressor {
    /// An alarm's name or ARN, as it was given.
    pub(crate) alarm: String,
    /// In seconds.
    pub(crate) wait: i32,
    /// In seconds.
    pub(crate) extension: i32,
}

const CHILD: &str = "child";
const SUPPRESSED_BY: &str = "suppressed-by";

impl CompositeAlarm {
    /// Its rule: only what can be read was stored.
    pub(crate) fn parsed(&self) -> Rule {
        Rule::parse(&self.rule).unwrap_or(Rule::Always(false))
    }

    /// The names of the alarms that its rule names.
    pub(crate) fn children(&self) -> Vec<String> {
        let rule = self.parsed();
        let mut names: Vec<String> =
            rule.alarms().into_iter().filter_map(|alarm| named(self.common.scope, alarm)).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The name of the alarm that suppresses it.
    pub(crate) fn suppressor_name(&self) -> Option<String> {
        named(self.common.scope, &self.suppressor.as_ref()?.alarm)
    }

    /// Those whose rules name an alarm.
    pub(crate) fn parents_of(view: &View, scope: Scope, name: &str) -> Result<Vec<Self>, StoreError> {
        view.by_index(scope, CHILD, name)
    }

    /// Those that an alarm suppresses.
    pub(crate) fn suppressed_by(view: &View, scope: Scope, name: &str) -> Result<Vec<Self>, StoreError> {
        view.by_index(scope, SUPPRESSED_BY, name)
    }
}

impl Row for CompositeAlarm {
    const TABLE: &'static str = "cloudwatch.composite_alarms";
    type Key = String;

    fn scope(&self) -> Scope {
        self.common.scope
    }
    fn key(&self) -> String {
        self.common.name.clone()
    }
    fn indexes(&self) -> Vec<IndexEntry> {
        let children = self.children().into_iter().map(|name| IndexEntry::new(CHILD, name.as_str()));
        let suppressor = self.suppressor_name().map(|name| IndexEntry::new(SUPPRESSED_BY, name.as_str()));
        children.chain(suppressor).collect()
    }
    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Resource for CompositeAlarm {
    const TYPE: ResourceType = ResourceType("AWS::CloudWatch::CompositeAlarm");

    fn identity(&self) -> ResourceIdentity {
        self.common.identity(Self::TYPE)
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        Ok(described(self.identity(), config::composite(self), &self.common))
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        named(scope, id).map_or(Ok(None), |name| view.get(scope, &name))
    }
}

fn described(identity: ResourceIdentity, configuration: wire::Document, common: &Common) -> Description {
    Description {
        identity,
        availability_zone: "Not Applicable".into(),
        created: None,
        configuration,
        supplementary: indexmap::IndexMap::new(),
        relationships: Vec::new(),
        tags: common.tags.clone(),
    }
}

/// An alarm of either type: their names are unique among both.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Alarm {
    Metric(MetricAlarm),
    Composite(CompositeAlarm),
}

impl Alarm {
    pub(crate) fn get(view: &View, scope: Scope, name: &str) -> Result<Option<Self>, StoreError> {
        if let Some(alarm) = view.get::<MetricAlarm>(scope, name)? {
            return Ok(Some(Self::Metric(alarm)));
        }
        Ok(view.get::<CompositeAlarm>(scope, name)?.map(Self::Composite))
    }

    /// All of an account and region.
    pub(crate) fn list(view: &View, scope: Scope) -> Result<Vec<Self>, StoreError> {
        let metric = view.list::<MetricAlarm>(scope)?.into_iter().map(Self::Metric);
        let composite = view.list::<CompositeAlarm>(scope)?.into_iter().map(Self::Composite);
        Ok(metric.chain(composite).collect())
    }

    pub(crate) fn common(&self) -> &Common {
        match self {
            Self::Metric(alarm) => &alarm.common,
            Self::Composite(alarm) => &alarm.common,
        }
    }

    pub(crate) fn common_mut(&mut self) -> &mut Common {
        match self {
            Self::Metric(alarm) => &mut alarm.common,
            Self::Composite(alarm) => &mut alarm.common,
        }
    }

    pub(crate) fn put(self, tx: &mut Tx) -> Result<(), StoreError> {
        match self {
            Self::Metric(alarm) => tx.put(alarm),
            Self::Composite(alarm) => tx.put(alarm),
        }
    }

    pub(crate) fn remove(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let Common { scope, name, .. } = self.common();
        AlarmCount::take(tx, *scope)?;
        match self {
            Self::Metric(_) => tx.remove::<MetricAlarm>(*scope, name).map(drop),
            Self::Composite(_) => tx.remove::<CompositeAlarm>(*scope, name).map(drop),
        }
    }
}
