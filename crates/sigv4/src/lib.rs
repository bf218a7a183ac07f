//! AWS Signature Version 4: verification and signing.
//!
//! What it is: pure functions over a request's method, path, query and headers. [`parse`] finds how a request is signed,
//! [`Presented::verify`] checks it against a [`SigningKey`], [`chunked::ChunkedDecoder`] undoes (and verifies) `aws-chunked`
//! bodies, [`post`] verifies S3's browser uploads, [`Signer`] signs. [`version2`] is what boto3 presigns S3 with by default, and apart. What it is not: it has no clock (the caller passes `now`),
//! no store (the caller looks the secret up and decides whether a session token or a region is right) and no HTTP server types.
//!
//! The order that AWS's services keep, and that a caller should: [`parse`]; for S3 [`Presented::check`]; look up the access key
//! ([`AuthError::UnknownAccessKey`]); [`Presented::verify`]; compare the session token ([`Presented::session_token_is`]) and its
//! expiry. DynamoDB answers an unknown key before an expired signature, S3 the other way round.
//!
//! ```
//! use sigv4::*;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let credentials =
//!     Credentials { access_key_id: "AKID".into(), secret: SecretKey::new("secret"), session_token: None };
//! let now = names::Timestamp::parse_compact("20261121T093000Z")?;
//! let mut headers = http::HeaderMap::new();
//! headers.insert("host", "localhost:4566".parse()?);
//! let signer = Signer { credentials: &credentials, region: "us-east-1", service: "config" };
//! signer.sign(&Request::new("POST", "/", "", &headers), &hex_sha256(b"{}"), now)?.apply(&mut headers);
//!
//! let request = Request::new("POST", "/", "", &headers);
//! let presented = parse(&request)?.ok_or(AuthError::MissingToken)?;
//! let scope = &presented.scope;
//! let key = SigningKey::derive(&credentials.secret, &scope.date, &scope.region, &scope.service);
//! let options = Options::new(Flavor::Json, "config");
//! presented.verify(&request, &key, Payload::Sha256(&Sha256::of(b"{}")), now, &options)?;
//! let forged = presented.verify(&request, &key, Payload::Sha256(&Sha256::of(b"[]")), now, &options);
//! assert_eq!(forged.unwrap_err().code(Flavor::Json), "InvalidSignatureException");
//! # Ok(())
//! # }
//! ```
//!
//! Errors are facts ([`AuthError`]); the code, sentence and status that a protocol prints come from [`AuthError::answer`].

mod canonical;
pub mod checksum;
pub mod chunked;
mod digest;
mod encode;
mod error;
pub mod post;
mod presented;
mod request;
mod secret;
mod sign;
mod verify;
pub mod version2;

pub use digest::{BodyCheck, EMPTY_SHA256, Sha256, hex_sha256};
pub use error::{Answer, AuthError, BadExpires, Flavor, Mismatch, Place, WrongScope};
pub use presented::{ContentSha256, CredentialScope, Presented, parse};
pub use request::Request;
pub use secret::{Credentials, SecretKey, SigningKey};
pub use sign::{SignError, Signed, Signer};
pub use verify::{Body, Options, Payload, Verified};

/// The algorithm's name, as it stands in the Authorization header, the query and the string to sign.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// The last part of every credential scope.
pub const TERMINATOR: &str = "aws4_request";
/// The payload line of a request whose body is not signed.
pub const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";
