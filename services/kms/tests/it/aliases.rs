use crate::cloud::{Cloud, NO_KEY, code, decrypt, encrypt, refusal};
use api_kms::{CreateAlias, DeleteAlias, DescribeKey, ListAliases, UpdateAlias};
use contract::Caller;

fn create(name: &str, key: &str) -> CreateAlias {
    CreateAlias { alias_name: name.into(), target_key_id: key.into() }
}

async fn names(caller: &Caller, key_id: Option<&str>) -> Vec<String> {
    let list = ListAliases { key_id: key_id.map(str::to_owned), ..Default::default() };
    let aliases = caller.call(list).await.unwrap().aliases.unwrap();
    aliases.into_iter().map(|alias| alias.alias_name.unwrap()).collect()
}

#[tokio::test]
async fn an_alias_names_a_key_until_it_names_another() {
    let cloud = Cloud::start();
    let (one, two) = (cloud.key().await, cloud.key().await);
    cloud.root.call(create("alias/app", &one.key_id)).await.unwrap();
    let taken = refusal(cloud.root.call(create("alias/app", &two.key_id)).await);
    let sentence = "An alias with the name arn:aws:kms:us-east-1:111122223333:alias/app already exists";
    assert_eq!(taken, ("AlreadyExistsException".into(), sentence.into()));
    let blob = encrypt(&cloud.root, "alias/app", &[]).await.unwrap();
    let by_arn =
        DescribeKey { key_id: "arn:aws:kms:us-east-1:111122223333:alias/app".into(), grant_tokens: None };
    assert_eq!(cloud.root.call(by_arn).await.unwrap().key_metadata.unwrap().key_id, one.key_id);
    let update = UpdateAlias { alias_name: "alias/app".into(), target_key_id: two.key_id.clone() };
    cloud.root.call(update).await.unwrap();
    let again = encrypt(&cloud.root, "alias/app", &[]).await.unwrap();
    assert_eq!(decrypt(&cloud.root, &again, &[]).await.unwrap().key_id, two.arn);
    assert_eq!(decrypt(&cloud.root, &blob, &[]).await.unwrap().key_id, one.arn, "the blob says its key");
    cloud.root.call(create("alias/b", &one.key_id)).await.unwrap();
    assert_eq!(names(&cloud.root, None).await, ["alias/app", "alias/b"]);
    assert_eq!(names(&cloud.root, Some(&two.key_id)).await, ["alias/app"]);
    cloud.root.call(DeleteAlias { alias_name: "alias/app".into() }).await.unwrap();
    assert_eq!(
        code(cloud.root.call(DeleteAlias { alias_name: "alias/app".into() }).await),
        "NotFoundException"
    );
}

#[tokio::test]
async fn bad_names_and_targets_make_nothing() {
    let cloud = Cloud::start();
    let key = cloud.key().await.key_id;
    for (name, target, expected) in [
        ("app", &*key, "ValidationException"),
        ("alias/aws/s3", &key, "NotAuthorizedException"),
        ("alias/", &key, "InvalidAliasNameException"),
        ("alias/a:b", &key, "InvalidAliasNameException"),
        ("alias/a b", &key, "ValidationException"),
        ("alias/a", NO_KEY, "NotFoundException"),
        ("alias/a", "alias/b", "NotFoundException"),
    ] {
        assert_eq!(code(cloud.root.call(create(name, target)).await), expected, "{name}");
    }
    assert!(names(&cloud.root, None).await.is_empty());
    let theirs = ListAliases {
        key_id: Some(format!("arn:aws:kms:us-east-1:111122223333:key/{key}")),
        ..Default::default()
    };
    assert_eq!(code(cloud.stranger().call(theirs).await), "NotFoundException", "as if it were not there");
}

#[tokio::test]
async fn an_alias_needs_permission_on_itself_and_on_its_keys() {
    let cloud = Cloud::start();
    let (one, two) = (cloud.key().await, cloud.key().await);
    let may = |resources: &[&str]| {
        let resources = resources.iter().map(|arn| format!("\"{arn}\"")).collect::<Vec<_>>().join(",");
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"kms:*Alias","Resource":[{resources}]}}]}}"#
        )
    };
    let alias = "arn:aws:kms:us-east-1:111122223333:alias/app";
    let (one_arn, two_arn) = (one.arn.clone().unwrap(), two.arn.clone().unwrap());
    let on_key = cloud.cloud.user("key", &[&may(&[&one_arn])]);
    let on_alias = cloud.cloud.user("alias", &[&may(&[alias])]);
    let on_one = cloud.cloud.user("one", &[&may(&[alias, &one_arn])]);
    let on_two = cloud.cloud.user("two", &[&may(&[alias, &two_arn])]);
    for denied in [&on_key, &on_alias, &on_two] {
        assert_eq!(code(denied.call(create("alias/app", &one.key_id)).await), "AccessDeniedException");
    }
    on_one.call(create("alias/app", &one.key_id)).await.unwrap();
    let update = UpdateAlias { alias_name: "alias/app".into(), target_key_id: two.key_id.clone() };
    assert_eq!(code(on_one.call(update.clone()).await), "AccessDeniedException", "the new key is another's");
    assert_eq!(code(on_two.call(update).await), "AccessDeniedException", "the present key is another's");
    let delete = DeleteAlias { alias_name: "alias/app".into() };
    assert_eq!(code(on_alias.call(delete.clone()).await), "AccessDeniedException");
    on_one.call(delete).await.unwrap();
}
