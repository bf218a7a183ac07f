use crate::conditions::Condition;
use crate::parse::Kind;
use crate::text::arn::ResourcePattern;
use crate::text::pattern::Pattern;
use crate::text::template::variables;
use names::AccountId;

/// A version of the policy language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// 2008-10-17: no variables. Also what a document without `Version` is.
    V2008,
    /// 2012-10-17.
    V2012,
}

/// What a statement does where it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Grants, unless something denies.
    Allow,
    /// Denies, whatever grants.
    Deny,
}

/// A parsed and compiled policy document. Made by [`crate::parse`], immutable, shared by `Arc`.
#[derive(Debug, Clone)]
pub struct Document {
    pub(crate) kind: Kind,
    pub(crate) version: Version,
    pub(crate) id: Option<String>,
    pub(crate) statements: Vec<Statement>,
}

/// One statement.
#[derive(Debug, Clone)]
pub struct Statement {
    pub(crate) sid: Option<String>,
    pub(crate) index: usize,
    pub(crate) effect: Effect,
    pub(crate) principals: Option<Principals>,
    pub(crate) actions: Actions,
    pub(crate) resources: Option<Resources>,
    pub(crate) conditions: Vec<Condition>,
    /// The statement cannot apply (see `parse::compile`).
    pub(crate) never: bool,
}

/// `Action` or `NotAction`; patterns in lower case.
#[derive(Debug, Clone)]
pub(crate) struct Actions {
    pub(crate) negated: bool,
    pub(crate) patterns: Box<[Pattern]>,
    pub(crate) written: Box<[String]>,
}

/// `Resource` or `NotResource`.
#[derive(Debug, Clone)]
pub(crate) struct Resources {
    pub(crate) negated: bool,
    pub(crate) patterns: Box<[ResourcePattern]>,
    pub(crate) written: Box<[String]>,
}

/// `Principal` or `NotPrincipal`.
#[derive(Debug, Clone)]
pub(crate) struct Principals {
    pub(crate) negated: bool,
    pub(crate) patterns: Box<[PrincipalPattern]>,
    pub(crate) written: Box<[String]>,
}

/// One principal that a statement names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrincipalPattern {
    /// `*`
    Everyone,
    /// An account (by id or by its root's ARN): delegates to the account's own policies.
    Account(AccountId),
    /// A role's ARN: every session of the role.
    Role(Box<str>),
    /// A user's ARN.
    User(Box<str>),
    /// An assumed-role session's ARN.
    Session(Box<str>),
    /// The ARN of a session of `GetFederationToken`.
    FederatedUser(Box<str>),
    /// `AIDA…` or `AROA…`: what AWS leaves where the user or role was deleted.
    UniqueId(Box<str>),
    /// A service, such as `lambda.amazonaws.com`.
    Service(Box<str>),
    /// An identity provider: host name or ARN.
    Federated(Box<str>),
    /// An S3 canonical user id.
    CanonicalUser(Box<str>),
    /// A CloudFront origin access identity, which no caller here can be.
    Other(Box<str>),
}

impl Document {
    /// What the document is for.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The version of the language.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// `Id`.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The statements, in order; never empty.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Every principal that any statement names: for services that check that they exist.
    pub fn principals(&self) -> impl Iterator<Item = &PrincipalPattern> {
        self.statements.iter().flat_map(Statement::principals)
    }

    /// Every condition key that any statement tests, as written.
    pub fn context_keys(&self) -> impl Iterator<Item = &str> {
        self.statements.iter().flat_map(|statement| statement.conditions.iter().map(Condition::key))
    }

    /// Every condition key that the decision may depend on, as written, each once, in the order of the document: those of variables in
    /// resources, those that conditions test, and those of variables in their values.
    #[must_use]
    pub fn needed_keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = Vec::new();
        let mut note = |key| {
            if !keys.iter().any(|known| known.eq_ignore_ascii_case(key)) {
                keys.push(key);
            }
        };
        let has_variables = self.version == Version::V2012;
        let variables_of = |text| variables(text).filter(move |_| has_variables);
        for statement in &self.statements {
            let resources = statement.resources.iter().flat_map(|resources| resources.written.iter());
            resources.flat_map(|text| variables_of(text)).for_each(&mut note);
            for condition in &statement.conditions {
                note(condition.key());
                condition.values().iter().flat_map(|text| variables_of(text)).for_each(&mut note);
            }
        }
        keys
    }
}

impl Statement {
    /// `Sid`; None where it is missing or empty.
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// The place in the document, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// `Effect`.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// The actions as written, and whether they are `NotAction`.
    #[must_use]
    pub fn actions(&self) -> (bool, &[String]) {
        (self.actions.negated, &self.actions.written)
    }

    /// The resources as written, and whether they are `NotResource`; None where the statement names none.
    #[must_use]
    pub fn resources(&self) -> Option<(bool, &[String])> {
        self.resources.as_ref().map(|resources| (resources.negated, &*resources.written))
    }

    /// The principals; empty where the kind of policy has none.
    pub fn principals(&self) -> impl Iterator<Item = &PrincipalPattern> {
        self.principals.iter().flat_map(|principals| principals.patterns.iter())
    }

    /// The principals as written, without their types.
    #[must_use]
    pub fn written_principals(&self) -> &[String] {
        self.principals.as_ref().map_or(&[], |principals| &principals.written)
    }

    /// Whether the principals are `NotPrincipal`.
    #[must_use]
    pub fn is_not_principal(&self) -> bool {
        self.principals.as_ref().is_some_and(|principals| principals.negated)
    }

    /// Whether the statement is about an action, such as `s3:GetObject`; the case of letters does not matter.
    #[must_use]
    pub fn has_action(&self, action: &str) -> bool {
        let action = action.to_ascii_lowercase();
        self.actions.patterns.iter().any(|pattern| pattern.matches(&action)) != self.actions.negated
    }

    /// The conditions, all of which must be met.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }
}
