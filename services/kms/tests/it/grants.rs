use crate::cloud::{Cloud, OTHER, ROOT, code, decrypt, encrypt, map, refusal, user_arn};
use GrantOperation as Op;
use api_kms::{
    CreateGrant, CreateGrantOutput, DescribeKey, GrantConstraints, GrantOperation, ListGrants,
    ListRetirableGrants, RetireGrant, RevokeGrant,
};

fn grant(key: &str, grantee: &str, operations: &[Op]) -> CreateGrant {
    CreateGrant {
        key_id: key.into(),
        grantee_principal: grantee.into(),
        operations: operations.to_vec(),
        ..Default::default()
    }
}

async fn made(cloud: &Cloud, wanted: CreateGrant) -> CreateGrantOutput {
    cloud.root.call(wanted).await.unwrap()
}

#[tokio::test]
async fn a_grant_allows_its_operations_to_its_grantee_until_it_is_revoked() {
    let cloud = Cloud::start();
    let key = cloud.key().await.key_id;
    let (bob, eve) = (cloud.cloud.user("bob", &[]), cloud.cloud.user("eve", &[]));
    let blob = encrypt(&cloud.root, &key, &[]).await.unwrap();
    assert_eq!(code(decrypt(&bob, &blob, &[]).await), "AccessDeniedException");
    let answer = made(&cloud, grant(&key, &user_arn("bob"), &[Op::Decrypt])).await;
    decrypt(&bob, &blob, &[]).await.unwrap();
    assert_eq!(code(encrypt(&bob, &key, &[]).await), "AccessDeniedException", "not granted");
    assert_eq!(code(decrypt(&eve, &blob, &[]).await), "AccessDeniedException", "another's");
    let listed = cloud.root.call(ListGrants { key_id: key.clone(), ..Default::default() }).await.unwrap();
    let listed = listed.grants.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].grant_id == answer.grant_id && listed[0].operations == Some(vec![Op::Decrypt]));
    assert_eq!(listed[0].issuing_account.as_deref(), Some("arn:aws:iam::111122223333:root"));
    let other = cloud.key().await.key_id;
    let revoke = |key_id: &str| RevokeGrant {
        key_id: key_id.into(),
        grant_id: answer.grant_id.clone().unwrap(),
        dry_run: None,
    };
    assert_eq!(code(cloud.root.call(revoke(&other)).await), "NotFoundException");
    assert_eq!(code(bob.call(revoke(&key)).await), "AccessDeniedException");
    cloud.root.call(revoke(&key)).await.unwrap();
    assert_eq!(code(decrypt(&bob, &blob, &[]).await), "AccessDeniedException");
}

#[tokio::test]
async fn a_deny_stands_over_a_grant() {
    let cloud = Cloud::start();
    let key = cloud.key().await.key_id;
    let blob = encrypt(&cloud.root, &key, &[]).await.unwrap();
    made(&cloud, grant(&key, &user_arn("bob"), &[Op::Decrypt])).await;
    let denied = cloud.cloud.user(
        "bob",
        &[r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}]}"#],
    );
    let message = refusal(decrypt(&denied, &blob, &[]).await).1;
    assert!(message.ends_with("with an explicit deny in an identity-based policy"), "{message}");
}

#[tokio::test]
async fn constraints_bind_the_context() {
    let cloud = Cloud::start();
    let key = cloud.key().await.key_id;
    let (bob, eve) = (cloud.cloud.user("bob", &[]), cloud.cloud.user("eve", &[]));
    let subset = GrantConstraints {
        encryption_context_subset: Some(map(&[("dept", "it")])),
        encryption_context_equals: None,
    };
    let equals = GrantConstraints {
        encryption_context_subset: None,
        encryption_context_equals: Some(map(&[("dept", "it")])),
    };
    for (user, constraints) in [("bob", subset), ("eve", equals)] {
        let wanted = grant(&key, &user_arn(user), &[Op::Encrypt, Op::DescribeKey]);
        made(&cloud, CreateGrant { constraints: Some(constraints), ..wanted }).await;
    }
    let more = [("dept", "it"), ("x", "y")];
    encrypt(&bob, &key, &more).await.unwrap();
    encrypt(&eve, &key, &more[..1]).await.unwrap();
    assert_eq!(code(encrypt(&eve, &key, &more).await), "AccessDeniedException");
    assert_eq!(code(encrypt(&bob, &key, &[("dept", "hr")]).await), "AccessDeniedException");
    assert_eq!(code(encrypt(&bob, &key, &[]).await), "AccessDeniedException");
    bob.call(DescribeKey { key_id: key, grant_tokens: None }).await.unwrap();
}

