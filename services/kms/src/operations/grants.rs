//! Grants: making and ending them.

use crate::Kms;
use crate::access::{Ask, via_service};
use crate::reference::{Takes, key};
use crate::refusal::{dry_run, invalid, usable};
use crate::state::{Constraints, Grant, Key, Spec};
use api_kms::{
    CreateGrant, CreateGrantOutput, Error, GrantConstraints, GrantOperation, InvalidArnException,
    InvalidGrantIdException, InvalidGrantTokenException, LimitExceededException, NotFoundException,
    RetireGrant, RetireGrantOutput, RevokeGrant, RevokeGrantOutput,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contract::{Access, Call, Transact};
use names::Arn;
use store::{Tx, View};

/// <https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#grants-per-key>
const LIMIT: usize = 50_000;

impl Transact<CreateGrant> for Kms {
    fn access(input: &CreateGrant, call: &Call, view: &View) -> Access {
        let operations: Vec<&'static str> =
            input.operations.iter().map(|operation| operation.as_str()).collect();
        let wanted = constraints(input.constraints.as_ref());
        let ask = Ask {
            hands_on: Some((&operations, &wanted)),
            ..Ask::shared("CreateGrant", &input.key_id, Takes::Keys)
        };
        let mut access = ask
            .access(call, view)
            .with("kms:GrantOperations", operations.clone())
            .with("kms:GranteePrincipal", [input.grantee_principal.as_str()])
            .with("kms:GrantIsForAWSResource", [for_service(call)]);
        if let Some(retiring) = &input.retiring_principal {
            access = access.with("kms:RetiringPrincipal", [retiring.as_str()]);
        }
        for (kind, pairs) in
            [("EncryptionContextSubset", &wanted.subset), ("EncryptionContextEquals", &wanted.equals)]
        {
            let Some(pairs) = pairs else { continue };
            access = access.with("kms:GrantConstraintType", [kind]);
            for (key, value) in pairs {
                access = access.with(format!("kms:EncryptionContext:{key}"), [value.as_str()]);
            }
            access = access.with("kms:EncryptionContextKeys", pairs.keys().cloned());
        }
        access
    }

    fn run(input: CreateGrant, call: &Call, tx: &mut Tx) -> Result<CreateGrantOutput, Error> {
        check_tokens(input.grant_tokens.as_deref())?;
        check_principal(&input.grantee_principal)?;
        if let Some(retiring) = &input.retiring_principal {
            check_principal(retiring)?;
        }
        let key = key(&input.key_id, Takes::Keys, call, tx)?;
        usable(&key)?;
        let mut operations: Vec<String> =
            input.operations.iter().map(|operation| operation.as_str().to_owned()).collect();
        operations.sort_unstable();
        operations.dedup();
        check_operations(&key, &input.operations)?;
        let constraints = constraints(input.constraints.as_ref());
        check_constraints(&key, &constraints)?;
        let grants = Grant::of_key(tx, key.scope, &key.id)?;
        // With a name, the same request again answers the grant that is there.
        let same = |grant: &&Grant| {
            grant.name.is_some()
                && grant.name == input.name
                && grant.grantee == input.grantee_principal
                && grant.retiring == input.retiring_principal
                && grant.operations == operations
                && grant.constraints == constraints
                && grant.issuing_account == call.account
        };
        if let Some(known) = grants.iter().find(same) {
            dry_run(input.dry_run)?;
            return Ok(CreateGrantOutput {
                grant_token: Some(known.token.clone()),
                grant_id: Some(known.id.clone()),
            });
        }
        if grants.len() >= LIMIT {
            return Err(LimitExceededException::new("The limit of grants of the key is reached.").into());
        }
        dry_run(input.dry_run)?;
        let id = call.entropy.hex(64);
        let token = token(&key.arn(), &id, &call.entropy.hex(32));
        tx.insert(Grant {
            scope: key.scope,
            key_id: key.id,
            id: id.clone(),
            name: input.name,
            created: call.now,
            grantee: input.grantee_principal,
            retiring: input.retiring_principal,
            issuing_account: call.account,
            operations,
            constraints,
            token: token.clone(),
        })?;
        Ok(CreateGrantOutput { grant_token: Some(token), grant_id: Some(id) })
    }
}

impl Transact<RetireGrant> for Kms {
    fn access(input: &RetireGrant, call: &Call, view: &View) -> Access {
        let (key, grant) = named(input).unwrap_or_default();
        let ask = Ask { retires: Some(&grant), ..Ask::shared("RetireGrant", &key, Takes::Keys) };
        ask.access(call, view).with("kms:GrantIsForAWSResource", [for_service(call)])
    }

    fn run(input: RetireGrant, call: &Call, tx: &mut Tx) -> Result<RetireGrantOutput, Error> {
        let (id, grant_id) = named(&input)?;
        let key = key(&id, Takes::Keys, call, tx)?;
        let grant = grant(&key, &grant_id, tx)?;
        if input.grant_token.is_some_and(|token| token != grant.token) {
            return Err(InvalidGrantTokenException::new("Invalid grant token").into());
        }
        dry_run(input.dry_run)?;
        tx.remove::<Grant>(key.scope, (key.id.as_str(), grant.id.as_str()))?;
        Ok(RetireGrantOutput {})
    }
}

impl Transact<RevokeGrant> for Kms {
    fn access(input: &RevokeGrant, call: &Call, view: &View) -> Access {
        Ask::shared("RevokeGrant", &input.key_id, Takes::Keys)
            .access(call, view)
            .with("kms:GrantIsForAWSResource", [for_service(call)])
    }

    fn run(input: RevokeGrant, call: &Call, tx: &mut Tx) -> Result<RevokeGrantOutput, Error> {
        let key = key(&input.key_id, Takes::Keys, call, tx)?;
        let grant = grant(&key, &input.grant_id, tx)?;
        dry_run(input.dry_run)?;
        tx.remove::<Grant>(key.scope, (key.id.as_str(), grant.id.as_str()))?;
        Ok(RevokeGrantOutput {})
    }
}

/// Grants hold at once here, so that tokens add nothing; one that is none is refused all the same.
pub(super) fn check_tokens(tokens: Option<&[String]>) -> Result<(), Error> {
    tokens.unwrap_or_default().iter().try_for_each(|token| read(token).map(drop))
}

fn token(key: &Arn, id: &str, random: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("grant\n{key}\n{id}\n{random}"))
}

