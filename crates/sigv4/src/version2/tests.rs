use super::*;
use crate::Flavor;
use http::{HeaderMap, HeaderValue};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// The documentation's example: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html>
const QUERY: &str =
    "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620";
const END: Timestamp = Timestamp::from_seconds(1_175_139_620);

fn verify(
    path: &str,
    query: &str,
    bucket: Option<&str>,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<(), AuthError> {
    let request = Request::new("GET", path, query, headers);
    parse(&request)?.verify(&request, bucket, &SecretKey::new(SECRET), now)
}

#[test]
fn the_published_example() {
    let none = HeaderMap::new();
    assert_eq!(verify("/photos/puppy.jpg", QUERY, Some("johnsmith"), &none, END), Ok(()));
    assert_eq!(verify("/johnsmith/photos/puppy.jpg", QUERY, None, &none, END), Ok(()));
    // A parameter that names nothing of the resource is not signed: so S3 has it.
    assert_eq!(verify("/johnsmith/photos/puppy.jpg", &format!("{QUERY}&a=b"), None, &none, END), Ok(()));
    let expired =
        verify("/johnsmith/photos/puppy.jpg", QUERY, None, &none, Timestamp::from_millis(END.millis() + 1));
    let answer = expired.unwrap_err().answer(Flavor::S3);
    assert_eq!((answer.code, answer.message.as_str()), ("AccessDenied", "Request has expired"));
    assert_eq!(answer.details[0], ("Expires", "2007-03-29T03:40:20Z".to_owned()));
}

#[test]
fn what_is_signed_cannot_be_changed() {
    let none = HeaderMap::new();
    let path = "/johnsmith/photos/puppy.jpg";
    for (path, query) in [
        ("/johnsmith/photos/puppy.jpq", QUERY.to_owned()),
        ("/johnsmith2/photos/puppy.jpg", QUERY.to_owned()),
        (path, QUERY.replace("1175139620", "1175139621")),
        (path, QUERY.replace("Npg", "npg")),
        (path, format!("{QUERY}&acl")),
        (path, format!("{QUERY}&versionId=1")),
        (path, format!("{QUERY}&response-content-type=text%2Fhtml")),
        (path, format!("{QUERY}&x-amz-acl=public-read")),
        (path, format!("{QUERY}&content-type=text%2Fhtml")),
    ] {
        assert!(
            matches!(verify(path, &query, None, &none, END), Err(AuthError::SignatureMismatch(_))),
            "{query}"
        );
    }
    for name in ["content-type", "content-md5", "x-amz-meta-a"] {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static("a"));
        assert!(
            matches!(verify(path, QUERY, None, &headers, END), Err(AuthError::SignatureMismatch(_))),
            "{name}"
        );
    }
}

#[test]
fn incomplete_queries_are_told() {
    let none = HeaderMap::new();
    let told = |query: &str| {
        let answer = verify("/a", query, None, &none, END).unwrap_err().answer(Flavor::S3);
        assert_eq!((answer.code, answer.status.as_u16()), ("AccessDenied", 403));
        answer.message
    };
    let incomplete =
        "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters";
    for name in ["AWSAccessKeyId", "Expires", "Signature"] {
        assert_eq!(told(&QUERY.replace(name, "Other")), incomplete);
        assert_eq!(told(&format!("{QUERY}&{name}=1")), incomplete);
    }
    for value in ["1e9", "", "2147483648"] {
        let query = QUERY.replace("1175139620", value);
        assert_eq!(told(&query), format!("Invalid date (should be seconds since epoch): {value}"));
    }
    let mut headers = HeaderMap::new();
    headers.insert("authorization", HeaderValue::from_static("AWS AKID:x"));
    assert_eq!(verify("/a", "", None, &headers, END), Err(AuthError::SignatureVersion2));
}
