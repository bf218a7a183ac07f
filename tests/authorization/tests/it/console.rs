//! The console's server side: its files, sign-in, who is answered under `/_cloudchamber/`, and what keeps pages of buckets from it.

use crate::cloud::Cloud;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use sigv4::{Credentials, SecretKey};
use wire::Document;

const HOST: &str = "127.0.0.1:4566";
pub(crate) const CHANGES: &str = "/_cloudchamber/changes";
const MAIL: &str = "/_cloudchamber/mail";
const SETTINGS: &str = "/_cloudchamber/settings";
const SIGN_IN: &str = "/_cloudchamber/signin";
const PASSWORD: &str = "First-Password-1";
/// What a browser says of a request of a script of our own pages.
pub(crate) const SCRIPT: [(&str, &str); 2] = [("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "empty")];

pub(crate) fn request(
    method: Method,
    uri: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Request<Bytes> {
    let body = body.into();
    let mut request = Request::builder().method(method).uri(uri).header("content-length", body.len());
    if headers.iter().all(|(name, _)| *name != "host") {
        request = request.header("host", HOST);
    }
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).body(body).unwrap()
}

pub(crate) fn get(uri: &str, headers: &[(&str, &str)]) -> Request<Bytes> {
    request(Method::GET, uri, headers, "")
}

fn json(answer: &Response<Bytes>) -> Document {
    Document::parse_bytes(answer.body()).unwrap()
}

fn text(document: &Document, name: &str) -> String {
    document.get(name).and_then(Document::as_str).unwrap_or_default().to_owned()
}

pub(crate) fn code(answer: &Response<Bytes>) -> (u16, String) {
    (answer.status().as_u16(), text(&json(answer), "code"))
}

fn policy(answer: &Response<Bytes>) -> &str {
    answer.headers().get("content-security-policy").map_or("", |value| value.to_str().unwrap())
}

fn as_user(name: &str, password: &str) -> Bytes {
    let account = testkit::ACCOUNT;
    wire::document!({ "account": account, "userName": name, "password": password }).to_string().into()
}

/// Makes an account, and answers its root's key.
pub(crate) fn account(cloud: &Cloud, id: &str) -> Credentials {
    let key = iam::accounts::RootKey {
        access_key_id: format!("AKIA{id}ROOT"),
        secret: contract::Secret("secret".into()),
        well_known: false,
    };
    let (store, now) = (&cloud.cloud.context().store, cloud.cloud.now());
    store.transact(None, |tx| iam::accounts::ensure_account(tx, id.parse().unwrap(), &key, "", now)).unwrap();
    Credentials { access_key_id: key.access_key_id, secret: SecretKey::new("secret"), session_token: None }
}

/// The root of another account.
pub(crate) fn stranger(cloud: &Cloud) -> Credentials {
    account(cloud, "444455556666")
}

/// Gives a user of the cloud a password and signs in from the console's page.
pub(crate) async fn sign_in(cloud: &Cloud, name: &str) -> Credentials {
    account(cloud, testkit::ACCOUNT);
    let create = api_iam::CreateLoginProfile {
        user_name: Some(name.into()),
        password: Some(PASSWORD.into()),
        password_reset_required: None,
    };
    cloud.root.call(create).await.unwrap();
    let answer = cloud.exchange(request(Method::POST, SIGN_IN, &SCRIPT, as_user(name, PASSWORD))).await;
    assert_eq!(answer.status(), StatusCode::OK, "{:?}", answer.body());
    let told = json(&answer);
    Credentials {
        access_key_id: text(&told, "accessKeyId"),
        secret: SecretKey::new(text(&told, "secretAccessKey")),
        session_token: Some(text(&told, "sessionToken")),
    }
}

#[tokio::test]
async fn the_sign_in_page_may_know_what_is_no_secret() {
    let cloud = Cloud::start().await;
    for headers in [&[][..], &SCRIPT] {
        let answer = cloud.exchange(get(SETTINGS, headers)).await;
        let told = json(&answer);
        assert_eq!(
            (text(&told, "account"), text(&told, "region")),
            (testkit::ACCOUNT.into(), "us-east-1".into())
        );
        assert_eq!(told.get("wellKnownRootKey").and_then(Document::as_bool), Some(false));
        assert_eq!(answer.headers()["cache-control"], "no-store");
    }
    cloud.well_known_key().await;
    let told = json(&cloud.exchange(get(SETTINGS, &SCRIPT)).await);
    assert_eq!(told.get("wellKnownRootKey").and_then(Document::as_bool), Some(true));
    assert_eq!(cloud.exchange_from("192.0.2.7", get(SETTINGS, &SCRIPT)).await.status(), StatusCode::OK);
    assert_eq!(code(&cloud.exchange_from_function(get(SETTINGS, &[])).await), (403, "AccessDenied".into()));
}

#[tokio::test]
async fn neither_other_pages_nor_functions_sign_in() {
    let cloud = Cloud::start().await;
    sign_in(&cloud, "allowed").await;
    let post =
        |headers: &[(&str, &str)]| request(Method::POST, SIGN_IN, headers, as_user("allowed", PASSWORD));
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "same-origin"), ("origin", "null")],
        &[("origin", "http://127.0.0.1:3000")],
        &[("host", "evil.example:4566")],
    ] {
        assert_eq!(code(&cloud.exchange(post(headers)).await), (403, "AccessDenied".into()), "{headers:?}");
    }
    assert_eq!(code(&cloud.exchange_from_function(post(&[])).await), (403, "AccessDenied".into()));
    assert_eq!(cloud.exchange_from("192.0.2.7", post(&SCRIPT)).await.status(), StatusCode::OK);
    let wrong = request(Method::POST, SIGN_IN, &SCRIPT, as_user("allowed", "wrong"));
    assert_eq!(code(&cloud.exchange(wrong).await), (401, "AuthenticationFailed".into()));
}

