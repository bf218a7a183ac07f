//! The examples of AWS's documentation, and its old test suite.

use crate::support::{ACCESS_KEY, at, credentials, headers, verify};
use sigv4::{
    AuthError, Body, EMPTY_SHA256, Flavor, Options, Payload, Request, SecretKey, Sha256, Signer, SigningKey,
    chunked::Mode, hex_sha256, parse, post,
};

const S3_SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const SUITE_SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const S3_DATE: &str = "20130524T000000Z";

struct Example {
    method: &'static str,
    path: &'static str,
    query: &'static str,
    headers: &'static [(&'static str, &'static str)],
    payload: &'static str,
    signature: &'static str,
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>
const S3_EXAMPLES: [Example; 4] = [
    Example {
        method: "GET",
        path: "/test.txt",
        query: "",
        headers: &[("range", "bytes=0-9")],
        payload: "",
        signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    },
    Example {
        method: "PUT",
        path: "/test$file.text",
        query: "",
        headers: &[("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
        payload: "Welcome to Amazon S3.",
        signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    },
    Example {
        method: "GET",
        path: "/",
        query: "lifecycle",
        headers: &[],
        payload: "",
        signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    },
    Example {
        method: "GET",
        path: "/",
        query: "max-keys=2&prefix=J",
        headers: &[],
        payload: "",
        signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    },
];

#[test]
fn s3s_examples_are_signed_and_verified() {
    let credentials = credentials(S3_SECRET, None);
    let signer = Signer { credentials: &credentials, region: "us-east-1", service: "s3" };
    for example in S3_EXAMPLES {
        let host = [("host", "examplebucket.s3.amazonaws.com")];
        let mut map = headers(host.into_iter().chain(example.headers.iter().copied()));
        let request = Request::new(example.method, example.path, example.query, &map);
        let signed = signer.sign(&request, &hex_sha256(example.payload.as_bytes()), at(S3_DATE)).unwrap();
        signed.apply(&mut map);
        let header = map["authorization"].to_str().unwrap();
        assert!(header.ends_with(example.signature), "{} {}: {header}", example.method, example.path);
        let request = Request::new(example.method, example.path, example.query, &map);
        let hash = Sha256::of(example.payload.as_bytes());
        let options = Options::new(Flavor::S3, "s3");
        let verified =
            verify(&request, &credentials.secret, Payload::Sha256(&hash), at(S3_DATE), &options).unwrap();
        assert_eq!(verified.body, Body::Checked);
    }
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
#[test]
fn s3s_presigned_example() {
    let query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2F\
        aws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
        &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    let map = headers([("host", "examplebucket.s3.amazonaws.com")]);
    let request = Request::new("GET", "/test.txt", query, &map);
    let secret = SecretKey::new(S3_SECRET);
    let options = Options::new(Flavor::S3, "s3");
    let verify = |now| verify(&request, &secret, Payload::Declared, at(now), &options);
    assert_eq!(verify("20130525T000000Z").unwrap().body, Body::Unsigned);
    assert!(matches!(verify("20130525T000001Z"), Err(AuthError::OutsideLifetime { .. })));

    let credentials = credentials(S3_SECRET, None);
    let signer = Signer { credentials: &credentials, region: "us-east-1", service: "s3" };
    assert_eq!(signer.presign(&Request::new("GET", "/test.txt", "", &map), 86_400, at(S3_DATE)), query);
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html> and `-trailers`: the request and its chunks.
#[test]
fn s3s_streaming_examples() {
    let credentials = credentials(S3_SECRET, None);
    let signer = Signer { credentials: &credentials, region: "us-east-1", service: "s3" };
    let payload = vec![b'a'; 66_560];
    let trailer = ("x-amz-trailer", "x-amz-checksum-crc32c");
    for (mode, length, seed) in [
        (Mode::Signed, Some("66824"), "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"),
        (Mode::SignedTrailer, None, "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"),
    ] {
        let mut map = headers([
            ("host", "s3.amazonaws.com"),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ("content-encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "66560"),
        ]);
        map.extend(headers(length.map(|length| ("content-length", length))));
        map.extend(headers((mode == Mode::SignedTrailer).then_some(trailer)));
        let path = "/examplebucket/chunkObject.txt";
        let signed =
            signer.sign(&Request::new("PUT", path, "", &map), mode.content_sha256(), at(S3_DATE)).unwrap();
        signed.apply(&mut map);
        assert!(map["authorization"].to_str().unwrap().ends_with(seed), "{mode:?}");

        let request = Request::new("PUT", path, "", &map);
        let options = Options::new(Flavor::S3, "s3");
        let verified =
            verify(&request, &credentials.secret, Payload::Declared, at(S3_DATE), &options).unwrap();
        assert_eq!(verified.body, Body::Chunked(mode));
        let body = signed.chunks.encode(mode, &payload, 65_536, &[("x-amz-checksum-crc32c", "sOO8/Q==")]);
        let mut decoder = verified.decoder(&map).unwrap().unwrap();
        let (mut input, mut decoded) = (bytes::Bytes::from(body), Vec::new());
        while let Some(piece) = decoder.next(&mut input).unwrap() {
            decoded.extend_from_slice(&piece);
        }
        assert!(decoded == payload);
        assert_eq!(decoder.finish().unwrap().len(), usize::from(mode == Mode::SignedTrailer));
    }
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html>
#[test]
fn s3s_form_example() {
    let policy = include_str!("post_policy.b64").trim();
    let fields: Vec<post::Field> = [
        ("key", "user/user1/photo.jpg"),
        ("acl", "public-read"),
        ("success_action_redirect", "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"),
        ("Content-Type", "image/jpeg"),
        ("x-amz-meta-uuid", "14365123651274"),
        ("x-amz-server-side-encryption", "AES256"),
        ("X-Amz-Credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
        ("X-Amz-Date", "20151229T000000Z"),
        ("x-amz-meta-tag", ""),
        ("Policy", policy),
        ("X-Amz-Signature", "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    let presented = post::parse(&fields).unwrap().unwrap();
    let key = SigningKey::derive(&SecretKey::new(S3_SECRET), &presented.scope.date, "us-east-1", "s3");
    let options = Options::new(Flavor::S3, "s3");
    let policy = presented.verify(&key, at("20151229T000000Z"), &options).unwrap();
    assert_eq!(policy.check("sigv4examplebucket", &fields), Ok(()));
    assert!(policy.check("otherbucket", &fields).is_err());
}

/// From the aws4_testsuite: method, path, query, further headers, body, signature.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static str,
);

const SUITE: [Case; 8] = [
    ("GET", "/", "", &[], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("POST", "/", "", &[], "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    (
        "GET",
        "/",
        "Param2=value2&Param1=value1",
        &[],
        "",
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ),
    (
        "GET",
        "/example1/example2/../..",
        "",
        &[],
        "",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    ("GET", "//", "", &[], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("GET", "/./", "", &[], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("GET", "/ሴ", "", &[], "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
    (
        "POST",
        "/",
        "",
        &[("content-type", "application/x-www-form-urlencoded")],
        "Param1=value1",
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    ),
];

#[test]
fn the_old_test_suite() {
    let credentials = credentials(SUITE_SECRET, None);
    let signer = Signer { credentials: &credentials, region: "us-east-1", service: "service" };
    let now = at("20150830T123600Z");
    for (method, path, query, more, body, signature) in SUITE {
        let mut map = headers(more.iter().copied().chain([("host", "example.amazonaws.com")]));
        let signed =
            signer.sign(&Request::new(method, path, query, &map), &hex_sha256(body.as_bytes()), now).unwrap();
        signed.apply(&mut map);
        let header = map["authorization"].to_str().unwrap();
        assert!(header.ends_with(signature), "{method} {path}?{query}: {header}");
        let hash = Sha256::of(body.as_bytes());
        let request = Request::new(method, path, query, &map);
        let options = Options::new(Flavor::Query, "service");
        assert!(verify(&request, &credentials.secret, Payload::Sha256(&hash), now, &options).is_ok());
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-examples.html>: ListUsers.
#[test]
fn iams_example() {
    let map = headers([
        ("host", "iam.amazonaws.com"),
        ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
        ("x-amz-date", "20150830T123600Z"),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20150830/us-east-1/iam/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date, \
             Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
        ),
    ]);
    let request = Request::new("GET", "/", "Action=ListUsers&Version=2010-05-08", &map);
    let presented = parse(&request).unwrap().unwrap();
    assert_eq!(presented.access_key_id, ACCESS_KEY);
    let options = Options::new(Flavor::Query, "iam");
    let hash = Sha256::of(b"");
    assert_eq!(sigv4::hex_sha256(b""), EMPTY_SHA256);
    let now = at("20150830T123600Z");
    assert!(verify(&request, &SecretKey::new(SUITE_SECRET), Payload::Sha256(&hash), now, &options).is_ok());
    let mismatch =
        verify(&request, &SecretKey::new(S3_SECRET), Payload::Sha256(&hash), now, &options).unwrap_err();
    let AuthError::SignatureMismatch(mismatch) = mismatch else { panic!("{mismatch}") };
    assert_eq!(
        mismatch.string_to_sign,
        "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n\
         f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59"
    );
}
