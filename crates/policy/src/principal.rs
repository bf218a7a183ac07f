use names::{AccountId, Arn, PARTITION};

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Principal {
    /// An account's root user.
    Root {
        /// The account.
        account: AccountId,
        /// `arn:aws:iam::ACCOUNT:root`
        arn: Box<str>,
    },
    /// An IAM user.
    User {
        /// The account.
        account: AccountId,
        /// `arn:aws:iam::ACCOUNT:user/path/name`
        arn: Box<str>,
    },
    /// A session of a role.
    AssumedRole {
        /// The account.
        account: AccountId,
        /// `arn:aws:iam::ACCOUNT:role/path/name`
        role: Box<str>,
        /// `arn:aws:sts::ACCOUNT:assumed-role/name/session`
        arn: Box<str>,
    },
    /// A session made by `GetFederationToken`.
    FederatedUser {
        /// The account.
        account: AccountId,
        /// `arn:aws:sts::ACCOUNT:federated-user/name`
        arn: Box<str>,
        /// The ARN of the user (or root) that made it.
        issuer: Box<str>,
    },
    /// Somebody whom an identity provider vouches for, calling `AssumeRoleWithSAML` or `AssumeRoleWithWebIdentity`.
    Federated {
        /// The provider's host name or ARN, as a trust policy names it.
        provider: Box<str>,
    },
    /// An AWS service.
    Service {
        /// Its principal, such as `config.amazonaws.com`.
        name: Box<str>,
    },
    /// An unsigned request.
    Anonymous,
}

impl Principal {
    /// The root user of an account.
    #[must_use]
    pub fn root(account: AccountId) -> Self {
        Self::Root { account, arn: format!("arn:{PARTITION}:iam::{account}:root").into() }
    }

    /// A user by ARN; None where the ARN names no account.
    #[must_use]
    pub fn user(arn: &Arn) -> Option<Self> {
        Some(Self::User { account: arn.account?, arn: arn.to_string().into() })
    }

    /// A session of a role: the role's ARN (with its path) and the session's name. None where the ARN is no role's.
    #[must_use]
    pub fn session(role: &Arn, session_name: &str) -> Option<Self> {
        let account = role.account?;
        let name = role.resource_after("role/")?.rsplit('/').next()?;
        let arn = format!("arn:{}:sts::{account}:assumed-role/{name}/{session_name}", role.partition).into();
        Some(Self::AssumedRole { account, role: role.to_string().into(), arn })
    }

    /// A service.
    #[must_use]
    pub fn service(name: &str) -> Self {
        Self::Service { name: name.into() }
    }

    /// The account; None for services, anonymous callers and those of identity providers.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Root { account, .. }
            | Self::User { account, .. }
            | Self::AssumedRole { account, .. }
            | Self::FederatedUser { account, .. } => Some(*account),
            Self::Federated { .. } | Self::Service { .. } | Self::Anonymous => None,
        }
    }

    /// What AWS prints after `User: ` and `GetCallerIdentity` answers: an ARN, a service's name, or `anonymous`.
    #[must_use]
    pub fn display(&self) -> &str {
        match self {
            Self::Root { arn, .. }
            | Self::User { arn, .. }
            | Self::AssumedRole { arn, .. }
            | Self::FederatedUser { arn, .. } => arn,
            Self::Federated { provider } => provider,
            Self::Service { name } => name,
            Self::Anonymous => "anonymous",
        }
    }

    /// `aws:PrincipalArn`: for a role session the role's ARN. None where AWS sets none.
    #[must_use]
    pub fn principal_arn(&self) -> Option<&str> {
        match self {
            Self::Root { arn, .. } | Self::User { arn, .. } | Self::FederatedUser { arn, .. } => Some(arn),
            Self::AssumedRole { role, .. } => Some(role),
            Self::Federated { .. } | Self::Service { .. } | Self::Anonymous => None,
        }
    }

    /// Whether policies of IAM (identity policies, boundaries, session policies) are what may grant to it.
    pub(crate) fn is_iam_entity(&self) -> bool {
        matches!(self, Self::User { .. } | Self::AssumedRole { .. } | Self::FederatedUser { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_s_arn_drops_the_role_s_path() {
        let role: Arn = "arn:aws:iam::111122223333:role/service-role/Worker".parse().unwrap();
        let session = Principal::session(&role, "i-1").unwrap();
        assert_eq!(session.display(), "arn:aws:sts::111122223333:assumed-role/Worker/i-1");
        assert_eq!(session.principal_arn(), Some("arn:aws:iam::111122223333:role/service-role/Worker"));
        assert_eq!(Principal::session(&"arn:aws:iam::111122223333:user/ann".parse().unwrap(), "x"), None);
    }

    #[test]
    fn those_outside_of_accounts_have_none() {
        assert_eq!(Principal::service("s3.amazonaws.com").account(), None);
        assert_eq!(Principal::Anonymous.principal_arn(), None);
        assert_eq!(
            Principal::root("111122223333".parse().unwrap()).display(),
            "arn:aws:iam::111122223333:root"
        );
    }
}
