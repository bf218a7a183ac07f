use super::users::{must_name_user, named_or_own, on_user_or_self};
use super::{Iam, Result, entities};
use crate::page::page;
use crate::state::{AccessKey, Entity, User};
use crate::{authority, ids, refusal, regions};
use api_iam::{
    AccessKeyLastUsed, AccessKeyMetadata, CreateAccessKey, CreateAccessKeyOutput, DeleteAccessKey,
    DeleteAccessKeyOutput, GetAccessKeyLastUsed, GetAccessKeyLastUsedOutput, ListAccessKeys,
    ListAccessKeysOutput, StatusType, UpdateAccessKey, UpdateAccessKeyOutput,
};
use contract::{Access, Call, Principal, Registration, Transact};
use names::{Scope, Timestamp};
use pipeline::CallRecord;
use std::ops::ControlFlow;
use store::{StoreError, Tx, View};

/// The most keys of one user.
const MOST: usize = 2;

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, CreateAccessKey>()
        .transact::<Iam, ListAccessKeys>()
        .transact::<Iam, UpdateAccessKey>()
        .transact::<Iam, DeleteAccessKey>()
        .transact::<Iam, GetAccessKeyLastUsed>()
}

/// The unique id and name of the user whose keys are meant; no id and no name for the root's own.
fn owner(view: &View, call: &Call, name: Option<&str>) -> Result<(Option<String>, String)> {
    if let (Principal::Root(_), None) = (&call.principal, name) {
        return Ok((None, String::new()));
    }
    let name = named_or_own(name, call).ok_or_else(must_name_user)?;
    let user = entities::existing::<User>(view, call, name)?;
    Ok((Some(user.id), user.name))
}

fn keys(view: &View, call: &Call, owner: Option<&str>) -> Result<Vec<AccessKey>> {
    Ok(view.scan::<AccessKey>(call.global_scope(), (AccessKey::owner(owner),)).rows()?)
}

fn existing(view: &View, call: &Call, owner: Option<&str>, id: &str) -> Result<AccessKey> {
    let key = view.get::<AccessKey>(call.global_scope(), (AccessKey::owner(owner), id.to_owned()))?;
    key.ok_or_else(|| refusal::no_such(format!("The Access Key with id {id} cannot be found.")))
}

fn status(key: &AccessKey) -> StatusType {
    if key.active { StatusType::Active } else { StatusType::Inactive }
}

impl Transact<CreateAccessKey> for Iam {
    fn access(input: &CreateAccessKey, call: &Call, view: &View) -> Access {
        on_user_or_self("iam:CreateAccessKey", input.user_name.as_deref(), call, view)
    }

    fn run(input: CreateAccessKey, call: &Call, tx: &mut Tx) -> Result<CreateAccessKeyOutput> {
        let (owner, user_name) = owner(tx, call, input.user_name.as_deref())?;
        if keys(tx, call, owner.as_deref())?.len() >= MOST {
            return Err(refusal::quota("AccessKeysPerUser", MOST));
        }
        let key = AccessKey {
            account: call.account,
            id: ids::access_key_id("AKIA", call.account, &call.entropy),
            user_id: owner,
            secret: ids::secret(&call.entropy),
            active: true,
            created: crate::state::moment(call),
            well_known: false,
            given: false,
        };
        let access_key = api_iam::AccessKey {
            user_name,
            access_key_id: key.id.clone(),
            status: StatusType::Active,
            secret_access_key: key.secret.0.clone(),
            create_date: Some(key.created),
        };
        tx.insert(key)?;
        Ok(CreateAccessKeyOutput { access_key })
    }
}

impl Transact<ListAccessKeys> for Iam {
    fn access(input: &ListAccessKeys, call: &Call, view: &View) -> Access {
        on_user_or_self("iam:ListAccessKeys", input.user_name.as_deref(), call, view)
    }

    fn run(input: ListAccessKeys, call: &Call, tx: &mut Tx) -> Result<ListAccessKeysOutput> {
        let (owner, user_name) = owner(tx, call, input.user_name.as_deref())?;
        let keys = keys(tx, call, owner.as_deref())?;
        let page = page(keys, |key| key.id.clone(), input.marker.as_deref(), input.max_items)?;
        let is_truncated = page.truncated();
        let page = page.map(|key| AccessKeyMetadata {
            user_name: Some(user_name.clone()).filter(|name| !name.is_empty()),
            status: Some(status(&key)),
            access_key_id: Some(key.id),
            create_date: Some(key.created),
        });
        Ok(ListAccessKeysOutput { access_key_metadata: page.items, is_truncated, marker: page.marker })
    }
}

