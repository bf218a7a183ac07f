use super::*;
use crate::{Credentials, SecretKey, Sha256, Signer, hex_sha256, parse};
use http::{HeaderName, HeaderValue};

const NOW: &str = "20261121T093000Z";

fn now() -> Timestamp {
    Timestamp::parse_compact(NOW).unwrap()
}

fn credentials() -> Credentials {
    Credentials { access_key_id: "AKID".into(), secret: SecretKey::new("secret"), session_token: None }
}

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pairs = pairs
        .iter()
        .map(|(name, value)| (HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap()));
    std::iter::once((http::header::HOST, HeaderValue::from_static("example.com"))).chain(pairs).collect()
}

/// Signs a POST with a body, lets `edit` change the headers, and verifies at `at`.
fn round(
    service: &str,
    payload: &str,
    edit: impl FnOnce(&mut HeaderMap),
    at: Timestamp,
    options: &Options<'_>,
    known: Payload<'_>,
) -> Result<Verified, AuthError> {
    let credentials = credentials();
    let signer = Signer { credentials: &credentials, region: "us-east-1", service };
    let mut map = headers(&[("x-amz-target", "A.B")]);
    let signed = signer.sign(&Request::new("POST", "/", "", &map), payload, now()).unwrap();
    signed.apply(&mut map);
    edit(&mut map);
    let request = Request::new("POST", "/", "", &map);
    let presented = parse(&request)?.unwrap();
    let scope = presented.scope.clone();
    let key = SigningKey::derive(&credentials.secret, &scope.date, &scope.region, &scope.service);
    presented.verify(&request, &key, known, at, options)
}

fn presigned(
    service: &str,
    expires: u32,
    at: Timestamp,
    options: &Options<'_>,
) -> Result<Verified, AuthError> {
    let credentials = credentials();
    let signer = Signer { credentials: &credentials, region: "us-east-1", service };
    let map = headers(&[]);
    let query = signer.presign(&Request::new("GET", "/k", "a=b", &map), expires, now());
    let request = Request::new("GET", "/k", &query, &map);
    let presented = parse(&request)?.unwrap();
    let key = SigningKey::derive(&credentials.secret, &presented.scope.date, "us-east-1", service);
    presented.verify(&request, &key, Payload::Sha256(&Sha256::of(b"")), at, options)
}

fn insert(name: &'static str, value: &'static str) -> impl FnOnce(&mut HeaderMap) {
    move |map| drop(map.insert(name, HeaderValue::from_static(value)))
}

fn message(result: Result<Verified, AuthError>, flavor: Flavor) -> (&'static str, String) {
    let answer = result.unwrap_err().answer(flavor);
    (answer.code, answer.message)
}

fn seconds(count: i64) -> Timestamp {
    Timestamp::from_millis(now().millis() + count * 1000)
}

#[test]
fn the_clocks_may_be_fifteen_minutes_apart() {
    let hash = Sha256::of(b"body");
    let json = Options::new(Flavor::Json, "config");
    let s3 = Options::new(Flavor::S3, "s3");
    for (at, fits) in [(-901, false), (-900, true), (0, true), (900, true), (901, false)] {
        let verify = |service, options| {
            round(service, &hex_sha256(b"body"), |_| {}, seconds(at), options, Payload::Sha256(&hash))
        };
        assert_eq!(verify("config", &json).is_ok(), fits, "{at}");
        assert_eq!(verify("s3", &s3).is_ok(), fits, "{at}");
        if !fits {
            assert_eq!(message(verify("s3", &s3), Flavor::S3).0, "RequestTimeTooSkewed");
            let (code, sentence) = message(verify("config", &json), Flavor::Json);
            assert_eq!(code, "InvalidSignatureException");
            let expected = if at > 0 {
                "Signature expired: 20261121T093000Z is now earlier than 20261121T093001Z (20261121T094501Z - 15 min.)"
            } else {
                "Signature not yet current: 20261121T093000Z is still later than 20261121T092959Z (20261121T091459Z + 15 min.)"
            };
            assert_eq!(sentence, expected);
        }
    }
}

#[test]
fn an_s3_url_lives_as_long_as_it_says() {
    let s3 = Options::new(Flavor::S3, "s3");
    for (expires, at, fits) in [
        (60, 0, true),
        (60, 60, true),
        (60, 61, false),
        (604_800, 604_800, true),
        (604_800, 604_801, false),
        (0, 0, false),
        (60, -900, true),
        (60, -901, false),
    ] {
        assert_eq!(presigned("s3", expires, seconds(at), &s3).is_ok(), fits, "{expires} {at}");
    }
    let answer = presigned("s3", 60, seconds(61), &s3).unwrap_err().answer(Flavor::S3);
    assert_eq!((answer.code, answer.message.as_str()), ("AccessDenied", "Request has expired"));
    assert_eq!(
        answer.details,
        [
            ("X-Amz-Expires", "60".to_owned()),
            ("Expires", "2026-11-21T09:31:00Z".to_owned()),
            ("ServerTime", "2026-11-21T09:31:01Z".to_owned())
        ]
    );
    let early = message(presigned("s3", 60, seconds(-901), &s3), Flavor::S3);
    assert_eq!(early, ("AccessDenied", "Request is not yet valid".to_owned()));
}

