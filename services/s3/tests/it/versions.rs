use crate::cloud::{anonymous, bucket, cloud, code, failed, get, put, read};
use api_s3::*;
use contract::Caller;

async fn versioning(root: &Caller, status: BucketVersioningStatus) {
    let versioning_configuration = VersioningConfiguration { status: Some(status), mfa_delete: None };
    let put = PutBucketVersioning { bucket: "box".into(), versioning_configuration, ..Default::default() };
    root.call(put).await.unwrap();
}

fn delete(key: &str, version: Option<&str>) -> DeleteObject {
    DeleteObject {
        bucket: "box".into(),
        key: key.into(),
        version_id: version.map(str::to_owned),
        ..Default::default()
    }
}

async fn list(root: &Caller, input: ListObjectVersions) -> (Vec<(String, bool)>, ListObjectVersionsOutput) {
    let output = root.call(ListObjectVersions { bucket: "box".into(), ..input }).await.unwrap();
    let versions = output.versions.iter().flatten();
    let versions = versions.map(|it| (it.version_id.clone().unwrap(), it.is_latest.unwrap())).collect();
    (versions, output)
}

#[tokio::test]
async fn versions_are_kept_and_come_back() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    // Before versioning there is one version, named null.
    assert_eq!(put(&root, "box", "k", "zero").await.version_id, None);
    versioning(&root, BucketVersioningStatus::Enabled).await;
    let one = put(&root, "box", "k", "one").await.version_id.unwrap();
    let two = put(&root, "box", "k", "two").await.version_id.unwrap();
    let (versions, _) = list(&root, ListObjectVersions::default()).await;
    assert_eq!(versions, [(two.clone(), true), (one.clone(), false), ("null".into(), false)]);
    let version = |id: &str| GetObject { version_id: Some(id.into()), ..read("box", "k") };
    assert_eq!(crate::cloud::text(root.call(version("null")).await.unwrap()).await, "zero");
    assert_eq!(crate::cloud::text(root.call(version(&one)).await.unwrap()).await, "one");
    assert_eq!(code(root.call(version("none")).await), ("InvalidArgument".into(), 400));
    assert_eq!(code(root.call(version(&"x".repeat(32))).await), ("NoSuchVersion".into(), 404));

    let marker = root.call(delete("k", None)).await.unwrap();
    assert_eq!(marker.delete_marker, Some(true));
    let marker = marker.version_id.unwrap();
    let error = get(&root, "box", "k").await.unwrap_err();
    assert_eq!(error.code, "NoSuchKey");
    assert!(error.members.contains(&("x-amz-delete-marker", "true".into())));
    assert_eq!(code(root.call(version(&marker)).await), ("MethodNotAllowed".into(), 405));
    assert!(
        root.call(ListObjectsV2 { bucket: "box".into(), ..Default::default() })
            .await
            .unwrap()
            .contents
            .is_none()
    );
    assert_eq!(
        failed(root.call(DeleteBucket { bucket: "box".into(), ..Default::default() }).await).1,
        "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
    );
    // Without its marker the object is back; without its newest version, the one before is.
    assert_eq!(root.call(delete("k", Some(&marker))).await.unwrap().delete_marker, Some(true));
    assert_eq!(get(&root, "box", "k").await.unwrap(), "two");
    root.call(delete("k", Some(&two))).await.unwrap();
    assert_eq!(get(&root, "box", "k").await.unwrap(), "one");
    root.call(delete("k", Some("null"))).await.unwrap();
    root.call(delete("k", Some(&one))).await.unwrap();
    assert_eq!(code(get(&root, "box", "k").await).0, "NoSuchKey");
    root.call(DeleteBucket { bucket: "box".into(), ..Default::default() }).await.unwrap();
}

#[tokio::test]
async fn while_suspended_null_is_overwritten() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    put(&root, "box", "k", "zero").await;
    versioning(&root, BucketVersioningStatus::Enabled).await;
    let one = put(&root, "box", "k", "one").await.version_id.unwrap();
    versioning(&root, BucketVersioningStatus::Suspended).await;
    assert_eq!(put(&root, "box", "k", "new").await.version_id.as_deref(), Some("null"));
    let (versions, _) = list(&root, ListObjectVersions::default()).await;
    assert_eq!(versions, [("null".into(), true), (one.clone(), false)]);
    assert_eq!(get(&root, "box", "k").await.unwrap(), "new");
    let marker = root.call(delete("k", None)).await.unwrap();
    assert_eq!((marker.delete_marker, marker.version_id.as_deref()), (Some(true), Some("null")));
    let (versions, output) = list(&root, ListObjectVersions::default()).await;
    assert_eq!(versions, [(one.clone(), false)]);
    assert_eq!(output.delete_markers.unwrap()[0].version_id.as_deref(), Some("null"));
}

