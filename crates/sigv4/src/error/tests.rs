use super::*;
use Flavor::{Ec2, Json, Query, RestJson, S3};

fn all() -> Vec<AuthError> {
    let at = Timestamp::parse_compact("20261121T093000Z").unwrap();
    vec![
        AuthError::MissingToken,
        AuthError::UnknownAccessKey { access_key_id: "AKID".into() },
        AuthError::InvalidToken { token: "tok".into() },
        AuthError::ExpiredToken { token: "tok".into() },
        AuthError::SignatureMismatch(Box::new(Mismatch {
            access_key_id: "AKID".into(),
            string_to_sign: "AB".into(),
            signature_provided: "00".into(),
            canonical_request: Some("C\n".into()),
        })),
        AuthError::Skewed {
            date: "20261121T091459Z".into(),
            signed: at.minus(Duration::from_secs(901)),
            now: at,
            window: Duration::from_mins(15),
        },
    ]
}

#[test]
fn each_protocol_has_its_code_and_status() {
    let codes = |flavor| -> Vec<(&str, u16)> {
        all().iter().map(|error| (error.code(flavor), error.answer(flavor).status.as_u16())).collect()
    };
    assert_eq!(
        codes(Query),
        [
            ("MissingAuthenticationToken", 403),
            ("InvalidClientTokenId", 403),
            ("InvalidClientTokenId", 403),
            ("ExpiredToken", 403),
            ("SignatureDoesNotMatch", 403),
            ("SignatureDoesNotMatch", 403)
        ]
    );
    assert_eq!(
        codes(Ec2),
        [
            ("MissingParameter", 400),
            ("AuthFailure", 401),
            ("AuthFailure", 401),
            ("RequestExpired", 400),
            ("AuthFailure", 401),
            ("RequestExpired", 400)
        ]
    );
    assert_eq!(
        codes(Json),
        [
            ("MissingAuthenticationTokenException", 400),
            ("UnrecognizedClientException", 400),
            ("UnrecognizedClientException", 400),
            ("ExpiredTokenException", 400),
            ("InvalidSignatureException", 400),
            ("InvalidSignatureException", 400)
        ]
    );
    assert_eq!(
        codes(RestJson),
        [
            ("MissingAuthenticationTokenException", 403),
            ("UnrecognizedClientException", 403),
            ("UnrecognizedClientException", 403),
            ("ExpiredTokenException", 403),
            ("InvalidSignatureException", 403),
            ("InvalidSignatureException", 403)
        ]
    );
    assert_eq!(
        codes(S3),
        [
            ("AccessDenied", 403),
            ("InvalidAccessKeyId", 403),
            ("InvalidToken", 400),
            ("ExpiredToken", 400),
            ("SignatureDoesNotMatch", 403),
            ("RequestTimeTooSkewed", 403)
        ]
    );
}

#[test]
fn sentences_are_awss() {
    let sentences =
        |flavor| -> Vec<String> { all().iter().map(|error| error.answer(flavor).message).collect() };
    assert_eq!(
        sentences(Query),
        [
            "Request is missing Authentication Token",
            "The security token included in the request is invalid.",
            "The security token included in the request is invalid",
            "The security token included in the request is expired",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
             Access Key and signing method. Consult the service documentation for details.",
            "Signature expired: 20261121T091459Z is now earlier than 20261121T091500Z (20261121T093000Z - 15 min.)",
        ]
    );
    assert_eq!(sentences(Ec2)[4], "AWS was not able to validate the provided access credentials");
    assert_eq!(sentences(Ec2)[5], "Request has expired.");
    assert_eq!(
        sentences(S3)[1..],
        [
            "The AWS Access Key Id you provided does not exist in our records.",
            "The provided token is malformed or otherwise invalid.",
            "The provided token has expired.",
            "The request signature we calculated does not match the signature you provided. Check your key and signing \
             method.",
            "The difference between the request time and the current time is too large.",
        ]
    );
}

#[test]
fn a_request_from_the_future_says_so() {
    let now = Timestamp::parse_compact("20261121T093000Z").unwrap();
    let signed = now.plus(Duration::from_hours(1));
    let error = AuthError::Skewed { date: signed.compact(), signed, now, window: Duration::from_mins(15) };
    assert_eq!(
        error.answer(Json).message,
        "Signature not yet current: 20261121T103000Z is still later than 20261121T094500Z (20261121T093000Z + 15 min.)"
    );
}

