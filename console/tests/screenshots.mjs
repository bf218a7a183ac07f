// Pictures of the console's pages, light and dark, with a lab's resources in them: `cargo xtask screenshots` puts them into docs/screenshots.
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand, waitUntilStackCreateComplete } from "@aws-sdk/client-cloudformation";
import { ConfigServiceClient, PutConfigRuleCommand, PutConfigurationRecorderCommand, PutDeliveryChannelCommand, StartConfigurationRecorderCommand } from "@aws-sdk/client-config-service";
import { IAMClient, CreateServiceLinkedRoleCommand, CreateUserCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { openWindow, signInAsRoot } from "./browser.mjs";

const ACCOUNT = "000000000000";
const templates = resolve(import.meta.dirname, "../../tests/scenarios");

export async function run({ browser, endpoint, page, go }) {
  const folder = process.env.CLOUDCHAMBER_SCREENSHOTS ?? resolve(import.meta.dirname, "../../docs/screenshots");
  const names = await furnish(endpoint);
  const pages = pagesOf(names);
  for (const dark of [false, true]) {
    const mode = dark ? "dark" : "light";
    mkdirSync(join(folder, mode), { recursive: true });
    const window = await openWindow(browser, endpoint, { dark, viewport: { width: 1280, height: 800 } });
    await window.go("/");
    await window.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await window.page.screenshot({ path: join(folder, mode, "sign-in.png") });
    await signInAsRoot(window);
    for (const [name, path] of Object.entries(pages)) {
      await window.go(path);
      await settled(window.page);
      await window.page.screenshot({ path: join(folder, mode, `${name}.png`) });
    }
    if (window.problems.length > 0) throw new Error(window.problems.join("\n"));
    await window.context.close();
  }
  await go("/");
  await page.getByRole("heading", { name: "Console home" }).waitFor();
}

/** Until the page has a heading and nothing on it has changed for a while. */
async function settled(page) {
  await page.locator("main h1, main h2").first().waitFor();
  await page.evaluate(() => new Promise((resolve) => {
    const QUIET = 700;
    let timer = setTimeout(resolve, QUIET);
    new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(resolve, QUIET);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  }));
}

/** Two stacks, a recorder with rules, some objects and a user. */
async function furnish(endpoint) {
  const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" }, forcePathStyle: true };
  const cloudformation = new CloudFormationClient(settings);
  const s3 = new S3Client(settings);
  const config = new ConfigServiceClient(settings);
  const iam = new IAMClient(settings);
  const stack = async (StackName, template, parameters) => {
    await cloudformation.send(new CreateStackCommand({
      StackName, TemplateBody: readFileSync(join(templates, template, "template.yaml"), "utf8"), Capabilities: ["CAPABILITY_NAMED_IAM"],
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    }));
    await waitUntilStackCreateComplete({ client: cloudformation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName });
    const { Stacks: [{ Outputs = [] } = {}] = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
    return Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  };
  const lab = await stack("lab", "remediation", { StudentId: "ann1", Email: "ann@example.com" });
  const pipeline = await stack("pipeline", "pipeline", {});
  await s3.send(new CreateBucketCommand({ Bucket: "config-ann1" }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: "config-ann1", Policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "config.amazonaws.com" }, Action: ["s3:GetBucketAcl", "s3:ListBucket", "s3:PutObject"], Resource: ["arn:aws:s3:::config-ann1", "arn:aws:s3:::config-ann1/*"] }],
  }) }));
  await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "config.amazonaws.com" }));
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await config.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder: {
    name: "default", roleARN: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`, recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
  } }));
  await config.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: "default", s3BucketName: "config-ann1" } }));
  await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: "default" }));
  for (const [ConfigRuleName, SourceIdentifier] of [["access-logs", "S3_BUCKET_LOGGING_ENABLED"], ["encryption", "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED"], ["no-ssh", "INCOMING_SSH_DISABLED"]]) {
    await config.send(new PutConfigRuleCommand({ ConfigRule: { ConfigRuleName, Source: { Owner: "AWS", SourceIdentifier } } }));
  }
  for (const Key of ["Grimms' Fairy Tales.txt", "letters/first.txt"]) await s3.send(new PutObjectCommand({ Bucket: pipeline.Bucket, Key, Body: "Once upon a time" }));
  return { ...lab, ...pipeline, bucket: pipeline.Bucket, group: lab.GroupId, function: pipeline.Function, table: pipeline.Table, topic: lab.TopicArn?.split(":").at(-1) };
}

function pagesOf(names) {
  return {
    "home": "/",
    "cloudformation-stacks": "/cloudformation/stacks",
    "cloudformation-create-stack": "/cloudformation/stacks/create",
    "cloudformation-stack": "/cloudformation/stacks/lab",
    "cloudformation-events": "/cloudformation/stacks/lab?tab=events",
    "cloudformation-resources": "/cloudformation/stacks/lab?tab=resources",
    "cloudtrail-event-history": "/cloudtrail",
    "cloudwatch-log-groups": "/cloudwatch/log-groups",
    "cloudwatch-log-events": `/cloudwatch/log-groups/${encodeURIComponent(`/aws/lambda/${names.function}`)}/events`,
    "config-dashboard": "/config",
    "config-rules": "/config/rules",
    "config-rule": "/config/rules/access-logs",
    "dynamodb-tables": "/dynamodb",
    "dynamodb-table": `/dynamodb/tables/${names.table}`,
    "eventbridge": "/events",
    "iam-dashboard": "/iam",
    "iam-roles": "/iam/roles",
    "iam-role": `/iam/roles/${names.Role}`,
    "kms": "/kms",
    "labs": "/labs",
    "lambda-functions": "/lambda/functions",
    "lambda-function": `/lambda/functions/${names.function}`,
    "lambda-configuration": `/lambda/functions/${names.function}?tab=configuration`,
    "mail": "/mail",
    "s3-buckets": "/s3",
    "s3-bucket": `/s3/buckets/${names.bucket}`,
    "sns": "/sns",
    "sns-topic": `/sns/topics/${names.topic}`,
    "sqs": "/sqs",
    "systems-manager": "/systems-manager",
    "vpc-security-groups": "/vpc/security-groups",
    "vpc-security-group": `/vpc/security-groups/${names.group}`,
    "vpc-vpcs": "/vpc/vpcs",
  };
}
