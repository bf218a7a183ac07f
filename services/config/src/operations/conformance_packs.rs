//! Conformance packs.

use super::Config;
use crate::conformance::{self, Begun, role};
use crate::engine::task::PRINCIPAL;
use crate::errors::invalid;
use crate::page::Page;
use crate::state::ConformancePack;
use crate::tags;
use api_config::{
    ConformancePackDetail, ConformancePackInputParameter, ConformancePackState, ConformancePackStatusDetail,
    ConformancePackTemplateValidationException, DeleteConformancePack, DeleteConformancePackOutput,
    DescribeConformancePackStatus, DescribeConformancePackStatusOutput, DescribeConformancePacks,
    DescribeConformancePacksOutput, Error, InsufficientPermissionsException,
    MaxNumberOfConformancePacksExceededException, NoSuchConformancePackException, PutConformancePack,
    PutConformancePackOutput, ResourceInUseException, TemplateSSMDocumentDetails,
};
use api_iam::CreateServiceLinkedRole;
use contract::{Access, Call, Caller, Context, Orchestrate, Transact};
use futures::StreamExt;
use names::{Arn, Tags};
use std::time::Duration;
use store::{Tx, View};

/// AWS's limit for packs in a region.
const MOST: usize = 50;
const PAGE: usize = 20;
/// What CloudFormation takes as a body; templates of S3 that are longer are not built.
const LONGEST: usize = 51_200;

/// There is no such pack.
pub(super) fn no_such_pack(name: &str) -> Error {
    NoSuchConformancePackException::new(format!(
        "One or more conformance packs that you specified do not exist: {name}"
    ))
    .into()
}

/// The pack with a name.
pub(super) fn pack(view: &View, call: &Call, name: &str) -> Result<ConformancePack, Error> {
    view.get::<ConformancePack>(call.scope(), name)?.ok_or_else(|| no_such_pack(name))
}

/// The packs with these names, or all; each name must be a pack's.
pub(super) fn named(
    view: &View,
    call: &Call,
    names: Option<&Vec<String>>,
) -> Result<Vec<ConformancePack>, Error> {
    let names = names.map(Vec::as_slice).unwrap_or_default();
    if names.is_empty() {
        return Ok(view.list::<ConformancePack>(call.scope())?);
    }
    let unique: std::collections::BTreeSet<&String> = names.iter().collect();
    unique.into_iter().map(|name| pack(view, call, name)).collect()
}

/// An action on a pack.
pub(super) fn on_pack(action: &str, call: &Call, view: &View, name: &str) -> Access {
    match view.get::<ConformancePack>(call.scope(), name) {
        Ok(Some(pack)) => Access::on(action, pack.arn()).with_resource_tags(&pack.tags),
        _ => Access::on(action, Arn::new("config", call.scope(), format!("conformance-pack/{name}/*"))),
    }
}

#[async_trait::async_trait]
impl Orchestrate<PutConformancePack> for Config {
    fn access(&self, input: &PutConformancePack, call: &Call, view: &View) -> Access {
        on_pack("config:PutConformancePack", call, view, &input.conformance_pack_name)
            .with_request_tags(tags::pairs(input.tags.as_ref()))
    }

    async fn run(
        &self,
        input: PutConformancePack,
        call: &Call,
        context: &Context,
    ) -> Result<PutConformancePackOutput, Error> {
        let given_tags = tags::read(input.tags.as_deref().unwrap_or_default())?;
        let own = context.caller(call.principal.clone(), call.scope(), call.chain.through(PRINCIPAL));
        let template = template(&input, &own).await?;
        let session = session(call, &own, context).await?;
        let (pack, before) = context
            .transact(call, |call, tx| {
                let before = tx.get::<ConformancePack>(call.scope(), input.conformance_pack_name.as_str())?;
                let pack = asked(&input, &template, before.as_ref(), &given_tags, call, tx)?;
                tx.put(pack.clone())?;
                // Where this call does not come to its end, the task begins.
                conformance::enqueue(&pack, call.now.plus(Duration::from_secs(2)), tx)?;
                Ok::<_, Error>((pack, before))
            })
            .await?;
        let arn = pack.arn().to_string();
        let begun = match conformance::begin(&pack, &session).await {
            Ok(begun) => begun,
            // What is wrong with the template is told at once, and changes nothing.
            Err(error) if error.status < 500 => {
                context
                    .transact(call, |call, tx| {
                        let known = tx.get::<ConformancePack>(pack.scope, pack.name.as_str())?;
                        if known.is_none_or(|known| known.requested != pack.requested) {
                            return Ok(());
                        }
                        match &before {
                            Some(before) => tx.put(before.clone())?,
                            None => drop(tx.remove::<ConformancePack>(call.scope(), pack.name.as_str())?),
                        }
                        Ok::<_, Error>(())
                    })
                    .await?;
                return Err(ConformancePackTemplateValidationException::new(error.message).into());
            }
            Err(error) => return Err(Error::Common(error)),
        };
        if let Begun::Asked(stack) = begun {
            context
                .transact(call, |_, tx| {
                    let known = tx.get::<ConformancePack>(pack.scope, pack.name.as_str())?;
                    if let Some(known) = known.filter(|known| known.requested == pack.requested) {
                        tx.put(ConformancePack { begun: true, stack_id: Some(stack.clone()), ..known })?;
                    }
                    Ok::<_, Error>(())
                })
                .await?;
        }
        Ok(PutConformancePackOutput { conformance_pack_arn: Some(arn) })
    }
}

