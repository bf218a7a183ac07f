// AWS Config as the guides click through it: set-up with a role of one's own, a rule by a function, managed rules, remediation, timeline, controls, settings.
import assert from "node:assert/strict";
import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from "@aws-sdk/client-cloudformation";
import { ConfigServiceClient, DescribeConfigRulesCommand, DescribeConfigurationRecordersCommand, DescribeConfigurationRecorderStatusCommand, DescribeDeliveryChannelsCommand, DescribeRemediationConfigurationsCommand } from "@aws-sdk/client-config-service";
import { AuthorizeSecurityGroupIngressCommand, DescribeSecurityGroupsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateBucketCommand, GetBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { fromMenu } from "../browser.mjs";

const TEMPLATE = `
Resources:
  ConfigRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: AwsConfigRole
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: config.amazonaws.com }, Action: "sts:AssumeRole" }] }
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"]
      Policies:
        - PolicyName: S3Access
          PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: ["s3:PutObject", "s3:GetBucketAcl"], Resource: "*" }] }
        - PolicyName: SNSPublish
          PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "sns:Publish", Resource: "*" }] }
  FunctionRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" }] }
      Policies:
        - PolicyName: judge
          PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: ["config:PutEvaluations", "logs:*"], Resource: "*" }] }
  RepairRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: repair-role
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ssm.amazonaws.com }, Action: "sts:AssumeRole" }] }
      Policies:
        - PolicyName: repair
          PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: ["s3:PutBucketVersioning", "s3:GetBucketVersioning"], Resource: "*" }] }
  Judge:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: judge-groups
      Handler: index.handler
      Runtime: python3.12
      Role: !GetAtt FunctionRole.Arn
      Code:
        ZipFile: |
          import json, boto3
          def handler(event, context):
              item = json.loads(event["invokingEvent"])["configurationItem"]
              many = len(item["configuration"]["ipPermissions"]) > 2
              boto3.client("config").put_evaluations(ResultToken=event["resultToken"], Evaluations=[dict(
                  ComplianceResourceType=item["resourceType"], ComplianceResourceId=item["resourceId"],
                  ComplianceType="NON_COMPLIANT" if many else "COMPLIANT",
                  Annotation="Permissions were judged", OrderingTimestamp=item["configurationItemCaptureTime"])])
  Permission:
    Type: AWS::Lambda::Permission
    Properties: { FunctionName: !Ref Judge, Action: "lambda:InvokeFunction", Principal: config.amazonaws.com, SourceAccount: !Ref AWS::AccountId }
  Topic:
    Type: AWS::SNS::Topic
    Properties: { TopicName: ust-config-topic }
Outputs: { Function: { Value: !GetAtt Judge.Arn } }
`;

/** What the guide's stack makes, by the API; then everything by the pages. */
export async function run({ page, go, endpoint }) {
  const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" }, forcePathStyle: true };
  const [config, ec2, s3, cloudformation] = [new ConfigServiceClient(settings), new EC2Client(settings), new S3Client(settings), new CloudFormationClient(settings)];
  await cloudformation.send(new CreateStackCommand({ StackName: "config-pages", TemplateBody: TEMPLATE, Capabilities: ["CAPABILITY_NAMED_IAM"] }));
  await waitUntilStackCreateComplete({ client: cloudformation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName: "config-pages" });
  await setUp({ page, go, config });
  await customRule({ page, go, config, ec2 });
  await managedRules({ page, go, config, s3 });
  await remediation({ page, go, config, s3 });
  await controls({ page, go });
  await settingsPage({ page, go, config });
  await elsewhere({ page, go, settings });
}

async function choose(page, label, option) {
  await page.locator("button[aria-haspopup]").and(page.getByLabel(label, { exact: true })).click();
  await page.getByRole("option", { name: option }).first().click();
}

async function setUp({ page, go, config }) {
  await go("/config");
  await page.getByRole("button", { name: "Get started" }).click();
  await page.getByRole("radio", { name: "Specific resource types" }).check();
  // Nothing chosen yet: the wizard says so and stays.
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByText("Choose at least one resource type to record.", { exact: true }).waitFor();
  await choose(page, "Resource type", "AWS EC2 SecurityGroup");
  await page.getByRole("radio", { name: "Choose a role from your account" }).check();
  await choose(page, "Existing roles", "AwsConfigRole");
  await page.getByRole("checkbox", { name: /Stream configuration changes and notifications/ }).check();
  await page.getByRole("radio", { name: "Choose a topic from your account" }).check();
  await choose(page, "SNS topic name", "ust-config-topic");
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("heading", { name: "AWS Managed Rules" }).waitFor();
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByText("AWS EC2 SecurityGroup: Continuous").waitFor();
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("heading", { name: "Dashboard", level: 1 }).waitFor();
  await page.getByText("Recording is on").first().waitFor();
  const { ConfigurationRecorders: [recorder] } = await config.send(new DescribeConfigurationRecordersCommand({}));
  assert.deepEqual(recorder.recordingGroup.resourceTypes, ["AWS::EC2::SecurityGroup"]);
  assert.match(recorder.roleARN, /role\/AwsConfigRole$/);
  const { DeliveryChannels: [channel] } = await config.send(new DescribeDeliveryChannelsCommand({}));
  assert.match(channel.snsTopicARN, /:ust-config-topic$/);
  await page.getByRole("link", { name: "Resources", exact: true }).click();
  await page.getByRole("heading", { name: "Resource Inventory" }).waitFor();
  await page.getByRole("gridcell", { name: "AWS EC2 SecurityGroup" }).first().waitFor();
  // Related resources are there, too.
  await page.getByRole("gridcell", { name: "AWS EC2 VPC" }).first().waitFor();
}

async function customRule({ page, go, config, ec2 }) {
  await go("/config/rules");
  await page.getByText("AWS Config doesn't have any rules defined.").waitFor();
  await page.getByRole("button", { name: "Add rule" }).click();
  await page.getByRole("radio", { name: "Create custom Lambda rule" }).check();
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("combobox", { name: "AWS Lambda function ARN" }).fill("arn:aws:lambda:us-east-1:000000000000:function:judge-groups");
  await page.keyboard.press("Escape");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("EC2SecurityGroup");
  await page.getByRole("textbox", { name: "Description" }).fill("Restrict inbound ports to HTTP and HTTPS");
  await page.getByRole("radio", { name: "Resources" }).check();
  await choose(page, "Resource type", "AWS EC2 SecurityGroup");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Add another row" }).click();
  await page.getByRole("textbox", { name: "Key" }).fill("debug");
  await page.getByRole("textbox", { name: "Value" }).fill("true");
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "EC2SecurityGroup", exact: true }).click();
  await page.getByRole("button", { name: "Compliance filter" }).click();
  await page.getByRole("option", { name: "All", exact: true }).click();
  await page.getByRole("gridcell", { name: "Permissions were judged" }).first().waitFor({ timeout: 30_000 });
  const { ConfigRules: [rule] } = await config.send(new DescribeConfigRulesCommand({ ConfigRuleNames: ["EC2SecurityGroup"] }));
  assert.equal(rule.InputParameters, '{"debug":"true"}');
  assert.deepEqual(rule.Scope.ComplianceResourceTypes, ["AWS::EC2::SecurityGroup"]);
  // A change is judged while the page is open, and nobody presses anything.
  const { SecurityGroups: [group] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({
    GroupId: group.GroupId,
    IpPermissions: [443, 465, 993].map((port) => ({ IpProtocol: "tcp", FromPort: port, ToPort: port, IpRanges: [{ CidrIp: "0.0.0.0/0" }] })),
  }));
  await page.getByRole("gridcell", { name: "Noncompliant" }).first().waitFor({ timeout: 30_000 });
  await page.getByRole("link", { name: group.GroupId }).first().click();
  await page.getByRole("button", { name: "Resource Timeline" }).click();
  await page.getByText(/Configuration change: \d+ field change/).first().waitFor();
  await page.getByRole("rowheader", { name: /^configuration\.ipPermissions\.\d$/ }).first().waitFor();
  await page.getByText("Rule compliance: Noncompliant").first().waitFor();
  await page.getByText("CloudTrail event: AuthorizeSecurityGroupIngress").first().waitFor({ timeout: 30_000 });
  await page.getByRole("tab", { name: "Relationships" }).click();
  // A node of the drawing is a link that the keyboard reaches.
  await page.getByRole("link", { name: /^AWS EC2 VPC vpc-/ }).first().focus();
  await page.keyboard.press("Enter");
  await page.getByText("AWS EC2 VPC").first().waitFor();
}

