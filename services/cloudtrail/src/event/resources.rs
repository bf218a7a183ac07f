//! The resources that a call names.

use super::parsed;
use names::{Arn, Scope};
use pipeline::CallRecord;
use wire::{Document, document};

/// A resource as LookupEvents tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) resource_type: &'static str,
    pub(crate) name: String,
}

/// Services, members that name a resource, and its type. A member of another service means something else.
const MEMBERS: &[(&str, &str, &str)] = &[
    ("cloudformation", "StackId", "AWS::CloudFormation::Stack"),
    ("cloudformation", "StackName", "AWS::CloudFormation::Stack"),
    ("cloudtrail", "Name", "AWS::CloudTrail::Trail"),
    ("cloudtrail", "S3BucketName", "AWS::S3::Bucket"),
    ("cloudtrail", "TrailARN", "AWS::CloudTrail::Trail"),
    ("cloudtrail", "TrailName", "AWS::CloudTrail::Trail"),
    ("config", "ConfigRuleName", "AWS::Config::ConfigRule"),
    ("dynamodb", "TableName", "AWS::DynamoDB::Table"),
    ("ec2", "AllocationId", "AWS::EC2::EIP"),
    ("ec2", "GroupId", "AWS::EC2::SecurityGroup"),
    ("ec2", "GroupIds", "AWS::EC2::SecurityGroup"),
    ("ec2", "ImageId", "AWS::EC2::Ami"),
    ("ec2", "InstanceId", "AWS::EC2::Instance"),
    ("ec2", "InstanceIds", "AWS::EC2::Instance"),
    ("ec2", "InternetGatewayId", "AWS::EC2::InternetGateway"),
    ("ec2", "NetworkAclId", "AWS::EC2::NetworkAcl"),
    ("ec2", "NetworkInterfaceId", "AWS::EC2::NetworkInterface"),
    ("ec2", "RouteTableId", "AWS::EC2::RouteTable"),
    ("ec2", "SubnetId", "AWS::EC2::Subnet"),
    ("ec2", "VolumeId", "AWS::EC2::Volume"),
    ("ec2", "VpcId", "AWS::EC2::VPC"),
    ("iam", "AccessKeyId", "AWS::IAM::AccessKey"),
    ("iam", "GroupName", "AWS::IAM::Group"),
    ("iam", "InstanceProfileName", "AWS::IAM::InstanceProfile"),
    ("iam", "PolicyArn", "AWS::IAM::Policy"),
    ("iam", "PolicyName", "AWS::IAM::Policy"),
    ("iam", "RoleName", "AWS::IAM::Role"),
    ("iam", "UserName", "AWS::IAM::User"),
    ("kms", "KeyArn", "AWS::KMS::Key"),
    ("kms", "KeyId", "AWS::KMS::Key"),
    ("lambda", "FunctionArn", "AWS::Lambda::Function"),
    ("lambda", "FunctionName", "AWS::Lambda::Function"),
    ("logs", "logGroupName", "AWS::Logs::LogGroup"),
    ("s3", "Bucket", "AWS::S3::Bucket"),
    ("sns", "TopicArn", "AWS::SNS::Topic"),
    ("sqs", "QueueUrl", "AWS::SQS::Queue"),
    ("sts", "AccessKeyId", "AWS::IAM::AccessKey"),
    ("sts", "RoleArn", "AWS::IAM::Role"),
    ("sts", "RoleSessionName", "AWS::STS::AssumedRole"),
];

/// As many as one event tells.
const MOST: usize = 100;

/// The resources that the parameters and the answer of a call name.
pub(crate) fn named(record: &CallRecord) -> Vec<Named> {
    let mut found = Vec::new();
    for text in [&record.parameters, &record.response] {
        if let Some(document) = parsed(text.as_deref()) {
            walk(&record.service, &document, &mut found);
        }
    }
    found
}

