//! What detections of drift found.

use contract::{Chain, Principal};
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, View};
use wire::Document;

/// A detection of a stack's drift. It is kept, so that it can be asked for.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct DriftDetection {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) stack_id: String,
    /// `DETECTION_IN_PROGRESS`, `DETECTION_COMPLETE` or `DETECTION_FAILED`.
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    /// `IN_SYNC`, `DRIFTED` or `UNKNOWN`, once it is over.
    pub(crate) drift: Option<String>,
    /// Resources that have drifted.
    pub(crate) drifted: Option<i32>,
    /// When it began.
    pub(crate) at: Timestamp,
    /// The resources that were asked about; all where there are none.
    pub(crate) resources: Vec<String>,
    /// Who asked: resources are read by this principal.
    pub(crate) principal: Principal,
    pub(crate) chain: Chain,
}

impl DriftDetection {
    pub(crate) fn is_under_way(&self) -> bool {
        self.status == "DETECTION_IN_PROGRESS"
    }
}

impl Row for DriftDetection {
    const TABLE: &'static str = "cloudformation.drift-detections";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.id.clone()
    }
}

/// How a stack stood at its last detection.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StackDrift {
    pub(crate) scope: Scope,
    pub(crate) stack_id: String,
    /// The last detection.
    pub(crate) detection: String,
    /// `IN_SYNC`, `DRIFTED`, `UNKNOWN`, or `NOT_CHECKED` while the first is under way.
    pub(crate) status: String,
    /// When that was found.
    pub(crate) at: Option<Timestamp>,
}

impl StackDrift {
    /// What was found last, of a stack that was not updated since.
    pub(crate) fn of(
        view: &View,
        stack: &super::stack::Stack,
    ) -> Result<(String, Option<Timestamp>), StoreError> {
        let known = view.get::<Self>(stack.scope, &stack.id)?;
        let known = known.filter(|known| known.at.is_some() && known.at >= stack.updated);
        Ok(known.map_or_else(|| ("NOT_CHECKED".to_owned(), None), |known| (known.status, known.at)))
    }
}

impl Row for StackDrift {
    const TABLE: &'static str = "cloudformation.stack-drifts";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.stack_id.clone()
    }
}

/// How a resource stood when it was last checked.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ResourceDrift {
    pub(crate) scope: Scope,
    pub(crate) stack_id: String,
    pub(crate) logical_id: String,
    pub(crate) physical_id: Option<String>,
    pub(crate) resource_type: String,
    /// `IN_SYNC`, `MODIFIED`, `DELETED`, or `UNKNOWN` where it could not be read.
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) at: Timestamp,
    /// What may be shown of the properties that the stack set.
    pub(crate) expected: Document,
    /// The same properties as they are; None where the resource is gone or could not be read.
    pub(crate) actual: Option<Document>,
    pub(crate) differences: Vec<Difference>,
}

/// A property that is not as the stack set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Difference {
    /// Such as `/Tags/0/Value`.
    pub(crate) path: String,
    pub(crate) expected: String,
    pub(crate) actual: String,
    /// `ADD`, `REMOVE` or `NOT_EQUAL`.
    pub(crate) kind: String,
}

impl ResourceDrift {
    pub(crate) fn has_drifted(&self) -> bool {
        matches!(self.status.as_str(), "MODIFIED" | "DELETED")
    }

    /// What was found last of a resource that the stack did not change since.
    pub(crate) fn of(
        view: &View,
        resource: &super::resource::StackResource,
    ) -> Result<Option<Self>, StoreError> {
        let key = (resource.stack_id.as_str(), resource.logical_id.as_str());
        let known = view.get::<Self>(resource.scope, key)?;
        Ok(known.filter(|known| known.at >= resource.at && known.physical_id == resource.physical_id))
    }
}

impl Row for ResourceDrift {
    const TABLE: &'static str = "cloudformation.resource-drifts";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.stack_id.clone(), self.logical_id.clone())
    }
}
