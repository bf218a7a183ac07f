//! The stream of changes that the console's pages follow.

use crate::cloud::Cloud;
use crate::console::{CHANGES, SCRIPT, code, get, request, sign_in, stranger};
use bytes::Bytes;
use http::{Method, Response, StatusCode};
use http_body_util::BodyExt;
use sigv4::Credentials;
use std::time::Duration;
use wire::Document;

/// A stream of changes, read event by event.
struct Stream(http_body_util::combinators::UnsyncBoxBody<Bytes, std::io::Error>);

impl Stream {
    async fn open(cloud: &Cloud, key: &Credentials) -> Result<Self, Response<Bytes>> {
        let answer = cloud.stream(cloud.sign(get(CHANGES, &SCRIPT), "sts", key)).await;
        let (parts, body) = answer.into_parts();
        if parts.status != StatusCode::OK {
            let body = body.collect().await.unwrap().to_bytes();
            return Err(Response::from_parts(parts, body));
        }
        assert_eq!(parts.headers["content-type"], "text/event-stream");
        let mut stream = Self(body);
        assert_eq!(stream.next(cloud).await.as_deref(), Some(": listening\n\n"));
        Ok(stream)
    }

    /// What comes next; None at the end. Moves the clock by the time that touches are gathered, and not so far as a heartbeat.
    async fn next(&mut self, cloud: &Cloud) -> Option<String> {
        for _ in 0..20 {
            tokio::select! {
                biased;
                frame = self.0.frame() => {
                    let bytes = frame?.unwrap().into_data().unwrap();
                    return Some(String::from_utf8(bytes.to_vec()).unwrap());
                }
                () = cloud.cloud.advance(Duration::from_millis(100)) => {}
            }
        }
        Some(String::new())
    }

    async fn tables(&mut self, cloud: &Cloud) -> Vec<String> {
        let event = self.next(cloud).await.unwrap();
        let data = event.strip_prefix("data: ").and_then(|event| event.strip_suffix("\n\n"));
        let Some(data) = data else { return Vec::new() };
        let told = Document::parse(data).unwrap();
        let tables = told.get("tables").and_then(Document::as_array).unwrap();
        tables.iter().map(|table| table.as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn changes_are_told_by_table_and_type_in_ones_own_account() {
    let cloud = Cloud::start().await;
    let user = sign_in(&cloud, "nobody").await;
    let mut own = Stream::open(&cloud, &user).await.unwrap();
    let mut other = Stream::open(&cloud, &stranger(&cloud)).await.unwrap();
    let create = |name: &str| api_iam::CreateUser { user_name: name.into(), ..Default::default() };
    cloud.root.call(create("secret-name")).await.unwrap();
    cloud.root.call(create("another")).await.unwrap();
    assert_eq!(own.tables(&cloud).await, ["AWS::IAM::User", "iam.users"], "once, and no names of things");
    assert_eq!(own.next(&cloud).await.as_deref(), Some(""), "and no more");
    assert_eq!(other.next(&cloud).await.as_deref(), Some(""), "nothing of another account");
    // A call that is denied, and a look, leave records, which are not told.
    let listing = cloud.sign(
        request(
            Method::POST,
            "/",
            &[("content-type", "application/x-www-form-urlencoded")],
            "Action=ListUsers&Version=2010-05-08",
        ),
        "iam",
        &user,
    );
    assert_eq!(cloud.exchange(listing).await.status(), StatusCode::FORBIDDEN);
    cloud.cloud.context().store.flush_appended().unwrap();
    assert_eq!(own.next(&cloud).await.as_deref(), Some(""));
    cloud.cloud.advance(Duration::from_secs(15)).await;
    assert_eq!(own.next(&cloud).await.as_deref(), Some(": still here\n\n"));
}

#[tokio::test]
async fn a_stream_ends_with_its_credentials() {
    let cloud = Cloud::start().await;
    let user = sign_in(&cloud, "nobody").await;
    let mut of_session = Stream::open(&cloud, &user).await.unwrap();
    let mut of_key = Stream::open(&cloud, cloud.nobody_key()).await.unwrap();
    let update = api_iam::UpdateAccessKey {
        user_name: Some("nobody".into()),
        access_key_id: cloud.nobody_key().access_key_id.clone(),
        status: api_iam::StatusType::Inactive,
    };
    cloud.root.call(update).await.unwrap();
    assert_eq!(of_key.next(&cloud).await, None, "the key is inactive");
    assert_eq!(of_session.tables(&cloud).await, ["iam.access-keys"]);
    cloud.cloud.advance(Duration::from_secs(12 * 3600)).await;
    assert_eq!(of_session.next(&cloud).await, None, "the session is over");
    let refused = Stream::open(&cloud, &user).await.err().unwrap();
    assert_eq!(code(&refused), (403, "ExpiredToken".into()));

    let denied = sign_in(&cloud, "denied").await;
    let mut stream = Stream::open(&cloud, &denied).await.unwrap();
    cloud.root.call(api_iam::DeleteLoginProfile { user_name: Some("denied".into()) }).await.unwrap();
    assert_eq!(stream.tables(&cloud).await, ["iam.login-profiles"], "a password that is gone ends nothing");
    let keys =
        cloud.root.call(api_iam::ListAccessKeys { user_name: Some("denied".into()), ..Default::default() });
    for key in keys.await.unwrap().access_key_metadata {
        let access_key_id = key.access_key_id.unwrap();
        let delete = api_iam::DeleteAccessKey { user_name: Some("denied".into()), access_key_id };
        cloud.root.call(delete).await.unwrap();
    }
    cloud.root.call(api_iam::DeleteUser { user_name: "denied".into() }).await.unwrap();
    assert_eq!(stream.next(&cloud).await, None, "the user is gone, and hears not even of that");
}

#[tokio::test]
async fn streams_are_bounded_and_given_back() {
    let cloud = Cloud::start().await;
    let user = sign_in(&cloud, "nobody").await;
    let mut open = Vec::new();
    for _ in 0..32 {
        open.push(Stream::open(&cloud, &user).await.unwrap());
    }
    let refused = Stream::open(&cloud, &user).await.err().unwrap();
    assert_eq!(code(&refused), (429, "TooManyStreams".into()));
    assert!(Stream::open(&cloud, &stranger(&cloud)).await.is_ok());
    open.pop();
    assert!(Stream::open(&cloud, &user).await.is_ok());
    // All are told that everything is gone, and that their credentials are.
    assert_eq!(
        cloud.exchange(request(Method::POST, "/_cloudchamber/reset", &[], "")).await.status(),
        StatusCode::OK
    );
    assert_eq!(open[0].next(&cloud).await, None);
}
