//! A line, field by field: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html>.

use crate::grammar;
use crate::state::{Bucket, canonical_id};
use contract::{Principal, ServedRequest, SignedBy};
use names::Timestamp;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `06/Feb/2019:00:00:38 +0000`
fn moment(at: Timestamp) -> String {
    let (year, month, day) = at.date();
    let month = usize::try_from(month).ok().and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    let second = at.seconds().rem_euclid(86_400);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{day:02}/{}/{year}:{hour:02}:{minute:02}:{:02} +0000", month.unwrap_or(&"Jan"), second % 60)
}

/// The canonical id of a root user, the ARN of anybody else; nothing for nobody.
fn requester(principal: &Principal) -> String {
    match principal {
        Principal::Anonymous => "-".into(),
        Principal::Root(account) => canonical_id(*account),
        other => other.arn(),
    }
}

/// Without what would end the field: quotes and line ends are escaped.
fn quoted(text: Option<&str>) -> String {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return "\"-\"".into() };
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("%22"),
            control if control.is_control() => out.push_str(&grammar::url(&control.to_string())),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A field without quotes, which what a client sends cannot leave.
fn word(text: &str) -> String {
    let kept = |character: char| character.is_ascii_graphic() && character != '"';
    let escaped = text.chars().map(|character| match kept(character) {
        true => character.to_string(),
        false => {
            percent_encoding::utf8_percent_encode(&character.to_string(), percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        }
    });
    or_dash(Some(escaped.collect::<String>()).filter(|text| !text.is_empty()))
}

fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".into(), |value| value.to_string())
}

/// `REST.GET.OBJECT` and its kin.
fn operation(request: &ServedRequest) -> String {
    let method = request.method.as_str();
    let resource = match request.operation {
        "PutObject" | "GetObject" | "HeadObject" | "DeleteObject" | "PostObject" => "OBJECT",
        "CopyObject" => return "REST.COPY.OBJECT".into(),
        "UploadPartCopy" => return "REST.COPY.PART".into(),
        "UploadPart" => "PART",
        "CreateMultipartUpload" | "ListMultipartUploads" => "UPLOADS",
        "CompleteMultipartUpload" | "AbortMultipartUpload" | "ListParts" => "UPLOAD",
        "DeleteObjects" => "MULTI_OBJECT_DELETE",
        "GetObjectAttributes" => "OBJECT_ATTRIBUTES",
        "ListObjectVersions" => "BUCKETVERSIONS",
        "GetBucketLocation" => "LOCATION",
        name if name.ends_with("ObjectTagging") => "OBJECT_TAGGING",
        name if name.ends_with("ObjectAcl") || name.ends_with("BucketAcl") => "ACL",
        name if name.ends_with("BucketTagging") => "TAGGING",
        name if name.ends_with("BucketPolicy") => "BUCKETPOLICY",
        "GetBucketPolicyStatus" => "POLICY_STATUS",
        name if name.ends_with("BucketVersioning") => "VERSIONING",
        name if name.ends_with("PublicAccessBlock") => "PUBLIC_ACCESS_BLOCK",
        name if name.ends_with("BucketEncryption") => "ENCRYPTION",
        name if name.ends_with("OwnershipControls") => "OWNERSHIP_CONTROLS",
        name if name.ends_with("BucketLogging") => "LOGGING_STATUS",
        name if name.ends_with("NotificationConfiguration") => "NOTIFICATION",
        name if name.ends_with("BucketCors") => "CORS",
        name if name.contains("BucketLifecycle") => "LIFECYCLE",
        "GetBucketReplication" => "REPLICATION",
        "GetBucketWebsite" => "WEBSITE",
        "GetBucketAccelerateConfiguration" => "ACCELERATE",
        "GetBucketRequestPayment" => "REQUEST_PAYMENT",
        "GetObjectLockConfiguration" => "OBJECT_LOCK_CONFIGURATION",
        _ => "BUCKET",
    };
    format!("REST.{method}.{resource}")
}

/// Keys are escaped twice, as S3 writes them.
fn key(request: &ServedRequest) -> String {
    request.label("Key").filter(|key| !key.is_empty()).map_or_else(|| "-".into(), grammar::url)
}

pub(super) fn of(request: &ServedRequest, bucket: &Bucket) -> String {
    let (signature, authentication) = match request.signed_by {
        SignedBy::Nobody => ("-", "-"),
        SignedBy::Header => ("SigV4", "AuthHeader"),
        SignedBy::Query => ("SigV4", "QueryString"),
        SignedBy::Form => ("SigV4", "-"),
    };
    let version = request.parameter("versionId");
    let (cipher, tls) = if request.tls { ("TLS_AES_128_GCM_SHA256", "TLSv1.3") } else { ("-", "-") };
    let line = format!("{} {} HTTP/1.1", request.method, request.uri);
    let fields = [
        canonical_id(bucket.scope.account),
        bucket.name.clone(),
        format!("[{}]", moment(request.at)),
        or_dash(request.source_ip),
        requester(&request.principal),
        wire::short_request_id(request.id),
        operation(request),
        key(request),
        quoted(Some(&line)),
        request.status.to_string(),
        or_dash(request.error_code.as_deref()),
        or_dash(request.sent.filter(|sent| *sent > 0)),
        or_dash(request.object_size),
        request.elapsed.as_millis().to_string(),
        or_dash((request.status < 400).then_some(request.elapsed.as_millis())),
        quoted(request.referer.as_deref()),
        quoted(Some(&request.user_agent)),
        word(version.as_deref().unwrap_or_default()),
        wire::extended_request_id(request.id),
        signature.into(),
        cipher.into(),
        authentication.into(),
        word(&request.host),
        tls.into(),
        "-".into(),
        "-".into(),
    ];
    fields.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_cannot_be_left() {
        assert_eq!(quoted(Some("a \"b\"\r\nc")), "\"a %22b%22%0D%0Ac\"");
        assert_eq!(quoted(None), "\"-\"");
        assert_eq!(word("x \"y\"\nz:4566"), "x%20%22y%22%0Az:4566");
        assert_eq!(word(""), "-");
        assert_eq!(moment(Timestamp::from_seconds(1_795_253_400)), "21/Nov/2026:09:30:00 +0000");
    }
}
