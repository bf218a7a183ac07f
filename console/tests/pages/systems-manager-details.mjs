// Clicks through what Systems Manager has besides: versions of documents, executions that are cancelled, parameters of all types; and a key that makes codes.
import assert from "node:assert/strict";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { DescribeDocumentCommand, DescribeParametersCommand, GetAutomationExecutionCommand, GetParameterCommand, ListDocumentsCommand, ListTagsForResourceCommand, SSMClient } from "@aws-sdk/client-ssm";
import { handsOn, settingsOf } from "./steps.mjs";

const WAIT = (duration) => JSON.stringify({ schemaVersion: "0.3", mainSteps: [{ name: "Wait", action: "aws:sleep", inputs: { Duration: duration } }] });
const LATER = { timeout: 60_000 };

export async function run({ page, go, endpoint }) {
  const settings = settingsOf(endpoint);
  const hands = { ...handsOn(page), page, go, ssm: new SSMClient(settings), kms: new KMSClient(settings) };
  await documents(hands);
  await executions(hands);
  await parameters(hands);
  await code(hands);
}

/** A second version that is not the default one, until it is made so. */
async function documents({ page, go, ssm, button, field, heading, tab, select, writeCode, says }) {
  const described = async () => (await ssm.send(new DescribeDocumentCommand({ Name: "Patience" }))).Document;
  await go("/systems-manager/create-document");
  await field("Name").fill("Patience");
  await page.getByRole("radio", { name: "JSON", exact: true }).check();
  await writeCode('{"schemaVersion": "0.3"}');
  await button("Create automation").click();
  await page.getByText(/InvalidDocumentContent/).first().waitFor();
  await writeCode(WAIT("PT1S"));
  await button("Create automation").click();
  await heading("Patience", 1).waitFor();
  await button("Create new version").click();
  await page.getByRole("checkbox", { name: "Set new version as default" }).uncheck();
  await writeCode(WAIT("PT10M"));
  await button("Create new version").click();
  await says("A new version of Patience was created.");
  const before = await described();
  assert.deepEqual([before.DefaultVersion, before.LatestVersion], ["1", "2"]);
  await tab("Versions").click();
  await select("2");
  await button("Set as default version").click();
  await page.getByRole("row", { name: /\b2 Yes\b/ }).waitFor();
  assert.equal((await described()).DefaultVersion, "2");

  await go("/systems-manager/documents");
  await tab("Owned by me").click();
  await page.getByRole("link", { name: "Patience", exact: true }).waitFor();
  await tab("All documents").click();
  await page.getByRole("link", { name: "AWS-ConfigureS3BucketVersioning", exact: true }).waitFor();
  await tab("Owned by Amazon").click();
  await page.getByRole("link", { name: "Patience", exact: true }).waitFor({ state: "detached" });
  assert.deepEqual((await ssm.send(new ListDocumentsCommand({ Filters: [{ Key: "Owner", Values: ["Self"] }] }))).DocumentIdentifiers.map(({ Name }) => Name), ["Patience"]);
}

/** Begun from the list, cancelled on its page; another cancelled from the list. */
async function executions({ page, go, ssm, button, choose, heading, select, says }) {
  const begin = async () => {
    await go("/systems-manager/executions");
    await button("Execute runbook").click();
    await choose("Automation runbook", /^Patience\b/);
    await button("Execute").click();
    await heading("Execution detail").waitFor();
    return page.url().split("/").at(-1);
  };
  const status = async (AutomationExecutionId) => (await ssm.send(new GetAutomationExecutionCommand({ AutomationExecutionId }))).AutomationExecution.AutomationExecutionStatus;
  const first = await begin();
  await button("Cancel execution").click();
  await page.getByText("Cancelled", { exact: true }).first().waitFor(LATER);
  assert.equal(await status(first), "Cancelled");
  const second = await begin();
  await go("/systems-manager/executions");
  await select(second);
  await button("Cancel execution").click();
  await says(`The execution ${second} is being cancelled.`);
  await page.getByRole("row", { name: new RegExp(`${second}.*Cancelled`) }).waitFor(LATER);
  assert.equal(await status(second), "Cancelled");
}

async function parameters({ page, go, ssm, button, dialog, field, heading, tab, says }) {
  await go("/systems-manager/create-parameter");
  await field("Name").fill("/shop/colours");
  await field("Description - optional").fill("What we sell");
  await page.getByRole("radio", { name: /^Advanced/ }).check();
  await page.getByRole("radio", { name: /^StringList/ }).check();
  await field("Value").fill("red,green");
  await field("Parameter policies - optional").fill('[{"Type": "Expiration"}]');
  await button("Add new tag").click();
  await page.getByPlaceholder("Enter key").fill("team");
  await page.getByPlaceholder("Enter value").fill("blue");
  await button("Create parameter").click();
  await page.getByText(/InvalidPolicy|ValidationException|InvalidPolicyAttribute/).first().waitFor();
  await field("Parameter policies - optional").fill('[{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"2040-01-01T00:00:00.000Z"}}]');
  await button("Create parameter").click();
  await heading("/shop/colours", 1).waitFor();
  const { Parameters: [made] } = await ssm.send(new DescribeParametersCommand({}));
  assert.deepEqual([made.Tier, made.Type, made.Description, made.Policies.length], ["Advanced", "StringList", "What we sell", 1]);
  assert.deepEqual((await ssm.send(new ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId: "/shop/colours" }))).TagList, [{ Key: "team", Value: "blue" }]);
  await tab("Tags").click();
  await button("Manage tags").click();
  await button("Add new tag", dialog).click();
  await dialog.getByPlaceholder("Enter key").last().fill("stage");
  await button("Save changes", dialog).click();
  await page.getByRole("gridcell", { name: "stage", exact: true }).waitFor();
  await button("Edit").click();
  await field("Value").fill("red,green,blue");
  await button("Save changes").click();
  await says("Version 2 of /shop/colours was saved.");
  assert.equal((await ssm.send(new GetParameterCommand({ Name: "/shop/colours" }))).Parameter.Value, "red,green,blue");
}

async function code({ page, go, kms, button, dialog, field, choose, act, says }) {
  await go("/kms/create-key");
  await page.getByRole("radio", { name: /^Generate and verify MAC/ }).check();
  await choose("Key spec", "HMAC_384");
  await button("Next").click();
  await page.getByLabel("Alias", { exact: true }).fill("codes");
  for (const title of ["Define key administrative permissions", "Define key usage permissions", "Edit key policy", "Review"]) {
    await button("Next").click();
    await page.getByRole("heading", { name: new RegExp(`^${title}`), level: 1 }).waitFor();
  }
  await button("Finish").click();
  await page.getByRole("link", { name: "codes", exact: true }).click();
  await act("Edit description", "Key actions");
  await field("Description", dialog).fill("Makes codes");
  await button("Save changes", dialog).click();
  await says("Description saved.");
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/codes" }));
  assert.deepEqual([KeyMetadata.KeySpec, KeyMetadata.KeyUsage, KeyMetadata.Description], ["HMAC_384", "GENERATE_VERIFY_MAC", "Makes codes"]);
}
