//! What a sign-in says of itself.

use contract::Secret;
use names::AccountId;
use wire::Document;

/// As whom somebody wants to sign in.
pub(super) enum Asked {
    Root(RootKey),
    User(Password),
}

/// An account's root, by its access key.
pub(super) struct RootKey {
    /// An id or an alias; None: the key's own.
    pub(super) account: Option<String>,
    pub(super) access_key_id: String,
    pub(super) secret: Secret,
}

/// A user, by password.
pub(super) struct Password {
    /// An id or an alias.
    pub(super) account: String,
    pub(super) user_name: String,
    pub(super) password: Secret,
    pub(super) new_password: Option<Secret>,
}

/// Longer than any of these can be.
const LONGEST: usize = 256;
const MEMBERS: &[&str] =
    &["account", "userName", "password", "newPassword", "accessKeyId", "secretAccessKey"];

impl Asked {
    /// Reads a body; what is wrong with it otherwise.
    pub(super) fn read(body: &[u8]) -> Result<Self, String> {
        let document = Document::parse_bytes(body).map_err(|_| "The body is not JSON.".to_owned())?;
        let members = document.as_object().ok_or("The body must be a JSON object.")?;
        if members.keys().any(|name| !MEMBERS.contains(&name.as_str())) {
            return Err(format!("The body may have {}, and no other members.", MEMBERS.join(", ")));
        }
        let text = |name: &str| match members.get(name) {
            None | Some(Document::Null) => Ok(None),
            Some(Document::String(text)) if text.len() <= LONGEST => {
                Ok(Some(text.clone()).filter(|text| !text.is_empty()))
            }
            Some(_) => Err(format!("{name} must be text of at most {LONGEST} bytes.")),
        };
        let account = text("account")?.map(|account| account.trim().to_owned());
        let (user_name, password) = (text("userName")?, text("password")?);
        let (key, secret) = (text("accessKeyId")?, text("secretAccessKey")?);
        let new_password = text("newPassword")?.map(Secret);
        match (user_name, password, key, secret) {
            (Some(user_name), Some(password), None, None) => {
                let account = account.ok_or("account must be an account's id or alias.")?;
                let password = Secret(password);
                Ok(Self::User(Password { account, user_name, password, new_password }))
            }
            (None, None, Some(access_key_id), Some(secret)) if new_password.is_none() => {
                let account = account.filter(|account| !account.is_empty());
                Ok(Self::Root(RootKey { account, access_key_id, secret: Secret(secret) }))
            }
            _ => Err("Send userName and password to sign in as a user, or accessKeyId and secretAccessKey to sign in as root.".into()),
        }
    }

    /// What the account is called; None: a key's own.
    pub(super) fn account(&self) -> Option<&str> {
        match self {
            Self::Root(key) => key.account.as_deref(),
            Self::User(user) => Some(&user.account),
        }
    }

    /// Of what attempts are counted: the same for the same access key, or for the same account, by its id and by its alias, and user; whether or not
    /// there are such. `account`: the account that is meant, where there is one.
    pub(super) fn attempt(&self, account: Option<AccountId>) -> String {
        match self {
            Self::Root(key) => format!("root\n{}", key.access_key_id),
            Self::User(user) => {
                let account = account.map_or_else(|| user.account.to_ascii_lowercase(), |id| id.to_string());
                format!("user\n{account}\n{}", user.user_name.to_ascii_lowercase())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_is_of_a_user_or_of_root() {
        let user = r#"{"account":"lab","userName":"Ann","password":"p"}"#;
        assert_eq!(
            Asked::read(user.as_bytes()).unwrap_or_else(|it| panic!("{it}")).attempt(None),
            "user\nlab\nann"
        );
        let id = "000000000000".parse().unwrap();
        assert_eq!(
            Asked::read(user.as_bytes()).unwrap_or_else(|it| panic!("{it}")).attempt(Some(id)),
            "user\n000000000000\nann"
        );
        let root = r#"{"accessKeyId":"AKIA","secretAccessKey":"s","account":""}"#;
        assert!(matches!(Asked::read(root.as_bytes()), Ok(Asked::Root(key)) if key.account.is_none()));
        for wrong in [
            "",
            "[]",
            "{}",
            r#"{"userName":"ann","password":"p"}"#,
            r#"{"account":"lab","userName":"ann"}"#,
            r#"{"account":"lab","userName":"ann","password":""}"#,
            r#"{"account":"lab","userName":"ann","password":7}"#,
            r#"{"account":"lab","userName":"ann","password":"p","accessKeyId":"AKIA","secretAccessKey":"s"}"#,
            r#"{"account":"lab","accessKeyId":"AKIA","secretAccessKey":"s","newPassword":"n"}"#,
            r#"{"account":"lab","userName":"ann","password":"p","mfa":"1"}"#,
        ] {
            assert!(Asked::read(wrong.as_bytes()).is_err(), "{wrong}");
        }
        let long = format!(r#"{{"account":"lab","userName":"ann","password":"{}"}}"#, "p".repeat(257));
        assert!(Asked::read(long.as_bytes()).is_err());
    }
}
