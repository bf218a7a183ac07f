//! The variables of an environment, as Lambda sets them.

use crate::state::Configuration;
use contract::Secret;
use names::Scope;
use std::collections::BTreeMap;

/// Variables that functions cannot set.
pub(crate) const RESERVED: &[&str] = &[
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
];

/// The role's session, for code inside.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) access_key_id: String,
    pub(crate) secret: Secret,
    pub(crate) token: Secret,
}

/// What else an environment's variables tell.
pub(crate) struct Facts<'a> {
    pub(crate) scope: Scope,
    pub(crate) function: &'a str,
    pub(crate) version: &'a str,
    pub(crate) stream: &'a str,
    pub(crate) endpoint: &'a str,
    pub(crate) credentials: &'a Credentials,
}

/// All variables of an environment.
pub(crate) fn variables(configuration: &Configuration, facts: &Facts<'_>) -> BTreeMap<String, String> {
    let region = facts.scope.region.as_str();
    let mut all = BTreeMap::from([
        // A function may set this one to reach another cloud.
        ("AWS_ENDPOINT_URL".to_owned(), facts.endpoint.to_owned()),
        ("TZ".to_owned(), ":UTC".to_owned()),
        ("LANG".to_owned(), "en_US.UTF-8".to_owned()),
        ("AWS_XRAY_CONTEXT_MISSING".to_owned(), "LOG_ERROR".to_owned()),
    ]);
    for (name, value) in configuration.environment.iter().flatten() {
        all.insert(name.clone(), value.0.clone());
    }
    let logging = &configuration.logging;
    let mut set = |name: &str, value: &str| {
        all.insert(name.to_owned(), value.to_owned());
    };
    set("AWS_REGION", region);
    set("AWS_DEFAULT_REGION", region);
    set("AWS_LAMBDA_FUNCTION_NAME", facts.function);
    set("AWS_LAMBDA_FUNCTION_VERSION", facts.version);
    set("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &configuration.memory.to_string());
    set("AWS_LAMBDA_LOG_GROUP_NAME", &logging.group);
    set("AWS_LAMBDA_LOG_STREAM_NAME", facts.stream);
    set("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    set("AWS_ACCESS_KEY_ID", &facts.credentials.access_key_id);
    set("AWS_SECRET_ACCESS_KEY", &facts.credentials.secret.0);
    set("AWS_SESSION_TOKEN", &facts.credentials.token.0);
    set("_HANDLER", &configuration.handler);
    if !configuration.runtime.starts_with("provided") {
        set("AWS_EXECUTION_ENV", &format!("AWS_Lambda_{}", configuration.runtime));
    }
    set("AWS_LAMBDA_LOG_FORMAT", &logging.format);
    if let Some(level) = &logging.application_level {
        set("AWS_LAMBDA_LOG_LEVEL", level);
    }
    all
}
