use super::*;
use crate::checksum::{Algorithm, Checksum};
use crate::{SecretKey, SigningKey};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;

const CRC32C: &str = "x-amz-checksum-crc32c";

fn signer(seed: &str) -> ChunkSigner {
    let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let key = SigningKey::derive(&secret, "20130524", "us-east-1", "s3");
    let seed = seed.as_bytes().try_into().unwrap();
    ChunkSigner::new(key, "20130524T000000Z", "20130524/us-east-1/s3/aws4_request", seed)
}

const SEED: &str = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";

fn headers(length: usize, trailer: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("x-amz-decoded-content-length", HeaderValue::from(length));
    if let Some(trailer) = trailer {
        headers.insert("x-amz-trailer", HeaderValue::from_str(trailer).unwrap());
    }
    headers
}

fn decode(
    mode: Mode,
    seed: &str,
    headers: &HeaderMap,
    body: &[u8],
    piece: usize,
) -> Result<(Vec<u8>, Trailers), ChunkedError> {
    let mut decoder = ChunkedDecoder::new(mode, signer(seed), headers)?;
    let mut out = Vec::new();
    for piece in body.chunks(piece) {
        let mut input = Bytes::copy_from_slice(piece);
        while let Some(payload) = decoder.next(&mut input)? {
            out.extend_from_slice(&payload);
        }
    }
    decoder.finish().map(|trailers| (out, trailers))
}

#[test]
fn the_published_example() {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
    let seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    let payload = vec![b'a'; 66_560];
    let body = signer(seed).encode(Mode::Signed, &payload, 65_536, &[]);
    let text = String::from_utf8(body.clone()).unwrap();
    let lines: Vec<&str> = text.split("\r\n").filter(|line| line.contains(';')).collect();
    assert_eq!(
        lines,
        [
            "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
            "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
            "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
        ]
    );
    assert_eq!(body.len(), 66_824);
    let (decoded, trailers) = decode(Mode::Signed, seed, &headers(66_560, None), &body, 1000).unwrap();
    assert!(decoded == payload && trailers.is_empty());
}

#[test]
fn the_published_example_with_a_trailer() {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
    let payload = vec![b'a'; 66_560];
    let mut checksum = Checksum::new(Algorithm::Crc32c);
    checksum.update(&payload);
    let value = checksum.finish_base64();
    assert_eq!(value, "sOO8/Q==");
    let body = signer(SEED).encode(Mode::SignedTrailer, &payload, 65_536, &[(CRC32C, &value)]);
    let text = String::from_utf8(body.clone()).unwrap();
    for signature in [
        "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
        "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435",
    ] {
        assert!(text.contains(&format!("{signature}\r\n")), "{signature}");
    }
    assert_eq!(body.len(), 66_946);
    let headers = headers(66_560, Some(CRC32C));
    let (decoded, trailers) = decode(Mode::SignedTrailer, SEED, &headers, &body, 7).unwrap();
    assert_eq!(decoded, payload);
    assert_eq!(trailers, [(CRC32C.to_owned(), value)]);
}

#[test]
fn the_body_is_framed_as_it_has_to_be() {
    let refuse = |body: &str, length: usize| {
        let headers = headers(length, Some(CRC32C));
        let error = decode(Mode::UnsignedTrailer, SEED, &headers, body.as_bytes(), 3).unwrap_err();
        // However it is cut.
        assert_eq!(
            decode(Mode::UnsignedTrailer, SEED, &headers, body.as_bytes(), 1000).unwrap_err(),
            error,
            "{body}"
        );
        error
    };
    let end = format!("0\r\n{CRC32C}:AA==\r\n\r\n");
    let good = format!("3\r\nabc\r\n{end}");
    let (decoded, trailers) =
        decode(Mode::UnsignedTrailer, SEED, &headers(3, Some("X-Amz-Checksum-CRC32C")), good.as_bytes(), 1)
            .unwrap();
    assert_eq!((decoded.as_slice(), trailers.len()), (b"abc".as_slice(), 1));

    for body in [
        "3\r\nabcd\r\n".to_owned() + &end,
        "3\r\nabc".to_owned() + &end,
        "3\nabc\r\n".to_owned() + &end,
        "3;chunk-signature=00\r\nabc\r\n".to_owned() + &end,
        "+3\r\nabc\r\n".to_owned() + &end,
        " 3\r\nabc\r\n".to_owned() + &end,
        "\r\nabc\r\n".to_owned() + &end,
        "g\r\nabc\r\n".to_owned() + &end,
        "11111111111111111\r\nabc".to_owned(),
        "3\r\nabc\r\n".to_owned(),
        "3\r\nab".to_owned(),
        String::new(),
        "0".repeat(600),
        good.clone() + "x",
    ] {
        assert_eq!(refuse(&body, 3), ChunkedError::Incomplete, "{body}");
    }
    assert_eq!(refuse(&good, 4), ChunkedError::WrongLength);
    assert_eq!(refuse(&good, 2), ChunkedError::WrongLength);
    assert_eq!(refuse("ffffffffffffffff\r\nabc", 3), ChunkedError::WrongLength);
    assert_eq!(
        refuse(&format!("1\r\na\r\n2\r\nbc\r\n{end}"), 3),
        ChunkedError::ChunkTooSmall { chunk: 2, size: 1 }
    );
    for trailer in [
        "0\r\n\r\n",
        "0\r\nx-amz-checksum-crc32:AA==\r\n\r\n",
        "0\r\nx-amz-checksum-crc32c:AA==\r\nx-amz-checksum-crc32c:AA==\r\n\r\n",
        "0\r\nx-amz-checksum-crc32c:AA==\r\nx-amz-trailer-signature:00\r\n\r\n",
        "0\r\nx-amz-checksum-crc32c AA==\r\n\r\n",
        "0\r\nx-amz-checksum-crc32c:AA==\r\n",
        "0\r\nx-amz-checksum-crc32c:AA==\n\n",
        "0\r\n",
    ] {
        assert_eq!(refuse(&format!("3\r\nabc\r\n{trailer}"), 3), ChunkedError::MalformedTrailer, "{trailer}");
    }
}

