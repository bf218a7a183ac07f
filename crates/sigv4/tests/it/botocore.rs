//! The same requests signed by botocore and by this crate, and botocore's own requests verified.

use crate::support::{ACCESS_KEY, at, credentials, headers, verify};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderMap;
use serde_json::{Value, json};
use sigv4::checksum::{Algorithm, Checksum};
use sigv4::{
    AuthError, Body, Flavor, Options, Payload, Request, Sha256, Signer, SigningKey, hex_sha256, parse, post,
    version2,
};
use std::io::Write;
use std::process::{Command, Stdio};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "IQoJb3JpZ2luX2VjE/+token==";

/// Runs the script. Where Python or botocore is missing this fails, and says what to do: a test that skips proves nothing.
fn botocore(job: &Value) -> Value {
    let python = std::env::var("CLOUDCHAMBER_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/botocore_sign.py");
    let advice = format!(
        "`{python}` with botocore is needed: run `cargo xtask test`, which installs it, or `pip install botocore`, or set \
         CLOUDCHAMBER_PYTHON to a Python that has it"
    );
    let mut child = Command::new(&python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{python} could not be started ({error}). {advice}"));
    let mut stdin = child.stdin.take().unwrap();
    let input = job.to_string();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "botocore did not sign. {advice}.\n{stderr}");
    writer.join().unwrap().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A generator of numbers that are the same every time (Knuth's MMIX constants).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn text(&mut self, from: &[&str], most: usize) -> String {
        (0..self.below(most + 1)).map(|_| self.pick(from)).collect()
    }
}

fn encode(text: &str, safe: &str) -> String {
    let keep =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || safe.as_bytes().contains(&byte);
    text.bytes()
        .map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

const LETTERS: [&str; 14] = ["a", "B", "7", "-", "_", ".", "~", " ", "+", "/", "é", "=", "&", "%"];

fn case(numbers: &mut Numbers) -> Value {
    let service = numbers.pick(&["s3", "s3", "iam", "lambda", "config", "execute-api"]);
    let place = numbers.pick(&["header", "header", "query"]);
    let path = if service == "s3" {
        // As clients of S3 escape a key: dot segments and double slashes are part of it.
        format!("/{}", encode(&numbers.text(&LETTERS, 12), "/"))
    } else {
        let parts =
            ["a", "b", "/", "/", "//", "/./", "/../", "..", "%20", "%2F", ":", "*", "~", "é", "$", "."];
        format!("/{}", numbers.text(&parts, 8))
    };
    let mut pairs: Vec<String> = Vec::new();
    for _ in 0..numbers.below(5) {
        let name = numbers.pick(&["a", "b", "a-b", "A", "list-type", "x%20y", "ü"]);
        pairs.push(format!("{}={}", encode(name, "%"), encode(&numbers.text(&LETTERS, 5), "")));
    }
    let query = pairs.join("&");
    let mut headers = Vec::new();
    let values = ["a  b   c", " x ", "\"q  q\"", "1", "text/plain; charset=utf-8", "a,b"];
    for name in ["X-Amz-Meta-One", "x-amz-meta-two", "Content-Type", "Range", "User-Agent"] {
        if numbers.below(3) == 0 {
            headers.push(json!([name, numbers.pick(&values)]));
        }
    }
    if numbers.below(4) == 0 {
        headers.extend([json!(["x-amz-meta-many", "b"]), json!(["X-Amz-Meta-Many", " a  a"])]);
    }
    let body = if place == "query" { String::new() } else { numbers.text(&LETTERS, 30) };
    let question = if query.is_empty() { "" } else { "?" };
    let host = numbers.pick(&[
        "localhost:4566",
        "example.com",
        "example.com:443",
        "bucket.s3.localhost:4566",
        "[::1]:4566",
    ]);
    let token = if numbers.below(2) == 0 { Value::Null } else { json!(TOKEN) };
    json!({
        "service": service, "place": place, "region": numbers.pick(&["us-east-1", "eu-west-3"]),
        "method": numbers.pick(&["GET", "PUT", "POST", "DELETE"]),
        "url": format!("https://{host}{path}{question}{query}"), "headers": headers, "body": body,
        "access_key": ACCESS_KEY, "secret": SECRET, "token": token,
        "expires": 600,
    })
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

/// Authority, path and query of a URL.
fn split(url: &str) -> (String, String, String) {
    let rest = url.split_once("://").unwrap().1;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let authority = if url.starts_with("https") { authority.trim_end_matches(":443") } else { authority };
    (authority.to_owned(), path.to_owned(), query.to_owned())
}

fn header_map(list: &Value, authority: &str) -> HeaderMap {
    let pairs =
        list.as_array().unwrap().iter().map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap()));
    let mut map = headers(pairs);
    if !map.contains_key("host") {
        map.insert("host", authority.parse().unwrap());
    }
    map
}

