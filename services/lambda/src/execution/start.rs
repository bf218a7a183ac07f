//! A cold start: the role's session, the code, the variables, the sandbox.

use super::engine::Work;
use super::log_stream::LogStream;
use super::pool::Owner;
use super::variables::{Credentials, Facts, variables};
use crate::code::{CodeCache, Unpacked};
use crate::error::{access_denied, service_failure};
use crate::runtime::Environment;
use crate::settings::Settings;
use api_lambda::Error;
use api_sts::AssumeRole;
use contract::{Caller, Context, Principal, Secret};
use names::{Arn, Scope, Timestamp};
use sandbox::{EnvironmentSpec, Runtime};
use std::time::Duration;
use wire::ErrorResponse;

/// How long an environment may take to initialize before that counts as part of its first invocation.
const INITIALIZATION: Duration = Duration::from_secs(10);

/// An environment, with what belongs to it.
pub(crate) struct Live {
    pub(crate) owner: Owner,
    pub(crate) runtime: Box<dyn Environment>,
    pub(crate) logs: LogStream,
    /// When its credentials end.
    pub(crate) expires: Timestamp,
    pub(crate) idle_since: Timestamp,
    // Held so that nobody removes it.
    _code: Vec<Unpacked>,
}

/// `The role defined for the function cannot be assumed by Lambda.`
pub(crate) const NOT_ASSUMABLE: &str = "The role defined for the function cannot be assumed by Lambda.";

/// Lambda's own caller on behalf of a function.
pub(crate) fn as_lambda(
    context: &Context,
    scope: Scope,
    function_arn: &str,
    chain: &contract::Chain,
) -> Caller {
    let source: Option<Arn> = function_arn.parse().ok();
    let principal = Principal::service(crate::SERVICE_PRINCIPAL, scope.account, source);
    context.caller(principal, scope, chain.through(crate::SERVICE_PRINCIPAL))
}

/// The function's name. STS wants two characters at least, which functions do not.
fn session_name(function: &str) -> String {
    if function.len() < 2 { format!("{function}_") } else { function.to_owned() }
}

/// A session of a role for a function, as credentials: also how it is found out whether Lambda may assume the role.
pub(crate) async fn assume(
    caller: &Caller,
    role: &str,
    function: &str,
) -> Result<(Credentials, Timestamp), ErrorResponse> {
    let input = AssumeRole {
        role_arn: role.to_owned(),
        role_session_name: session_name(function),
        ..AssumeRole::default()
    };
    let credentials = caller.call(input).await?.credentials.unwrap_or_default();
    let expires = credentials.expiration;
    let credentials = Credentials {
        access_key_id: credentials.access_key_id,
        secret: Secret(credentials.secret_access_key),
        token: Secret(credentials.session_token),
    };
    Ok((credentials, expires))
}

/// A caller that is a session of the function's role.
pub(crate) async fn as_function(
    context: &Context,
    scope: Scope,
    function: &str,
    role: &str,
) -> Result<Caller, ErrorResponse> {
    let arn = crate::reference::qualified(scope, function, None);
    let caller = as_lambda(context, scope, &arn, &contract::Chain::default());
    let role: Arn = role.parse().map_err(|_| ErrorResponse::sender("ValidationError", NOT_ASSUMABLE))?;
    let session = caller.assume_role(&role, &session_name(function)).await?;
    // What the function does is its own: its calls do not come through Lambda.
    Ok(context.caller(session.principal().clone(), scope, contract::Chain::default()))
}

fn not_assumable(error: &ErrorResponse, role: &str) -> Error {
    tracing::info!(%error, role, "a function's role cannot be assumed");
    if error.status >= 500 {
        return service_failure(format!("The function's role cannot be assumed now: {}", error.message));
    }
    access_denied(NOT_ASSUMABLE)
}

/// Starts an environment for a piece of work.
pub(crate) async fn start(
    work: &Work,
    owner: Owner,
    context: &Context,
    settings: &Settings,
    code: &CodeCache,
) -> Result<Live, Error> {
    let (scope, name) = (work.function.scope, work.function.name.as_str());
    let configuration = &work.configuration;
    let role = configuration.role.as_str();
    let lambda = as_lambda(context, scope, &work.function.arn(), &work.chain);
    let (credentials, expires) =
        assume(&lambda, role, name).await.map_err(|error| not_assumable(&error, role))?;
    let session =
        as_function(context, scope, name, role).await.map_err(|error| not_assumable(&error, role))?;
    let entropy = context.entropy()?;
    let logs = LogStream::new(session, work, context.clock.now(), &entropy);
    let endpoint = settings.endpoint.clone().unwrap_or_else(|| context.endpoint.clone());
    let facts = Facts {
        scope,
        function: name,
        version: &work.version,
        stream: logs.name(),
        endpoint: &endpoint,
        credentials: &credentials,
    };
    let mut held = vec![code.unpacked(&context.blobs, &configuration.code.blob).await?];
    for layer in &configuration.layers {
        held.push(code.unpacked(&context.blobs, &layer.blob).await?);
    }
    let mut directories = held.iter().filter_map(|directory| directory.get().cloned());
    let spec = EnvironmentSpec {
        id: format!("{name}-{}", entropy.hex(8)),
        function: format!(
            "{} {} {} {}",
            work.function.arn(),
            owner.incarnation,
            owner.version,
            owner.revision
        ),
        runtime: runtime(&configuration.runtime)?,
        handler: configuration.handler.clone(),
        code_dir: directories.next().unwrap_or_default(),
        layers: directories.collect(),
        env: variables(configuration, &facts),
        memory_mb: u32::try_from(configuration.memory).unwrap_or(128),
        tmp_mb: u32::try_from(configuration.storage).unwrap_or(512),
        timeout_init: INITIALIZATION,
    };
    let started = settings.runtime.start(spec).await;
    let runtime = started.map_err(|error| {
        tracing::error!(function = name, %error, "an environment cannot be started");
        service_failure(format!("Cloudchamber cannot run functions on this machine: {error}"))
    })?;
    Ok(Live { owner, runtime, logs, expires, idle_since: context.clock.now(), _code: held })
}

/// How a runtime is run here.
pub(crate) fn runtime(name: &str) -> Result<Runtime, Error> {
    if let Some(version) = name.strip_prefix("nodejs") {
        // `20.x`; `nodejs` alone was 0.10.
        let version = version.split('.').next().unwrap_or_default();
        return Ok(Runtime::Node { version: version.to_owned() });
    }
    match name.strip_prefix("python").filter(|version| version.starts_with("3.")) {
        Some(version) => Ok(Runtime::Python { version: version.to_owned() }),
        None if name.starts_with("provided") => Ok(Runtime::Provided),
        None => Err(crate::error::invalid(format!(
            "The runtime {name} is not built in Cloudchamber; those of python3, nodejs and provided are."
        ))),
    }
}
