// Events of AWS services that this cloud sends, with a pattern and a sample of each.

export interface EventKind {
  service: string;
  source: string;
  detailType: string;
  /** A sample of its detail. */
  detail: Record<string, unknown>;
}

const RULE_ARN = "arn:aws:config:us-east-1:111122223333:config-rule/config-rule-abcdef";

const call = (service: string, source: string, eventName: string): EventKind => ({
  service, source, detailType: "AWS API Call via CloudTrail",
  detail: {
    eventVersion: "1.11", eventSource: `${source.slice(4)}.amazonaws.com`, eventName, awsRegion: "us-east-1", sourceIPAddress: "198.51.100.7", readOnly: false,
    userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/ann", accountId: "111122223333", userName: "ann" },
    requestParameters: {}, responseElements: null,
  },
});

export const EVENT_KINDS: readonly EventKind[] = [
  {
    service: "Config", source: "aws.config", detailType: "Config Rules Compliance Change",
    detail: {
      resourceId: "sg-0123456789abcdef0", resourceType: "AWS::EC2::SecurityGroup", awsRegion: "us-east-1", awsAccountId: "111122223333", configRuleName: "restricted-ssh",
      configRuleARN: RULE_ARN, recordVersion: "1.0", messageType: "ComplianceChangeNotification",
      newEvaluationResult: { complianceType: "NON_COMPLIANT", resultRecordedTime: "2026-11-22T05:00:00.000Z" },
    },
  },
  {
    service: "Config", source: "aws.config", detailType: "Config Configuration Item Change",
    detail: {
      recordVersion: "1.3", messageType: "ConfigurationItemChangeNotification", configurationItemDiff: { changeType: "UPDATE", changedProperties: {} },
      configurationItem: { resourceType: "AWS::S3::Bucket", resourceId: "amzn-s3-demo-bucket", configurationItemStatus: "OK" },
    },
  },
  { service: "Config", source: "aws.config", detailType: "Config Configuration Snapshot Delivery Status", detail: { messageType: "ConfigurationSnapshotDeliveryCompleted", s3Bucket: "amzn-s3-demo-bucket" } },
  { service: "Config", source: "aws.config", detailType: "Config Configuration History Delivery Status", detail: { messageType: "ConfigurationHistoryDeliveryCompleted", s3Bucket: "amzn-s3-demo-bucket" } },
  {
    service: "Simple Storage Service (S3)", source: "aws.s3", detailType: "Object Created",
    detail: { version: "0", bucket: { name: "amzn-s3-demo-bucket" }, object: { key: "report.txt", size: 5 }, requester: "111122223333", reason: "PutObject" },
  },
  {
    service: "Simple Storage Service (S3)", source: "aws.s3", detailType: "Object Deleted",
    detail: { version: "0", bucket: { name: "amzn-s3-demo-bucket" }, object: { key: "report.txt" }, requester: "111122223333", reason: "DeleteObject" },
  },
  { service: "Systems Manager", source: "aws.ssm", detailType: "Parameter Store Change", detail: { operation: "Update", name: "/app/limit", type: "String" } },
  call("EC2", "aws.ec2", "AuthorizeSecurityGroupIngress"),
  call("IAM", "aws.iam", "CreateAccessKey"),
  call("Simple Storage Service (S3)", "aws.s3", "PutBucketPolicy"),
  call("Lambda", "aws.lambda", "UpdateFunctionCode20150331v2"),
  call("CloudTrail", "aws.cloudtrail", "StopLogging"),
  call("Config", "aws.config", "StopConfigurationRecorder"),
  call("KMS", "aws.kms", "DisableKey"),
  call("DynamoDB", "aws.dynamodb", "DeleteTable"),
  call("SNS", "aws.sns", "Subscribe"),
  call("SQS", "aws.sqs", "SetQueueAttributes"),
  { service: "Sign-in", source: "aws.signin", detailType: "AWS Console Sign In via CloudTrail", detail: { eventSource: "signin.amazonaws.com", eventName: "ConsoleLogin", responseElements: { ConsoleLogin: "Failure" } } },
];

/** The pattern that the form makes of a kind: calls are told apart by their names. */
export function patternOf(kind: EventKind): string {
  const named = kind.detail["eventName"];
  return JSON.stringify({
    source: [kind.source],
    "detail-type": [kind.detailType],
    ...(kind.detailType.endsWith("via CloudTrail") && { detail: { eventSource: [kind.detail["eventSource"]], eventName: [named] } }),
  }, null, 2);
}

export function sampleOf(kind: EventKind, account: string, region: string): string {
  return JSON.stringify({
    version: "0", id: "12345678-1234-1234-1234-111122223333", "detail-type": kind.detailType, source: kind.source, account, time: "2026-11-22T05:00:00Z", region, resources: [], detail: kind.detail,
  }, null, 2);
}
