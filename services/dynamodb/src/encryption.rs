//! Server-side encryption: the key is one that KMS has and that the caller may describe. Items are not encrypted with it (see the crate's page).

use crate::refusal::{invalid, validation};
use crate::state::Encryption;
use api_dynamodb::{Error, SSESpecification, SSEType};
use contract::{Call, Context};

/// AWS's own key for DynamoDB.
const MANAGED: &str = "alias/aws/dynamodb";

/// The key of a specification; None for the key that AWS owns.
pub(crate) async fn resolve(
    given: Option<&SSESpecification>,
    call: &Call,
    context: &Context,
) -> Result<Option<Encryption>, Error> {
    let Some(given) = given else { return Ok(None) };
    if given.sse_type == Some(SSEType::Aes256) {
        return Err(invalid("Unsupported SSEType: AES256. The SSEType must be KMS."));
    }
    if given.enabled != Some(true) {
        if given.kms_master_key_id.is_some() || given.sse_type.is_some() {
            return Err(invalid("SSEType and KMSMasterKeyId can be specified only if Enabled is true"));
        }
        return Ok(None);
    }
    let key_id = given.kms_master_key_id.clone().unwrap_or_else(|| MANAGED.into());
    let chain = call.chain.through("dynamodb.amazonaws.com");
    let caller = context.caller(call.principal.clone(), call.scope(), chain);
    let describe = api_kms::DescribeKey { key_id: key_id.clone(), ..Default::default() };
    let key = caller.call(describe).await.map_err(|error| {
        validation(format!(
            "KMS validation error: {} (Service: AWSKMS; Error Code: {})",
            error.message, error.code
        ))
    })?;
    let metadata = key.key_metadata.unwrap_or_default();
    if metadata.enabled == Some(false) {
        return Err(validation(format!("KMS validation error: the key {key_id} is not enabled")));
    }
    let key_arn = metadata.arn.unwrap_or(key_id);
    Ok(Some(Encryption { key_arn }))
}
