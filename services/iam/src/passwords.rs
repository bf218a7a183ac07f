//! Console passwords: kept as salted, stretched hashes, and judged by the account's password policy.

use crate::state::PasswordPolicy;
use clock::Entropy;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// PBKDF2's rounds: OWASP advises 600,000 for servers that strangers reach; a password of this cloud opens nothing elsewhere, and hashing happens
/// within a transaction.
const ROUNDS: u32 = 20_000;

/// A password's hash. `Debug` says nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hash {
    salt: Vec<u8>,
    rounds: u32,
    hash: Vec<u8>,
}

impl Hash {
    pub(crate) fn of(password: &str, entropy: &Entropy) -> Self {
        let salt = entropy.bytes().to_vec();
        let hash = stretch(password, &salt, ROUNDS);
        Self { salt, rounds: ROUNDS, hash }
    }

    /// A hash that is no password's, to be compared with where there is none.
    pub(crate) fn of_nothing() -> Self {
        Self { salt: vec![0; 32], rounds: ROUNDS, hash: vec![0; 32] }
    }

    /// Whether it is this password's, in constant time.
    pub(crate) fn is_of(&self, password: &str) -> bool {
        bool::from(stretch(password, &self.salt, self.rounds).ct_eq(&self.hash))
    }
}

/// PBKDF2 with HMAC-SHA-256, one block (RFC 8018).
fn stretch(password: &str, salt: &[u8], rounds: u32) -> Vec<u8> {
    // HMAC takes keys of every length; without a MAC nothing equals the hash.
    let Ok(keyed) = Hmac::<Sha256>::new_from_slice(password.as_bytes()) else { return Vec::new() };
    let mut first = keyed.clone();
    first.update(salt);
    first.update(&1_u32.to_be_bytes());
    let mut block = first.finalize().into_bytes();
    let mut out = block;
    for _ in 1..rounds {
        let mut next = keyed.clone();
        next.update(&block);
        block = next.finalize().into_bytes();
        out.iter_mut().zip(&block).for_each(|(sum, byte)| *sum ^= byte);
    }
    out.to_vec()
}

/// The symbols that count (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html>).
const SYMBOLS: &str = "!@#$%^&*()_+-=[]{}|'";

/// What keeps a password from being one, as `PasswordPolicyViolation` says it.
pub(crate) fn violation(
    password: &str,
    policy: &PasswordPolicy,
    own: bool,
    user_name: &str,
) -> Option<String> {
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    let symbols = password.chars().any(|character| SYMBOLS.contains(character));
    let (upper, lower, digit) =
        (has(|c| c.is_ascii_uppercase()), has(|c| c.is_ascii_lowercase()), has(|c| c.is_ascii_digit()));
    let length = password.chars().count();
    let shortest = usize::try_from(policy.minimum_length).unwrap_or(6);
    if length < shortest {
        return Some(format!("Password should have a minimum length of {shortest}"));
    }
    let demands = [
        (policy.uppercase && !upper, "one uppercase character"),
        (policy.lowercase && !lower, "one lowercase character"),
        (policy.numbers && !digit, "one number"),
        (policy.symbols && !symbols, "one symbol"),
    ];
    if let Some((_, demand)) = demands.into_iter().find(|(lacking, _)| *lacking) {
        return Some(format!("Password should have at least {demand}"));
    }
    if !own {
        let kinds = [upper, lower, digit, symbols].into_iter().filter(|has| *has).count();
        if kinds < 3 {
            return Some(
                "Password should have at least three of: uppercase characters, lowercase characters, numbers, symbols".into(),
            );
        }
        if password.eq_ignore_ascii_case(user_name) {
            return Some("Password should not be the user name".into());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_as_rfc_7914_says() {
        // RFC 7914, section 11: PBKDF2-HMAC-SHA-256 ("passwd", "salt", 1).
        let hex: String = stretch("passwd", b"salt", 1).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
    }

    #[test]
    fn a_hash_is_of_one_password() {
        let entropy = Entropy::from_seed([5; 32]);
        let hash = Hash::of("correct horse", &entropy);
        assert!(hash.is_of("correct horse"));
        assert!(!hash.is_of("correct horsf"));
        assert!(hash != Hash::of("correct horse", &entropy));
    }

    #[test]
    fn a_policy_is_held_to() {
        let account = names::AccountId::DEFAULT;
        let aws = PasswordPolicy::of_aws(account);
        assert!(violation("Sh0rt!", &aws, false, "ann").unwrap().contains("minimum length of 8"));
        assert!(violation("onlyletters", &aws, false, "ann").unwrap().contains("three of"));
        assert_eq!(violation("Letters12", &aws, false, "ann"), None);
        let own = PasswordPolicy { minimum_length: 6, symbols: true, ..aws };
        assert_eq!(
            violation("letters", &own, true, "ann").unwrap(),
            "Password should have at least one symbol"
        );
        assert_eq!(violation("letter!", &own, true, "ann"), None);
    }
}
