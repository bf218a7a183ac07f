//! Actions are switched on and off.

use super::access::on_alarms;
use crate::CloudWatch;
use crate::alarms::transition::{Configured, Moment, configured};
use crate::state::Alarm;
use api_cloudwatch::{
    DisableAlarmActions, DisableAlarmActionsOutput, EnableAlarmActions, EnableAlarmActionsOutput, Error,
};
use contract::{Access, Call, Transact};
use store::{StoreError, Tx, View};

impl Transact<EnableAlarmActions> for CloudWatch {
    fn access(input: &EnableAlarmActions, call: &Call, view: &View) -> Access {
        on_alarms("EnableAlarmActions", &input.alarm_names, call, view)
    }

    fn run(input: EnableAlarmActions, call: &Call, tx: &mut Tx) -> Result<EnableAlarmActionsOutput, Error> {
        switch(&input.alarm_names, true, call, tx)?;
        Ok(EnableAlarmActionsOutput {})
    }
}

impl Transact<DisableAlarmActions> for CloudWatch {
    fn access(input: &DisableAlarmActions, call: &Call, view: &View) -> Access {
        on_alarms("DisableAlarmActions", &input.alarm_names, call, view)
    }

    fn run(input: DisableAlarmActions, call: &Call, tx: &mut Tx) -> Result<DisableAlarmActionsOutput, Error> {
        switch(&input.alarm_names, false, call, tx)?;
        Ok(DisableAlarmActionsOutput {})
    }
}

/// Names of no alarm are passed over, as on AWS.
fn switch(names: &[String], on: bool, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
    for name in names {
        let Some(before) = Alarm::get(tx, call.scope(), name)? else { continue };
        if before.common().actions_enabled == on {
            continue;
        }
        let mut alarm = before.clone();
        alarm.common_mut().actions_enabled = on;
        alarm.common_mut().updated = call.now;
        alarm.clone().put(tx)?;
        let moment = Moment::new(call.now, &call.chain);
        configured(tx, &moment, &alarm, &Configured::Updated(&before))?;
    }
    Ok(())
}
