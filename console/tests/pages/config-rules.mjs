// Clicks through what AWS Config has besides the guides' way: rules of any name, edited and judged anew, remediation by itself and its exceptions, settings of all kinds, and the end of recording.
import assert from "node:assert/strict";
import {
  ConfigServiceClient, DescribeComplianceByConfigRuleCommand, DescribeConfigRulesCommand, DescribeConfigurationRecordersCommand, DescribeConfigurationRecorderStatusCommand, DescribeDeliveryChannelsCommand,
  DescribeRemediationConfigurationsCommand, DescribeRemediationExceptionsCommand, DescribeRetentionConfigurationsCommand, ListTagsForResourceCommand,
} from "@aws-sdk/client-config-service";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, DeleteBucketCommand, GetBucketPolicyCommand, GetBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, GetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { ACCOUNT, handsOn, settingsOf } from "./steps.mjs";
import { fromMenu } from "../browser.mjs";

const VERSIONING = "s3-bucket-versioning-enabled";
const LATER = { timeout: 60_000 };

export async function run({ page, go, endpoint }) {
  const settings = settingsOf(endpoint);
  const [config, s3, iam, sns] = [new ConfigServiceClient(settings), new S3Client(settings), new IAMClient(settings), new SNSClient(settings)];
  const hands = { ...handsOn(page), page, go, config, s3, sns };
  const document = (Statement) => JSON.stringify({ Version: "2012-10-17", Statement: [Statement] });
  await iam.send(new CreateRoleCommand({ RoleName: "repairs", AssumeRolePolicyDocument: document({ Effect: "Allow", Principal: { Service: "ssm.amazonaws.com" }, Action: "sts:AssumeRole" }) }));
  await iam.send(new PutRolePolicyCommand({ RoleName: "repairs", PolicyName: "versioning", PolicyDocument: document({ Effect: "Allow", Action: "s3:*BucketVersioning", Resource: "*" }) }));
  for (const Bucket of ["drafts", "deliveries"]) await s3.send(new CreateBucketCommand({ Bucket }));
  await oneClick(hands);
  await anyName(hands);
  await edited(hands);
  await remediation(hands);
  await inventory(hands);
  await settingsOfAllKinds(hands);
  await end(hands);
}

async function oneClick({ page, go, config, button, heading }) {
  await go("/config");
  await button("1-click setup").click();
  await page.getByText(`config-bucket-${ACCOUNT}`).first().waitFor();
  await button("Confirm").click();
  await heading("Dashboard", 1).waitFor();
  const { ConfigurationRecorders: [recorder] } = await config.send(new DescribeConfigurationRecordersCommand({}));
  assert.equal(recorder.recordingGroup.allSupported, true);
}

/** A rule may be called as the page on which rules are added once was. */
async function anyName({ page, go, config, button, heading, act, confirm, says }) {
  await go("/config/rules");
  await button("Add rule").click();
  await page.getByRole("radio", { name: /^Create custom Lambda rule/ }).check();
  await page.getByRole("radio", { name: /^Add AWS managed rule/ }).check();
  await button("Next").click();
  await says("Choose the managed rule to add.");
  await page.getByRole("searchbox", { name: "Find AWS managed rules" }).or(page.getByRole("textbox", { name: "Find AWS managed rules" })).fill(VERSIONING);
  await page.getByRole("radio", { name: `Select ${VERSIONING}` }).check();
  await button("Next").click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("add");
  await page.getByRole("radio", { name: "All changes" }).check();
  await button("Next").click();
  await button("Save").click();
  await page.getByRole("link", { name: "add", exact: true }).click();
  await heading("add", 1).waitFor();
  await page.getByText("S3_BUCKET_VERSIONING_ENABLED").waitFor();
  await act("Edit rule");
  await page.getByRole("textbox", { name: "Description" }).fill("Named as a page once was");
  await button("Save").click();
  await says("The rule add has been changed.");
  const { ConfigRules: [rule] } = await config.send(new DescribeConfigRulesCommand({ ConfigRuleNames: ["add"] }));
  assert.deepEqual([rule.Description, rule.Source.SourceIdentifier], ["Named as a page once was", "S3_BUCKET_VERSIONING_ENABLED"]);
  await act("Delete rule");
  await confirm("Delete", "Delete");
  await heading(/^Rules/, 1).waitFor();
  await page.getByText("AWS Config doesn't have any rules defined.").waitFor(LATER);
}

