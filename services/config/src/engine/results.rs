//! Results: kept as they come, together with the compliance of their resource.

use super::notify;
use crate::state::{COMPLIANCE_TYPE, EvaluationResult, ResourceCompliance, Rule, RuleFinding};
use api_config::ComplianceType;
use names::Timestamp;
use std::collections::BTreeMap;
use store::{StoreError, Tx};

/// What a rule reports of a resource.
pub(crate) struct Finding {
    pub(crate) resource_type: String,
    pub(crate) resource_id: String,
    pub(crate) compliance: ComplianceType,
    pub(crate) annotation: Option<String>,
    pub(crate) ordering: Timestamp,
}

/// Keeps a finding, unless it is of an older state than the one that is kept.
pub(crate) fn keep(
    tx: &mut Tx,
    rule: &Rule,
    finding: Finding,
    invoked: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let key = (rule.name.as_str(), finding.resource_type.as_str(), finding.resource_id.as_str());
    let old = tx.get::<EvaluationResult>(rule.scope, key)?;
    if old.as_ref().is_some_and(|old| old.ordering > finding.ordering) {
        return Ok(());
    }
    let new = EvaluationResult {
        scope: rule.scope,
        rule: rule.name.clone(),
        resource_type: finding.resource_type,
        resource_id: finding.resource_id,
        compliance: finding.compliance,
        annotation: finding.annotation,
        ordering: finding.ordering,
        recorded: now,
        invoked,
    };
    tx.put(new.clone())?;
    let changed = match &old {
        Some(old) => old.compliance != new.compliance,
        // A first finding that says nothing changes nothing.
        None => new.compliance != ComplianceType::NotApplicable,
    };
    if !changed {
        return Ok(());
    }
    let finding = RuleFinding { id: rule.id.clone(), compliance: new.compliance };
    let judged = new.compliance != ComplianceType::NotApplicable;
    set_finding(tx, rule, (&new.resource_type, &new.resource_id), judged.then_some(finding))?;
    notify::compliance_changed(tx, rule, &new, old.as_ref(), now)
}

/// Removes a result, and what the resource's compliance has of it.
pub(crate) fn remove(tx: &mut Tx, rule: &Rule, result: &EvaluationResult) -> Result<(), StoreError> {
    let resource = (result.resource_type.as_str(), result.resource_id.as_str());
    tx.remove::<EvaluationResult>(rule.scope, (rule.name.as_str(), resource.0, resource.1))?;
    set_finding(tx, rule, resource, None)
}

fn set_finding(
    tx: &mut Tx,
    rule: &Rule,
    resource: (&str, &str),
    finding: Option<RuleFinding>,
) -> Result<(), StoreError> {
    // The compliance of compliance would have a compliance of its own, and so on.
    if resource.0 == COMPLIANCE_TYPE {
        return Ok(());
    }
    let known = tx.get::<ResourceCompliance>(rule.scope, resource)?;
    let mut compliance = known.unwrap_or_else(|| ResourceCompliance {
        scope: rule.scope,
        resource_type: resource.0.to_owned(),
        resource_id: resource.1.to_owned(),
        rules: BTreeMap::new(),
    });
    match finding {
        Some(finding) => compliance.rules.insert(rule.name.clone(), finding),
        None => compliance.rules.remove(&rule.name),
    };
    if compliance.rules.is_empty() {
        tx.remove::<ResourceCompliance>(rule.scope, resource).map(drop)
    } else {
        tx.put(compliance)
    }
}