/// The pack that a request asks for.
fn asked(
    input: &PutConformancePack,
    template: &str,
    before: Option<&ConformancePack>,
    given_tags: &Tags,
    call: &Call,
    view: &View,
) -> Result<ConformancePack, Error> {
    if let Some(before) = before.filter(|before| before.is_busy()) {
        return Err(in_use(before));
    }
    if before.is_none() && view.list::<ConformancePack>(call.scope())?.len() >= MOST {
        let message = format!("You have reached the limit of the number of conformance packs: {MOST}.");
        return Err(MaxNumberOfConformancePacksExceededException::new(message).into());
    }
    let parameters = input.conformance_pack_input_parameters.iter().flatten();
    let details = input.template_ssm_document_details.as_ref();
    Ok(ConformancePack {
        scope: call.scope(),
        name: input.conformance_pack_name.clone(),
        id: before.map_or_else(
            || format!("conformance-pack-{}", call.entropy.lower_alphanumeric(9)),
            |before| before.id.clone(),
        ),
        template: template.to_owned(),
        parameters: parameters.map(|it| (it.parameter_name.clone(), it.parameter_value.clone())).collect(),
        delivery_bucket: input.delivery_s3_bucket.clone().filter(|text| !text.is_empty()),
        delivery_prefix: input.delivery_s3_key_prefix.clone().filter(|text| !text.is_empty()),
        document: details.map(|it| (it.document_name.clone(), it.document_version.clone())),
        state: ConformancePackState::CreateInProgress,
        reason: None,
        begun: false,
        stack_id: before.and_then(|before| before.stack_id.clone()),
        requested: call.now,
        completed: None,
        // Tags are given when it is made.
        tags: before.map_or_else(|| given_tags.clone(), |before| before.tags.clone()),
        chain: call.chain.through(PRINCIPAL),
    })
}

fn in_use(pack: &ConformancePack) -> Error {
    let message = format!(
        "Conformance pack {} cannot be modified or deleted because it is in the {} state.",
        pack.name,
        pack.state.as_str()
    );
    ResourceInUseException::new(message).into()
}

/// The template, from where the request says, read as the caller.
async fn template(input: &PutConformancePack, own: &Caller) -> Result<String, Error> {
    let body = input.template_body.as_ref().filter(|text| !text.is_empty());
    let uri = input.template_s3_uri.as_ref().filter(|text| !text.is_empty());
    let template = match (body, uri, &input.template_ssm_document_details) {
        (Some(body), None, None) => body.clone(),
        (None, Some(uri), None) => from_s3(uri, own).await?,
        (None, None, Some(details)) => from_ssm(details, own).await?,
        _ => {
            return Err(invalid(
                "You must specify exactly one of the parameters TemplateS3Uri, TemplateBody and TemplateSSMDocumentDetails.",
            ));
        }
    };
    if template.len() > LONGEST {
        let message =
            format!("Templates of more than {LONGEST} bytes are not built in Cloudchamber, from S3 neither.");
        return Err(ConformancePackTemplateValidationException::new(message).into());
    }
    Ok(template)
}

async fn from_s3(uri: &str, own: &Caller) -> Result<String, Error> {
    let parts = uri.strip_prefix("s3://").and_then(|rest| rest.split_once('/'));
    let Some((bucket, key)) = parts.filter(|(bucket, key)| !bucket.is_empty() && !key.is_empty()) else {
        return Err(invalid(format!("TemplateS3Uri is not of the form s3://bucket/key: {uri}")));
    };
    let get =
        api_s3::GetObject { bucket: bucket.to_owned(), key: key.to_owned(), ..api_s3::GetObject::default() };
    let refused = |reason: &str| {
        Error::from(InsufficientPermissionsException::new(format!(
            "The template {uri} cannot be read: {reason}"
        )))
    };
    let found = match own.call(get).await {
        Ok(found) => found,
        Err(error) if error.status >= 500 => return Err(Error::Common(error)),
        Err(error) => return Err(refused(&error.message)),
    };
    let mut bytes = Vec::new();
    if let Some(body) = found.body {
        let mut chunks = body.into_chunks();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| refused(&error.to_string()))?;
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LONGEST {
                break;
            }
        }
    }
    String::from_utf8(bytes).map_err(|_| refused("it is no text"))
}

