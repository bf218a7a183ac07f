use super::*;
use crate::{Answer, BadExpires, Flavor};
use http::{HeaderMap, HeaderName, HeaderValue};

const DATE: (&str, &str) = ("x-amz-date", "20261121T093000Z");
const GOOD: &str = "AWS4-HMAC-SHA256 Credential=AKID/20261121/us-east-1/iam/aws4_request, \
    SignedHeaders=host;x-amz-date, Signature=abc";

fn read(headers: &[(&str, &str)], query: &str) -> Result<Option<Presented>, AuthError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    parse(&Request::new("GET", "/", query, &map))
}

fn answer(headers: &[(&str, &str)], query: &str, flavor: Flavor) -> Answer {
    read(headers, query).unwrap_err().answer(flavor)
}

fn refusal(authorization: &str, flavor: Flavor) -> (&'static str, String) {
    let answer = answer(&[("authorization", authorization), DATE], "", flavor);
    (answer.code, answer.message)
}

#[test]
fn reads_the_header_and_the_query() {
    let presented =
        read(&[("authorization", GOOD), DATE, ("x-amz-security-token", "tok")], "").unwrap().unwrap();
    assert_eq!(presented.access_key_id, "AKID");
    assert_eq!(presented.scope.to_string(), "20261121/us-east-1/iam/aws4_request");
    assert_eq!((presented.signed_headers.as_str(), presented.signature.as_str()), ("host;x-amz-date", "abc"));
    assert_eq!((presented.amz_date.as_str(), presented.expires), ("20261121T093000Z", None));
    assert!(
        presented.session_token_is("tok")
            && !presented.session_token_is("other")
            && !presented.session_token_is("")
    );
    assert!(!format!("{presented:?}").contains("tok"));

    // Without blanks, and in another order.
    let packed = "AWS4-HMAC-SHA256 Signature=abc,SignedHeaders=host,Credential=AKID/20261121/us-east-1/iam/aws4_request";
    assert_eq!(read(&[("authorization", packed), DATE], "").unwrap().unwrap().signature, "abc");

    let presented = read(&[], PRESIGNED).unwrap().unwrap();
    assert_eq!((presented.expires, presented.place()), (Some(60), Place::Query));
    assert_eq!(presented.session_token.as_deref(), Some("a b/c"));
    assert_eq!(presented.signed_headers, "host;range");
}

const PRESIGNED: &str = "x=1&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20261121%2Fus-east-1%2Fs3%2Faws4_request\
    &X-Amz-Date=20261121T093000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Brange&X-Amz-Security-Token=a+b%2Fc\
    &X-Amz-Signature=00";

#[test]
fn a_hoisted_hash_counts_unless_there_is_a_header() {
    let query = format!("{PRESIGNED}&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD");
    let declared = |headers: &[(&str, &str)]| read(headers, &query).unwrap().unwrap().content_sha256;
    assert_eq!(declared(&[]).as_deref(), Some("UNSIGNED-PAYLOAD"));
    assert_eq!(
        declared(&[("x-amz-content-sha256", crate::EMPTY_SHA256)]).as_deref(),
        Some(crate::EMPTY_SHA256)
    );
    assert_eq!(read(&[], PRESIGNED).unwrap().unwrap().content_sha256, None);
}

#[test]
fn nothing_at_all_is_anonymous() {
    assert!(read(&[], "").unwrap().is_none());
    assert!(read(&[], "list-type=2&prefix=a%20b").unwrap().is_none());
    // A lone X-Amz-Signature signs nothing: so S3 reads it.
    assert!(read(&[], "X-Amz-Signature=00").unwrap().is_none());
}

#[test]
fn the_date_header_stands_in() {
    for date in ["Sat, 21 Nov 2026 09:30:00 GMT", "Sat, 21 Nov 2026 09:30:00 -0000", "20261121T093000Z"] {
        let presented = read(&[("authorization", GOOD), ("date", date)], "").unwrap().unwrap();
        assert_eq!(presented.amz_date, "20261121T093000Z", "{date}");
    }
}

