//! Rules on tables.

use super::parameters::{integer, list, text};
use super::{Inventory, ManagedRule, Parameters, Verdict, read};
use crate::state::Item;
use store::StoreError;
use wire::Document;

const TABLE: &str = "AWS::DynamoDB::Table";

pub(super) const RULES: &[ManagedRule] = &[
    ManagedRule::item("DYNAMODB_AUTOSCALING_ENABLED", &[TABLE], autoscaling).only_periodic().with(&[
        integer("minProvisionedReadCapacity"),
        integer("maxProvisionedReadCapacity"),
        text("targetReadUtilization"),
        integer("minProvisionedWriteCapacity"),
        integer("maxProvisionedWriteCapacity"),
        text("targetWriteUtilization"),
    ]),
    ManagedRule::item("DYNAMODB_PITR_ENABLED", &[TABLE], point_in_time_recovery),
    ManagedRule::item("DYNAMODB_TABLE_CROSS_REGION_REPLICATION_ENABLED", &[TABLE], replicated),
    ManagedRule::item("DYNAMODB_TABLE_DELETION_PROTECTION_ENABLED", &[TABLE], deletion_protection),
    ManagedRule::item("DYNAMODB_TABLE_ENCRYPTED_KMS", &[TABLE], encrypted_by_key).with(&[list("kmsKeyArns")]),
    ManagedRule::item("DYNAMODB_TABLE_ENCRYPTION_ENABLED", &[TABLE], encrypted),
    ManagedRule::account("DYNAMODB_THROUGHPUT_LIMIT_CHECK", throughput).with(&[
        integer("accountRCUThresholdPercentage").or("80"),
        integer("accountWCUThresholdPercentage").or("80"),
    ]),
];

/// AWS's limit of provisioned read units, and of write units, of an account in a region.
const MOST_UNITS: i64 = 80_000;

fn is_on_demand(item: &Item) -> bool {
    read::text(item, &["billingModeSummary", "billingMode"]) == Some("PAY_PER_REQUEST")
}

/// This cloud has no Application Auto Scaling, so that only capacity on demand complies.
fn autoscaling(item: &Item, _: &Parameters) -> Verdict {
    Verdict::require(
        is_on_demand(item),
        "The table has provisioned capacity, and no scalable target is registered for it.",
    )
}

fn point_in_time_recovery(item: &Item, _: &Parameters) -> Verdict {
    let path = &["pointInTimeRecoveryDescription", "pointInTimeRecoveryStatus"];
    let status = read::text_in_part(item, "ContinuousBackupsDescription", path);
    let status = status.as_deref().unwrap_or("DISABLED");
    Verdict::require(status == "ENABLED", format!("Point-in-time recovery of the table is {status}."))
}

fn replicated(item: &Item, _: &Parameters) -> Verdict {
    let active = |replica: &&Document| {
        let text = |name: &str| read::member(replica, name).and_then(Document::as_str);
        text("replicaStatus") == Some("ACTIVE") && text("regionName") != Some(item.region.as_str())
    };
    Verdict::require(
        read::elements(read::setting(item, &["replicas"])).iter().any(active),
        "The table has no active replica in another region.",
    )
}

fn deletion_protection(item: &Item, _: &Parameters) -> Verdict {
    Verdict::require(
        read::is_true(read::setting(item, &["deletionProtectionEnabled"])),
        "Deletion protection of the table is not enabled.",
    )
}

/// A member of the description of the encryption at rest, which AWS Config spells `sSEDescription`.
fn encryption<'a>(item: &'a Item, member: &str) -> Option<&'a str> {
    read::text(item, &["sSEDescription", member])
}

fn is_encrypted(item: &Item) -> bool {
    matches!(encryption(item, "status"), Some("ENABLED" | "ENABLING"))
}

fn encrypted_by_key(item: &Item, parameters: &Parameters) -> Verdict {
    if !is_encrypted(item) || encryption(item, "sSEType") != Some("KMS") {
        return Verdict::NonCompliant("The table is not encrypted with a KMS key.".into());
    }
    let key = encryption(item, "kMSMasterKeyArn");
    match parameters.list("kmsKeyArns") {
        Some(keys) if !key.is_some_and(|key| keys.contains(&key)) => {
            Verdict::NonCompliant("The table is not encrypted with one of the keys of kmsKeyArns.".into())
        }
        _ => Verdict::Compliant,
    }
}

fn encrypted(item: &Item, _: &Parameters) -> Verdict {
    let status = encryption(item, "status").unwrap_or("DISABLED");
    Verdict::require(is_encrypted(item), format!("The table's encryption with a KMS key is {status}."))
}

