//! Sign-in to the console.

use crate::support::{OTHER_ACCOUNT, allow, allowed, cloud, credential, user};
use api_iam::{CreateLoginProfile, GetUser, ListUsers, UpdateAccountPasswordPolicy, UpdateLoginProfile};
use contract::{ClientInfo, Entry, Principal, Route, RouteAnswer, RouteRequest, UserSession};
use pipeline::{CallOutcome, CallRecord};
use std::sync::Arc;
use std::time::Duration;
use testkit::{ACCOUNT, TestCloud};
use wire::Document;

const PASSWORD: &str = "First-Password-1";
const WRONG: (u16, &str, &str) =
    (401, "AuthenticationFailed", "Your authentication information is incorrect. Please try again.");

fn page() -> Arc<dyn Route> {
    let route = iam::registration().routes.into_iter().find(|route| route.segment() == "signin").unwrap();
    assert_eq!(route.entry(), Entry::Public);
    route
}

async fn send(cloud: &TestCloud, page: &Arc<dyn Route>, body: &Document) -> RouteAnswer {
    let request = RouteRequest {
        method: "POST".into(),
        body: body.to_string().into(),
        client: ClientInfo {
            source_ip: Some("127.0.0.1".parse().unwrap()),
            user_agent: "Mozilla/5.0".into(),
            endpoint: "http://127.0.0.1:4566".into(),
            ..ClientInfo::default()
        },
        ..RouteRequest::default()
    };
    page.answer(request, cloud.context()).await
}

fn as_user(account: &str, name: &str, password: &str) -> Document {
    wire::document!({ "account": account, "userName": name, "password": password })
}

fn as_root(account: &str, key: &str, secret: &str) -> Document {
    wire::document!({ "account": account, "accessKeyId": key, "secretAccessKey": secret })
}

fn text(answer: &RouteAnswer, name: &str) -> String {
    let document = Document::parse_bytes(answer.bytes()).unwrap();
    document.get(name).and_then(Document::as_str).unwrap_or_default().to_owned()
}

fn refused(answer: &RouteAnswer) -> (u16, String, String) {
    (answer.status, text(answer, "code"), text(answer, "message"))
}

#[track_caller]
fn is(answer: &RouteAnswer, (status, code, message): (u16, &str, &str)) {
    assert_eq!(refused(answer), (status, code.to_owned(), message.to_owned()));
}

async fn with_password(cloud: &TestCloud, name: &str, reset: bool) {
    let create = CreateLoginProfile {
        user_name: Some(name.into()),
        password: Some(PASSWORD.into()),
        password_reset_required: Some(reset),
    };
    cloud.root().call(create).await.unwrap();
}

/// The sign-ins that were recorded: who, and with which sentence they failed.
fn logins(cloud: &TestCloud) -> Vec<(Principal, Option<String>)> {
    let of = |record: CallRecord| match record.outcome {
        CallOutcome::Allowed => (record.caller, None),
        CallOutcome::Denied(_, sentence) | CallOutcome::Failed(_, sentence) => {
            (record.caller, Some(sentence))
        }
    };
    cloud.records().into_iter().filter(|record| record.service == "signin").map(of).collect()
}

#[tokio::test]
async fn a_user_signs_in_as_itself_and_may_call_iam() {
    let cloud = cloud();
    let ann = user(&cloud, "ann", Some(&allow("iam:*", "*"))).await;
    with_password(&cloud, "ann", false).await;
    cloud.root().call(api_iam::CreateAccountAlias { account_alias: "lab".into() }).await.unwrap();
    let page = page();
    let root = cloud.root();
    let before = root.call(GetUser { user_name: Some("ann".into()) }).await.unwrap().user;
    assert_eq!(before.password_last_used, None);
    for account in [ACCOUNT, "lab"] {
        let answer = send(&cloud, &page, &as_user(account, "ann", PASSWORD)).await;
        assert_eq!(answer.status, 200, "{:?}", refused(&answer));
        assert_eq!((text(&answer, "account"), text(&answer, "alias")), (ACCOUNT.into(), "lab".into()));
        assert_eq!((text(&answer, "userName"), text(&answer, "arn")), ("ann".into(), ann.principal().arn()));
        assert!(text(&answer, "accessKeyId").starts_with("ASIA"));
        let expires = cloud.now().plus(Duration::from_secs(12 * 3600));
        assert_eq!(text(&answer, "expiration"), expires.iso_seconds());

        let known = credential(&cloud, &text(&answer, "accessKeyId")).unwrap();
        assert_eq!(known.secret.0, text(&answer, "secretAccessKey"));
        assert_eq!(known.session_token.unwrap().0, text(&answer, "sessionToken"));
        assert_eq!(
            (known.expires, known.multi_factor, known.well_known),
            (Some(expires), Some(false), false)
        );
        let Principal::User(identity) = &known.principal else { panic!("a user") };
        assert!(matches!(identity.session_issued, Some(UserSession::Console { .. })));
        assert!(allowed(&cloud.caller(known.principal), ListUsers::default()).await);
    }
    let now = root.call(GetUser { user_name: Some("ann".into()) }).await.unwrap().user;
    assert_eq!(now.password_last_used, Some(cloud.now()));
    let listed = root.call(ListUsers::default()).await.unwrap().users;
    assert_eq!(listed[0].password_last_used, Some(cloud.now()));
    assert!(
        matches!(&logins(&cloud)[..], [(Principal::User(one), None), (Principal::User(_), None)] if one.name == "ann")
    );
}

