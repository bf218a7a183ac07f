//! Follows compliance: what turns noncompliant by a rule with automatic remediation is remediated.

use super::perform::begin;
use crate::state::{COMPLIANCE_TYPE, RemediationConfiguration, ResourceCompliance};
use api_config::ComplianceType;
use contract::{Context, Subscriber};
use store::{Change, StoreError, Tx};

pub(super) struct Follow;

impl Subscriber for Follow {
    fn name(&self) -> &'static str {
        "config.remediation"
    }

    fn take(&self, changes: &[Change], context: &Context, tx: &mut Tx) -> Result<(), StoreError> {
        let now = context.clock.now();
        for change in changes.iter().filter(|change| change.resource.resource_type == COMPLIANCE_TYPE) {
            let Some(after) = change.row_after::<ResourceCompliance>()? else { continue };
            let before =
                change.row_before::<ResourceCompliance>()?.map(|before| before.rules).unwrap_or_default();
            for (rule, finding) in &after.rules {
                let is_new = before.get(rule) != Some(finding);
                if !is_new || finding.compliance != ComplianceType::NonCompliant {
                    continue;
                }
                let Some(configuration) = tx.get::<RemediationConfiguration>(change.scope, rule.as_str())?
                else {
                    continue;
                };
                if configuration.automatic {
                    begin(tx, &configuration, (&after.resource_type, &after.resource_id), true, now)?;
                }
            }
        }
        Ok(())
    }
}
