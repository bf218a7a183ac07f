//! Templates: of stacks, and before there is a stack.

use super::{CloudFormation, any_stack, invalid, on_stack, source};
use crate::engine::types::Maker;
use crate::state::stack::Stack;
use crate::template::{Parameter, Template};
use api_cloudformation::{
    Capability, Error, GetTemplate, GetTemplateOutput, GetTemplateSummary, GetTemplateSummaryOutput,
    ParameterConstraints, ParameterDeclaration, ResourceIdentifierSummary, TemplateParameter, TemplateStage,
    ValidateTemplate, ValidateTemplateOutput, Warnings,
};
use contract::{Access, Call, Context, Orchestrate, Transact};
use store::{Tx, View};

impl Transact<GetTemplate> for CloudFormation {
    fn access(input: &GetTemplate, call: &Call, view: &View) -> Access {
        on_stack("GetTemplate", input.stack_name.as_deref().unwrap_or("*"), call, view)
    }

    fn run(input: GetTemplate, call: &Call, tx: &mut Tx) -> Result<GetTemplateOutput, Error> {
        let name = || input.stack_name.clone().ok_or_else(|| invalid("StackName must be specified."));
        let template = match &input.change_set_name {
            Some(set) => {
                super::change_sets::required(set, input.stack_name.as_deref(), call, tx)?
                    .configuration
                    .template
            }
            None => any_stack(tx, call, &name()?)?.template,
        };
        // Without transforms a template is the same before and after processing.
        Ok(GetTemplateOutput {
            template_body: Some(template),
            stages_available: Some(vec![TemplateStage::Original, TemplateStage::Processed]),
        })
    }
}

fn shown_default(parameter: &Parameter) -> Option<String> {
    let hidden = parameter.no_echo && parameter.default.is_some();
    if hidden { Some("****".into()) } else { parameter.default.clone() }
}

fn capabilities(names: &[&str]) -> Option<Vec<Capability>> {
    (!names.is_empty()).then(|| names.iter().filter_map(|name| name.parse().ok()).collect())
}

#[async_trait::async_trait]
impl Orchestrate<GetTemplateSummary> for CloudFormation {
    fn access(&self, input: &GetTemplateSummary, call: &Call, view: &View) -> Access {
        let access = on_stack("GetTemplateSummary", input.stack_name.as_deref().unwrap_or("*"), call, view);
        match &input.template_url {
            Some(url) => access.with("cloudformation:TemplateUrl", [url.as_str()]),
            None => access,
        }
    }

    async fn run(
        &self,
        input: GetTemplateSummary,
        call: &Call,
        context: &Context,
    ) -> Result<GetTemplateSummaryOutput, Error> {
        if input.stack_set_name.is_some() || input.call_as.is_some() {
            return Err(invalid("StackSetName: stack sets are not built in Cloudchamber."));
        }
        let template = match &input.stack_name {
            Some(name) => {
                let stack: Stack = any_stack(&context.store.view(), call, name)?;
                source::parse(&stack.template, crate::template::Source::S3)?
            }
            None => {
                let (text, from) = source::text(
                    input.template_body.as_deref(),
                    input.template_url.as_deref(),
                    call,
                    context,
                )
                .await?;
                source::parse(&text, from)?
            }
        };
        let summary = template.summary();
        let unknown: Vec<String> = summary
            .resource_types
            .iter()
            .filter(|name| Maker::of(name, context).is_none())
            .cloned()
            .collect();
        let as_warning =
            input.template_summary_config.and_then(|it| it.treat_unrecognized_resource_types_as_warnings);
        if !unknown.is_empty() && as_warning != Some(true) {
            return Err(source::refused(crate::template::TemplateError::unrecognized_resource_types(
                &unknown,
            )));
        }
        let identifiers = summary.resource_identifiers.iter().map(|it| ResourceIdentifierSummary {
            resource_type: Some(it.resource_type.clone()),
            logical_resource_ids: Some(it.logical_ids.clone()),
            resource_identifiers: None,
        });
        Ok(GetTemplateSummaryOutput {
            parameters: Some(declarations(&template)),
            description: summary.description.clone(),
            capabilities: capabilities(&summary.capabilities),
            capabilities_reason: summary.capabilities_reason.clone(),
            resource_types: Some(summary.resource_types.clone()),
            version: summary.version.clone(),
            metadata: summary.metadata.clone(),
            declared_transforms: Some(summary.declared_transforms.clone()),
            resource_identifier_summaries: Some(identifiers.collect()),
            warnings: (!unknown.is_empty())
                .then_some(Warnings { unrecognized_resource_types: Some(unknown) }),
        })
    }
}

fn declarations(template: &Template) -> Vec<ParameterDeclaration> {
    let shown = |(name, parameter): (&String, &Parameter)| ParameterDeclaration {
        parameter_key: Some(name.clone()),
        default_value: shown_default(parameter),
        parameter_type: Some(parameter.type_name.clone()),
        no_echo: Some(parameter.no_echo),
        description: parameter.description.clone(),
        parameter_constraints: Some(ParameterConstraints {
            allowed_values: parameter.allowed_values.clone(),
        }),
    };
    template.parameters.iter().map(shown).collect()
}

#[async_trait::async_trait]
impl Orchestrate<ValidateTemplate> for CloudFormation {
    fn access(&self, _: &ValidateTemplate, _: &Call, _: &View) -> Access {
        Access::to("cloudformation:ValidateTemplate")
    }

    async fn run(
        &self,
        input: ValidateTemplate,
        call: &Call,
        context: &Context,
    ) -> Result<ValidateTemplateOutput, Error> {
        let (text, from) =
            source::text(input.template_body.as_deref(), input.template_url.as_deref(), call, context)
                .await?;
        let template = source::parse(&text, from)?;
        super::checks::types(&template, None, context)?;
        let summary = template.summary();
        let shown = |(name, parameter): (&String, &Parameter)| TemplateParameter {
            parameter_key: Some(name.clone()),
            default_value: shown_default(parameter),
            no_echo: Some(parameter.no_echo),
            description: parameter.description.clone(),
        };
        Ok(ValidateTemplateOutput {
            parameters: Some(template.parameters.iter().map(shown).collect()),
            description: summary.description.clone(),
            capabilities: capabilities(&summary.capabilities),
            capabilities_reason: summary.capabilities_reason.clone(),
            declared_transforms: (!summary.declared_transforms.is_empty())
                .then(|| summary.declared_transforms.clone()),
        })
    }
}