fn walk(service: &str, value: &Document, found: &mut Vec<Named>) {
    match value {
        Document::Object(members) => {
            for (name, value) in members {
                let known = MEMBERS.iter().find(|(of, member, _)| *of == service && member == name);
                let Some((_, _, resource_type)) = known else {
                    walk(service, value, found);
                    continue;
                };
                let one = std::slice::from_ref(value);
                for text in value.as_array().unwrap_or(one).iter().filter_map(Document::as_str) {
                    let named = Named { resource_type, name: text.to_owned() };
                    if found.len() < MOST && !found.contains(&named) {
                        found.push(named);
                    }
                }
            }
        }
        Document::Array(elements) => elements.iter().for_each(|element| walk(service, element, found)),
        _ => {}
    }
}

/// The record's own `resources`: of objects, tables, functions, keys and roles that a call worked on.
pub(super) fn document(record: &CallRecord, parameters: Option<&Document>) -> Document {
    let arns = arns(record, parameters);
    let told = arns.into_iter().map(|(resource_type, arn)| {
        let mut told = document!({ "type": resource_type, "ARN": (arn.clone()) });
        // A bucket's ARN names no account; here it is mostly the caller's.
        let owner = arn.parse::<Arn>().ok().and_then(|arn| arn.account);
        if let Some(owner) = owner {
            told.set("accountId", owner.as_str());
        }
        told
    });
    Document::Array(told.collect())
}

/// Types and ARNs of what a call worked on, which data event selectors choose by.
pub(crate) fn arns(record: &CallRecord, parameters: Option<&Document>) -> Vec<(&'static str, String)> {
    let text = |name: &str| parameters.and_then(|given| given.get(name)).and_then(Document::as_str);
    let own = |service: &str, resource: String| Arn::new(service, record.scope, resource).to_string();
    match record.service.as_str() {
        "s3" => {
            let Some(bucket) = text("Bucket") else { return Vec::new() };
            let mut arns = Vec::new();
            if let Some(key) = text("Key") {
                arns.push(("AWS::S3::Object", format!("arn:aws:s3:::{bucket}/{key}")));
            } else if record.data {
                arns.push(("AWS::S3::Object", format!("arn:aws:s3:::{bucket}/")));
            }
            arns.push(("AWS::S3::Bucket", format!("arn:aws:s3:::{bucket}")));
            arns
        }
        "dynamodb" if record.data => {
            let table = text("TableName");
            let told = table.map(|table| as_arn(table, || own("dynamodb", format!("table/{table}"))));
            let batch = parameters.and_then(|given| given.get("RequestItems")).and_then(Document::as_object);
            let batch = batch.into_iter().flat_map(|tables| tables.keys());
            let batch = batch.map(|table| as_arn(table, || own("dynamodb", format!("table/{table}"))));
            told.into_iter().chain(batch).map(|arn| ("AWS::DynamoDB::Table", arn)).collect()
        }
        "lambda" if record.data => {
            let function = text("FunctionName").map(|name| function_arn(name, record.scope));
            function.map(|arn| ("AWS::Lambda::Function", arn)).into_iter().collect()
        }
        "kms" => {
            let key = text("KeyId").filter(|key| !key.starts_with("alias/") && !key.contains(":alias/"));
            let arn = key.map(|key| as_arn(key, || own("kms", format!("key/{key}"))));
            arn.map(|arn| ("AWS::KMS::Key", arn)).into_iter().collect()
        }
        "sts" => text("RoleArn").map(|arn| ("AWS::IAM::Role", arn.to_owned())).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn as_arn(text: &str, otherwise: impl FnOnce() -> String) -> String {
    if text.starts_with("arn:") { text.to_owned() } else { otherwise() }
}

/// A function by its name, partial ARN or ARN, without version or alias.
fn function_arn(text: &str, scope: Scope) -> String {
    let name = text.split_once("function:").map_or(text, |(_, name)| name);
    let name = name.split(':').next().unwrap_or(name);
    let scope = text.parse::<Arn>().ok().and_then(|arn| arn.scope()).unwrap_or(scope);
    Arn::new("lambda", scope, format!("function:{name}")).to_string()
}
