//! Tables as they are described: to clients, and to AWS Config.

use super::{Index, KeySchema, OnDemand, Projected, StoredItem, Table, Throughput, Units};
use crate::state::IndexItem;
use api_dynamodb::{
    AttributeDefinition, BillingMode, BillingModeSummary, GlobalSecondaryIndexDescription,
    GlobalSecondaryIndexWarmThroughputDescription, IndexStatus, KeySchemaElement, KeyType,
    LocalSecondaryIndexDescription, OnDemandThroughput, Projection, ProjectionType,
    ProvisionedThroughputDescription, RestoreSummary, SSEDescription, SSEStatus, SSEType,
    StreamSpecification, TableClass, TableClassSummary, TableDescription, TableStatus,
    TableWarmThroughputDescription,
};
use contract::{Description, Resource};
use indexmap::IndexMap;
use names::{ResourceType, Scope, Timestamp};
use std::ops::ControlFlow;
use store::{ResourceIdentity, StoreError, View};
use wire::{Document, document};

/// How many items there are, and their bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) items: i64,
    pub(crate) bytes: i64,
}

impl Count {
    fn take(&mut self, bytes: usize) {
        self.items += 1;
        self.bytes += i64::try_from(bytes).unwrap_or(0);
    }
}

/// Counts the items under an id; the bytes are those that are stored. AWS counts every six hours, this at once.
pub(crate) fn count(view: &View, scope: Scope, id: &str) -> Result<Count, StoreError> {
    let mut count = Count::default();
    view.scan::<StoredItem>(scope, (id,)).each(|row| {
        count.take(row.body.0.len());
        ControlFlow::Continue(())
    })?;
    Ok(count)
}

fn count_index(view: &View, table: &Table, index: &Index) -> Result<Count, StoreError> {
    let mut count = Count::default();
    view.scan::<IndexItem>(table.scope, (index.id(table),)).each(|row| {
        count.take(row.body.0.len());
        ControlFlow::Continue(())
    })?;
    Ok(count)
}

/// As answered.
pub(crate) fn key_schema(key: &KeySchema) -> Vec<KeySchemaElement> {
    let element = |name: &String, key_type| KeySchemaElement { attribute_name: name.clone(), key_type };
    let hash = element(&key.hash, KeyType::Hash);
    std::iter::once(hash).chain(key.range.iter().map(|range| element(range, KeyType::Range))).collect()
}

/// As answered.
pub(crate) fn projection(projected: &Projected) -> Projection {
    let (projection_type, non_key_attributes) = match projected {
        Projected::All => (ProjectionType::All, None),
        Projected::KeysOnly => (ProjectionType::KeysOnly, None),
        Projected::Include(names) => (ProjectionType::Include, Some(names.clone())),
    };
    Projection { projection_type: Some(projection_type), non_key_attributes }
}

fn throughput(throughput: &Throughput) -> ProvisionedThroughputDescription {
    ProvisionedThroughputDescription {
        last_increase_date_time: throughput.increased,
        last_decrease_date_time: throughput.decreased,
        number_of_decreases_today: Some(0),
        read_capacity_units: Some(throughput.units.read),
        write_capacity_units: Some(throughput.units.write),
    }
}

pub(crate) fn on_demand(on_demand: &OnDemand) -> OnDemandThroughput {
    OnDemandThroughput {
        max_read_request_units: Some(on_demand.read.unwrap_or(-1)),
        max_write_request_units: Some(on_demand.write.unwrap_or(-1)),
    }
}

/// What a new table can take at once: 12,000 and 4,000 on demand, else what is provisioned.
fn warm(table: &Table, own: Option<Units>, provisioned: Units) -> Units {
    let base = if table.on_demand_billing { Units { read: 12_000, write: 4_000 } } else { provisioned };
    own.map_or(base, |own| Units { read: own.read.max(base.read), write: own.write.max(base.write) })
}

