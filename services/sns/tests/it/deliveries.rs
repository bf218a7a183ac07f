//! Deliveries over HTTP to a listener on loopback, and to a function that a stand-in for Lambda records.

use crate::cloud::{Cloud, TOPIC, text};
use crate::metrics::of_topic;
use api_lambda::{Invoke, InvokeOutput, ResourceNotFoundException, ServiceException};
use contract::{Access, Call, Principal, Registration, Transact};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use store::{Tx, View};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wire::Document;

/// An endpoint that answers each request with the next status, and the last one ever after.
async fn endpoint(statuses: &'static [u16]) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sender, receiver) = channel();
    tokio::spawn(async move {
        for turn in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let status = statuses[turn.min(statuses.len() - 1)];
            let mut request = Vec::new();
            loop {
                let mut part = [0; 4096];
                let read = stream.read(&mut part).await.unwrap();
                request.extend_from_slice(&part[..read]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                    let length =
                        head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
                    body.len() >= length.parse::<usize>().unwrap()
                });
                if whole || read == 0 {
                    sender.send(text).unwrap();
                    break;
                }
            }
            let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, receiver)
}

async fn next(cloud: &Cloud, requests: &Receiver<String>) -> (String, String) {
    let request = cloud.cloud.until("a request came", async || requests.try_recv().ok()).await;
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

#[tokio::test]
async fn an_http_endpoint_confirms_and_is_posted_to() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let (url, requests) = endpoint(&[200]).await;
    let arn = cloud.subscribe("http", &url, &[]).await.unwrap();
    let (head, body) = next(&cloud, &requests).await;
    assert!(head.starts_with("POST /hook HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("x-amz-sns-message-type: SubscriptionConfirmation\r\n"));
    let body = Document::parse(&body).unwrap();
    assert!(text(&body, "SubscribeURL").contains(text(&body, "Token")));
    cloud.confirm(text(&body, "Token")).await.unwrap();
    let id = cloud.publish("fire").await;
    let (head, body) = next(&cloud, &requests).await;
    for header in [
        "x-amz-sns-message-type: Notification".to_owned(),
        format!("x-amz-sns-message-id: {id}"),
        format!("x-amz-sns-topic-arn: {TOPIC}"),
        format!("x-amz-sns-subscription-arn: {arn}"),
        "content-type: text/plain; charset=UTF-8".to_owned(),
    ] {
        assert!(head.contains(&header), "{header} in {head}");
    }
    let body = Document::parse(&body).unwrap();
    assert_eq!((text(&body, "Message"), text(&body, "Type")), ("fire", "Notification"));
    assert!(body.get("Subject").is_none());
}

#[tokio::test]
async fn raw_delivery_is_the_message_alone() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let (url, requests) = endpoint(&[200]).await;
    cloud.subscribe("http", &url, &[("RawMessageDelivery", "true")]).await.unwrap();
    let body = Document::parse(&next(&cloud, &requests).await.1).unwrap();
    cloud.confirm(text(&body, "Token")).await.unwrap();
    cloud.publish("fire").await;
    let (head, body) = next(&cloud, &requests).await;
    assert!(head.contains("x-amz-sns-rawdelivery: true"));
    assert_eq!(body, "fire");
}

#[tokio::test]
async fn a_failing_endpoint_is_tried_again_by_the_clock_and_then_given_up() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let (url, requests) = endpoint(&[200, 500]).await;
    cloud.subscribe("http", &url, &[]).await.unwrap();
    let body = Document::parse(&next(&cloud, &requests).await.1).unwrap();
    cloud.confirm(text(&body, "Token")).await.unwrap();
    assert!(cloud.cloud.measured("AWS/SNS").is_empty());
    cloud.publish("fire").await;
    next(&cloud, &requests).await;
    for attempt in 1..=3 {
        cloud.idle().await;
        cloud.cloud.advance(Duration::from_secs(19)).await;
        assert!(requests.try_recv().is_err(), "not before 20 seconds, attempt {attempt}");
        cloud.cloud.advance(Duration::from_secs(1)).await;
        next(&cloud, &requests).await;
    }
    cloud.idle().await;
    cloud.cloud.advance(Duration::from_secs(3600)).await;
    cloud.idle().await;
    assert!(requests.try_recv().is_err(), "three tries are all");
    assert!(cloud.cloud.context().store.view().list_all::<contract::Task>().unwrap().is_empty());
    assert_eq!(
        cloud.cloud.measured("AWS/SNS"),
        of_topic(&[
            "NumberOfMessagesPublished Count 1",
            "NumberOfNotificationsFailed Count 1",
            "NumberOfNotificationsFailed Count 1x3",
            "PublishSize Bytes 4",
        ]),
        "over HTTP each try counts: three in the first minute, one in the second"
    );
}