fn flavor(service: &str) -> Flavor {
    match service {
        "s3" => Flavor::S3,
        "ec2" => Flavor::Ec2,
        "iam" | "sts" | "cloudformation" => Flavor::Query,
        "lambda" | "apigateway" => Flavor::RestJson,
        _ => Flavor::Json,
    }
}

/// The query without what signs it: in botocore's presigned URLs that stands at the end.
fn operation_query(query: &str) -> &str {
    query.split_once("X-Amz-Algorithm=").map_or(query, |(before, _)| before.trim_end_matches('&'))
}

#[test]
fn bare_requests() {
    let mut numbers = Numbers(20_261_121);
    let cases: Vec<Value> = (0..600).map(|_| case(&mut numbers)).collect();
    let answers = botocore(&json!({ "cases": cases }));
    for (case, answer) in cases.iter().zip(answers["cases"].as_array().unwrap()) {
        let (service, method, body) = (text(case, "service"), text(case, "method"), text(case, "body"));
        let (authority, path, query) = split(text(answer, "url"));
        let map = header_map(&answer["headers"], &authority);
        let request = Request::new(method, &path, &query, &map);
        let presented = parse(&request).unwrap().unwrap_or_else(|| panic!("unsigned: {case}"));
        let now = presented.signed_at;
        let hash = Sha256::of(body.as_bytes());
        let options = Options::new(flavor(service), service);
        let credentials = credentials(SECRET, case["token"].as_str());
        let verified = verify(&request, &credentials.secret, Payload::Sha256(&hash), now, &options);
        let verified = verified.unwrap_or_else(|error| panic!("{error}\n{case}\n{answer}"));
        let expected =
            if service == "s3" && text(case, "place") == "query" { Body::Unsigned } else { Body::Checked };
        assert_eq!(verified.body, expected);
        assert_eq!(presented.session_token.as_deref(), case["token"].as_str());

        // And the other way round: what this crate signs is what botocore signed.
        let signer = Signer { credentials: &credentials, region: text(case, "region"), service };
        let bare = header_map(&case["headers"], &authority);
        let unsigned = Request::new(method, &path, operation_query(&query), &bare);
        if text(case, "place") == "query" {
            let signature = |query: &str| query.rsplit_once("X-Amz-Signature=").unwrap().1.to_owned();
            assert_eq!(signature(&signer.presign(&unsigned, 600, now)), signature(&query), "{case}");
        } else {
            let signed = signer.sign(&unsigned, &hex_sha256(body.as_bytes()), now).unwrap();
            let ours = &signed.headers.iter().find(|(name, _)| name == "authorization").unwrap().1;
            assert_eq!(ours, &map["authorization"], "{case}");
        }
    }
}

/// Decodes a chunked body and holds it against its trailer; gives the checksum's algorithm.
fn chunked(verified: &sigv4::Verified, map: &HeaderMap, body: Vec<u8>) -> Algorithm {
    let mut decoder = verified.decoder(map).unwrap().unwrap();
    let algorithm = Algorithm::of_header(map["x-amz-trailer"].to_str().unwrap()).unwrap();
    let mut checksum = Checksum::new(algorithm);
    let mut input = bytes::Bytes::from(body);
    let mut length = 0;
    while let Some(piece) = decoder.next(&mut input).unwrap() {
        checksum.update(&piece);
        length += piece.len();
    }
    assert_eq!(map["x-amz-decoded-content-length"], length.to_string());
    assert_eq!(decoder.finish().unwrap(), [(algorithm.header().to_owned(), checksum.finish_base64())]);
    algorithm
}

