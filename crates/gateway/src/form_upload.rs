//! S3's browser uploads: a form that is posted to a bucket is a PutObject by whoever signed the form's policy.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-UsingHTTPPOST.html>
//!
//! The fields before the file become headers of that PutObject; the file streams. Fields after the file are ignored, as on AWS.

use crate::answer::{Answer, finished};
use crate::authenticate::{CallerIdentity, from_answer, session};
use crate::body::Incoming;
use crate::gateway::{Arrival, Gateway, Refusal};
use crate::multipart_form::{Form, malformed, read_fields};
use crate::received::Received;
use crate::recognize::{Recognized, Unrecognized};
use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use pipeline::Decoded;
use sigv4::post::{Field, Policy, PostError};
use sigv4::{AuthError, Flavor, Options, SecretKey, SigningKey};
use std::sync::Arc;
use wire::{ErrorResponse, Protocol};

/// The name that such a call has: S3 tells its events apart from PutObject's.
pub(crate) const OPERATION: &str = "PostObject";

/// What a key's path in a URL leaves as it is.
const KEY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Received {
    /// A form that is posted to a bucket.
    pub(crate) fn is_form_upload(&self) -> bool {
        self.method() == "POST"
            && self.query().is_empty()
            && self.header("content-type").is_some_and(|kind| {
                kind.get(..19).is_some_and(|start| start.eq_ignore_ascii_case("multipart/form-data"))
            })
            && !self.bucket_path().trim_matches('/').is_empty()
            && !self.bucket_path().trim_matches('/').contains('/')
    }
}

pub(crate) fn argument(message: &str, name: &str, value: &str) -> ErrorResponse {
    let mut error = ErrorResponse::sender("InvalidArgument", message);
    error.members.push(("ArgumentName", name.to_owned().into()));
    error.members.push(("ArgumentValue", value.to_owned().into()));
    error
}

fn not_implemented(field: &str) -> ErrorResponse {
    let sentence = "A header you provided implies functionality that is not implemented";
    let mut error = ErrorResponse::new("NotImplemented", sentence, 501);
    error.members.push(("Header", field.to_owned().into()));
    error
}

/// Whatever of a form is asked for by name, in any case.
fn value<'a>(fields: &'a [Field], name: &str) -> Option<&'a str> {
    fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// The header of PutObject that a field stands for; None for fields that are about the form itself.
fn header(field: &str) -> Result<Option<String>, ErrorResponse> {
    let field = field.to_ascii_lowercase();
    Ok(match field.as_str() {
        "acl" => Some("x-amz-acl".into()),
        "tagging" => return Err(not_implemented("tagging")),
        "cache-control" | "content-type" | "content-disposition" | "content-encoding" | "expires" => {
            Some(field)
        }
        "x-amz-algorithm"
        | "x-amz-credential"
        | "x-amz-date"
        | "x-amz-signature"
        | "x-amz-security-token" => None,
        name if name.starts_with("x-amz-") => Some(field),
        _ => None,
    })
}

