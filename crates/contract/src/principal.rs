use names::{AccountId, Arn, Scope, Tags, Timestamp};

/// Who makes a call.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Principal {
    /// Nobody signed.
    Anonymous,
    /// An account's root user.
    Root(AccountId),
    /// An IAM user, with long-term or session credentials.
    User(UserIdentity),
    /// A session of a role.
    Role(RoleSession),
    /// An AWS service.
    Service(ServicePrincipal),
}

/// An IAM user.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct UserIdentity {
    /// Its account.
    pub account: AccountId,
    /// Its unique id, `AIDA…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its path, `/` or `/division/`.
    pub path: String,
    /// The session, where the credentials are temporary.
    pub session_issued: Option<UserSession>,
}

/// How and when the temporary credentials of a user were issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum UserSession {
    /// By GetSessionToken.
    Token(Timestamp),
    /// By signing in to the console.
    Console {
        /// When.
        console: Timestamp,
    },
}

impl UserSession {
    /// When it was issued.
    #[must_use]
    pub fn issued(self) -> Timestamp {
        match self {
            Self::Token(issued) | Self::Console { console: issued } => issued,
        }
    }
}

/// A session of a role.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RoleSession {
    /// The role's account.
    pub account: AccountId,
    /// The role's unique id, `AROA…`.
    pub role_id: String,
    /// The role's name.
    pub role_name: String,
    /// The role's path.
    pub role_path: String,
    /// The session's name.
    pub session_name: String,
    /// When it was issued.
    pub issued: Timestamp,
    /// Session policies as JSON text, that AssumeRole was given inline.
    pub session_policies: Vec<String>,
    /// ARNs of managed policies that AssumeRole was given.
    pub session_policy_arns: Vec<String>,
    /// Session tags.
    pub tags: Tags,
    /// The source identity, where set.
    pub source_identity: Option<String>,
}

/// An AWS service that acts, on behalf of a resource where it names one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServicePrincipal {
    /// Such as `config.amazonaws.com`.
    pub name: String,
    /// The account whose resource makes it act.
    pub source_account: AccountId,
    /// The resource that makes it act (`aws:SourceArn`).
    pub source_arn: Option<Arn>,
}

impl Principal {
    /// A service that acts for a resource of an account.
    #[must_use]
    pub fn service(name: impl Into<String>, source_account: AccountId, source_arn: Option<Arn>) -> Self {
        Self::Service(ServicePrincipal { name: name.into(), source_account, source_arn })
    }

    /// The account whose credentials these are; None for anonymous callers and services.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Anonymous | Self::Service(_) => None,
            Self::Root(account) => Some(*account),
            Self::User(user) => Some(user.account),
            Self::Role(session) => Some(session.account),
        }
    }

    /// The ARN that GetCallerIdentity answers and denials name; a service's name for services, `anonymous` for nobody.
    #[must_use]
    pub fn arn(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".into(),
            Self::Root(account) => Arn::new("iam", Scope::global(*account), "root").to_string(),
            Self::User(user) => user.arn().to_string(),
            Self::Role(session) => session.arn().to_string(),
            Self::Service(service) => service.name.clone(),
        }
    }

    /// As policies are judged by.
    #[must_use]
    pub fn for_policy(&self) -> policy::Principal {
        match self {
            Self::Anonymous => policy::Principal::Anonymous,
            Self::Root(account) => policy::Principal::root(*account),
            Self::User(user) => {
                policy::Principal::User { account: user.account, arn: user.arn().to_string().into() }
            }
            Self::Role(session) => policy::Principal::AssumedRole {
                account: session.account,
                role: session.role_arn().to_string().into(),
                arn: session.arn().to_string().into(),
            },
            Self::Service(service) => policy::Principal::service(&service.name),
        }
    }

    /// `aws:userid`: account id for root, `AIDA…` for users, `AROA…:session` for sessions.
    #[must_use]
    pub fn user_id(&self) -> Option<String> {
        match self {
            Self::Anonymous | Self::Service(_) => None,
            Self::Root(account) => Some(account.to_string()),
            Self::User(user) => Some(user.id.clone()),
            Self::Role(session) => Some(format!("{}:{}", session.role_id, session.session_name)),
        }
    }
}

impl UserIdentity {
    /// `arn:aws:iam::ACCOUNT:user/PATH/NAME`.
    #[must_use]
    pub fn arn(&self) -> Arn {
        Arn::new("iam", Scope::global(self.account), format!("user{}{}", self.path, self.name))
    }
}

impl RoleSession {
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`.
    #[must_use]
    pub fn arn(&self) -> Arn {
        let resource = format!("assumed-role/{}/{}", self.role_name, self.session_name);
        Arn::new("sts", Scope::global(self.account), resource)
    }

    /// `arn:aws:iam::ACCOUNT:role/PATH/ROLE`.
    #[must_use]
    pub fn role_arn(&self) -> Arn {
        Arn::new("iam", Scope::global(self.account), format!("role{}{}", self.role_path, self.role_name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sessions and records that an older cloud wrote hold the bare moment.
    #[test]
    fn a_users_session_is_stored_as_it_was() {
        let moment = Timestamp::from_millis(1_795_253_400_123);
        let stored = rmp_serde::to_vec_named(&Some(moment)).unwrap();
        let token = Some(UserSession::Token(moment));
        assert_eq!(rmp_serde::from_slice::<Option<UserSession>>(&stored).unwrap(), token);
        for session in [None, token, Some(UserSession::Console { console: moment })] {
            let stored = rmp_serde::to_vec_named(&session).unwrap();
            assert_eq!(rmp_serde::from_slice::<Option<UserSession>>(&stored).unwrap(), session);
        }
    }
}
