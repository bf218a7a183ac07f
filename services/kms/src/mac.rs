//! HMACs.

use crate::state::Spec;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha224, Sha256, Sha384, Sha512};

macro_rules! with_digest {
    ($spec:expr, $secret:expr, $message:expr, $mac:ident => $done:expr) => {
        match $spec {
            Spec::SymmetricDefault => None,
            Spec::Hmac224 => with_digest!(@ Sha224, $secret, $message, $mac => $done),
            Spec::Hmac256 => with_digest!(@ Sha256, $secret, $message, $mac => $done),
            Spec::Hmac384 => with_digest!(@ Sha384, $secret, $message, $mac => $done),
            Spec::Hmac512 => with_digest!(@ Sha512, $secret, $message, $mac => $done),
        }
    };
    (@ $digest:ty, $secret:expr, $message:expr, $mac:ident => $done:expr) => {
        Hmac::<$digest>::new_from_slice($secret).ok().map(|mut $mac| {
            $mac.update($message);
            $done
        })
    };
}

/// The MAC of a message; None for a key that makes none.
pub(crate) fn generate(spec: Spec, secret: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    with_digest!(spec, secret, message, mac => mac.finalize().into_bytes().to_vec())
}

/// Whether it is the message's MAC, compared in constant time.
pub(crate) fn verify(spec: Spec, secret: &[u8], message: &[u8], tag: &[u8]) -> bool {
    with_digest!(spec, secret, message, mac => mac.verify_slice(tag).is_ok()).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn macs_are_those_of_the_standard() {
        let (secret, message) = (b"Jefe", b"what do ya want for nothing?");
        let tag = generate(Spec::Hmac256, secret, message).unwrap();
        assert_eq!(hex::encode(&tag), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert!(verify(Spec::Hmac256, secret, message, &tag));
        assert!(
            !verify(Spec::Hmac256, secret, message, &tag[..31])
                && !verify(Spec::Hmac512, secret, message, &tag)
        );
        assert!(!verify(Spec::Hmac256, secret, b"what", &tag));
        for (spec, length) in [(Spec::Hmac224, 28), (Spec::Hmac384, 48), (Spec::Hmac512, 64)] {
            assert_eq!(generate(spec, secret, message).unwrap().len(), length);
        }
        assert_eq!(generate(Spec::SymmetricDefault, secret, message), None);
    }
}
