//! What CreateFunction and UpdateFunctionConfiguration ask of a configuration: checked, and put into it.

use crate::error::{access_denied, invalid, not_built};
use crate::execution::{RESERVED, as_lambda, assume};
use crate::network::vpc;
use crate::state::{Configuration, LayerUse, LayerVersion, Logging, Vpc};
use api_lambda::{
    DeadLetterConfig, Environment, Error, LogFormat, LoggingConfig, Runtime, SnapStart, TracingConfig,
    VpcConfig,
};
use contract::{Call, Context, Secret};
use names::{Arn, Scope};
use std::collections::BTreeMap;
use store::View;
use wire::{Document, ErrorResponse};

const LARGEST_ENVIRONMENT: usize = 4096;
const MOST_LAYERS: usize = 5;

/// The members that both operations have; None leaves what is there.
#[derive(Default)]
pub(crate) struct Requested {
    pub(crate) role: Option<String>,
    pub(crate) handler: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) timeout: Option<i32>,
    pub(crate) memory: Option<i32>,
    pub(crate) storage: Option<i32>,
    pub(crate) runtime: Option<Runtime>,
    pub(crate) environment: Option<Environment>,
    pub(crate) vpc: Option<VpcConfig>,
    pub(crate) dead_letter: Option<DeadLetterConfig>,
    pub(crate) tracing: Option<TracingConfig>,
    pub(crate) layers: Option<Vec<String>>,
    pub(crate) snap_start: Option<SnapStart>,
    pub(crate) logging: Option<LoggingConfig>,
}

/// What had to be asked of other services.
#[derive(Default)]
pub(crate) struct Resolved {
    /// None: unchanged. Some(None): none any more.
    vpc: Option<Option<Vpc>>,
}

/// Refuses members that stand for what is not built.
pub(crate) fn refuse_unbuilt(members: &[(&str, bool)]) -> Result<(), Error> {
    match members.iter().find(|(_, given)| *given) {
        Some((name, _)) => Err(not_built(name)),
        None => Ok(()),
    }
}

impl Requested {
    /// Checks the limits that need nothing else.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if let Some(timeout) = self.timeout.filter(|timeout| *timeout > 900) {
            return Err(constraint(
                &timeout.to_string(),
                "timeout",
                "Member must have value less than or equal to 900",
            ));
        }
        if let Some(memory) = self.memory.filter(|memory| *memory > 10_240) {
            let message = "Member must have value less than or equal to 10240";
            return Err(constraint(&memory.to_string(), "memorySize", message));
        }
        if let Some(runtime) = self.runtime {
            crate::execution::runtime(runtime.as_str())?;
        }
        if let Some(snap_start) = self.snap_start.as_ref().and_then(|snap_start| snap_start.apply_on)
            && snap_start == api_lambda::SnapStartApplyOn::PublishedVersions
        {
            return Err(not_built("SnapStart on PublishedVersions"));
        }
        self.environment.as_ref().map_or(Ok(()), check_environment)?;
        self.dead_letter.as_ref().and_then(target).map_or(Ok(()), |target| check_dead_letter(&target))
    }

    /// Asks IAM whether Lambda may assume the role, and EC2 for the network as the caller.
    pub(crate) async fn resolve(
        &self,
        scope: Scope,
        name: &str,
        call: &Call,
        context: &Context,
    ) -> Result<Resolved, Error> {
        if let Some(role) = &self.role {
            check_role(role, scope, name, call, context).await?;
        }
        let vpc = match &self.vpc {
            Some(config) => Some(vpc(config, call, context).await?),
            None => None,
        };
        Ok(Resolved { vpc })
    }

    /// Puts it into a configuration.
    pub(crate) fn apply(
        &self,
        resolved: &Resolved,
        into: &mut Configuration,
        name: &str,
        view: &View,
    ) -> Result<(), Error> {
        let set = |place: &mut String, value: &Option<String>| {
            if let Some(value) = value {
                place.clone_from(value);
            }
        };
        set(&mut into.role, &self.role);
        set(&mut into.handler, &self.handler);
        set(&mut into.description, &self.description);
        set(&mut into.runtime, &self.runtime.map(|runtime| runtime.as_str().to_owned()));
        into.timeout = self.timeout.unwrap_or(into.timeout);
        into.memory = self.memory.unwrap_or(into.memory);
        into.storage = self.storage.unwrap_or(into.storage);
        if let Some(environment) = &self.environment {
            let variables = environment.variables.clone().unwrap_or_default();
            let secret = |(name, value): (String, String)| (name, Secret(value));
            into.environment = (!variables.is_empty()).then(|| variables.into_iter().map(secret).collect());
        }
        if let Some(vpc) = &resolved.vpc {
            into.vpc.clone_from(vpc);
        }
        if let Some(dead_letter) = &self.dead_letter {
            into.dead_letter = target(dead_letter);
        }
        set(
            &mut into.tracing,
            &self.tracing.as_ref().and_then(|tracing| tracing.mode).map(|mode| mode.as_str().to_owned()),
        );
        set(
            &mut into.snap_start,
            &self.snap_start.as_ref().and_then(|given| given.apply_on).map(|apply| apply.as_str().to_owned()),
        );
        if let Some(layers) = &self.layers {
            into.layers = used_layers(layers, view)?;
        }
        if let Some(given) = &self.logging {
            into.logging = logging(given, &into.logging, name)?;
        }
        Ok(())
    }
}

