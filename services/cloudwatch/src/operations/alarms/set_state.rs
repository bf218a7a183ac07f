//! SetAlarmState: a state for a while, to see what follows from it.

use super::access::on_alarm;
use crate::CloudWatch;
use crate::alarms::evaluate;
use crate::alarms::transition::{Moment, Wanted, go};
use crate::state::Alarm;
use api_cloudwatch::{Error, InvalidFormatFault, ResourceNotFound, SetAlarmState, SetAlarmStateOutput};
use contract::{Access, Call, Transact};
use store::{Tx, View};
use wire::Document;

impl Transact<SetAlarmState> for CloudWatch {
    fn access(input: &SetAlarmState, call: &Call, view: &View) -> Access {
        Access::default().and(on_alarm("SetAlarmState", &input.alarm_name, call, view))
    }

    /// A metric alarm goes back at its next evaluation; a composite one stays until a child's state changes, or it is put again.
    fn run(input: SetAlarmState, call: &Call, tx: &mut Tx) -> Result<SetAlarmStateOutput, Error> {
        let Some(alarm) = Alarm::get(tx, call.scope(), &input.alarm_name)? else {
            return Err(ResourceNotFound::new("Unknown").into());
        };
        let data = input.state_reason_data.filter(|data| !data.is_empty());
        if let Some(data) = &data {
            let read = Document::parse(data).ok().filter(|data| data.as_object().is_some());
            if read.is_none() {
                return Err(InvalidFormatFault::new("StateReasonData is not a valid JSON object.").into());
            }
        }
        let wanted = Wanted { value: input.state_value, reason: input.state_reason, data };
        go(tx, &Moment::new(call.now, &call.chain), &alarm, wanted)?;
        if let Alarm::Metric(metric) = &alarm {
            evaluate::at_the_next_turn(tx, metric, call.now)?;
        }
        Ok(SetAlarmStateOutput {})
    }
}
