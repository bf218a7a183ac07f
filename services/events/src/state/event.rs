use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use wire::{Document, document};

/// An event as a bus has received it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) detail_type: String,
    pub(crate) source: String,
    /// Where it came from; a bus that it was forwarded to may be elsewhere.
    pub(crate) origin: Scope,
    pub(crate) time: Timestamp,
    pub(crate) resources: Vec<String>,
    pub(crate) detail: Document,
    /// When the bus received it.
    pub(crate) received: Timestamp,
    /// It came from another bus; AWS forwards no event twice.
    pub(crate) forwarded: bool,
}

impl Event {
    /// As rules see it and targets get it.
    pub(crate) fn document(&self) -> Document {
        let mut out = self.envelope();
        out.set("detail", self.detail.clone());
        out
    }

    /// All but its detail.
    pub(crate) fn envelope(&self) -> Document {
        document!({
            "version": "0",
            "id": (self.id.as_str()),
            "detail-type": (self.detail_type.as_str()),
            "source": (self.source.as_str()),
            "account": (self.origin.account.as_str()),
            "time": (self.time.iso_seconds()),
            "region": (self.origin.region.as_str()),
            "resources": (self.resources.clone()),
        })
    }
}