impl Gateway {
    /// Answers a form upload.
    pub(crate) async fn upload_form(
        &self,
        received: Received,
        incoming: Incoming,
        arrival: Arrival,
    ) -> Result<Answer, Box<Refusal>> {
        let service = self.service("s3");
        let refuse = |error| Refusal::of(&received, service, Protocol::RestXml, error);
        let bucket = received.bucket_path().trim_matches('/').to_owned();
        let kind = received.header("content-type").unwrap_or_default();
        let mut form = Form::new(kind, incoming).map_err(refuse)?;
        let (mut fields, file) = read_fields(&mut form).await.map_err(refuse)?;
        let filename = file.filename.as_deref().unwrap_or_default();
        let filename = filename.rsplit(['/', '\\']).next().unwrap_or_default();
        for (name, value) in &mut fields {
            if !["policy", "x-amz-signature"].iter().any(|fixed| name.eq_ignore_ascii_case(fixed)) {
                *value = value.replace("${filename}", filename);
            }
        }
        let (caller, policy) =
            self.authenticate_form(&bucket, &fields, &received, &arrival).map_err(refuse)?;
        let key = value(&fields, "key").unwrap_or_default().to_owned();
        if key.is_empty() {
            let error = PostError::MissingField { field: "key" };
            return Err(refuse(from_answer(error.answer())));
        }
        let account = caller.as_ref().and_then(|caller| caller.principal.account());
        let limited = self.admit_request(account, Protocol::RestXml, arrival.now).map_err(refuse)?;
        let put = as_put(&received, &bucket, &key, &fields).map_err(refuse)?;

        let recognized = self.recognizer.recognize(&put, Some("s3")).map_err(|unrecognized| {
            let Unrecognized { service, protocol, error } = *unrecognized;
            Refusal::of(&received, service, protocol, error)
        })?;
        let Recognized { operation, protocol, labels } = recognized;
        let schema = operation.schema();
        if schema.name != "PutObject" {
            // A field may not make another operation of it (`x-amz-copy-source`).
            return Err(refuse(not_implemented(schema.name)));
        }
        if let Some(limited) = limited {
            let coming = received.declared_length();
            self.admit_bytes(&limited, schema, coming, arrival.now).await.map_err(refuse)?;
        }
        let id = arrival.id;
        let mut call = self.describe(&received, caller, arrival, schema);
        call.operation = (schema.service.name, OPERATION);
        let noted = self.note(&received, &call, schema, &labels);
        let body = form.file(policy);
        let head = wire::Incoming { headers: &put.headers, query: put.query(), labels: &labels, body: &body };
        let mut input = None;
        wire::decode_with(protocol, schema, &head, &|| call.entropy.uuid(), &mut |reader| {
            input = Some(operation.read(reader)?);
            Ok(())
        })
        .map_err(refuse)?;
        let missing = || ErrorResponse::new("InternalFailure", "The request was not read.", 500);
        let input = input.ok_or_else(|| refuse(missing()))?;
        let decoded = Decoded { operation: Arc::clone(&operation), input, call };
        let output = match self.pipeline.run(decoded).await {
            Ok(output) => output,
            Err(error) => {
                if let Some(noted) = noted {
                    noted.refused(&error, self);
                }
                return Err(refuse(error));
            }
        };
        let response =
            wire::encode_response(protocol, schema, id, &|writer| operation.write_output(&output, writer))
                .map_err(|error| {
                    tracing::error!(%error, "the answer to a form upload cannot be encoded");
                    refuse(ErrorResponse::new("InternalFailure", "The answer cannot be encoded.", 500))
                })?;
        let answer = thanks(finished(response, false), &received, &bucket, &key, &fields);
        if let Some(noted) = noted {
            noted.answered(&answer, self);
        }
        Ok(answer)
    }

    /// Who signed the form's policy, and the policy, whose conditions the fields meet. Nobody, where there is none.
    fn authenticate_form(
        &self,
        bucket: &str,
        fields: &[Field],
        received: &Received,
        arrival: &Arrival,
    ) -> Result<(Option<CallerIdentity>, Option<Policy>), ErrorResponse> {
        let of_post = |error: PostError| from_answer(error.answer());
        let of_auth = |error: AuthError| from_answer(error.answer(Flavor::S3));
        let credential = |access_key_id: &str| {
            let store = &self.pipeline.context().store;
            let found = self.authenticator.credential(access_key_id, received, store)?;
            let unknown = || AuthError::UnknownAccessKey { access_key_id: access_key_id.to_owned() };
            found.ok_or_else(|| of_auth(unknown()))
        };
        let (credential, access_key_id, region, policy) = match sigv4::post::parse(fields) {
            Ok(None) => return Ok((None, None)),
            Ok(Some(presented)) => {
                let credential = credential(&presented.access_key_id)?;
                let secret = SecretKey::new(credential.secret.0.as_str());
                let scope = &presented.scope;
                let key = SigningKey::derive(&secret, &scope.date, &scope.region, &scope.service);
                let options = Options::new(Flavor::S3, "s3");
                let policy = presented.verify(&key, arrival.now, &options).map_err(of_post)?;
                let token = presented.session_token.as_deref();
                session(&credential, token, &|it| presented.session_token_is(it), arrival.now)
                    .map_err(of_auth)?;
                // `verify` has found the scope's region to be one.
                let region = scope.region.parse().unwrap_or(self.options.region);
                (credential, presented.access_key_id, region, policy)
            }
            // SDKs still sign forms so for the older regions.
            Err(PostError::Auth(AuthError::SignatureVersion2)) => {
                let presented = sigv4::version2::parse_form(fields).map_err(of_post)?;
                let credential = credential(&presented.access_key_id)?;
                let secret = SecretKey::new(credential.secret.0.as_str());
                let policy = presented.verify(&secret, arrival.now).map_err(of_post)?;
                let token = presented.session_token.as_deref();
                session(&credential, token, &|it| presented.session_token_is(it), arrival.now)
                    .map_err(of_auth)?;
                (credential, presented.access_key_id, self.options.region, policy)
            }
            Err(error) => return Err(of_post(error)),
        };
        policy.check(bucket, fields).map_err(of_post)?;
        let (principal, multi_factor) = (credential.principal, credential.multi_factor);
        Ok((Some(CallerIdentity { principal, access_key_id, region, multi_factor }), Some(policy)))
    }
}

