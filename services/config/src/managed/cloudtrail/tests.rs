use super::*;
use crate::managed::testing::{Others, item, judge_account, judge_among, table, with_part};
use wire::document;

/// A trail of all regions that has everything, with some settings changed and selectors.
fn trail(changed: Document, selectors: Document, on: bool) -> Item {
    let mut configuration = document!({
        "name": "audit",
        "s3BucketName": "files",
        "snsTopicARN": "arn:aws:sns:us-east-1:111122223333:t",
        "cloudWatchLogsLogGroupArn": "arn:aws:logs:us-east-1:111122223333:log-group:g:*",
        "kmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/k",
        "includeGlobalServiceEvents": true,
        "isMultiRegionTrail": true,
        "logFileValidationEnabled": true
    });
    for (name, value) in changed.as_object().unwrap() {
        configuration.set(name.clone(), value.clone());
    }
    let is_advanced = selectors.as_array().unwrap().iter().any(|it| it.get("fieldSelectors").is_some());
    let part = if is_advanced { "AdvancedEventSelectors" } else { "EventSelectors" };
    let status =
        document!({ "isLogging": on, "latestCloudWatchLogsDeliveryTime": "2026-11-21T00:00:00.000Z" });
    with_part(with_part(item(TRAIL, "audit", configuration), part, selectors), "TrailStatus", status)
}

fn basic(read_write: &str, management: bool, data: &[&str], excluded: &[&str]) -> Document {
    document!([{
        "readWriteType": read_write,
        "includeManagementEvents": management,
        "dataResources": [{ "type": "AWS::S3::Object", "values": (data.iter().copied().collect::<Document>()) }],
        "excludeManagementEventSources": (excluded.iter().copied().collect::<Document>())
    }])
}

fn advanced(fields: &[(&str, &str, &str)]) -> Document {
    let fields = fields.iter().map(|(field, operator, value)| {
        document!({ "field": (*field) }).with(*operator, document!([(*value)]))
    });
    document!([{ "name": "n", "fieldSelectors": (Document::Array(fields.collect())) }])
}

fn usual() -> Document {
    basic("All", true, &[], &[])
}

fn plain(changed: Document) -> Item {
    trail(changed, usual(), true)
}

fn account(identifier: &str, rows: Vec<(Vec<Item>, &str, bool)>) {
    for (index, (trails, parameters, expected)) in rows.into_iter().enumerate() {
        let verdict = judge_account(identifier, parameters, &Others(trails));
        assert_eq!(verdict == Verdict::Compliant, expected, "{identifier}, row {index}: {verdict:?}");
    }
}

