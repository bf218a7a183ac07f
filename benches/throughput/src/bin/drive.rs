//! Drives one server: `drive NAME ADDRESS PID [SECONDS]` prints a line of tab-separated figures a workload and number of connections.

use std::time::Duration;
use throughput::{Request, Target, drive, resident_of};

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;
/// Of the version of AWS JSON that SQS and DynamoDB speak.
const JSON: &str = "application/x-amz-json-1.0";

/// The requests of a workload, one a connection.
struct Workload {
    name: &'static str,
    connections: &'static [usize],
    request: Box<dyn Fn(usize) -> Request>,
}

#[expect(clippy::print_stdout, reason = "figures are what it is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, address, pid, rest @ ..] = arguments.as_slice() else {
        return Err("drive NAME ADDRESS PID [SECONDS]".into());
    };
    let target = Target { name: name.clone(), address: address.parse()?, pid: pid.parse()? };
    let seconds = rest.first().map_or(Ok(4), |text| text.parse())?;
    let duration = Duration::from_secs(seconds);
    println!("{name}\tidle\t-\t{}", resident_of(target.pid));
    for request in prepared(&target) {
        let _ = drive(&target, std::slice::from_ref(&request), Duration::from_millis(100));
    }
    for workload in workloads(&target) {
        for connections in workload.connections {
            let requests: Vec<Request> = (0..*connections).map(|number| (workload.request)(number)).collect();
            let figures = drive(&target, &requests, duration);
            println!(
                "{name}\t{}\t{connections}\t{:.0}\t{}\t{}\t{}\t{}",
                workload.name,
                figures.rate,
                figures.p50.as_micros(),
                figures.p99.as_micros(),
                figures.cpu.as_nanos(),
                figures.failed
            );
        }
    }
    Ok(())
}

/// What must be there before: a bucket, a queue and a table.
fn prepared(target: &Target) -> Vec<Request> {
    let table = r#"{"TableName":"bench","BillingMode":"PAY_PER_REQUEST",
        "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},{"AttributeName":"part","AttributeType":"N"}],
        "KeySchema":[{"AttributeName":"id","KeyType":"HASH"},{"AttributeName":"part","KeyType":"RANGE"}]}"#;
    let mut prepared = vec![
        Request::signed(target.address, "PUT", "/bench-bucket", "s3", "", b""),
        sqs(target, "CreateQueue", r#"{"QueueName":"bench"}"#),
        dynamodb(target, "CreateTable", table),
    ];
    // What is queried: ten items under one key.
    prepared.extend((0..10).map(|part| dynamodb(target, "PutItem", &item("queried", part))));
    prepared
}

fn workloads(target: &Target) -> Vec<Workload> {
    let identity = {
        let target = target.clone();
        move |_| {
            let form = b"Action=GetCallerIdentity&Version=2011-06-15";
            Request::signed(target.address, "POST", "/", "sts", "application/x-www-form-urlencoded", form)
        }
    };
    let object = |method: &'static str, name: &'static str, size: usize| {
        let target = target.clone();
        move |number| {
            let path = format!("/bench-bucket/{name}-{number}");
            Request::signed(target.address, method, &path, "s3", "", &vec![b'a'; size])
        }
    };
    let call =
        |of: fn(&Target, &str, &str) -> Request, operation: &'static str, body: fn(usize) -> String| {
            let target = target.clone();
            move |number| of(&target, operation, &body(number))
        };
    let both: &[usize] = &[1, 16];
    let few: &[usize] = &[1, 4];
    let queue = "http://127.0.0.1/000000000000/bench";
    let send = move |_: usize| format!(r#"{{"QueueUrl":"{queue}","MessageBody":"{}"}}"#, "m".repeat(256));
    let sending = {
        let target = target.clone();
        move |number| sqs(&target, "SendMessage", &send(number))
    };
    let receiving = {
        let target = target.clone();
        move |_| sqs(&target, "ReceiveMessage", &format!(r#"{{"QueueUrl":"{queue}"}}"#))
    };
    let of =
        |name, connections, request: Box<dyn Fn(usize) -> Request>| Workload { name, connections, request };
    vec![
        of("GetCallerIdentity", both, Box::new(identity)),
        of("S3 put 1 KiB", both, Box::new(object("PUT", "object", KIB))),
        of("S3 get 1 KiB", both, Box::new(object("GET", "object", 0))),
        of("S3 put 64 MiB", few, Box::new(object("PUT", "large", 64 * MIB))),
        of("S3 get 64 MiB", few, Box::new(object("GET", "large", 0))),
        of("SQS send 256 B", both, Box::new(sending)),
        of("SQS receive", both, Box::new(receiving)),
        of("DynamoDB put", both, Box::new(call(dynamodb, "PutItem", |number| item("put", number)))),
        of("DynamoDB get", both, Box::new(call(dynamodb, "GetItem", key))),
        of("DynamoDB query, 10 items", both, Box::new(call(dynamodb, "Query", |_| query()))),
    ]
}

fn sqs(target: &Target, operation: &str, body: &str) -> Request {
    Request::targeted(target.address, "sqs", JSON, &format!("AmazonSQS.{operation}"), body.as_bytes())
}

fn dynamodb(target: &Target, operation: &str, body: &str) -> Request {
    let operation = format!("DynamoDB_20120810.{operation}");
    Request::targeted(target.address, "dynamodb", JSON, &operation, body.as_bytes())
}

fn item(id: &str, part: usize) -> String {
    let text = "t".repeat(200);
    format!(
        r#"{{"TableName":"bench","Item":{{"id":{{"S":"{id}"}},"part":{{"N":"{part}"}},"text":{{"S":"{text}"}},"size":{{"N":"1024"}}}}}}"#
    )
}

fn key(part: usize) -> String {
    format!(r#"{{"TableName":"bench","Key":{{"id":{{"S":"put"}},"part":{{"N":"{part}"}}}}}}"#)
}

fn query() -> String {
    r#"{"TableName":"bench","KeyConditionExpression":"id = :id","ExpressionAttributeValues":{":id":{"S":"queried"}}}"#.into()
}
