//! AWS Signature Version 4: verification and signing.
//!
//! What it is: pure functions over a request's method, path, query and headers. [`parse`] finds how a request is signed,
//! [`Presented::verify`] checks it against a [`SigningKey`], [`chunked::ChunkedDecoder`] undoes (and verifies) `aws-chunked`
//! bodies, [`post`] verifies S3's browser uploads, [`Signer`] signs. What it is not: it has no clock (the caller passes `now`),
//! no store (the caller looks the secret up and decides whether a session token or a region is right) and no HTTP server types.
//!
//! The order that AWS's services keep, and that a caller should: [`parse`]; for S3 [`Presented::check`]; look up the access key
//! ([`AuthError::UnknownAccessKey`]); [`Presented::verify`]; compare the session token ([`Presented::session_token_is`]) and its
//! expiry. DynamoDB answers an unknown key before an expired signature, S3 the other way round.
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
