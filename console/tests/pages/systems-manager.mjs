// Systems Manager: a runbook of one's own is written, carried out, fails without its role's permission, and parameters are made, changed, labelled, deleted.
import assert from "node:assert/strict";
import { GetParameterCommand, GetParameterHistoryCommand, SSMClient } from "@aws-sdk/client-ssm";
import { CreateBucketCommand, GetBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";

export async function run({ page, go, endpoint }) {
  const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" }, forcePathStyle: true };
  const [ssm, s3] = [new SSMClient(settings), new S3Client(settings)];
  await s3.send(new CreateBucketCommand({ Bucket: "pages-of-ssm" }));
  await go("/systems-manager/documents");
  await page.getByRole("link", { name: "AWS-ConfigureS3BucketVersioning" }).waitFor();
  await page.getByRole("button", { name: "Create document" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("TurnVersioningOn");
  await page.getByText("mainSteps").first().waitFor();
  await page.getByRole("button", { name: "Create automation" }).click();
  await page.getByRole("heading", { name: "TurnVersioningOn", level: 1 }).waitFor();
  await page.getByRole("tab", { name: "Content" }).click();
  await page.getByText("PutBucketVersioning").first().waitFor();
  await page.getByRole("button", { name: "Execute automation" }).click();
  await page.getByRole("textbox", { name: "BucketName" }).fill("pages-of-ssm");
  await page.getByRole("button", { name: "Execute", exact: true }).click();
  await page.getByRole("heading", { name: "Execution detail" }).waitFor();
  // Nobody presses refresh.
  await page.getByText("Success", { exact: true }).first().waitFor({ timeout: 30_000 });
  assert.equal((await s3.send(new GetBucketVersioningCommand({ Bucket: "pages-of-ssm" }))).Status, "Enabled");
  await page.getByRole("button", { name: "Copy execution" }).click();
  await page.getByRole("textbox", { name: "BucketName" }).fill("pages-of-nobody");
  await page.getByRole("button", { name: "Execute", exact: true }).click();
  await page.getByText("Failed", { exact: true }).first().waitFor({ timeout: 30_000 });
  await page.getByText(/NoSuchBucket/).first().waitFor();
  await go("/systems-manager/executions");
  await page.getByRole("row", { name: /TurnVersioningOn Success/ }).waitFor();
  await page.getByRole("row", { name: /TurnVersioningOn Failed/ }).waitFor();

  await go("/systems-manager/documents/TurnVersioningOn");
  await page.getByRole("button", { name: "Create new version" }).click();
  await page.getByText("mainSteps").first().waitFor();
  await page.locator(".ace_content").first().click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText("schemaVersion: '0.3'\nmainSteps:\n  - name: Wait\n    action: aws:sleep\n    inputs: { Duration: PT1S }\n");
  await page.getByRole("heading", { name: "Document details" }).click();
  await page.getByRole("button", { name: "Create new version" }).click();
  await page.getByRole("tab", { name: "Versions" }).click();
  await page.getByRole("row", { name: /^(Select 2 )?2 Yes/ }).or(page.getByRole("gridcell", { name: "2", exact: true })).first().waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText("No documents of yours. Create document makes one.").waitFor();
  await parameters({ page, go, ssm });
}

async function parameters({ page, go, ssm }) {
  await go("/systems-manager/parameters");
  await page.getByRole("button", { name: "Create parameter" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("/app/limit");
  await page.getByRole("textbox", { name: "Value" }).fill("10");
  await page.getByRole("textbox", { name: /Allowed pattern/ }).fill("^\\d+$");
  await page.getByRole("button", { name: "Create parameter" }).click();
  await page.getByRole("heading", { name: "/app/limit", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByRole("textbox", { name: "Value" }).fill("many");
  await page.getByRole("button", { name: "Save changes" }).click();
  // The server's own sentence, in the form.
  await page.getByText("ParameterPatternMismatchException").first().waitFor();
  await page.getByRole("textbox", { name: "Value" }).fill("20");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByRole("heading", { name: "/app/limit", level: 1 }).waitFor();
  assert.equal((await ssm.send(new GetParameterCommand({ Name: "/app/limit" }))).Parameter.Value, "20");
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("radio", { name: "Select 1" }).check();
  await page.getByRole("button", { name: "Attach labels" }).click();
  await page.getByRole("textbox", { name: "Labels" }).fill("first");
  await page.getByRole("button", { name: "Attach", exact: true }).click();
  await page.getByRole("gridcell", { name: "first", exact: true }).waitFor();
  assert.deepEqual((await ssm.send(new GetParameterHistoryCommand({ Name: "/app/limit" }))).Parameters[0].Labels, ["first"]);
  await go("/systems-manager/create-parameter");
  await page.getByRole("textbox", { name: "Name" }).fill("/app/secret");
  await page.getByRole("radio", { name: "SecureString" }).check();
  await page.getByRole("textbox", { name: "Value" }).or(page.getByLabel("Value", { exact: true })).first().fill("hush");
  await page.getByRole("button", { name: "Create parameter" }).click();
  await page.getByRole("heading", { name: "/app/secret", level: 1 }).waitFor();
  await page.getByText("••••••••").waitFor();
  await page.getByText("Show decrypted value").click();
  await page.getByText("hush", { exact: true }).waitFor();
  await go("/systems-manager/parameters");
  for (const name of ["/app/limit", "/app/secret"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete parameters" }).click();
  await page.getByText("No parameters. Create parameter makes one.").waitFor();
}
