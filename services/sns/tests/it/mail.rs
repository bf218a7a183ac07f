use crate::cloud::{Cloud, TOPIC, refusal, text, token};
use api_sns::{ConfirmSubscription, ListSubscriptionsByTopic, Publish, Subscribe, Unsubscribe};
use std::time::Duration;
use wire::Document;

#[tokio::test]
async fn a_link_confirms_and_then_mail_comes() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let subscribe = Subscribe {
        topic_arn: TOPIC.into(),
        protocol: "email".into(),
        endpoint: Some("ann@example.com".into()),
        ..Default::default()
    };
    assert_eq!(cloud.root.call(subscribe).await.unwrap().subscription_arn.unwrap(), "pending confirmation");
    let mail = cloud.mail_to("ann@example.com", 1).await.remove(0);
    assert_eq!(text(&mail, "from"), "AWS Notifications <no-reply@sns.amazonaws.com>");
    assert_eq!(text(&mail, "subject"), "AWS Notification - Subscription Confirmation");
    let link = format!(
        "http://127.0.0.1:4566/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token={}&Version=2010-03-31",
        token(&mail)
    );
    assert_eq!(text(&mail, "link"), link);
    assert!(text(&mail, "body").starts_with(&format!(
        "You have chosen to subscribe to the topic: \n{TOPIC}\n\nTo confirm this subscription, click or visit the link below \
         (If this was in error no action is necessary): \n{link}\n"
    )));

    cloud.publish("before").await;
    assert_eq!(cloud.settled_mail().await.len(), 1, "who has not confirmed gets nothing");
    let arn = cloud.confirm(&token(&mail)).await.unwrap();
    assert_eq!(cloud.confirm(&token(&mail)).await.unwrap(), arn, "the link again answers the same");
    cloud.publish("after").await;
    let mail = cloud.mail_to("ann@example.com", 2).await.remove(0);
    assert_eq!(text(&mail, "subject"), "AWS Notification Message");
    assert!(text(&mail, "body").starts_with(
        "after\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit"
    ));
    assert!(text(&mail, "link").contains(&format!("Action=Unsubscribe&SubscriptionArn={arn}")));
}

#[tokio::test]
async fn only_the_token_that_was_sent_confirms_and_only_for_three_days() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    cloud.subscribe("email", "ann@example.com", &[]).await.unwrap();
    let sent = token(&cloud.mail_to("ann@example.com", 1).await[0]);
    let invalid = ("InvalidParameter".to_owned(), "Invalid parameter: Token".to_owned());
    for wrong in ["x", &sent[1..], &format!("{sent}0")] {
        assert_eq!(refusal(cloud.confirm(wrong).await), invalid, "{wrong}");
    }
    cloud.cloud.advance(Duration::from_secs(3 * 24 * 60 * 60)).await;
    assert_eq!(refusal(cloud.confirm(&sent).await), invalid);
    let list = ListSubscriptionsByTopic { topic_arn: TOPIC.into(), next_token: None };
    assert_eq!(
        cloud.root.call(list).await.unwrap().subscriptions.unwrap(),
        [],
        "what nobody confirmed is over"
    );
}

#[tokio::test]
async fn email_json_is_the_notification_as_json() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    cloud.subscribe("email-json", "eve@example.com", &[]).await.unwrap();
    let asked = cloud.mail_to("eve@example.com", 1).await.remove(0);
    let body = Document::parse(text(&asked, "body")).unwrap();
    assert_eq!(text(&body, "Type"), "SubscriptionConfirmation");
    cloud.confirm(text(&body, "Token")).await.unwrap();
    let publish = Publish {
        target_arn: Some(TOPIC.into()),
        message: r#"{"default":"d","email-json":"for eve"}"#.into(),
        message_structure: Some("json".into()),
        subject: Some("Disk".into()),
        ..Default::default()
    };
    let id = cloud.root.call(publish).await.unwrap().message_id.unwrap();
    let mails = cloud.mail_to("eve@example.com", 2).await;
    let mail = mails.iter().find(|mail| text(mail, "type") == "Notification").unwrap();
    assert_eq!(text(mail, "subject"), "Disk");
    let body = Document::parse(text(mail, "body")).unwrap();
    assert_eq!((text(&body, "Type"), text(&body, "MessageId")), ("Notification", id.as_str()));
    assert_eq!((text(&body, "Message"), text(&body, "Subject")), ("for eve", "Disk"));
    assert_eq!(text(&body, "Timestamp"), "2026-11-21T09:30:00.000Z");
    assert_eq!(text(&body, "Signature"), "", "what is not signed does not look signed");
}

