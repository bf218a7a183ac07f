use crate::support::{OTHER_ACCOUNT, cloud, credential};
use contract::{Entry, Principal, RouteAnswer, RouteRequest, Signer};
use names::{AccountId, Scope};
use testkit::TestCloud;
use wire::Document;

async fn send(cloud: &TestCloud, method: &str, body: &str) -> RouteAnswer {
    let registration = iam::registration();
    let route = registration.routes.iter().find(|route| route.segment() == "accounts").unwrap();
    assert_eq!(route.entry(), Entry::Root);
    let request =
        RouteRequest { method: method.into(), body: body.to_owned().into(), ..RouteRequest::default() };
    route.answer(request, cloud.context()).await
}

fn json(answer: &RouteAnswer) -> Document {
    Document::parse_bytes(answer.bytes()).unwrap()
}

#[tokio::test]
async fn an_account_is_made_with_a_key_of_its_own() {
    let cloud = cloud();
    let made = send(&cloud, "POST", r#"{"Name":"target","AccountId":"777788889999"}"#).await;
    assert_eq!(made.status, 201);
    let made = json(&made);
    let id = made.get("AccessKeyId").unwrap().as_str().unwrap();
    let known = credential(&cloud, id).unwrap();
    assert_eq!(known.principal, Principal::Root("777788889999".parse().unwrap()));
    assert_eq!(Some(known.secret.0.as_str()), made.get("SecretAccessKey").unwrap().as_str());
    assert!(!known.well_known);
    assert_eq!(send(&cloud, "POST", r#"{"AccountId":"777788889999"}"#).await.status, 409);
    let random = json(&send(&cloud, "POST", "").await);
    assert_eq!(random.get("AccountId").unwrap().as_str().unwrap().len(), 12);
    let listed = json(&send(&cloud, "GET", "").await);
    assert_eq!(listed.get("Accounts").unwrap().as_array().unwrap().len(), 4);
    assert!(!listed.to_string().contains("Secret"));
}

fn close_request(id: &str) -> RouteRequest {
    let first = Principal::Root(testkit::ACCOUNT.parse().unwrap());
    RouteRequest {
        method: "DELETE".into(),
        path: id.into(),
        signer: Some(Signer { principal: first, access_key_id: String::new() }),
        ..RouteRequest::default()
    }
}

async fn close(cloud: &TestCloud, id: &str) -> RouteAnswer {
    let registration = iam::registration();
    let route = registration.routes.iter().find(|route| route.segment() == "accounts").unwrap();
    route.answer(close_request(id), cloud.context()).await
}

#[tokio::test]
async fn what_is_in_a_closed_account_goes_and_its_number_stays_taken() {
    let cloud = cloud();
    let account: AccountId = OTHER_ACCOUNT.parse().unwrap();
    let other = cloud.context().caller(
        Principal::Root(account),
        Scope::new(account, testkit::REGION),
        contract::Chain::default(),
    );
    other.call(api_iam::CreateAccountAlias { account_alias: "target".into() }).await.unwrap();
    other.call(api_iam::CreateUser { user_name: "ann".into(), ..Default::default() }).await.unwrap();
    let key = other.call(api_iam::CreateAccessKey { user_name: Some("ann".into()) }).await.unwrap();
    let key = key.access_key.access_key_id;
    cloud.root().call(api_iam::CreateUser { user_name: "ann".into(), ..Default::default() }).await.unwrap();
    cloud.context().store.flush_appended().unwrap();
    let bytes = || -> Vec<String> {
        let sizes = cloud.context().store.view().account_bytes(account).unwrap();
        sizes.into_iter().map(|(table, _)| table).collect()
    };
    assert!(bytes().len() >= 5, "{:?}", bytes());

    let closed = close(&cloud, OTHER_ACCOUNT).await;
    assert_eq!(closed.status, 200);
    assert_eq!(json(&closed).get("CloseDate").unwrap().as_str(), Some("2026-11-21T09:30:00Z"));
    // At once: neither by a key nor from inside. Nothing of that is recorded.
    assert!(!credential(&cloud, &key).is_some_and(|known| known.active));
    let refused = other.call(api_iam::ListUsers::default()).await.unwrap_err();
    assert_eq!(
        (refused.code.as_str(), refused.message.as_str()),
        ("AccessDenied", "The account 444455556666 is closed.")
    );
    assert!(bytes().len() >= 5, "nobody has carried out the task");

    let _work = cloud.start_work();
    cloud.until("the account is empty", async || (bytes() == ["iam.accounts"]).then_some(())).await;
    assert!(credential(&cloud, &key).is_none());
    cloud
        .until("the task is done", async || {
            cloud.context().store.view().list_all::<contract::Task>().unwrap().is_empty().then_some(())
        })
        .await;
    // The tombstone: listed, and its number is not given again; the alias may be.
    let listed = json(&send(&cloud, "GET", "").await);
    let of = |id: &str| {
        let accounts = listed.get("Accounts").unwrap().as_array().unwrap();
        accounts.iter().find(|it| it.get("AccountId").unwrap().as_str() == Some(id)).unwrap().clone()
    };
    assert_eq!(of(OTHER_ACCOUNT).get("CloseDate").unwrap().as_str(), Some("2026-11-21T09:30:00Z"));
    assert_eq!(of(testkit::ACCOUNT).get("CloseDate"), Some(&Document::Null));
    let body = format!(r#"{{"AccountId":"{OTHER_ACCOUNT}"}}"#);
    assert_eq!(send(&cloud, "POST", &body).await.status, 409);
    cloud.root().call(api_iam::CreateAccountAlias { account_alias: "target".into() }).await.unwrap();
    // Others have what they had.
    assert_eq!(cloud.root().call(api_iam::ListUsers::default()).await.unwrap().users.len(), 1);
    // Again is the same, and changes nothing.
    assert_eq!(json(&close(&cloud, OTHER_ACCOUNT).await), json(&closed));
}

#[tokio::test]
async fn the_first_account_and_unknown_ones_are_not_closed() {
    let cloud = cloud();
    for (id, status) in [(testkit::ACCOUNT, 409), ("000000000000", 409), ("123456789012", 404), ("x", 404)] {
        assert_eq!(close(&cloud, id).await.status, status, "{id}");
    }
    assert!(credential(&cloud, "AKIAROOT").unwrap().active);
    cloud.root().call(api_iam::ListUsers::default()).await.unwrap();
}

#[tokio::test]
async fn what_an_earlier_version_closed_is_removed_too() {
    let cloud = cloud();
    let account: AccountId = OTHER_ACCOUNT.parse().unwrap();
    let context = cloud.context();
    let principal = Principal::service("cloudchamber.internal", account, None);
    let call = context.own_call("iam", "Start", principal, Scope::global(account)).unwrap();
    let row = iam::accounts::list_accounts(&context.store.view()).unwrap();
    let row = row.into_iter().find(|row| row.id == account).unwrap();
    let left = iam::accounts::Account { closed: Some(cloud.now()), ..row };
    context.store.transact(None, |tx| tx.update(left.clone())).unwrap();
    context.store.transact(None, |tx| iam::accounts::close_again(&call, tx)).unwrap();
    let _work = cloud.start_work();
    cloud
        .until("the account is empty", async || {
            (context.store.view().account_bytes(account).unwrap().len() == 1).then_some(())
        })
        .await;
    assert!(credential(&cloud, "AKIAOTHER").is_none());
}

#[tokio::test]
async fn bad_requests_make_nothing() {
    let cloud = cloud();
    for body in
        ["{", "[]", r#"{"AccountId":"12"}"#, r#"{"AccountId":7}"#, r#"{"Nmae":"x"}"#, r#"{"Name":"a\u0000"}"#]
    {
        assert_eq!(send(&cloud, "POST", body).await.status, 400, "{body}");
    }
    assert_eq!(send(&cloud, "DELETE", "").await.status, 405);
    assert_eq!(iam::accounts::list_accounts(&cloud.context().store.view()).unwrap().len(), 2);
}

#[tokio::test]
async fn another_starts_key_takes_the_place_of_the_last_and_leaves_those_of_the_root() {
    let cloud = cloud();
    let root = cloud.root();
    let own = root.call(api_iam::CreateAccessKey { user_name: None }).await.unwrap().access_key.access_key_id;
    let key = iam::accounts::RootKey {
        access_key_id: "test".into(),
        secret: contract::Secret("test".into()),
        well_known: true,
    };
    let (account, now) = (cloud.scope().account, cloud.now());
    let ensure = |account| {
        cloud.context().store.transact(None, |tx| iam::accounts::ensure_account(tx, account, &key, "", now))
    };
    ensure(account).unwrap();
    assert!(credential(&cloud, "AKIAROOT").is_none());
    assert!(credential(&cloud, "test").unwrap().well_known);
    assert!(credential(&cloud, &own).is_some());
    assert!(ensure(crate::support::OTHER_ACCOUNT.parse().unwrap()).is_err(), "the key is another account's");
}