impl Table {
    /// As DescribeTable answers; `counted` says whether items are counted (they are not where the answer is about something else).
    pub(crate) fn description(&self, view: &View, counted: bool) -> Result<TableDescription, StoreError> {
        let counts = if counted { count(view, self.scope, &self.id)? } else { Count::default() };
        let mut local = Vec::new();
        let mut global = Vec::new();
        for index in &self.indexes {
            let counts = if counted { count_index(view, self, index)? } else { Count::default() };
            if index.global {
                global.push(self.global_index(index, counts));
            } else {
                local.push(LocalSecondaryIndexDescription {
                    index_name: Some(index.name.clone()),
                    key_schema: Some(key_schema(&index.key)),
                    projection: Some(projection(&index.projected)),
                    index_size_bytes: Some(counts.bytes),
                    item_count: Some(counts.items),
                    index_arn: Some(self.index_arn(&index.name)),
                });
            }
        }
        let warm = warm(self, self.warm, self.throughput.units);
        let definition = |(name, key_type): &(String, super::KeyType)| AttributeDefinition {
            attribute_name: name.clone(),
            attribute_type: key_type.text().parse().unwrap_or_default(),
        };
        let class_shown = self.infrequent_access.map(|infrequent| TableClassSummary {
            table_class: Some(if infrequent {
                TableClass::StandardInfrequentAccess
            } else {
                TableClass::Standard
            }),
            last_update_date_time: self.class_changed,
        });
        Ok(TableDescription {
            attribute_definitions: Some(self.attributes.iter().map(definition).collect()),
            table_name: Some(self.name.clone()),
            key_schema: Some(key_schema(&self.key)),
            table_status: Some(TableStatus::Active),
            creation_date_time: Some(self.created),
            provisioned_throughput: Some(throughput(&self.throughput)),
            table_size_bytes: Some(counts.bytes),
            item_count: Some(counts.items),
            table_arn: Some(self.arn().to_string()),
            table_id: Some(self.id.clone()),
            billing_mode_summary: self.billing(),
            local_secondary_indexes: Some(local).filter(|local| !local.is_empty()),
            global_secondary_indexes: Some(global).filter(|global| !global.is_empty()),
            stream_specification: self.stream_specification(),
            latest_stream_label: self.latest_stream.clone(),
            latest_stream_arn: self.latest_stream.as_ref().map(|label| self.stream_arn(label)),
            restore_summary: self.restored.as_ref().map(|restored| RestoreSummary {
                source_backup_arn: Some(restored.backup_arn.clone()),
                source_table_arn: Some(restored.table_arn.clone()),
                restore_date_time: restored.at,
                restore_in_progress: false,
            }),
            sse_description: self.sse_description(),
            table_class_summary: class_shown,
            deletion_protection_enabled: Some(self.deletion_protection),
            on_demand_throughput: self.on_demand.as_ref().map(on_demand),
            warm_throughput: Some(TableWarmThroughputDescription {
                read_units_per_second: Some(warm.read),
                write_units_per_second: Some(warm.write),
                status: Some(TableStatus::Active),
            }),
            ..Default::default()
        })
    }

    fn billing(&self) -> Option<BillingModeSummary> {
        if !self.on_demand_billing && self.on_demand_since.is_none() {
            return None;
        }
        let mode = if self.on_demand_billing { BillingMode::PayPerRequest } else { BillingMode::Provisioned };
        Some(BillingModeSummary {
            billing_mode: Some(mode),
            last_update_to_pay_per_request_date_time: self.on_demand_since,
        })
    }

    pub(crate) fn stream_specification(&self) -> Option<StreamSpecification> {
        self.stream.as_ref().map(|stream| StreamSpecification {
            stream_enabled: true,
            stream_view_type: stream.view_type.parse().ok(),
        })
    }

    pub(crate) fn sse_description(&self) -> Option<SSEDescription> {
        self.encryption.as_ref().map(|encryption| SSEDescription {
            status: Some(SSEStatus::Enabled),
            sse_type: Some(SSEType::Kms),
            kms_master_key_arn: Some(encryption.key_arn.clone()),
            inaccessible_encryption_date_time: None,
        })
    }

    fn global_index(&self, index: &Index, counts: Count) -> GlobalSecondaryIndexDescription {
        let warm = warm(self, index.warm, index.throughput.units);
        GlobalSecondaryIndexDescription {
            index_name: Some(index.name.clone()),
            key_schema: Some(key_schema(&index.key)),
            projection: Some(projection(&index.projected)),
            index_status: Some(IndexStatus::Active),
            backfilling: None,
            provisioned_throughput: Some(throughput(&index.throughput)),
            index_size_bytes: Some(counts.bytes),
            item_count: Some(counts.items),
            index_arn: Some(self.index_arn(&index.name)),
            on_demand_throughput: index.on_demand.as_ref().map(on_demand),
            warm_throughput: Some(GlobalSecondaryIndexWarmThroughputDescription {
                read_units_per_second: Some(warm.read),
                write_units_per_second: Some(warm.write),
                status: Some(IndexStatus::Active),
            }),
        }
    }
}

fn date(at: Option<Timestamp>) -> Document {
    at.map_or(Document::Null, |at| Document::from(at.iso_millis()))
}

