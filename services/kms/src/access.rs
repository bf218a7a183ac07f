//! What calls on keys need: the action on the key's ARN, judged by the key's policy and its grants.
//!
//! Without the key policy's consent nobody uses a key, not even the account's root. Grants are allowances beside it: those that hold for a call
//! are put to the judge as statements of the key policy, so that principals mean the same in both, and every Deny still decides.
//! <https://docs.aws.amazon.com/kms/latest/developerguide/control-access.html>

use crate::key_policy;
use crate::reference::{Found, Reference, Takes};
use crate::state::{Constraints, Grant, Key};
use contract::{Access, Call, Check, Principal};
use policy::{Authority, ResourcePolicy};
use std::collections::BTreeMap;
use store::{StoreError, View};
use wire::{Document, document};

/// An action on a key, as a call asks for it.
pub(crate) struct Ask<'a> {
    /// Without `kms:`.
    pub(crate) action: &'static str,
    /// `KeyId`.
    pub(crate) key: &'a str,
    pub(crate) takes: Takes,
    /// Callers of other accounts may be let in.
    pub(crate) foreign: bool,
    /// For cryptography: what grants' constraints are about.
    pub(crate) encryption_context: Option<&'a BTreeMap<String, String>>,
    /// For CreateGrant: what the new grant will allow, which one that hands on must allow too.
    pub(crate) hands_on: Option<(&'a [&'static str], &'a Constraints)>,
    /// For RetireGrant: the grant, which itself says who may retire it.
    pub(crate) retires: Option<&'a str>,
}

impl<'a> Ask<'a> {
    /// An action of the key's own account on a key that is named by id or ARN.
    pub(crate) fn own(action: &'static str, key: &'a str) -> Self {
        Self {
            action,
            key,
            takes: Takes::Keys,
            foreign: false,
            encryption_context: None,
            hands_on: None,
            retires: None,
        }
    }

    /// An action that also other accounts may be allowed.
    pub(crate) fn shared(action: &'static str, key: &'a str, takes: Takes) -> Self {
        Self { takes, foreign: true, ..Self::own(action, key) }
    }

    pub(crate) fn with_context(self, context: Option<&'a BTreeMap<String, String>>) -> Self {
        static NONE: BTreeMap<String, String> = BTreeMap::new();
        Self { encryption_context: Some(context.unwrap_or(&NONE)), ..self }
    }

    pub(crate) fn access(&self, call: &Call, view: &View) -> Access {
        Access { checks: vec![self.check(call, view)], unconditional: false }
    }

    pub(crate) fn check(&self, call: &Call, view: &View) -> Check {
        let mut check = match Reference::read(self.key, self.takes, call) {
            // What names no key is told to those who may do the action at all.
            Err(_) => Check::new(format!("kms:{}", self.action), "*"),
            Ok(reference) => self.on(&reference, call, view),
        };
        check.context.extend(of_call(call));
        if let Some(context) = self.encryption_context {
            for (key, value) in context {
                check.context.push((format!("kms:EncryptionContext:{key}"), vec![value.clone()]));
            }
            if !context.is_empty() {
                check.context.push(("kms:EncryptionContextKeys".into(), context.keys().cloned().collect()));
            }
        }
        check
    }

    fn on(&self, reference: &Reference, call: &Call, view: &View) -> Check {
        let action = format!("kms:{}", self.action);
        let key = match reference.find(call, view) {
            Ok(Found::Key(key) | Found::Unmade(key)) => key,
            // Of a key that is not there the account's own hear so if their policies would let them use it, and others nothing.
            Ok(Found::Nothing) => {
                let mut check = Check::new(action, reference.arn());
                if reference.scope.account != call.account {
                    deny(&mut check, reference.scope.account);
                }
                return check;
            }
            // A store that cannot be read grants nothing.
            Err(_) => {
                let mut check = Check::new(action, reference.arn());
                deny(&mut check, reference.scope.account);
                return check;
            }
        };
        let arn = key.arn().to_string();
        let mut check = Check::new(action, &arn);
        let foreign = key.scope.account != call.account;
        match self.policy(&key, call, view) {
            Ok(policy) if self.foreign || !foreign => {
                check.resource_account = Some(key.scope.account);
                check.resource_policy = Some(policy);
            }
            Ok(_) => deny(&mut check, key.scope.account),
            Err(reason) => {
                tracing::error!(
                    key = arn,
                    reason,
                    "a key's policy or grants cannot be read: all calls on the key are denied"
                );
                deny(&mut check, key.scope.account);
            }
        }
        if let Some(alias) = reference.alias() {
            check.context.push(("kms:RequestAlias".into(), vec![alias.to_owned()]));
        }
        check.context.extend(of_key(&key, view));
        check
    }

    /// The key's policy, with the grants that hold for the call.
    fn policy(&self, key: &Key, call: &Call, view: &View) -> Result<ResourcePolicy, String> {
        let grants = self.grants(key, call, view).map_err(|error| error.to_string())?;
        let text = if grants.is_empty() { key.policy.clone() } else { joined(&key.policy, grants)? };
        let document = key_policy::parse(&text).map_err(|error| error.to_string())?;
        Ok(ResourcePolicy::new(&key.arn().to_string(), document))
    }

