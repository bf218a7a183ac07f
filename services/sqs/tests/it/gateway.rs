//! The old query protocol through the gateway: a queue's URL as the request's path, by nobody, whom the queue's policy lets in.

use crate::cloud::{Cloud, bodies, map};
use api_sqs::SetQueueAttributes;
use bytes::Bytes;
use gateway::{Gateway, Options};
use http_body_util::{BodyExt, Full};
use std::sync::Arc;

async fn post(gateway: &Arc<Gateway>, path: &str, form: &'static str) -> (u16, String) {
    let body = Full::new(Bytes::from_static(form.as_bytes())).map_err(|never| match never {}).boxed_unsync();
    let request = http::Request::post(path)
        .header("host", "127.0.0.1:4566")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .unwrap();
    let (parts, body) =
        gateway.answer(request, Some("127.0.0.1".parse().unwrap()), false).await.0.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (parts.status.as_u16(), String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test]
async fn a_queue_s_path_is_its_url() {
    let cloud = Cloud::start();
    let options = Options {
        account: testkit::ACCOUNT.parse().unwrap(),
        region: testkit::REGION,
        well_known_credentials: false,
        ephemeral: true,
        version: "test",
        console: |_| None,
    };
    let gateway = Gateway::new(Arc::clone(&cloud.cloud.pipeline), &[sqs::registration()], options);
    let url = cloud.queue("q", &[]).await;
    let form = "Action=SendMessage&Version=2012-11-05&MessageBody=hello+there";
    let (status, answer) = post(&gateway, "/111122223333/q", form).await;
    assert_eq!(status, 403, "{answer}");
    assert!(answer.contains("<Code>AccessDenied</Code>"), "{answer}");
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:111122223333:q"}}"#;
    let set = SetQueueAttributes { queue_url: url.clone(), attributes: map(&[("Policy", policy)]) };
    cloud.root.call(set).await.unwrap();
    let (status, answer) = post(&gateway, "/111122223333/q", form).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer.starts_with("<SendMessageResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><SendMessageResult><MD5OfMessageBody>"), "{answer}");
    assert_eq!(bodies(&cloud.receive(&url).await), ["hello there"]);
    let (status, answer) = post(&gateway, "/", form).await;
    assert_eq!(status, 400, "{answer}");
    assert!(
        answer.contains("<Message>The request must contain the parameter QueueUrl.</Message>"),
        "{answer}"
    );
    let (status, answer) = post(&gateway, "/111122223333/other", form).await;
    assert_eq!(status, 403, "not whether it exists: {answer}");
}