#[tokio::test]
async fn whatever_is_wrong_is_one_answer() {
    let cloud = cloud();
    let ann = user(&cloud, "ann", None).await;
    user(&cloud, "bob", None).await;
    with_password(&cloud, "ann", false).await;
    let page = page();
    for (account, name, password) in [
        (ACCOUNT, "ann", "first-password-1"),
        (ACCOUNT, "nobody", PASSWORD),
        (ACCOUNT, "bob", PASSWORD),
        (OTHER_ACCOUNT, "ann", PASSWORD),
        ("123456789012", "ann", PASSWORD),
        ("no-such-alias", "ann", PASSWORD),
    ] {
        is(&send(&cloud, &page, &as_user(account, name, password)).await, WRONG);
    }
    let failed = logins(&cloud);
    assert_eq!(failed.len(), 4, "an account that does not exist has no history");
    assert!(failed.contains(&(ann.principal().clone(), Some("Failed authentication".into()))));
    let unknown = (Principal::Anonymous, Some("No username found in supplied account".to_owned()));
    assert_eq!(failed.iter().filter(|login| **login == unknown).count(), 2);
    assert!(
        cloud.records().iter().all(|record| !format!("{record:?}").contains("nobody")),
        "names are not kept"
    );
    let user = cloud.root().call(GetUser { user_name: Some("ann".into()) }).await.unwrap().user;
    assert_eq!(user.password_last_used, None);
}

#[tokio::test]
async fn root_signs_in_by_its_access_key() {
    let cloud = cloud();
    let page = page();
    let answer = send(&cloud, &page, &as_root(ACCOUNT, "AKIAROOT", "secret")).await;
    assert_eq!((answer.status, text(&answer, "arn")), (200, format!("arn:aws:iam::{ACCOUNT}:root")));
    assert_eq!(text(&answer, "userName"), "");
    let known = credential(&cloud, &text(&answer, "accessKeyId")).unwrap();
    assert_eq!(known.principal, Principal::Root(ACCOUNT.parse().unwrap()));
    assert_eq!(send(&cloud, &page, &as_root("", "AKIAROOT", "secret")).await.status, 200);

    user(&cloud, "ann", None).await;
    let create = api_iam::CreateAccessKey { user_name: Some("ann".into()) };
    let of_user = cloud.root().call(create).await.unwrap().access_key;
    for body in [
        as_root(ACCOUNT, "AKIAROOT", "Secret"),
        as_root(ACCOUNT, "AKIANONE", "secret"),
        as_root(ACCOUNT, "AKIANONE", ""),
        as_root(OTHER_ACCOUNT, "AKIAROOT", "secret"),
        as_root("no-such-alias", "AKIAROOT", "secret"),
        as_root(ACCOUNT, &of_user.access_key_id, &of_user.secret_access_key),
    ] {
        let answer = send(&cloud, &page, &body).await;
        assert!(matches!(answer.status, 400 | 401), "{body}");
    }
    let own = cloud.root().call(api_iam::CreateAccessKey { user_name: None }).await.unwrap().access_key;
    let (id, secret) = (own.access_key_id.as_str(), own.secret_access_key.as_str());
    assert_eq!(send(&cloud, &page, &as_root(ACCOUNT, id, secret)).await.status, 200);
    let deactivate = api_iam::UpdateAccessKey {
        user_name: None,
        access_key_id: own.access_key_id.clone(),
        status: api_iam::StatusType::Inactive,
    };
    cloud.root().call(deactivate).await.unwrap();
    is(&send(&cloud, &page, &as_root(ACCOUNT, id, secret)).await, WRONG);
    let root = Principal::Root(ACCOUNT.parse().unwrap());
    assert!(logins(&cloud).contains(&(root, Some("Failed authentication".into()))));
}

