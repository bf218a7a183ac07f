//! Labs joined to the services: accounts and users by IAM, pages that checks may read, and the route.

use crate::Problem;
use crate::settings::Up;
use api_iam::{
    AttachUserPolicy, CreateAccessKey, CreateLoginProfile, CreateUser, DeleteAccessKey, ListAccessKeys,
    PutUserPolicy, UpdateLoginProfile,
};
use contract::{Call, Caller, Principal, Registration, Route, Secret, UserIdentity};
use labs::{Accounts, Admitted, Labs, Library, StudentAccess};
use names::AccountId;
use std::sync::Arc;
use store::{StoreError, Tx};
use wire::ErrorResponse;

/// IAM's accounts and users, as labs need them.
pub(crate) struct LabAccounts;

/// Adds the labs' pages to a registration. Answers the pages that checks may read.
pub(crate) fn serve(
    registrations: &mut [Registration],
    settings: &Up,
    accounts: &Arc<dyn Accounts>,
) -> Result<Vec<Arc<dyn Route>>, Problem> {
    let routes: Vec<Arc<dyn Route>> =
        registrations.iter().flat_map(|registration| registration.routes.iter().cloned()).collect();
    let failed = |error: labs::LabError| Problem::new(format!("the labs cannot be read: {error}"));
    let mut library = Library::built_in().map_err(failed)?;
    if let Some(folder) = &settings.labs {
        library.add_folder(folder).map_err(failed)?;
    }
    let labs = Labs::new(library, settings.account, Arc::clone(accounts), routes.clone());
    // It belongs to no API; it stands with IAM's, whose signatures it asks for.
    if let Some(registration) =
        registrations.iter_mut().find(|registration| registration.identities.is_some())
    {
        registration.routes.push(Arc::new(labs::route(labs)));
    }
    Ok(routes)
}

#[async_trait::async_trait]
impl Accounts for LabAccounts {
    fn open(&self, name: &str, call: &Call, tx: &mut Tx) -> Result<AccountId, StoreError> {
        iam::accounts::open_account(name, call, tx)
    }

    fn close(&self, account: AccountId, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
        iam::accounts::close_account(account, call, tx)
    }

    async fn admit(
        &self,
        root: &Caller,
        access: &StudentAccess,
        password: &Secret,
    ) -> Result<Admitted, ErrorResponse> {
        let user_name = access.user_name.clone();
        let user = CreateUser { user_name: user_name.clone(), ..CreateUser::default() };
        let user = root.call(user).await?.user.ok_or_else(missing)?;
        for policy_arn in &access.managed {
            let (user_name, policy_arn) = (user_name.clone(), policy_arn.clone());
            root.call(AttachUserPolicy { user_name, policy_arn }).await?;
        }
        if let Some(policy) = &access.inline {
            let (user_name, policy_name) = (user_name.clone(), "lab".to_owned());
            root.call(PutUserPolicy { user_name, policy_name, policy_document: policy.to_string() }).await?;
        }
        let profile = CreateLoginProfile {
            user_name: Some(user_name.clone()),
            password: Some(password.0.clone()),
            password_reset_required: Some(false),
        };
        root.call(profile).await?;
        let key = CreateAccessKey { user_name: Some(user_name.clone()) };
        let key = root.call(key).await?.access_key;
        let account = root.scope().account;
        let principal = Principal::User(UserIdentity {
            account,
            id: user.user_id,
            name: user_name,
            path: user.path,
            session_issued: None,
        });
        Ok(Admitted { principal, access_key_id: key.access_key_id, secret: Secret(key.secret_access_key) })
    }

    async fn renew(
        &self,
        root: &Caller,
        user_name: &str,
        password: &Secret,
    ) -> Result<Admitted, ErrorResponse> {
        let user = api_iam::GetUser { user_name: Some(user_name.to_owned()) };
        let user = root.call(user).await?.user;
        let profile = UpdateLoginProfile {
            user_name: user_name.to_owned(),
            password: Some(password.0.clone()),
            password_reset_required: Some(false),
        };
        match root.call(profile).await {
            Err(error) if error.code == "NoSuchEntity" => {
                let profile = CreateLoginProfile {
                    user_name: Some(user_name.to_owned()),
                    password: Some(password.0.clone()),
                    password_reset_required: Some(false),
                };
                root.call(profile).await?;
            }
            updated => {
                updated?;
            }
        }
        let keys = ListAccessKeys { user_name: Some(user_name.to_owned()), ..ListAccessKeys::default() };
        for key in root.call(keys).await?.access_key_metadata {
            let access_key_id = key.access_key_id.unwrap_or_default();
            root.call(DeleteAccessKey { user_name: Some(user_name.to_owned()), access_key_id }).await?;
        }
        let key = CreateAccessKey { user_name: Some(user_name.to_owned()) };
        let key = root.call(key).await?.access_key;
        let account = root.scope().account;
        let principal = Principal::User(UserIdentity {
            account,
            id: user.user_id,
            name: user_name.to_owned(),
            path: user.path,
            session_issued: None,
        });
        Ok(Admitted { principal, access_key_id: key.access_key_id, secret: Secret(key.secret_access_key) })
    }
}

fn missing() -> ErrorResponse {
    ErrorResponse::new("InternalFailure", "The API answered no user.", 500)
}
