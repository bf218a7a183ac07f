/// What a rule finds of a resource, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It complies.
    Compliant,
    /// It does not, because of this: the annotation of the result.
    NonCompliant(String),
    /// The rule does not judge such a resource.
    NotApplicable,
}

impl Verdict {
    /// Compliant where a condition holds; otherwise the reason says what is wrong.
    pub(super) fn require(holds: bool, reason: impl Into<String>) -> Self {
        if holds { Self::Compliant } else { Self::NonCompliant(reason.into()) }
    }

    /// Compliant where nothing is found wrong.
    pub(super) fn unless(wrong: Option<String>) -> Self {
        wrong.map_or(Self::Compliant, Self::NonCompliant)
    }
}