#[tokio::test]
async fn what_an_endpoint_refuses_is_not_tried_again() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let (url, requests) = endpoint(&[200, 404]).await;
    cloud.subscribe("http", &url, &[]).await.unwrap();
    let body = Document::parse(&next(&cloud, &requests).await.1).unwrap();
    cloud.confirm(text(&body, "Token")).await.unwrap();
    cloud.publish("fire").await;
    next(&cloud, &requests).await;
    cloud
        .cloud
        .until("the delivery is given up", async || {
            cloud.cloud.context().store.view().list_all::<contract::Task>().unwrap().is_empty().then_some(())
        })
        .await;
}

/// Stands in for Lambda: records who invokes with what. A payload that holds `broken` fails.
struct Functions;

static INVOKED: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

impl Transact<Invoke> for Functions {
    fn access(_: &Invoke, _: &Call, _: &View) -> Access {
        Access::unconditional()
    }

    fn run(input: Invoke, call: &Call, _: &mut Tx) -> Result<InvokeOutput, api_lambda::Error> {
        let payload = String::from_utf8(input.payload.unwrap().to_vec()).unwrap();
        let Principal::Service(service) = &call.principal else { panic!("not a service") };
        let who =
            format!("{} {} {}", service.name, service.source_arn.as_ref().unwrap(), input.function_name);
        let (broken, gone) = (payload.contains("broken"), input.function_name.ends_with(":gone"));
        INVOKED.lock().unwrap().push((who, payload));
        if gone {
            return Err(ResourceNotFoundException::new("Function not found").into());
        }
        if broken {
            return Err(ServiceException::new("broken").into());
        }
        Ok(InvokeOutput { status_code: Some(202), ..Default::default() })
    }
}

fn invoked(containing: &str) -> Vec<(String, String)> {
    INVOKED.lock().unwrap().iter().filter(|(_, payload)| payload.contains(containing)).cloned().collect()
}

#[tokio::test]
async fn a_function_gets_aws_s_event_from_the_service() {
    let cloud =
        Cloud::with(vec![Registration::new(&api_lambda::SERVICE).transact::<Functions, Invoke>()]).await;
    cloud.topic().await;
    let function = "arn:aws:lambda:us-east-1:111122223333:function:fix";
    let arn = cloud.subscribe("lambda", function, &[]).await.unwrap();
    assert!(arn.starts_with(&format!("{TOPIC}:")), "one's own function needs no confirmation");
    cloud.publish("call the function").await;
    let (who, payload) =
        cloud.cloud.until("the function is invoked", async || invoked("call the function").pop()).await;
    assert_eq!(who, format!("sns.amazonaws.com {TOPIC} {function}"));
    let event = Document::parse(&payload).unwrap();
    let record = &event.get("Records").unwrap().as_array().unwrap()[0];
    assert_eq!((text(record, "EventSource"), text(record, "EventVersion")), ("aws:sns", "1.0"));
    assert_eq!(text(record, "EventSubscriptionArn"), arn);
    let sns = record.get("Sns").unwrap();
    let names: Vec<&str> = sns.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = "Type MessageId TopicArn Subject Message Timestamp SignatureVersion Signature SigningCertUrl UnsubscribeUrl MessageAttributes";
    assert_eq!(names.join(" "), expected);
    assert!(sns.get("Subject").unwrap().is_null());

    cloud.publish("a broken call").await;
    cloud
        .cloud
        .until("the first four tries are made at once", async || {
            (invoked("a broken call").len() >= 4).then_some(())
        })
        .await;
    cloud.idle().await;
    assert_eq!(invoked("a broken call").len(), 4);
    cloud.cloud.advance(Duration::from_secs(1)).await;
    cloud
        .cloud
        .until("the fifth try is made", async || (invoked("a broken call").len() == 5).then_some(()))
        .await;
}

#[tokio::test]
async fn a_function_that_is_gone_is_not_tried_again() {
    let cloud =
        Cloud::with(vec![Registration::new(&api_lambda::SERVICE).transact::<Functions, Invoke>()]).await;
    cloud.topic().await;
    cloud.subscribe("lambda", "arn:aws:lambda:us-east-1:111122223333:function:gone", &[]).await.unwrap();
    cloud.publish("to nobody").await;
    cloud.cloud.until("the function is invoked", async || invoked("to nobody").pop()).await;
    cloud
        .cloud
        .until("the delivery is given up", async || {
            cloud.cloud.context().store.view().list_all::<contract::Task>().unwrap().is_empty().then_some(())
        })
        .await;
    assert_eq!(invoked("to nobody").len(), 1);
}
