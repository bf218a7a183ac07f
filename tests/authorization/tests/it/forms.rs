//! S3's browser uploads: whoever signed the form's policy writes the object, as far as the policy and their permissions go.

use crate::cloud::Cloud;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use sigv4::{Credentials, SecretKey, Signer};
use testkit::START;

const HOST: &str = "127.0.0.1:4566";

fn plain(method: Method, uri: &str, body: &str) -> Request<Bytes> {
    let body = Bytes::from(body.to_owned());
    let request =
        Request::builder().method(method).uri(uri).header("host", HOST).header("content-length", body.len());
    request.body(body).unwrap()
}

fn post(fields: &[(String, String)], file: &str) -> Request<Bytes> {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!(
            "--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(&format!(
        "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"my cat.txt\"\r\n\r\n{file}\r\n--xyz--\r\n"
    ));
    let mut request = plain(Method::POST, "/photos", &body);
    request.headers_mut().insert("content-type", "multipart/form-data; boundary=xyz".parse().unwrap());
    request
}

/// A form that may put what begins with `up/`, of 1 to 10 bytes.
fn signed(credentials: &Credentials, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let credential = format!("{}/20261121/us-east-1/s3/aws4_request", credentials.access_key_id);
    let date = START.compact();
    let policy = format!(
        r#"{{"expiration":"2026-11-21T10:30:00Z","conditions":[{{"bucket":"photos"}},["starts-with","$key","up/"],
        {{"success_action_status":"201"}},["content-length-range",1,10],{{"x-amz-algorithm":"AWS4-HMAC-SHA256"}},
        {{"x-amz-credential":"{credential}"}},{{"x-amz-date":"{date}"}}]}}"#
    );
    let policy = STANDARD.encode(policy);
    let signer = Signer { credentials, region: "us-east-1", service: "s3" };
    let signature = signer.sign_policy(&policy, START).to_string();
    let mut fields: Vec<(String, String)> = [
        ("key", "up/${filename}"),
        ("success_action_status", "201"),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-credential", &credential),
        ("x-amz-date", &date),
        ("policy", &policy),
        ("x-amz-signature", &signature),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    for (name, value) in more {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    fields
}

fn refusal(answer: &Response<Bytes>) -> (StatusCode, String) {
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    let code = text.split("<Code>").nth(1).and_then(|rest| rest.split("</Code>").next());
    (answer.status(), code.unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_as_good_as_its_signer() {
    let cloud = Cloud::start().await;
    let root = cloud.root_key().await;
    let make = cloud.exchange(cloud.sign(plain(Method::PUT, "/photos", ""), "s3", &root)).await;
    assert_eq!(make.status(), StatusCode::OK);
    let answer = cloud.exchange(post(&signed(&root, &[]), "meow")).await;
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    assert_eq!(answer.status(), StatusCode::CREATED, "{text}");
    assert!(text.contains("<Key>up/my cat.txt</Key>"), "{text}");
    let read = plain(Method::GET, "/photos/up/my%20cat.txt", "");
    let read = cloud.exchange(cloud.sign(read, "s3", &root)).await;
    assert_eq!(read.body(), "meow");

    let denied = (StatusCode::FORBIDDEN, "AccessDenied".to_owned());
    let other_key = signed(&root, &[("key", "elsewhere/${filename}")]);
    assert_eq!(refusal(&cloud.exchange(post(&other_key, "meow")).await), denied);
    let extra = signed(&root, &[("x-amz-meta-a", "b")]);
    assert_eq!(refusal(&cloud.exchange(post(&extra, "meow")).await), denied);
    let large = cloud.exchange(post(&signed(&root, &[]), "meow meow meow")).await;
    assert_eq!(refusal(&large), (StatusCode::BAD_REQUEST, "EntityTooLarge".to_owned()));
    let forged = signed(&root, &[("x-amz-signature", &"0".repeat(64))]);
    assert_eq!(
        refusal(&cloud.exchange(post(&forged, "meow")).await),
        (StatusCode::FORBIDDEN, "SignatureDoesNotMatch".to_owned())
    );
    let stranger = Credentials {
        access_key_id: "AKIAIOSFODNN7EXAMPLE".into(),
        secret: SecretKey::new("unknown"),
        session_token: None,
    };
    assert_eq!(
        refusal(&cloud.exchange(post(&signed(&stranger, &[]), "meow")).await),
        (StatusCode::FORBIDDEN, "InvalidAccessKeyId".to_owned())
    );
    // Without a signature, only a bucket that is open to all would take it; and a field makes no other operation of it.
    let unsigned = [("key".to_owned(), "up/a".to_owned())];
    assert_eq!(refusal(&cloud.exchange(post(&unsigned, "meow")).await), denied);
    let copy = [unsigned[0].clone(), ("x-amz-copy-source".to_owned(), "photos/up/my cat.txt".to_owned())];
    assert_eq!(refusal(&cloud.exchange(post(&copy, "meow")).await).0, StatusCode::NOT_IMPLEMENTED);
    let none: [(String, String); 0] = [];
    assert_eq!(refusal(&cloud.exchange(post(&none, "meow")).await).0, StatusCode::BAD_REQUEST);
    let read = plain(Method::GET, "/photos/up/my%20cat.txt", "");
    let read = cloud.exchange(cloud.sign(read, "s3", &root)).await;
    assert_eq!(read.body(), "meow");
}