#[tokio::test]
async fn sign_ins_are_in_the_event_history() {
    let cloud = Cloud::start().await;
    sign_in(&cloud, "allowed").await;
    let browser = [("user-agent", "Mozilla/5.0 (X11)")];
    for name in ["allowed", "nobody-of-that-name"] {
        cloud.exchange(request(Method::POST, SIGN_IN, &browser, as_user(name, "wrong"))).await;
    }
    cloud.cloud.context().store.flush_appended().unwrap();
    let lookup = wire::document!({
        "LookupAttributes": [{ "AttributeKey": "EventName", "AttributeValue": "ConsoleLogin" }]
    });
    let answer = cloud.root.call_document("cloudtrail", "LookupEvents", lookup).await.unwrap();
    let events = answer.get("Events").and_then(Document::as_array).unwrap();
    let mut told: Vec<_> = events
        .iter()
        .map(|event| {
            let record = Document::parse(&text(event, "CloudTrailEvent")).unwrap();
            let outcome =
                record.at(&["responseElements", "ConsoleLogin"]).unwrap().as_str().unwrap().to_owned();
            assert_eq!(text(&record, "sourceIPAddress"), "127.0.0.1");
            assert_eq!(text(event, "EventSource"), "signin.amazonaws.com");
            (text(event, "Username"), outcome, text(&record, "userAgent"))
        })
        .collect();
    told.sort();
    let expected = [
        ("HIDDEN_DUE_TO_SECURITY_REASONS", "Failure", "Mozilla/5.0 (X11)"),
        ("allowed", "Failure", "Mozilla/5.0 (X11)"),
        ("allowed", "Success", ""),
    ];
    assert_eq!(told, expected.map(|(name, outcome, agent)| (name.into(), outcome.into(), agent.into())));
}

/// What a bucket serves has our origin: the signature is the permission, not the origin.
#[tokio::test]
async fn a_script_is_answered_only_where_it_signs() {
    let cloud = Cloud::start().await;
    let user = sign_in(&cloud, "nobody").await;
    for page in [MAIL, CHANGES, "/_cloudchamber/health"] {
        let unsigned = cloud.exchange(get(page, &SCRIPT)).await;
        assert_eq!(code(&unsigned), (403, "MissingAuthenticationToken".into()), "{page}");
        let elsewhere = cloud.sign(get(page, &[("sec-fetch-site", "cross-site")]), "sts", &user);
        assert_eq!(code(&cloud.exchange(elsewhere).await), (403, "AccessDenied".into()), "{page}");
    }
    for page in [MAIL, "/_cloudchamber/health"] {
        let signed = cloud.sign(get(page, &SCRIPT), "sts", &user);
        assert_eq!(cloud.exchange(signed).await.status(), StatusCode::OK, "{page}");
    }
    let other_service = cloud.sign(get(MAIL, &SCRIPT), "sns", &user);
    assert_eq!(code(&cloud.exchange(other_service).await), (403, "SignatureDoesNotMatch".into()));
    let without_token = Credentials { session_token: None, ..user.clone() };
    let signed = cloud.sign(get(MAIL, &SCRIPT), "sts", &without_token);
    assert_eq!(code(&cloud.exchange(signed).await), (403, "InvalidClientTokenId".into()));

    let reset = |headers: &[(&str, &str)]| request(Method::POST, "/_cloudchamber/reset", headers, "");
    assert_eq!(code(&cloud.exchange(reset(&SCRIPT)).await), (403, "MissingAuthenticationToken".into()));
    let signed = cloud.sign(reset(&SCRIPT), "sts", &user);
    assert_eq!(code(&cloud.exchange(signed).await), (403, "AccessDenied".into()));
    // Any principal's signature opens what is open to any principal, from whatever machine.
    let afar = cloud.sign(get(MAIL, &[]), "sts", &user);
    assert_eq!(cloud.exchange_from("192.0.2.7", afar).await.status(), StatusCode::OK);
    let accounts = cloud.sign(get("/_cloudchamber/accounts", &SCRIPT), "sts", &user);
    assert_eq!(code(&cloud.exchange(accounts).await), (403, "AccessDenied".into()));
}

