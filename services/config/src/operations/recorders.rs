use super::recording_group::{group, mode, read_group, read_mode};
use super::{Config, access};
use crate::engine::task::{PRINCIPAL, is_service_linked};
use crate::engine::{baseline, history, retention};
use crate::errors::{no_such_recorder, validation};
use crate::page::Page;
use crate::state::{Channel, Recorder};
use crate::tags;
use api_config::{
    ConfigurationRecorder, ConfigurationRecorderStatus, ConfigurationRecorderSummary,
    DeleteConfigurationRecorder, DeleteConfigurationRecorderOutput, DescribeConfigurationRecorderStatus,
    DescribeConfigurationRecorderStatusOutput, DescribeConfigurationRecorders,
    DescribeConfigurationRecordersOutput, Error, InvalidConfigurationRecorderNameException,
    InvalidRoleException, ListConfigurationRecorders, ListConfigurationRecordersOutput,
    MaxNumberOfConfigurationRecordersExceededException, NoAvailableDeliveryChannelException,
    PutConfigurationRecorder, PutConfigurationRecorderOutput, RecorderStatus, RecordingScope,
    StartConfigurationRecorder, StartConfigurationRecorderOutput, StopConfigurationRecorder,
    StopConfigurationRecorderOutput,
};
use api_iam::CreateServiceLinkedRole;
use contract::{Access, Call, Check, Context, Orchestrate, Principal, Transact};
use names::Arn;
use store::{Tx, View};

/// The name of a recorder or channel that is given none.
pub(super) const DEFAULT_NAME: &str = "default";

#[async_trait::async_trait]
impl Orchestrate<PutConfigurationRecorder> for Config {
    fn access(&self, input: &PutConfigurationRecorder, call: &Call, view: &View) -> Access {
        let recorder = &input.configuration_recorder;
        let name = recorder.name.as_deref().unwrap_or(DEFAULT_NAME);
        let access = access::on_recorder("config:PutConfigurationRecorder", call, view, Some(name))
            .with_request_tags(tags::pairs(input.tags.as_ref()));
        match &recorder.role_arn {
            Some(role) => access.and(Check::pass_role(role, PRINCIPAL)),
            None => access,
        }
    }

    async fn run(
        &self,
        input: PutConfigurationRecorder,
        call: &Call,
        context: &Context,
    ) -> Result<PutConfigurationRecorderOutput, Error> {
        let recorder = read(input, call)?;
        check_known(&recorder.0, &context.store.view())?;
        assume(&recorder.0.role_arn, call, context).await?;
        context.transact(call, |call, tx| put(tx, &recorder, call)).await?;
        Ok(PutConfigurationRecorderOutput {})
    }
}

/// The recorder that a request asks for, and the ARN that it says it has.
fn read(input: PutConfigurationRecorder, call: &Call) -> Result<(Recorder, Option<String>), Error> {
    let asked = input.configuration_recorder;
    let name = asked.name.unwrap_or_else(|| DEFAULT_NAME.into());
    if name.trim().is_empty() {
        let message = format!("The configuration recorder name '{name}' is not valid, blank string.");
        return Err(InvalidConfigurationRecorderNameException::new(message).into());
    }
    if asked.service_principal.is_some() || asked.recording_scope == Some(RecordingScope::Internal) {
        return Err(validation(
            "A service-linked configuration recorder cannot be put with PutConfigurationRecorder: leave out servicePrincipal and the recordingScope INTERNAL.",
        ));
    }
    let role: Option<Arn> = asked.role_arn.as_deref().and_then(|role| role.parse().ok());
    let role = role.filter(|role| role.service == "iam" && role.resource.starts_with("role/"));
    let Some(role) = role else {
        let given = asked.role_arn.unwrap_or_default();
        return Err(InvalidRoleException::new(format!(
            "You have specified an invalid role: '{given}' is not the ARN of an IAM role."
        ))
        .into());
    };
    let recorder = Recorder {
        scope: call.scope(),
        name,
        id: call.entropy.lower_alphanumeric(16),
        role_arn: role.to_string(),
        group: read_group(asked.recording_group)?,
        mode: read_mode(asked.recording_mode)?,
        tags: tags::read(input.tags.as_deref().unwrap_or_default())?,
        recording: false,
        last_start: None,
        last_stop: None,
        last_status: None,
        last_status_change: None,
    };
    Ok((recorder, asked.arn))
}

fn check_known(recorder: &Recorder, view: &View) -> Result<Option<Recorder>, Error> {
    match Recorder::of(view, recorder.scope)? {
        Some(known) if known.name != recorder.name => {
            let message = format!(
                "Failed to put configuration recorder '{}' because the maximum number of configuration recorders: 1 is reached.",
                recorder.name
            );
            Err(MaxNumberOfConfigurationRecordersExceededException::new(message).into())
        }
        known => Ok(known),
    }
}

