// A user with little permission: what is forbidden fails with the server's own sentence, what may not be read says so, and nothing is changed.
import assert from "node:assert/strict";
import { CloudFormationClient, ListStacksCommand } from "@aws-sdk/client-cloudformation";
import { ConfigServiceClient, DescribeConfigurationRecordersCommand, DescribeDeliveryChannelsCommand } from "@aws-sdk/client-config-service";
import { CreateSecurityGroupCommand, DescribeSecurityGroupsCommand, DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateLoginProfileCommand, CreateUserCommand, GetRoleCommand, IAMClient, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { openWindow, signInAsUser } from "../browser.mjs";

const ACCOUNT = "000000000000";
const CARL = `arn:aws:iam::${ACCOUNT}:user/carl`;
const PASSWORD = "Little-may-he-1";
const TEMPLATE = "Resources: { Queue: { Type: AWS::SQS::Queue } }";

/** Reads a little, changes nothing, and one bucket is denied to him by name. */
const POLICY = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: [
        "s3:ListAllMyBuckets", "s3:ListBucket", "s3:GetBucket*", "s3:GetObject", "s3:PutObject", "ec2:Describe*", "cloudformation:GetTemplateSummary", "cloudformation:ListStacks",
        "cloudformation:DescribeStacks", "config:Describe*", "config:Get*", "config:List*", "iam:ListRoles", "sns:ListTopics",
      ],
      Resource: "*",
    },
    { Effect: "Deny", Action: "s3:*Object", Resource: "arn:aws:s3:::sealed-archive/*" },
  ],
};

const refused = (action, why) => new RegExp(`User: ${CARL} is not authorized to perform: ${action}.*${why}`);
const implicit = (action) => refused(action, `because no identity-based policy allows the ${action} action`);
const explicit = (action) => refused(action, "with an explicit deny in an identity-based policy");

export async function run({ browser, endpoint, shot }) {
  const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" }, forcePathStyle: true };
  const clients = {
    iam: new IAMClient(settings), s3: new S3Client(settings), ec2: new EC2Client(settings), cloudformation: new CloudFormationClient(settings), config: new ConfigServiceClient(settings),
  };
  const { iam, s3, ec2 } = clients;
  await iam.send(new CreateUserCommand({ UserName: "carl" }));
  await iam.send(new CreateLoginProfileCommand({ UserName: "carl", Password: PASSWORD }));
  await iam.send(new PutUserPolicyCommand({ UserName: "carl", PolicyName: "little", PolicyDocument: JSON.stringify(POLICY) }));
  await s3.send(new CreateBucketCommand({ Bucket: "sealed-archive" }));
  const { Vpcs: [vpc] } = await ec2.send(new DescribeVpcsCommand({}));
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: "narrow", Description: "Nobody comes in", VpcId: vpc.VpcId }));
  const before = await standing(clients);

  const window = await openWindow(browser, endpoint);
  try {
    await signInAsUser(window, { account: ACCOUNT, userName: "carl", password: PASSWORD });
    await bucket(window);
    await shot("bucket", window.page);
    await explicitDeny(window);
    await shot("explicit-deny", window.page);
    await securityGroup(window, GroupId);
    await shot("security-group", window.page);
    await stack(window);
    await shot("stack", window.page);
    await config(window);
    await shot("config", window.page);
    await reading(window);
    await shot("reading", window.page);
    assert.deepEqual(await standing(clients), before, "nothing has changed");
    await isRecorded(new CloudTrailClient(settings));
    assert.deepEqual(window.problems, []);
  } catch (error) {
    await shot("failed-carl", window.page).catch(() => {});
    throw error;
  } finally {
    await window.context.close();
  }
}

