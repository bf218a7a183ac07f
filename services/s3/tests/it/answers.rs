//! What only shows on the wire: statuses and headers that the model has no members for.

use crate::cloud::{bucket, cloud, put, read};
use api_s3::*;
use names::RequestId;
use wire::{Body, ErrorContext, HttpResponse, Operation, Protocol, Shape};

fn answer<I: Operation>(output: &I::Output) -> HttpResponse {
    let write = |writer: &mut dyn wire::Writer| output.write(I::SCHEMA.output, writer);
    wire::encode_response(Protocol::RestXml, I::SCHEMA, RequestId([7; 16]), &write).unwrap()
}

fn refusal(error: &wire::ErrorResponse) -> (HttpResponse, String) {
    let context = ErrorContext { request_id: RequestId([7; 16]), head: false, resource: "/box/k" };
    let response = wire::encode_error(Protocol::RestXml, &SERVICE, error, &context);
    let Body::Whole(bytes) = response.body.clone() else { panic!("an error is not streamed") };
    (response, String::from_utf8(bytes.to_vec()).unwrap())
}

fn header<'a>(response: &'a HttpResponse, name: &str) -> Option<&'a str> {
    response.headers.get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_part_is_answered_with_206() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    put(&root, "box", "k", "hello").await;
    let part = root.call(GetObject { range: Some("bytes=1-2".into()), ..read("box", "k") }).await.unwrap();
    let response = answer::<GetObject>(&part);
    assert_eq!((response.status, header(&response, "content-range")), (206, Some("bytes 1-2/5")));
    assert_eq!(header(&response, "content-length"), Some("2"));
    let whole = root.call(read("box", "k")).await.unwrap();
    assert_eq!(answer::<GetObject>(&whole).status, 200);
}

#[tokio::test]
async fn errors_have_headers_and_members() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    put(&root, "box", "k", "hello").await;
    let west = root.in_region("eu-west-1".parse().unwrap());
    let (response, text) = refusal(&west.call(read("box", "k")).await.unwrap_err());
    assert_eq!((response.status, header(&response, "x-amz-bucket-region")), (301, Some("us-east-1")));
    assert!(
        text.contains("<Endpoint>box.s3.us-east-1.amazonaws.com</Endpoint><Bucket>box</Bucket>"),
        "{text}"
    );
    assert!(!text.contains("x-amz-bucket-region"), "{text}");
    let same = GetObject { if_none_match: Some("*".into()), ..read("box", "k") };
    let (response, text) = refusal(&root.call(same).await.unwrap_err());
    assert_eq!((response.status, text.as_str()), (304, ""));
    assert_eq!(header(&response, "etag"), Some("\"5d41402abc4b2a76b9719d911017c592\""));
    let (response, text) = refusal(&root.call(read("box", "gone")).await.unwrap_err());
    assert_eq!(response.status, 404);
    assert!(
        text.contains(
            "<Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>gone</Key>"
        ),
        "{text}"
    );
}
