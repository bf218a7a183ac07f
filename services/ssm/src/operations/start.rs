//! StartAutomationExecution.

use super::Ssm;
use super::find::{Found, Version, find, owned_arn};
use super::shown::runbook;
use crate::automation;
use crate::document::{Runbook, read, shown};
use crate::errors::{bad_parameters, not_built};
use crate::state::{Execution, StepState};
use crate::tags;
use api_ssm::{
    AutomationDefinitionNotFoundException, AutomationDefinitionVersionNotFoundException, Error,
    ExecutionMode, IdempotentParameterMismatch, StartAutomationExecution, StartAutomationExecutionOutput,
};
use contract::{Access, Call, Check, Context, Orchestrate};
use names::{Arn, Tags};
use std::collections::BTreeMap;
use store::{Tx, View};
use wire::Document;

/// What a request asks to be carried out.
struct Asked {
    found: Found,
    version: Version,
    runbook: Runbook,
    /// As steps see them.
    values: BTreeMap<String, Document>,
    role: Option<Arn>,
}

fn asked(input: &StartAutomationExecution, call: &Call, view: &View) -> Result<Asked, Error> {
    let (name, version) = match input.document_name.rsplit_once(':') {
        // A name may carry a version, except where it is an ARN.
        Some((name, version)) if !name.contains(':') => (name, Some(version)),
        _ => (input.document_name.as_str(), None),
    };
    let version = input.document_version.as_deref().or(version);
    let missing = |name: &str| {
        AutomationDefinitionNotFoundException::new(format!("Automation document {name} is not found."))
    };
    let found = match find(view, call, name) {
        Ok(found) => found,
        Err(Error::InvalidDocument(_)) => return Err(missing(name).into()),
        Err(error) => return Err(error),
    };
    let version = match found.version(view, version, None) {
        Ok(version) => version,
        Err(Error::InvalidDocumentVersion(_)) => {
            let message = format!(
                "Automation document {name} with version {} is not found.",
                version.unwrap_or("$DEFAULT")
            );
            return Err(AutomationDefinitionVersionNotFoundException::new(message).into());
        }
        Err(error) => return Err(error),
    };
    let runbook = runbook(&version)?;
    let values = values(&runbook, input)?;
    let role = role(&runbook, &values)?;
    Ok(Asked { found, version, runbook, values, role })
}

/// The parameters' values: given, or by default.
fn values(runbook: &Runbook, input: &StartAutomationExecution) -> Result<BTreeMap<String, Document>, Error> {
    let none = BTreeMap::new();
    let given = input.parameters.as_ref().unwrap_or(&none);
    let strangers: Vec<&str> =
        given.keys().filter(|name| !runbook.parameters.contains_key(*name)).map(String::as_str).collect();
    if !strangers.is_empty() {
        return Err(bad_parameters(format!(
            "The supplied parameters for invoking the specified Automation runbook are incorrect. Parameters [{}] are not defined in the document.",
            strangers.join(", ")
        )));
    }
    let mut values = BTreeMap::new();
    let mut missing = Vec::new();
    for (name, parameter) in &runbook.parameters {
        let value = match given.get(name) {
            Some(given) => Some(parameter.value(name, given).map_err(bad_parameters)?),
            None => parameter.default_value(),
        };
        match value {
            Some(value) => {
                values.insert(name.clone(), value);
            }
            None => missing.push(name.as_str()),
        }
    }
    if missing.is_empty() {
        return Ok(values);
    }
    Err(bad_parameters(format!(
        "The supplied parameters for invoking the specified Automation runbook are incorrect. Missing required parameters: [{}].",
        missing.join(", ")
    )))
}

fn role(runbook: &Runbook, values: &BTreeMap<String, Document>) -> Result<Option<Arn>, Error> {
    let Some(role) = &runbook.assume_role else { return Ok(None) };
    let role =
        automation::interpolate::resolved(&Document::from(role.as_str()), values).map_err(bad_parameters)?;
    match role.as_str().map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => match text.parse::<Arn>() {
            Ok(arn) if arn.service == "iam" && arn.resource.starts_with("role/") => Ok(Some(arn)),
            _ => {
                Err(bad_parameters(format!("The format of the supplied assume role ARN is invalid: {text}")))
            }
        },
    }
}

