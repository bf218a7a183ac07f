//! Accounts and their root keys: not an AWS API, but what an account begins with.

use crate::state::{AccessKey, Account as Row};
use crate::{ids, removal};
use contract::{Context, Entry, Principal, Route, RouteAnswer, RouteRequest, Secret};
use names::{AccountId, Scope, Timestamp};
use store::{StoreError, Tx, View};
use wire::{Document, document};

pub use crate::state::Account;

/// The access key of an account's root.
#[derive(Debug, Clone)]
pub struct RootKey {
    /// Such as `AKIA…`, or `test`.
    pub access_key_id: String,
    /// The secret access key.
    pub secret: Secret,
    /// It is published (`test`/`test`), and so refused unless the cloud listens on loopback.
    pub well_known: bool,
}

/// Makes an account with its root's key, or puts that key in the place of the one that a former start of the cloud put.
///
/// # Errors
/// The store's failure; [`StoreError::Corrupt`] where the access key id is another account's or a user's.
pub fn ensure_account(
    tx: &mut Tx,
    account: AccountId,
    key: &RootKey,
    name: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (scope, now) = (Scope::global(account), Timestamp::from_seconds(now.seconds()));
    if !tx.exists::<Row>(scope, ())? {
        tx.insert(Row { id: account, name: name.to_owned(), created: now, alias: None, closed: None })?;
    }
    if let Some(known) = tx.first_by_global_index::<AccessKey>("id", key.access_key_id.as_str())?
        && (known.account != account || known.user_id.is_some())
    {
        let (id, owner) = (&key.access_key_id, known.account);
        return Err(StoreError::Corrupt(format!("the access key {id} is in use by the account {owner}")));
    }
    let stale: Vec<AccessKey> = tx.scan::<AccessKey>(scope, (AccessKey::owner(None),)).rows()?;
    let created = stale.iter().find(|known| known.id == key.access_key_id).map_or(now, |known| known.created);
    for known in stale.into_iter().filter(|known| known.given && known.id != key.access_key_id) {
        tx.remove::<AccessKey>(scope, known_key(&known))?;
    }
    tx.put(AccessKey {
        account,
        id: key.access_key_id.clone(),
        user_id: None,
        secret: key.secret.clone(),
        active: true,
        created,
        well_known: key.well_known,
        given: true,
    })
}

fn known_key(key: &AccessKey) -> (String, String) {
    (AccessKey::owner(key.user_id.as_deref()), key.id.clone())
}

/// Makes an account without a root key, for whoever acts as its root from inside (labs).
///
/// # Errors
/// The store's failure; [`StoreError::Corrupt`] where no free id was found.
pub fn open_account(name: &str, call: &contract::Call, tx: &mut Tx) -> Result<AccountId, StoreError> {
    let none = || StoreError::Corrupt("sixteen random account ids were all taken".into());
    let account = free_id(tx, None, call)?.ok_or_else(none)?;
    let created = Timestamp::from_seconds(call.now.seconds());
    tx.insert(Row { id: account, name: name.to_owned(), created, alias: None, closed: None })?;
    Ok(account)
}

/// Closes an account: from this commit on its credentials, sessions too, are refused, none of its tasks is begun and no row is written into it. What is in
/// it is removed by a task; its own row stays, so that its number is never given again, without the alias, which may be.
///
/// # Errors
/// The store's failure.
pub fn close_account(account: AccountId, call: &contract::Call, tx: &mut Tx) -> Result<(), StoreError> {
    let Some(row) = tx.get::<Row>(Scope::global(account), ())? else { return Ok(()) };
    if tx.is_account_closed(account) {
        return Ok(());
    }
    tx.update(Row { closed: row.closed.or(Some(call.now)), alias: None, ..row })?;
    tx.close_account(account);
    removal::enqueue(account, call.now, tx)
}

/// Has removed what is in accounts that an earlier version closed, and left as they were.
///
/// # Errors
/// The store's failure.
pub fn close_again(call: &contract::Call, tx: &mut Tx) -> Result<(), StoreError> {
    let closed = list_accounts(tx)?.into_iter().filter(|account| account.closed.is_some());
    closed.map(|account| account.id).try_for_each(|account| close_account(account, call, tx))
}

/// Whether an account is closed.
pub(crate) fn is_closed(view: &View, account: AccountId) -> Result<bool, StoreError> {
    Ok(view.get::<Row>(Scope::global(account), ())?.is_some_and(|row| row.closed.is_some()))
}

/// All accounts, by id.
///
/// # Errors
/// The store's failure.
pub fn list_accounts(view: &View) -> Result<Vec<Account>, StoreError> {
    view.list_all::<Row>()
}

/// `/_cloudchamber/accounts`: GET lists the accounts; POST `{"Name", "AccountId"?}` makes one, and answers its root's key this once; DELETE of
/// `/_cloudchamber/accounts/ID` closes one.
pub(crate) struct AccountsPage;

#[async_trait::async_trait]
impl Route for AccountsPage {
    fn segment(&self) -> &'static str {
        "accounts"
    }

    fn entry(&self) -> Entry {
        Entry::Root
    }

    async fn answer(&self, request: RouteRequest, context: &Context) -> RouteAnswer {
        let answer = match (request.method.as_str(), request.path.as_str()) {
            ("GET", "") => list(context),
            ("POST", "") => create(&request, context).await,
            ("DELETE", id) if !id.is_empty() => close(id, &request, context).await,
            ("GET" | "POST", _) => Err(RouteAnswer::refused(404, "NotFound", "There is no such page.")),
            _ => {
                let sentence = "GET lists the accounts, POST makes one, DELETE closes one.";
                Err(RouteAnswer::refused(405, "MethodNotAllowed", sentence))
            }
        };
        answer.unwrap_or_else(|refused| refused)
    }
}