/// The role must be one that AWS Config may assume. The service-linked role is made where it is not there yet, as the caller.
async fn assume(role: &str, call: &Call, context: &Context) -> Result<(), Error> {
    let Ok(arn) = role.parse::<Arn>() else { return Ok(()) };
    let chain = call.chain.through(PRINCIPAL);
    let principal = Principal::service(PRINCIPAL, call.account, None);
    let service = context.caller(principal, call.scope(), chain.clone());
    let tried = match service.assume_role(&arn, "AWSConfig-Check").await {
        Err(_) if is_service_linked(&arn) && arn.account == Some(call.account) => {
            let caller = context.caller(call.principal.clone(), call.scope(), chain);
            let made = CreateServiceLinkedRole {
                aws_service_name: PRINCIPAL.into(),
                ..CreateServiceLinkedRole::default()
            };
            match caller.call(made).await {
                Ok(_) => service.assume_role(&arn, "AWSConfig-Check").await,
                Err(error) => Err(error),
            }
        }
        other => other,
    };
    match tried {
        Ok(_) => Ok(()),
        Err(error) if error.status >= 500 => Err(Error::Common(error)),
        Err(_) => {
            let message =
                format!("You have specified an invalid role: AWS Config cannot assume the role {role}.");
            Err(InvalidRoleException::new(message).into())
        }
    }
}

fn put(tx: &mut Tx, (asked, arn): &(Recorder, Option<String>), call: &Call) -> Result<(), Error> {
    let known = check_known(asked, tx)?;
    if let Some(arn) = arn
        && known.as_ref().is_none_or(|known| known.arn().to_string() != *arn)
    {
        return Err(validation(format!(
            "The ARN {arn} is not the ARN of the configuration recorder '{}'.",
            asked.name
        )));
    }
    let Some(known) = known else { return Ok(tx.put(asked.clone())?) };
    // Tags are given when it is made; afterwards TagResource gives them.
    let recorder = Recorder {
        role_arn: asked.role_arn.clone(),
        group: asked.group.clone(),
        mode: asked.mode.clone(),
        ..known.clone()
    };
    if recorder.recording && recorder.group != known.group {
        baseline::enqueue(tx, recorder.scope, call.now)?;
    }
    Ok(tx.put(recorder)?)
}

/// The recorders that a Describe operation asks for.
fn asked(
    view: &View,
    call: &Call,
    names: Option<Vec<String>>,
    service: Option<String>,
    arn: Option<String>,
) -> Result<Vec<Recorder>, Error> {
    let names = names.unwrap_or_default();
    let given = [!names.is_empty(), service.is_some(), arn.is_some()];
    if given.into_iter().filter(|given| *given).count() > 1 {
        return Err(validation(
            "You can specify only one of ConfigurationRecorderNames, ServicePrincipal and Arn.",
        ));
    }
    let known = Recorder::of(view, call.scope())?;
    if let Some(service) = service {
        // Recorders of other services are not built, so there is none.
        return Err(no_such_recorder(&service));
    }
    if let Some(arn) = arn {
        let known = known.filter(|known| known.arn().to_string() == arn);
        return known.map(|known| vec![known]).ok_or_else(|| no_such_recorder(&arn));
    }
    if let Some(missing) = names.iter().find(|name| known.as_ref().is_none_or(|known| known.name != **name)) {
        return Err(no_such_recorder(missing));
    }
    Ok(known.into_iter().collect())
}

impl Transact<DescribeConfigurationRecorders> for Config {
    fn access(input: &DescribeConfigurationRecorders, call: &Call, view: &View) -> Access {
        let names = input.configuration_recorder_names.as_ref();
        access::on_recorders("config:DescribeConfigurationRecorders", call, view, names)
    }

    fn run(
        input: DescribeConfigurationRecorders,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeConfigurationRecordersOutput, Error> {
        let recorders =
            asked(tx, call, input.configuration_recorder_names, input.service_principal, input.arn)?;
        let recorders = recorders
            .iter()
            .map(|recorder| ConfigurationRecorder {
                arn: Some(recorder.arn().to_string()),
                name: Some(recorder.name.clone()),
                role_arn: Some(recorder.role_arn.clone()),
                recording_group: Some(group(&recorder.group)),
                recording_mode: Some(mode(&recorder.mode)),
                recording_scope: Some(RecordingScope::Paid),
                service_principal: None,
            })
            .collect();
        Ok(DescribeConfigurationRecordersOutput { configuration_recorders: Some(recorders) })
    }
}

impl Transact<DescribeConfigurationRecorderStatus> for Config {
    fn access(input: &DescribeConfigurationRecorderStatus, call: &Call, view: &View) -> Access {
        let names = input.configuration_recorder_names.as_ref();
        access::on_recorders("config:DescribeConfigurationRecorderStatus", call, view, names)
    }

