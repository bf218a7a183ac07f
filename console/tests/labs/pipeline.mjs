// The lab "Secure a serverless file pipeline", done by clicking, from the teacher's "Start lab" to full marks.
import { fromMenu } from "../browser.mjs";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  beginLab, button, choose, chooseTemplate, confirmSubscription, createStack, download, fillParameters, link, PATIENCE, rows, says, shown, stackIs, studentWindow, submit, submitForFullMarks, tab, toReview,
  visit, write,
} from "./steps.mjs";

export const TITLE = "Secure a serverless file pipeline";

// What the student writes in Task 12; the lab's own solution of it.
const HARDENED = resolve(import.meta.dirname, "../../../labs/secure-file-pipeline/hardened.yaml");

export async function run({ browser, endpoint, shot, ...teacher }) {
  const { account, ...credentials } = await beginLab(teacher, { title: TITLE, student: "ben" });
  const window = await studentWindow(browser, endpoint, { account, ...credentials });
  const { page } = window;
  const lab = { page, shot, account, logs: `logs-${account}`, forgotten: `forgotten-${account}` };
  const tasks = [
    ["stack", async () => {
      lab.stack = await createStack(page, { name: "file-pipeline", template: await download(page, "template.yaml") });
      lab.inbox = lab.stack.Inbox;
    }],
    ["first-file", () => firstFile(lab)], ["inventory", () => inventory(lab)], ["encryption", () => encryption(lab)], ["access-log", () => accessLog(lab)], ["trust", () => trust(lab)],
    ["privilege", () => privilege(lab)], ["denial", () => denial(lab)], ["policies", () => policies(lab)], ["watch", () => watch(lab)], ["alerts", () => alerts(lab)], ["written-down", () => writtenDown(lab)],
  ];
  try {
    assert.equal(await submit(page, 1), "0 of 100 points");
    await page.getByText(/Task 1 creates it/).first().waitFor();
    for (const [at, [name, task]] of tasks.entries()) {
      await task();
      await shot(`task-${String(at + 1).padStart(2, "0")}-${name}`, page);
    }
    await submitForFullMarks(page, 2);
    await shot("grade", page);
    window.problems.forEach((problem) => assert.fail(problem));
  } catch (error) {
    await shot("failed-student", page).catch(() => {});
    throw error;
  } finally {
    await window.context.close();
  }
}

const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

async function openBucket(page, bucket) {
  await visit(page, "S3");
  await link(page, bucket).click();
  await tab(page, "Objects").waitFor();
}

/** S3, the bucket, "Upload", "Add files", "Upload"; into a folder that is made for it where one is named. */
async function upload({ page, inbox }, { name, text, folder, before = async () => {}, ends = "Upload succeeded" }) {
  await openBucket(page, inbox);
  if (folder !== undefined) {
    await button(page, "Create folder").click();
    await page.getByLabel("Folder name").fill(folder);
    await button(page, "Create folder").click();
    await link(page, `${folder}/`).click();
    await says(page, "No objects", { exact: true });
  }
  await button(page, "Upload").click();
  const choosing = page.waitForEvent("filechooser");
  await button(page, "Add files").click();
  await (await choosing).setFiles(file(name, text));
  await page.getByRole("gridcell", { name, exact: true }).waitFor();
  await before();
  await button(page, "Upload").click();
  await says(page, ends, { exact: true });
}

/** Its row comes to the ledger by itself: announced, taken and entered. */
async function isEntered({ page, stack }, name) {
  await visit(page, "DynamoDB", "Explore items");
  await page.getByRole("radio", { name: stack.Table, exact: true }).click();
  await page.getByRole("gridcell", { name, exact: true }).waitFor({ timeout: PATIENCE });
}

async function firstFile(lab) {
  const name = "Grandmother's tale.txt";
  await upload(lab, { name, text: "Once upon a time" });
  await isEntered(lab, name);
}

async function inventory(lab) {
  const { page } = lab;
  await visit(page, "CloudFormation");
  await link(page, "file-pipeline").click();
  await tab(page, "Resources").click();
  await page.getByRole("gridcell", { name: "Wiring", exact: true }).waitFor();
  const assets = (await rows(page, "Resources")).map((cells) => cells.join("\t")).join("\n");
  await upload(lab, { name: "assets.txt", text: assets, folder: "inventory" });
}

