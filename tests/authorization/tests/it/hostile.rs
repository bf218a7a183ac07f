//! Who tries to come in by another door: functions, other machines, scripts, deliveries, and bodies that nobody signed.

use crate::cloud::Cloud;
use bytes::Bytes;
use http::{Method, Request, StatusCode};

const HOST: &str = "127.0.0.1:4566";
const RESET: &str = "/_cloudchamber/reset";
const MAIL: &str = "/_cloudchamber/mail";

fn request(method: Method, uri: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Request<Bytes> {
    let body = body.into();
    let request = Request::builder().method(method).uri(uri).header("content-length", body.len());
    let with = |request: http::request::Builder, (name, value): &(&str, &str)| request.header(*name, *value);
    let request = headers.iter().fold(request, with);
    let host = headers.iter().all(|(name, _)| *name != "host");
    let request = if host { request.header("host", HOST) } else { request };
    request.body(body).unwrap()
}

fn whoami() -> Request<Bytes> {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    request(Method::POST, "/", &headers, "Action=GetCallerIdentity&Version=2011-06-15")
}

/// A mailbox holds tokens that confirm subscriptions, and a reset empties the cloud: a function has no more right to either than to the API.
#[tokio::test]
async fn a_function_sees_no_page_without_a_signature() {
    let cloud = Cloud::start().await;
    let root = cloud.root_key().await;
    for (method, page) in [
        (Method::GET, MAIL),
        (Method::DELETE, MAIL),
        (Method::POST, RESET),
        (Method::GET, "/_cloudchamber/accounts"),
    ] {
        let answer = cloud.exchange_from_function(request(method, page, &[], "")).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{page}");
    }
    let health = cloud.exchange_from_function(request(Method::GET, "/_cloudchamber/health", &[], "")).await;
    assert_eq!(health.status(), StatusCode::OK);
    // A link to a package is its own permission: this one is refused for what it is, and no signature is asked for.
    let link = request(Method::GET, "/_cloudchamber/lambda-code/0?expires=1&signature=00", &[], "");
    let answer = cloud.exchange_from_function(link).await;
    assert_eq!(answer.body(), "The link is not valid or has expired.\n");

    let answer = cloud.exchange_from_function(cloud.sign(whoami(), "sts", &root)).await;
    assert_eq!(answer.status(), StatusCode::OK, "the API is open to functions, and nothing was emptied");
    let signed = cloud.sign(request(Method::GET, MAIL, &[], ""), "sts", &root);
    assert_eq!(cloud.exchange_from_function(signed).await.status(), StatusCode::OK);
}

/// `test`/`test` makes whoever sits at this machine root, and must not do so for the code of a function with a role.
#[tokio::test]
async fn a_function_is_not_root_by_a_well_known_key() {
    let cloud = Cloud::start().await;
    let key = cloud.well_known_key().await;
    let signed = || cloud.sign(whoami(), "sts", &key);
    assert_eq!(cloud.exchange(signed()).await.status(), StatusCode::OK);
    let answer = cloud.exchange_from_function(signed()).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(answer.body().windows(20).any(|part| part == b"InvalidClientTokenId"), "{:?}", answer.body());
    let page = cloud.sign(request(Method::GET, MAIL, &[], ""), "sts", &key);
    assert_eq!(cloud.exchange_from_function(page).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn other_machines_see_no_page_without_a_signature() {
    let cloud = Cloud::start().await;
    let root = cloud.root_key().await;
    for peer in ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::1"] {
        for (method, page) in [(Method::GET, MAIL), (Method::POST, RESET)] {
            let answer = cloud.exchange_from(peer, request(method, page, &[], "")).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{peer} {page}");
        }
    }
    let signed = cloud.sign(request(Method::GET, MAIL, &[], ""), "sts", &root);
    assert_eq!(cloud.exchange_from("192.0.2.7", signed).await.status(), StatusCode::OK);
    for peer in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
        let answer = cloud.exchange_from(peer, request(Method::GET, MAIL, &[], "")).await;
        assert_eq!(answer.status(), StatusCode::OK, "{peer}");
    }
}

/// A topic's subscription posts to any loopback address, and an HTML object in a bucket has the endpoint's own origin.
#[tokio::test]
async fn neither_deliveries_nor_scripts_of_objects_reach_a_page() {
    let cloud = Cloud::start().await;
    let root = cloud.root_key().await;
    for headers in [
        &[("x-amz-sns-message-type", "SubscriptionConfirmation")][..],
        &[("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:4566")],
        &[("sec-fetch-site", "cross-site")],
        &[("host", "bucket.localhost:4566")],
        &[("host", "bucket.s3.localhost:4566"), ("origin", "http://bucket.s3.localhost:4566")],
    ] {
        for (method, page) in [(Method::POST, RESET), (Method::GET, MAIL)] {
            let answer = cloud.exchange(request(method, page, headers, "")).await;
            // Below a bucket's host it is an object's name, and no page.
            let of_bucket = headers.iter().any(|(name, _)| *name == "host");
            let refused = if of_bucket {
                answer.status().is_client_error()
            } else {
                answer.status() == StatusCode::FORBIDDEN
            };
            assert!(refused, "{headers:?} {page}: {}", answer.status());
        }
    }
    let typed = request(Method::GET, MAIL, &[("sec-fetch-site", "none")], "");
    assert_eq!(cloud.exchange(typed).await.status(), StatusCode::OK);
    let answer = cloud.exchange(cloud.sign(whoami(), "sts", &root)).await;
    assert_eq!(answer.status(), StatusCode::OK, "nothing was emptied");
}

/// The signature of a body in chunks is in its chunks. An operation that does not stream must look at them all the same.
#[tokio::test]
async fn a_body_that_claims_to_be_in_chunks_is_not_taken_as_it_is() {
    const TAGS: &str = "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>";
    const TRAILER: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    let cloud = Cloud::start().await;
    let root = cloud.root_key().await;
    let create = cloud.sign(request(Method::PUT, "/box", &[], ""), "s3", &root);
    assert_eq!(cloud.exchange(create).await.status(), StatusCode::OK);

    let length = TAGS.len().to_string();
    let headers = [("x-amz-decoded-content-length", length.as_str())];
    for payload in ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", TRAILER] {
        let raw = request(Method::PUT, "/box?tagging", &headers, TAGS);
        let answer = cloud.exchange(cloud.sign_payload(raw, payload, &root)).await;
        assert!(answer.status().is_client_error(), "{payload}: {}", answer.status());
    }
    let forged = format!(
        "{:x};chunk-signature={}\r\n{TAGS}\r\n0;chunk-signature={}\r\n\r\n",
        TAGS.len(),
        "0".repeat(64),
        "0".repeat(64)
    );
    let forged = request(Method::PUT, "/box?tagging", &headers, forged);
    let answer =
        cloud.exchange(cloud.sign_payload(forged, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", &root)).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);

    let chunked = format!("{:x}\r\n{TAGS}\r\n0\r\n\r\n", TAGS.len());
    let answer = cloud
        .exchange(cloud.sign_payload(request(Method::PUT, "/box?tagging", &headers, chunked), TRAILER, &root))
        .await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT, "{:?}", answer.body());
}
