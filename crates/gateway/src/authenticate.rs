//! Whose request it is: SigV4 verified, key, token and expiry checked.

use crate::received::Received;
use contract::{Credential, Identities, Principal, Secret, Signer};
use names::{Region, Timestamp};
use parking_lot::RwLock;
use sigv4::{AuthError, Flavor, Options, Payload, Presented, SecretKey, SigningKey, Verified};
use std::collections::HashMap;
use std::sync::Arc;
use store::{Store, StoreError};
use wire::{Document, ErrorResponse, Protocol, ServiceSchema};

/// Signing keys that are kept; a cloud has few callers, and a key is derived anew in microseconds.
const KEPT_KEYS: usize = 1024;

/// Who signed.
pub(crate) struct CallerIdentity {
    pub(crate) principal: Principal,
    pub(crate) access_key_id: String,
    pub(crate) region: Region,
    pub(crate) multi_factor: Option<bool>,
}

/// A request whose signature is right.
pub(crate) struct Authenticated {
    pub(crate) caller: CallerIdentity,
    pub(crate) verified: Verified,
}

type KeyName = (String, String, String, String);

pub(crate) struct Authenticator {
    identities: Arc<dyn Identities>,
    well_known: bool,
    /// Derived keys, each beside the secret that it was derived from.
    keys: RwLock<HashMap<KeyName, (Secret, SigningKey)>>,
}

/// The family of errors and of canonical forms that a protocol belongs to.
pub(crate) fn flavor(protocol: Protocol) -> Flavor {
    match protocol {
        Protocol::Json10 | Protocol::Json11 | Protocol::Cbor => Flavor::Json,
        Protocol::Query => Flavor::Query,
        Protocol::Ec2 => Flavor::Ec2,
        Protocol::RestJson => Flavor::RestJson,
        Protocol::RestXml => Flavor::S3,
    }
}

/// An authentication error as the wire carries it.
pub(crate) fn response(error: &AuthError, flavor: Flavor) -> ErrorResponse {
    from_answer(error.answer(flavor))
}

pub(crate) fn from_answer(answer: sigv4::Answer) -> ErrorResponse {
    let mut response = ErrorResponse::new(answer.code, answer.message, answer.status.as_u16());
    response.members =
        answer.details.into_iter().map(|(name, text)| (name, Document::String(text))).collect();
    response
}

impl Authenticator {
    pub(crate) fn new(identities: Arc<dyn Identities>, well_known: bool) -> Self {
        Self { identities, well_known, keys: RwLock::default() }
    }

