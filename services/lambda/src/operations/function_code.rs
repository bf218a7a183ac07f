//! UpdateFunctionCode.

use crate::Lambda;
use crate::access::on_function;
use crate::answer::configuration as answer;
use crate::code::{Given, Source, keep};
use crate::error::{function_not_found, invalid, stale_revision};
use crate::reference::{FunctionReference, LATEST};
use crate::requested::refuse_unbuilt;
use crate::state::Function;
use api_lambda::{Error, FunctionConfiguration, UpdateFunctionCode};
use contract::{Access, Call, Context, Orchestrate};
use store::View;

/// The function whose `$LATEST` an update is for.
pub(crate) fn for_update(
    view: &View,
    reference: &FunctionReference,
    revision: Option<&str>,
) -> Result<Function, Error> {
    if !reference.is_latest() {
        return Err(invalid("Only $LATEST can be updated: a version never changes."));
    }
    let function = Function::named(view, reference.scope, &reference.name)?
        .ok_or_else(|| function_not_found(reference.function_arn()))?;
    if revision.is_some_and(|revision| revision != function.latest.revision) {
        return Err(stale_revision("GetFunction/GetAlias"));
    }
    Ok(function)
}

#[async_trait::async_trait]
impl Orchestrate<UpdateFunctionCode> for Lambda {
    fn access(&self, input: &UpdateFunctionCode, call: &Call, view: &View) -> Access {
        on_function("lambda:UpdateFunctionCode", &input.function_name, None, call, view)
    }

    async fn run(
        &self,
        input: UpdateFunctionCode,
        call: &Call,
        context: &Context,
    ) -> Result<FunctionConfiguration, Error> {
        let reference = FunctionReference::read(&input.function_name, None, call)?;
        refuse_unbuilt(&[
            ("ImageUri", input.image_uri.is_some()),
            ("SourceKMSKeyArn", input.source_kms_key_arn.is_some()),
            ("PublishTo", input.publish_to.is_some()),
        ])?;
        let source = Source::of(Given {
            zip: input.zip_file,
            bucket: input.s3_bucket,
            key: input.s3_key,
            version: input.s3_object_version,
        })?;
        for_update(&context.store.view(), &reference, input.revision_id.as_deref())?;
        let code = keep(source, &self.engine.code, call, context).await?;
        let architecture = input.architectures.unwrap_or_default().first().copied();
        let (dry, publish) = (input.dry_run.unwrap_or(false), input.publish.unwrap_or(false));
        let output = context
            .transact(call, |call, tx| {
                let mut function = for_update(tx, &reference, input.revision_id.as_deref())?;
                let latest = &mut function.latest;
                latest.code = code.clone();
                if let Some(architecture) = architecture {
                    latest.architecture = architecture.as_str().to_owned();
                }
                latest.modified = call.now;
                latest.revision = call.entropy.uuid();
                if dry {
                    return Ok(answer(&function, &function.latest, None, LATEST));
                }
                let output = if publish {
                    super::publish(&mut function, None, call, tx)?
                } else {
                    answer(&function, &function.latest, None, LATEST)
                };
                tx.update(function)?;
                Ok::<_, Error>(output)
            })
            .await?;
        if !dry {
            self.retire_latest(&reference);
        }
        Ok(output)
    }
}