#[tokio::test]
async fn the_well_known_key_signs_in_only_where_it_is_accepted() {
    let cloud = cloud();
    let (account, now) = (cloud.scope().account, cloud.now());
    let key = iam::accounts::RootKey {
        access_key_id: "test".into(),
        secret: contract::Secret("test".into()),
        well_known: true,
    };
    let store = &cloud.context().store;
    store.transact(None, |tx| iam::accounts::ensure_account(tx, account, &key, "", now)).unwrap();
    let page = page();
    let body = as_root(ACCOUNT, "test", "test");
    is(&send(&cloud, &page, &body).await, WRONG);
    let accepted = RouteRequest {
        method: "POST".into(),
        body: body.to_string().into(),
        well_known_credentials: true,
        ..RouteRequest::default()
    };
    let answer = page.answer(accepted, cloud.context()).await;
    assert_eq!(answer.status, 200);
    let session = credential(&cloud, &text(&answer, "accessKeyId")).unwrap();
    assert!(session.well_known, "the session is good only where the key is");
}

#[tokio::test]
async fn ten_failures_are_enough_for_five_minutes() {
    let cloud = cloud();
    user(&cloud, "ann", None).await;
    user(&cloud, "bob", None).await;
    with_password(&cloud, "ann", false).await;
    with_password(&cloud, "bob", false).await;
    let page = page();
    for name in ["ann", "nobody"] {
        for _ in 0..10 {
            is(&send(&cloud, &page, &as_user(ACCOUNT, name, "wrong")).await, WRONG);
        }
        let sentence = "Too many attempts to sign in have failed. Wait five minutes, and try again.";
        is(&send(&cloud, &page, &as_user(ACCOUNT, name, PASSWORD)).await, (429, "TooManyAttempts", sentence));
    }
    assert_eq!(send(&cloud, &page, &as_user(ACCOUNT, "bob", PASSWORD)).await.status, 200);
    cloud.advance(Duration::from_secs(300)).await;
    assert_eq!(send(&cloud, &page, &as_user(ACCOUNT, "ann", PASSWORD)).await.status, 200);
    assert_eq!(logins(&cloud).len(), 22, "an attempt that is not made is not recorded");
}

#[tokio::test]
async fn a_password_that_must_be_changed_is_changed_by_its_users_own_permission() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", None).await;
    with_password(&cloud, "ann", true).await;
    let page = page();
    let must = (403, "PasswordChangeRequired", "You must change your password to continue.");
    is(&send(&cloud, &page, &as_user(ACCOUNT, "ann", PASSWORD)).await, must);
    is(
        &send(&cloud, &page, &as_user(ACCOUNT, "ann", "wrong").with("newPassword", "Second-Password-2"))
            .await,
        WRONG,
    );

    let renewed = |new: &str| as_user(ACCOUNT, "ann", PASSWORD).with("newPassword", new);
    let denied = send(&cloud, &page, &renewed("Second-Password-2")).await;
    assert_eq!((denied.status, text(&denied, "code")), (403, "AccessDenied".into()));
    let sentence = format!(
        "User: arn:aws:iam::{ACCOUNT}:user/ann is not authorized to perform: iam:ChangePassword on resource: arn:aws:iam::{ACCOUNT}:user/ann \
         because no identity-based policy allows the iam:ChangePassword action"
    );
    assert_eq!(text(&denied, "message"), sentence);
    let policy = UpdateAccountPasswordPolicy {
        minimum_password_length: Some(12),
        allow_users_to_change_password: Some(true),
        password_reuse_prevention: Some(2),
        ..Default::default()
    };
    root.call(policy).await.unwrap();
    let violation = |sentence| (400, "PasswordPolicyViolation", sentence);
    is(
        &send(&cloud, &page, &renewed("Short-1")).await,
        violation("Password should have a minimum length of 12"),
    );
    is(
        &send(&cloud, &page, &renewed(PASSWORD)).await,
        violation("Password should not be one of the last 2 passwords"),
    );
    assert_eq!(send(&cloud, &page, &renewed("Second-Password-2")).await.status, 200);
    is(&send(&cloud, &page, &as_user(ACCOUNT, "ann", PASSWORD)).await, WRONG);
    assert_eq!(send(&cloud, &page, &as_user(ACCOUNT, "ann", "Second-Password-2")).await.status, 200);
    let needless = as_user(ACCOUNT, "ann", "Second-Password-2").with("newPassword", "Third-Password-3");
    let sentence = "newPassword is taken only where the password has to be changed.";
    is(&send(&cloud, &page, &needless).await, (400, "ValidationError", sentence));
}