    /// Verifies a request. `body` is what was read of it; None where it streams.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a fact of the request; bundling them would only move the list"
    )]
    pub(crate) fn authenticate(
        &self,
        presented: &Presented,
        received: &Received,
        service: &ServiceSchema,
        flavor: Flavor,
        body: Option<&[u8]>,
        now: Timestamp,
        store: &Store,
    ) -> Result<Authenticated, ErrorResponse> {
        let fail = |error: AuthError| response(&error, flavor);
        let request = received.signed();
        let options = Options::new(flavor, service.signing_name);
        if flavor == Flavor::S3 {
            presented.check(&request, now, &options).map_err(fail)?;
        }
        let unknown = || fail(AuthError::UnknownAccessKey { access_key_id: presented.access_key_id.clone() });
        let credential = self.credential(&presented.access_key_id, received, store)?.ok_or_else(unknown)?;
        let key = self.signing_key(presented, &credential.secret);
        let digest = body.map(sigv4::Sha256::of);
        let payload = digest.as_ref().map_or(Payload::Declared, Payload::Sha256);
        let verified = presented.verify(&request, &key, payload, now, &options).map_err(fail)?;
        let token = presented.session_token.as_deref();
        session(&credential, token, &|expected| presented.session_token_is(expected), now).map_err(fail)?;
        // `check` has found the scope's region to be one.
        let region = presented.scope.region.parse().map_err(|_| unknown())?;
        let caller = CallerIdentity {
            principal: credential.principal,
            access_key_id: presented.access_key_id.clone(),
            region,
            multi_factor: credential.multi_factor,
        };
        Ok(Authenticated { caller, verified })
    }

    /// Verifies a URL presigned with Signature Version 2: SDKs still make them for S3 in the older regions, and AWS takes them.
    pub(crate) fn authenticate_version2(
        &self,
        received: &Received,
        region: Region,
        now: Timestamp,
        store: &Store,
    ) -> Result<CallerIdentity, ErrorResponse> {
        let fail = |error: AuthError| response(&error, Flavor::S3);
        let request = received.signed();
        let presented = sigv4::version2::parse(&request).map_err(fail)?;
        let credential = self.credential(&presented.access_key_id, received, store)?.ok_or_else(|| {
            fail(AuthError::UnknownAccessKey { access_key_id: presented.access_key_id.clone() })
        })?;
        let secret = SecretKey::new(credential.secret.0.as_str());
        presented.verify(&request, received.bucket_of_host(), &secret, now).map_err(fail)?;
        let token = presented.session_token.as_deref();
        session(&credential, token, &|expected| presented.session_token_is(expected), now).map_err(fail)?;
        let Credential { principal, multi_factor, .. } = credential;
        Ok(CallerIdentity { principal, access_key_id: presented.access_key_id, region, multi_factor })
    }

    /// The credential of an active key, unless it is a well-known one that is not accepted here. It never is from a function: its code
    /// would be root by three words that all the world knows, whatever its role says.
    pub(crate) fn credential(
        &self,
        access_key_id: &str,
        received: &Received,
        store: &Store,
    ) -> Result<Option<Credential>, ErrorResponse> {
        self.accepted(access_key_id, received.of_function, store).map_err(|error| {
            tracing::error!(%error, "an access key cannot be looked up");
            ErrorResponse::new("InternalFailure", "The access key cannot be looked up.", 500)
        })
    }

    /// Whether `test`/`test` is accepted of a client.
    pub(crate) fn accepts_well_known(&self, received: &Received) -> bool {
        self.well_known && !received.of_function
    }

    fn accepted(
        &self,
        access_key_id: &str,
        of_function: bool,
        store: &Store,
    ) -> Result<Option<Credential>, StoreError> {
        let credential = self.identities.credential(&store.view(), access_key_id)?;
        let well_known = self.well_known && !of_function;
        Ok(credential.filter(|credential| credential.active && (well_known || !credential.well_known)))
    }

    /// Whether who once signed could sign now: for answers that go on. Where it cannot be looked up, nobody could.
    pub(crate) fn stands(&self, signer: &Signer, of_function: bool, now: Timestamp, store: &Store) -> bool {
        match self.accepted(&signer.access_key_id, of_function, store) {
            Ok(Some(credential)) => {
                credential.expires.is_none_or(|expires| expires > now)
                    && credential.principal.user_id() == signer.principal.user_id()
                    && credential.principal.account() == signer.principal.account()
            }
            Ok(None) => false,
            Err(error) => {
                tracing::error!(%error, "an access key cannot be looked up");
                false
            }
        }
    }

    fn signing_key(&self, presented: &Presented, secret: &Secret) -> SigningKey {
        let scope = &presented.scope;
        let name = (
            presented.access_key_id.clone(),
            scope.date.clone(),
            scope.region.clone(),
            scope.service.clone(),
        );
        if let Some((of, key)) = self.keys.read().get(&name)
            && of == secret
        {
            return key.clone();
        }
        let key = SigningKey::derive(
            &SecretKey::new(secret.0.as_str()),
            &scope.date,
            &scope.region,
            &scope.service,
        );
        let mut keys = self.keys.write();
        if keys.len() >= KEPT_KEYS {
            keys.clear();
        }
        keys.insert(name, (secret.clone(), key.clone()));
        key
    }
}

/// Temporary credentials need their token and end; long-term ones have none.
pub(crate) fn session(
    credential: &Credential,
    token: Option<&str>,
    token_is: &dyn Fn(&str) -> bool,
    now: Timestamp,
) -> Result<(), AuthError> {
    let sent = || token.unwrap_or_default().to_owned();
    match &credential.session_token {
        Some(expected) if !token_is(&expected.0) => return Err(AuthError::InvalidToken { token: sent() }),
        None if token.is_some() => return Err(AuthError::InvalidToken { token: sent() }),
        _ => {}
    }
    if credential.expires.is_some_and(|expires| expires <= now) {
        return Err(AuthError::ExpiredToken { token: sent() });
    }
    Ok(())
}