async function managedRules({ page, go, config, s3 }) {
  await go("/config/settings/edit");
  await page.getByRole("radio", { name: "All resource types with customizable overrides" }).check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("The settings were saved.").first().waitFor();
  await go("/config/add-rule");
  await page.getByRole("textbox", { name: "Find AWS managed rules" }).or(page.getByRole("searchbox", { name: "Find AWS managed rules" })).fill("s3-bucket-versioning");
  await page.getByRole("radio", { name: "Select s3-bucket-versioning-enabled" }).check();
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "s3-bucket-versioning-enabled" }).waitFor();
  await s3.send(new CreateBucketCommand({ Bucket: "pages-of-config" }));
  await go("/config/dashboard");
  await page.getByRole("row", { name: /s3-bucket-versioning-enabled .*Noncompliant resource/ }).waitFor({ timeout: 30_000 });
  const { ConfigRules: [rule] } = await config.send(new DescribeConfigRulesCommand({ ConfigRuleNames: ["s3-bucket-versioning-enabled"] }));
  assert.equal(rule.Source.SourceIdentifier, "S3_BUCKET_VERSIONING_ENABLED");
}

async function remediation({ page, go, config, s3 }) {
  await go("/config/rules/s3-bucket-versioning-enabled");
  await page.getByRole("button", { name: "Manage remediation" }).click();
  await page.getByRole("radio", { name: "Manual remediation" }).check();
  await choose(page, "Choose remediation action", "AWS-ConfigureS3BucketVersioning");
  await choose(page, "Resource ID parameter", "BucketName");
  await page.getByRole("combobox", { name: "AutomationAssumeRole" }).fill("arn:aws:iam::000000000000:role/repair-role");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByRole("checkbox", { name: "Select AWS S3 Bucket pages-of-config" }).check();
  const { RemediationConfigurations: [known] } = await config.send(new DescribeRemediationConfigurationsCommand({ ConfigRuleNames: ["s3-bucket-versioning-enabled"] }));
  assert.equal(known.Parameters.BucketName.ResourceValue.Value, "RESOURCE_ID");
  await page.getByRole("button", { name: "Remediate", exact: true }).click();
  // The bucket leaves the list of the noncompliant by itself.
  await page.getByRole("link", { name: "pages-of-config" }).waitFor({ state: "detached", timeout: 30_000 });
  assert.equal((await s3.send(new GetBucketVersioningCommand({ Bucket: "pages-of-config" }))).Status, "Enabled");
}

