use crate::cloud::{anonymous, bucket, cloud, code, failed, get, object, put, stranger};
use api_s3::*;
use contract::Caller;

async fn open(root: &Caller) {
    bucket(root, "box").await;
    let block = DeletePublicAccessBlock { bucket: "box".into(), ..Default::default() };
    root.call(block).await.unwrap();
    let rules = vec![OwnershipControlsRule { object_ownership: ObjectOwnership::ObjectWriter }];
    let controls = PutBucketOwnershipControls {
        bucket: "box".into(),
        ownership_controls: OwnershipControls { rules },
        ..Default::default()
    };
    root.call(controls).await.unwrap();
}

async fn block(root: &Caller, block_acls: bool, ignore: bool) {
    let public_access_block_configuration = PublicAccessBlockConfiguration {
        block_public_acls: Some(block_acls),
        ignore_public_acls: Some(ignore),
        ..Default::default()
    };
    let put = PutPublicAccessBlock {
        bucket: "box".into(),
        public_access_block_configuration,
        ..Default::default()
    };
    root.call(put).await.unwrap();
}

#[tokio::test]
async fn lists_are_off_unless_they_are_switched_on() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let list =
        PutBucketAcl { bucket: "box".into(), acl: Some(BucketCannedACL::PublicRead), ..Default::default() };
    assert_eq!(
        failed(root.call(list).await),
        ("AccessControlListNotSupported".into(), "The bucket does not allow ACLs".into())
    );
    let get = GetBucketAcl { bucket: "box".into(), ..Default::default() };
    let grants = root.call(get).await.unwrap().grants.unwrap();
    assert_eq!((grants.len(), grants[0].permission), (1, Some(Permission::FullControl)));
    let none = PutBucketAcl { bucket: "box".into(), ..Default::default() };
    assert_eq!(code(root.call(none).await), ("MissingSecurityHeader".into(), 400));
}

#[tokio::test]
async fn a_public_object_is_read_by_anybody_until_public_lists_are_ignored() {
    let cloud = cloud();
    let root = cloud.root();
    open(&root).await;
    put(&root, "box", "closed", "no").await;
    let public = PutObject { acl: Some(ObjectCannedACL::PublicRead), ..object("box", "open", "yes") };
    root.call(public.clone()).await.unwrap();
    assert_eq!(get(&anonymous(&cloud), "box", "open").await.unwrap(), "yes");
    assert_eq!(code(get(&anonymous(&cloud), "box", "closed").await), ("AccessDenied".into(), 403));
    let authenticated = PutObjectAcl {
        bucket: "box".into(),
        key: "open".into(),
        acl: Some(ObjectCannedACL::AuthenticatedRead),
        ..Default::default()
    };
    root.call(authenticated).await.unwrap();
    assert_eq!(code(get(&anonymous(&cloud), "box", "open").await).0, "AccessDenied");
    assert_eq!(get(&stranger(&cloud), "box", "open").await.unwrap(), "yes");
    block(&root, false, true).await;
    assert_eq!(code(get(&stranger(&cloud), "box", "open").await).0, "AccessDenied");
    block(&root, true, false).await;
    assert_eq!(
        failed(root.call(public).await).1,
        "User: arn:aws:iam::111122223333:root is not authorized to perform: s3:PutObject on resource: \
         \"arn:aws:s3:::box/open\" because public access control lists (ACLs) are blocked by the BlockPublicAcls block public \
         access setting."
    );
}

#[tokio::test]
async fn a_public_bucket_is_listed_and_written_by_anybody() {
    let cloud = cloud();
    let root = cloud.root();
    open(&root).await;
    let list = PutBucketAcl {
        bucket: "box".into(),
        acl: Some(BucketCannedACL::PublicReadWrite),
        ..Default::default()
    };
    root.call(list).await.unwrap();
    put(&anonymous(&cloud), "box", "k", "mine?").await;
    let listed = ListObjectsV2 { bucket: "box".into(), ..Default::default() };
    assert_eq!(anonymous(&cloud).call(listed).await.unwrap().key_count, Some(1));
    // Neither the object nor the bucket's settings are anybody's.
    assert_eq!(code(get(&anonymous(&cloud), "box", "k").await).0, "AccessDenied");
    let acl = GetBucketAcl { bucket: "box".into(), ..Default::default() };
    assert_eq!(code(anonymous(&cloud).call(acl.clone()).await).0, "AccessDenied");
    // A bucket whose list grants something cannot have lists switched off.
    let rules = vec![OwnershipControlsRule { object_ownership: ObjectOwnership::BucketOwnerEnforced }];
    let enforce = PutBucketOwnershipControls {
        bucket: "box".into(),
        ownership_controls: OwnershipControls { rules },
        ..Default::default()
    };
    assert_eq!(code(root.call(enforce).await).0, "InvalidBucketAclWithObjectOwnership");
    assert_eq!(root.call(acl).await.unwrap().grants.unwrap().len(), 3);
}

#[tokio::test]
async fn grants_by_header_and_whole() {
    let cloud = cloud();
    let root = cloud.root();
    open(&root).await;
    let header = PutBucketAcl {
        bucket: "box".into(),
        grant_read: Some("uri=\"http://acs.amazonaws.com/groups/global/AllUsers\"".into()),
        ..Default::default()
    };
    root.call(header.clone()).await.unwrap();
    let both = PutBucketAcl { acl: Some(BucketCannedACL::Private), ..header.clone() };
    assert_eq!(
        failed(root.call(both).await).1,
        "Specifying both Canned ACLs and Header Grants is not allowed"
    );
    let bad = PutBucketAcl { grant_read: Some("uri=\"http://nowhere\"".into()), ..header };
    assert_eq!(failed(root.call(bad).await), ("InvalidArgument".into(), "Invalid group uri".into()));
    let get = GetBucketAcl { bucket: "box".into(), ..Default::default() };
    let now = root.call(get.clone()).await.unwrap();
    let whole = PutBucketAcl {
        bucket: "box".into(),
        access_control_policy: Some(AccessControlPolicy { grants: now.grants.clone(), owner: now.owner }),
        ..Default::default()
    };
    root.call(whole).await.unwrap();
    assert_eq!(root.call(get).await.unwrap().grants, now.grants);
}
