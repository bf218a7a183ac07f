//! The gateway's edges, where no operation is reached: what is unknown or not built, too large, or not for this client's eyes.

use crate::cloud::Cloud;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use wire::Document;

const HOST: &str = "127.0.0.1:4566";

fn request(
    method: Method,
    host: &str,
    uri: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Request<Bytes> {
    let body = body.into();
    let mut request =
        Request::builder().method(method).uri(uri).header("host", host).header("content-length", body.len());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body).unwrap()
}

fn get(host: &str, uri: &str) -> Request<Bytes> {
    request(Method::GET, host, uri, &[], "")
}

fn target(target: &str, body: impl Into<Bytes>) -> Request<Bytes> {
    let headers = [("x-amz-target", target), ("content-type", "application/x-amz-json-1.1")];
    request(Method::POST, HOST, "/", &headers, body)
}

fn form(host: &str, body: impl Into<Bytes>) -> Request<Bytes> {
    request(Method::POST, host, "/", &[("content-type", "application/x-www-form-urlencoded")], body)
}

fn text(answer: &Response<Bytes>) -> &str {
    std::str::from_utf8(answer.body()).unwrap()
}

fn header<'a>(answer: &'a Response<Bytes>, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}")).1;
    rest.split_once(after).unwrap_or_else(|| panic!("no {after} in {text}")).0
}

#[tokio::test]
async fn operations_that_no_service_has() {
    let cloud = Cloud::start().await;

    let answer = cloud.exchange(target("Logs_20140328.MakeCoffee", "{}")).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let document = Document::parse(text(&answer)).unwrap();
    assert_eq!(document.get("__type").and_then(Document::as_str), Some("UnknownOperationException"));
    assert_eq!(header(&answer, "x-amzn-requestid").len(), 36);

    let answer = cloud.exchange(form("iam.amazonaws.com", "Action=MakeCoffee&Version=2010-05-08")).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert_eq!(between(text(&answer), "<Code>", "</Code>"), "InvalidAction");
    assert_eq!(
        between(text(&answer), "<Message>", "</Message>"),
        "Could not find operation MakeCoffee for version 2010-05-08"
    );

    let answer =
        cloud.exchange(form("ec2.us-east-1.localhost:4566", "Action=MakeCoffee&Version=2016-11-15")).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert!(
        text(&answer).contains("<Response><Errors><Error><Code>InvalidAction</Code>"),
        "{}",
        text(&answer)
    );
    assert_eq!(
        between(text(&answer), "<Message>", "</Message>"),
        "The action MakeCoffee is not valid for this web service."
    );
}

#[tokio::test]
async fn what_is_not_built_answers_501_with_its_name() {
    let cloud = Cloud::start().await;
    for (request, name) in [
        (target("Logs_20140328.StartLiveTail", "{}"), "logs:StartLiveTail"),
        (target("DynamoDB_20120810.ListGlobalTables", "{}"), "dynamodb:ListGlobalTables"),
        // The SDK for JavaScript and Java's second write CloudTrail's target without its namespace, the others with it.
        (target("CloudTrail_20131101.StartQuery", "{}"), "cloudtrail:StartQuery"),
        (
            target("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.StartQuery", "{}"),
            "cloudtrail:StartQuery",
        ),
        (target("Kinesis_20131202.ListStreams", "{}"), "Kinesis_20131202.ListStreams"),
        (form("iam.amazonaws.com", "Action=CreateSAMLProvider&Version=2010-05-08"), "iam:CreateSAMLProvider"),
        (form("ec2.us-east-1.localhost:4566", "Action=RunInstances&Version=2016-11-15"), "ec2:RunInstances"),
        (
            get("lambda.us-east-1.localhost:4566", "/2021-10-31/functions/f/url"),
            "/2021-10-31/functions/f/url",
        ),
        (get("s3.localhost:4566", "/some-bucket?inventory&id=x"), "GET /some-bucket?inventory"),
        (request(Method::DELETE, HOST, "/some-bucket?website", &[], ""), "DELETE /some-bucket?website"),
        (request(Method::PUT, HOST, "/some-bucket/k?legal-hold=", &[], ""), "PUT /some-bucket/k?legal-hold"),
        (
            request(
                Method::POST,
                HOST,
                "/service/GraniteServiceVersion20100801/operation/ListMetricStreams",
                &[("smithy-protocol", "rpc-v2-cbor")],
                "",
            ),
            "cloudwatch:ListMetricStreams",
        ),
    ] {
        let uri = request.uri().clone();
        let answer = cloud.exchange(request).await;
        assert_eq!(
            answer.status(),
            StatusCode::NOT_IMPLEMENTED,
            "{uri}: {}",
            String::from_utf8_lossy(answer.body())
        );
        let said = String::from_utf8_lossy(answer.body());
        assert!(said.contains(name), "{uri}: {said}");
        // REST JSON has the code in a header.
        assert!(
            said.contains("NotImplemented") || header(&answer, "x-amzn-errortype") == "NotImplemented",
            "{uri}: {said}"
        );
    }
}