    fn run(
        input: DescribeConfigurationRecorderStatus,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeConfigurationRecorderStatusOutput, Error> {
        let recorders =
            asked(tx, call, input.configuration_recorder_names, input.service_principal, input.arn)?;
        let statuses = recorders
            .iter()
            .map(|recorder| ConfigurationRecorderStatus {
                arn: Some(recorder.arn().to_string()),
                name: Some(recorder.name.clone()),
                last_start_time: recorder.last_start,
                last_stop_time: recorder.last_stop,
                recording: Some(recorder.recording),
                last_status: recorder.last_status,
                last_error_code: None,
                last_error_message: None,
                last_status_change_time: recorder.last_status_change,
                service_principal: None,
            })
            .collect();
        Ok(DescribeConfigurationRecorderStatusOutput { configuration_recorders_status: Some(statuses) })
    }
}

impl Transact<ListConfigurationRecorders> for Config {
    fn access(_: &ListConfigurationRecorders, _: &Call, _: &View) -> Access {
        Access::to("config:ListConfigurationRecorders")
    }

    fn run(
        input: ListConfigurationRecorders,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListConfigurationRecordersOutput, Error> {
        let page = Page::new("recorders", input.next_token.as_ref(), input.max_results, 20, 20)?;
        let filters = input.filters.unwrap_or_default();
        let wanted = filters
            .iter()
            .filter_map(|filter| filter.filter_value.as_ref())
            .all(|values| values.iter().any(|value| value == RecordingScope::Paid.as_str()));
        let known = Recorder::of(tx, call.scope())?.filter(|_| wanted);
        let (recorders, next_token) =
            page.of(known.into_iter().collect(), |recorder| recorder.name.clone())?;
        let summaries = recorders
            .iter()
            .map(|recorder| ConfigurationRecorderSummary {
                arn: recorder.arn().to_string(),
                name: recorder.name.clone(),
                service_principal: None,
                recording_scope: RecordingScope::Paid,
            })
            .collect();
        Ok(ListConfigurationRecordersOutput { configuration_recorder_summaries: summaries, next_token })
    }
}

impl Transact<DeleteConfigurationRecorder> for Config {
    fn access(input: &DeleteConfigurationRecorder, call: &Call, view: &View) -> Access {
        access::on_recorder(
            "config:DeleteConfigurationRecorder",
            call,
            view,
            Some(&input.configuration_recorder_name),
        )
    }

    fn run(
        input: DeleteConfigurationRecorder,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteConfigurationRecorderOutput, Error> {
        let name = input.configuration_recorder_name;
        match tx.remove::<Recorder>(call.scope(), name.as_str())? {
            Some(_) => Ok(DeleteConfigurationRecorderOutput {}),
            None => Err(no_such_recorder(&name)),
        }
    }
}

impl Transact<StartConfigurationRecorder> for Config {
    fn access(input: &StartConfigurationRecorder, call: &Call, view: &View) -> Access {
        access::on_recorder(
            "config:StartConfigurationRecorder",
            call,
            view,
            Some(&input.configuration_recorder_name),
        )
    }

    fn run(
        input: StartConfigurationRecorder,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<StartConfigurationRecorderOutput, Error> {
        let (scope, now) = (call.scope(), call.now);
        let name = input.configuration_recorder_name;
        let recorder = tx.get::<Recorder>(scope, name.as_str())?.ok_or_else(|| no_such_recorder(&name))?;
        if Channel::of(tx, scope)?.is_none() {
            let message = "Delivery channel is not available to start configuration recorder.";
            return Err(NoAvailableDeliveryChannelException::new(message).into());
        }
        if recorder.recording {
            return Ok(StartConfigurationRecorderOutput {});
        }
        tx.put(Recorder {
            recording: true,
            last_start: Some(now),
            last_status: Some(RecorderStatus::Success),
            last_status_change: Some(now),
            ..recorder
        })?;
        baseline::enqueue(tx, scope, now)?;
        history::begin_periods(tx, scope, now)?;
        retention::begin(tx, scope, now)?;
        Ok(StartConfigurationRecorderOutput {})
    }
}

impl Transact<StopConfigurationRecorder> for Config {
    fn access(input: &StopConfigurationRecorder, call: &Call, view: &View) -> Access {
        access::on_recorder(
            "config:StopConfigurationRecorder",
            call,
            view,
            Some(&input.configuration_recorder_name),
        )
    }

    fn run(
        input: StopConfigurationRecorder,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<StopConfigurationRecorderOutput, Error> {
        let name = input.configuration_recorder_name;
        let recorder =
            tx.get::<Recorder>(call.scope(), name.as_str())?.ok_or_else(|| no_such_recorder(&name))?;
        if recorder.recording {
            tx.put(Recorder { recording: false, last_stop: Some(call.now), ..recorder })?;
        }
        Ok(StopConfigurationRecorderOutput {})
    }
}