#[tokio::test]
async fn a_grantee_hands_on_no_more_than_he_has() {
    let cloud = Cloud::start();
    let key = cloud.key().await.key_id;
    let bob = cloud.cloud.user("bob", &[]);
    let constraints = GrantConstraints {
        encryption_context_subset: Some(map(&[("a", "1")])),
        encryption_context_equals: None,
    };
    let wanted = grant(&key, &user_arn("bob"), &[Op::CreateGrant, Op::Decrypt]);
    made(&cloud, CreateGrant { constraints: Some(constraints.clone()), ..wanted }).await;
    let to_eve = |operations: &[Op], constraints: Option<GrantConstraints>| CreateGrant {
        constraints,
        ..grant(&key, &user_arn("eve"), operations)
    };
    let looser = to_eve(&[Op::Decrypt], None);
    let more = to_eve(&[Op::Decrypt, Op::Encrypt], Some(constraints.clone()));
    for refused in [looser, more] {
        assert_eq!(code(bob.call(refused).await), "AccessDeniedException");
    }
    bob.call(to_eve(&[Op::Decrypt], Some(constraints))).await.unwrap();
    let blob = encrypt(&cloud.root, &key, &[("a", "1")]).await.unwrap();
    decrypt(&cloud.cloud.user("eve", &[]), &blob, &[("a", "1")]).await.unwrap();
}

#[tokio::test]
async fn a_grant_is_retired_by_those_whom_it_names() {
    let cloud = Cloud::start();
    let key = cloud.key_with_policy(ROOT).await;
    let arn = key.arn.unwrap();
    let make = async |operations: &[Op]| {
        let wanted = grant(&key.key_id, &user_arn("bob"), operations);
        made(&cloud, CreateGrant { retiring_principal: Some(user_arn("ann")), ..wanted }).await
    };
    let (bob, ann, eve) =
        (cloud.cloud.user("bob", &[]), cloud.cloud.user("ann", &[]), cloud.cloud.user("eve", &[]));
    let by_token = |answer: &CreateGrantOutput| RetireGrant {
        grant_token: answer.grant_token.clone(),
        ..Default::default()
    };
    let one = make(&[Op::Encrypt]).await;
    assert_eq!(code(eve.call(by_token(&one)).await), "AccessDeniedException");
    assert_eq!(
        code(bob.call(by_token(&one)).await),
        "AccessDeniedException",
        "a grantee only where the grant says so"
    );
    let theirs = ListRetirableGrants { retiring_principal: user_arn("ann"), ..Default::default() };
    assert_eq!(cloud.root.call(theirs.clone()).await.unwrap().grants.unwrap().len(), 1);
    let foreign = ListRetirableGrants {
        retiring_principal: format!("arn:aws:iam::{OTHER}:user/x"),
        ..Default::default()
    };
    assert_eq!(code(cloud.root.call(foreign).await), "ValidationException");
    ann.call(by_token(&one)).await.unwrap();
    assert_eq!(cloud.root.call(theirs).await.unwrap().grants.unwrap().len(), 0);
    assert_eq!(code(cloud.root.call(by_token(&one)).await), "NotFoundException");
    let two = make(&[Op::RetireGrant, Op::Encrypt]).await;
    let three = make(&[Op::Encrypt]).await;
    let by_id =
        |grant_id: Option<String>| RetireGrant { key_id: Some(arn.clone()), grant_id, ..Default::default() };
    assert_eq!(
        code(bob.call(by_id(three.grant_id)).await),
        "AccessDeniedException",
        "only the grant that names him"
    );
    bob.call(by_id(two.grant_id)).await.unwrap();
    let neither = RetireGrant::default();
    assert_eq!(code(cloud.root.call(neither).await), "ValidationException");
    let garbage = RetireGrant { grant_token: Some("garbage".into()), ..Default::default() };
    assert_eq!(code(cloud.root.call(garbage).await), "InvalidGrantTokenException");
}

