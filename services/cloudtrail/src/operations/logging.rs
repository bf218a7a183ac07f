//! Whether trails log, and how their deliveries go.

use crate::CloudTrail;
use crate::delivery;
use crate::reference::{find, find_at_home, on_trail};
use crate::state::{Cursor, Logging, record_data};
use api_cloudtrail::{
    Error, GetTrailStatus, GetTrailStatusOutput, StartLogging, StartLoggingOutput, StopLogging,
    StopLoggingOutput,
};
use contract::{Access, Call, Transact};
use names::Timestamp;
use store::{Tx, View};

impl Transact<StartLogging> for CloudTrail {
    fn access(input: &StartLogging, call: &Call, view: &View) -> Access {
        on_trail("StartLogging", &input.name, call, view)
    }

    fn run(input: StartLogging, call: &Call, tx: &mut Tx) -> Result<StartLoggingOutput, Error> {
        let trail = find_at_home(&input.name, tx, call)?;
        let mut logging = Logging::of(tx, trail.scope, &trail.name)?;
        if !logging.on {
            logging.on = true;
            logging.started = Some(call.now);
            tx.put(logging)?;
            // What was told before it was stopped is still to be delivered: then it goes on from there.
            if !delivery::is_under_way(&trail, tx)? {
                tx.put(Cursor::from(trail.scope, &trail.name, call.now))?;
            }
            delivery::begin_digests(&trail, call.now, tx)?;
            record_data(tx, call.account)?;
        }
        Ok(StartLoggingOutput {})
    }
}

impl Transact<StopLogging> for CloudTrail {
    fn access(input: &StopLogging, call: &Call, view: &View) -> Access {
        on_trail("StopLogging", &input.name, call, view)
    }

    fn run(input: StopLogging, call: &Call, tx: &mut Tx) -> Result<StopLoggingOutput, Error> {
        let trail = find_at_home(&input.name, tx, call)?;
        let mut logging = Logging::of(tx, trail.scope, &trail.name)?;
        if logging.on {
            logging.on = false;
            logging.stopped = Some(call.now);
            tx.put(logging)?;
            delivery::arm(&trail, call.now, tx)?;
            delivery::end_digests(&trail, call.now, tx)?;
            record_data(tx, call.account)?;
        }
        Ok(StopLoggingOutput {})
    }
}

impl Transact<GetTrailStatus> for CloudTrail {
    fn access(input: &GetTrailStatus, call: &Call, view: &View) -> Access {
        on_trail("GetTrailStatus", &input.name, call, view)
    }

    fn run(input: GetTrailStatus, call: &Call, tx: &mut Tx) -> Result<GetTrailStatusOutput, Error> {
        let trail = find(&input.name, tx, call)?;
        let Logging { on, started, stopped, files, notifications, logs, digests, .. } =
            Logging::of(tx, trail.scope, &trail.name)?;
        // Of old, the times were told as texts, and are still.
        let text = |time: Option<Timestamp>| Some(time.map(Timestamp::iso_seconds).unwrap_or_default());
        let succeeded = |error: &Option<String>, attempted: Option<Timestamp>| {
            Some(match (error, attempted) {
                (None, Some(at)) => at.iso_seconds(),
                _ => String::new(),
            })
        };
        Ok(GetTrailStatusOutput {
            is_logging: Some(on),
            latest_delivery_attempt_time: text(files.attempted),
            latest_delivery_attempt_succeeded: succeeded(&files.error, files.attempted),
            latest_notification_attempt_time: text(notifications.attempted),
            latest_notification_attempt_succeeded: succeeded(&notifications.error, notifications.attempted),
            latest_delivery_error: files.error,
            latest_delivery_time: files.succeeded,
            latest_notification_error: notifications.error,
            latest_notification_time: notifications.succeeded,
            latest_cloud_watch_logs_delivery_error: logs.error,
            latest_cloud_watch_logs_delivery_time: logs.succeeded,
            start_logging_time: started,
            stop_logging_time: stopped,
            time_logging_started: text(started),
            time_logging_stopped: text(stopped),
            latest_digest_delivery_time: digests.succeeded,
            latest_digest_delivery_error: digests.error,
        })
    }
}
