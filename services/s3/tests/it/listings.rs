use crate::cloud::{bucket, cloud, code, put};
use api_s3::*;
use contract::Caller;

async fn fill(root: &Caller) {
    bucket(root, "box").await;
    for key in ["a.txt", "photos/2006/1", "photos/2006/2", "photos/2007/1", "photos/index", "z b+c"] {
        put(root, "box", key, key).await;
    }
}

async fn list(root: &Caller, input: ListObjectsV2) -> (Vec<String>, Vec<String>, Option<String>) {
    let output = root.call(ListObjectsV2 { bucket: "box".into(), ..input }).await.unwrap();
    let keys = output.contents.unwrap_or_default().into_iter().map(|object| object.key.unwrap()).collect();
    let prefixes =
        output.common_prefixes.unwrap_or_default().into_iter().map(|it| it.prefix.unwrap()).collect();
    (keys, prefixes, output.next_continuation_token)
}

#[tokio::test]
async fn keys_and_common_prefixes_by_pages() {
    let cloud = cloud();
    let root = cloud.root();
    fill(&root).await;
    let all = list(&root, ListObjectsV2::default()).await.0;
    assert_eq!(all.len(), 6);
    let folders = ListObjectsV2 { delimiter: Some("/".into()), ..Default::default() };
    let (keys, prefixes, _) = list(&root, folders.clone()).await;
    assert_eq!((keys, prefixes), (vec!["a.txt".into(), "z b+c".into()], vec!["photos/".to_owned()]));
    let inside = ListObjectsV2 { prefix: Some("photos/".into()), ..folders.clone() };
    let (keys, prefixes, _) = list(&root, inside).await;
    assert_eq!(keys, ["photos/index"]);
    assert_eq!(prefixes, ["photos/2006/", "photos/2007/"]);
    // A page of one: no key and no prefix is seen twice.
    let (mut seen, mut token) = (Vec::new(), None);
    loop {
        let page = ListObjectsV2 { max_keys: Some(1), continuation_token: token.clone(), ..folders.clone() };
        let (keys, prefixes, next) = list(&root, page).await;
        seen.extend(keys.into_iter().chain(prefixes));
        token = next;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["a.txt", "photos/", "z b+c"]);
    let after = ListObjectsV2 { start_after: Some("photos/2007/1".into()), ..Default::default() };
    assert_eq!(list(&root, after).await.0, ["photos/index", "z b+c"]);
    let escaped = ListObjectsV2 {
        encoding_type: Some(EncodingType::Url),
        prefix: Some("z ".into()),
        ..Default::default()
    };
    assert_eq!(list(&root, escaped).await.0, ["z+b%2Bc"]);
    let none = ListObjectsV2 { max_keys: Some(0), ..Default::default() };
    assert_eq!(list(&root, none).await, (Vec::new(), Vec::new(), None));
    let bad =
        ListObjectsV2 { bucket: "box".into(), continuation_token: Some("%%".into()), ..Default::default() };
    assert_eq!(code(root.call(bad).await), ("InvalidArgument".into(), 400));
}

#[tokio::test]
async fn the_old_listing() {
    let cloud = cloud();
    let root = cloud.root();
    fill(&root).await;
    let first = ListObjects {
        bucket: "box".into(),
        delimiter: Some("/".into()),
        max_keys: Some(2),
        ..Default::default()
    };
    let output = root.call(first.clone()).await.unwrap();
    assert_eq!((output.is_truncated, output.next_marker.as_deref()), (Some(true), Some("photos/")));
    assert!(output.contents.unwrap()[0].owner.as_ref().unwrap().id.is_some());
    let output = root.call(ListObjects { marker: output.next_marker, ..first }).await.unwrap();
    assert_eq!(output.is_truncated, Some(false));
    assert_eq!(output.contents.unwrap()[0].key.as_deref(), Some("z b+c"));
}

#[tokio::test]
async fn a_prefix_may_be_all_that_is_allowed() {
    let cloud = cloud();
    fill(&cloud.root()).await;
    let user = cloud.user(
        "ann",
        &[r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::box",
            "Condition":{"StringLike":{"s3:prefix":"photos/*"},"NumericLessThanEquals":{"s3:max-keys":"10"}}}}"#],
    );
    let allowed = ListObjectsV2 { prefix: Some("photos/".into()), max_keys: Some(5), ..Default::default() };
    assert_eq!(list(&user, allowed.clone()).await.0.len(), 4);
    for denied in [
        ListObjectsV2 { prefix: None, ..allowed.clone() },
        ListObjectsV2 { max_keys: Some(50), ..allowed.clone() },
        ListObjectsV2 { max_keys: None, ..allowed },
    ] {
        let denied = ListObjectsV2 { bucket: "box".into(), ..denied };
        assert_eq!(code(user.call(denied).await), ("AccessDenied".into(), 403));
    }
}