    /// A statement for each grant that holds.
    fn grants(&self, key: &Key, call: &Call, view: &View) -> Result<Vec<Document>, StoreError> {
        let names = names_of(&call.principal);
        if self.action == "RetireGrant" {
            let grant = match self.retires {
                Some(id) => view.get::<Grant>(key.scope, (key.id.as_str(), id))?,
                None => None,
            };
            return Ok(grant.map(|grant| self.retirers(&grant, &names)).unwrap_or_default());
        }
        let mut statements = Vec::new();
        for name in &names {
            let granted = view.by_index::<Grant>(key.scope, "grantee", (key.id.as_str(), name.as_str()))?;
            if granted.iter().any(|grant| self.holds(grant)) {
                statements.push(self.allow(name));
            }
        }
        Ok(statements)
    }

    /// Who may retire a grant: its retiring principal, its grantee where it says so, and the account that made it
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html>).
    fn retirers(&self, grant: &Grant, names: &[String]) -> Vec<Document> {
        let issuer = format!("arn:aws:iam::{}:root", grant.issuing_account);
        let grantee = self.holds(grant).then_some(grant.grantee.as_str());
        let all = [Some(issuer.as_str()), grant.retiring.as_deref(), grantee].into_iter().flatten();
        all.filter(|retirer| names.iter().any(|name| name == retirer))
            .map(|retirer| self.allow(retirer))
            .collect()
    }

    fn allow(&self, principal: &str) -> Document {
        document!({
            "Effect": "Allow", "Principal": { "AWS": principal }, "Action": (format!("kms:{}", self.action)), "Resource": "*"
        })
    }

    fn holds(&self, grant: &Grant) -> bool {
        if !grant.operations.iter().any(|operation| operation == self.action) {
            return false;
        }
        match (self.hands_on, self.encryption_context) {
            (Some((operations, constraints)), _) => {
                operations.iter().all(|operation| grant.operations.iter().any(|own| own == operation))
                    && constraints.within(&grant.constraints)
            }
            (None, Some(context)) => grant.constraints.met(context),
            (None, None) => true,
        }
    }
}

fn deny(check: &mut Check, owner: names::AccountId) {
    check.resource_account = Some(owner);
    check.no_resource_policy = Some(Authority::Key);
}

fn joined(policy: &str, grants: Vec<Document>) -> Result<String, String> {
    let mut policy = Document::parse(policy).map_err(|error| error.to_string())?;
    let mut statements = match policy.get("Statement") {
        Some(Document::Array(statements)) => statements.clone(),
        Some(statement) => vec![statement.clone()],
        None => Vec::new(),
    };
    statements.extend(grants);
    policy.set("Statement", statements);
    Ok(policy.to_string())
}

/// By which names a grant may mean a principal. CreateGrant takes none of services.
pub(crate) fn names_of(principal: &Principal) -> Vec<String> {
    let root = |account: &names::AccountId| format!("arn:aws:iam::{account}:root");
    match principal {
        Principal::Anonymous | Principal::Service(_) => Vec::new(),
        Principal::Root(account) => vec![root(account)],
        Principal::User(user) => vec![user.arn().to_string(), root(&user.account)],
        Principal::Role(session) => {
            vec![session.arn().to_string(), session.role_arn().to_string(), root(&session.account)]
        }
    }
}

/// Condition keys of every call: <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html>
pub(crate) fn of_call(call: &Call) -> Vec<(String, Vec<String>)> {
    let mut context = Vec::new();
    if let Some(account) = call.principal.account() {
        context.push(("kms:CallerAccount".to_owned(), vec![account.to_string()]));
    }
    if let Some(service) = via_service(call) {
        context.push(("kms:ViaService".to_owned(), vec![service]));
    }
    context
}

/// `s3.us-east-1.amazonaws.com` where S3 calls with its caller's credentials. A service that calls as itself is via none.
pub(crate) fn via_service(call: &Call) -> Option<String> {
    let last = call.chain.via.last().filter(|_| call.principal.account().is_some())?;
    Some(format!("{}.{}.amazonaws.com", last.strip_suffix(".amazonaws.com").unwrap_or(last), call.region))
}

fn of_key(key: &Key, view: &View) -> Vec<(String, Vec<String>)> {
    let mut context = vec![
        ("kms:KeySpec".to_owned(), vec![key.spec.as_str().to_owned()]),
        ("kms:KeyUsage".to_owned(), vec![key.spec.usage().to_owned()]),
        ("kms:KeyOrigin".to_owned(), vec!["AWS_KMS".to_owned()]),
        ("kms:MultiRegion".to_owned(), vec!["false".to_owned()]),
    ];
    // Unread aliases are no aliases: a condition on them is then unmet, and `run` fails on the same read.
    let aliases: Vec<String> =
        key.aliases(view).unwrap_or_default().into_iter().map(|alias| alias.name).collect();
    if !aliases.is_empty() {
        context.push(("kms:ResourceAliases".to_owned(), aliases));
    }
    context.extend(
        key.tags.iter().map(|(name, value)| (format!("aws:ResourceTag/{name}"), vec![value.clone()])),
    );
    context
}
