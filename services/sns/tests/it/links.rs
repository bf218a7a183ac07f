//! The links in mail, as a browser follows them: unsigned GETs through the gateway.

use crate::cloud::{Cloud, text};
use api_sns::{CreateTopic, Publish, Subscribe};
use bytes::Bytes;
use gateway::{Gateway, Options};
use http_body_util::{BodyExt, Full};
use std::sync::Arc;

async fn follow(gateway: &Arc<Gateway>, link: &str) -> (u16, String) {
    let path = link.strip_prefix("http://127.0.0.1:4566").unwrap();
    let body = Full::new(Bytes::new()).map_err(|never| match never {}).boxed_unsync();
    let request = http::Request::get(path).header("host", "127.0.0.1:4566").body(body).unwrap();
    let (parts, body) =
        gateway.answer(request, Some("127.0.0.1".parse().unwrap()), false).await.0.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (parts.status.as_u16(), String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test]
async fn they_work_for_topics_of_every_region() {
    let cloud = Cloud::start().await;
    let options = Options {
        account: testkit::ACCOUNT.parse().unwrap(),
        region: testkit::REGION,
        well_known_credentials: false,
        ephemeral: true,
        version: "test",
        console: |_| None,
    };
    let gateway = Gateway::new(
        Arc::clone(&cloud.cloud.pipeline),
        &[sns::registration(sns::Settings::default())],
        options,
    );
    let root = cloud.root.in_region("eu-west-1".parse().unwrap());
    let topic = root
        .call(CreateTopic { name: "alarms".into(), ..Default::default() })
        .await
        .unwrap()
        .topic_arn
        .unwrap();
    let subscribe = Subscribe {
        topic_arn: topic.clone(),
        protocol: "email".into(),
        endpoint: Some("ann@example.com".into()),
        ..Default::default()
    };
    root.call(subscribe).await.unwrap();
    let asked = cloud.mail_to("ann@example.com", 1).await.remove(0);
    let (status, answer) = follow(&gateway, text(&asked, "link")).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains(&format!("<SubscriptionArn>{topic}:")), "{answer}");
    let (status, answer) = follow(&gateway, &text(&asked, "link").replace("Token=", "Token=0")).await;
    assert_eq!(status, 400, "{answer}");
    assert!(answer.contains("<Message>Invalid parameter: Token</Message>"), "{answer}");

    root.call(Publish { topic_arn: Some(topic), message: "fire".into(), ..Default::default() })
        .await
        .unwrap();
    let mail = cloud.mail_to("ann@example.com", 2).await;
    let mail = mail.iter().find(|mail| text(mail, "type") == "Notification").unwrap();
    assert_eq!(follow(&gateway, text(mail, "link")).await.0, 200);
    let (status, answer) = follow(&gateway, text(mail, "link")).await;
    assert_eq!(status, 403, "what is over cannot be ended by a link: {answer}");
    assert!(answer.contains("<Code>AuthorizationError</Code>"), "{answer}");
}
