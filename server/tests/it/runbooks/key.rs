use super::lab::{Cure, Fault, Lab, text};
use wire::{Document, document};

fn key_fault<'a>(rule: &'a str, id: &'a str) -> Fault<'a> {
    Fault { rule, inputs: "", resource_type: "AWS::KMS::Key", id }
}

#[tokio::test]
async fn a_key_s_deletion_is_cancelled() {
    let lab = Lab::start().await;
    let (id, _) = lab.key().await;
    lab.call("kms", "ScheduleKeyDeletion", document!({ "KeyId": (id.as_str()) })).await;
    let fault = key_fault("KMS_CMK_NOT_SCHEDULED_FOR_DELETION", &id);
    let runbook = "AWSConfigRemediation-CancelKeyDeletion";
    lab.cures(&fault, &Cure { runbook, of_resource: "KeyId", others: &[] }).await;
}

#[tokio::test]
async fn a_key_s_rotation_is_enabled() {
    let lab = Lab::start().await;
    let (id, _) = lab.key().await;
    let fault = key_fault("CMK_BACKING_KEY_ROTATION_ENABLED", &id);
    let runbook = "AWSConfigRemediation-EnableKeyRotation";
    lab.cures(&fault, &Cure { runbook, of_resource: "KeyId", others: &[] }).await;
}

#[tokio::test]
async fn a_topic_is_encrypted() {
    let lab = Lab::start().await;
    let (_, key) = lab.key().await;
    let topic = text(&lab.call("sns", "CreateTopic", document!({ "Name": "news" })).await, "TopicArn");
    let fault = Fault { rule: "SNS_ENCRYPTED_KMS", inputs: "", resource_type: "AWS::SNS::Topic", id: &topic };
    let runbook = "AWSConfigRemediation-EncryptSNSTopic";
    lab.cures(&fault, &Cure { runbook, of_resource: "TopicArn", others: &[("KmsKeyArn", &key)] }).await;
}

/// It cures nothing, and is told of what is wrong.
#[tokio::test]
async fn somebody_is_told() {
    let lab = Lab::start().await;
    let (id, _) = lab.key().await;
    let topic = text(&lab.call("sns", "CreateTopic", document!({ "Name": "news" })).await, "TopicArn");
    let queue = text(&lab.call("sqs", "CreateQueue", document!({ "QueueName": "news" })).await, "QueueUrl");
    let arn = "arn:aws:sqs:us-east-1:111122223333:news";
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"sns.amazonaws.com"}},"Action":"sqs:SendMessage","Resource":"{arn}"}}]}}"#
    );
    let attributes = document!({ "QueueUrl": (queue.as_str()), "Attributes": { "Policy": policy } });
    lab.call("sqs", "SetQueueAttributes", attributes).await;
    lab.call(
        "sns",
        "Subscribe",
        document!({ "TopicArn": (topic.as_str()), "Protocol": "sqs", "Endpoint": arn }),
    )
    .await;
    let fault = key_fault("CMK_BACKING_KEY_ROTATION_ENABLED", &id);
    lab.found(&fault).await;
    let cure = Cure {
        runbook: "AWS-PublishSNSNotification",
        of_resource: "Message",
        others: &[("TopicArn", &topic)],
    };
    let status = lab.run(&fault, &cure).await;
    assert_eq!(status.state, Some(api_config::RemediationExecutionState::Succeeded), "{status:?}");
    let receive = document!({ "QueueUrl": (queue.as_str()) });
    lab.cloud
        .until("the message has come", async || {
            let messages = lab.call("sqs", "ReceiveMessage", receive.clone()).await;
            let body = messages.get("Messages")?.as_array()?.first()?.get("Body")?.as_str()?.to_owned();
            let body = Document::parse(&body).unwrap();
            (text(&body, "Message") == id).then_some(())
        })
        .await;
}
