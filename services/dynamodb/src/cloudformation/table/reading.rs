//! A table in the form of a template.

use contract::{Actual, HandlerContext, HandlerFailure, Properties};
use wire::{Document, ErrorResponse, document};

/// Reads a table, and those of the settings beside it that a template gave.
pub(super) async fn read(
    name: &str,
    properties: &Properties,
    context: &HandlerContext,
) -> Result<Actual, HandlerFailure> {
    let gone = |error: &ErrorResponse| error.code == "ResourceNotFoundException";
    let ask = || document!({ "TableName": name });
    let Some(answer) = context.ask("dynamodb", "DescribeTable", ask(), gone).await? else {
        return Ok(Actual::Gone);
    };
    let table = answer.get("Table").cloned().unwrap_or_default();
    let mut actual = Actual::picked(
        &table,
        &[
            "AttributeDefinitions",
            "DeletionProtectionEnabled",
            "GlobalSecondaryIndexes",
            "KeySchema",
            "LocalSecondaryIndexes",
            "OnDemandThroughput",
            "ProvisionedThroughput",
            "StreamSpecification",
            "TableName",
        ],
    );
    let text = |path: &[&str], default: &str| {
        Document::from(table.at(path).and_then(Document::as_str).unwrap_or(default))
    };
    actual.set("BillingMode", text(&["BillingModeSummary", "BillingMode"], "PROVISIONED"));
    actual.set("TableClass", text(&["TableClassSummary", "TableClass"], "STANDARD"));
    actual.set("SSESpecification", encryption(&table, properties));
    if properties.get("PointInTimeRecoverySpecification").is_some() {
        let backups = context.ask("dynamodb", "DescribeContinuousBackups", ask(), gone).await?;
        let path = ["ContinuousBackupsDescription", "PointInTimeRecoveryDescription"];
        let recovery = backups.unwrap_or_default().at(&path).cloned().unwrap_or_default();
        let on = recovery.get("PointInTimeRecoveryStatus").and_then(Document::as_str) == Some("ENABLED");
        let mut told = Actual::picked(&recovery, &["RecoveryPeriodInDays"]);
        told.set("PointInTimeRecoveryEnabled", on);
        actual.set("PointInTimeRecoverySpecification", told);
    }
    if properties.get("TimeToLiveSpecification").is_some() {
        let ttl = context.ask("dynamodb", "DescribeTimeToLive", ask(), gone).await?.unwrap_or_default();
        let ttl = ttl.get("TimeToLiveDescription").cloned().unwrap_or_default();
        let mut told = Actual::picked(&ttl, &["AttributeName"]);
        let status = ttl.get("TimeToLiveStatus").and_then(Document::as_str);
        told.set("Enabled", matches!(status, Some("ENABLED" | "ENABLING")));
        actual.set("TimeToLiveSpecification", told);
    }
    if properties.get("Tags").is_some() {
        let arn = table.get("TableArn").cloned().unwrap_or_default();
        let mut tags = Vec::new();
        let mut input = document!({ "ResourceArn": (arn.clone()) });
        loop {
            let page = context.ask("dynamodb", "ListTagsOfResource", input, gone).await?.unwrap_or_default();
            tags.extend(page.get("Tags").and_then(Document::as_array).unwrap_or_default().iter().cloned());
            let Some(token) = page.get("NextToken").and_then(Document::as_str) else { break };
            input = document!({ "ResourceArn": (arn.clone()), "NextToken": token });
        }
        actual.set("Tags", Document::Array(tags));
    }
    Ok(Actual::Properties(actual))
}

/// The key by what the template calls it, where that is its ARN: other names of it are not compared.
fn encryption(table: &Document, properties: &Properties) -> Document {
    let description = table.get("SSEDescription").cloned().unwrap_or_default();
    let status = description.get("Status").and_then(Document::as_str);
    let mut told = Actual::picked(&description, &["SSEType"]);
    told.set("SSEEnabled", matches!(status, Some("ENABLED" | "ENABLING" | "UPDATING")));
    let wanted = properties.document().at(&["SSESpecification", "KMSMasterKeyId"]).cloned();
    let is_arn = wanted.as_ref().and_then(Document::as_str).is_some_and(|key| key.contains(":key/"));
    let key = description.get("KMSMasterKeyArn").cloned();
    told.set(
        "KMSMasterKeyId",
        if is_arn { key } else { wanted.filter(|_| key.is_some()) }.unwrap_or_default(),
    );
    told
}