async function encryption(lab) {
  const { page, inbox } = lab;
  await visit(page, "Key Management Service", "Customer managed keys");
  await button(page, "Create key").click();
  await page.getByRole("radio", { name: /Encrypt and decrypt/ }).check();
  await button(page, "Next").click();
  await page.getByLabel("Alias", { exact: true }).fill("inbox");
  for (const heading of ["Define key administrative permissions", "Define key usage permissions", "Edit key policy", "Review"]) {
    await button(page, "Next").click();
    await page.getByRole("heading", { name: new RegExp(`^${heading}`), level: 1 }).waitFor();
  }
  await button(page, "Finish").click();
  await link(page, "inbox").click();
  lab.key = await shown(page, "ARN");
  await tab(page, "Key rotation").click();
  await button(page, "Edit Automatic key rotation").click();
  await page.getByRole("checkbox", { name: "Enable automatic key rotation" }).check();
  await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Automatic key rotation enabled.").first().waitFor();

  await openBucket(page, inbox);
  await tab(page, "Properties").click();
  await button(page, "Edit Default encryption").click();
  await page.getByRole("radio", { name: /SSE-KMS/ }).check();
  await choose(page, "Available AWS KMS keys", /^inbox\b/);
  await page.getByRole("radiogroup", { name: "Bucket Key" }).getByRole("radio", { name: "Enable" }).check();
  await button(page, "Save changes").click();
  await page.getByText("Successfully edited default encryption.").first().waitFor();

  await upload(lab, { name: "sealed.txt", text: "Secret" });
  await link(page, "sealed.txt").click();
  await page.getByRole("heading", { name: "Server-side encryption settings" }).waitFor();
  await says(page, /\(SSE-KMS\)/);
}

async function createBucket(page, name) {
  await visit(page, "S3");
  await page.getByRole("heading", { name: /^General purpose buckets/ }).waitFor();
  await button(page, "Create bucket").click();
  await page.getByLabel("Bucket name").fill(name);
  await button(page, "Create bucket").click();
  await link(page, name).waitFor();
}

async function logTo(page, bucket, destination) {
  await openBucket(page, bucket);
  await tab(page, "Properties").click();
  await button(page, "Edit Server access logging").click();
  await page.getByRole("radiogroup", { name: "Server access logging" }).getByRole("radio", { name: "Enable" }).check();
  await page.getByPlaceholder("s3://bucket/prefix").fill(destination);
  await button(page, "Save changes").click();
  await link(page, destination).waitFor();
}

async function accessLog(lab) {
  const { page, inbox, logs } = lab;
  await createBucket(page, logs);
  await logTo(page, inbox, `s3://${logs}/inbox/`);
  await openBucket(page, logs);
  await tab(page, "Permissions").click();
  await says(page, /logging\.s3\.amazonaws\.com/);
  await upload(lab, { name: "for the log.txt", text: "Who put this here?" });
  // The log comes by itself.
  await openBucket(page, logs);
  await link(page, "inbox/").click({ timeout: PATIENCE });
  await page.getByRole("link", { name: /^\d{4}-\d\d-\d\d-/ }).first().waitFor();
}

async function openRole({ page, stack }) {
  await visit(page, "IAM", "Roles");
  await page.getByPlaceholder("Find roles").fill(stack.Role);
  // Until the other rows have gone, the link moves from under the mouse.
  await page.getByText("1 match", { exact: true }).first().waitFor();
  await link(page, stack.Role).click();
}

async function trust(lab) {
  const { page } = lab;
  await openRole(lab);
  await tab(page, "Trust relationships").click();
  await button(page, "Edit trust policy").click();
  await write(page, { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }] });
  await button(page, "Update policy").click();
  await page.getByText("Trust policy updated.").first().waitFor();
  await upload(lab, { name: "still at work.txt", text: "Lambda is trusted" });
  await isEntered(lab, "still at work.txt");
}

const allow = (Action, Resource) => ({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] });

/** The role's own "Add permissions", not that of the page on which policies are attached, which may still be going away. */
async function addPermissions(page, how) {
  await tab(page, "Trust relationships").waitFor();
  const item = page.getByRole("menuitem", { name: how });
  for (let tries = 1; ; tries += 1) {
    await button(page, "Add permissions").click();
    try {
      await item.click({ timeout: 5_000 });
      return;
    } catch (error) {
      // A list that is read again at that moment closes its menu.
      if (tries === 5) throw error;
      await page.keyboard.press("Escape");
    }
  }
}

async function createInline(page, name, policy) {
  await addPermissions(page, "Create inline policy");
  await write(page, policy);
  await button(page, "Next").click();
  await page.getByRole("textbox", { name: "Policy name" }).fill(name);
  await button(page, "Create policy").click();
  await page.getByText(`Policy ${name} created.`).first().waitFor();
  await link(page, name).waitFor();
}

