//! Who may read and write: lists, policies, and what blocks them.

use super::{allow, blocks, bucket, policy, with};
use crate::managed::Verdict;
use crate::managed::s3::{ACCOUNT_BLOCK, BUCKET};
use crate::managed::testing::{ACCOUNT, Others, item, judge_among, table};
use crate::state::Item;
use wire::{Document, document};

fn acl(grantee: Document, permission: &str) -> Item {
    let list = document!({
        "owner": { "id": "me" },
        "grantList": [
            { "grantee": { "id": "me", "displayName": null }, "permission": "FullControl" },
            { "grantee": grantee, "permission": permission },
        ],
    });
    // As AWS Config has it: text.
    with("AccessControlList", Document::from(list.to_string()))
}

#[test]
fn lists() {
    table(
        "S3_BUCKET_ACL_PROHIBITED",
        &[
            (acl(document!({ "id": "me" }), "Read"), "{}", Some(true)),
            (acl(document!({ "id": "you" }), "Read"), "{}", Some(false)),
            (acl(Document::from("LogDelivery"), "Write"), "{}", Some(false)),
            // What is not known does not comply.
            (item(BUCKET, "b", document!({})), "{}", Some(false)),
            (with("AccessControlList", Document::from("{")), "{}", Some(false)),
        ],
    );
    let read = "S3_BUCKET_PUBLIC_READ_PROHIBITED";
    let everybody = || Document::from("AllUsers");
    let mut blocked = acl(everybody(), "Read");
    blocked.supplementary.insert("PublicAccessBlockConfiguration".into(), blocks(true));
    table(
        read,
        &[
            (acl(everybody(), "Read"), "{}", Some(false)),
            (acl(Document::from("AuthenticatedUsers"), "FullControl"), "{}", Some(false)),
            (acl(everybody(), "Write"), "{}", Some(true)),
            (acl(document!({ "id": "you" }), "Read"), "{}", Some(true)),
            (blocked, "{}", Some(true)),
            (item(BUCKET, "b", document!({})), "{}", Some(false)),
        ],
    );
    table(
        "S3_BUCKET_PUBLIC_WRITE_PROHIBITED",
        &[(acl(everybody(), "Write"), "{}", Some(false)), (acl(everybody(), "Read"), "{}", Some(true))],
    );
    // The account's block counts as the bucket's own.
    let account = Others(vec![item(ACCOUNT_BLOCK, ACCOUNT, blocks(true))]);
    assert_eq!(judge_among(read, &acl(everybody(), "Read"), "{}", &account), Verdict::Compliant);
}