#[tokio::test]
async fn who_signs_sees_the_mail_of_its_own_account() {
    let cloud = Cloud::start().await;
    let running = cloud.cloud.start_work();
    let topic =
        cloud.root.call_document("sns", "CreateTopic", wire::document!({ "Name": "alarms" })).await.unwrap();
    let subscribe = wire::document!({
        "TopicArn": (text(&topic, "TopicArn")), "Protocol": "email", "Endpoint": "ann@example.com"
    });
    cloud.root.call_document("sns", "Subscribe", subscribe).await.unwrap();
    let count = async |request| {
        let answer = cloud.exchange(request).await;
        json(&answer).get("messages").and_then(Document::as_array).unwrap().len()
    };
    cloud
        .cloud
        .until("the mail has arrived", async || (count(get(MAIL, &[])).await == 1).then_some(()))
        .await;
    let own = sign_in(&cloud, "nobody").await;
    let other = stranger(&cloud);
    assert_eq!(count(cloud.sign(get(MAIL, &SCRIPT), "sts", &own)).await, 1);
    assert_eq!(count(cloud.sign(get(MAIL, &SCRIPT), "sts", &other)).await, 0);
    let id = json(&cloud.exchange(get(MAIL, &[])).await);
    let id = text(&id.get("messages").and_then(Document::as_array).unwrap()[0], "id");
    let message = format!("{MAIL}/{id}");
    let ask = async |key| cloud.exchange(cloud.sign(get(&message, &SCRIPT), "sts", key)).await.status();
    assert_eq!((ask(&own).await, ask(&other).await), (StatusCode::OK, StatusCode::NOT_FOUND));
    let empty = cloud.sign(request(Method::DELETE, MAIL, &SCRIPT, ""), "sts", &other);
    assert_eq!(json(&cloud.exchange(empty).await).to_string(), r#"{"removed":0}"#);
    assert_eq!(count(get(MAIL, &[])).await, 1);
    drop(running);
}

/// A page in a bucket has the console's origin, so a browser shows it in a sandbox without one.
#[tokio::test]
async fn pages_of_buckets_are_shown_apart() {
    let cloud = Cloud::start().await;
    let root = cloud.root_key().await;
    let put = |uri: &str, kind: &str| {
        cloud.sign(request(Method::PUT, uri, &[("content-type", kind)], "<script>"), "s3", &root)
    };
    let create = cloud.sign(request(Method::PUT, "/console", &[], ""), "s3", &root);
    assert_eq!(cloud.exchange(create).await.status(), StatusCode::OK);
    for (key, kind) in [
        ("/console/page.html", "text/html"),
        ("/console/a.svg", "image/svg+xml"),
        ("/console/a.pdf", "application/pdf"),
    ] {
        assert_eq!(cloud.exchange(put(key, kind)).await.status(), StatusCode::OK, "{key}");
    }
    let ask = async |uri: &str, headers: &[(&str, &str)]| {
        cloud.exchange(cloud.sign(get(uri, headers), "s3", &root)).await
    };
    for kind in ["document", "iframe", "frame", "embed", "object"] {
        for uri in ["/console/page.html", "/console/a.svg", "/console/none", "/console"] {
            let answer = ask(uri, &[("sec-fetch-dest", kind)]).await;
            let policy = policy(&answer);
            assert!(
                policy.starts_with("sandbox ") && !policy.contains("allow-same-origin"),
                "{kind} {uri}: {policy}"
            );
        }
    }
    let old = ask("/console/page.html", &[("user-agent", "Mozilla/5.0 (X11; Linux x86_64)")]).await;
    assert!(policy(&old).starts_with("sandbox "));
    let pdf = ask("/console/a.pdf", &[("sec-fetch-dest", "document")]).await;
    assert_eq!((policy(&pdf), &pdf.headers()["x-content-type-options"]), ("", &"nosniff".parse().unwrap()));
    // SDKs and the console's own requests get what AWS answers.
    for headers in [&[][..], &SCRIPT, &[("user-agent", "Boto3/1.43")]] {
        assert_eq!(policy(&ask("/console/page.html", headers).await), "", "{headers:?}");
    }
    // What a browser kept as an image it would run as a script, without asking.
    let image = ask("/console/page.html", &[("sec-fetch-dest", "image")]).await;
    assert_eq!(image.headers()["cache-control"], "no-store");
    let mail = cloud.exchange(get(MAIL, &[("sec-fetch-dest", "document"), ("sec-fetch-site", "none")])).await;
    assert!(policy(&mail).starts_with("sandbox "));

    // Without a signature the path is the console's, which this test's cloud was built without.
    let unsigned = cloud.exchange(get("/console/page.html", &[("sec-fetch-dest", "document")])).await;
    assert_eq!(unsigned.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(policy(&unsigned).contains("script-src http://127.0.0.1:4566/console/assets/;"));
    let at_bucket = cloud.exchange(get("/console/", &[("host", "photos.localhost:4566")])).await;
    assert!(at_bucket.status().is_client_error());
    // A function finds S3 there, and no console.
    let of_function = cloud.exchange_from_function(get("/console/page.html", &[])).await;
    assert_eq!(of_function.status(), StatusCode::FORBIDDEN);
    assert!(String::from_utf8_lossy(of_function.body()).contains("<Code>AccessDenied</Code>"));
}
