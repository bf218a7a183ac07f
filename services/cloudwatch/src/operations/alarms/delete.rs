//! DeleteAlarms.

use super::access::on_alarms;
use crate::CloudWatch;
use crate::alarms::evaluate;
use crate::alarms::transition::{Configured, Moment, configured};
use crate::refusal::validation;
use crate::state::{Alarm, AlarmState, CompositeAlarm};
use api_cloudwatch::{DeleteAlarms, DeleteAlarmsOutput, Error, ResourceNotFound};
use contract::{Access, Call, Transact};
use std::collections::BTreeMap;
use store::{Tx, View};

impl Transact<DeleteAlarms> for CloudWatch {
    fn access(input: &DeleteAlarms, call: &Call, view: &View) -> Access {
        on_alarms("DeleteAlarms", &input.alarm_names, call, view)
    }

    /// "If you specify any incorrect alarm names, the alarms you specify with correct names are still deleted"
    /// (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html>); where none is correct, that is an error. Their
    /// history stays.
    fn run(input: DeleteAlarms, call: &Call, tx: &mut Tx) -> Result<DeleteAlarmsOutput, Error> {
        let scope = call.scope();
        let mut alarms = BTreeMap::new();
        for name in &input.alarm_names {
            if let Some(alarm) = Alarm::get(tx, scope, name)? {
                alarms.insert(name.clone(), alarm);
            }
        }
        if alarms.is_empty() && !input.alarm_names.is_empty() {
            return Err(ResourceNotFound::new("Unknown").into());
        }
        if alarms.values().filter(|alarm| matches!(alarm, Alarm::Composite(_))).count() > 1 {
            return Err(validation("Only one composite alarm can be deleted in a DeleteAlarms request."));
        }
        for name in alarms.keys() {
            let parents = CompositeAlarm::parents_of(tx, scope, name)?;
            let suppressed = CompositeAlarm::suppressed_by(tx, scope, name)?;
            let stays = |other: &CompositeAlarm| !alarms.contains_key(&other.common.name);
            // One that depends on itself alone is part of a cycle, too.
            let is_cycle = parents.iter().any(|parent| &parent.common.name == name);
            if is_cycle || parents.iter().chain(&suppressed).any(stays) {
                return Err(validation(format!(
                    "Cannot delete {name} as there are composite alarm(s) depending on it."
                )));
            }
        }
        for (name, alarm) in &alarms {
            let moment = Moment::new(call.now, &call.chain);
            configured(tx, &moment, alarm, &Configured::Deleted)?;
            alarm.remove(tx)?;
            tx.remove::<AlarmState>(scope, name)?;
            evaluate::forget(tx, scope, name)?;
        }
        Ok(DeleteAlarmsOutput {})
    }
}
