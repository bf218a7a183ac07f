//! CloudFormation handlers: each sends this service's public operations as the stack's principal.

mod config_rule;
mod configuration_recorder;
mod delivery_channel;

use crate::conformance::role;
use crate::state::pack_of_stack;
use contract::{HandlerContext, HandlerFailure, Registration};
use wire::ErrorResponse;

/// Adds all handlers.
pub(crate) fn register(registration: Registration) -> Registration {
    registration
        .handler(config_rule::ConfigRuleHandler)
        .handler(configuration_recorder::ConfigurationRecorderHandler)
        .handler(delivery_channel::DeliveryChannelHandler)
}

/// The id of the conformance pack whose stack this is: it ends the names of its rules, as on AWS. Only the role of packs makes such stacks.
pub(crate) fn pack(context: &HandlerContext) -> Option<&str> {
    pack_of_stack(&context.stack_name).filter(|_| role::is_it(context.caller.principal()))
}

/// What is gone already is deleted.
fn unless_gone<T>(result: Result<T, ErrorResponse>) -> Result<(), HandlerFailure> {
    match result {
        Ok(_) => Ok(()),
        Err(error) if error.code.starts_with("NoSuch") => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Starts the recorder that the account and region has, where it was never started: recorder and channel need each other, and whichever is
/// made last completes them. A recorder that was stopped by hand stays so.
async fn start_new_recorder(context: &HandlerContext) -> Result<(), HandlerFailure> {
    let recorders = context.caller.call(api_config::DescribeConfigurationRecorderStatus::default()).await?;
    for recorder in recorders.configuration_recorders_status.unwrap_or_default() {
        if recorder.last_start_time.is_none() {
            let name = recorder.name.unwrap_or_default();
            start(context, name).await?;
        }
    }
    Ok(())
}

/// Starts a recorder, unless there is no channel yet.
async fn start(context: &HandlerContext, name: String) -> Result<(), HandlerFailure> {
    let started = context
        .caller
        .call(api_config::StartConfigurationRecorder { configuration_recorder_name: name })
        .await;
    match started {
        Err(error) if error.code != "NoAvailableDeliveryChannelException" => Err(error.into()),
        _ => Ok(()),
    }
}

/// Text that is one of an enum's values.
fn choice<T: std::str::FromStr>(property: &str, text: Option<String>) -> Result<Option<T>, HandlerFailure> {
    text.map(|text| {
        text.parse().map_err(|_| {
            HandlerFailure::invalid(format!("#/{property}: #: {text} is not a valid enum value"))
        })
    })
    .transpose()
}