async function privilege(lab) {
  const { page, stack } = lab;
  await openRole(lab);
  for (const name of ["SystemAdministrator", "whatever-it-takes"]) await page.getByRole("checkbox", { name: `Select ${name}`, exact: true }).check();
  await button(page, "Remove").click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove policy" }).click();
  await page.getByText("2 policies were removed.").first().waitFor();
  await addPermissions(page, "Attach policies");
  await page.getByPlaceholder("Search policies").fill("AWSLambdaBasicExecutionRole");
  await page.getByRole("checkbox", { name: "Select AWSLambdaBasicExecutionRole", exact: true }).check();
  await button(page, "Add permissions").click();
  await page.getByText(/Policy was successfully attached/).first().waitFor();
  await createInline(page, "put-rows", allow("dynamodb:PutItem", stack.TableArn));
  await createInline(page, "take-messages", allow(["sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:DeleteMessage"], stack.QueueArn));
  await page.getByRole("heading", { name: "Permissions policies (3)" }).waitFor();
  await upload(lab, { name: "with less.txt", text: "Least privilege that works" });
  await isEntered(lab, "with less.txt");
}

async function changeInline(lab, name, policy) {
  const { page } = lab;
  await openRole(lab);
  await link(page, name).click();
  await write(page, policy);
  await button(page, "Next").click();
  await button(page, "Save changes").click();
  await page.getByText(`Policy ${name} has been updated.`).first().waitFor();
}

async function denial(lab) {
  const { page, stack, shot } = lab;
  await changeInline(lab, "put-rows", allow("dynamodb:GetItem", stack.TableArn));
  await upload(lab, { name: "denied at first.txt", text: "Not yet" });
  await visit(page, "CloudWatch", "Log groups");
  await link(page, `/aws/lambda/${stack.FunctionName}`).click();
  await button(page, "Search all log streams").click();
  await page.getByRole("searchbox", { name: "Filter events" }).fill("AccessDeniedException");
  await button(page, "Search").click();
  await page.getByRole("gridcell", { name: /dynamodb:PutItem.*because no identity-based policy allows the dynamodb:PutItem action/ }).first().waitFor({ timeout: PATIENCE });
  await shot("task-08-denied-in-the-log", page);
  await changeInline(lab, "put-rows", allow("dynamodb:PutItem", stack.TableArn));
  // Nobody uploads it again: the queue delivers the message once more.
  await isEntered(lab, "denied at first.txt");
}

async function policies(lab) {
  const { page, inbox } = lab;
  await openBucket(page, inbox);
  await tab(page, "Permissions").click();
  await button(page, "Edit Block public access (bucket settings)").click();
  await page.getByRole("checkbox", { name: "Block all public access" }).check();
  await button(page, "Save changes").click();
  await page.getByText("Successfully edited Block public access (bucket settings).").first().waitFor();
  await button(page, "Edit Bucket policy").click();
  await write(page, {
    Version: "2012-10-17",
    Statement: [{
      Sid: "OnlyByKey", Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: `arn:aws:s3:::${inbox}/*`,
      Condition: { Null: { "s3:x-amz-server-side-encryption": "false" }, StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } },
    }],
  });
  await button(page, "Save changes").click();
  await page.getByText("Successfully edited bucket policy.").first().waitFor();
  // Another encryption is refused, the student's own rights notwithstanding.
  await upload(lab, {
    name: "weak.txt", text: "Weak", ends: "Upload failed for 1 file",
    before: async () => {
      await page.getByRole("button", { name: /^Properties/ }).click();
      await page.getByRole("radio", { name: "Specify an encryption key", exact: true }).check();
      await page.getByRole("radio", { name: /SSE-S3/ }).check();
    },
  });
  await page.getByRole("gridcell", { name: /with an explicit deny in a resource-based policy/ }).waitFor();
}

const LOGGING = "s3-bucket-logging-enabled";
const ENCRYPTION = "s3-default-encryption-kms";

async function watch(lab) {
  const { page, inbox } = lab;
  await visit(page, "AWS Config");
  await button(page, "Get started").click();
  await page.getByRole("radio", { name: "Specific resource types" }).check();
  await choose(page, "Resource type", "AWS S3 Bucket");
  await page.getByRole("radio", { name: /AWS Config service-linked role/ }).check();
  await page.getByRole("radio", { name: "Create a bucket" }).check();
  await button(page, "Next").click();
  for (const name of [LOGGING, ENCRYPTION]) {
    await page.getByRole("searchbox", { name: "Find AWS managed rules" }).or(page.getByRole("textbox", { name: "Find AWS managed rules" })).fill(name);
    await page.getByRole("checkbox", { name: `Select ${name}`, exact: true }).check();
  }
  await button(page, "Next").click();
  await button(page, "Confirm").click();
  await says(page, "Recording is on");
  for (const name of [ENCRYPTION, LOGGING]) await isJudged(page, name, inbox, "Compliant");
}

