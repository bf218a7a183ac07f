//! What IAM lets through, and what it says when it does not.

use crate::support::*;
use api_ec2::*;

fn allow(action: &str, resource: &str, condition: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"{resource}"{condition}}}]}}"#
    )
}

fn authorize(group: &str) -> AuthorizeSecurityGroupIngress {
    AuthorizeSecurityGroupIngress {
        group_id: text(group),
        ip_permissions: Some(vec![tcp(22, &["0.0.0.0/0"])]),
        ..Default::default()
    }
}

#[tokio::test]
async fn without_a_policy_the_sentence_names_user_action_and_group() {
    let cloud = cloud();
    let web = group(&cloud.root(), None, "web").await;
    let nobody = cloud.user("nobody", &[]);
    let denied = refused(&nobody, authorize(&web)).await;
    let sentence = format!(
        "You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/nobody is not authorized \
         to perform: ec2:AuthorizeSecurityGroupIngress on resource: \
         arn:aws:ec2:us-east-1:111122223333:security-group/{web} because no identity-based policy allows the \
         ec2:AuthorizeSecurityGroupIngress action"
    );
    assert_eq!(denied, pair("UnauthorizedOperation", sentence));
    assert!(described_group(&cloud.root(), &web).await.ip_permissions.unwrap().is_empty());
    // Whether a group is there is not told either.
    let absent = refused(&nobody, authorize("sg-0123456789abcdef0")).await;
    assert_eq!(absent.0, "UnauthorizedOperation");
    let describe = refused(&nobody, DescribeSecurityGroups::default()).await;
    assert_eq!(
        describe.1,
        "You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/nobody is not authorized \
         to perform: ec2:DescribeSecurityGroups because no identity-based policy allows the ec2:DescribeSecurityGroups action"
    );
}

#[tokio::test]
async fn a_dry_run_tells_what_is_allowed() {
    let cloud = cloud();
    let web = group(&cloud.root(), None, "web").await;
    let tried = AuthorizeSecurityGroupIngress { dry_run: Some(true), ..authorize(&web) };
    assert_eq!(refused(&cloud.user("nobody", &[]), tried.clone()).await.0, "UnauthorizedOperation");
    let able = cloud.user("able", &[&allow("ec2:AuthorizeSecurityGroupIngress", "*", "")]);
    assert_eq!(refused(&able, tried).await.0, "DryRunOperation");
}

#[tokio::test]
async fn policies_bind_by_arn_vpc_and_tag() {
    let cloud = cloud();
    let root = cloud.root();
    let lab = vpc(&root, "10.0.0.0/16").await;
    let (web, data) = (group(&root, Some(&lab), "web").await, group(&root, None, "data").await);
    let tag = Tag { key: text("team"), value: text("blue") };
    ok(&root, CreateTags { resources: vec![web.clone()], tags: vec![tag], dry_run: None }).await;
    let arn = |id: &str| format!("arn:aws:ec2:us-east-1:111122223333:security-group/{id}");
    let vpc_arn = format!("arn:aws:ec2:us-east-1:111122223333:vpc/{lab}");
    let by_vpc = format!(r#","Condition":{{"ArnEquals":{{"ec2:Vpc":"{vpc_arn}"}}}}"#);
    let by_tag = r#","Condition":{"StringEquals":{"aws:ResourceTag/team":"blue","ec2:Region":"us-east-1"}}"#;
    let old_tag = r#","Condition":{"StringEquals":{"ec2:ResourceTag/team":"blue"}}"#;
    for (name, resource, condition) in [
        ("arn", arn(&web), ""),
        ("vpc", "*".into(), &by_vpc),
        ("tag", "*".into(), by_tag),
        ("old", "*".into(), old_tag),
    ] {
        let user = cloud.user(name, &[&allow("ec2:AuthorizeSecurityGroupIngress", &resource, condition)]);
        assert_eq!(refused(&user, authorize(&data)).await.0, "UnauthorizedOperation", "{name}");
        ok(&user, authorize(&web)).await;
        ok(
            &root,
            RevokeSecurityGroupIngress {
                group_id: text(&web),
                ip_permissions: Some(vec![tcp(22, &["0.0.0.0/0"])]),
                ..Default::default()
            },
        )
        .await;
    }
}

#[tokio::test]
async fn an_explicit_deny_wins() {
    let cloud = cloud();
    let web = group(&cloud.root(), None, "web").await;
    let deny = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ec2:Authorize*","Resource":"*"}]}"#;
    let user = cloud.user("bound", &[&allow("ec2:*", "*", ""), deny]);
    let (code, message) = refused(&user, authorize(&web)).await;
    assert_eq!(code, "UnauthorizedOperation");
    assert!(message.ends_with("with an explicit deny in an identity-based policy"), "{message}");
    ok(&user, DescribeSecurityGroups::default()).await;
}

#[tokio::test]
async fn making_with_tags_needs_create_tags_too() {
    let cloud = cloud();
    let tagged = |value: &str| CreateVpc {
        cidr_block: text("10.0.0.0/16"),
        tag_specifications: Some(vec![TagSpecification {
            resource_type: text("vpc"),
            tags: Some(vec![Tag { key: text("team"), value: text(value) }]),
        }]),
        ..Default::default()
    };
    let maker = cloud.user("maker", &[&allow("ec2:CreateVpc", "arn:aws:ec2:*:*:vpc/*", "")]);
    let (_, message) = refused(&maker, tagged("blue")).await;
    assert!(
        message.contains("ec2:CreateTags on resource: arn:aws:ec2:us-east-1:111122223333:vpc/*"),
        "{message}"
    );
    ok(&maker, CreateVpc { tag_specifications: None, ..tagged("") }).await;
    let on_create =
        r#","Condition":{"StringEquals":{"ec2:CreateAction":"CreateVpc","aws:RequestTag/team":"blue"}}"#;
    let tagger =
        cloud.user("tagger", &[&allow("ec2:CreateVpc", "*", ""), &allow("ec2:CreateTags", "*", on_create)]);
    assert_eq!(refused(&tagger, tagged("red")).await.0, "UnauthorizedOperation");
    let vpc = ok(&tagger, tagged("blue")).await.vpc.unwrap().vpc_id.unwrap();
    // CreateTags by itself has no CreateAction.
    let tag = CreateTags {
        resources: vec![vpc],
        tags: vec![Tag { key: text("team"), value: text("blue") }],
        dry_run: None,
    };
    assert_eq!(refused(&tagger, tag).await.0, "UnauthorizedOperation");
}

#[tokio::test]
async fn a_group_is_made_in_a_vpc_that_is_allowed() {
    let cloud = cloud();
    let lab = vpc(&cloud.root(), "10.0.0.0/16").await;
    let arn = "arn:aws:ec2:us-east-1:111122223333:security-group/*";
    let vpc_arn = format!("arn:aws:ec2:us-east-1:111122223333:vpc/{lab}");
    let user = cloud.user(
        "maker",
        &[&allow("ec2:CreateSecurityGroup", arn, ""), &allow("ec2:CreateSecurityGroup", &vpc_arn, "")],
    );
    group(&user, Some(&lab), "inside").await;
    let outside =
        CreateSecurityGroup { group_name: "outside".into(), description: "x".into(), ..Default::default() };
    let (_, message) = refused(&user, outside).await;
    let default = default_vpc(&cloud.root()).await;
    assert!(
        message.contains(&format!("on resource: arn:aws:ec2:us-east-1:111122223333:vpc/{default} ")),
        "{message}"
    );
}