#[test]
fn another_services_url_lives_for_fifteen_minutes_at_least() {
    let sts = Options::new(Flavor::Query, "sts");
    for (expires, at, fits) in
        [(60, 900, true), (60, 901, false), (3600, 3600, true), (3600, 3601, false), (60, -901, false)]
    {
        assert_eq!(presigned("sts", expires, seconds(at), &sts).is_ok(), fits, "{expires} {at}");
    }
    assert_eq!(
        message(presigned("sts", 3600, seconds(3601), &sts), Flavor::Query),
        (
            "SignatureDoesNotMatch",
            "Signature expired: 20261121T093000Z is now earlier than 20261121T093001Z (20261121T103001Z - 60 min.)".to_owned()
        )
    );
}

#[test]
fn the_scope_is_the_endpoints() {
    let hash = Sha256::of(b"");
    let verify = |options: &Options<'_>| {
        round("config", crate::EMPTY_SHA256, |_| {}, now(), options, Payload::Sha256(&hash))
    };
    let mut options = Options::new(Flavor::Json, "config");
    options.region = Some("us-east-1");
    assert!(verify(&options).is_ok());
    options.region = Some("eu-west-1");
    assert_eq!(
        message(verify(&options), Flavor::Json),
        ("InvalidSignatureException", "Credential should be scoped to a valid region. ".to_owned())
    );
    let options = Options::new(Flavor::Json, "ssm");
    assert_eq!(
        message(verify(&options), Flavor::Json),
        ("InvalidSignatureException", "Credential should be scoped to correct service: 'ssm'. ".to_owned())
    );
    // A region that none could be, the day before, another terminator: each spoils the signature's claim by itself.
    for (from, to) in [
        ("/us-east-1/", "/US EAST/"),
        ("/us-east-1/", "/global/"),
        ("/20261121/", "/20261120/"),
        ("aws4_request", "aws5_request"),
    ] {
        let edit = |map: &mut HeaderMap| {
            let header = map["authorization"].to_str().unwrap().replace(from, to);
            map.insert("authorization", HeaderValue::from_str(&header).unwrap());
        };
        let options = Options::new(Flavor::Json, "config");
        let result = round("config", crate::EMPTY_SHA256, edit, now(), &options, Payload::Sha256(&hash));
        assert!(matches!(result, Err(AuthError::WrongScope(..))), "{to}");
    }
}

#[test]
fn host_and_amz_headers_have_to_be_signed() {
    let hash = Sha256::of(b"");
    let json = Options::new(Flavor::Json, "config");
    let verify = |edit: &dyn Fn(&mut HeaderMap)| {
        round("config", crate::EMPTY_SHA256, |map| edit(map), now(), &json, Payload::Sha256(&hash))
    };
    let added = verify(&|map| drop(map.insert("x-amz-meta-a", HeaderValue::from_static("1"))));
    assert_eq!(added.unwrap_err(), AuthError::UnsignedHeaders { names: vec!["x-amz-meta-a".into()] });
    let hostless = verify(&|map| {
        let header = map["authorization"].to_str().unwrap().replace("SignedHeaders=host;", "SignedHeaders=");
        map.insert("authorization", HeaderValue::from_str(&header).unwrap());
    });
    assert_eq!(
        message(hostless, Flavor::Query),
        (
            "SignatureDoesNotMatch",
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".to_owned()
        )
    );
    // Headers of which the signature says nothing may come on the way.
    assert!(verify(&|map| drop(map.insert("x-forwarded-for", HeaderValue::from_static("1")))).is_ok());
    assert!(verify(&|map| drop(map.insert("x-amzn-trace-id", HeaderValue::from_static("1")))).is_ok());

    let s3 = Options::new(Flavor::S3, "s3");
    let md5 = round("s3", UNSIGNED_PAYLOAD, insert("content-md5", "x"), now(), &s3, Payload::Declared);
    let answer = md5.unwrap_err().answer(Flavor::S3);
    assert_eq!(
        (answer.code, answer.message.as_str(), answer.details.as_slice()),
        (
            "AccessDenied",
            "There were headers present in the request which were not signed",
            [("HeadersNotSigned", "content-md5".to_owned())].as_slice()
        )
    );
}