#[test]
fn a_trail_logs_to_where_it_is_wanted() {
    let elsewhere = || {
        let mut there = plain(document!({ "isMultiRegionTrail": false }));
        there.region = "eu-west-1".into();
        there
    };
    let far = || {
        let mut there = plain(document!({}));
        there.region = "eu-west-1".into();
        there
    };
    account(
        "CLOUD_TRAIL_ENABLED",
        vec![
            (vec![], "{}", false),
            (vec![plain(document!({ "isMultiRegionTrail": false }))], "{}", true),
            (vec![trail(document!({}), usual(), false)], "{}", false),
            (vec![elsewhere()], "{}", false),
            (vec![far()], "{}", true),
            (vec![plain(document!({}))], r#"{"s3BucketName":"files"}"#, true),
            (vec![plain(document!({}))], r#"{"s3BucketName":"others"}"#, false),
            (vec![plain(document!({ "snsTopicARN": null }))], r#"{"snsTopicArn":"arn:t"}"#, false),
            (
                vec![plain(document!({}))],
                r#"{"cloudWatchLogsLogGroupArn":"arn:aws:logs:us-east-1:111122223333:log-group:g:*"}"#,
                true,
            ),
        ],
    );
}

#[test]
fn a_trail_of_all_regions_tells_of_management_events() {
    account(
        "MULTI_REGION_CLOUD_TRAIL_ENABLED",
        vec![
            (vec![plain(document!({}))], "{}", true),
            (vec![plain(document!({ "isMultiRegionTrail": false }))], "{}", false),
            (vec![plain(document!({}))], r#"{"includeManagementEvents":"true","readWriteType":"ALL"}"#, true),
            (
                vec![trail(document!({}), basic("WriteOnly", true, &[], &[]), true)],
                r#"{"readWriteType":"ALL"}"#,
                false,
            ),
            (
                vec![trail(document!({}), basic("WriteOnly", true, &[], &[]), true)],
                r#"{"readWriteType":"WriteOnly"}"#,
                true,
            ),
            (
                vec![trail(document!({}), basic("All", false, &["arn:aws:s3"], &[]), true)],
                r#"{"includeManagementEvents":"true"}"#,
                false,
            ),
            (vec![trail(document!({}), basic("All", true, &[], &["kms.amazonaws.com"]), true)], "{}", false),
            (
                vec![trail(document!({}), advanced(&[("eventCategory", "equals", "Management")]), true)],
                r#"{"includeManagementEvents":"true","readWriteType":"ALL"}"#,
                true,
            ),
            (
                vec![trail(
                    document!({}),
                    advanced(&[
                        ("eventCategory", "equals", "Management"),
                        ("eventSource", "notEquals", "kms.amazonaws.com"),
                    ]),
                    true,
                )],
                "{}",
                false,
            ),
        ],
    );
    account(
        "CLOUDTRAIL_SECURITY_TRAIL_ENABLED",
        vec![
            (vec![], "{}", false),
            (vec![plain(document!({}))], "{}", true),
            (vec![plain(document!({ "kmsKeyId": null }))], "{}", false),
            (vec![plain(document!({ "logFileValidationEnabled": false }))], "{}", false),
            (vec![plain(document!({ "includeGlobalServiceEvents": false }))], "{}", false),
            (vec![trail(document!({}), basic("ReadOnly", true, &[], &[]), true)], "{}", false),
            (
                vec![trail(
                    document!({}),
                    advanced(&[("eventCategory", "equals", "Management"), ("readOnly", "equals", "false")]),
                    true,
                )],
                "{}",
                false,
            ),
        ],
    );
}

#[test]
fn data_events_of_objects_are_told() {
    let all = |kind: &str| trail(document!({}), basic(kind, true, &["arn:aws:s3"], &[]), true);
    let one = || trail(document!({}), basic("All", false, &["arn:aws:s3:::one/"], &[]), true);
    let prefix = || trail(document!({}), basic("All", false, &["arn:aws:s3:::one/part"], &[]), true);
    let home = || {
        trail(document!({ "isMultiRegionTrail": false }), basic("All", true, &["arn:aws:s3:::"], &[]), true)
    };
    let fields = |more: &[(&str, &str, &str)]| {
        let mut fields =
            vec![("eventCategory", "equals", "Data"), ("resources.type", "equals", "AWS::S3::Object")];
        fields.extend(more);
        trail(document!({}), advanced(&fields), true)
    };
    account(
        "CLOUDTRAIL_S3_DATAEVENTS_ENABLED",
        vec![
            (vec![plain(document!({}))], "{}", false),
            (vec![all("ReadOnly")], "{}", true),
            (vec![home()], "{}", true),
            (vec![one()], "{}", false),
            (vec![one()], r#"{"S3BucketNames":"one"}"#, true),
            (vec![one()], r#"{"S3BucketNames":"one, two"}"#, false),
            (vec![all("All")], r#"{"S3BucketNames":"one,two"}"#, true),
            (vec![prefix()], r#"{"S3BucketNames":"one"}"#, false),
            (vec![fields(&[])], "{}", true),
            (vec![fields(&[("resources.ARN", "startsWith", "arn:aws:s3:::one/")])], "{}", false),
            (
                vec![fields(&[("resources.ARN", "startsWith", "arn:aws:s3:::one/")])],
                r#"{"S3BucketNames":"one"}"#,
                true,
            ),
            (vec![fields(&[("resources.ARN", "notStartsWith", "arn:aws:s3:::one/")])], "{}", false),
            (vec![fields(&[("eventName", "equals", "GetObject")])], "{}", false),
            (vec![trail(document!({}), basic("All", true, &["arn:aws:s3"], &[]), false)], "{}", false),
        ],
    );
    account(
        "CLOUDTRAIL_ALL_READ_S3_DATA_EVENT_CHECK",
        vec![
            (vec![all("All")], "{}", true),
            (vec![all("ReadOnly")], "{}", true),
            (vec![all("WriteOnly")], "{}", false),
            (vec![home()], "{}", false),
            (vec![one()], "{}", false),
            (vec![fields(&[("readOnly", "equals", "true")])], "{}", true),
        ],
    );
    account(
        "CLOUDTRAIL_ALL_WRITE_S3_DATA_EVENT_CHECK",
        vec![
            (vec![all("WriteOnly")], "{}", true),
            (vec![all("ReadOnly")], "{}", false),
            (vec![fields(&[("readOnly", "equals", "true")])], "{}", false),
            (vec![fields(&[])], "{}", true),
            (vec![], "{}", false),
        ],
    );
}

#[test]
fn each_trail_is_encrypted_and_validated() {
    table(
        "CLOUD_TRAIL_ENCRYPTION_ENABLED",
        &[
            (plain(document!({})), "{}", Some(true)),
            (plain(document!({ "kmsKeyId": null })), "{}", Some(false)),
        ],
    );
    table(
        "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED",
        &[
            (plain(document!({})), "{}", Some(true)),
            (plain(document!({ "logFileValidationEnabled": false })), "{}", Some(false)),
        ],
    );
}

#[test]
fn logs_were_delivered_lately() {
    let judged = |trail: Item, parameters: &str| {
        let others = Others(vec![trail.clone()]);
        judge_among("CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED", &trail, parameters, &others)
    };
    assert_eq!(judged(plain(document!({})), "{}"), Verdict::Compliant);
    assert_eq!(judged(plain(document!({})), r#"{"expectedDeliveryWindowAge":"1"}"#), Verdict::Compliant);
    let late = judged(plain(document!({})), r#"{"expectedDeliveryWindowAge":"0"}"#);
    assert_eq!(
        late,
        Verdict::NonCompliant("Nothing was delivered to the trail's log group in the last 0 days.".into())
    );
    let nowhere = plain(document!({ "cloudWatchLogsLogGroupArn": null }));
    assert!(matches!(judged(nowhere, "{}"), Verdict::NonCompliant(_)));
}

#[test]
fn the_bucket_of_a_trail_is_logged_and_private() {
    let bucket = |logs: bool, block: bool| {
        let mut bucket = item(BUCKET, "files", document!({}));
        if logs {
            let logging = document!({ "destinationBucketName": "logs" });
            bucket = with_part(bucket, "BucketLoggingConfiguration", logging);
        }
        let policy = document!({ "policyText": r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::files/*"}]}"# });
        let blocks = document!({ "ignorePublicAcls": true, "restrictPublicBuckets": block });
        with_part(with_part(bucket, "BucketPolicy", policy), "PublicAccessBlockConfiguration", blocks)
    };
    let judged = |identifier: &str, bucket: Option<Item>| {
        judge_among(identifier, &plain(document!({})), "{}", &Others(bucket.into_iter().collect()))
    };
    let logging = "CLOUDTRAIL_S3_BUCKET_ACCESS_LOGGING";
    assert_eq!(judged(logging, Some(bucket(true, true))), Verdict::Compliant);
    assert!(matches!(judged(logging, Some(bucket(false, true))), Verdict::NonCompliant(_)));
    let private = "CLOUDTRAIL_S3_BUCKET_PUBLIC_ACCESS_PROHIBITED";
    assert_eq!(judged(private, Some(bucket(false, true))), Verdict::Compliant);
    assert!(matches!(judged(private, Some(bucket(false, false))), Verdict::NonCompliant(_)));
    // Of another account's bucket nothing is known.
    for identifier in [logging, private] {
        assert_eq!(
            judged(identifier, None),
            Verdict::NonCompliant("The trail's bucket files is not one of this account.".into())
        );
    }
}