#[test]
fn other_kinds_of_authorization_are_refused() {
    let one_space = "Authorization header is invalid -- one and only one ' ' (space) required";
    for (header, flavor, code, message) in [
        ("Bearer abc", Flavor::S3, "InvalidArgument", "Unsupported Authorization Type"),
        ("Bearer", Flavor::S3, "InvalidArgument", one_space),
        ("AWS4-HMAC-SHA512 Credential=a", Flavor::S3, "InvalidArgument", "Unsupported Authorization Type"),
        (
            "Bearer abc",
            Flavor::Query,
            "MissingAuthenticationToken",
            "Request is missing Authentication Token",
        ),
        (
            "Bearer abc",
            Flavor::RestJson,
            "MissingAuthenticationTokenException",
            "Missing Authentication Token",
        ),
        (
            "AWS AKID:abc=",
            Flavor::S3,
            "InvalidRequest",
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
        ),
        ("AWS AKID:abc=", Flavor::Query, "IncompleteSignature", "AWS Signature Version 2 is not supported."),
        (
            "AWS4-HMAC-SHA512 Credential=a",
            Flavor::Json,
            "IncompleteSignatureException",
            "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512' (only AWS4-HMAC-SHA256 for now). ",
        ),
        (
            "AWS4-ECDSA-P256-SHA256 Credential=a",
            Flavor::Json,
            "NotImplemented",
            "AWS4-ECDSA-P256-SHA256 (SigV4A) is not implemented. Please use AWS4-HMAC-SHA256.",
        ),
    ] {
        assert_eq!(refusal(header, flavor), (code, message.to_owned()), "{header}");
    }
    assert_eq!(answer(&[], "Signature=a&AWSAccessKeyId=b", Flavor::S3).code, "InvalidRequest");
    let both = answer(&[("authorization", GOOD), DATE], PRESIGNED, Flavor::S3);
    assert_eq!((both.code, both.details.len()), ("InvalidArgument", 2));
    let twice = answer(&[("authorization", GOOD), ("authorization", GOOD), DATE], "", Flavor::S3);
    assert!(twice.message.starts_with("Only one auth mechanism allowed;"), "{}", twice.message);
}

#[test]
fn an_incomplete_header_is_told_part_by_part() {
    let hash = "m2iJh8VD3ctqDgUdkC/LNWzSm8amcfOcfmIzn+4sR9o=";
    let expected = "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. \
         Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a \
         'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization=";
    let bare = answer(&[("authorization", "AWS4-HMAC-SHA256")], "", Flavor::Query);
    assert_eq!((bare.code, bare.status.as_u16()), ("IncompleteSignature", 400));
    assert!(
        bare.message.starts_with(expected) && bare.message.len() == expected.len() + hash.len(),
        "{}",
        bare.message
    );
    let without_date = answer(&[("authorization", GOOD)], "", Flavor::S3);
    assert_eq!(
        (without_date.code, without_date.message.as_str(), without_date.status.as_u16()),
        ("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header", 403)
    );
    let components = "The authorization header is malformed; the authorization header requires three components: \
        Credential, SignedHeaders, and Signature.";
    for part in ["Credential", "SignedHeaders", "Signature"] {
        let (code, message) = refusal(&GOOD.replace(part, "Other"), Flavor::S3);
        assert_eq!((code, message.as_str()), ("AuthorizationHeaderMalformed", components));
        let (code, message) = refusal(&GOOD.replace(part, "Other"), Flavor::RestJson);
        assert_eq!(code, "IncompleteSignatureException");
        assert!(
            message.starts_with(&format!("Authorization header requires '{part}' parameter. (Hashed")),
            "{message}"
        );
    }
    for garbled in ["AWS4-HMAC-SHA256 Credential", &format!("{GOOD}, Signature=def")] {
        let (code, message) = refusal(garbled, Flavor::Query);
        assert_eq!(code, "IncompleteSignature");
        assert!(
            message
                .starts_with("Invalid key=value pair (missing equal-sign) in Authorization header (hashed")
        );
    }
}