#[tokio::test]
async fn request_ids_are_where_each_protocol_has_them() {
    let cloud = Cloud::start().await;
    let json = cloud.exchange(target("Logs_20140328.DescribeLogGroups", "{}")).await;
    assert_eq!(header(&json, "x-amzn-requestid").len(), 36);

    for answer in [
        cloud.exchange(form("iam.amazonaws.com", "Action=ListUsers&Version=2010-05-08")).await,
        cloud.exchange(form("ec2.us-east-1.localhost:4566", "Action=DescribeVpcs&Version=2016-11-15")).await,
    ] {
        let id = header(&answer, "x-amzn-requestid");
        assert_eq!(id.len(), 36, "{}", text(&answer));
        assert!(text(&answer).contains(id), "the id of the header is the one of the body: {}", text(&answer));
    }

    let lambda = cloud.exchange(get("lambda.us-east-1.localhost:4566", "/2015-03-31/functions")).await;
    assert_eq!(header(&lambda, "x-amzn-requestid").len(), 36);
    assert_eq!(header(&lambda, "x-amzn-errortype"), "MissingAuthenticationTokenException");

    let s3 = cloud.exchange(get("s3.localhost:4566", "/some-bucket")).await;
    assert_eq!(header(&s3, "x-amz-request-id"), between(text(&s3), "<RequestId>", "</RequestId>"));
    assert_eq!(header(&s3, "x-amz-id-2"), between(text(&s3), "<HostId>", "</HostId>"));
}

#[tokio::test]
async fn errors_of_head_have_no_body() {
    let cloud = Cloud::start().await;
    let anonymous = cloud.exchange(request(Method::HEAD, HOST, "/no-such-bucket", &[], "")).await;
    assert_eq!((anonymous.status(), anonymous.body().len()), (StatusCode::FORBIDDEN, 0));

    let root = cloud.root_key().await;
    let absent = cloud.sign(request(Method::HEAD, HOST, "/no-such-bucket", &[], ""), "s3", &root);
    let absent = cloud.exchange(absent).await;
    assert_eq!((absent.status(), absent.body().len()), (StatusCode::NOT_FOUND, 0));
    assert_ne!(header(&absent, "x-amz-request-id"), "");
}

#[tokio::test]
async fn buckets_are_found_in_hosts_and_in_paths() {
    let cloud = Cloud::start().await;
    let root = cloud.root_key().await;
    let send = async |method: Method, host: &str, uri: &str, body: &'static str| {
        cloud.exchange(cloud.sign(request(method, host, uri, &[], body), "s3", &root)).await
    };
    let virtual_host = "photos.s3.localhost:4566";
    assert_eq!(send(Method::PUT, virtual_host, "/", "").await.status(), StatusCode::OK);
    assert_eq!(send(Method::PUT, virtual_host, "/a/cat.txt", "meow").await.status(), StatusCode::OK);
    for (host, uri) in [
        (virtual_host, "/a/cat.txt"),
        ("photos.localhost:4566", "/a/cat.txt"),
        ("photos.s3.us-east-1.localhost:4566", "/a/cat.txt"),
        ("photos.s3.us-east-1.amazonaws.com", "/a/cat.txt"),
        ("s3.localhost:4566", "/photos/a/cat.txt"),
        (HOST, "/photos/a/cat.txt"),
    ] {
        let answer = send(Method::GET, host, uri, "").await;
        assert_eq!((answer.status(), text(&answer)), (StatusCode::OK, "meow"), "{host}");
    }
    let listed = send(Method::GET, virtual_host, "/?list-type=2", "").await;
    assert_eq!(between(text(&listed), "<Key>", "</Key>"), "a/cat.txt");
}

