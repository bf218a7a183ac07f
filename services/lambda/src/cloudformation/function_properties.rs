//! `AWS::Lambda::Function`'s properties as the API's inputs.

use super::{number, package, value};
use crate::tags::STEP;
use api_lambda::{
    CreateFunction, DeadLetterConfig, Environment, EphemeralStorage, FunctionCode, LoggingConfig, SnapStart,
    TracingConfig, TracingMode, UpdateFunctionCode, UpdateFunctionConfiguration, VpcConfig,
};
use contract::{HandlerContext, HandlerFailure, Properties};
use names::Tags;
use std::collections::BTreeMap;
use wire::Document;

/// The code.
fn code(properties: &Properties) -> Result<FunctionCode, HandlerFailure> {
    let code = properties.object("Code")?.ok_or_else(|| properties.missing("Code"))?;
    code.only(&["ZipFile", "S3Bucket", "S3Key", "S3ObjectVersion"])?;
    let zip_file = match code.string("ZipFile")? {
        Some(text) => Some(package::inline(&text, properties.string("Runtime")?.as_deref())?),
        None => None,
    };
    Ok(FunctionCode {
        zip_file,
        s3_bucket: code.string("S3Bucket")?,
        s3_key: code.string("S3Key")?,
        s3_object_version: code.string("S3ObjectVersion")?,
        ..FunctionCode::default()
    })
}

fn environment(properties: &Properties) -> Result<Option<Environment>, HandlerFailure> {
    let Some(environment) = properties.object("Environment")? else { return Ok(None) };
    environment.only(&["Variables"])?;
    let Some(variables) = environment.object("Variables")? else { return Ok(Some(Environment::default())) };
    let mut all = BTreeMap::new();
    for name in variables.document().as_object().into_iter().flat_map(|members| members.keys()) {
        all.insert(name.clone(), variables.string(name)?.unwrap_or_default());
    }
    Ok(Some(Environment { variables: Some(all) }))
}

fn vpc(properties: &Properties) -> Result<Option<VpcConfig>, HandlerFailure> {
    let Some(vpc) = properties.object("VpcConfig")? else { return Ok(None) };
    vpc.only(&["SubnetIds", "SecurityGroupIds", "Ipv6AllowedForDualStack"])?;
    Ok(Some(VpcConfig {
        subnet_ids: vpc.strings("SubnetIds")?,
        security_group_ids: vpc.strings("SecurityGroupIds")?,
        ipv6_allowed_for_dual_stack: vpc.boolean("Ipv6AllowedForDualStack")?,
    }))
}

fn logging(properties: &Properties) -> Result<Option<LoggingConfig>, HandlerFailure> {
    let Some(logging) = properties.object("LoggingConfig")? else { return Ok(None) };
    logging.only(&["LogFormat", "LogGroup", "ApplicationLogLevel", "SystemLogLevel"])?;
    Ok(Some(LoggingConfig {
        log_format: value(&logging, "LogFormat")?,
        log_group: logging.string("LogGroup")?,
        application_log_level: value(&logging, "ApplicationLogLevel")?,
        system_log_level: value(&logging, "SystemLogLevel")?,
    }))
}

fn tracing(properties: &Properties) -> Result<Option<TracingConfig>, HandlerFailure> {
    let Some(tracing) = properties.object("TracingConfig")? else { return Ok(None) };
    tracing.only(&["Mode"])?;
    Ok(Some(TracingConfig { mode: value::<TracingMode>(&tracing, "Mode")? }))
}

fn dead_letter(properties: &Properties) -> Result<Option<DeadLetterConfig>, HandlerFailure> {
    let Some(dead_letter) = properties.object("DeadLetterConfig")? else { return Ok(None) };
    dead_letter.only(&["TargetArn"])?;
    Ok(Some(DeadLetterConfig { target_arn: dead_letter.string("TargetArn")? }))
}

fn storage(properties: &Properties) -> Result<Option<EphemeralStorage>, HandlerFailure> {
    let Some(storage) = properties.object("EphemeralStorage")? else { return Ok(None) };
    storage.only(&["Size"])?;
    Ok(Some(EphemeralStorage { size: number(&storage, "Size")?.ok_or_else(|| storage.missing("Size"))? }))
}

fn snap_start(properties: &Properties) -> Result<Option<SnapStart>, HandlerFailure> {
    let Some(snap_start) = properties.object("SnapStart")? else { return Ok(None) };
    snap_start.only(&["ApplyOn"])?;
    Ok(Some(SnapStart { apply_on: value(&snap_start, "ApplyOn")? }))
}

/// All tags: the template's and the stack's.
pub(super) fn tags(properties: &Properties, context: &HandlerContext) -> Result<Tags, HandlerFailure> {
    let mut tags = context.stack_tags.clone();
    tags.extend(properties.tags("Tags")?);
    Ok(tags)
}