#[tokio::test]
async fn bad_grants_are_refused_and_named_ones_made_once() {
    let cloud = Cloud::start();
    let key = cloud.key().await.key_id;
    let bob = user_arn("bob");
    for (wanted, expected) in [
        (grant(&key, "bob", &[Op::Encrypt]), "InvalidArnException"),
        (grant(&key, "arn:aws:iam::111122223333:user/*", &[Op::Encrypt]), "ValidationException"),
        (grant(&key, "arn:aws:s3:::bucket", &[Op::Encrypt]), "InvalidArnException"),
        (grant(&key, &bob, &[Op::Sign]), "ValidationException"),
        (grant(&key, &bob, &[Op::GenerateMac]), "ValidationException"),
        (grant(&key, &bob, &[]), "ValidationException"),
        (
            CreateGrant { dry_run: Some(true), ..grant(&key, &bob, &[Op::Encrypt]) },
            "DryRunOperationException",
        ),
        (
            CreateGrant { grant_tokens: Some(vec!["x".into()]), ..grant(&key, &bob, &[Op::Encrypt]) },
            "InvalidGrantTokenException",
        ),
    ] {
        assert_eq!(code(cloud.root.call(wanted).await), expected);
    }
    let named = CreateGrant { name: Some("n".into()), ..grant(&key, &bob, &[Op::Encrypt]) };
    let (one, two) = (made(&cloud, named.clone()).await, made(&cloud, named.clone()).await);
    assert_eq!(one.grant_id, two.grant_id);
    let other = made(&cloud, CreateGrant { operations: vec![Op::Decrypt], ..named }).await;
    assert_ne!(one.grant_id, other.grant_id);
    let page =
        cloud.root.call(ListGrants { key_id: key, limit: Some(1), ..Default::default() }).await.unwrap();
    assert!(page.truncated == Some(true) && page.grants.unwrap().len() == 1);
}

#[tokio::test]
async fn a_role_s_sessions_share_its_grant_and_another_account_needs_its_own_policy_too() {
    let cloud = Cloud::start();
    let key = cloud.key().await;
    let worker = cloud.cloud.role("worker", &[]);
    assert_eq!(code(encrypt(&worker, &key.key_id, &[]).await), "AccessDeniedException");
    made(&cloud, grant(&key.key_id, "arn:aws:iam::111122223333:role/worker", &[Op::Encrypt])).await;
    encrypt(&worker, &key.key_id, &[]).await.unwrap();
    let arn = key.arn.unwrap();
    assert_eq!(code(encrypt(&cloud.stranger(), &arn, &[]).await), "AccessDeniedException");
    made(&cloud, grant(&key.key_id, &format!("arn:aws:iam::{OTHER}:root"), &[Op::Encrypt])).await;
    encrypt(&cloud.stranger(), &arn, &[]).await.unwrap();
}

#[tokio::test]
async fn grants_for_services_resources_are_a_condition() {
    let cloud = Cloud::start();
    let key = cloud.key().await.key_id;
    let ann = cloud.cloud.user(
        "ann",
        &[r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:CreateGrant","Resource":"*","Condition":{
            "Bool":{"kms:GrantIsForAWSResource":"true"},
            "ForAllValues:StringEquals":{"kms:GrantOperations":["Decrypt","Encrypt"]},
            "StringLike":{"kms:GranteePrincipal":"arn:aws:iam::111122223333:user/b*"}}}]}"#],
    );
    let wanted = grant(&key, &user_arn("bob"), &[Op::Decrypt]);
    assert_eq!(code(ann.call(wanted.clone()).await), "AccessDeniedException");
    let via = cloud.via(&ann, "dynamodb.amazonaws.com");
    via.call(wanted).await.unwrap();
    assert_eq!(code(via.call(grant(&key, &user_arn("eve"), &[Op::Decrypt])).await), "AccessDeniedException");
    assert_eq!(
        code(via.call(grant(&key, &user_arn("bob"), &[Op::ReEncryptTo])).await),
        "AccessDeniedException"
    );
}
