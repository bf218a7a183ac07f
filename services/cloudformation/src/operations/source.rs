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
    let object = object(url, &[&context.endpoint, &call.client.endpoint]);
    let Object { bucket, key, version_id } =
        object.ok_or_else(|| invalid("TemplateURL must be a supported URL."))?;
    let caller = context.caller(
        call.principal.clone(),
        call.scope(),
        call.chain.through(crate::engine::SERVICE_PRINCIPAL),
    );
    let get = api_s3::GetObject { bucket, key, version_id, ..Default::default() };
    let answer = caller.call(get).await.map_err(|error| {
        let more =
            "For more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html";
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
    String::from_utf8(bytes).map_err(|_| invalid("Template format error: unsupported structure."))
}

/// An object in S3.
#[derive(Debug, PartialEq)]
struct Object {
    bucket: String,
    key: String,
    version_id: Option<String>,
}

/// The object of a URL: `https://BUCKET.s3….amazonaws.com/KEY`, `https://s3….amazonaws.com/BUCKET/KEY`, or one of these at an endpoint of this
/// cloud. No other host is meant to be S3.
fn object(url: &str, endpoints: &[&str]) -> Option<Object> {
    let rest = |url| str::strip_prefix(url, "https://").or_else(|| url.strip_prefix("http://"));
    let (authority, path) = rest(url)?.split_once('/')?;
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let decoded =
        |text: &str| Some(percent_encoding::percent_decode_str(text).decode_utf8().ok()?.into_owned());
    let path = decoded(path)?;
    let host = authority.split(':').next()?;
    let is_ours = |host: &str| {
        matches!(host, "localhost" | "127.0.0.1")
            || host.ends_with(".localhost")
            || endpoints.iter().any(|endpoint| {
                rest(endpoint).and_then(|rest| rest.split(['/', ':']).next()).is_some_and(|own| own == host)
            })
    };
    let is_aws = |host: &str| host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn");
    let at = host.find(".s3.").or_else(|| host.find(".s3-"));
    let (bucket, key) = match at.and_then(|at| Some((host.get(..at)?, host.get(at + 4..)?))) {
        Some((bucket, domain)) if is_aws(host) || is_ours(domain) => (bucket.to_owned(), path),
        None if is_ours(host) || (is_aws(host) && (host.starts_with("s3.") || host.starts_with("s3-"))) => {
            let (bucket, key) = path.split_once('/')?;
            (bucket.to_owned(), key.to_owned())
        }
        _ => return None,
    };
    let version_id = query.split('&').find_map(|pair| pair.strip_prefix("versionId=")).map(decoded);
    let version_id = match version_id {
        Some(version_id) => Some(version_id?),
        None => None,
    };
    (!bucket.is_empty() && !key.is_empty()).then_some(Object { bucket, key, version_id })
}

/// Reads a template.
pub(super) fn parse(text: &str, source: Source) -> Result<Template, Error> {
    Template::parse(text, source).map_err(refused)
}

/// A template's error as the API answers it.
pub(super) fn refused(error: TemplateError) -> Error {
    match error.kind() {
        TemplateErrorKind::InsufficientCapabilities => {
            InsufficientCapabilitiesException::new(error.message()).into()
        }
        TemplateErrorKind::Validation | TemplateErrorKind::NotBuilt => invalid(error.message()),
    }
}

#[cfg(test)]
mod tests {
    use super::object;

    #[test]
    fn urls_of_objects() {
        let found = |url| {
            object(url, &["http://cloud.test:4566"])
                .map(|it| format!("{} {} {:?}", it.bucket, it.key, it.version_id))
        };
        assert_eq!(
            found("https://b.s3.us-east-1.amazonaws.com/a/t.yaml").as_deref(),
            Some("b a/t.yaml None")
        );
        assert_eq!(found("https://s3.amazonaws.com/b/t%20x.yaml").as_deref(), Some("b t x.yaml None"));
        assert_eq!(
            found("http://127.0.0.1:4566/b/t.yaml?versionId=1").as_deref(),
            Some("b t.yaml Some(\"1\")")
        );
        assert_eq!(found("http://cloud.test:4566/b/t.yaml").as_deref(), Some("b t.yaml None"));
        assert_eq!(found("http://b.s3.localhost:4566/t.yaml").as_deref(), Some("b t.yaml None"));
        for other in [
            "file:///etc/passwd",
            "https://s3.amazonaws.com/b",
            "https://example.com/b/t.yaml",
            "https://b.s3.example.com/t.yaml",
        ] {
            assert_eq!(found(other), None, "{other}");
        }
    }
}
