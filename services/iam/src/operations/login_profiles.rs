//! Users' passwords for the console.

use super::users::{must_name_user, named_or_own, on_user_or_self};
use super::{Iam, Result, entities};
use crate::passwords::{Hash, violation};
use crate::state::{Entity, LoginProfile, PasswordPolicy, User};
use crate::{authority, documents, refusal};
use api_iam::{
    ChangePassword, ChangePasswordOutput, CreateLoginProfile, CreateLoginProfileOutput, DeleteLoginProfile,
    DeleteLoginProfileOutput, GetLoginProfile, GetLoginProfileOutput, InvalidUserTypeException,
    PasswordPolicyViolationException, UpdateLoginProfile, UpdateLoginProfileOutput,
};
use contract::{Access, Call, Principal, Registration, Transact};
use policy::{Flavour, Kind, ResourcePolicy};
use store::{Tx, View};

/// The longest memory that a password policy may ask for.
const REMEMBERED: usize = 24;

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, CreateLoginProfile>()
        .transact::<Iam, GetLoginProfile>()
        .transact::<Iam, UpdateLoginProfile>()
        .transact::<Iam, DeleteLoginProfile>()
        .transact::<Iam, ChangePassword>()
}

fn profile(view: &View, call: &Call, user: &User) -> Result<LoginProfile> {
    let found = view.get::<LoginProfile>(call.global_scope(), user.id.as_str())?;
    found.ok_or_else(|| refusal::no_such(format!("Login Profile for User {} cannot be found.", user.name)))
}

fn user(view: &View, call: &Call, name: Option<&str>) -> Result<User> {
    let name = named_or_own(name, call).ok_or_else(must_name_user)?;
    entities::existing::<User>(view, call, name)
}

fn answer(profile: &LoginProfile, user: &User) -> api_iam::LoginProfile {
    api_iam::LoginProfile {
        user_name: user.name.clone(),
        create_date: profile.created,
        password_reset_required: Some(profile.reset_required),
    }
}

/// Holds a password to the account's policy. A password that was used before is refused to its user, not to an administrator.
fn check(view: &View, call: &Call, user: &User, password: &str, earlier: &[Hash]) -> Result<()> {
    let own = view.get::<PasswordPolicy>(call.global_scope(), ())?;
    let is_own = own.is_some();
    let policy = own.unwrap_or_else(|| PasswordPolicy::of_aws(call.account));
    let refuse = |sentence: String| Err(PasswordPolicyViolationException::new(sentence).into());
    if let Some(sentence) = violation(password, &policy, is_own, &user.name) {
        return refuse(sentence);
    }
    let remembered = usize::try_from(policy.reuse_prevention.unwrap_or(0)).unwrap_or(0);
    if earlier.iter().take(remembered).any(|hash| hash.is_of(password)) {
        return refuse(format!("Password should not be one of the last {remembered} passwords"));
    }
    Ok(())
}

fn set(profile: &mut LoginProfile, password: &str, call: &Call) {
    let old = std::mem::replace(&mut profile.password, Hash::of(password, &call.entropy));
    profile.earlier.insert(0, old);
    profile.earlier.truncate(REMEMBERED - 1);
    profile.changed = crate::state::moment(call);
}

impl Transact<CreateLoginProfile> for Iam {
    fn access(input: &CreateLoginProfile, call: &Call, view: &View) -> Access {
        on_user_or_self("iam:CreateLoginProfile", input.user_name.as_deref(), call, view)
    }

    fn run(input: CreateLoginProfile, call: &Call, tx: &mut Tx) -> Result<CreateLoginProfileOutput> {
        let user = user(tx, call, input.user_name.as_deref())?;
        let password =
            input.password.ok_or_else(|| refusal::validation("Must specify Password for a user."))?;
        if tx.exists::<LoginProfile>(call.global_scope(), user.id.as_str())? {
            return Err(refusal::already(format!("Login Profile for user {} already exists.", user.name)));
        }
        check(tx, call, &user, &password, &[])?;
        let profile = LoginProfile {
            account: call.account,
            user_id: user.id.clone(),
            created: crate::state::moment(call),
            changed: crate::state::moment(call),
            password: Hash::of(&password, &call.entropy),
            earlier: Vec::new(),
            reset_required: input.password_reset_required.unwrap_or(false),
            last_used: None,
        };
        let login_profile = answer(&profile, &user);
        tx.insert(profile)?;
        Ok(CreateLoginProfileOutput { login_profile })
    }
}