#[test]
fn an_empty_body_has_one_chunk() {
    for mode in [Mode::Signed, Mode::SignedTrailer, Mode::UnsignedTrailer] {
        let body = signer(SEED).encode(mode, b"", 10, &[]);
        assert_eq!(decode(mode, SEED, &headers(0, None), &body, 5), Ok((Vec::new(), Vec::new())), "{mode:?}");
    }
}

#[test]
fn the_headers_are_needed() {
    let new =
        |headers: &HeaderMap| ChunkedDecoder::new(Mode::UnsignedTrailer, signer(SEED), headers).map(|_| ());
    assert_eq!(new(&HeaderMap::new()), Err(ChunkedError::MissingDecodedLength));
    for value in ["", "-1", "+1", "1.5", "99999999999999999999"] {
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-decoded-content-length", HeaderValue::from_str(value).unwrap());
        assert_eq!(new(&headers), Err(ChunkedError::InvalidDecodedLength { value: value.into() }));
    }
    for trailer in ["x-amz-meta-a", "content-md5", "x-amz-checksum-crc32,x-amz-checksum-crc32"] {
        assert_eq!(new(&headers(1, Some(trailer))), Err(ChunkedError::UnsupportedTrailer), "{trailer}");
    }
    assert_eq!(new(&headers(1, Some("x-amz-checksum-crc32, x-amz-checksum-sha1"))), Ok(()));
}

#[test]
fn nothing_comes_after_an_error() {
    let mut decoder = ChunkedDecoder::new(Mode::UnsignedTrailer, signer(SEED), &headers(3, None)).unwrap();
    assert!(decoder.next(&mut Bytes::from_static(b"zz\r\n")).is_err());
    assert!(decoder.next(&mut Bytes::from_static(b"3\r\nabc\r\n0\r\n\r\n")).is_err());
    assert!(decoder.finish().is_err());
}

#[test]
fn errors_are_s3s() {
    let answer = ChunkedError::ChunkTooSmall { chunk: 2, size: 1 }.answer();
    assert_eq!((answer.code, answer.status.as_u16()), ("InvalidChunkSizeError", 403));
    assert_eq!(answer.message, "Only the last chunk is allowed to have a size less than 8192 bytes");
    assert_eq!(ChunkedError::SignatureMismatch.answer().code, "SignatureDoesNotMatch");
    assert_eq!(ChunkedError::MissingDecodedLength.answer().status.as_u16(), 411);
    assert_eq!(ChunkedError::MalformedTrailer.answer().code, "MalformedTrailerError");
    assert_eq!(ChunkedError::WrongLength.answer().code, "IncompleteBody");
    assert_eq!(ChunkedError::UnsupportedTrailer.answer().code, "InvalidRequest");
}

fn modes() -> impl Strategy<Value = Mode> {
    prop_oneof![Just(Mode::Signed), Just(Mode::SignedTrailer), Just(Mode::UnsignedTrailer)]
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(
        mode in modes(),
        body in proptest::collection::vec(any::<u8>(), 0..40_000),
        chunk in 8192usize..20_000,
        piece in 1usize..9000,
    ) {
        let trailer = mode.has_trailer().then_some(CRC32C);
        let encoded = signer(SEED).encode(mode, &body, chunk, &[(CRC32C, "sOO8/Q==")]);
        let (decoded, trailers) = decode(mode, SEED, &headers(body.len(), trailer), &encoded, piece).unwrap();
        prop_assert_eq!(decoded, body);
        prop_assert_eq!(trailers.len(), usize::from(mode.has_trailer()));
    }

    #[test]
    fn a_signed_body_with_another_byte_is_refused(
        trailer in any::<bool>(),
        body in proptest::collection::vec(any::<u8>(), 0..20_000),
        at in any::<proptest::sample::Index>(),
        change in 1u8..=255,
    ) {
        let mode = if trailer { Mode::SignedTrailer } else { Mode::Signed };
        let mut encoded = signer(SEED).encode(mode, &body, 8192, &[(CRC32C, "sOO8/Q==")]);
        let at = at.index(encoded.len());
        let before = encoded[at];
        encoded[at] ^= change;
        // The case of a size's digits and of a trailer's name, and blanks around its value, say nothing.
        let harmless = encoded[at].eq_ignore_ascii_case(&before);
        let headers = headers(body.len(), trailer.then_some(CRC32C));
        let decoded = decode(mode, SEED, &headers, &encoded, 1000);
        if !harmless {
            prop_assert!(decoded.is_err(), "byte {} was {} and is {}", at, before, encoded[at]);
        } else if let Ok((decoded, _)) = decoded {
            prop_assert_eq!(decoded, body);
        }
    }

    #[test]
    fn any_bytes_end_without_a_panic(mode in modes(), body in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = decode(mode, SEED, &headers(100, None), &body, 10);
    }
}