#[tokio::test]
async fn passwords_expire_as_the_policy_says() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", Some(&allow("iam:ChangePassword", "*"))).await;
    with_password(&cloud, "ann", false).await;
    let page = page();
    let policy = |hard| UpdateAccountPasswordPolicy {
        max_password_age: Some(30),
        hard_expiry: Some(hard),
        ..Default::default()
    };
    root.call(policy(true)).await.unwrap();
    cloud.advance(Duration::from_secs(30 * 24 * 3600)).await;
    assert_eq!(send(&cloud, &page, &as_user(ACCOUNT, "ann", PASSWORD)).await.status, 200);
    cloud.advance(Duration::from_secs(1)).await;
    let sentence = "The password has expired, and only an administrator can set a new one.";
    let expired = (403, "PasswordExpired", sentence);
    is(&send(&cloud, &page, &as_user(ACCOUNT, "ann", PASSWORD)).await, expired);
    let renewed = as_user(ACCOUNT, "ann", PASSWORD).with("newPassword", "Second-Password-2");
    is(&send(&cloud, &page, &renewed).await, expired);
    root.call(policy(false)).await.unwrap();
    let must = (403, "PasswordChangeRequired", "You must change your password to continue.");
    is(&send(&cloud, &page, &as_user(ACCOUNT, "ann", PASSWORD)).await, must);
    assert_eq!(send(&cloud, &page, &renewed).await.status, 200);
}

#[tokio::test]
async fn a_session_outlives_its_password_and_not_its_user() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", None).await;
    with_password(&cloud, "ann", false).await;
    let page = page();
    let answer = send(&cloud, &page, &as_user(ACCOUNT, "ann", PASSWORD)).await;
    let key = text(&answer, "accessKeyId");
    let update = UpdateLoginProfile {
        user_name: "ann".into(),
        password: Some("Second-Password-2".into()),
        password_reset_required: None,
    };
    root.call(update).await.unwrap();
    is(&send(&cloud, &page, &as_user(ACCOUNT, "ann", PASSWORD)).await, WRONG);
    root.call(api_iam::DeleteLoginProfile { user_name: Some("ann".into()) }).await.unwrap();
    is(&send(&cloud, &page, &as_user(ACCOUNT, "ann", "Second-Password-2")).await, WRONG);
    assert!(credential(&cloud, &key).is_some());
    root.call(api_iam::DeleteUser { user_name: "ann".into() }).await.unwrap();
    assert!(credential(&cloud, &key).is_none());
}

#[tokio::test]
async fn an_account_that_was_closed_lets_nobody_in() {
    let cloud = cloud();
    user(&cloud, "ann", None).await;
    with_password(&cloud, "ann", false).await;
    let (store, account) = (&cloud.context().store, cloud.scope().account);
    let scope = names::Scope::global(account);
    let call = cloud.context().own_call("iam", "CloseAccount", Principal::Root(account), scope).unwrap();
    store.transact(None, |tx| iam::accounts::close_account(account, &call, tx)).unwrap();
    let page = page();
    is(&send(&cloud, &page, &as_user(ACCOUNT, "ann", PASSWORD)).await, WRONG);
    is(&send(&cloud, &page, &as_root(ACCOUNT, "AKIAROOT", "secret")).await, WRONG);
    is(&send(&cloud, &page, &as_root("", "AKIAROOT", "secret")).await, WRONG);
}

#[tokio::test]
async fn guesses_by_id_and_by_alias_are_counted_together() {
    let cloud = cloud();
    user(&cloud, "ann", None).await;
    with_password(&cloud, "ann", false).await;
    cloud.root().call(api_iam::CreateAccountAlias { account_alias: "lab".into() }).await.unwrap();
    let page = page();
    for number in 0..10 {
        let name = if number % 2 == 0 { "lab" } else { ACCOUNT };
        is(&send(&cloud, &page, &as_user(name, "ann", "wrong")).await, WRONG);
    }
    for name in ["lab", ACCOUNT] {
        assert_eq!(send(&cloud, &page, &as_user(name, "ann", PASSWORD)).await.status, 429, "{name}");
    }
    for number in 0..10 {
        let name = if number % 2 == 0 { "lab" } else { "" };
        is(&send(&cloud, &page, &as_root(name, "AKIAROOT", "wrong")).await, WRONG);
    }
    assert_eq!(send(&cloud, &page, &as_root(ACCOUNT, "AKIAROOT", "secret")).await.status, 429);
}

#[tokio::test]
async fn bad_requests() {
    let cloud = cloud();
    let page = page();
    for body in [Document::object(), as_user("", "ann", PASSWORD), as_user(ACCOUNT, "ann", "")] {
        let answer = send(&cloud, &page, &body).await;
        assert_eq!((answer.status, text(&answer, "code")), (400, "ValidationError".into()), "{body}");
    }
    let get = RouteRequest { method: "GET".into(), ..RouteRequest::default() };
    assert_eq!(page.answer(get, cloud.context()).await.status, 405);
    assert!(logins(&cloud).is_empty());
}
