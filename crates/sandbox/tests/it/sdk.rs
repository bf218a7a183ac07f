//! The AWS SDK in a function.

use crate::bench::{Bench, OutcomeExt, configuration, handler, invocation};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Answers one request as STS would and gives back what was asked.
async fn sts(listener: tokio::net::TcpListener) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    while !String::from_utf8_lossy(&request).contains("Action=GetCallerIdentity") {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.unwrap();
        assert_ne!(count, 0);
        request.extend_from_slice(&buffer[..count]);
    }
    let body = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
                <Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all((head + body).as_bytes()).await.unwrap();
    String::from_utf8_lossy(&request).into_owned()
}

#[tokio::test]
async fn boto3_calls_the_endpoint_with_the_functions_credentials() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = configuration();
    settings.endpoint = listener.local_addr().unwrap();
    let endpoint = format!("http://{}", settings.endpoint);
    let bench = Bench::with(settings).await;
    bench.sandbox.warm_up().await.unwrap();
    if bench.sandbox.boto3_version().await.is_none() {
        println!("this Python has no boto3: nothing to test");
        return;
    }
    let server = tokio::spawn(sts(listener));
    let body = "import boto3\nreturn boto3.client('sts').get_caller_identity()['Account']";
    let mut spec = bench.spec(&[("index.py", &handler(body))]);
    spec.env.insert("AWS_ENDPOINT_URL".to_owned(), endpoint);
    spec.env.insert("AWS_ACCESS_KEY_ID".to_owned(), "ASIAOFTHEROLE".to_owned());
    let outcome = bench.sandbox.start(spec).await.unwrap().invoke(invocation("{}")).await;
    assert_eq!(outcome.value(), "123456789012");
    let request = server.await.unwrap();
    assert!(request.contains("Credential=ASIAOFTHEROLE/"), "{request}");
    assert!(request.to_lowercase().contains("x-amz-security-token: token"), "{request}");
}

#[tokio::test]
async fn a_functions_own_sdk_wins() {
    let bench = Bench::with(configuration()).await;
    let files = [
        ("index.py", "import boto3, botocore\ndef handler(e, c):\n    return [boto3.MINE, botocore.MINE]\n"),
        ("boto3/__init__.py", "MINE = 1\n"),
        ("botocore/__init__.py", "MINE = 2\n"),
    ];
    let outcome = bench.sandbox.start(bench.spec(&files)).await.unwrap().invoke(invocation("{}")).await;
    assert_eq!(outcome.value(), json!([1, 2]));
}
