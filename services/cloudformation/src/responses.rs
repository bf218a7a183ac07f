//! Where providers of custom resources answer: a URL that is its own permission, as a presigned URL of S3 is.

use crate::state::request::CustomRequest;
use contract::{Context, Entry, Principal, Route, RouteAnswer, RouteRequest, Secret};
use names::Scope;
use store::StoreError;
use subtle::ConstantTimeEq;

const SEGMENT: &str = "cloudformation-responses";
/// The longest answer, in bytes.
pub(crate) const LONGEST: usize = 4096;
/// A longer body is not even kept.
const LONGEST_KEPT: usize = 64 << 10;

/// The URL for the answer to a request.
pub(crate) fn url(request: &CustomRequest, endpoint: &str) -> String {
    format!(
        "{}/_cloudchamber/{SEGMENT}/{}/{}/{}?X-Amz-Signature={}",
        endpoint.trim_end_matches('/'),
        request.scope.account,
        request.scope.region,
        request.id,
        request.secret.0,
    )
}

/// Takes answers.
pub(crate) struct Responses;

#[async_trait::async_trait]
impl Route for Responses {
    fn segment(&self) -> &'static str {
        SEGMENT
    }

    fn entry(&self) -> Entry {
        Entry::Capability
    }

    async fn answer(&self, request: RouteRequest, context: &Context) -> RouteAnswer {
        match accept(&request, context).await {
            Ok(Some(())) => said(200, ""),
            Ok(None) => said(403, "The link is not valid, or nobody waits for an answer.\n"),
            Err(error) => {
                tracing::error!(%error, "the answer of a custom resource cannot be kept");
                said(500, "The answer could not be kept. Send it again.\n")
            }
        }
    }
}

fn said(status: u16, text: &'static str) -> RouteAnswer {
    RouteAnswer::new(status, "text/plain", text)
}

/// Keeps the first answer to a request that is waited for.
async fn accept(request: &RouteRequest, context: &Context) -> Result<Option<()>, StoreError> {
    if request.method != "PUT" || request.body.len() > LONGEST_KEPT {
        return Ok(None);
    }
    let mut parts = request.path.split('/');
    let (Some(account), Some(region), Some(id), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Ok(None);
    };
    let (Ok(account), Ok(region)) = (account.parse(), region.parse()) else { return Ok(None) };
    let scope = Scope::new(account, region);
    let given =
        request.query.iter().find(|(name, _)| name == "X-Amz-Signature").map(|(_, value)| value.as_str());
    let given = given.unwrap_or_default();
    let Ok(body) = std::str::from_utf8(&request.body) else { return Ok(None) };
    let principal = Principal::service(crate::engine::SERVICE_PRINCIPAL, account, None);
    let call = context.own_call("cloudformation", "CustomResourceResponse", principal, scope)?;
    context
        .transact(&call, |_, tx| {
            let Some(mut waiting) = tx.get::<CustomRequest>(scope, id)? else { return Ok(None) };
            let genuine: bool = waiting.secret.0.as_bytes().ct_eq(given.as_bytes()).into();
            if !genuine {
                return Ok(None);
            }
            // Only the first answer counts, as on AWS.
            if waiting.answer.is_none() {
                waiting.answer = Some(Secret(body.to_owned()));
                tx.signal(CustomRequest::topic(&waiting.id));
                tx.put(waiting)?;
            }
            Ok(Some(()))
        })
        .await
}