/// The key's ARN and the grant's id.
fn read(token: &str) -> Result<(String, String), Error> {
    let text = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let parts = text.as_deref().map(|text| text.split('\n').collect::<Vec<_>>());
    match parts.as_deref() {
        Some(["grant", key, id, _]) => Ok(((*key).to_owned(), (*id).to_owned())),
        _ => Err(InvalidGrantTokenException::new("Invalid grant token").into()),
    }
}

fn named(input: &RetireGrant) -> Result<(String, String), Error> {
    match (&input.grant_token, &input.key_id, &input.grant_id) {
        (Some(token), None, None) => read(token),
        (None, Some(key), Some(id)) => Ok((key.clone(), id.clone())),
        _ => Err(invalid("Either a grant token, or a key ID and a grant ID must be specified.")),
    }
}

fn grant(key: &Key, id: &str, view: &View) -> Result<Grant, Error> {
    if id.len() != 64 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(InvalidGrantIdException::new(format!("Invalid grant ID {id}")).into());
    }
    view.get(key.scope, (key.id.as_str(), id))?
        .ok_or_else(|| NotFoundException::new(format!("Grant ID {id} not found")).into())
}

/// A service that calls with its caller's credentials makes the grant for a resource of its own.
pub(super) fn for_service(call: &Call) -> &'static str {
    if via_service(call).is_some() { "true" } else { "false" }
}

fn constraints(given: Option<&GrantConstraints>) -> Constraints {
    // An empty one constrains nothing.
    let full = |pairs: &Option<_>| {
        pairs.clone().filter(|pairs: &std::collections::BTreeMap<_, _>| !pairs.is_empty())
    };
    given.map_or_else(Constraints::default, |given| Constraints {
        subset: full(&given.encryption_context_subset),
        equals: full(&given.encryption_context_equals),
    })
}

fn check_constraints(key: &Key, constraints: &Constraints) -> Result<(), Error> {
    if constraints.subset.is_some() && constraints.equals.is_some() {
        return Err(invalid(
            "A grant has either EncryptionContextSubset or EncryptionContextEquals, not both.",
        ));
    }
    if !constraints.is_none() && key.spec != Spec::SymmetricDefault {
        return Err(invalid("Grant constraints are supported only for symmetric encryption KMS keys."));
    }
    Ok(())
}

fn check_operations(key: &Key, operations: &[GrantOperation]) -> Result<(), Error> {
    use GrantOperation as Op;
    if operations.is_empty() {
        return Err(invalid("A grant must allow at least one operation."));
    }
    let supported = |operation: &Op| match operation {
        Op::CreateGrant | Op::RetireGrant | Op::DescribeKey => true,
        Op::Encrypt
        | Op::Decrypt
        | Op::GenerateDataKey
        | Op::GenerateDataKeyWithoutPlaintext
        | Op::GenerateDataKeyPair
        | Op::GenerateDataKeyPairWithoutPlaintext
        | Op::ReEncryptFrom
        | Op::ReEncryptTo => key.spec == Spec::SymmetricDefault,
        Op::GenerateMac | Op::VerifyMac => key.spec != Spec::SymmetricDefault,
        Op::Sign | Op::Verify | Op::GetPublicKey | Op::DeriveSharedSecret => false,
    };
    match operations.iter().find(|operation| !supported(operation)) {
        Some(operation) => {
            let usage = key.spec.usage();
            Err(invalid(format!(
                "The operation {operation} cannot be granted on a key whose KeyUsage is {usage}."
            )))
        }
        None => Ok(()),
    }
}

/// Users, roles, sessions and accounts: <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html>
fn check_principal(text: &str) -> Result<(), Error> {
    let known = text.parse::<Arn>().is_ok_and(|arn| {
        let begins = |kinds: &[&str]| {
            kinds.iter().any(|kind| arn.resource_after(kind).is_some_and(|rest| !rest.is_empty()))
        };
        arn.account.is_some()
            && match arn.service.as_str() {
                "iam" => arn.resource == "root" || begins(&["user/", "role/"]),
                "sts" => begins(&["assumed-role/", "federated-user/"]),
                _ => false,
            }
    });
    // A name with a wildcard or a variable would mean others too.
    if known && !text.contains(['*', '?', '$']) {
        return Ok(());
    }
    Err(InvalidArnException::new(format!("ARN does not refer to a valid principal: {text}")).into())
}
