// Clicks through what CloudFormation has besides: templates from a bucket and written on the page, options, exports, drift, protection, a change set that is not carried out, and a deletion that fails at first.
import assert from "node:assert/strict";
import { CloudFormationClient, CreateStackCommand, DescribeStackResourceDriftsCommand, DescribeStacksCommand, ListChangeSetsCommand, ListImportsCommand, waitUntilStackCreateComplete } from "@aws-sdk/client-cloudformation";
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { handsOn, settingsOf } from "./steps.mjs";

const SHARED = `
Parameters: { Wait: { Type: Number, Default: 30 }, Word: { Type: String, NoEcho: true } }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: shared, VisibilityTimeout: !Ref Wait } }
  Secret: { Type: AWS::SSM::Parameter, Properties: { Name: /word, Type: String, Value: !Ref Word } }
Outputs: { Arn: { Value: !GetAtt Queue.Arn, Export: { Name: shared-queue } } }
`;
const IMPORTER = "Resources: { Note: { Type: AWS::SSM::Parameter, Properties: { Name: /queue, Type: String, Value: !ImportValue shared-queue } } }\n";
const LATER = { timeout: 60_000 };

export async function run({ page, go, endpoint }) {
  const settings = settingsOf(endpoint);
  const hands = { ...handsOn(page), page, go, endpoint, cloudformation: new CloudFormationClient(settings), s3: new S3Client(settings), sqs: new SQSClient(settings) };
  await fromBucket(hands);
  await written(hands);
  await exported(hands);
  await drift(hands);
  await changeSet(hands);
  await protection(hands);
  await stuck(hands);
}

const stackOf = async (cloudformation, StackName) => (await cloudformation.send(new DescribeStacksCommand({ StackName }))).Stacks[0];

async function isComplete(page, name) {
  await page.getByRole("heading", { name, level: 1, exact: true }).waitFor();
  await page.getByText("CREATE_COMPLETE", { exact: true }).first().waitFor(LATER);
}

async function fromBucket({ page, go, endpoint, cloudformation, s3, button, heading, field }) {
  await s3.send(new CreateBucketCommand({ Bucket: "templates" }));
  await s3.send(new PutObjectCommand({ Bucket: "templates", Key: "shared.yaml", Body: SHARED }));
  await go("/cloudformation/create-stack");
  await page.getByRole("radio", { name: "Amazon S3 URL" }).check();
  await field("Amazon S3 URL").fill(`${endpoint}/templates/nothing.yaml`);
  await button("Next").click();
  await page.getByText(/ValidationError/).first().waitFor();
  await field("Amazon S3 URL").fill(`${endpoint}/templates/shared.yaml`);
  await button("Next").click();
  await field("Stack name").waitFor();
  await button("Next").click();
  await page.getByText("Enter a stack name.").first().waitFor();
  await field("Stack name").fill("shared");
  await page.getByLabel("Word").fill("open sesame");
  await button("Next").click();
  await heading("Stack failure options").waitFor();
  await button("Add new tag").click();
  await page.getByPlaceholder("Enter key").fill("team");
  await page.getByPlaceholder("Enter value").fill("blue");
  await page.getByRole("radio", { name: "Preserve successfully provisioned resources" }).check();
  await page.getByRole("checkbox", { name: "Termination protection" }).or(page.getByRole("switch", { name: "Termination protection" })).check();
  await button("Next").click();
  await button("Submit").click();
  await isComplete(page, "shared");
  const stack = await stackOf(cloudformation, "shared");
  assert.deepEqual([stack.EnableTerminationProtection, stack.DisableRollback, stack.Tags], [true, true, [{ Key: "team", Value: "blue" }]]);
}

async function written({ page, go, cloudformation, button, heading, field, writeCode }) {
  await go("/cloudformation/create-stack");
  await page.getByRole("radio", { name: "Write a template here" }).check();
  await writeCode(IMPORTER);
  await button("Next").click();
  await field("Stack name").fill("importer");
  await button("Next").click();
  await heading("Stack failure options").waitFor();
  await page.getByRole("radio", { name: "Delete the stack" }).check();
  await button("Next").click();
  await button("Submit").click();
  await isComplete(page, "importer");
  assert.deepEqual((await cloudformation.send(new ListImportsCommand({ ExportName: "shared-queue" }))).Imports, ["importer"]);
}

async function exported({ page, go, button, select }) {
  await go("/cloudformation/exports");
  await select("shared-queue");
  await button("View imports").click();
  await page.getByRole("heading", { name: "Stacks that import shared-queue" }).waitFor();
  await page.getByRole("link", { name: "importer", exact: true }).click();
  await page.getByRole("heading", { name: "importer", level: 1, exact: true }).waitFor();
}

