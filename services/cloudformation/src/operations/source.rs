//! Where a template comes from.

use super::invalid;
use crate::template::{Source, Template, TemplateError, TemplateErrorKind};
use api_cloudformation::{Error, InsufficientCapabilitiesException};
use contract::{Call, Context};
use futures::StreamExt;

/// A template of more bytes is refused whatever its source.
const LARGEST: usize = 1 << 20;

/// A template's text, from the body or from S3, and its source.
pub(super) async fn text(
    body: Option<&str>,
    url: Option<&str>,
    call: &Call,
    context: &Context,
) -> Result<(String, Source), Error> {
    match (body, url) {
        (Some(body), None) => Ok((body.to_owned(), Source::Body)),
        (None, Some(url)) => Ok((fetch(url, call, context).await?, Source::S3)),
        (None, None) => Err(invalid("Either Template URL or Template Body must be specified.")),
        (Some(_), Some(_)) => Err(invalid("Specify only one of Template URL and Template Body.")),
    }
}

/// The object that a URL of S3 names, read as the caller.
async fn fetch(url: &str, call: &Call, context: &Context) -> Result<String, Error> {
    let (bucket, key) = object(url).ok_or_else(|| invalid("TemplateURL must be a supported URL."))?;
    let caller = context.caller(call.principal.clone(), call.scope(), call.chain.through(crate::engine::SERVICE_PRINCIPAL));
    let get = api_s3::GetObject { bucket, key, ..Default::default() };
    let answer = caller.call(get).await.map_err(|error| {
        let more = "For more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html";
        invalid(format!("S3 error: {}\n{more}", error.message))
    })?;
    let mut bytes = Vec::new();
    let mut chunks = answer.body.unwrap_or_default().into_chunks();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| invalid(format!("S3 error: {error}")))?;
        if bytes.len() + chunk.len() > LARGEST {
            return Err(invalid("Template may not exceed 1000000 bytes in size."));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| invalid("Template format error: the template is not UTF-8."))
}

/// The bucket and key of a URL: `https://BUCKET.s3….amazonaws.com/KEY`, `https://s3….amazonaws.com/BUCKET/KEY`, or a path at this endpoint.
fn object(url: &str) -> Option<(String, String)> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/')?;
    let path = path.split('?').next()?;
    let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?.into_owned();
    let name = host.split(':').next()?;
    let virtual_host = name.find(".s3.").or_else(|| name.find(".s3-")).and_then(|at| name.get(..at));
    let (bucket, key) = match virtual_host {
        Some(bucket) => (bucket.to_owned(), path),
        None => {
            let (bucket, key) = path.split_once('/')?;
            (bucket.to_owned(), key.to_owned())
        }
    };
    (!bucket.is_empty() && !key.is_empty()).then_some((bucket, key))
}

/// Reads a template.
pub(super) fn parse(text: &str, source: Source) -> Result<Template, Error> {
    Template::parse(text, source).map_err(refused)
}

/// A template's error as the API answers it.
pub(super) fn refused(error: TemplateError) -> Error {
    match error.kind() {
        TemplateErrorKind::InsufficientCapabilities => InsufficientCapabilitiesException::new(error.message()).into(),
        TemplateErrorKind::Validation | TemplateErrorKind::NotBuilt => invalid(error.message()),
    }
}

#[cfg(test)]
mod tests {
    use super::object;

    #[test]
    fn urls_of_objects() {
        let found = |url| object(url).map(|(bucket, key)| format!("{bucket} {key}"));
        assert_eq!(found("https://b.s3.us-east-1.amazonaws.com/a/t.yaml").as_deref(), Some("b a/t.yaml"));
        assert_eq!(found("https://s3.amazonaws.com/b/t%20x.yaml").as_deref(), Some("b t x.yaml"));
        assert_eq!(found("http://127.0.0.1:4566/b/t.yaml?versionId=1").as_deref(), Some("b t.yaml"));
        assert_eq!(found("file:///etc/passwd"), None);
        assert_eq!(found("https://s3.amazonaws.com/b"), None);
    }
}