/** The same rule, on buckets with a tag, then on one bucket, then on all; judged again when asked; its results deleted. */
async function edited({ page, go, config, button, dialog, choose, field, act, confirm, says }) {
  await go("/config/add-rule?identifier=S3_BUCKET_VERSIONING_ENABLED");
  await page.getByRole("radio", { name: "Tags" }).check();
  await button("Next").click();
  await says("Name the tag of the resources that the rule judges.");
  await field("Tag key").fill("stage");
  await field("Tag value - optional").fill("prod");
  await button("Next").click();
  await says("Tag stage = prod");
  await button("Save").click();
  await page.getByRole("link", { name: VERSIONING }).waitFor();
  const rule = async () => (await config.send(new DescribeConfigRulesCommand({ ConfigRuleNames: [VERSIONING] }))).ConfigRules[0];
  assert.deepEqual((await rule()).Scope, { TagKey: "stage", TagValue: "prod" });
  await page.getByRole("radio", { name: `Select ${VERSIONING}` }).check();
  await act("Edit rule");
  await page.getByRole("radio", { name: "Resources" }).check();
  await choose("Resource type", "AWS S3 Bucket", { several: true });
  await field("Resource identifier - optional").fill("drafts");
  await button("Save").click();
  await says(`The rule ${VERSIONING} has been changed.`);
  assert.deepEqual((await rule()).Scope, { ComplianceResourceTypes: ["AWS::S3::Bucket"], ComplianceResourceId: "drafts" });
  await page.getByRole("row", { name: /drafts .*Noncompliant/ }).waitFor(LATER);
  await act("Edit rule");
  await field("Resource identifier - optional").fill("");
  await button("Save").click();
  await page.getByRole("row", { name: /deliveries .*Noncompliant/ }).waitFor(LATER);

  const compliance = async () => (await config.send(new DescribeComplianceByConfigRuleCommand({ ConfigRuleNames: [VERSIONING] }))).ComplianceByConfigRules[0].Compliance?.ComplianceType;
  assert.equal(await compliance(), "NON_COMPLIANT");
  await act("Delete results");
  await confirm("Delete");
  await says(`The results of ${VERSIONING} are being deleted.`);
  await page.getByText("No noncompliant resources. Choose All to see every resource in scope.").waitFor(LATER);
  assert.equal(await compliance(), "INSUFFICIENT_DATA");
  await act("Re-evaluate");
  await says(`The rule ${VERSIONING} is being evaluated.`);
  await page.getByRole("row", { name: /drafts .*Noncompliant/ }).waitFor(LATER);

  await button("Manage tags").click();
  await button("Add new tag", dialog).click();
  await dialog.getByPlaceholder("Enter key").fill("owner");
  await dialog.getByPlaceholder("Enter value").fill("ann");
  await button("Save changes", dialog).click();
  await page.getByRole("gridcell", { name: "ann", exact: true }).waitFor();
  const { Tags } = await config.send(new ListTagsForResourceCommand({ ResourceArn: (await rule()).ConfigRuleArn }));
  assert.deepEqual(Tags, [{ Key: "owner", Value: "ann" }]);

  // A periodic one, with its clock and parameters.
  await go("/config/add-rule?identifier=IAM_POLICY_IN_USE");
  await choose("Frequency", "6 hours");
  await button("Next").click();
  await says("The parameter policyARN is required.");
  await field("policyARN").fill("arn:aws:iam::aws:policy/IAMFullAccess");
  await choose("policyUsageType - optional", "IAM_ROLE");
  await button("Next").click();
  await button("Save").click();
  await page.getByRole("link", { name: "iam-policy-in-use" }).waitFor();
  const { ConfigRules: [periodic] } = await config.send(new DescribeConfigRulesCommand({ ConfigRuleNames: ["iam-policy-in-use"] }));
  assert.deepEqual([periodic.MaximumExecutionFrequency, JSON.parse(periodic.InputParameters)], ["Six_Hours", { policyARN: "arn:aws:iam::aws:policy/IAMFullAccess", policyUsageType: "IAM_ROLE" }]);
  await choose("Compliance status", "Compliant");
  await page.getByRole("link", { name: VERSIONING }).waitFor({ state: "detached" });
}

