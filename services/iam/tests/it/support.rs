use contract::{Caller, Credential, Principal};
use testkit::{ACCOUNT, TestCloud};
use wire::{ErrorResponse, Operation};

pub(crate) const OTHER_ACCOUNT: &str = "444455556666";

/// A cloud of IAM and STS with two accounts.
pub(crate) fn cloud() -> TestCloud {
    let cloud = TestCloud::new(vec![
        iam::registration(),
        iam::sts_registration(),
        iam::access_analyzer_registration(),
    ]);
    for (account, id) in [(ACCOUNT, "AKIAROOT"), (OTHER_ACCOUNT, "AKIAOTHER")] {
        let key = iam::accounts::RootKey {
            access_key_id: id.into(),
            secret: contract::Secret("secret".into()),
            well_known: false,
        };
        let account = account.parse().unwrap();
        let now = cloud.now();
        cloud
            .context()
            .store
            .transact(None, |tx| iam::accounts::ensure_account(tx, account, &key, "", now))
            .unwrap();
    }
    cloud
}

pub(crate) fn allow(action: &str, resource: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"{resource}"}}]}}"#
    )
}

pub(crate) fn deny(action: &str, resource: &str) -> String {
    allow(action, resource).replace("Allow", "Deny")
}

/// A trust policy; `principal` is JSON such as `{"Service":"lambda.amazonaws.com"}`.
pub(crate) fn trust(principal: &str) -> String {
    trust_with(principal, r#""sts:AssumeRole""#, "{}")
}

pub(crate) fn trust_with(principal: &str, action: &str, condition: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":{action},"Condition":{condition}}}]}}"#
    )
}

pub(crate) fn aws(arn: &str) -> String {
    format!(r#"{{"AWS":"{arn}"}}"#)
}

pub(crate) fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

pub(crate) fn policy_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:policy/{name}")
}

/// Makes a user with one inline policy, and answers its caller.
pub(crate) async fn user(cloud: &TestCloud, name: &str, policy: Option<&str>) -> Caller {
    let root = cloud.root();
    let user_name = name.to_owned();
    let made =
        root.call(api_iam::CreateUser { user_name, ..Default::default() }).await.unwrap().user.unwrap();
    if let Some(document) = policy {
        put_user_policy(&root, name, document).await;
    }
    cloud.caller(Principal::User(contract::UserIdentity {
        account: ACCOUNT.parse().unwrap(),
        id: made.user_id,
        name: made.user_name,
        path: made.path,
        session_issued: None,
    }))
}

/// A caller of the other account, in its own scope.
pub(crate) fn other(cloud: &TestCloud, principal: Principal) -> Caller {
    let scope = names::Scope::new(OTHER_ACCOUNT.parse().unwrap(), testkit::REGION);
    cloud.context().caller(principal, scope, contract::Chain::default())
}

pub(crate) async fn put_user_policy(root: &Caller, name: &str, document: &str) {
    root.call(api_iam::PutUserPolicy {
        user_name: name.into(),
        policy_name: "inline".into(),
        policy_document: document.into(),
    })
    .await
    .unwrap();
}

pub(crate) async fn role(root: &Caller, name: &str, trust: &str) -> api_iam::Role {
    root.call(api_iam::CreateRole {
        role_name: name.into(),
        assume_role_policy_document: trust.into(),
        ..Default::default()
    })
    .await
    .unwrap()
    .role
}

pub(crate) async fn put_role_policy(root: &Caller, name: &str, document: &str) {
    root.call(api_iam::PutRolePolicy {
        role_name: name.into(),
        policy_name: "inline".into(),
        policy_document: document.into(),
    })
    .await
    .unwrap();
}

pub(crate) async fn policy(root: &Caller, name: &str, document: &str) -> String {
    let made = root
        .call(api_iam::CreatePolicy {
            policy_name: name.into(),
            policy_document: document.into(),
            ..Default::default()
        })
        .await
        .unwrap();
    made.policy.unwrap().arn.unwrap()
}

pub(crate) fn assume(role: &str) -> api_sts::AssumeRole {
    api_sts::AssumeRole {
        role_arn: role_arn(role),
        role_session_name: "session".into(),
        ..Default::default()
    }
}

pub(crate) fn credential(cloud: &TestCloud, access_key_id: &str) -> Option<Credential> {
    cloud.pipeline.identities().credential(&cloud.context().store.view(), access_key_id).unwrap()
}

/// A caller with the credentials that an answer holds.
pub(crate) fn caller_of(cloud: &TestCloud, output: api_sts::AssumeRoleOutput) -> Caller {
    let id = output.credentials.unwrap().access_key_id;
    cloud.caller(credential(cloud, &id).unwrap().principal)
}

pub(crate) fn fails<T: std::fmt::Debug>(answer: Result<T, ErrorResponse>, code: &str, message: &str) {
    let error = answer.unwrap_err();
    assert_eq!((error.code.as_str(), error.message.as_str()), (code, message));
}

/// Whether a call is allowed; any failure but a denial is the test's.
pub(crate) async fn allowed<I: Operation>(caller: &Caller, input: I) -> bool {
    match caller.call(input).await {
        Ok(_) => true,
        Err(error) if error.code == "AccessDenied" => false,
        Err(error) => panic!("neither allowed nor denied: {error}"),
    }
}