#[test]
fn s3_tells_what_it_signed() {
    let answer = all()[4].answer(S3);
    let details: Vec<(&str, &str)> =
        answer.details.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(
        details,
        [
            ("AWSAccessKeyId", "AKID"),
            ("StringToSign", "AB"),
            ("SignatureProvided", "00"),
            ("StringToSignBytes", "41 42"),
            ("CanonicalRequest", "C\n"),
            ("CanonicalRequestBytes", "43 0a")
        ]
    );
    let skewed = all()[5].answer(S3).details;
    assert_eq!(
        skewed,
        [
            ("RequestTime", "20261121T091459Z".to_owned()),
            ("ServerTime", "2026-11-21T09:30:00Z".to_owned()),
            ("MaxAllowedSkewMilliseconds", "900000".to_owned())
        ]
    );
    // Other protocols tell nothing of it.
    assert_eq!(all()[4].answer(Query).details, []);
}

#[test]
fn debug_prints_neither_header_nor_token() {
    for error in [
        AuthError::UnsupportedScheme { authorization: "Bearer s3cr3t".into() },
        AuthError::SeveralMechanisms { authorization: Some("Bearer s3cr3t".into()) },
        AuthError::NotKeyValue { part: "s3cr3t".into() },
        AuthError::IncompleteHeader {
            missing: vec!["Signature"],
            no_date: true,
            authorization: "s3cr3t".into(),
        },
        AuthError::InvalidToken { token: "s3cr3t".into() },
        AuthError::ExpiredToken { token: "s3cr3t".into() },
    ] {
        let printed = format!("{error:?} {error}");
        assert!(!printed.contains("s3cr3t"), "{printed}");
    }
}

#[test]
fn a_wrong_scope_is_told_in_one_sentence_each_or_by_its_first_fault() {
    let wrong = WrongScope {
        region: Some("mars".into()),
        expected_region: Some("us-east-1".into()),
        service: Some("ec2".into()),
        expected_service: "s3".into(),
        terminator: Some("aws5".into()),
        date: Some("20261120".into()),
        request_date: "20261121".into(),
    };
    let error = |scope: &WrongScope, place| AuthError::WrongScope(Box::new(scope.clone()), place);
    assert_eq!(
        error(&wrong, Place::Header).answer(Json).message,
        "Credential should be scoped to a valid region. Credential should be scoped to correct service: 's3'. \
         Credential should be scoped with a valid terminator: 'aws4_request'. Date in Credential scope does not match \
         YYYYMMDD from ISO-8601 version of date from HTTP."
    );
    let s3 = |scope: &WrongScope, place| {
        let answer = error(scope, place).answer(S3);
        (answer.code, answer.message)
    };
    let header = |detail: &str| {
        ("AuthorizationHeaderMalformed", format!("The authorization header is malformed; {detail}"))
    };
    assert_eq!(s3(&wrong, Place::Header), header("the region 'mars' is wrong; expecting 'us-east-1'"));
    assert_eq!(error(&wrong, Place::Header).answer(S3).details, [("Region", "us-east-1".to_owned())]);
    let wrong = WrongScope { region: None, ..wrong };
    assert_eq!(
        s3(&wrong, Place::Header),
        header("incorrect service \"ec2\". This endpoint belongs to \"s3\".")
    );
    let wrong = WrongScope { service: None, ..wrong };
    assert_eq!(
        s3(&wrong, Place::Header),
        header("incorrect terminal \"aws5\". This endpoint uses \"aws4_request\".")
    );
    let wrong = WrongScope { terminator: None, ..wrong };
    assert_eq!(
        s3(&wrong, Place::Header),
        header("Invalid credential date. Date is not the same as X-Amz-Date.")
    );
    assert_eq!(
        s3(&wrong, Place::Query),
        (
            "AuthorizationQueryParametersError",
            "Invalid credential date \"20261120\". This date is not the same as X-Amz-Date: \"20261121\"."
                .to_owned()
        )
    );
    let wrong = WrongScope { date: Some("2026-11-20".into()), ..wrong };
    assert_eq!(
        s3(&wrong, Place::Query).1,
        "Error parsing the X-Amz-Credential parameter; incorrect date format \"2026-11-20\". This date in the credential \
         must be in the format \"yyyyMMdd\"."
    );
}
