use super::*;
use crate::{Credentials, Flavor, SecretKey, Signer};
use base64::{Engine, engine::general_purpose::STANDARD};

const NOW: &str = "20151229T000000Z";
const OPTIONS: Options<'static> =
    Options { flavor: Flavor::S3, service: "s3", region: Some("us-east-1"), unsigned_payload: false };

fn now() -> Timestamp {
    Timestamp::parse_compact(NOW).unwrap()
}

fn credentials() -> Credentials {
    Credentials {
        access_key_id: "AKIAIOSFODNN7EXAMPLE".into(),
        secret: SecretKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        session_token: None,
    }
}

fn form(document: &str) -> Vec<Field> {
    let policy = STANDARD.encode(document);
    let credentials = credentials();
    let signature =
        Signer { credentials: &credentials, region: "us-east-1", service: "s3" }.sign_policy(&policy, now());
    [
        ("key", "user/user1/a.png"),
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
        ("X-Amz-Credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
        ("X-Amz-Date", NOW),
        ("Policy", &policy),
        ("X-Amz-Signature", &signature),
    ]
    .iter()
    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
    .collect()
}

/// A policy with the conditions that every form meets, and more.
fn document(more: &str) -> String {
    format!(
        r#"{{"expiration": "2015-12-30T12:00:00.000Z", "conditions": [{{"x-amz-algorithm": "AWS4-HMAC-SHA256"}},
        ["starts-with", "$x-amz-credential", ""], ["eq", "$X-Amz-Date", "{NOW}"], ["starts-with", "$key", "user/"]{more}]}}"#
    )
}

fn verify(fields: &[Field], at: Timestamp) -> Result<Policy, PostError> {
    let presented = parse(fields)?.unwrap();
    let key = SigningKey::derive(&credentials().secret, &presented.scope.date, "us-east-1", "s3");
    presented.verify(&key, at, &OPTIONS)
}

fn set(fields: &mut [Field], name: &str, value: &str) {
    fields.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)).unwrap().1 = value.to_owned();
}

fn told(error: &PostError) -> (&'static str, u16, String) {
    let answer = error.answer();
    (answer.code, answer.status.as_u16(), answer.message)
}