#[async_trait::async_trait]
impl Orchestrate<StartAutomationExecution> for Ssm {
    fn access(&self, input: &StartAutomationExecution, call: &Call, view: &View) -> Access {
        let asked = asked(input, call, view).ok();
        let version = input.document_version.as_deref().unwrap_or("$DEFAULT");
        let name = match &asked {
            Some(asked) => asked.found.name(),
            None => input.document_name.rsplit('/').next().unwrap_or_default().to_owned(),
        };
        let arn = match asked.as_ref().map(|asked| &asked.found) {
            Some(Found::Owned(_)) => owned_arn(call, "automation-definition", &format!("{name}:{version}")),
            Some(Found::Stored(stored)) => {
                Arn::new("ssm", stored.scope, format!("automation-definition/{name}:{version}")).to_string()
            }
            None => {
                Arn::new("ssm", call.scope(), format!("automation-definition/{name}:{version}")).to_string()
            }
        };
        let mut access = Access::on("ssm:StartAutomationExecution", arn)
            .with_request_tags(tags::pairs(input.tags.as_deref()));
        let role = asked.and_then(|asked| asked.role);
        self.judged.note(call.id, role.clone());
        if let Some(role) = role {
            access = access.and(Check::pass_role(&role.to_string(), automation::PRINCIPAL));
        }
        access
    }

    async fn run(
        &self,
        input: StartAutomationExecution,
        call: &Call,
        context: &Context,
    ) -> Result<StartAutomationExecutionOutput, Error> {
        refuse_unbuilt(&input)?;
        let mut given_tags = Tags::new();
        tags::add(&mut given_tags, input.tags.clone().unwrap_or_default(), call)?;
        let asked = asked(&input, call, &context.store.view())?;
        if !self.judged.was_by(call.id, asked.role.as_ref()) {
            let message = "The document was changed while the execution was started. Start it again.";
            return Err(bad_parameters(message));
        }
        let execution = execution(&input, call, asked, given_tags)?;
        if execution.role.is_some()
            && let Err(error) = automation::caller(&execution, context).await
        {
            if error.status >= 500 {
                return Err(Error::Common(error));
            }
            tracing::debug!(%error, "the role of a runbook cannot be assumed");
            return Err(bad_parameters("The defined assume role is unable to be assumed."));
        }
        let id = context.transact(call, |call, tx| start(tx, &execution, call)).await?;
        Ok(StartAutomationExecutionOutput { automation_execution_id: Some(id) })
    }
}

fn refuse_unbuilt(input: &StartAutomationExecution) -> Result<(), Error> {
    let several = [
        (input.mode == Some(ExecutionMode::Interactive), "Mode Interactive"),
        (input.target_parameter_name.is_some(), "TargetParameterName"),
        (input.targets.as_ref().is_some_and(|list| !list.is_empty()), "Targets"),
        (input.target_maps.as_ref().is_some_and(|list| !list.is_empty()), "TargetMaps"),
        (input.target_locations.as_ref().is_some_and(|list| !list.is_empty()), "TargetLocations"),
        (input.target_locations_url.is_some(), "TargetLocationsURL"),
        (input.alarm_configuration.is_some(), "AlarmConfiguration"),
        // Both only say how many targets are worked on at once.
        (input.max_concurrency.is_some(), "MaxConcurrency"),
        (input.max_errors.is_some(), "MaxErrors"),
    ];
    match several.iter().find(|(given, _)| *given) {
        Some((_, what)) => {
            Err(not_built(format!("{what} of StartAutomationExecution is not built in Cloudchamber.")))
        }
        None => Ok(()),
    }
}

fn execution(
    input: &StartAutomationExecution,
    call: &Call,
    asked: Asked,
    tags: Tags,
) -> Result<Execution, Error> {
    let content =
        read(&asked.version.content, asked.version.is_yaml).map_err(crate::errors::refused)?.to_string();
    let id = call.entropy.uuid();
    let pending = || StepState { id: call.entropy.uuid(), status: "Pending".into(), ..StepState::default() };
    Ok(Execution {
        scope: call.scope(),
        id,
        document: asked.found.name(),
        version: asked.version.number.to_string(),
        content,
        parameters: asked.values.iter().map(|(name, value)| (name.clone(), shown(value))).collect(),
        values: asked.values.iter().map(|(name, value)| (name.clone(), value.to_string())).collect(),
        role: asked.role,
        principal: call.principal.clone(),
        chain: call.chain.clone(),
        started: call.now,
        ended: None,
        status: "InProgress".into(),
        steps: asked.runbook.steps.iter().map(|_| pending()).collect(),
        current: 0,
        begun: 0,
        degraded: false,
        outputs: BTreeMap::new(),
        failure: None,
        tags,
        client_token: input.client_token.clone(),
        finishes_step: false,
    })
}

/// Starts it, unless the same client token started one before.
fn start(tx: &mut Tx, execution: &Execution, call: &Call) -> Result<String, Error> {
    if let Some(token) = &execution.client_token
        && let Some(known) = tx.first_by_index::<Execution>(execution.scope, "token", token.as_str())?
    {
        if known.document == execution.document && known.parameters == execution.parameters {
            return Ok(known.id);
        }
        let message = "Error returned when an idempotent operation is retried and the parameters don't match the original call to the API with the same idempotency token.";
        return Err(IdempotentParameterMismatch::new(message).into());
    }
    tx.insert(execution.clone())?;
    automation::enqueue(tx, execution, call.now)?;
    Ok(execution.id.clone())
}