/** What somebody changes behind the stack's back is found, and shown with both values. */
async function drift({ page, go, cloudformation, sqs, button, act, select, says }) {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "shared" }));
  const wait = (VisibilityTimeout) => sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout } }));
  await wait("99");
  await go("/cloudformation/stacks/shared");
  await act("Detect drift", "Stack actions");
  await says("Drift detection initiated for shared.");
  await act("View drift results", "Stack actions");
  await page.getByText("DRIFTED", { exact: true }).waitFor(LATER);
  await select("Queue");
  await button("View drift details").click();
  await page.getByRole("row", { name: /^\/VisibilityTimeout NOT_EQUAL "?30"? "?99"?$/ }).waitFor();
  const { StackResourceDrifts: [found] } = await cloudformation.send(new DescribeStackResourceDriftsCommand({ StackName: "shared" }));
  assert.equal(found.StackResourceDriftStatus, "MODIFIED");
  await wait("30");
  await button("Detect stack drift").click();
  await page.getByText("IN_SYNC", { exact: true }).first().waitFor(LATER);
}

/** The template stays, and the secret that nobody sees; another value would change one resource. It is not carried out, but deleted. */
async function changeSet({ page, go, cloudformation, button, heading, field, act, confirm, tab, says }) {
  const sets = async () => (await cloudformation.send(new ListChangeSetsCommand({ StackName: "shared" }))).Summaries;
  await go("/cloudformation/stacks/shared");
  await act("Create change set for current stack", "Stack actions");
  await page.getByRole("radio", { name: "Use existing template" }).check();
  await button("Next").click();
  await page.getByRole("checkbox", { name: "Use existing value" }).waitFor();
  assert.ok(await page.getByRole("checkbox", { name: "Use existing value" }).isChecked());
  await field("Wait").fill("45");
  await button("Next").click();
  await heading("Stack failure options").waitFor();
  await button("Next").click();
  await field("Change set name").fill("longer");
  await button("Create change set").click();
  await heading("longer", 1).waitFor();
  await page.getByRole("gridcell", { name: "Modify", exact: true }).waitFor(LATER);
  await page.getByRole("heading", { name: "Changes (1)" }).waitFor();
  assert.deepEqual((await sets()).map(({ ChangeSetName, ExecutionStatus }) => [ChangeSetName, ExecutionStatus]), [["longer", "AVAILABLE"]]);
  await go("/cloudformation/stacks/shared");
  await tab("Change sets").click();
  await page.getByRole("link", { name: "longer", exact: true }).click();
  await button("Delete change set").click();
  await confirm("Delete");
  await says("Change set longer deleted.");
  assert.deepEqual(await sets(), []);
  await tab("Template").click();
  await page.getByText("View processed template").click();
  await page.getByText(/VisibilityTimeout/).first().waitFor();
}

/** A protected stack is not deleted; what others import is not, either. */
async function protection({ page, go, cloudformation, button, dialog, act, confirm, says }) {
  await go("/cloudformation/stacks/shared");
  await button("Delete").click();
  await confirm("Delete");
  await page.getByText(/TerminationProtection is enabled/).first().waitFor();
  await button("Cancel", dialog).click();
  await act("Deactivate termination protection", "Stack actions");
  await says("Termination protection deactivated for shared.");
  assert.equal((await stackOf(cloudformation, "shared")).EnableTerminationProtection, false);
  await button("Delete").click();
  await confirm("Delete");
  await page.getByText("Delete canceled. Cannot delete export shared-queue as it is in use by importer.").first().waitFor(LATER);
  assert.equal((await stackOf(cloudformation, "shared")).StackStatus, "DELETE_FAILED");
}

/** A bucket with something in it does not go: it is left behind. */
async function stuck({ page, go, cloudformation, s3, button, dialog, confirm }) {
  await cloudformation.send(new CreateStackCommand({ StackName: "boxes", TemplateBody: "Resources: { Box: { Type: AWS::S3::Bucket, Properties: { BucketName: full-box } }, Note: { Type: AWS::SQS::Queue } }" }));
  await waitUntilStackCreateComplete({ client: cloudformation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName: "boxes" });
  await s3.send(new PutObjectCommand({ Bucket: "full-box", Key: "thing", Body: "." }));
  await go("/cloudformation/stacks/boxes");
  await button("Delete").click();
  await confirm("Delete");
  await page.getByText("DELETE_FAILED", { exact: true }).first().waitFor(LATER);
  await button("Delete").click();
  await dialog.getByRole("checkbox", { name: /^Box \(full-box\)/ }).check();
  await confirm("Delete");
  await go("/cloudformation/stacks");
  await page.getByRole("link", { name: "boxes", exact: true }).waitFor({ state: "detached", ...LATER });
  await page.getByRole("link", { name: "shared", exact: true }).waitFor();
  assert.ok((await s3.send(new ListBucketsCommand({}))).Buckets.some(({ Name }) => Name === "full-box"));
}