#[test]
fn a_signed_form_is_held_against_its_policy() {
    let fields = form(&document(r#", {"bucket": "b"}, ["content-length-range", 10, "1000"]"#));
    let policy = verify(&fields, now()).unwrap();
    assert_eq!(policy.check("b", &fields), Ok(()));
    assert_eq!(
        told(&policy.check("c", &fields).unwrap_err()),
        (
            "AccessDenied",
            403,
            "Invalid according to Policy: Policy Condition failed: [\"eq\", \"$bucket\", \"b\"]".into()
        )
    );
    assert_eq!(policy.length_range(), Some((10, 1000)));
    for (length, code) in
        [(9, Some("EntityTooSmall")), (10, None), (1000, None), (1001, Some("EntityTooLarge"))]
    {
        assert_eq!(policy.check_length(length).err().map(|error| error.answer().code), code);
    }
    let mut other = fields.clone();
    set(&mut other, "key", "else/a.png");
    assert_eq!(
        told(&policy.check("b", &other).unwrap_err()).2,
        "Invalid according to Policy: Policy Condition failed: [\"starts-with\", \"$key\", \"user/\"]"
    );
    let mut more = fields.clone();
    more.push(("acl".into(), "public-read".into()));
    more.push(("x-ignore-this".into(), "1".into()));
    more.push(("x-amz-meta-a".into(), "1".into()));
    assert_eq!(
        told(&policy.check("b", &more).unwrap_err()),
        ("AccessDenied", 403, "Invalid according to Policy: Extra input fields: acl, x-amz-meta-a".into())
    );
}

#[test]
fn a_policy_that_names_no_bucket_is_good_for_none() {
    let fields = form(&document(""));
    let policy = verify(&fields, now()).unwrap();
    for bucket in ["b", "another"] {
        assert_eq!(
            told(&policy.check(bucket, &fields).unwrap_err()),
            ("AccessDenied", 403, "Invalid according to Policy: Extra input fields: bucket".into())
        );
    }
}

#[test]
fn every_content_type_of_a_list_has_to_meet_the_condition() {
    let mut fields = form(&document(r#", {"bucket": "b"}, ["starts-with", "$Content-Type", "image/"]"#));
    let policy = verify(&fields, now()).unwrap();
    assert!(policy.check("b", &fields).is_err(), "a field that is missing is empty");
    fields.push(("content-type".into(), String::new()));
    for (value, fits) in [("image/png", true), ("image/png, image/gif", true), ("image/png,text/html", false)]
    {
        set(&mut fields, "content-type", value);
        assert_eq!(policy.check("b", &fields).is_ok(), fits, "{value}");
    }
}

#[test]
fn anonymous_incomplete_and_ambiguous_forms() {
    assert!(parse(&[("key".into(), "a".into())]).unwrap().is_none());
    let fields = form(&document(""));
    for name in ["policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"] {
        let without: Vec<Field> =
            fields.iter().filter(|(known, _)| !known.eq_ignore_ascii_case(name)).cloned().collect();
        let error = parse(&without).unwrap_err();
        assert_eq!(
            told(&error),
            (
                "InvalidArgument",
                400,
                format!(
                    "Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the \
                     fields."
                )
            )
        );
    }
    let mut twice = fields.clone();
    twice.push(("KEY".into(), "other".into()));
    assert_eq!(parse(&twice).unwrap_err(), PostError::FieldTwice { field: "KEY".into() });
    let mut long = fields.clone();
    long.push(("x-ignore-a".into(), "a".repeat(20_480)));
    assert_eq!(parse(&long).unwrap_err().answer().code, "MaxPostPreDataLengthExceededError");
    let mut version_2 = fields.clone();
    version_2.push(("AWSAccessKeyId".into(), "AKID".into()));
    assert_eq!(parse(&version_2).unwrap_err().answer().code, "InvalidRequest");
    for (name, value, message) in [
        (
            "x-amz-algorithm",
            "x",
            "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"",
        ),
        ("x-amz-date", "2015", "X-Amz-Date must be formatted via ISO8601 Long format."),
        (
            "x-amz-credential",
            "a/b",
            "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".",
        ),
    ] {
        let mut bad = fields.clone();
        set(&mut bad, name, value);
        assert_eq!(told(&parse(&bad).unwrap_err()), ("InvalidArgument", 400, message.to_owned()));
    }
}

#[test]
fn a_wrong_signature_scope_or_time_is_refused() {
    let fields = form(&document(""));
    let change = |name: &str, value: &str| {
        let mut changed = fields.clone();
        set(&mut changed, name, value);
        verify(&changed, now()).unwrap_err().answer()
    };
    let answer = change("x-amz-signature", &"0".repeat(64));
    assert_eq!((answer.code, answer.status.as_u16()), ("SignatureDoesNotMatch", 403));
    let names: Vec<&str> = answer.details.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["AWSAccessKeyId", "StringToSign", "SignatureProvided", "StringToSignBytes"]);
    let forged = STANDARD.encode(document(r#", {"acl": "public-read"}"#));
    assert_eq!(change("policy", &forged).code, "SignatureDoesNotMatch");
    for (credential, message) in [
        ("A/20151229/eu-west-1/s3/aws4_request", "the region 'eu-west-1' is wrong; expecting 'us-east-1'"),
        (
            "A/20151229/us-east-1/sqs/aws4_request",
            "incorrect service \"sqs\". This endpoint belongs to \"s3\".",
        ),
        ("A/20151229/us-east-1/s3/aws5", "incorrect terminal \"aws5\". This endpoint uses \"aws4_request\"."),
        (
            "A/20151228/us-east-1/s3/aws4_request",
            "Invalid credential date \"20151228\". This date is not the same as X-Amz-Date: \"20151229\".",
        ),
    ] {
        let answer = change("x-amz-credential", credential);
        assert_eq!((answer.code, answer.message.as_str()), ("InvalidArgument", message));
    }
    let end = Timestamp::parse_iso("2015-12-30T12:00:00Z").unwrap();
    assert!(verify(&fields, end).is_ok());
    let late = verify(&fields, end.plus(std::time::Duration::from_millis(1))).unwrap_err();
    assert_eq!(told(&late), ("AccessDenied", 403, "Invalid according to Policy: Policy expired.".into()));
}

#[test]
fn malformed_policies_are_told() {
    let conditions =
        |conditions: &str| format!(r#"{{"expiration":"2015-12-30T12:00:00Z","conditions":{conditions}}}"#);
    for (document, reason) in [
        (String::new(), "Expecting '{' but found End-of-Input"),
        ("[]".into(), "Invalid JSON."),
        ("{".into(), "Invalid JSON."),
        ("[".repeat(500), "Invalid JSON."),
        (r#"{"conditions":[]}"#.into(), "Policy missing expiration."),
        (r#"{"expiration":"x","conditions":[]}"#.into(), "Invalid 'expiration' value: 'x'"),
        (r#"{"expiration":"2015-12-30T12:00:00Z"}"#.into(), "Policy missing conditions."),
        (r#"{"expiration":"2015-12-30T12:00:00Z","a":1}"#.into(), "Unexpected: \"a\""),
        (conditions("{}"), "Invalid 'conditions' value: must be a List."),
        (conditions("[1]"), "Invalid condition test: must be a List or Object."),
        (conditions("[[]]"), "Invalid Condition: missing operation identifier."),
        (conditions(r#"[["ne","$a","b"]]"#), "Invalid Condition: unknown operation 'ne'."),
        (conditions(r#"[["eq","$a"]]"#), "Invalid eq: wrong number of arguments."),
        (conditions(r#"[["eq","a","b"]]"#), "Invalid eq: field names must begin with '$'."),
        (
            conditions(r#"[["content-length-range",-1,2]]"#),
            "Invalid content-length-range: arguments must be integers.",
        ),
        (
            conditions(r#"[{"a":"b","c":"d"}]"#),
            "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
        ),
        (conditions(r#"[{"a":1}]"#), "Invalid Simple-Condition: value must be a string."),
    ] {
        let error = verify(&form(&document), now()).unwrap_err();
        assert_eq!(
            told(&error),
            ("InvalidPolicyDocument", 400, format!("Invalid Policy: {reason}")),
            "{document}"
        );
    }
    assert_eq!(
        told(&Policy::read("***").unwrap_err()),
        ("InvalidPolicyDocument", 400, "Invalid Policy: invalid Base64 encoding.".to_owned())
    );
}
