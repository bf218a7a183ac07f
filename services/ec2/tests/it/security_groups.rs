//! Groups: their grammar, their names, how they are found.

use crate::support::*;
use api_ec2::*;

fn create(name: &str, description: &str) -> CreateSecurityGroup {
    CreateSecurityGroup { group_name: name.into(), description: description.into(), ..Default::default() }
}

#[tokio::test]
async fn names_and_descriptions_have_a_grammar() {
    let cloud = cloud();
    let root = cloud.root();
    let cases = [
        (
            create("sg-web", "x"),
            "InvalidParameterValue",
            "Value (sg-web) for parameter GroupName is invalid. Group names may not be in the format sg-*.",
        ),
        (
            create("wéb", "x"),
            "InvalidParameterValue",
            "Value (wéb) for parameter GroupName is invalid. Character sets beyond ASCII are not supported.",
        ),
        (create("default", "x"), "InvalidParameterValue", "Cannot use reserved security group name: default"),
        (
            create("web", "ü"),
            "InvalidParameterValue",
            "Value (ü) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.",
        ),
        (
            create("web", "a|b"),
            "InvalidParameterValue",
            "Invalid security group description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
        ),
    ];
    for (input, code, message) in cases {
        assert_eq!(refused(&root, input).await, pair(code, message));
    }
    assert_eq!(refused(&root, create("a|b", "x")).await.0, "InvalidParameterValue");
    assert_eq!(refused(&root, create(&"a".repeat(256), "x")).await.0, "InvalidParameterValue");
    let nowhere = CreateSecurityGroup { vpc_id: text("vpc-0123456789abcdef0"), ..create("web", "x") };
    let sentence = "The vpc ID 'vpc-0123456789abcdef0' does not exist";
    assert_eq!(refused(&root, nowhere).await, pair("InvalidVpcID.NotFound", sentence));
}

#[tokio::test]
async fn a_name_is_taken_once_in_a_vpc() {
    let cloud = cloud();
    let root = cloud.root();
    let lab = vpc(&root, "10.0.0.0/16").await;
    let made = ok(&root, create("web", "x")).await;
    let id = made.group_id.unwrap();
    assert_eq!(
        made.security_group_arn,
        Some(format!("arn:aws:ec2:us-east-1:111122223333:security-group/{id}"))
    );
    let sentence = format!("The security group 'web' already exists for VPC '{}'", default_vpc(&root).await);
    assert_eq!(refused(&root, create("web", "y")).await, pair("InvalidGroup.Duplicate", sentence));
    group(&root, Some(&lab), "web").await;
}

#[tokio::test]
async fn a_new_group_lets_everything_out_and_nothing_in() {
    let cloud = cloud();
    let root = cloud.root();
    let id = group(&root, None, "web").await;
    let group = described_group(&root, &id).await;
    assert_eq!(group.ip_permissions.unwrap(), []);
    let egress = group.ip_permissions_egress.unwrap();
    assert_eq!((egress.len(), egress[0].ip_protocol.as_deref()), (1, Some("-1")));
    assert_eq!(group.vpc_id, Some(default_vpc(&root).await));
}

#[tokio::test]
async fn groups_are_found_by_filters() {
    let cloud = cloud();
    let root = cloud.root();
    let web = group(&root, None, "web-1").await;
    group(&root, None, "data").await;
    let rule = AuthorizeSecurityGroupIngress {
        group_id: text(&web),
        ip_permissions: Some(vec![tcp(22, &["10.0.0.0/8"])]),
        ..Default::default()
    };
    ok(&root, rule).await;
    let found = async |filters: Vec<Filter>| {
        let describe = DescribeSecurityGroups { filters: Some(filters), ..Default::default() };
        let groups = ok(&root, describe).await.security_groups.unwrap();
        let mut names: Vec<String> = groups.into_iter().filter_map(|group| group.group_name).collect();
        names.sort();
        names
    };
    assert_eq!(found(vec![filter("group-name", &["web-?"])]).await, ["web-1"]);
    assert_eq!(found(vec![filter("group-name", &["web*", "data"])]).await, ["data", "web-1"]);
    assert_eq!(
        found(vec![filter("ip-permission.cidr", &["10.0.0.0/8"]), filter("ip-permission.to-port", &["22"])])
            .await,
        ["web-1"]
    );
    assert_eq!(found(vec![filter("ip-permission.group-name", &["default"])]).await, ["default"]);
    assert_eq!(found(vec![filter("egress.ip-permission.protocol", &["-1"])]).await.len(), 3);
    assert!(found(vec![filter("vpc-id", &["vpc-1"])]).await.is_empty());
    let unknown =
        DescribeSecurityGroups { filters: Some(vec![filter("colour", &["red"])]), ..Default::default() };
    assert_eq!(
        refused(&root, unknown).await,
        pair("InvalidParameterValue", "The filter 'colour' is invalid")
    );
    let by_name = DescribeSecurityGroups { group_names: Some(vec!["web-1".into()]), ..Default::default() };
    assert_eq!(ok(&root, by_name).await.security_groups.unwrap()[0].group_id, Some(web));
}

#[tokio::test]
async fn groups_come_in_pages() {
    let cloud = cloud();
    let root = cloud.root();
    for number in 0..11 {
        group(&root, None, &format!("group-{number}")).await;
    }
    let page = |next_token: Option<String>| DescribeSecurityGroups {
        max_results: Some(5),
        next_token,
        ..Default::default()
    };
    let mut seen = Vec::new();
    let mut token = None;
    for expected in [5, 5, 2] {
        let output = ok(&root, page(token)).await;
        let groups = output.security_groups.unwrap();
        assert_eq!(groups.len(), expected);
        seen.extend(groups.into_iter().filter_map(|group| group.group_id));
        token = output.next_token;
    }
    assert_eq!(token, None);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 12);
    assert_eq!(refused(&root, page(text("nonsense"))).await.0, "InvalidPaginationToken");
    let with_ids = DescribeSecurityGroups { group_ids: Some(vec![seen[0].clone()]), ..page(None) };
    let sentence = "The parameter securityGroupIds cannot be used with the parameter maxResults";
    assert_eq!(refused(&root, with_ids).await, pair("InvalidParameterCombination", sentence));
    let too_few = DescribeSecurityGroups { max_results: Some(4), ..Default::default() };
    assert_eq!(refused(&root, too_few).await.0, "InvalidParameterValue");
}

#[tokio::test]
async fn references_and_stale_groups_are_of_peering_and_there_is_none() {
    let cloud = cloud();
    let root = cloud.root();
    let web = group(&root, None, "web").await;
    let references = DescribeSecurityGroupReferences { group_id: vec![web], dry_run: None };
    assert_eq!(ok(&root, references).await.security_group_reference_set.unwrap(), []);
    let stale = DescribeStaleSecurityGroups { vpc_id: "vpc-0123456789abcdef0".into(), ..Default::default() };
    assert_eq!(refused(&root, stale).await.0, "InvalidVpcID.NotFound");
}