#[test]
fn public_policies() {
    let everybody = "\"*\"";
    let denied = r#",{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*","Condition":{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}"#;
    let mut restricted = policy(&allow(everybody, "s3:GetObject", ""));
    restricted.supplementary.insert("PublicAccessBlockConfiguration".into(), blocks(true));
    table(
        "S3_BUCKET_PUBLIC_READ_PROHIBITED",
        &[
            (bucket(), "{}", Some(true)),
            (policy(&allow(everybody, "s3:GetObject", "")), "{}", Some(false)),
            (policy(&allow(everybody, "s3:List*", "")), "{}", Some(false)),
            (policy(&allow(everybody, "s3:PutObject", "")), "{}", Some(true)),
            (policy(&allow(everybody, "s3:GetObjectVersionTorrent", "")), "{}", Some(false)),
            (policy(&allow(everybody, "s3:GetObjectVersionT*", "")), "{}", Some(false)),
            (policy(&allow(everybody, "s3:Put*", "")), "{}", Some(true)),
            (policy(&allow(r#"{"AWS":"444455556666"}"#, "s3:GetObject", "")), "{}", Some(true)),
            (
                policy(&allow(
                    everybody,
                    "s3:GetObject",
                    r#","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#,
                )),
                "{}",
                Some(true),
            ),
            (
                policy(&allow(
                    everybody,
                    "s3:GetObject",
                    r#","Condition":{"Bool":{"aws:SecureTransport":"true"}}"#,
                )),
                "{}",
                Some(false),
            ),
            (policy(&format!("{}{denied}", allow(everybody, "s3:GetObject", ""))), "{}", Some(true)),
            (restricted, "{}", Some(true)),
            (with("BucketPolicy", document!({ "policyText": "{" })), "{}", Some(false)),
        ],
    );
    table(
        "S3_BUCKET_PUBLIC_WRITE_PROHIBITED",
        &[
            (policy(&allow(everybody, "s3:GetObject", "")), "{}", Some(true)),
            (policy(&allow(everybody, "s3:*", "")), "{}", Some(false)),
            (policy(&allow(everybody, "s3:DeleteBucket", "")), "{}", Some(false)),
        ],
    );
}

#[test]
fn only_with_tls() {
    let deny = |principal: &str, action: &str, resources: &str| {
        policy(&format!(
            r#"{{"Effect":"Deny","Principal":{principal},"Action":"{action}","Resource":{resources},"Condition":{{"Bool":{{"aws:SecureTransport":"false"}}}}}}"#
        ))
    };
    let both = r#"["arn:aws:s3:::b","arn:aws:s3:::b/*"]"#;
    let allowing = allow("\"*\"", "s3:*", r#","Condition":{"Bool":{"aws:SecureTransport":"true"}}"#);
    table(
        "S3_BUCKET_SSL_REQUESTS_ONLY",
        &[
            (deny("\"*\"", "s3:*", both), "{}", Some(true)),
            (deny("\"*\"", "s3:GetObject", both), "{}", Some(false)),
            (deny("\"*\"", "s3:*", r#""arn:aws:s3:::b/*""#), "{}", Some(false)),
            (deny("\"*\"", "s3:*", r#"["arn:aws:s3:::c","arn:aws:s3:::c/*"]"#), "{}", Some(false)),
            (deny(r#"{"AWS":"444455556666"}"#, "s3:*", both), "{}", Some(false)),
            // It allows only with TLS, but others (the account's own policies) may allow without.
            (policy(&allowing), "{}", Some(false)),
            (bucket(), "{}", Some(false)),
        ],
    );
}

#[test]
fn listed_actions() {
    let other = r#"{"AWS":"arn:aws:iam::444455556666:root"}"#;
    let own = r#"{"AWS":"arn:aws:iam::111122223333:root"}"#;
    let listed = r#"{"blacklistedActionPattern":"s3:*Acl, s3:DeleteObject"}"#;
    table(
        "S3_BUCKET_BLACKLISTED_ACTIONS_PROHIBITED",
        &[
            (bucket(), listed, Some(true)),
            (policy(&allow(other, "s3:GetObject", "")), listed, Some(true)),
            (policy(&allow(other, "s3:Delete*", "")), listed, Some(false)),
            (policy(&allow(other, "s3:PutBucketAcl", "")), listed, Some(false)),
            (policy(&allow("\"*\"", "s3:DeleteObject", "")), listed, Some(false)),
            (policy(&allow(own, "s3:*", "")), listed, Some(true)),
            (policy(&allow(r#"{"Service":"logging.s3.amazonaws.com"}"#, "s3:*", "")), listed, Some(true)),
        ],
    );
}

#[test]
fn listed_grantees() {
    let listed = r#"{"awsPrincipals":"111122223333,arn:aws:iam::444455556666:role/Bob","servicePrincipals":"cloudtrail.amazonaws.com","ipAddresses":"10.0.0.0/8","vpcIds":"vpc-1"}"#;
    let everybody =
        |condition: &str| policy(&allow("\"*\"", "s3:GetObject", &format!(r#","Condition":{condition}"#)));
    table(
        "S3_BUCKET_POLICY_GRANTEE_CHECK",
        &[
            (bucket(), listed, Some(true)),
            (policy(&allow(r#"{"AWS":"111122223333"}"#, "s3:*", "")), listed, Some(true)),
            (
                policy(&allow(
                    r#"{"AWS":["arn:aws:iam::444455556666:role/Bob","arn:aws:iam::111122223333:root"]}"#,
                    "s3:*",
                    "",
                )),
                listed,
                Some(true),
            ),
            (policy(&allow(r#"{"AWS":["111122223333","999900009999"]}"#, "s3:*", "")), listed, Some(false)),
            (
                policy(&allow(r#"{"Service":"cloudtrail.amazonaws.com"}"#, "s3:PutObject", "")),
                listed,
                Some(true),
            ),
            (
                policy(&allow(r#"{"Service":"logging.s3.amazonaws.com"}"#, "s3:PutObject", "")),
                listed,
                Some(false),
            ),
            (everybody(r#"{"IpAddress":{"aws:SourceIp":["10.1.0.0/16","10.0.0.1"]}}"#), listed, Some(true)),
            (everybody(r#"{"IpAddress":{"aws:SourceIp":["10.1.0.0/16","11.0.0.1"]}}"#), listed, Some(false)),
            (everybody(r#"{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#), listed, Some(false)),
            (everybody(r#"{"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#), listed, Some(true)),
            (everybody(r#"{"StringEquals":{"aws:SourceVpc":"vpc-2"}}"#), listed, Some(false)),
            (everybody("{}"), listed, Some(false)),
            (everybody("{}"), "{}", Some(false)),
        ],
    );
}

#[test]
fn no_more_than_the_control_policy() {
    let text = |statements: &str| format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    let control = |statements: &str| document!({ "controlPolicy": (text(statements)) }).to_string();
    let account = r#"{"AWS":"444455556666"}"#;
    let reading = control(&allow(account, "s3:Get*", ""));
    let from = r#","Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","11.0.0.0/8"]}}"#;
    let narrow = control(&allow(account, "s3:Get*", from));
    let fewer = r#","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#;
    let deny =
        r#"{"Effect":"Deny","Principal":"*","Action":"s3:GetObjectAcl","Resource":"arn:aws:s3:::b/*"}"#;
    let denying = control(&format!("{},{deny}", allow(account, "s3:Get*", "")));
    let identifier = "S3_BUCKET_POLICY_NOT_MORE_PERMISSIVE";
    table(
        identifier,
        &[
            (bucket(), &reading, Some(true)),
            (policy(&allow(account, "s3:GetObject", "")), &reading, Some(true)),
            (
                policy(&allow(r#"{"AWS":"arn:aws:iam::444455556666:role/Bob"}"#, "s3:GetObject", "")),
                &reading,
                Some(true),
            ),
            (policy(&allow(account, "s3:*", "")), &reading, Some(false)),
            (policy(&allow("\"*\"", "s3:GetObject", "")), &reading, Some(false)),
            (policy(&allow(r#"{"AWS":"111122223333"}"#, "s3:*", "")), &reading, Some(true)),
            (policy(&allow(account, "s3:GetObject", "")), &narrow, Some(false)),
            (policy(&allow(account, "s3:GetObject", fewer)), &narrow, Some(true)),
            (policy(&allow(account, "s3:GetObject", "")), &denying, Some(false)),
            (policy(&format!("{},{deny}", allow(account, "s3:GetObject", ""))), &denying, Some(true)),
        ],
    );
}
