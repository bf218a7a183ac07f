//! Rules that are there: revoked by id, changed, described.

use crate::support::*;
use api_ec2::*;

#[tokio::test]
async fn rules_are_revoked_by_their_ids() {
    let cloud = cloud();
    let root = cloud.root();
    let web = group(&root, None, "web").await;
    let made = ok(&root, authorize(&web, vec![tcp(80, &["0.0.0.0/0"]), tcp(443, &["0.0.0.0/0"])])).await;
    let ids: Vec<String> = made
        .security_group_rules
        .unwrap()
        .into_iter()
        .filter_map(|rule| rule.security_group_rule_id)
        .collect();
    let by_id = |ids: Vec<String>| RevokeSecurityGroupIngress {
        group_id: text(&web),
        security_group_rule_ids: Some(ids),
        ..Default::default()
    };
    let unknown = refused(&root, by_id(vec![ids[0].clone(), "sgr-0123456789abcdef0".into()])).await;
    let sentence = "The security group rule ID 'sgr-0123456789abcdef0' does not exist";
    assert_eq!(unknown, pair("InvalidSecurityGroupRuleId.NotFound", sentence));
    assert_eq!(refused(&root, by_id(vec!["80".into()])).await.0, "InvalidSecurityGroupRuleId.Malformed");
    // An id of the other direction is not there either.
    let outgoing = rules(&root, &web, true).await[0].security_group_rule_id.clone().unwrap();
    assert_eq!(refused(&root, by_id(vec![outgoing])).await.0, "InvalidSecurityGroupRuleId.NotFound");
    let gone = ok(&root, by_id(vec![ids[0].clone()])).await;
    assert_eq!(gone.revoked_security_group_rules.unwrap()[0].from_port, Some(80));
    let mixed = RevokeSecurityGroupIngress {
        ip_permissions: Some(vec![tcp(443, &["0.0.0.0/0"])]),
        ..by_id(vec![ids[1].clone()])
    };
    assert_eq!(refused(&root, mixed).await.0, "InvalidParameterCombination");
    let neither = RevokeSecurityGroupIngress { group_id: text(&web), ..Default::default() };
    let sentence = "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.";
    assert_eq!(refused(&root, neither).await, pair("MissingParameter", sentence));
}

#[tokio::test]
async fn rules_are_modified_in_place() {
    let cloud = cloud();
    let root = cloud.root();
    let web = group(&root, None, "web").await;
    let made = ok(&root, authorize(&web, vec![tcp(80, &["0.0.0.0/0"]), tcp(443, &["0.0.0.0/0"])])).await;
    let ids: Vec<String> = made
        .security_group_rules
        .unwrap()
        .into_iter()
        .filter_map(|rule| rule.security_group_rule_id)
        .collect();
    let modify = |id: &str, request: SecurityGroupRuleRequest| ModifySecurityGroupRules {
        group_id: web.clone(),
        security_group_rules: vec![SecurityGroupRuleUpdate {
            security_group_rule_id: id.to_owned(),
            security_group_rule: Some(request),
        }],
        dry_run: None,
    };
    let request = |port: i32, cidr: &str| SecurityGroupRuleRequest {
        ip_protocol: text("tcp"),
        from_port: Some(port),
        to_port: Some(port),
        cidr_ipv4: text(cidr),
        description: text("narrowed"),
        ..Default::default()
    };
    ok(&root, modify(&ids[0], request(8080, "10.0.0.0/8"))).await;
    let rule = rules(&root, &web, false).await.into_iter().find(|rule| rule.from_port == Some(8080)).unwrap();
    assert_eq!(
        (rule.security_group_rule_id.as_ref(), rule.description.as_deref()),
        (Some(&ids[0]), Some("narrowed"))
    );
    let twin = refused(&root, modify(&ids[0], request(443, "0.0.0.0/0"))).await;
    assert_eq!(twin.0, "InvalidPermission.Duplicate");
    let other_kind = SecurityGroupRuleRequest { cidr_ipv4: None, cidr_ipv6: text("::/0"), ..request(80, "") };
    assert_eq!(refused(&root, modify(&ids[0], other_kind)).await.0, "InvalidParameterValue");
    let two_peers = SecurityGroupRuleRequest { cidr_ipv6: text("::/0"), ..request(80, "10.0.0.0/8") };
    assert_eq!(refused(&root, modify(&ids[0], two_peers)).await.0, "InvalidParameterCombination");
    assert_eq!(
        refused(&root, modify("sgr-0123456789abcdef0", request(1, "10.0.0.0/8"))).await.0,
        "InvalidSecurityGroupRuleId.NotFound"
    );
}

#[tokio::test]
async fn descriptions_change_and_have_a_grammar() {
    let cloud = cloud();
    let root = cloud.root();
    let web = group(&root, None, "web").await;
    let described = |text_: Option<&str>| {
        let mut permission = tcp(80, &["0.0.0.0/0"]);
        permission.ip_ranges.as_mut().unwrap()[0].description = text_.map(str::to_owned);
        permission
    };
    let (code, message) = refused(&root, authorize(&web, vec![described(Some("a|b"))])).await;
    assert_eq!(code, "InvalidParameterValue");
    assert!(
        message
            .starts_with("Invalid rule description. Valid descriptions are strings less than 256 characters")
    );
    ok(&root, authorize(&web, vec![described(Some("for the web"))])).await;
    let update = |permission: IpPermission| UpdateSecurityGroupRuleDescriptionsIngress {
        group_id: text(&web),
        ip_permissions: Some(vec![permission]),
        ..Default::default()
    };
    ok(&root, update(described(Some("for all")))).await;
    assert_eq!(rules(&root, &web, false).await[0].description.as_deref(), Some("for all"));
    ok(&root, update(described(None))).await;
    assert_eq!(rules(&root, &web, false).await[0].description, None);
    assert_eq!(refused(&root, update(tcp(81, &["0.0.0.0/0"]))).await.0, "InvalidPermission.NotFound");
    let outgoing = rules(&root, &web, true).await[0].security_group_rule_id.clone();
    let by_id = UpdateSecurityGroupRuleDescriptionsEgress {
        group_id: text(&web),
        security_group_rule_descriptions: Some(vec![SecurityGroupRuleDescription {
            security_group_rule_id: outgoing,
            description: text("out"),
        }]),
        ..Default::default()
    };
    ok(&root, by_id).await;
    assert_eq!(rules(&root, &web, true).await[0].description.as_deref(), Some("out"));
}