async fn from_ssm(details: &TemplateSSMDocumentDetails, own: &Caller) -> Result<String, Error> {
    let get = api_ssm::GetDocument {
        name: details.document_name.clone(),
        document_version: details.document_version.clone(),
        ..api_ssm::GetDocument::default()
    };
    match own.call(get).await {
        Ok(found) => Ok(found.content.unwrap_or_default()),
        Err(error) if error.status >= 500 => Err(Error::Common(error)),
        Err(error) => {
            Err(invalid(format!("The document {} cannot be read: {}", details.document_name, error.message)))
        }
    }
}

/// A session of the role of packs, which is made where it is not there yet, as the caller.
async fn session(call: &Call, own: &Caller, context: &Context) -> Result<Caller, Error> {
    if let Ok(session) = role::session(context, call.scope(), &call.chain).await {
        return Ok(session);
    }
    let create = CreateServiceLinkedRole {
        aws_service_name: role::SERVICE.into(),
        ..CreateServiceLinkedRole::default()
    };
    let made = match own.call(create).await {
        Ok(_) => role::session(context, call.scope(), &call.chain).await,
        Err(error) => Err(error),
    };
    made.map_err(|error| match error.status {
        500.. => Error::Common(error),
        _ => InsufficientPermissionsException::new(format!(
            "AWS Config cannot make or assume the service-linked role AWSServiceRoleForConfigConforms: {}",
            error.message
        ))
        .into(),
    })
}

impl Transact<DescribeConformancePacks> for Config {
    fn access(_: &DescribeConformancePacks, _: &Call, _: &View) -> Access {
        Access::to("config:DescribeConformancePacks")
    }

    fn run(
        input: DescribeConformancePacks,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeConformancePacksOutput, Error> {
        let page = Page::new("conformance-packs", input.next_token.as_ref(), input.limit, PAGE, PAGE)?;
        let packs = named(tx, call, input.conformance_pack_names.as_ref())?;
        let (packs, next_token) = page.of(packs, |pack| pack.name.clone())?;
        let described = |pack: ConformancePack| {
            let parameters = pack.parameters.iter().map(|(name, value)| ConformancePackInputParameter {
                parameter_name: name.clone(),
                parameter_value: value.clone(),
            });
            ConformancePackDetail {
                conformance_pack_arn: pack.arn().to_string(),
                conformance_pack_input_parameters: Some(parameters.collect()),
                conformance_pack_name: pack.name,
                conformance_pack_id: pack.id,
                delivery_s3_bucket: pack.delivery_bucket,
                delivery_s3_key_prefix: pack.delivery_prefix,
                last_update_requested_time: Some(pack.requested),
                created_by: None,
                template_ssm_document_details: pack.document.map(|(document_name, document_version)| {
                    TemplateSSMDocumentDetails { document_name, document_version }
                }),
            }
        };
        let details = packs.into_iter().map(described).collect();
        Ok(DescribeConformancePacksOutput { conformance_pack_details: Some(details), next_token })
    }
}

impl Transact<DescribeConformancePackStatus> for Config {
    fn access(_: &DescribeConformancePackStatus, _: &Call, _: &View) -> Access {
        Access::to("config:DescribeConformancePackStatus")
    }

    fn run(
        input: DescribeConformancePackStatus,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeConformancePackStatusOutput, Error> {
        let page = Page::new("conformance-statuses", input.next_token.as_ref(), input.limit, PAGE, PAGE)?;
        let packs = named(tx, call, input.conformance_pack_names.as_ref())?;
        let (packs, next_token) = page.of(packs, |pack| pack.name.clone())?;
        let described = |pack: ConformancePack| ConformancePackStatusDetail {
            conformance_pack_arn: pack.arn().to_string(),
            conformance_pack_name: pack.name,
            conformance_pack_id: pack.id,
            conformance_pack_state: pack.state,
            stack_arn: pack.stack_id.unwrap_or_default(),
            conformance_pack_status_reason: pack.reason,
            last_update_requested_time: pack.requested,
            last_update_completed_time: pack.completed,
        };
        let details = packs.into_iter().map(described).collect();
        Ok(DescribeConformancePackStatusOutput { conformance_pack_status_details: Some(details), next_token })
    }
}

impl Transact<DeleteConformancePack> for Config {
    fn access(input: &DeleteConformancePack, call: &Call, view: &View) -> Access {
        on_pack("config:DeleteConformancePack", call, view, &input.conformance_pack_name)
    }

    fn run(
        input: DeleteConformancePack,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteConformancePackOutput, Error> {
        let pack = pack(tx, call, &input.conformance_pack_name)?;
        if pack.is_busy() {
            return Err(in_use(&pack));
        }
        let pack = ConformancePack {
            state: ConformancePackState::DeleteInProgress,
            begun: false,
            reason: None,
            completed: None,
            requested: call.now,
            chain: call.chain.through(PRINCIPAL),
            ..pack
        };
        conformance::enqueue(&pack, call.now, tx)?;
        tx.put(pack)?;
        Ok(DeleteConformancePackOutput {})
    }
}