#[test]
fn clients() {
    let setup = json!({ "access_key": ACCESS_KEY, "secret": SECRET, "token": TOKEN });
    let answer = &botocore(&json!({ "clients": setup }))["clients"];
    let secret = credentials(SECRET, None).secret;
    let (mut bodies, mut algorithms) = (Vec::new(), Vec::new());
    for sent in answer["requests"].as_array().unwrap() {
        let service = text(sent, "service");
        let (authority, path, query) = split(text(sent, "url"));
        let map = header_map(&sent["headers"], &authority);
        let body = STANDARD.decode(text(sent, "body")).unwrap();
        let request = Request::new(text(sent, "method"), &path, &query, &map);
        let now = parse(&request).unwrap().unwrap().signed_at;
        let hash = Sha256::of(&body);
        let options = Options::new(flavor(service), service);
        let verified = verify(&request, &secret, Payload::Sha256(&hash), now, &options);
        let name = text(sent, "name");
        let verified =
            verified.unwrap_or_else(|error| panic!("{service} {name} {}: {error}", text(sent, "url")));
        if let Body::Chunked(_) = verified.body {
            algorithms.push(chunked(&verified, &map, body));
        }
        bodies.push(verified.body);
    }
    assert_eq!(bodies.len(), 2 * (2 * 9 + 12));
    assert!(bodies.contains(&Body::Checked));
    assert!(
        algorithms.contains(&Algorithm::Crc32) && algorithms.contains(&Algorithm::Sha256),
        "{algorithms:?}"
    );
    for sent in answer["presigned"].as_array().unwrap() {
        let service = text(sent, "service");
        let (authority, path, query) = split(text(sent, "url"));
        let map = header_map(&json!([]), &authority);
        let request = Request::new(text(sent, "method"), &path, &query, &map);
        let now = parse(&request).unwrap().unwrap().signed_at;
        let options = Options::new(flavor(service), service);
        let verified = verify(&request, &secret, Payload::Sha256(&Sha256::of(b"")), now, &options);
        assert!(verified.is_ok(), "{}: {verified:?}", text(sent, "url"));
    }
    form(&answer["form"]);
    version_2(answer);
}

/// What botocore gives when nobody tells it `s3v4`.
fn version_2(answer: &Value) {
    let secret = credentials(SECRET, None).secret;
    let now = at("20200101T000000Z");
    let urls = answer["version_2"].as_array().unwrap();
    assert_eq!(urls.len(), 8);
    for sent in urls {
        let (authority, path, query) = split(text(sent, "url"));
        let map = header_map(&json!([]), &authority);
        let request = Request::new(text(sent, "method"), &path, &query, &map);
        assert_eq!(parse(&request).unwrap_err(), AuthError::SignatureVersion2);
        let presented = version2::parse(&request).unwrap();
        assert!(presented.session_token_is(TOKEN));
        let verified = presented.verify(&request, sent["bucket"].as_str(), &secret, now);
        assert_eq!(verified, Ok(()), "{}", text(sent, "url"));
    }
    let fields = fields(&answer["version_2_form"]);
    let presented = version2::parse_form(&fields).unwrap();
    assert!(presented.session_token_is(TOKEN));
    let policy = presented.verify(&secret, now).unwrap();
    assert_eq!(policy.check("my-bucket", &fields), Ok(()));
    let other = credentials("other", None).secret;
    assert!(presented.verify(&other, now).is_err());
}

fn fields(of: &Value) -> Vec<post::Field> {
    let pairs = of.as_object().unwrap().iter();
    pairs
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().replace("${filename}", "a.txt")))
        .collect()
}

fn form(of: &Value) {
    let fields = fields(of);
    let date = &fields.iter().find(|(name, _)| name == "x-amz-date").unwrap().1;
    let presented = post::parse(&fields).unwrap().unwrap();
    assert!(presented.session_token_is(TOKEN));
    let scope = &presented.scope;
    let key = SigningKey::derive(&credentials(SECRET, None).secret, &scope.date, &scope.region, "s3");
    let policy = presented.verify(&key, at(date), &Options::new(Flavor::S3, "s3")).unwrap();
    assert_eq!(policy.check("my-bucket", &fields), Ok(()));
    assert_eq!(policy.length_range(), Some((1, 100)));
}