#[tokio::test]
async fn bodies_beyond_the_limit_are_refused() {
    let cloud = Cloud::start().await;
    let large = Bytes::from(vec![b' '; (16 << 20) + 1]);
    let answer = cloud.exchange(target("Logs_20140328.PutLogEvents", large.clone())).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(text(&answer).contains("RequestEntityTooLarge"), "{}", text(&answer));
    // A form is read before anybody knows which service it is for.
    let answer = cloud.exchange(form("iam.amazonaws.com", large)).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_health_page() {
    let cloud = Cloud::start().await;
    let answer = cloud.exchange(get(HOST, "/_cloudchamber/health")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let document = Document::parse(text(&answer)).unwrap();
    assert_eq!(document.get("status").and_then(Document::as_str), Some("running"));
    assert_eq!(document.get("version").and_then(Document::as_str), Some("test"));
    assert_eq!(document.get("ephemeral").and_then(Document::as_bool), Some(true));
    let services: Vec<_> = document
        .get("services")
        .and_then(Document::as_array)
        .unwrap()
        .iter()
        .filter_map(Document::as_str)
        .collect();
    assert!(services.contains(&"iam") && services.contains(&"s3"), "{services:?}");

    let post = cloud.exchange(request(Method::POST, HOST, "/_cloudchamber/health", &[], "")).await;
    assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
    let absent = cloud.exchange(get(HOST, "/_cloudchamber/nonsense")).await;
    assert_eq!(absent.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn pages_of_other_origins_and_rebound_names_see_nothing() {
    let cloud = Cloud::start().await;
    let ask = async |host: &str, origin: Option<&str>, uri: &str| {
        let headers: Vec<_> = origin.iter().map(|origin| ("origin", *origin)).collect();
        cloud.exchange(request(Method::GET, host, uri, &headers, "")).await.status()
    };
    let (health, mailbox) = ("/_cloudchamber/health", "/_cloudchamber/mailbox");
    assert_eq!(ask("evil.example:4566", None, health).await, StatusCode::FORBIDDEN);
    assert_eq!(ask("localhost.evil.example", None, health).await, StatusCode::FORBIDDEN);
    assert_eq!(ask(HOST, Some("https://evil.example"), health).await, StatusCode::FORBIDDEN);
    assert_eq!(ask(HOST, Some("http://127.0.0.1:3000"), health).await, StatusCode::FORBIDDEN);
    assert_eq!(ask(HOST, Some("null"), health).await, StatusCode::FORBIDDEN);
    assert_eq!(ask(HOST, Some("https://evil.example"), mailbox).await, StatusCode::FORBIDDEN);
    assert_eq!(ask(HOST, Some("http://127.0.0.1:4566"), health).await, StatusCode::OK);
    assert_eq!(ask("localhost:4566", None, health).await, StatusCode::OK);
    assert_eq!(ask("[::1]:4566", None, health).await, StatusCode::OK);

    let reset =
        request(Method::POST, HOST, "/_cloudchamber/reset", &[("origin", "https://evil.example")], "");
    assert_eq!(cloud.exchange(reset).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_cloud_in_memory_is_reset_by_anybody() {
    let cloud = Cloud::start().await;
    let key = cloud.root_key().await;
    let whoami = || cloud.sign(form(HOST, "Action=GetCallerIdentity&Version=2011-06-15"), "sts", &key);
    assert_eq!(cloud.exchange(whoami()).await.status(), StatusCode::OK);
    let answer = cloud.exchange(request(Method::POST, HOST, "/_cloudchamber/reset", &[], "")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let answer = cloud.exchange(whoami()).await;
    assert_eq!(between(text(&answer), "<Code>", "</Code>"), "InvalidClientTokenId");
}

#[tokio::test]
async fn a_durable_cloud_is_reset_only_by_its_root() {
    let cloud = Cloud::with(false).await;
    let root = cloud.root_key().await;
    let reset = || request(Method::POST, HOST, "/_cloudchamber/reset", &[], "");
    let code = |answer: &Response<Bytes>| {
        Document::parse(text(answer))
            .unwrap()
            .get("code")
            .and_then(Document::as_str)
            .unwrap_or_default()
            .to_owned()
    };

    let unsigned = cloud.exchange(reset()).await;
    assert_eq!(
        (unsigned.status(), code(&unsigned).as_str()),
        (StatusCode::FORBIDDEN, "MissingAuthenticationToken")
    );
    let user = cloud.exchange(cloud.sign(reset(), "sts", cloud.nobody_key())).await;
    assert_eq!((user.status(), code(&user).as_str()), (StatusCode::FORBIDDEN, "AccessDenied"));
    let forged = sigv4::Credentials { secret: sigv4::SecretKey::new("wrong"), ..root.clone() };
    let forged = cloud.exchange(cloud.sign(reset(), "sts", &forged)).await;
    assert_eq!((forged.status(), code(&forged).as_str()), (StatusCode::FORBIDDEN, "SignatureDoesNotMatch"));
    // The signature of another call does not do.
    let other = cloud.sign(form(HOST, "Action=GetCallerIdentity&Version=2011-06-15"), "sts", &root);
    let mut replayed = reset();
    *replayed.headers_mut() = other.headers().clone();
    assert_eq!(cloud.exchange(replayed).await.status(), StatusCode::FORBIDDEN);
    // Nothing was lost.
    let whoami = || cloud.sign(form(HOST, "Action=GetCallerIdentity&Version=2011-06-15"), "sts", &root);
    assert_eq!(cloud.exchange(whoami()).await.status(), StatusCode::OK);

    let signed = cloud.exchange(cloud.sign(reset(), "sts", &root)).await;
    assert_eq!(signed.status(), StatusCode::OK);
    assert_eq!(cloud.exchange(whoami()).await.status(), StatusCode::FORBIDDEN);
}
