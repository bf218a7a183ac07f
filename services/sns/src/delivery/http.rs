//! Deliveries over HTTP: one POST, 15 seconds, no redirects, and of the answer only its status.

use super::{Content, Failed, Target, envelope};
use crate::state::Subscription;
use ::http::{Request, StatusCode};
use bytes::Bytes;
use contract::Context;
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::net::TcpStream;

/// <https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html>: an endpoint has 15 seconds.
const PATIENCE: Duration = Duration::from_secs(15);

pub(super) async fn deliver(
    content: &Content,
    subscription: &Subscription,
    content_type: Option<&str>,
    context: &Context,
) -> Result<(), Failed> {
    let again = |why: String| Failed { why, again: true };
    let target = Target::read(&subscription.endpoint).map_err(|why| Failed { why, again: false })?;
    let request = request(content, subscription, content_type, &target, &context.endpoint)
        .map_err(|error| again(error.to_string()))?;
    let ends = context.clock.now().plus(PATIENCE);
    let status = tokio::select! {
        status = send(&target, request) => status.map_err(again)?,
        () = context.clock.sleep_until(ends) => return Err(again("the endpoint did not answer within 15 seconds".into())),
    };
    if status.is_success() {
        return Ok(());
    }
    let again = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    Err(Failed { why: format!("the endpoint answered {status}"), again })
}

fn request(
    content: &Content,
    subscription: &Subscription,
    content_type: Option<&str>,
    target: &Target,
    endpoint: &str,
) -> Result<Request<Full<Bytes>>, ::http::Error> {
    let builder = Request::post(&target.path)
        .header("host", &target.authority)
        .header("user-agent", "Amazon Simple Notification Service Agent")
        .header("content-type", content_type.unwrap_or("text/plain; charset=UTF-8"))
        .header("x-amz-sns-message-type", envelope::kind(content, subscription))
        .header("x-amz-sns-message-id", envelope::id(content))
        .header("x-amz-sns-topic-arn", subscription.topic_arn().to_string())
        .header("connection", "close");
    let (builder, body) = match content {
        Content::Notification(published) => {
            let builder = builder.header("x-amz-sns-subscription-arn", subscription.arn().to_string());
            if subscription.is_raw() {
                (builder.header("x-amz-sns-rawdelivery", "true"), published.body.clone())
            } else {
                (builder, envelope::document(content, subscription, endpoint, &envelope::HTTP).pretty())
            }
        }
        Content::Token(_) => {
            (builder, envelope::document(content, subscription, endpoint, &envelope::HTTP).pretty())
        }
    };
    builder.body(Full::new(Bytes::from(body)))
}

async fn send(target: &Target, request: Request<Full<Bytes>>) -> Result<StatusCode, String> {
    let stream = TcpStream::connect(target.addresses.as_slice())
        .await
        .map_err(|error| format!("cannot connect: {error}"))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    tokio::pin!(connection);
    let response = sender.send_request(request);
    tokio::pin!(response);
    let mut closed = false;
    loop {
        tokio::select! {
            answer = &mut response => return answer.map(|answer| answer.status()).map_err(|error| error.to_string()),
            // The answer may have been read before the end.
            _ = &mut connection, if !closed => closed = true,
        }
    }
}
