//! Rules of security groups: authorized, revoked, changed, refused.

use crate::support::*;
use api_ec2::*;

#[tokio::test]
async fn the_incident_of_the_guide_and_its_remedy() {
    let cloud = cloud();
    let root = cloud.root();
    let vpc = vpc(&root, "10.0.0.0/16").await;
    let group = group(&root, Some(&vpc), "LabSG1").await;
    ok(&root, authorize(&group, vec![tcp(80, &["0.0.0.0/0"])])).await;
    // Three rules are added: HTTPS, SMTPS, IMAPS.
    let added = vec![tcp(443, &["0.0.0.0/0"]), tcp(465, &["0.0.0.0/0"]), tcp(993, &["0.0.0.0/0"])];
    let output = ok(&root, authorize(&group, added)).await;
    assert_eq!(output.r#return, Some(true));
    let answered = output.security_group_rules.unwrap();
    assert_eq!(answered.len(), 3);
    let id = answered[0].security_group_rule_id.clone().unwrap();
    assert!(id.starts_with("sgr-") && id.len() == 21, "{id}");
    assert_eq!(
        answered[0].security_group_rule_arn,
        Some(format!("arn:aws:ec2:us-east-1:111122223333:security-group-rule/{id}"))
    );
    // The function takes away what should not be there, and adds what should.
    let gone = ok(&root, revoke(&group, vec![tcp(465, &["0.0.0.0/0"]), tcp(993, &["0.0.0.0/0"])])).await;
    assert_eq!(gone.revoked_security_group_rules.unwrap().len(), 2);
    ok(&root, authorize(&group, vec![tcp_ipv6(80, "::/0"), tcp_ipv6(443, "::/0")])).await;
    let permissions = described_group(&root, &group).await.ip_permissions.unwrap();
    let ports: Vec<_> = permissions.iter().map(|permission| permission.from_port).collect();
    assert_eq!(ports, [Some(80), Some(443)]);
    for permission in &permissions {
        assert_eq!(permission.ip_ranges.as_ref().unwrap().len(), 1);
        assert_eq!(permission.ipv6_ranges.as_ref().unwrap()[0].cidr_ipv6.as_deref(), Some("::/0"));
    }
}

#[tokio::test]
async fn a_rule_that_is_there_is_a_duplicate_and_nothing_is_added() {
    let cloud = cloud();
    let root = cloud.root();
    let group = group(&root, None, "web").await;
    ok(&root, authorize(&group, vec![tcp(443, &["0.0.0.0/0"])])).await;
    let again =
        refused(&root, authorize(&group, vec![tcp(22, &["10.0.0.0/8"]), tcp(443, &["0.0.0.0/0"])])).await;
    let sentence =
        "the specified rule \"peer: 0.0.0.0/0, TCP, from port: 443, to port: 443, ALLOW\" already exists";
    assert_eq!(again, pair("InvalidPermission.Duplicate", sentence));
    assert_eq!(rules(&root, &group, false).await.len(), 1);
    let egress = AuthorizeSecurityGroupEgress {
        group_id: group.clone(),
        ip_permissions: Some(vec![IpPermission {
            ip_protocol: text("-1"),
            ip_ranges: Some(vec![IpRange { description: None, cidr_ip: text("0.0.0.0/0") }]),
            ..Default::default()
        }]),
        ..Default::default()
    };
    let sentence = "the specified rule \"peer: 0.0.0.0/0, ALL, ALLOW\" already exists";
    assert_eq!(refused(&root, egress).await, pair("InvalidPermission.Duplicate", sentence));
    let twice = authorize(&group, vec![tcp(25, &["10.0.0.0/8", "10.0.0.0/8"])]);
    let sentence = "The same permission must not appear multiple times";
    assert_eq!(refused(&root, twice).await, pair("InvalidParameterValue", sentence));
}

#[tokio::test]
async fn malformed_rules_have_aws_sentences() {
    let cloud = cloud();
    let root = cloud.root();
    let group = group(&root, None, "web").await;
    let with = |change: fn(&mut IpPermission)| {
        let mut permission = tcp(443, &["0.0.0.0/0"]);
        change(&mut permission);
        authorize(&group, vec![permission])
    };
    let cases: Vec<(AuthorizeSecurityGroupIngress, &str, &str)> = vec![
        (
            authorize(&group, vec![tcp(443, &["10.0.0.0/33"])]),
            "InvalidParameterValue",
            "CIDR block 10.0.0.0/33 is malformed",
        ),
        (
            authorize(&group, vec![tcp(443, &["::/0"])]),
            "InvalidParameterValue",
            "CIDR block ::/0 is malformed",
        ),
        (
            authorize(&group, vec![tcp_ipv6(443, "2001:db8::/129")]),
            "InvalidParameterValue",
            "CIDR block 2001:db8::/129 is malformed",
        ),
        (
            with(|rule| rule.ip_protocol = text("tpc")),
            "InvalidParameterValue",
            "Invalid value 'tpc' for IP protocol. Unknown protocol.",
        ),
        (
            with(|rule| rule.to_port = Some(80)),
            "InvalidParameterValue",
            "Invalid TCP/UDP port range (443:80)",
        ),
        (
            with(|rule| rule.to_port = Some(65536)),
            "InvalidParameterValue",
            "TCP/UDP port (65536) out of range",
        ),
        (
            with(|rule| rule.to_port = None),
            "InvalidParameterValue",
            "Must specify both from and to ports with TCP/UDP.",
        ),
        (
            with(|rule| rule.ip_protocol = None),
            "MissingParameter",
            "The request must contain the parameter ipProtocol",
        ),
        (
            with(|rule| rule.ip_ranges = None),
            "MissingParameter",
            "Missing source specification: include source security group or CIDR information",
        ),
        (
            authorize(&group, vec![]),
            "MissingParameter",
            "The request must contain the parameter ipPermissions",
        ),
        (
            authorize("sg-0123456789abcdef0", vec![tcp(1, &["0.0.0.0/0"])]),
            "InvalidGroup.NotFound",
            "The security group 'sg-0123456789abcdef0' does not exist",
        ),
        (
            authorize("web", vec![tcp(1, &["0.0.0.0/0"])]),
            "InvalidGroupId.Malformed",
            "Invalid id: \"web\" (expecting \"sg-...\")",
        ),
        (
            authorize("sg-xyz", vec![tcp(1, &["0.0.0.0/0"])]),
            "InvalidGroupId.Malformed",
            "Invalid id: \"sg-xyz\"",
        ),
    ];
    for (input, code, message) in cases {
        assert_eq!(refused(&root, input).await, pair(code, message));
    }
    let both = AuthorizeSecurityGroupIngress {
        cidr_ip: text("10.0.0.0/8"),
        ..authorize(&group, vec![tcp(1, &["10.0.0.0/8"])])
    };
    let sentence = "The parameter 'ipPermissions' may not be used in combination with 'ipProtocol'";
    assert_eq!(refused(&root, both).await, pair("InvalidParameterCombination", sentence));
    assert!(rules(&root, &group, false).await.is_empty());
}

#[tokio::test]
async fn blocks_lose_the_bits_of_the_host() {
    let cloud = cloud();
    let root = cloud.root();
    let group = group(&root, None, "web").await;
    ok(&root, authorize(&group, vec![tcp(22, &["100.68.0.18/18"]), tcp_ipv6(22, "2001:DB8::1/64")])).await;
    let rules = rules(&root, &group, false).await;
    let blocks: Vec<_> =
        rules.iter().map(|rule| rule.cidr_ipv4.as_deref().or(rule.cidr_ipv6.as_deref()).unwrap()).collect();
    assert_eq!(blocks, ["2001:db8::/64", "100.68.0.0/18"]);
}

#[tokio::test]
async fn a_group_has_sixty_rules_of_a_direction_and_family() {
    let cloud = cloud();
    let root = cloud.root();
    let group = group(&root, None, "crowded").await;
    ok(&root, authorize(&group, (1..=60).map(|port| tcp(port, &["0.0.0.0/0"])).collect())).await;
    let one_more = refused(&root, authorize(&group, vec![tcp(61, &["0.0.0.0/0"])])).await;
    let sentence = "The maximum number of rules per security group has been reached.";
    assert_eq!(one_more, pair("RulesPerSecurityGroupLimitExceeded", sentence));
    ok(&root, authorize(&group, vec![tcp_ipv6(61, "::/0")])).await;
    assert_eq!(rules(&root, &group, false).await.len(), 61);
}

#[tokio::test]
async fn older_single_parameters_are_honoured() {
    let cloud = cloud();
    let root = cloud.root();
    let group = group(&root, None, "web").await;
    let one = AuthorizeSecurityGroupIngress {
        group_name: text("web"),
        ip_protocol: text("6"),
        from_port: Some(22),
        to_port: Some(22),
        cidr_ip: text("10.1.2.3/8"),
        ..Default::default()
    };
    let answered = ok(&root, one).await.security_group_rules.unwrap();
    assert_eq!(
        (answered[0].ip_protocol.as_deref(), answered[0].cidr_ipv4.as_deref()),
        (Some("tcp"), Some("10.0.0.0/8"))
    );
    // A source group by its name is given everything.
    let by_name = AuthorizeSecurityGroupIngress {
        group_id: text(&group),
        source_security_group_name: text("default"),
        ..Default::default()
    };
    let answered = ok(&root, by_name).await.security_group_rules.unwrap();
    let protocols: Vec<_> = answered.iter().map(|rule| rule.ip_protocol.clone().unwrap()).collect();
    assert_eq!(protocols, ["tcp", "udp", "icmp"]);
    assert_eq!((answered[1].from_port, answered[1].to_port), (Some(0), Some(65535)));
    let gone = RevokeSecurityGroupIngress {
        group_name: text("web"),
        ip_protocol: text("tcp"),
        from_port: Some(22),
        to_port: Some(22),
        cidr_ip: text("10.0.0.0/8"),
        ..Default::default()
    };
    assert_eq!(ok(&root, gone).await.revoked_security_group_rules.unwrap().len(), 1);
    let nobody = AuthorizeSecurityGroupIngress {
        group_name: text("nobody"),
        ..authorize("", vec![tcp(1, &["0.0.0.0/0"])])
    };
    let sentence =
        format!("The security group 'nobody' does not exist in default VPC '{}'", default_vpc(&root).await);
    assert_eq!(refused(&root, nobody).await, pair("InvalidGroup.NotFound", sentence));
}

#[tokio::test]
async fn what_is_not_there_is_not_revoked() {
    let cloud = cloud();
    let root = cloud.root();
    let vpc = vpc(&root, "10.0.0.0/16").await;
    let lab = group(&root, Some(&vpc), "lab").await;
    ok(&root, authorize(&lab, vec![tcp(80, &["0.0.0.0/0"])])).await;
    let absent = refused(&root, revoke(&lab, vec![tcp(80, &["0.0.0.0/0"]), tcp(81, &["0.0.0.0/0"])])).await;
    assert_eq!(
        absent,
        pair("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
    );
    assert_eq!(rules(&root, &lab, false).await.len(), 1);
    // In the default VPC the answer lists it.
    let web = group(&root, None, "web").await;
    ok(&root, authorize(&web, vec![tcp(80, &["0.0.0.0/0"])])).await;
    let lenient = ok(&root, revoke(&web, vec![tcp(80, &["0.0.0.0/0"]), tcp(81, &["0.0.0.0/0"])])).await;
    assert_eq!(lenient.unknown_ip_permissions.unwrap()[0].from_port, Some(81));
    assert!(rules(&root, &web, false).await.is_empty());
}

#[tokio::test]
async fn groups_refer_to_groups_of_their_own_network() {
    let cloud = cloud();
    let root = cloud.root();
    let lab = vpc(&root, "10.0.0.0/16").await;
    let (front, back) = (group(&root, Some(&lab), "front").await, group(&root, Some(&lab), "back").await);
    let elsewhere = group(&root, None, "elsewhere").await;
    let from = |id: &str, owner: Option<&str>| IpPermission {
        ip_ranges: None,
        user_id_group_pairs: Some(vec![UserIdGroupPair {
            group_id: text(id),
            user_id: owner.map(str::to_owned),
            ..Default::default()
        }]),
        ..tcp(3306, &[])
    };
    let made = ok(&root, authorize(&back, vec![from(&front, Some(testkit::ACCOUNT))]))
        .await
        .security_group_rules
        .unwrap();
    let info = made[0].referenced_group_info.as_ref().unwrap();
    assert_eq!((info.group_id.as_ref(), info.user_id.as_deref()), (Some(&front), Some(testkit::ACCOUNT)));
    let networks = "You have specified two resources that belong to different networks.";
    assert_eq!(
        refused(&root, authorize(&back, vec![from(&elsewhere, None)])).await,
        pair("InvalidGroup.NotFound", networks)
    );
    let stranger = refused(&root, authorize(&back, vec![from(&front, Some("999988887777"))])).await;
    assert_eq!(
        stranger,
        pair("InvalidGroup.NotFound", format!("The security group '{front}' does not exist"))
    );
    // What is referred to cannot go.
    let delete = |id: &str| DeleteSecurityGroup { group_id: text(id), ..Default::default() };
    assert_eq!(
        refused(&root, delete(&front)).await,
        pair("DependencyViolation", format!("resource {front} has a dependent object"))
    );
    ok(&root, delete(&back)).await;
    ok(&root, delete(&front)).await;
}

#[tokio::test]
async fn a_dry_run_is_judged_and_changes_nothing() {
    let cloud = cloud();
    let root = cloud.root();
    let web = group(&root, None, "web").await;
    let tried = AuthorizeSecurityGroupIngress {
        dry_run: Some(true),
        ..authorize(&web, vec![tcp(80, &["0.0.0.0/0"])])
    };
    match root.call(tried).await {
        Err(error) => {
            assert_eq!((error.code.as_str(), error.status), ("DryRunOperation", 412));
            assert_eq!(error.message, "Request would have succeeded, but DryRun flag is set.");
        }
        Ok(_) => panic!("a dry run answered"),
    }
    assert!(rules(&root, &web, false).await.is_empty());
}