/** Everything that Carl tries to change, as root sees it. */
async function standing({ iam, s3, ec2, cloudformation, config }) {
  const role = iam.send(new GetRoleCommand({ RoleName: "AWSServiceRoleForConfig" })).then(() => "there", ({ name }) => name);
  return {
    buckets: (await s3.send(new ListBucketsCommand({}))).Buckets.map(({ Name }) => Name),
    objects: (await s3.send(new ListObjectsV2Command({ Bucket: "sealed-archive" }))).KeyCount,
    groups: (await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups.map(({ GroupId, IpPermissions }) => [GroupId, IpPermissions]).sort(),
    stacks: ((await cloudformation.send(new ListStacksCommand({}))).StackSummaries ?? []).length,
    recorders: (await config.send(new DescribeConfigurationRecordersCommand({}))).ConfigurationRecorders.length,
    channels: (await config.send(new DescribeDeliveryChannelsCommand({}))).DeliveryChannels.length,
    role: await role,
  };
}

async function bucket({ page, go }) {
  await go("/s3/buckets");
  await page.getByRole("link", { name: "sealed-archive", exact: true }).waitFor();
  await page.getByRole("button", { name: "Create bucket", exact: true }).click();
  await page.getByLabel("Bucket name").fill("of-my-own");
  await page.getByRole("button", { name: "Create bucket", exact: true }).click();
  await page.getByText(implicit("s3:CreateBucket")).first().waitFor();
  // The form is as it was.
  assert.equal(await page.getByLabel("Bucket name").inputValue(), "of-my-own");
}

async function explicitDeny({ page, go }) {
  await go("/s3/buckets/sealed-archive/upload");
  await page.getByLabel("Files to upload").setInputFiles([{ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("A note") }]);
  await page.getByRole("gridcell", { name: "note.txt", exact: true }).waitFor();
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await page.getByText("Upload failed for 1 file").waitFor();
  await page.getByText(explicit("s3:PutObject")).first().waitFor();
}

async function securityGroup({ page, go }, group) {
  await go(`/vpc/security-groups/${group}`);
  await page.getByRole("button", { name: "Edit inbound rules" }).click();
  await page.getByRole("button", { name: "Add rule", exact: true }).click();
  await page.getByRole("button", { name: /^Type/ }).first().click();
  await page.getByRole("option", { name: /^SSH\b/ }).click();
  await page.getByRole("button", { name: /^Source type/ }).first().click();
  await page.getByRole("option", { name: "Anywhere-IPv4" }).click();
  await page.getByRole("button", { name: "Save rules", exact: true }).click();
  await page.getByText(/You are not authorized to perform this operation\..*ec2:AuthorizeSecurityGroupIngress/).first().waitFor();
}

async function stack({ page, go }) {
  await go("/cloudformation/create-stack");
  await page.locator('input[type="file"]').setInputFiles({ name: "queue.yaml", mimeType: "application/yaml", buffer: Buffer.from(TEMPLATE) });
  await page.locator(".ace_text-input").waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("textbox", { name: "Stack name" }).fill("of-my-own");
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("heading", { name: "Stack failure options" }).waitFor();
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await page.getByText(implicit("cloudformation:CreateStack")).first().waitFor();
}

async function config({ page, go }) {
  await go("/config");
  await page.getByRole("button", { name: "1-click setup" }).click();
  await page.getByRole("button", { name: "Confirm", exact: true }).click();
  await page.getByText(/is not authorized to perform: /).first().waitFor();
  await page.getByText(new RegExp(`User: ${CARL} is not authorized`)).first().waitFor();
}

/** What may not be read is not shown as empty. */
async function reading({ page, go }) {
  await go("/iam/users");
  await page.getByText(implicit("iam:ListUsers")).first().waitFor();
  await page.getByText(/^You may not see/).first().waitFor();
  await go("/sqs/queues");
  await page.getByText(/not authorized to perform: sqs:listqueues/i).first().waitFor();
  assert.equal(await page.getByText("No queues", { exact: true }).count(), 0, "a list that is not known is not empty");
  await go("/labs/attempts");
  await page.getByText(/AccessDenied/).first().waitFor();
  await go("/dynamodb/tables");
  await page.getByText(implicit("dynamodb:ListTables")).first().waitFor();
}

/** The denials are in the event history, with his name. */
async function isRecorded(cloudtrail) {
  const { Events = [] } = await cloudtrail.send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: "Username", AttributeValue: "carl" }] }));
  const denied = Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent)).filter(({ errorCode }) => errorCode !== undefined);
  for (const [name, code] of [["CreateBucket", "AccessDenied"], ["AuthorizeSecurityGroupIngress", "Client.UnauthorizedOperation"], ["CreateStack", "AccessDenied"]]) {
    assert.ok(denied.some(({ eventName, errorCode }) => eventName === name && errorCode === code), `${name} ${code}: ${JSON.stringify(denied.map(({ eventName, errorCode }) => [eventName, errorCode]))}`);
  }
}