async function controls({ page, go }) {
  await go("/config/controls");
  await page.getByRole("textbox", { name: "Find compliance by control" }).or(page.getByRole("searchbox", { name: "Find compliance by control" })).fill("SC-28");
  await page.getByRole("link", { name: "SC-28", exact: true }).click();
  await page.getByRole("heading", { name: "SC-28", level: 1 }).waitFor();
  await page.getByText("Not evaluated").first().waitFor();
  await page.getByRole("button", { name: "Add rule s3-bucket-server-side-encryption-enabled" }).click();
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "s3-bucket-server-side-encryption-enabled" }).waitFor();
  await go("/config/controls/SC-28");
  await page.getByText("Compliant", { exact: true }).first().waitFor({ timeout: 30_000 });
}

async function settingsPage({ page, go, config }) {
  await go("/config/settings");
  await page.getByRole("tab", { name: "Customer managed recorder" }).click();
  await page.getByRole("button", { name: "Deliver snapshot" }).click();
  await page.getByText(/is being delivered/).first().waitFor();
  await page.getByRole("button", { name: "Stop recording" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Stop recording" }).click();
  await page.getByText("Recording is off").first().waitFor();
  const { ConfigurationRecordersStatus: [status] } = await config.send(new DescribeConfigurationRecorderStatusCommand({}));
  assert.equal(status.recording, false);
  await go("/config/rules/EC2SecurityGroup");
  await fromMenu(page, page.getByRole("button", { name: "Actions" }), { name: "Delete rule" });
  await page.getByRole("dialog").getByRole("textbox").fill("Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("link", { name: "s3-bucket-versioning-enabled" }).waitFor();
  await page.getByRole("link", { name: "EC2SecurityGroup", exact: true }).waitFor({ state: "detached", timeout: 30_000 });
}

/** The other guide's set-up, in a Region of its own: buckets only, the service-linked role, two managed rules at once; a new bucket turns up by itself. */
async function elsewhere({ page, go, settings }) {
  const region = "eu-west-1";
  await go("/config");
  await fromMenu(page, page.getByRole("button", { name: "Region" }), { name: /Europe \(Ireland\)/ });
  await page.getByRole("button", { name: "Get started" }).click();
  await page.getByRole("radio", { name: "Specific resource types" }).check();
  await choose(page, "Resource type", "AWS S3 Bucket");
  await page.getByRole("radio", { name: /service-linked role/ }).check();
  await page.getByRole("textbox", { name: "S3 bucket name" }).fill("config-bucket-of-ireland");
  await page.getByRole("button", { name: "Next", exact: true }).click();
  const find = page.getByRole("searchbox", { name: "Find AWS managed rules" }).or(page.getByRole("textbox", { name: "Find AWS managed rules" }));
  await find.fill("s3-bucket-");
  for (const name of ["s3-bucket-logging-enabled", "s3-bucket-server-side-encryption-enabled"]) {
    await find.fill(name);
    await page.getByRole("checkbox", { name: `Select ${name}` }).check();
  }
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByText("AWSServiceRoleForConfig").first().waitFor();
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("heading", { name: "Dashboard", level: 1 }).waitFor();
  // The bucket of AWS Config itself has no access log.
  await page.getByRole("row", { name: /s3-bucket-logging-enabled 1 Noncompliant/ }).waitFor({ timeout: 30_000 });
  const s3 = new S3Client({ ...settings, region });
  await s3.send(new CreateBucketCommand({ Bucket: "new-in-ireland", CreateBucketConfiguration: { LocationConstraint: region } }));
  await page.getByRole("row", { name: /s3-bucket-logging-enabled 2 Noncompliant/ }).waitFor({ timeout: 30_000 });
  const config = new ConfigServiceClient({ ...settings, region });
  const { ConfigurationRecorders: [recorder] } = await config.send(new DescribeConfigurationRecordersCommand({}));
  assert.match(recorder.roleARN, /aws-service-role\/config\.amazonaws\.com\/AWSServiceRoleForConfig$/);
  await fromMenu(page, page.getByRole("button", { name: "Region" }), { name: /N\. Virginia/ });
}