#[test]
fn credentials_and_dates_have_their_form() {
    for credential in
        ["AKID/20261121/us-east-1/iam", "AKID/20261121/us-east-1/iam/x/aws4_request", "/1/2/3/4", ""]
    {
        let header = GOOD.replace("AKID/20261121/us-east-1/iam/aws4_request", credential);
        let (code, message) = refusal(&header, Flavor::Query);
        assert_eq!(code, "IncompleteSignature");
        assert_eq!(
            message,
            format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got \
                 '{credential}'"
            )
        );
        assert_eq!(
            refusal(&header, Flavor::S3),
            (
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; the Credential is mal-formed; expecting \
                 \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."
                    .to_owned()
            )
        );
    }
    for date in [
        "2026-11-21T09:30:00Z",
        "20261321T093000Z",
        "20261121T093000",
        "x0261121T093000Z",
        "+0261121T093000Z",
    ] {
        let answer = answer(&[("authorization", GOOD), ("x-amz-date", date)], "", Flavor::Json);
        assert_eq!(answer.code, "IncompleteSignatureException");
        assert_eq!(
            answer.message,
            format!(
                "Date must be in ISO-8601 'basic format'. Got '{date}'. See http://en.wikipedia.org/wiki/ISO_8601"
            )
        );
    }
    let many = GOOD.replace("host;", &"a;".repeat(300));
    assert_eq!(refusal(&many, Flavor::Query).0, "IncompleteSignature");
}

#[test]
fn a_presigned_request_has_its_parameters() {
    let message = |query: &str| {
        let answer = answer(&[], query, Flavor::S3);
        assert_eq!(
            (answer.code, answer.status.as_u16()),
            ("AuthorizationQueryParametersError", 400),
            "{query}"
        );
        answer.message
    };
    let incomplete = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, \
        X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";
    for name in ["X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"]
    {
        assert_eq!(message(&PRESIGNED.replace(name, "Other")), incomplete, "{name}");
        // Twice is as bad as never: which one holds would be anybody's guess.
        assert_eq!(message(&format!("{PRESIGNED}&{name}=1")), incomplete, "{name}");
        let told = answer(&[], &PRESIGNED.replace(name, "Other"), Flavor::Query).message;
        assert_eq!(
            told,
            format!(
                "AWS query-string parameters must include '{name}'. Re-examine the query-string parameters."
            )
        );
    }
    assert_eq!(
        message(&PRESIGNED.replace("SHA256", "SHA1")),
        "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\""
    );
    assert_eq!(
        message(&PRESIGNED.replace("20261121T", "2026-11-21T")),
        "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
    );
    for (expires, bad) in [
        ("1h", BadExpires::NotANumber),
        ("", BadExpires::NotANumber),
        ("99999999999999999999", BadExpires::NotANumber),
        ("-1", BadExpires::Negative),
        ("604801", BadExpires::TooLong),
        ("4294967297", BadExpires::TooLong),
    ] {
        let query = PRESIGNED.replace("Expires=60", &format!("Expires={expires}"));
        assert_eq!(read(&[], &query).unwrap_err(), AuthError::BadExpires(bad), "{expires}");
        assert!(message(&query).starts_with("X-Amz-Expires "));
    }
    let week = PRESIGNED.replace("Expires=60", "Expires=604800");
    assert_eq!(read(&[], &week).unwrap().unwrap().expires, Some(604_800));
    assert!(matches!(
        read(&[], &PRESIGNED.replace("HMAC-SHA256", "ECDSA-P256-SHA256")),
        Err(AuthError::Asymmetric)
    ));
}