fn failed(error: &StoreError) -> RouteAnswer {
    tracing::error!(%error, "accounts cannot be read or written");
    RouteAnswer::refused(500, "InternalFailure", "The accounts cannot be read or written.")
}

fn list(context: &Context) -> Result<RouteAnswer, RouteAnswer> {
    let accounts = list_accounts(&context.store.view()).map_err(|error| failed(&error))?;
    let accounts = accounts.into_iter().map(|account| {
        let (id, created) = (account.id.to_string(), account.created.iso_seconds());
        let closed = account.closed.map(Timestamp::iso_seconds);
        document!({ "AccountId": id, "Name": (account.name), "CreateDate": created, "CloseDate": closed })
    });
    Ok(RouteAnswer::json(200, &Document::object().with("Accounts", Document::Array(accounts.collect()))))
}

async fn create(request: &RouteRequest, context: &Context) -> Result<RouteAnswer, RouteAnswer> {
    let invalid = |message: &str| RouteAnswer::refused(400, "ValidationError", message);
    let body =
        if request.body.is_empty() { Ok(Document::object()) } else { Document::parse_bytes(&request.body) };
    let body = body.map_err(|error| invalid(&format!("The body is not JSON: {error}.")))?;
    let members = body.as_object().ok_or_else(|| invalid("The body must be a JSON object."))?;
    if let Some(stranger) = members.keys().find(|name| !matches!(name.as_str(), "Name" | "AccountId")) {
        return Err(invalid(&format!("The body may have Name and AccountId, not {stranger}.")));
    }
    let text = |name: &str| match members.get(name) {
        None | Some(Document::Null) => Ok(None),
        Some(Document::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(invalid(&format!("{name} must be text."))),
    };
    let name = text("Name")?.unwrap_or_default();
    if name.chars().count() > 50 || name.chars().any(char::is_control) {
        return Err(invalid("Name must have at most 50 characters, none of them a control character."));
    }
    let wanted = text("AccountId")?
        .map(|id| id.parse::<AccountId>().map_err(|_| invalid("AccountId must be twelve digits.")))
        .transpose()?;
    let principal = Principal::service("cloudchamber.internal", AccountId::DEFAULT, None);
    let scope = Scope::global(AccountId::DEFAULT);
    let call = context.own_call("iam", "CreateAccount", principal, scope).map_err(|error| failed(&error))?;
    let made = context
        .transact(&call, |call, tx| {
            let Some(account) = free_id(tx, wanted, call)? else { return Ok(None) };
            let key = RootKey {
                access_key_id: ids::access_key_id("AKIA", account, &call.entropy),
                secret: ids::secret(&call.entropy),
                well_known: false,
            };
            ensure_account(tx, account, &key, &name, call.now)?;
            Ok::<_, StoreError>(Some((account, key)))
        })
        .await
        .map_err(|error| failed(&error))?;
    let Some((account, key)) = made else {
        return Err(RouteAnswer::refused(
            409,
            "EntityAlreadyExists",
            "There is an account with this id already.",
        ));
    };
    let (id, arn) = (account.to_string(), format!("arn:aws:iam::{account}:root"));
    let secret = key.secret.0;
    Ok(RouteAnswer::json(
        201,
        &document!({
            "AccountId": id, "Name": name, "Arn": arn, "AccessKeyId": (key.access_key_id), "SecretAccessKey": secret
        }),
    ))
}

async fn close(id: &str, request: &RouteRequest, context: &Context) -> Result<RouteAnswer, RouteAnswer> {
    let missing = || RouteAnswer::refused(404, "NoSuchEntity", "There is no account with this id.");
    let account: AccountId = id.parse().map_err(|_| missing())?;
    let first = request.signer.as_ref().and_then(|signer| signer.principal.account());
    if first == Some(account) || account == AccountId::DEFAULT {
        let sentence = "The first account cannot be closed: the cloud keeps what is its own there.";
        return Err(RouteAnswer::refused(409, "DeleteConflict", sentence));
    }
    let scope = Scope::global(AccountId::DEFAULT);
    let principal = Principal::service("cloudchamber.internal", AccountId::DEFAULT, None);
    let call = context.own_call("iam", "CloseAccount", principal, scope).map_err(|error| failed(&error))?;
    let row = context
        .transact(&call, |call, tx| {
            close_account(account, call, tx)?;
            tx.get::<Row>(Scope::global(account), ())
        })
        .await
        .map_err(|error| failed(&error))?;
    let closed = row.ok_or_else(missing)?.closed.map(Timestamp::iso_seconds);
    Ok(RouteAnswer::json(200, &document!({ "AccountId": (account.as_str()), "CloseDate": closed })))
}

/// The id that was asked for, or a fresh one; None where it is taken.
fn free_id(
    tx: &Tx,
    wanted: Option<AccountId>,
    call: &contract::Call,
) -> Result<Option<AccountId>, StoreError> {
    if let Some(account) = wanted {
        return Ok((!tx.exists::<Row>(Scope::global(account), ())?).then_some(account));
    }
    for _ in 0..16 {
        let first = call.entropy.text(1, b"123456789");
        let digits = format!("{first}{}", call.entropy.text(11, b"0123456789"));
        if let Ok(account) = digits.parse::<AccountId>()
            && !tx.exists::<Row>(Scope::global(account), ())?
        {
            return Ok(Some(account));
        }
    }
    Ok(None)
}