impl Transact<UpdateAccessKey> for Iam {
    fn access(input: &UpdateAccessKey, call: &Call, view: &View) -> Access {
        on_user_or_self("iam:UpdateAccessKey", input.user_name.as_deref(), call, view)
    }

    fn run(input: UpdateAccessKey, call: &Call, tx: &mut Tx) -> Result<UpdateAccessKeyOutput> {
        let active = match input.status {
            StatusType::Active => true,
            StatusType::Inactive => false,
            StatusType::Expired => return Err(refusal::validation("Status must be Active or Inactive.")),
        };
        let (owner, _) = owner(tx, call, input.user_name.as_deref())?;
        let key = existing(tx, call, owner.as_deref(), &input.access_key_id)?;
        tx.update(AccessKey { active, ..key })?;
        Ok(UpdateAccessKeyOutput {})
    }
}

impl Transact<DeleteAccessKey> for Iam {
    fn access(input: &DeleteAccessKey, call: &Call, view: &View) -> Access {
        on_user_or_self("iam:DeleteAccessKey", input.user_name.as_deref(), call, view)
    }

    fn run(input: DeleteAccessKey, call: &Call, tx: &mut Tx) -> Result<DeleteAccessKeyOutput> {
        let (owner, _) = owner(tx, call, input.user_name.as_deref())?;
        let key = existing(tx, call, owner.as_deref(), &input.access_key_id)?;
        tx.remove::<AccessKey>(call.global_scope(), (AccessKey::owner(owner.as_deref()), key.id))?;
        Ok(DeleteAccessKeyOutput {})
    }
}

/// The key and its user, where the key is this account's.
fn key_and_user(
    view: &View,
    call: &Call,
    id: &str,
) -> std::result::Result<Option<(AccessKey, Option<User>)>, StoreError> {
    let key = view.first_by_global_index::<AccessKey>("id", id)?.filter(|key| key.account == call.account);
    let Some(key) = key else { return Ok(None) };
    let user = match &key.user_id {
        Some(id) => User::by_id(view, call.account, id)?,
        None => None,
    };
    Ok(Some((key, user)))
}

impl Transact<GetAccessKeyLastUsed> for Iam {
    fn access(input: &GetAccessKeyLastUsed, call: &Call, view: &View) -> Access {
        match key_and_user(view, call, &input.access_key_id) {
            Ok(Some((_, Some(user)))) => {
                authority::on::<User>("iam:GetAccessKeyLastUsed", &user.name, call, view)
            }
            Ok(_) => Access::on("iam:GetAccessKeyLastUsed", format!("access key {}", input.access_key_id)),
            Err(error) => {
                tracing::error!(%error, "an access key cannot be looked up, and so the call is denied");
                Access::default()
            }
        }
    }

    fn run(input: GetAccessKeyLastUsed, call: &Call, tx: &mut Tx) -> Result<GetAccessKeyLastUsedOutput> {
        let id = &input.access_key_id;
        let (key, user) = key_and_user(tx, call, id)?
            .ok_or_else(|| refusal::no_such(format!("The Access Key with id {id} cannot be found.")))?;
        let last = last_call(tx, call, &key.id)?;
        let access_key_last_used = match last {
            Some(record) => AccessKeyLastUsed {
                last_used_date: Some(Timestamp::from_seconds(record.at.seconds())),
                service_name: record.service,
                region: record.scope.region.to_string(),
            },
            None => {
                AccessKeyLastUsed { last_used_date: None, service_name: "N/A".into(), region: "N/A".into() }
            }
        };
        let user_name = user.map(|user| user.name);
        Ok(GetAccessKeyLastUsedOutput { user_name, access_key_last_used: Some(access_key_last_used) })
    }
}

/// Records that are looked at in each region, the last first: the answer is the last use among these.
const RECORDS: usize = 10_000;

/// The last call that the key signed, from the calls' records: nothing is written when a key is used.
pub(super) fn last_call(
    view: &View,
    call: &Call,
    id: &str,
) -> std::result::Result<Option<CallRecord>, StoreError> {
    let mut last: Option<CallRecord> = None;
    for region in regions::recorded() {
        let records = view.scan::<CallRecord>(Scope::new(call.account, region), ()).reverse().limit(RECORDS);
        records.each(|record| {
            if last.as_ref().is_some_and(|last| last.at >= record.at) {
                return ControlFlow::Break(());
            }
            if record.access_key_id.as_deref() == Some(id) {
                last = Some(record);
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
    }
    Ok(last)
}
