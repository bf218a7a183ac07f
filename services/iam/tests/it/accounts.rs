use crate::support::{cloud, credential};
use contract::{Entry, Principal, RouteAnswer, RouteRequest};
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
