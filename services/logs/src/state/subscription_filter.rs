use crate::state::stream::LogStream;
use contract::{Call, Chain};
use names::{Arn, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Row;

/// A subscription filter of a group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SubscriptionFilter {
    pub(crate) scope: Scope,
    pub(crate) group: String,
    pub(crate) name: String,
    pub(crate) pattern: String,
    /// A function.
    pub(crate) destination: Arn,
    pub(crate) created: Timestamp,
}

impl Row for SubscriptionFilter {
    const TABLE: &'static str = "logs.subscription_filters";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.group.clone(), self.name.clone())
    }
}

/// Events of one stream that a subscription filter selected, on their way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) scope: Scope,
    pub(crate) group: String,
    pub(crate) filter: String,
    pub(crate) stream: String,
    /// The number of the first event in its stream.
    pub(crate) number: u64,
    pub(crate) events: Vec<Part>,
    pub(crate) created: Timestamp,
    /// The calls that led to the events.
    pub(crate) chain: Chain,
}

/// An event on its way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) id: String,
    pub(crate) at: i64,
    pub(crate) message: String,
    /// The fields of a space-delimited pattern, by name without `$`.
    pub(crate) fields: Option<BTreeMap<String, String>>,
}

impl Delivery {
    /// An empty one of a filter, that begins with the event of a number.
    pub(crate) fn new(filter: &SubscriptionFilter, stream: &LogStream, number: u64, call: &Call) -> Self {
        Self {
            scope: filter.scope,
            group: filter.group.clone(),
            filter: filter.name.clone(),
            stream: stream.name.clone(),
            number,
            events: Vec::new(),
            created: call.now,
            chain: call.chain.clone(),
        }
    }
}

impl Row for Delivery {
    const TABLE: &'static str = "logs.deliveries";
    type Key = (String, String, String, u64);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.group.clone(), self.filter.clone(), self.stream.clone(), self.number)
    }
}