/** Automatic remediation leaves alone what is an exception, until it is none any more. */
async function remediation({ page, go, config, s3, button, choose, field, confirm, says }) {
  const status = async (Bucket) => (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status;
  const page_ = `/config/rules/${VERSIONING}`;
  const put = async (method) => {
    await page.getByRole("radio", { name: `${method} remediation` }).check();
    await button("Save changes").click();
    await says(`The remediation action of ${VERSIONING} was saved.`);
  };
  await go(`${page_}/remediation`);
  await choose("Choose remediation action", "AWS-ConfigureS3BucketVersioning");
  await choose("Resource ID parameter", "BucketName");
  await page.getByRole("combobox", { name: "AutomationAssumeRole" }).fill(`arn:aws:iam::${ACCOUNT}:role/repairs`);
  await page.keyboard.press("Escape");
  await put("Manual");
  await page.getByRole("checkbox", { name: "Select AWS S3 Bucket drafts" }).check();
  await button("Add exception").click();
  await says("Automatic remediation leaves the resource alone.");
  const exceptions = async () => (await config.send(new DescribeRemediationExceptionsCommand({ ConfigRuleName: VERSIONING }))).RemediationExceptions.map(({ ResourceId }) => ResourceId);
  assert.deepEqual(await exceptions(), ["drafts"]);
  await button("Edit remediation").click();
  await field("Retries").or(page.getByRole("spinbutton", { name: "Retries" })).waitFor({ state: "hidden" });
  await page.getByRole("radio", { name: "Automatic remediation" }).check();
  await page.getByRole("spinbutton", { name: "Retries" }).fill("3");
  await page.getByRole("spinbutton", { name: "Seconds" }).fill("120");
  await put("Automatic");
  const { RemediationConfigurations: [known] } = await config.send(new DescribeRemediationConfigurationsCommand({ ConfigRuleNames: [VERSIONING] }));
  assert.deepEqual([known.Automatic, known.MaximumAutomaticAttempts, known.RetryAttemptSeconds], [true, 3, 120]);
  // What is noncompliant is repaired by the next evaluation, and nobody chooses it.
  await fromMenu(page, button("Actions"), { name: "Re-evaluate" });
  await page.getByRole("row", { name: /deliveries/ }).waitFor({ state: "detached", ...LATER });
  assert.equal(await status("deliveries"), "Enabled");
  assert.equal(await status("drafts"), undefined);
  await page.getByRole("checkbox", { name: "Select AWS S3 Bucket drafts" }).check();
  await button("Remove exception").click();
  await says("The exception was removed.");
  assert.deepEqual(await exceptions(), []);
  await button("Remediate").click();
  await page.getByRole("row", { name: /drafts/ }).waitFor({ state: "detached", ...LATER });
  assert.equal(await status("drafts"), "Enabled");
  await button("Delete remediation action").click();
  await confirm("Delete");
  await says(`The remediation action of ${VERSIONING} was deleted.`);
  assert.deepEqual((await config.send(new DescribeRemediationConfigurationsCommand({ ConfigRuleNames: [VERSIONING] }))).RemediationConfigurations, []);
}

/** What is recorded, narrowed and with what is gone; a resource's item, and the way to where it is managed. */
async function inventory({ page, go, s3, button, choose, tab, heading }) {
  await s3.send(new CreateBucketCommand({ Bucket: "short-lived" }));
  await go("/config/resources?type=AWS%3A%3AS3%3A%3ABucket");
  await page.getByRole("link", { name: "short-lived", exact: true }).waitFor(LATER);
  await s3.send(new DeleteBucketCommand({ Bucket: "short-lived" }));
  await page.getByRole("link", { name: "short-lived", exact: true }).waitFor({ state: "detached", ...LATER });
  await page.getByRole("checkbox", { name: "Include deleted resources" }).check();
  await page.getByRole("link", { name: "short-lived", exact: true }).click();
  await page.getByText("ResourceDeleted", { exact: true }).first().waitFor();
  await button("Resource Timeline").click();
  await page.getByText("Resource deleted").first().waitFor();
  await choose("Event types", "Configuration events", { several: true });
  await page.getByText("Resource deleted").first().waitFor({ state: "detached" });
  await tab("Configuration item (JSON)").click();
  await page.getByText('"resourceId": "short-lived"').waitFor();
  await go("/config/resources");
  await choose("Compliance", "Compliant");
  await page.getByRole("link", { name: "drafts", exact: true }).click();
  await button("Manage resource").click();
  await heading("drafts", 1).waitFor();
  assert.match(page.url(), /\/s3\/buckets\/drafts$/);
}

async function settingsOfAllKinds({ page, go, config, s3, sns, button, choose, field, tab, says }) {
  const days = page.getByLabel("Retention period in days", { exact: true });
  const now = async () => {
    const { ConfigurationRecorders: [recorder] } = await config.send(new DescribeConfigurationRecordersCommand({}));
    const { DeliveryChannels: [channel] } = await config.send(new DescribeDeliveryChannelsCommand({}));
    const { RetentionConfigurations: [retention] } = await config.send(new DescribeRetentionConfigurationsCommand({}));
    return { group: recorder.recordingGroup, mode: recorder.recordingMode, channel, days: retention?.RetentionPeriodInDays };
  };
  const edit = async () => {
    await go("/config/settings");
    await tab("Customer managed recorder").click();
    await button("Edit").click();
  };
  const save = async (count) => {
    await button("Save").click();
    await page.getByText("The settings were saved.").nth(count).waitFor();
  };
  await edit();
  await page.getByRole("radio", { name: "Daily recording" }).check();
  await button("Add override").click();
  await choose("Resource type 2", "AWS S3 Bucket");
  await choose("Override 2", "Continuous");
  await button("Add override").click();
  await choose("Resource type 3", "AWS EC2 SecurityGroup");
  await choose("Override 3", "Exclude from recording");
  await page.getByRole("radio", { name: /^Set a custom retention period/ }).check();
  await days.fill("7");
  await says("The retention period is 30 to 2557 days.");
  await days.fill("90");
  await page.getByRole("radio", { name: "Choose a bucket from your account" }).check();
  await choose("S3 bucket name", "deliveries");
  await field("Prefix (optional)").fill("config");
  await page.getByRole("checkbox", { name: /Add to the bucket's policy/ }).check();
  await page.getByRole("checkbox", { name: /Stream configuration changes/ }).check();
  await page.getByRole("radio", { name: "Create a topic" }).check();
  await page.getByLabel("SNS topic name", { exact: true }).fill("config-news");
  await choose("Snapshot delivery frequency - optional", "12 hours");
  await save(0);
  const first = await now();
  assert.deepEqual(first.group.exclusionByResourceTypes.resourceTypes, ["AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User", "AWS::EC2::SecurityGroup"]);
  assert.deepEqual([first.mode.recordingFrequency, first.mode.recordingModeOverrides[0].resourceTypes, first.mode.recordingModeOverrides[0].recordingFrequency], ["DAILY", ["AWS::S3::Bucket"], "CONTINUOUS"]);
  assert.deepEqual([first.channel.s3BucketName, first.channel.s3KeyPrefix, first.channel.snsTopicARN, first.channel.configSnapshotDeliveryProperties.deliveryFrequency, first.days],
    ["deliveries", "config", `arn:aws:sns:us-east-1:${ACCOUNT}:config-news`, "Twelve_Hours", 90]);
  const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: "deliveries" }));
  assert.deepEqual(JSON.parse(Policy).Statement.map(({ Sid }) => Sid), ["AWSConfigBucketPermissionsCheck", "AWSConfigBucketExistenceCheck", "AWSConfigBucketDelivery"]);
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: first.channel.snsTopicARN }));
  assert.ok(JSON.parse(Attributes.Policy).Statement.some(({ Sid }) => Sid === "AWSConfigSNSPolicy"), "the topic lets AWS Config publish");

  // The form finds what was saved, and takes it back.
  await sns.send(new CreateTopicCommand({ Name: "elsewhere" }));
  await edit();
  assert.equal(await days.inputValue(), "90");
  await page.getByRole("radio", { name: /^Retain AWS Config data for 7 years/ }).check();
  await page.getByRole("radio", { name: "Continuous recording" }).check();
  await button("Remove resource type 2").click();
  await button("Remove resource type 2").click();
  await page.getByRole("radio", { name: "Choose a topic from another account" }).check();
  await page.getByLabel("SNS topic ARN", { exact: true }).fill(`arn:aws:sns:us-east-1:${ACCOUNT}:elsewhere`);
  await page.getByRole("radio", { name: "Choose a bucket from another account" }).check();
  await choose("Snapshot delivery frequency - optional", "Not by the clock");
  await save(1);
  const second = await now();
  assert.deepEqual([second.group.allSupported, second.mode.recordingFrequency, second.mode.recordingModeOverrides ?? [], second.days], [true, "CONTINUOUS", [], undefined]);
  assert.deepEqual([second.channel.snsTopicARN, second.channel.s3BucketName, second.channel.configSnapshotDeliveryProperties], [`arn:aws:sns:us-east-1:${ACCOUNT}:elsewhere`, "deliveries", undefined]);
}