fn throughput(parameters: &Parameters, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    let (mut reads, mut writes) = (0_i64, 0_i64);
    others.each(TABLE, &mut |table| {
        if is_on_demand(table) {
            return;
        }
        let indexes = read::elements(read::setting(table, &["globalSecondaryIndexes"]));
        let of_table = read::setting(table, &["provisionedThroughput"]);
        let of_indexes = indexes.into_iter().map(|index| read::member(index, "provisionedThroughput"));
        for capacity in std::iter::once(of_table).chain(of_indexes).flatten() {
            let units = |name: &str| read::number(read::member(capacity, name)).unwrap_or_default();
            reads = reads.saturating_add(units("readCapacityUnits"));
            writes = writes.saturating_add(units("writeCapacityUnits"));
        }
    })?;
    let over = |used: i64, name: &str| {
        let percent = parameters.integer(name).unwrap_or(80);
        used.saturating_mul(100) > MOST_UNITS.saturating_mul(percent)
    };
    let wrong = if over(reads, "accountRCUThresholdPercentage") {
        Some(format!("{reads} of {MOST_UNITS} read capacity units are provisioned."))
    } else if over(writes, "accountWCUThresholdPercentage") {
        Some(format!("{writes} of {MOST_UNITS} write capacity units are provisioned."))
    } else {
        None
    };
    Ok(Verdict::unless(wrong))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::managed::testing::{Others, item, judge_account, table, with_part};
    use wire::document;

    fn with(configuration: Document) -> Item {
        item(TABLE, "t", configuration)
    }

    #[test]
    fn recovery_is_in_a_part_of_its_own() {
        let recovery = |status: &str| {
            let part =
                document!({ "pointInTimeRecoveryDescription": { "pointInTimeRecoveryStatus": status } });
            with_part(with(document!({})), "ContinuousBackupsDescription", part)
        };
        let rows = [
            (recovery("ENABLED"), "{}", Some(true)),
            (recovery("DISABLED"), "{}", Some(false)),
            (with(document!({})), "{}", Some(false)),
        ];
        table("DYNAMODB_PITR_ENABLED", &rows);
    }

    #[test]
    fn encryption_is_read_in_every_spelling() {
        let odd = with(
            document!({ "sSEDescription": { "status": "ENABLED", "sSEType": "KMS", "kMSMasterKeyArn": "arn:k" } }),
        );
        let plain = with(
            document!({ "ssedescription": { "status": "ENABLING", "ssetype": "KMS", "kmsmasterKeyArn": "arn:k" } }),
        );
        let off = with(document!({ "sSEDescription": null }));
        table(
            "DYNAMODB_TABLE_ENCRYPTION_ENABLED",
            &[
                (odd.clone(), "{}", Some(true)),
                (plain.clone(), "{}", Some(true)),
                (off.clone(), "{}", Some(false)),
            ],
        );
        table(
            "DYNAMODB_TABLE_ENCRYPTED_KMS",
            &[
                (odd, r#"{"kmsKeyArns":"arn:j,arn:k"}"#, Some(true)),
                (plain.clone(), "{}", Some(true)),
                (plain, r#"{"kmsKeyArns":"arn:j"}"#, Some(false)),
                (off, "{}", Some(false)),
            ],
        );
    }

    #[test]
    fn protection_replicas_and_capacity() {
        table(
            "DYNAMODB_TABLE_DELETION_PROTECTION_ENABLED",
            &[
                (with(document!({ "deletionProtectionEnabled": true })), "{}", Some(true)),
                (with(document!({ "deletionProtectionEnabled": false })), "{}", Some(false)),
            ],
        );
        let replica = |region: &str, status: &str| {
            with(document!({ "replicas": [{ "regionName": region, "replicaStatus": status }] }))
        };
        table(
            "DYNAMODB_TABLE_CROSS_REGION_REPLICATION_ENABLED",
            &[
                (replica("eu-west-1", "ACTIVE"), "{}", Some(true)),
                (replica("eu-west-1", "CREATING"), "{}", Some(false)),
                (replica("us-east-1", "ACTIVE"), "{}", Some(false)),
                (with(document!({})), "{}", Some(false)),
            ],
        );
        table(
            "DYNAMODB_AUTOSCALING_ENABLED",
            &[
                (
                    with(document!({ "billingModeSummary": { "billingMode": "PAY_PER_REQUEST" } })),
                    "{}",
                    Some(true),
                ),
                (with(document!({})), "{}", Some(false)),
            ],
        );
    }

    #[test]
    fn capacity_of_all_tables_counts() {
        let capacity = |units: i64| {
            with(document!({
                "provisionedThroughput": { "readCapacityUnits": units, "writeCapacityUnits": 1 },
                "globalSecondaryIndexes": [{ "provisionedThroughput": { "readCapacityUnits": 1000, "writeCapacityUnits": 1 } }],
            }))
        };
        let judge = |units, parameters| {
            judge_account(
                "DYNAMODB_THROUGHPUT_LIMIT_CHECK",
                parameters,
                &Others(vec![capacity(units), capacity(1000)]),
            )
        };
        assert_eq!(judge(61_000, "{}"), Verdict::Compliant);
        assert!(matches!(judge(61_001, "{}"), Verdict::NonCompliant(_)));
        assert_eq!(judge(61_001, r#"{"accountRCUThresholdPercentage":"90"}"#), Verdict::Compliant);
    }
}