#[tokio::test]
async fn a_link_ends_a_subscription_and_another_brings_it_back() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let arn = cloud.subscribe_mail("ann@example.com", &[]).await;
    cloud.anonymous().call(Unsubscribe { subscription_arn: arn.clone() }).await.unwrap();
    cloud.publish("unheard").await;
    let told = cloud.mail_to("ann@example.com", 2).await;
    assert_eq!(cloud.settled_mail().await.len(), 2);
    let told = told.iter().find(|mail| text(mail, "type") == "UnsubscribeConfirmation").unwrap();
    assert!(
        text(told, "body")
            .starts_with(&format!("Your subscription to the topic below has been deleted:\n{TOPIC}\n"))
    );
    assert_eq!(cloud.confirm(&token(told)).await.unwrap(), arn);
    cloud.publish("heard").await;
    cloud.mail_to("ann@example.com", 3).await;
}

#[tokio::test]
async fn a_link_does_not_end_what_was_confirmed_with_a_signature_for_that() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let arn = cloud.subscribe("email", "ann@example.com", &[]).await.unwrap();
    let token = token(&cloud.mail_to("ann@example.com", 1).await[0]);
    let confirm = ConfirmSubscription {
        topic_arn: TOPIC.into(),
        token,
        authenticate_on_unsubscribe: Some("true".into()),
    };
    assert_eq!(refusal(cloud.anonymous().call(confirm.clone()).await).0, "AuthorizationError");
    cloud.root.call(confirm).await.unwrap();
    let end = Unsubscribe { subscription_arn: arn };
    assert_eq!(refusal(cloud.anonymous().call(end.clone()).await).0, "AuthorizationError");
    cloud.root.call(end).await.unwrap();
}

#[tokio::test]
async fn the_mailbox_lists_reads_and_is_emptied() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    cloud.subscribe_mail("ann@example.com", &[]).await;
    cloud.subscribe_mail("bob@example.com", &[]).await;
    cloud.cloud.advance(Duration::from_secs(60)).await;
    cloud.publish("news").await;
    let to_ann = cloud.mail_to("ann@example.com", 2).await;
    cloud.mail_to("bob@example.com", 2).await;
    assert!(text(&to_ann[0], "body").starts_with("news"), "the newest is first");
    let (status, one) = cloud.mailbox("GET", text(&to_ann[0], "id"), &[]).await;
    assert_eq!((status, one), (200, to_ann[0].clone()));
    let limited = cloud.mailbox("GET", "", &[("limit", "3")]).await.1;
    assert_eq!(limited.get("messages").unwrap().as_array().unwrap().len(), 3);
    assert_eq!(cloud.mailbox("GET", "", &[("limit", "x")]).await.0, 400);
    assert_eq!(cloud.mailbox("GET", "none", &[]).await.0, 404);
    assert_eq!(cloud.mailbox("PUT", "", &[]).await.0, 405);
    // Who signs has the mail of its own account.
    let root = |account: &str| Some(contract::Principal::Root(account.parse().unwrap()));
    let count = async |account: &str| {
        let (_, told) = cloud.mailbox_of(root(account), "GET", "", &[]).await;
        told.get("messages").unwrap().as_array().unwrap().len()
    };
    assert_eq!((count(testkit::ACCOUNT).await, count("444455556666").await), (4, 0));
    let id = text(&to_ann[0], "id");
    assert_eq!(cloud.mailbox_of(root("444455556666"), "GET", id, &[]).await.0, 404);
    let (_, emptied) = cloud.mailbox_of(root("444455556666"), "DELETE", "", &[]).await;
    assert_eq!(emptied.get("removed").unwrap().as_i64(), Some(0));
    assert_eq!(cloud.mailbox("DELETE", "", &[]).await.1.get("removed").unwrap().as_i64(), Some(4));
    assert_eq!(cloud.settled_mail().await, []);
}
