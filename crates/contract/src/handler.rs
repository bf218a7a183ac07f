use crate::{Caller, Context, Properties};
use names::Tags;
use std::collections::BTreeMap;
use wire::{Document, ErrorResponse};

/// Makes, changes and deletes one `AWS::Service::Type` for CloudFormation, by its service's public operations as the stack's principal.
///
/// After `kill -9` in its middle a step runs again with the same [`HandlerContext::token`]: `create` must find what it made before, and `update`
/// must do what is left to do.
///
/// An update of a stack compares each resource's properties before and after. Where one that [`ResourceHandler::replaces`] has changed, the
/// engine creates another (under another token), lets its dependents follow, and deletes the old one when all else has succeeded. Else it
/// calls `update`, also where only [`HandlerContext::stack_tags`] have changed. Undoing a failed update is an `update` with the properties
/// changed over: `old` is then what was wanted, of which an unknown part was done.
#[async_trait::async_trait]
pub trait ResourceHandler: Send + Sync + 'static {
    /// Such as `AWS::EC2::SecurityGroup`.
    fn resource_type(&self) -> &'static str;

    /// All properties that it honours; any other is refused before anything is made.
    fn properties(&self) -> &'static [&'static str];

    /// Properties whose every change replaces the resource ("Update requires: Replacement").
    fn create_only(&self) -> &'static [&'static str];

    /// Properties of which some changes replace the resource, as [`ResourceHandler::replaces`] decides.
    fn conditional(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether the change of a property, which differs between `old` and `new`, replaces the resource. Who has [`ResourceHandler::conditional`]
    /// properties decides on them here.
    fn replaces(&self, property: &str, old: &Properties, new: &Properties) -> bool {
        let _ = (old, new);
        self.create_only().contains(&property) || self.conditional().contains(&property)
    }

    /// What `Fn::GetAtt` may ask for.
    fn attributes(&self) -> &'static [&'static str];

    /// Makes it. Where it fails after something was made, the failure says so ([`HandlerFailure::having_made`]), so that it is deleted.
    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure>;

    /// Changes it in place: every property that differs, except those that replace it. Whatever cannot be changed is refused, never passed over.
    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure>;

    /// Deletes it; one that is gone already is deleted.
    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure>;

    /// What the resource is now, for the detection of drift: its properties in the template's form. `properties` are those that the stack
    /// gave it, for the choice among forms that mean the same. Types that do not say are not checked.
    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let _ = (physical_id, properties, context);
        Ok(Actual::NotSupported)
    }
}

/// What a resource is now.
#[derive(Debug, Clone, PartialEq)]
pub enum Actual {
    /// The type does not tell what it is.
    NotSupported,
    /// It is gone.
    Gone,
    /// Its properties. One that is null is not set; one that is missing cannot be told (a secret, code) and is not compared. What the stack did
    /// not set is not compared either, `Tags` are compared without those of the stack, and lists without regard to their order.
    Properties(Document),
}

/// What a handler may use.
#[derive(Clone)]
pub struct HandlerContext {
    /// Calls as the stack's principal.
    pub caller: Caller,
    /// The platform, for waiting on the clock.
    pub context: Context,
    /// The stack's name.
    pub stack_name: String,
    /// The stack's ARN.
    pub stack_id: String,
    /// The resource's name in the template.
    pub logical_id: String,
    /// The stack's own tags together with `aws:cloudformation:*`, to be put on the resource.
    pub stack_tags: Tags,
    /// In an update: what [`HandlerContext::stack_tags`] were when the resource was made or last changed; else the same.
    pub previous_stack_tags: Tags,
    /// The same for each try of this step, another for each step: twelve upper-case letters and digits.
    pub token: String,
}

impl HandlerContext {
    /// The name that AWS makes where the template gives none: `STACK-LOGICAL-TOKEN`, cut to a length.
    #[must_use]
    pub fn generated_name(&self, longest: usize) -> String {
        let room = longest.saturating_sub(self.token.len() + 2);
        let logical: String = self.logical_id.chars().take(room / 2).collect();
        let stack: String = self.stack_name.chars().take(room.saturating_sub(logical.len())).collect();
        format!("{stack}-{logical}-{}", self.token)
    }
}

impl HandlerContext {
    /// Asks a service for what [`ResourceHandler::read`] is to tell. None where the error is one of those that say that it is not there.
    ///
    /// # Errors
    /// What the service answers.
    pub async fn ask(
        &self,
        service: &str,
        operation: &str,
        input: Document,
        missing: impl Fn(&ErrorResponse) -> bool + Send,
    ) -> Result<Option<Document>, HandlerFailure> {
        match self.caller.call_document(service, operation, input).await {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if missing(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

impl Actual {
    /// Members of an answer that have the names of properties; those that it has not are null.
    #[must_use]
    pub fn picked(answer: &Document, names: &[&str]) -> Document {
        let mut properties = Document::object();
        for name in names {
            properties.set(*name, answer.get(name).cloned().unwrap_or_default());
        }
        properties
    }

    /// Tags that a service tells as a map, as templates list them.
    #[must_use]
    pub fn listed_tags(map: Option<&Document>) -> Document {
        let tags = map.and_then(Document::as_object).into_iter().flatten();
        let tags = tags.map(|(key, value)| {
            Document::object().with("Key", Document::from(key.as_str())).with("Value", value.clone())
        });
        Document::Array(tags.collect())
    }
}

/// A resource that was made.
#[derive(Debug, Clone, Default)]
pub struct Created {
    /// What `Ref` answers.
    pub physical_id: String,
    /// What `Fn::GetAtt` answers.
    pub attributes: BTreeMap<String, Document>,
}

/// A resource that was changed in place.
#[derive(Debug, Clone, Default)]
pub struct Updated {
    /// What `Fn::GetAtt` answers now; attributes that are not among these keep their values.
    pub attributes: BTreeMap<String, Document>,
}

/// Why a step failed, as the stack's event prints it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct HandlerFailure {
    /// The status reason.
    pub reason: String,
    /// CloudFormation's handler error code, such as `AlreadyExists`, `InvalidRequest`, `AccessDenied`, `GeneralServiceException`.
    pub code: String,
    /// The service's own error code, where a call failed.
    pub service_code: Option<String>,
    /// What `create` had made before it failed.
    pub physical_id: Option<String>,
}

impl HandlerFailure {
    /// A failure by CloudFormation's handler error code and the status reason.
    #[must_use]
    pub fn new(code: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), code: code.into(), service_code: None, physical_id: None }
    }

    /// The properties are not what the type takes.
    #[must_use]
    pub fn invalid(reason: impl Into<String>) -> Self {
        Self::new("InvalidRequest", reason)
    }

    /// With what `create` had made before it failed, to be deleted.
    #[must_use]
    pub fn having_made(mut self, physical_id: impl Into<String>) -> Self {
        self.physical_id = Some(physical_id.into());
        self
    }
}

impl From<ErrorResponse> for HandlerFailure {
    fn from(error: ErrorResponse) -> Self {
        let code = match error.code.as_str() {
            code if code.contains("AccessDenied") || code.contains("Unauthorized") => "AccessDenied",
            code if code.contains("NotFound") || code.contains("NoSuch") => "NotFound",
            code if code.contains("AlreadyExists") || code.contains("Duplicate") => "AlreadyExists",
            _ if error.status >= 500 => "InternalFailure",
            _ => "InvalidRequest",
        };
        let reason = format!("{} (Status Code: {}; Error Code: {})", error.message, error.status, error.code);
        Self { reason, code: code.into(), service_code: Some(error.code), physical_id: None }
    }
}