/** The rule's page says so by itself. */
async function isJudged(page, rule, bucket, verdict) {
  await visit(page, "AWS Config", "Rules");
  await link(page, rule).click();
  await choose(page, "Compliance filter", /^All$/);
  await page.getByRole("row", { name: new RegExp(bucket) }).getByText(verdict, { exact: true }).waitFor({ timeout: PATIENCE });
}

async function alerts(lab) {
  const { page, account, logs, forgotten } = lab;
  const topic = `arn:aws:sns:us-east-1:${account}:compliance-alerts`;
  await visit(page, "Simple Notification Service", "Topics");
  await button(page, "Create topic").click();
  await page.getByLabel("Name", { exact: true }).fill("compliance-alerts");
  await button(page, "Create topic").click();
  await page.getByText("Topic compliance-alerts created successfully.").first().waitFor();
  await button(page, "Create subscription").click();
  await choose(page, "Protocol", /^Email$/);
  await page.getByLabel("Endpoint").fill("ben@example.org");
  await button(page, "Create subscription").click();
  await says(page, "Pending confirmation");
  await confirmSubscription(page);

  await visit(page, "Amazon EventBridge", "Rules");
  await button(page, "Create rule").click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("compliance-changes");
  await button(page, "Next").click();
  await page.getByRole("radio", { name: "Custom pattern (JSON editor)" }).check();
  await write(page, { source: ["aws.config"], "detail-type": ["Config Rules Compliance Change"] });
  await button(page, "Next").click();
  await choose(page, "Select a target", "SNS topic");
  await page.getByRole("combobox", { name: "Topic", exact: true }).fill(topic);
  await page.keyboard.press("Escape");
  assert.ok(await page.getByRole("checkbox", { name: "Add to the target's policy that this rule may use it" }).isChecked(), "the rule may use the topic unless one wants it otherwise");
  for (const heading of ["Configure tags", "Review and create"]) {
    await button(page, "Next").click();
    await page.getByRole("heading", { name: new RegExp(`^${heading}`), level: 1 }).waitFor();
  }
  await button(page, "Create rule").click();
  await page.getByRole("heading", { name: "compliance-changes", level: 1 }).waitFor();

  await createBucket(page, forgotten);
  await isJudged(page, LOGGING, forgotten, "Noncompliant");
  const mails = page.getByRole("link", { name: "AWS Notification Message", exact: true });
  await visit(page, "Mailbox");
  // One for each rule: a new bucket has neither a log nor a key.
  await mails.nth(1).waitFor({ timeout: PATIENCE });
  await logTo(page, forgotten, `s3://${logs}/forgotten/`);
  await isJudged(page, LOGGING, forgotten, "Compliant");
  await visit(page, "Mailbox");
  await mails.nth(2).waitFor({ timeout: PATIENCE });
  await mails.first().click();
  await says(page, /"complianceType":\s?"COMPLIANT"/);
}

async function writtenDown(lab) {
  const { page, key, logs } = lab;
  await visit(page, "CloudFormation");
  await link(page, "file-pipeline").click();
  await fromMenu(page, button(page, "Stack actions"), { name: "Create change set for current stack" });
  await page.getByRole("radio", { name: "Replace existing template" }).check();
  await chooseTemplate(page, { name: "hardened.yaml", mimeType: "application/yaml", buffer: readFileSync(HARDENED) });
  await fillParameters(page, { KeyArn: key, LogBucket: logs });
  await toReview(page, /IAM resources/);
  await page.getByRole("textbox", { name: "Change set name" }).fill("harden");
  await button(page, "Create change set").click();
  await page.getByRole("heading", { name: "harden", level: 1 }).waitFor();
  const proposed = await rows(page, "Changes");
  assert.ok(proposed.length >= 3, JSON.stringify(proposed));
  assert.ok(proposed.every((cells) => cells.includes("Modify") && !cells.includes("True")), JSON.stringify(proposed));
  await button(page, "Execute change set").click();
  await tab(page, "Events").waitFor();
  await stackIs(page, "UPDATE_COMPLETE");
  await upload(lab, { name: "after the update.txt", text: "It still works" });
  await isEntered(lab, "after the update.txt");
}