/// CreateFunction's input.
pub(super) fn create(
    properties: &Properties,
    context: &HandlerContext,
) -> Result<CreateFunction, HandlerFailure> {
    let mut tags = tags(properties, context)?;
    tags.insert(STEP.to_owned(), context.token.clone());
    let name = properties.string("FunctionName")?.unwrap_or_else(|| context.generated_name(64));
    Ok(CreateFunction {
        function_name: name,
        runtime: value(properties, "Runtime")?,
        role: properties.required_string("Role")?,
        handler: properties.string("Handler")?,
        code: code(properties)?,
        description: properties.string("Description")?,
        timeout: number(properties, "Timeout")?,
        memory_size: number(properties, "MemorySize")?,
        vpc_config: vpc(properties)?,
        package_type: value(properties, "PackageType")?,
        dead_letter_config: dead_letter(properties)?,
        environment: environment(properties)?,
        tracing_config: tracing(properties)?,
        tags: Some(tags),
        layers: properties.strings("Layers")?,
        architectures: architectures(properties)?,
        ephemeral_storage: storage(properties)?,
        snap_start: snap_start(properties)?,
        logging_config: logging(properties)?,
        ..CreateFunction::default()
    })
}

fn architectures(properties: &Properties) -> Result<Option<Vec<api_lambda::Architecture>>, HandlerFailure> {
    let Some(list) = properties.strings("Architectures")? else { return Ok(None) };
    let parsed = list.iter().map(|text| {
        let refused =
            || HandlerFailure::invalid(format!("#/Architectures: {text} is not a valid enum value"));
        text.parse().map_err(|_| refused())
    });
    parsed.collect::<Result<_, _>>().map(Some)
}

/// Whether any of some properties differ.
pub(super) fn differ(old: &Properties, new: &Properties, names: &[&str]) -> bool {
    names.iter().any(|name| old.get(name) != new.get(name))
}

/// UpdateFunctionCode's input, where the code differs.
pub(super) fn update_code(
    name: &str,
    old: &Properties,
    new: &Properties,
) -> Result<Option<UpdateFunctionCode>, HandlerFailure> {
    if !differ(old, new, &["Code", "Architectures"]) {
        return Ok(None);
    }
    let code = code(new)?;
    Ok(Some(UpdateFunctionCode {
        function_name: name.to_owned(),
        zip_file: code.zip_file,
        s3_bucket: code.s3_bucket,
        s3_key: code.s3_key,
        s3_object_version: code.s3_object_version,
        architectures: architectures(new)?.or_else(|| Some(vec![api_lambda::Architecture::X8664])),
        ..UpdateFunctionCode::default()
    }))
}

/// UpdateFunctionConfiguration's input: what the template does not say is as at the beginning.
pub(super) fn update_configuration(
    name: &str,
    old: &Properties,
    new: &Properties,
) -> Result<Option<UpdateFunctionConfiguration>, HandlerFailure> {
    const PROPERTIES: &[&str] = &[
        "Role",
        "Handler",
        "Description",
        "Timeout",
        "MemorySize",
        "VpcConfig",
        "Environment",
        "Runtime",
        "DeadLetterConfig",
        "TracingConfig",
        "Layers",
        "EphemeralStorage",
        "SnapStart",
        "LoggingConfig",
    ];
    if !differ(old, new, PROPERTIES) {
        return Ok(None);
    }
    let usual_logging = || LoggingConfig {
        log_format: Some(api_lambda::LogFormat::Text),
        log_group: Some(crate::state::Logging::usual(name).group),
        ..LoggingConfig::default()
    };
    let no_vpc = || VpcConfig {
        subnet_ids: Some(Vec::new()),
        security_group_ids: Some(Vec::new()),
        ..VpcConfig::default()
    };
    Ok(Some(UpdateFunctionConfiguration {
        function_name: name.to_owned(),
        role: Some(new.required_string("Role")?),
        handler: new.string("Handler")?,
        description: Some(new.string("Description")?.unwrap_or_default()),
        timeout: Some(number(new, "Timeout")?.unwrap_or(3)),
        memory_size: Some(number(new, "MemorySize")?.unwrap_or(128)),
        vpc_config: vpc(new)?.or_else(|| old.get("VpcConfig").map(|_| no_vpc())),
        environment: Some(environment(new)?.unwrap_or_default()),
        runtime: value(new, "Runtime")?,
        dead_letter_config: dead_letter(new)?
            .or_else(|| Some(DeadLetterConfig { target_arn: Some(String::new()) })),
        tracing_config: tracing(new)?.or(Some(TracingConfig { mode: Some(TracingMode::PassThrough) })),
        layers: Some(new.strings("Layers")?.unwrap_or_default()),
        ephemeral_storage: storage(new)?.or(Some(EphemeralStorage { size: 512 })),
        snap_start: snap_start(new)?,
        logging_config: logging(new)?.or_else(|| old.get("LoggingConfig").map(|_| usual_logging())),
        ..UpdateFunctionConfiguration::default()
    }))
}

/// `SnapStartResponse` as attributes.
pub(super) fn snap_start_attributes(apply_on: &str, status: &str) -> [(String, Document); 3] {
    let whole = wire::document!({ "ApplyOn": apply_on, "OptimizationStatus": status });
    [
        ("SnapStartResponse".to_owned(), whole),
        ("SnapStartResponse.ApplyOn".to_owned(), apply_on.into()),
        ("SnapStartResponse.OptimizationStatus".to_owned(), status.into()),
    ]
}
