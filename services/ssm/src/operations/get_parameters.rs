//! Reading parameters' values.

use super::Ssm;
use crate::errors::validation;
use crate::page::page;
use crate::parameter::name::{Reference, check_path, is_below};
use crate::parameter::{encryption, filter, find};
use crate::state::{ParameterVersion, arn_of};
use api_ssm::{
    Error, GetParameter, GetParameterHistory, GetParameterHistoryOutput, GetParameterOutput, GetParameters,
    GetParametersByPath, GetParametersByPathOutput, GetParametersOutput, Parameter, ParameterHistory,
};
use contract::{Access, Call, Context, Orchestrate};
use std::collections::BTreeSet;
use store::View;

/// A version as it is answered.
async fn shown(
    version: &ParameterVersion,
    asked: Option<&Reference>,
    decrypt: Option<bool>,
    call: &Call,
    context: &Context,
) -> Result<Parameter, Error> {
    Ok(Parameter {
        name: Some(version.name.clone()),
        r#type: version.kind(),
        value: Some(encryption::value_of(version, decrypt.unwrap_or(false), call, context).await?),
        version: i64::try_from(version.version).ok(),
        selector: asked.and_then(|asked| asked.selector.as_ref()).map(|selector| format!(":{selector}")),
        source_result: None,
        last_modified_date: Some(version.modified),
        arn: Some(arn_of(version.scope, &version.name).to_string()),
        data_type: Some("text".into()),
    })
}

#[async_trait::async_trait]
impl Orchestrate<GetParameter> for Ssm {
    fn access(&self, input: &GetParameter, call: &Call, view: &View) -> Access {
        find::access("GetParameter", call, view, [input.name.as_str()])
    }

    async fn run(
        &self,
        input: GetParameter,
        call: &Call,
        context: &Context,
    ) -> Result<GetParameterOutput, Error> {
        let reference = Reference::parse(&input.name, call.scope());
        let version = find::version(&context.store.view(), call, &reference)?;
        let parameter = shown(&version, Some(&reference), input.with_decryption, call, context).await?;
        Ok(GetParameterOutput { parameter: Some(parameter) })
    }
}

#[async_trait::async_trait]
impl Orchestrate<GetParameters> for Ssm {
    fn access(&self, input: &GetParameters, call: &Call, view: &View) -> Access {
        find::access("GetParameters", call, view, input.names.iter().map(String::as_str))
    }

    async fn run(
        &self,
        input: GetParameters,
        call: &Call,
        context: &Context,
    ) -> Result<GetParametersOutput, Error> {
        let mut seen = BTreeSet::new();
        if let Some(twice) = input.names.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(validation(format!("Duplicated names are not allowed: {twice}")));
        }
        let view = context.store.view();
        let (mut parameters, mut invalid_parameters) = (Vec::new(), Vec::new());
        for name in input.names {
            let reference = Reference::parse(&name, call.scope());
            match find::version(&view, call, &reference) {
                Ok(version) => {
                    let asked = Some(&reference);
                    parameters.push(shown(&version, asked, input.with_decryption, call, context).await?);
                }
                Err(Error::ParameterNotFound(_) | Error::ParameterVersionNotFound(_)) => {
                    invalid_parameters.push(name);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(GetParametersOutput { parameters: Some(parameters), invalid_parameters: Some(invalid_parameters) })
    }
}

#[async_trait::async_trait]
impl Orchestrate<GetParametersByPath> for Ssm {
    fn access(&self, input: &GetParametersByPath, call: &Call, _: &View) -> Access {
        Access::on("ssm:GetParametersByPath", arn_of(call.scope(), &input.path))
            .with("ssm:Recursive", [input.recursive.unwrap_or(false).to_string()])
    }

    async fn run(
        &self,
        input: GetParametersByPath,
        call: &Call,
        context: &Context,
    ) -> Result<GetParametersByPathOutput, Error> {
        check_path(&input.path)?;
        let filters = filter::parse(input.parameter_filters.unwrap_or_default(), filter::OF_PATH)?;
        let view = context.store.view();
        // What lies below a path begins with it; below the root are names without a slash, too.
        let below =
            if input.path == "/" { String::new() } else { format!("{}/", input.path.trim_end_matches('/')) };
        let mut found = Vec::new();
        for stored in find::beginning(&view, call, &below)? {
            if !is_below(&stored.name, &input.path, input.recursive.unwrap_or(false)) {
                continue;
            }
            let versions = match filters.iter().any(filter::Filter::is_of_labels) {
                true => ParameterVersion::all(&view, stored.scope, &stored.name)?,
                false => find::newest(&view, &stored)?.into_iter().collect(),
            };
            found.extend(
                versions
                    .into_iter()
                    .filter(|version| filters.iter().all(|filter| filter.holds(&stored, version)))
                    .map(|version| (format!("{}:{}", version.name, version.version), version)),
            );
        }
        let (versions, next_token) = page("path", input.next_token.as_deref(), input.max_results, 10, found)?;
        let mut parameters = Vec::new();
        for version in versions {
            parameters.push(shown(&version, None, input.with_decryption, call, context).await?);
        }
        Ok(GetParametersByPathOutput { parameters: Some(parameters), next_token })
    }
}

#[async_trait::async_trait]
impl Orchestrate<GetParameterHistory> for Ssm {
    fn access(&self, input: &GetParameterHistory, call: &Call, view: &View) -> Access {
        find::access("GetParameterHistory", call, view, [input.name.as_str()])
    }

    async fn run(
        &self,
        input: GetParameterHistory,
        call: &Call,
        context: &Context,
    ) -> Result<GetParameterHistoryOutput, Error> {
        let view = context.store.view();
        let reference = Reference::parse(&input.name, call.scope());
        let stored = find::referred(&view, call, &reference)?.ok_or_else(find::not_found)?;
        let versions = ParameterVersion::all(&view, stored.scope, &stored.name)?;
        let versions = versions.into_iter().map(|version| (version.version.to_string(), version)).collect();
        let (versions, next_token) =
            page("history", input.next_token.as_deref(), input.max_results, 50, versions)?;
        let mut parameters = Vec::new();
        for version in versions {
            let decrypt = input.with_decryption.unwrap_or(false);
            let value = encryption::value_of(&version, decrypt, call, context).await?;
            parameters.push(ParameterHistory {
                r#type: version.kind(),
                tier: version.tier(),
                name: Some(version.name),
                key_id: version.key_id,
                last_modified_date: Some(version.modified),
                last_modified_user: Some(version.modified_by),
                description: version.description,
                value: Some(value),
                allowed_pattern: version.allowed_pattern,
                version: i64::try_from(version.version).ok(),
                labels: Some(version.labels.into_iter().collect()),
                policies: Some(super::describe_parameters::policies(&version.policies)),
                data_type: Some("text".into()),
            });
        }
        Ok(GetParameterHistoryOutput { parameters: Some(parameters), next_token })
    }
}