#[tokio::test]
async fn versions_by_pages() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    versioning(&root, BucketVersioningStatus::Enabled).await;
    let mut all = Vec::new();
    for key in ["a", "b/1", "b/2", "c"] {
        for text in ["1", "2", "3"] {
            all.push(put(&root, "box", key, text).await.version_id.unwrap());
        }
    }
    let (mut seen, mut markers) = (Vec::new(), (None, None));
    loop {
        let input = ListObjectVersions {
            max_keys: Some(2),
            key_marker: markers.0.clone(),
            version_id_marker: markers.1.clone(),
            ..Default::default()
        };
        let (versions, output) = list(&root, input).await;
        seen.extend(versions.into_iter().map(|(id, _)| id));
        if output.is_truncated != Some(true) {
            break;
        }
        markers = (output.next_key_marker, output.next_version_id_marker);
    }
    let expected: Vec<String> = all.chunks(3).flat_map(|key| key.iter().rev().cloned()).collect();
    assert_eq!(seen, expected);
    let folders = ListObjectVersions { delimiter: Some("/".into()), ..Default::default() };
    let (versions, output) = list(&root, folders).await;
    assert_eq!(versions.len(), 6);
    assert_eq!(output.common_prefixes.unwrap()[0].prefix.as_deref(), Some("b/"));
    let bad = ListObjectVersions {
        bucket: "box".into(),
        version_id_marker: Some("x".into()),
        ..Default::default()
    };
    assert_eq!(code(root.call(bad).await), ("InvalidArgument".into(), 400));
}

#[tokio::test]
async fn many_are_deleted_at_once() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    for key in ["a", "b", "c"] {
        put(&root, "box", key, key).await;
    }
    let identified = |keys: &[&str]| {
        keys.iter().map(|key| ObjectIdentifier { key: (*key).into(), ..Default::default() }).collect()
    };
    let many = |keys: &[&str], quiet: bool| DeleteObjects {
        bucket: "box".into(),
        delete: Delete { objects: identified(keys), quiet: Some(quiet) },
        ..Default::default()
    };
    let output = root.call(many(&["a", "gone"], false)).await.unwrap();
    assert_eq!(output.deleted.unwrap().len(), 2);
    let mut wrong = many(&["b"], true);
    wrong.delete.objects[0].e_tag = Some("\"0\"".into());
    let output = root.call(wrong).await.unwrap();
    assert_eq!(output.errors.unwrap()[0].code.as_deref(), Some("PreconditionFailed"));
    let only_b = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::box/b"}}"#;
    let user = cloud.user("ann", &[only_b]);
    let errors = |output: DeleteObjectsOutput| -> Vec<_> {
        output.errors.unwrap().into_iter().map(|error| (error.key.unwrap(), error.code.unwrap())).collect()
    };
    // Each key is judged by itself, and each that is denied is told of.
    let denied = |key: &str| (key.to_owned(), "AccessDenied".to_owned());
    let output = user.call(many(&["c", "b", "d"], false)).await.unwrap();
    assert_eq!(output.deleted.as_ref().unwrap().len(), 1);
    assert_eq!(output.deleted.as_ref().unwrap()[0].key.as_deref(), Some("b"));
    assert_eq!(errors(output), [denied("c"), denied("d")]);
    assert_eq!(code(get(&root, "box", "b").await), ("NoSuchKey".into(), 404));
    let output = user.call(many(&["c"], true)).await.unwrap();
    assert_eq!((output.deleted.clone(), errors(output)), (None, vec![denied("c")]));
    assert_eq!(user.call(many(&["b"], true)).await.unwrap(), DeleteObjectsOutput::default());
    // Who may delete nothing learns nothing of what is there.
    let elsewhere = |bucket: &str| DeleteObjects { bucket: bucket.into(), ..many(&["c"], false) };
    for bucket in ["box", "no-such-bucket"] {
        assert_eq!(errors(user.call(elsewhere(bucket)).await.unwrap()), [denied("c")]);
        assert_eq!(errors(anonymous(&cloud).call(elsewhere(bucket)).await.unwrap()), [denied("c")]);
    }
    assert_eq!(code(user.call(many(&[], true)).await), ("AccessDenied".into(), 403));
    assert_eq!(code(root.call(many(&[], true)).await), ("MalformedXML".into(), 400));
    assert_eq!(get(&root, "box", "c").await.unwrap(), "c");
}
