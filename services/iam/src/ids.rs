//! IAM's identifiers: unique ids, access key ids and secrets.

use clock::Entropy;
use names::AccountId;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The prefixes of <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unique {
    User,
    Group,
    Role,
    Policy,
    InstanceProfile,
}

impl Unique {
    /// Such as `AROA`.
    fn prefix(self) -> &'static str {
        match self {
            Self::User => "AIDA",
            Self::Group => "AGPA",
            Self::Role => "AROA",
            Self::Policy => "ANPA",
            Self::InstanceProfile => "AIPA",
        }
    }

    /// A fresh id: prefix and 17 characters.
    pub(crate) fn id(self, entropy: &Entropy) -> String {
        format!("{}{}", self.prefix(), entropy.base32(17))
    }
}

/// An access key id as AWS makes them: the prefix, then 80 bits in base 32 of which bits 1 to 40 are the account's number.
pub(crate) fn access_key_id(prefix: &str, account: AccountId, entropy: &Entropy) -> String {
    let number: u128 = account.as_str().parse().unwrap_or_default();
    let random = entropy.bytes().iter().take(5).fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
    let bits = (1 << 79) | (number << 39) | (random & ((1 << 39) - 1));
    let digits = (0..16_u32).map(|place| {
        let digit = (bits >> (75 - 5 * place)) & 31;
        BASE32.get(digit as usize).map_or('A', |byte| char::from(*byte))
    });
    format!("{prefix}{}", digits.collect::<String>())
}

/// The account in an access key id that AWS (or this cloud) made; None where it is of another form.
pub(crate) fn account_of(access_key_id: &str) -> Option<AccountId> {
    let digits = access_key_id.get(4..).filter(|digits| digits.len() == 16)?;
    let mut bits = 0_u128;
    for byte in digits.bytes() {
        let digit = BASE32.iter().position(|known| *known == byte)?;
        bits = (bits << 5) | digit as u128;
    }
    let number = (bits >> 39) & ((1 << 40) - 1);
    format!("{number:012}").parse().ok()
}

/// A secret access key: 40 characters of base 64.
pub(crate) fn secret(entropy: &Entropy) -> contract::Secret {
    contract::Secret(entropy.text(40, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_key_id_tells_its_account() {
        let entropy = Entropy::from_seed([3; 32]);
        for account in ["000000000000", "111122223333", "999999999999"] {
            let account: AccountId = account.parse().unwrap();
            let id = access_key_id("AKIA", account, &entropy);
            assert_eq!(id.len(), 20);
            assert_eq!(account_of(&id), Some(account));
        }
        assert_eq!(account_of("test"), None);
        assert_eq!(account_of("AKIA111111111111111!"), None);
        // A key published by researchers: https://hackingthe.cloud/aws/enumeration/get-account-id-from-keys/
        assert_eq!(account_of("ASIAY34FZKBOKMUTVV7A"), Some("609629065308".parse().unwrap()));
    }

    #[test]
    fn a_unique_id_has_its_prefix_and_length() {
        let id = Unique::Role.id(&Entropy::from_seed([1; 32]));
        assert!(id.starts_with("AROA") && id.len() == 21, "{id}");
    }
}
