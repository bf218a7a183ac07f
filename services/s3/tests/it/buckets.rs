use crate::cloud::{OTHER, bucket, cloud, code, failed, put, stranger};
use api_s3::*;
use names::Region;

fn create(name: &str) -> CreateBucket {
    CreateBucket { bucket: name.into(), ..Default::default() }
}

fn located(name: &str, region: &str) -> CreateBucket {
    let configuration =
        CreateBucketConfiguration { location_constraint: Some(region.into()), ..Default::default() };
    CreateBucket { create_bucket_configuration: Some(configuration), ..create(name) }
}

#[tokio::test]
async fn names_are_one_space_over_all_accounts() {
    let cloud = cloud();
    let output = cloud.root().call(create("photos")).await.unwrap();
    assert_eq!(output.location.as_deref(), Some("/photos"));
    // In the first region making one's own bucket again is success, elsewhere it is not.
    cloud.root().call(create("photos")).await.unwrap();
    assert_eq!(code(stranger(&cloud).call(create("photos")).await), ("BucketAlreadyExists".into(), 409));
    let west: Region = "eu-west-1".parse().unwrap();
    let elsewhere = cloud.root().in_region(west);
    assert_eq!(
        code(elsewhere.call(located("photos", "eu-west-1")).await),
        ("BucketAlreadyOwnedByYou".into(), 409)
    );
    assert_eq!(code(cloud.root().call(create("Photos")).await), ("InvalidBucketName".into(), 400));
}

#[tokio::test]
async fn locations() {
    let cloud = cloud();
    let west: Region = "eu-west-1".parse().unwrap();
    let elsewhere = cloud.root().in_region(west);
    assert_eq!(
        failed(elsewhere.call(create("here")).await),
        (
            "IllegalLocationConstraintException".into(),
            "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to."
                .into()
        )
    );
    assert_eq!(
        failed(elsewhere.call(located("here", "eu-west-2")).await).1,
        "The eu-west-2 location constraint is incompatible for the region specific endpoint this request was sent to."
    );
    assert_eq!(
        code(cloud.root().call(located("here", "moon")).await),
        ("InvalidLocationConstraint".into(), 400)
    );
    elsewhere.call(located("here", "eu-west-1")).await.unwrap();
    let location = GetBucketLocation { bucket: "here".into(), ..Default::default() };
    let answer = cloud.root().call(location).await.unwrap();
    assert_eq!(answer.location_constraint.as_deref(), Some("eu-west-1"));

    let head = HeadBucket { bucket: "here".into(), ..Default::default() };
    let error = cloud.root().call(head.clone()).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.status), ("PermanentRedirect", 301));
    assert!(error.members.contains(&("x-amz-bucket-region", "eu-west-1".into())));
    assert_eq!(elsewhere.call(head).await.unwrap().bucket_region.as_deref(), Some("eu-west-1"));
}

#[tokio::test]
async fn a_bucket_goes_when_it_is_empty() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    put(&root, "box", "a", "1").await;
    let delete = DeleteBucket { bucket: "box".into(), ..Default::default() };
    assert_eq!(
        failed(root.call(delete.clone()).await),
        ("BucketNotEmpty".into(), "The bucket you tried to delete is not empty".into())
    );
    root.call(DeleteObject { bucket: "box".into(), key: "a".into(), ..Default::default() }).await.unwrap();
    let wrong = DeleteBucket { expected_bucket_owner: Some(OTHER.into()), ..delete.clone() };
    assert_eq!(failed(root.call(wrong).await), ("AccessDenied".into(), "Access Denied".into()));
    root.call(delete.clone()).await.unwrap();
    let error = root.call(delete).await.unwrap_err();
    assert_eq!(
        (error.code.as_str(), error.message.as_str()),
        ("NoSuchBucket", "The specified bucket does not exist")
    );
    assert_eq!(error.members, [("BucketName", "box".into())]);
}

#[tokio::test]
async fn listing_by_pages_and_prefix() {
    let cloud = cloud();
    let root = cloud.root();
    for name in ["cc-1", "aa-1", "bb-1", "aa-2"] {
        bucket(&root, name).await;
    }
    bucket(&stranger(&cloud), "aa-3").await;
    let list = |input: ListBuckets| {
        let root = root.clone();
        async move {
            let output = root.call(input).await.unwrap();
            let names = output.buckets.unwrap().into_iter().map(|bucket| bucket.name.unwrap());
            (names.collect::<Vec<_>>(), output.continuation_token)
        }
    };
    assert_eq!(list(ListBuckets::default()).await.0, ["aa-1", "aa-2", "bb-1", "cc-1"]);
    assert_eq!(
        list(ListBuckets { prefix: Some("aa".into()), ..Default::default() }).await.0,
        ["aa-1", "aa-2"]
    );
    let first = ListBuckets { max_buckets: Some(3), ..Default::default() };
    let (names, token) = list(first.clone()).await;
    assert_eq!(names.len(), 3);
    let (names, token) = list(ListBuckets { continuation_token: token, ..first }).await;
    assert_eq!((names, token), (vec!["cc-1".to_owned()], None));
    let bad = ListBuckets { continuation_token: Some("%".into()), ..Default::default() };
    assert_eq!(code(root.call(bad).await), ("InvalidArgument".into(), 400));
}

#[tokio::test]
async fn permissions_are_needed_and_owners_are_known() {
    let cloud = cloud();
    bucket(&cloud.root(), "mine").await;
    let nobody = cloud.user("nobody", &[]);
    assert_eq!(
        failed(nobody.call(create("other")).await).1,
        "User: arn:aws:iam::111122223333:user/nobody is not authorized to perform: s3:CreateBucket on resource: \
         \"arn:aws:s3:::other\" because no identity-based policy allows the s3:CreateBucket action"
    );
    // Another account's root has no power here, and learns nothing.
    let head = HeadBucket { bucket: "mine".into(), ..Default::default() };
    assert_eq!(failed(stranger(&cloud).call(head).await), ("AccessDenied".into(), "Access Denied".into()));
}

#[tokio::test]
async fn a_bucket_is_what_config_records() {
    let cloud = cloud();
    bucket(&cloud.root(), "recorded").await;
    let kind = cloud.context().catalog.resources["AWS::S3::Bucket"];
    let view = cloud.context().store.view();
    let item = (kind.describe)(&view, cloud.scope(), "recorded").unwrap().unwrap();
    assert_eq!(item.identity.arn, "arn:aws:s3:::recorded");
    assert_eq!(item.availability_zone, "Regional");
    assert_eq!(
        item.supplementary["PublicAccessBlockConfiguration"].to_string(),
        r#"{"blockPublicAcls":true,"ignorePublicAcls":true,"blockPublicPolicy":true,"restrictPublicBuckets":true}"#
    );
    assert_eq!(
        item.supplementary["BucketVersioningConfiguration"].get("status").unwrap().as_str(),
        Some("Off")
    );
    assert!(
        item.supplementary["AccessControlList"].as_str().unwrap().contains(r#""permission":"FullControl""#)
    );
}