impl Transact<GetLoginProfile> for Iam {
    fn access(input: &GetLoginProfile, call: &Call, view: &View) -> Access {
        on_user_or_self("iam:GetLoginProfile", input.user_name.as_deref(), call, view)
    }

    fn run(input: GetLoginProfile, call: &Call, tx: &mut Tx) -> Result<GetLoginProfileOutput> {
        let user = user(tx, call, input.user_name.as_deref())?;
        Ok(GetLoginProfileOutput { login_profile: answer(&profile(tx, call, &user)?, &user) })
    }
}

impl Transact<UpdateLoginProfile> for Iam {
    fn access(input: &UpdateLoginProfile, call: &Call, view: &View) -> Access {
        authority::on::<User>("iam:UpdateLoginProfile", &input.user_name, call, view)
    }

    fn run(input: UpdateLoginProfile, call: &Call, tx: &mut Tx) -> Result<UpdateLoginProfileOutput> {
        let user = entities::existing::<User>(tx, call, &input.user_name)?;
        let mut profile = profile(tx, call, &user)?;
        if let Some(password) = &input.password {
            check(tx, call, &user, password, &[])?;
            set(&mut profile, password, call);
        }
        profile.reset_required = input.password_reset_required.unwrap_or(profile.reset_required);
        tx.update(profile)?;
        Ok(UpdateLoginProfileOutput {})
    }
}

impl Transact<DeleteLoginProfile> for Iam {
    fn access(input: &DeleteLoginProfile, call: &Call, view: &View) -> Access {
        on_user_or_self("iam:DeleteLoginProfile", input.user_name.as_deref(), call, view)
    }

    fn run(input: DeleteLoginProfile, call: &Call, tx: &mut Tx) -> Result<DeleteLoginProfileOutput> {
        let user = user(tx, call, input.user_name.as_deref())?;
        let profile = profile(tx, call, &user)?;
        tx.remove::<LoginProfile>(call.global_scope(), profile.user_id.as_str())?;
        Ok(DeleteLoginProfileOutput {})
    }
}

impl Transact<ChangePassword> for Iam {
    /// Where the account's password policy lets users change their passwords, it grants that to each, as a resource's policy would: a Deny of
    /// the user's own still holds.
    fn access(_: &ChangePassword, call: &Call, view: &View) -> Access {
        let access = on_user_or_self("iam:ChangePassword", None, call, view);
        let Principal::User(identity) = &call.principal else { return access };
        let granted = match view.get::<PasswordPolicy>(call.global_scope(), ()) {
            Ok(policy) => policy.is_some_and(|policy| policy.users_may_change),
            Err(_) => return Access::default(),
        };
        if !granted {
            return access;
        }
        let arn = identity.arn();
        let statement = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{arn}"}},"Action":"iam:ChangePassword","Resource":"*"}}]}}"#
        );
        match documents::parsed(&statement, Kind::Resource(Flavour::Other)) {
            Ok(document) => {
                access.with_policy(call.account, Some(ResourcePolicy::new("PasswordPolicy", document)))
            }
            Err(_) => access,
        }
    }

    fn run(input: ChangePassword, call: &Call, tx: &mut Tx) -> Result<ChangePasswordOutput> {
        let Principal::User(identity) = &call.principal else {
            return Err(InvalidUserTypeException::new("Only IAM Users can change their own password").into());
        };
        let user = User::by_id(tx, call.account, &identity.id)?
            .ok_or_else(|| refusal::no_entity::<User>(&identity.name))?;
        let mut profile = profile(tx, call, &user)?;
        if !profile.password.is_of(&input.old_password) {
            let refused = wire::ErrorResponse::new("AccessDenied", "The old password was incorrect.", 403);
            return Err(api_iam::Error::Common(refused));
        }
        if let Some(policy) = tx.get::<PasswordPolicy>(call.global_scope(), ())?
            && policy.hard_expiry
            && profile.is_expired(&policy, call.now)
        {
            let refused = "The password has expired, and only an administrator can set a new one.";
            return Err(PasswordPolicyViolationException::new(refused).into());
        }
        let mut earlier = vec![profile.password.clone()];
        earlier.extend(profile.earlier.iter().cloned());
        check(tx, call, &user, &input.new_password, &earlier)?;
        set(&mut profile, &input.new_password, call);
        profile.reset_required = false;
        tx.update(profile)?;
        Ok(ChangePasswordOutput {})
    }
}
