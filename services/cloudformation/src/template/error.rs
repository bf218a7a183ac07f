//! Why a template is refused.

/// Which answer the caller of the API gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateErrorKind {
    /// The template or a parameter value is wrong: AWS's `ValidationError`.
    Validation,
    /// A capability was not acknowledged: AWS's `InsufficientCapabilitiesException`.
    InsufficientCapabilities,
    /// AWS would accept it; Cloudchamber does not have it yet and says so.
    NotBuilt,
}

/// Why a template is refused; the message is the sentence that AWS prints, where AWS has one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    kind: TemplateErrorKind,
    message: String,
}

impl TemplateError {
    /// The sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The kind of refusal.
    #[must_use]
    pub fn kind(&self) -> TemplateErrorKind {
        self.kind
    }

    /// The error code of the CloudFormation API; what is not built is told as a `ValidationError`, since it is a property of the template.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.kind {
            TemplateErrorKind::InsufficientCapabilities => "InsufficientCapabilitiesException",
            TemplateErrorKind::Validation | TemplateErrorKind::NotBuilt => "ValidationError",
        }
    }

    /// `Template format error: Unrecognized resource types: […]`, for types without a handler.
    #[must_use]
    pub fn unrecognized_resource_types(types: &[impl AsRef<str>]) -> Self {
        Self::format(format!("Unrecognized resource types: {}", listed(types)))
    }

    /// What AWS says when a value of an AWS-specific parameter type names nothing that exists.
    #[must_use]
    pub fn parameter_value_does_not_exist(parameter: &str, value: &str) -> Self {
        Self::validation(format!(
            "Parameter validation failed: parameter value {value} for parameter name {parameter} does not exist"
        ))
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self { kind: TemplateErrorKind::Validation, message: message.into() }
    }

    /// `Template format error: …`
    pub(crate) fn format(message: impl std::fmt::Display) -> Self {
        Self::validation(format!("Template format error: {message}"))
    }

    /// `Template error: …`
    pub(crate) fn template(message: impl std::fmt::Display) -> Self {
        Self::validation(format!("Template error: {message}"))
    }

    pub(crate) fn unresolved(names: &[impl AsRef<str>], section: Section) -> Self {
        let sentence = format!(
            "Unresolved resource dependencies {} in the {section} block of the template",
            listed(names)
        );
        match section {
            // AWS leaves the prefix out for outputs.
            Section::Outputs => Self::validation(sentence),
            Section::Resources => Self::format(sentence),
        }
    }

    pub(crate) fn insufficient_capabilities(missing: &[&str]) -> Self {
        Self {
            kind: TemplateErrorKind::InsufficientCapabilities,
            message: format!("Requires capabilities : {}", listed(missing)),
        }
    }

    /// `what` begins the sentence; `advice` says what to do instead.
    pub(crate) fn not_built(what: impl std::fmt::Display, advice: &str) -> Self {
        Self {
            kind: TemplateErrorKind::NotBuilt,
            message: format!("{what} is not built in Cloudchamber. {advice}"),
        }
    }
}

/// The blocks whose references AWS tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Resources,
    Outputs,
}

impl std::fmt::Display for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Resources => "Resources",
            Self::Outputs => "Outputs",
        })
    }
}

/// `[A, B]`, as AWS writes lists into sentences.
pub(crate) fn listed(names: &[impl AsRef<str>]) -> String {
    format!("[{}]", names.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", "))
}