/** Off, on, off, and everything gone: then the page offers to begin. */
async function end({ page, go, config, button, dialog, tab, confirm, says }) {
  const recording = async () => (await config.send(new DescribeConfigurationRecorderStatusCommand({}))).ConfigurationRecordersStatus[0]?.recording;
  await go("/config/settings");
  await tab("Customer managed recorder").click();
  await button("Delete delivery channel").click();
  await confirm("Delete");
  await says(/LastDeliveryChannelDeleteFailed/);
  await button("Cancel", dialog).click();
  await button("Stop recording").click();
  await button("Stop recording", dialog).click();
  await button("Start recording").click();
  await button("Stop recording").waitFor();
  assert.equal(await recording(), true);
  await button("Stop recording").click();
  await button("Stop recording", dialog).click();
  await button("Start recording").waitFor();
  assert.equal(await recording(), false);
  await button("Delete delivery channel").click();
  await confirm("Delete");
  await says("The delivery channel was deleted.");
  await page.getByText("There is no delivery channel. Edit the settings to add one.").waitFor();
  assert.deepEqual((await config.send(new DescribeDeliveryChannelsCommand({}))).DeliveryChannels, []);
  await button("Delete recorder").click();
  await confirm("Delete", "Delete");
  await page.getByText("AWS Config is not set up in this Region.").waitFor();
  assert.deepEqual((await config.send(new DescribeConfigurationRecordersCommand({}))).ConfigurationRecorders, []);
}