/// The sentence of a value outside of its bounds.
fn constraint(value: &str, member: &str, bound: &str) -> Error {
    let message = format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {bound}"
    );
    Error::Common(ErrorResponse::sender("ValidationException", message))
}

fn check_environment(environment: &Environment) -> Result<(), Error> {
    const REFUSED: &str = "Lambda was unable to configure your environment variables because the environment variables you have provided";
    let variables = environment.variables.iter().flatten();
    let reserved: Vec<&str> =
        variables.map(|(name, _)| name.as_str()).filter(|name| RESERVED.contains(name)).collect();
    if !reserved.is_empty() {
        return Err(invalid(format!(
            "{REFUSED} contains reserved keys that are currently not supported for modification. Reserved keys used in this \
             request: {}",
            reserved.join(", ")
        )));
    }
    let all: BTreeMap<String, String> = environment.variables.clone().unwrap_or_default();
    let measured = Document::from(all).to_string();
    if measured.len() > LARGEST_ENVIRONMENT {
        return Err(invalid(format!("{REFUSED} exceeded the 4KB limit. String measured: {measured}")));
    }
    Ok(())
}

fn target(dead_letter: &DeadLetterConfig) -> Option<String> {
    dead_letter.target_arn.clone().filter(|target| !target.is_empty())
}

fn check_dead_letter(target: &str) -> Result<(), Error> {
    let arn: Arn = target
        .parse()
        .map_err(|_| invalid(format!("The provided dead letter queue target {target} is not an ARN.")))?;
    match arn.service.as_str() {
        "sns" | "sqs" => Ok(()),
        _ => Err(invalid("The provided dead letter queue target is neither an SNS topic nor an SQS queue.")),
    }
}

/// The role must be the caller's account's, and Lambda must be able to assume it.
async fn check_role(
    role: &str,
    scope: Scope,
    name: &str,
    call: &Call,
    context: &Context,
) -> Result<(), Error> {
    let account = role.parse::<Arn>().ok().and_then(|arn| arn.account);
    if account != Some(scope.account) {
        return Err(access_denied("Cross-account pass role is not allowed."));
    }
    let arn = crate::reference::qualified(scope, name, None);
    let lambda = as_lambda(context, scope, &arn, &call.chain);
    match assume(&lambda, role, name).await {
        Ok(_) => Ok(()),
        Err(error) if error.status >= 500 => Err(crate::error::service_failure(error.message)),
        Err(error) => {
            tracing::debug!(%error, role, "Lambda cannot assume a role");
            Err(invalid(crate::execution::NOT_ASSUMABLE))
        }
    }
}

fn used_layers(arns: &[String], view: &View) -> Result<Vec<LayerUse>, Error> {
    if arns.len() > MOST_LAYERS {
        return Err(invalid(format!("Function can not use more than {MOST_LAYERS} layers.")));
    }
    let mut used: Vec<LayerUse> = Vec::new();
    for arn in arns {
        let layer = LayerVersion::by_arn(view, arn)?
            .ok_or_else(|| invalid(format!("Layer version {arn} does not exist.")))?;
        let whole = |arn: &str| arn.rsplit_once(':').map(|(layer, _)| layer.to_owned());
        if let Some(other) = used.iter().find(|other| whole(&other.arn) == whole(arn)) {
            return Err(invalid(format!(
                "Two different versions of the same layer are not allowed to be referenced in the same function. {} and {arn} are \
                 versions of the same layer.",
                other.arn
            )));
        }
        used.push(LayerUse { arn: arn.clone(), blob: layer.code.blob });
    }
    Ok(used)
}

fn logging(given: &LoggingConfig, old: &Logging, name: &str) -> Result<Logging, Error> {
    let format = given.log_format.map_or_else(|| old.format.clone(), |format| format.as_str().to_owned());
    let group = given.log_group.clone().unwrap_or_else(|| old.group.clone());
    let group = if group.is_empty() { Logging::usual(name).group } else { group };
    if format == LogFormat::Text.as_str() {
        if given.application_log_level.is_some() || given.system_log_level.is_some() {
            let message = "To use ApplicationLogLevel or SystemLogLevel, you must set LogFormat to JSON.";
            return Err(invalid(message));
        }
        return Ok(Logging { format, group, application_level: None, system_level: None });
    }
    let level = |given: Option<&'static str>, old: &Option<String>| {
        Some(given.map(str::to_owned).or_else(|| old.clone()).unwrap_or_else(|| "INFO".into()))
    };
    Ok(Logging {
        application_level: level(
            given.application_log_level.map(|level| level.as_str()),
            &old.application_level,
        ),
        system_level: level(given.system_log_level.map(|level| level.as_str()), &old.system_level),
        format,
        group,
    })
}