/// The PutObject that the form stands for.
fn as_put(received: &Received, bucket: &str, key: &str, fields: &[Field]) -> Result<Received, ErrorResponse> {
    let escaped = utf8_percent_encode(key, KEY);
    let path = match received.bucket_of_host() {
        Some(_) => format!("/{escaped}"),
        None => format!("/{}/{escaped}", utf8_percent_encode(bucket, KEY)),
    };
    let mut request = http::Request::builder().method("PUT").uri(path).body(()).map_err(|_| malformed())?;
    for name in ["host", "user-agent"] {
        if let Some(value) = received.headers.get(name) {
            request.headers_mut().insert(name, value.clone());
        }
    }
    for (field, value) in fields {
        let Some(name) = header(field)? else { continue };
        let invalid = || argument("The value of the field cannot be a header's.", field, value);
        let name = HeaderName::try_from(name).map_err(|_| invalid())?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| invalid())?;
        request.headers_mut().insert(name, value);
    }
    let (parts, ()) = request.into_parts();
    Ok(Received::new(parts, received.peer, received.tls))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The answer that the form asks for: a redirection, a document, or nothing.
fn thanks(put: Answer, received: &Received, bucket: &str, key: &str, fields: &[Field]) -> Answer {
    let etag = put.0.headers().get("etag").and_then(|etag| etag.to_str().ok()).unwrap_or_default().to_owned();
    let escaped = utf8_percent_encode(key, KEY).to_string();
    let location = match received.bucket_of_host() {
        Some(_) => format!("{}/{escaped}", received.endpoint()),
        None => format!("{}/{bucket}/{escaped}", received.endpoint()),
    };
    let redirect = value(fields, "success_action_redirect").or_else(|| value(fields, "redirect"));
    let redirect = redirect.filter(|url| url.starts_with("http://") || url.starts_with("https://"));
    let redirect = redirect.and_then(|url| {
        let join = if url.contains('?') { '&' } else { '?' };
        let every = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let url = format!("{url}{join}bucket={}&key={}&etag={}", every(bucket), every(key), every(&etag));
        HeaderValue::try_from(url).ok()
    });
    let (status, body) = match value(fields, "success_action_status") {
        _ if redirect.is_some() => (303, String::new()),
        Some("200") => (200, String::new()),
        Some("201") => {
            let [location, bucket, key, etag] = [&location, bucket, key, &etag].map(escape);
            let document = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PostResponse><Location>{location}</Location>\
                 <Bucket>{bucket}</Bucket><Key>{key}</Key><ETag>{etag}</ETag></PostResponse>"
            );
            (201, document)
        }
        _ => (204, String::new()),
    };
    let kind = if status == 201 { "application/xml" } else { "text/plain" };
    let mut answer = Answer::new(status, kind, Bytes::from(body));
    for (name, value) in put.0.headers() {
        if name != "content-length" && name != "content-type" {
            answer.0.headers_mut().insert(name.clone(), value.clone());
        }
    }
    let location = redirect.or_else(|| HeaderValue::try_from(location).ok());
    if let Some(location) = location {
        answer.0.headers_mut().insert(http::header::LOCATION, location);
    }
    answer
}
