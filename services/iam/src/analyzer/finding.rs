use super::Kind;
use super::place::{Place, Positions};
use api_accessanalyzer::{ValidatePolicyFinding, ValidatePolicyFindingType as Severity};

/// Comparisons of texts with each other, in steps, that one document is worth: beyond, neither redundancy nor the name that was meant is looked for.
const BUDGET: usize = 5_000_000;

/// A finding, and where.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) severity: Severity,
    pub(super) code: &'static str,
    pub(super) details: String,
    pub(super) places: Vec<Place>,
}

impl Finding {
    /// As answered.
    pub(super) fn answer(&self, positions: &Positions) -> ValidatePolicyFinding {
        let section = match self.severity {
            Severity::Error => "error",
            Severity::SecurityWarning => "security-warning",
            Severity::Suggestion => "suggestion",
            Severity::Warning => "general-warning",
        };
        let anchor = self.code.to_lowercase().replace('_', "-");
        ValidatePolicyFinding {
            finding_details: self.details.clone(),
            finding_type: self.severity,
            issue_code: self.code.to_owned(),
            learn_more_link: format!(
                "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html\
                 #access-analyzer-reference-policy-checks-{section}-{anchor}"
            ),
            locations: self.places.iter().map(|place| place.location(positions)).collect(),
        }
    }
}

/// Takes note of findings.
pub(super) struct Report {
    pub(super) kind: Kind,
    findings: Vec<Finding>,
    budget: usize,
}

impl Report {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, findings: Vec::new(), budget: BUDGET }
    }

    pub(super) fn error(&mut self, code: &'static str, details: impl Into<String>, place: Place) {
        self.note(Severity::Error, code, details, vec![place]);
    }

    pub(super) fn warning(&mut self, code: &'static str, details: impl Into<String>, place: Place) {
        self.note(Severity::Warning, code, details, vec![place]);
    }

    pub(super) fn security_warning(
        &mut self,
        code: &'static str,
        details: impl Into<String>,
        places: Vec<Place>,
    ) {
        self.note(Severity::SecurityWarning, code, details, places);
    }

    pub(super) fn suggestion(&mut self, code: &'static str, details: impl Into<String>, places: Vec<Place>) {
        self.note(Severity::Suggestion, code, details, places);
    }

    pub(super) fn note(
        &mut self,
        severity: Severity,
        code: &'static str,
        details: impl Into<String>,
        places: Vec<Place>,
    ) {
        self.findings.push(Finding { severity, code, details: details.into(), places });
    }

    /// Whether a comparison of texts of such lengths is still worth its time.
    pub(super) fn afford(&mut self, one: usize, other: usize) -> bool {
        let cost = one.saturating_add(1).saturating_mul(other.saturating_add(1));
        match self.budget.checked_sub(cost) {
            Some(rest) => {
                self.budget = rest;
                true
            }
            None => false,
        }
    }

    pub(super) fn finish(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|finding| finding.places.first().map_or(0, Place::start));
        self.findings
    }
}