/// Members that are there.
fn present(members: Vec<(&str, Document)>) -> Document {
    members
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn schema_document(key: &KeySchema) -> Document {
    let element = |name: &str, key_type: &str| document!({ "attributeName": name, "keyType": key_type });
    let hash = element(&key.hash, "HASH");
    std::iter::once(hash).chain(key.range.as_deref().map(|range| element(range, "RANGE"))).collect()
}

fn projection_document(projected: &Projected) -> Document {
    let (name, attributes) = match projected {
        Projected::All => ("ALL", Document::Null),
        Projected::KeysOnly => ("KEYS_ONLY", Document::Null),
        Projected::Include(names) => ("INCLUDE", names.iter().map(String::as_str).collect()),
    };
    present(vec![("projectionType", name.into()), ("nonKeyAttributes", attributes)])
}

fn throughput_document(throughput: &Throughput) -> Document {
    present(vec![
        ("lastIncreaseDateTime", date(throughput.increased)),
        ("lastDecreaseDateTime", date(throughput.decreased)),
        ("numberOfDecreasesToday", 0_i64.into()),
        ("readCapacityUnits", throughput.units.read.into()),
        ("writeCapacityUnits", throughput.units.write.into()),
    ])
}

impl Table {
    fn index_documents(&self, global: bool) -> Document {
        let indexes: Vec<Document> = self
            .indexes
            .iter()
            .filter(|index| index.global == global)
            .map(|index| {
                let mut members = vec![
                    ("indexName", index.name.as_str().into()),
                    ("keySchema", schema_document(&index.key)),
                    ("projection", projection_document(&index.projected)),
                    ("indexArn", self.index_arn(&index.name).into()),
                ];
                if global {
                    members.push(("indexStatus", "ACTIVE".into()));
                    members.push(("provisionedThroughput", throughput_document(&index.throughput)));
                }
                present(members)
            })
            .collect();
        if indexes.is_empty() { Document::Null } else { indexes.into() }
    }

    fn configuration(&self) -> Document {
        let attributes: Vec<Document> = self
            .attributes
            .iter()
            .map(|(name, key_type)| {
                document!({ "attributeName": (name.as_str()), "attributeType": (key_type.text()) })
            })
            .collect();
        let mode = if self.on_demand_billing { "PAY_PER_REQUEST" } else { "PROVISIONED" };
        let billing = present(vec![
            ("billingMode", mode.into()),
            ("lastUpdateToPayPerRequestDateTime", date(self.on_demand_since)),
        ]);
        let stream = self.stream.as_ref().map_or(
            Document::Null,
            |stream| document!({ "streamEnabled": true, "streamViewType": (stream.view_type.as_str()) }),
        );
        let encryption = self.encryption.as_ref().map_or(Document::Null, |encryption| {
            document!({ "status": "ENABLED", "ssetype": "KMS", "kmsmasterKeyArn": (encryption.key_arn.as_str()) })
        });
        let class = self.infrequent_access.map_or(Document::Null, |infrequent| {
            let name = if infrequent { "STANDARD_INFREQUENT_ACCESS" } else { "STANDARD" };
            present(vec![("tableClass", name.into()), ("lastUpdateDateTime", date(self.class_changed))])
        });
        let restored = self.restored.as_ref().map_or(Document::Null, |restored| {
            document!({
                "sourceBackupArn": (restored.backup_arn.as_str()), "sourceTableArn": (restored.table_arn.as_str()),
                "restoreDateTime": (restored.at.iso_millis()), "restoreInProgress": false
            })
        });
        let latest = self.latest_stream.as_ref();
        present(vec![
            ("attributeDefinitions", attributes.into()),
            ("tableName", self.name.as_str().into()),
            ("keySchema", schema_document(&self.key)),
            ("tableStatus", "ACTIVE".into()),
            ("creationDateTime", date(Some(self.created))),
            ("provisionedThroughput", throughput_document(&self.throughput)),
            ("tableArn", self.arn().to_string().into()),
            ("tableId", self.id.as_str().into()),
            ("billingModeSummary", billing),
            ("localSecondaryIndexes", self.index_documents(false)),
            ("globalSecondaryIndexes", self.index_documents(true)),
            ("streamSpecification", stream),
            ("latestStreamLabel", latest.map_or(Document::Null, |label| label.as_str().into())),
            ("latestStreamArn", latest.map_or(Document::Null, |label| self.stream_arn(label).into())),
            ("restoreSummary", restored),
            ("ssedescription", encryption),
            ("tableClassSummary", class),
            ("deletionProtectionEnabled", self.deletion_protection.into()),
        ])
    }
}

impl Resource for Table {
    const TYPE: ResourceType = ResourceType("AWS::DynamoDB::Table");

    fn identity(&self) -> ResourceIdentity {
        ResourceIdentity {
            resource_type: Self::TYPE,
            id: self.name.clone(),
            name: Some(self.name.clone()),
            arn: self.arn().to_string(),
        }
    }

    /// Without the counts of items, which change without a change of the table.
    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let recovery = if self.recovery.is_some() { "ENABLED" } else { "DISABLED" };
        let backups = document!({
            "continuousBackupsStatus": "ENABLED",
            "pointInTimeRecoveryDescription": { "pointInTimeRecoveryStatus": recovery }
        });
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
            created: Some(self.created),
            configuration: self.configuration(),
            supplementary: IndexMap::from([("ContinuousBackupsDescription".to_owned(), backups)]),
            relationships: Vec::new(),
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        Self::get(view, scope, id)
    }
}
