// What the pictures show: two stacks, a recorder with rules, objects, a trail, alarms, keys, parameters, an automation that has run, mail.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CloudFormationClient, CreateChangeSetCommand, CreateStackCommand, DescribeStacksCommand, waitUntilChangeSetCreateComplete, waitUntilStackCreateComplete } from "@aws-sdk/client-cloudformation";
import { CloudTrailClient, CreateTrailCommand, LookupEventsCommand, StartLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, PutCompositeAlarmCommand, PutDashboardCommand, PutMetricAlarmCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, CreateLogGroupCommand, PutMetricFilterCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ConfigServiceClient, PutConfigRuleCommand, PutConfigurationRecorderCommand, PutDeliveryChannelCommand, StartConfigurationRecorderCommand } from "@aws-sdk/client-config-service";
import { DescribeInternetGatewaysCommand, DescribeNetworkAclsCommand, DescribeRouteTablesCommand, DescribeSecurityGroupsCommand, DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { AddUserToGroupCommand, AttachGroupPolicyCommand, CreateGroupCommand, CreatePolicyCommand, CreateServiceLinkedRoleCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListSubscriptionsCommand, SNSClient } from "@aws-sdk/client-sns";
import { PutParameterCommand, SSMClient, StartAutomationExecutionCommand } from "@aws-sdk/client-ssm";

const ACCOUNT = "000000000000";
const templates = resolve(import.meta.dirname, "../../../tests/scenarios");

/** Makes it all, and answers the names that pages are opened by. */
export async function furnish(endpoint) {
  const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" }, forcePathStyle: true };
  const of = (Kind) => new Kind(settings);
  const stacks = await makeStacks(of(CloudFormationClient));
  const { bucket } = stacks;
  await makeBuckets(of(S3Client), bucket);
  const policy = await makePeople(of(IAMClient));
  await makeConfig(of(ConfigServiceClient));
  const trail = of(CloudTrailClient);
  await trail.send(new CreateTrailCommand({ Name: "all-calls", S3BucketName: "config-ann1", EnableLogFileValidation: true }));
  await trail.send(new StartLoggingCommand({ Name: "all-calls" }));
  const events = of(EventBridgeClient);
  await events.send(new PutRuleCommand({ Name: "compliance-changes", EventPattern: JSON.stringify({ source: ["aws.config"], "detail-type": ["Config Rules Compliance Change"] }) }));
  await events.send(new PutTargetsCommand({ Rule: "compliance-changes", Targets: [{ Id: "topic", Arn: stacks.topic }] }));
  const kms = of(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: "The inbox" }));
  await kms.send(new CreateAliasCommand({ AliasName: "alias/inbox", TargetKeyId: KeyMetadata.KeyId }));
  const ssm = of(SSMClient);
  await ssm.send(new PutParameterCommand({ Name: "/inbox/limit", Value: "100", Type: "String" }));
  const { AutomationExecutionId } = await ssm.send(new StartAutomationExecutionCommand({ DocumentName: "AWS-ConfigureS3BucketVersioning", Parameters: { BucketName: [bucket] } }));
  const alarm = await makeAlarms(of(CloudWatchClient), of(CloudWatchLogsClient), stacks);
  const ec2 = of(EC2Client);
  const first = async (Command, list, id) => (await ec2.send(new Command({ Filters: [{ Name: "vpc-id", Values: [stacks.vpc] }] })))[list][0][id];
  const { Events } = await trail.send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "CreateStack" }] }));
  const { Subscriptions } = await of(SNSClient).send(new ListSubscriptionsCommand({}));
  const mail = await (await fetch(`${endpoint}/_cloudchamber/mail`)).json();
  return {
    ...stacks, alarm, policy, trail: "all-calls", key: KeyMetadata.KeyId, execution: AutomationExecutionId, event: Events[0].EventId,
    subscription: Subscriptions.find(({ SubscriptionArn }) => SubscriptionArn.startsWith("arn:"))?.SubscriptionArn,
    message: (mail.messages ?? mail)[0]?.id,
    subnet: await first(DescribeSubnetsCommand, "Subnets", "SubnetId"),
    routes: await first(DescribeRouteTablesCommand, "RouteTables", "RouteTableId"),
    acl: await first(DescribeNetworkAclsCommand, "NetworkAcls", "NetworkAclId"),
    group: await first(DescribeSecurityGroupsCommand, "SecurityGroups", "GroupId"),
    gateway: (await ec2.send(new DescribeInternetGatewaysCommand({}))).InternetGateways[0].InternetGatewayId,
  };
}

