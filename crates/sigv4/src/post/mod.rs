//! S3's browser uploads: a form with a signed policy.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html>
//!
//! [`parse`] finds the signature in the form's fields, [`PresentedPolicy::verify`] checks it and gives the [`Policy`], and
//! [`Policy::check`] holds the fields against its conditions. Variables (`${filename}`) are to be expanded before.

mod error;
mod policy;

pub use error::PostError;
pub use policy::Policy;

use crate::error::Place;
use crate::presented::parse_amz_date;
use crate::{ALGORITHM, AuthError, CredentialScope, Mismatch, Options, SigningKey};
use names::Timestamp;
use std::collections::BTreeSet;
use std::fmt;
use subtle::ConstantTimeEq;

/// As much as S3 takes of fields before the file, names and values together, in bytes.
const LONGEST_FIELDS: usize = 20 * 1024;

/// A form's field before `file`: its name in any case, and its value.
pub type Field = (String, String);

/// A form's signature: read, not yet believed. `Debug` prints neither signature nor token.
#[derive(Clone)]
#[non_exhaustive]
pub struct PresentedPolicy {
    /// Who is said to have signed.
    pub access_key_id: String,
    /// Where, when and for what.
    pub scope: CredentialScope,
    /// The token of temporary credentials, which the caller compares ([`PresentedPolicy::session_token_is`]).
    pub session_token: Option<String>,
    credential: String,
    amz_date: String,
    policy: String,
    signature: String,
}

impl fmt::Debug for PresentedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresentedPolicy")
            .field("access_key_id", &self.access_key_id)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// A field's value, by its name in lower case.
pub(crate) fn value<'a>(fields: &'a [Field], name: &str) -> Option<&'a str> {
    fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Finds a form's signature. `Ok(None)` is an anonymous upload: there is no `policy`.
///
/// # Errors
/// [`PostError`] where fields are missing, come twice, cannot be read or are too long.
pub fn parse(fields: &[Field]) -> Result<Option<PresentedPolicy>, PostError> {
    if fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > LONGEST_FIELDS {
        return Err(PostError::FieldsTooLong);
    }
    let mut names = BTreeSet::new();
    if let Some((name, _)) = fields.iter().find(|(name, _)| !names.insert(name.to_ascii_lowercase())) {
        return Err(PostError::FieldTwice { field: name.clone() });
    }
    let Some(policy) = value(fields, "policy") else {
        let signed = ["x-amz-signature", "x-amz-credential", "signature"];
        return match signed.iter().any(|name| value(fields, name).is_some()) {
            true => Err(PostError::MissingField { field: "policy" }),
            false => Ok(None),
        };
    };
    if value(fields, "signature").is_some() || value(fields, "awsaccesskeyid").is_some() {
        return Err(PostError::Auth(AuthError::SignatureVersion2));
    }
    let need = |field: &'static str| value(fields, field).ok_or(PostError::MissingField { field });
    match need("x-amz-algorithm")? {
        ALGORITHM => {}
        "AWS4-ECDSA-P256-SHA256" => return Err(PostError::Auth(AuthError::Asymmetric)),
        other => return Err(PostError::Algorithm { algorithm: other.to_owned() }),
    }
    let credential = need("x-amz-credential")?;
    let amz_date = need("x-amz-date")?;
    let signature = need("x-amz-signature")?;
    if parse_amz_date(amz_date).is_none() {
        return Err(PostError::Date { date: amz_date.to_owned() });
    }
    let (access_key_id, scope) = CredentialScope::split(credential, Place::Query)
        .map_err(|_| PostError::MalformedCredential { credential: credential.to_owned() })?;
    Ok(Some(PresentedPolicy {
        access_key_id,
        scope,
        session_token: value(fields, "x-amz-security-token").map(str::to_owned),
        credential: credential.to_owned(),
        amz_date: amz_date.to_owned(),
        policy: policy.to_owned(),
        signature: signature.to_owned(),
    }))
}

impl PresentedPolicy {
    /// Compares the session token in constant time. A form without a token has the empty one.
    #[must_use]
    pub fn session_token_is(&self, expected: &str) -> bool {
        self.session_token.as_deref().unwrap_or_default().as_bytes().ct_eq(expected.as_bytes()).into()
    }

    /// Verifies the signature, in constant time, and reads the policy that it signs.
    ///
    /// # Errors
    /// [`PostError`] where the scope is another service's or region's, the signature is another one, or the policy is malformed or
    /// has expired.
    pub fn verify(
        &self,
        key: &SigningKey,
        now: Timestamp,
        options: &Options<'_>,
    ) -> Result<Policy, PostError> {
        self.check_scope(options)?;
        let computed = key.sign(&[self.policy.as_bytes()]);
        if !bool::from(computed.as_slice().ct_eq(self.signature.as_bytes())) {
            return Err(PostError::Auth(AuthError::SignatureMismatch(Box::new(Mismatch {
                access_key_id: self.access_key_id.clone(),
                string_to_sign: self.policy.clone(),
                signature_provided: self.signature.clone(),
                canonical_request: None,
            }))));
        }
        Policy::read_current(&self.policy, now)
    }

    fn check_scope(&self, options: &Options<'_>) -> Result<(), PostError> {
        match self.scope.fault(&self.amz_date, options) {
            Some(wrong) => {
                Err(PostError::WrongScope { credential: self.credential.clone(), scope: Box::new(wrong) })
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
