use http::{HeaderMap, HeaderName, HeaderValue};
use names::Timestamp;
use sigv4::{AuthError, Credentials, Options, Payload, Request, SecretKey, SigningKey, Verified, parse};

/// The only access key that there is.
pub(crate) const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";

pub(crate) fn at(compact: &str) -> Timestamp {
    Timestamp::parse_compact(compact).unwrap()
}

pub(crate) fn credentials(secret: &str, token: Option<&str>) -> Credentials {
    Credentials {
        access_key_id: ACCESS_KEY.into(),
        secret: SecretKey::new(secret),
        session_token: token.map(str::to_owned),
    }
}

pub(crate) fn headers<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    headers
}

/// Parses and verifies; the request has to be signed.
pub(crate) fn verify(
    request: &Request<'_>,
    secret: &SecretKey,
    payload: Payload<'_>,
    now: Timestamp,
    options: &Options<'_>,
) -> Result<Verified, AuthError> {
    let presented = parse(request)?.ok_or(AuthError::MissingToken)?;
    if presented.access_key_id != ACCESS_KEY {
        return Err(AuthError::UnknownAccessKey { access_key_id: presented.access_key_id });
    }
    let scope = &presented.scope;
    let key = SigningKey::derive(secret, &scope.date, &scope.region, &scope.service);
    presented.verify(request, &key, payload, now, options)
}