/** A shop's orders of three hours, an alarm that they set off, what stands on it, and a count of a function's errors. */
async function makeAlarms(cloudwatch, logs, { topic, function: name }) {
  const now = Date.now();
  const MetricData = Array.from({ length: 36 }, (_, at) => ({ MetricName: "Orders", Timestamp: new Date(now - at * 300_000), Value: Math.round(20 + 10 * Math.sin(at / 4)) }));
  await cloudwatch.send(new PutMetricDataCommand({ Namespace: "Shop", MetricData }));
  const common = { Namespace: "Shop", MetricName: "Orders", Statistic: "Sum", Period: 300, EvaluationPeriods: 1, ComparisonOperator: "LessThanThreshold" };
  await cloudwatch.send(new PutMetricAlarmCommand({ ...common, AlarmName: "few-orders", AlarmDescription: "Nobody buys anything.", Threshold: 100, AlarmActions: [topic] }));
  await cloudwatch.send(new PutMetricAlarmCommand({ ...common, AlarmName: "no-orders", Threshold: 1 }));
  await cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName: "anything-wrong", AlarmRule: 'ALARM("few-orders") OR ALARM("no-orders")' }));
  const widgets = [
    { type: "metric", x: 0, y: 0, width: 12, height: 6, properties: { title: "Orders", region: "us-east-1", stat: "Sum", period: 300, metrics: [["Shop", "Orders"]] } },
    { type: "text", x: 12, y: 0, width: 6, height: 6, properties: { markdown: "# The shop\nWhat it sells, in **orders** of five minutes." } },
    { type: "alarm", x: 18, y: 0, width: 6, height: 6, properties: { title: "Alarms", alarms: ["few-orders", "no-orders"].map((alarm) => `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:${alarm}`) } },
  ];
  await cloudwatch.send(new PutDashboardCommand({ DashboardName: "shop", DashboardBody: JSON.stringify({ widgets }) }));
  const logGroupName = `/aws/lambda/${name}`;
  // The function makes it when it runs, which may be later.
  await logs.send(new CreateLogGroupCommand({ logGroupName })).catch((error) => {
    if (error.name !== "ResourceAlreadyExistsException") throw error;
  });
  await logs.send(new PutMetricFilterCommand({ logGroupName, filterName: "errors", filterPattern: "ERROR", metricTransformations: [{ metricNamespace: "Shop", metricName: "Errors", metricValue: "1" }] }));
  return "few-orders";
}

async function makeStacks(cloudformation) {
  const text = (template) => readFileSync(join(templates, template, "template.yaml"), "utf8");
  const make = async (StackName, template, parameters) => {
    await cloudformation.send(new CreateStackCommand({
      StackName, TemplateBody: text(template), Capabilities: ["CAPABILITY_NAMED_IAM"],
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    }));
    await waitUntilStackCreateComplete({ client: cloudformation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName });
    const { Stacks: [{ Outputs = [] } = {}] = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
    return Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  };
  const lab = await make("lab", "remediation", { StudentId: "ann1", Email: "ann@example.com" });
  const pipeline = await make("pipeline", "pipeline", {});
  const change = { StackName: "lab", ChangeSetName: "another-address" };
  await cloudformation.send(new CreateChangeSetCommand({
    ...change, UsePreviousTemplate: true, Capabilities: ["CAPABILITY_NAMED_IAM"],
    Parameters: [{ ParameterKey: "StudentId", UsePreviousValue: true }, { ParameterKey: "Email", ParameterValue: "bob@example.com" }],
  }));
  await waitUntilChangeSetCreateComplete({ client: cloudformation, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, change);
  return { ...lab, ...pipeline, bucket: pipeline.Bucket, function: pipeline.Function, table: pipeline.Table, role: pipeline.Role, topic: lab.TopicArn, vpc: lab.VpcId, queue: pipeline.QueueArn.split(":").at(-1) };
}

async function makeBuckets(s3, bucket) {
  await s3.send(new CreateBucketCommand({ Bucket: "config-ann1" }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: "config-ann1", Policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: ["config.amazonaws.com", "cloudtrail.amazonaws.com"] }, Action: ["s3:GetBucketAcl", "s3:ListBucket", "s3:PutObject"], Resource: ["arn:aws:s3:::config-ann1", "arn:aws:s3:::config-ann1/*"] }],
  }) }));
  for (const Key of ["Grimms' Fairy Tales.txt", "letters/first.txt"]) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "Once upon a time" }));
}

async function makePeople(iam) {
  await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "config.amazonaws.com" }));
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new CreateGroupCommand({ GroupName: "auditors" }));
  await iam.send(new AddUserToGroupCommand({ GroupName: "auditors", UserName: "ann" }));
  await iam.send(new AttachGroupPolicyCommand({ GroupName: "auditors", PolicyArn: "arn:aws:iam::aws:policy/SecurityAudit" }));
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket", "sqs:*"], Resource: "*" }] });
  return (await iam.send(new CreatePolicyCommand({ PolicyName: "read-inbox", PolicyDocument }))).Policy.Arn;
}

async function makeConfig(config) {
  await config.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder: {
    name: "default", roleARN: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`, recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
  } }));
  await config.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: "default", s3BucketName: "config-ann1" } }));
  await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: "default" }));
  const rules = [["access-logs", "S3_BUCKET_LOGGING_ENABLED"], ["encryption", "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED"], ["no-ssh", "INCOMING_SSH_DISABLED"]];
  for (const [ConfigRuleName, SourceIdentifier] of rules) {
    await config.send(new PutConfigRuleCommand({ ConfigRule: { ConfigRuleName, Source: { Owner: "AWS", SourceIdentifier } } }));
  }
}