#[test]
fn the_body_is_the_one_that_was_signed() {
    let (hash, other) = (Sha256::of(b"body"), Sha256::of(b"other"));
    let hex = hex_sha256(b"body");
    let s3 = Options::new(Flavor::S3, "s3");
    let json = Options::new(Flavor::Json, "config");
    let s3_round = |payload: &str, known| round("s3", payload, |_| {}, now(), &s3, known);
    assert_eq!(s3_round(&hex, Payload::Sha256(&hash)).unwrap().body, Body::Checked);
    let wrong = s3_round(&hex, Payload::Sha256(&other)).unwrap_err().answer(Flavor::S3);
    assert_eq!((wrong.code, wrong.status.as_u16()), ("XAmzContentSHA256Mismatch", 400));
    assert_eq!(wrong.details[0], ("ClientComputedContentSHA256", hex.clone()));

    // A body that is streamed is checked at its end.
    let verified = s3_round(&hex, Payload::Declared).unwrap();
    assert_eq!(verified.body, Body::Sha256(hash));
    for (pieces, fits) in [(["bo", "dy"], true), (["bo", "dx"], false)] {
        let mut check = verified.body_check().unwrap();
        pieces.iter().for_each(|piece| check.update(piece.as_bytes()));
        assert_eq!(check.finish().is_ok(), fits);
    }
    assert_eq!(s3_round(UNSIGNED_PAYLOAD, Payload::Declared).unwrap().body, Body::Unsigned);

    // Elsewhere the hash that is computed counts, with a declared one or without.
    let verify = |payload: &str, known, options| round("config", payload, |_| {}, now(), options, known);
    assert_eq!(verify(&hex, Payload::Sha256(&hash), &json).unwrap().body, Body::Checked);
    assert_eq!(
        message(verify(&hex, Payload::Sha256(&other), &json), Flavor::Json).0,
        "InvalidSignatureException"
    );
    assert_eq!(verify(&hex, Payload::Declared, &json).unwrap_err(), AuthError::ContentSha256Missing);
    let declared = insert("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    let smuggled = round("config", &hex, declared, now(), &json, Payload::Sha256(&other));
    assert!(matches!(smuggled, Err(AuthError::ContentSha256Invalid { .. })));
    for word in [UNSIGNED_PAYLOAD, "STREAMING-UNSIGNED-PAYLOAD-TRAILER"] {
        let refused = verify(word, Payload::Sha256(&hash), &json);
        assert!(matches!(refused, Err(AuthError::ContentSha256Invalid { .. })), "{word}");
    }
    let mut lenient = json;
    lenient.unsigned_payload = true;
    assert_eq!(verify(UNSIGNED_PAYLOAD, Payload::Sha256(&hash), &lenient).unwrap().body, Body::Unsigned);
}

#[test]
fn s3_needs_a_declared_hash() {
    let s3 = Options::new(Flavor::S3, "s3");
    let remove = |map: &mut HeaderMap| drop(map.remove("x-amz-content-sha256"));
    assert_eq!(
        message(round("s3", UNSIGNED_PAYLOAD, remove, now(), &s3, Payload::Declared), Flavor::S3),
        ("InvalidRequest", "Missing required header for this request: x-amz-content-sha256".to_owned())
    );
    for value in ["unsigned-payload", "abc", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"] {
        let edit = move |map: &mut HeaderMap| {
            drop(map.insert("x-amz-content-sha256", HeaderValue::from_static(value)))
        };
        let (code, _) =
            message(round("s3", UNSIGNED_PAYLOAD, edit, now(), &s3, Payload::Declared), Flavor::S3);
        assert_eq!(code, "InvalidArgument", "{value}");
    }
}

#[test]
fn a_key_of_another_secret_or_scope_does_not_match() {
    let s3 = Options::new(Flavor::S3, "s3");
    let map = headers(&[]);
    let credentials = credentials();
    let signer = Signer { credentials: &credentials, region: "us-east-1", service: "s3" };
    let query = signer.presign(&Request::new("GET", "/", "", &map), 60, now());
    let request = Request::new("GET", "/", &query, &map);
    let presented = parse(&request).unwrap().unwrap();
    for (secret, date, region, service, fits) in [
        ("secret", "20261121", "us-east-1", "s3", true),
        ("Secret", "20261121", "us-east-1", "s3", false),
        ("secret", "20261122", "us-east-1", "s3", false),
        ("secret", "20261121", "us-east-2", "s3", false),
        ("secret", "20261121", "us-east-1", "sts", false),
    ] {
        let key = SigningKey::derive(&SecretKey::new(secret), date, region, service);
        assert_eq!(presented.verify(&request, &key, Payload::Declared, now(), &s3).is_ok(), fits);
    }
}
