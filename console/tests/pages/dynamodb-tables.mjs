// Clicks through what tables of DynamoDB have besides: capacity, local indexes, keys of one's own, streams and expiry off again, backups restored, queries by an index from the end.
import assert from "node:assert/strict";
import {
  CreateBackupCommand, CreateTableCommand, DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient, GetItemCommand, ListBackupsCommand, ListTablesCommand, PutItemCommand, ScanCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { handsOn, settingsOf } from "./steps.mjs";

const LATER = { timeout: 60_000 };

export async function run({ page, go, endpoint }) {
  const db = new DynamoDBClient(settingsOf(endpoint));
  const { KeyMetadata } = await new KMSClient(settingsOf(endpoint)).send(new CreateKeyCommand({ Description: "Of the ledger" }));
  const hands = { ...handsOn(page), page, go, db, key: KeyMetadata.Arn };
  await created(hands);
  await capacity(hands);
  await settings(hands);
  await queries(hands);
  await backups(hands);
  await several(hands);
}

const tableOf = async (db, TableName) => (await db.send(new DescribeTableCommand({ TableName }))).Table;

async function created({ page, go, db, button, dialog, field, says }) {
  await go("/dynamodb/create-table");
  await page.getByLabel("Table name").fill("ledger");
  await field("Partition key").fill("account");
  await field("Sort key - optional").fill("at");
  await page.getByRole("radio", { name: /^Customize settings/ }).check();
  await page.getByRole("radio", { name: /^Provisioned/ }).check();
  await page.getByLabel("Provisioned read capacity units").fill("3");
  await page.getByLabel("Provisioned write capacity units").fill("2");
  await button("Create local index").click();
  await dialog.getByRole("textbox", { name: "Index sort key" }).fill("sum");
  await dialog.getByLabel("Index name").fill("by-sum");
  await dialog.getByRole("radio", { name: "Only keys" }).check();
  await button("Create index", dialog).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("checkbox", { name: "Turn on deletion protection" }).check();
  await button("Create table").click();
  await says('The "ledger" table was created successfully.');
  const table = await tableOf(db, "ledger");
  assert.deepEqual([table.ProvisionedThroughput.ReadCapacityUnits, table.ProvisionedThroughput.WriteCapacityUnits, table.DeletionProtectionEnabled], [3, 2, true]);
  assert.deepEqual(table.LocalSecondaryIndexes.map(({ IndexName, Projection }) => [IndexName, Projection.ProjectionType]), [["by-sum", "KEYS_ONLY"]]);
}

async function capacity({ page, go, db, button, dialog, act, says }) {
  await go("/dynamodb/tables/ledger");
  await act("Edit capacity");
  await page.getByLabel("Provisioned read capacity units").fill("0");
  await button("Save changes", dialog).click();
  await dialog.getByText(/ValidationException/).first().waitFor();
  await page.getByLabel("Provisioned read capacity units").fill("7");
  await button("Save changes", dialog).click();
  await says('Capacity of the "ledger" table was updated.');
  assert.equal((await tableOf(db, "ledger")).ProvisionedThroughput.ReadCapacityUnits, 7);
  await page.getByText("Active", { exact: true }).first().waitFor(LATER);
  await act("Edit capacity");
  await dialog.getByRole("radio", { name: "On-demand" }).check();
  await button("Save changes", dialog).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await tableOf(db, "ledger")).BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
}

async function settings({ page, go, db, key, button, dialog, choose, tab, confirm, says }) {
  await db.send(new UpdateTimeToLiveCommand({ TableName: "ledger", TimeToLiveSpecification: { Enabled: true, AttributeName: "until" } }));
  await go("/dynamodb/tables/ledger");
  await tab("Additional settings").click();
  await button("Turn off TTL").click();
  await confirm("Turn off TTL");
  await says("Time to Live turned off.");
  assert.equal((await db.send(new DescribeTimeToLiveCommand({ TableName: "ledger" }))).TimeToLiveDescription.TimeToLiveStatus, "DISABLED");
  await button("Manage encryption").click();
  await dialog.getByRole("radio", { name: /^Stored in your account, and owned and managed by you/ }).check();
  await choose("Available AWS KMS keys", new RegExp(key.split("/")[1]), { within: dialog });
  await button("Save changes", dialog).click();
  await says("Encryption at rest updated.");
  assert.equal((await tableOf(db, "ledger")).SSEDescription.KMSMasterKeyArn, key);
  await button("Manage encryption").click();
  await dialog.getByRole("radio", { name: /^Owned by Amazon DynamoDB/ }).check();
  await button("Save changes", dialog).click();
  await dialog.waitFor({ state: "hidden" });
  assert.notEqual((await tableOf(db, "ledger")).SSEDescription?.Status, "ENABLED");

  await tab("Exports and streams").click();
  await button("Turn on").click();
  await dialog.getByRole("radio", { name: /^New image/ }).check();
  await button("Turn on stream", dialog).click();
  await says('The stream of the "ledger" table was turned on.');
  assert.equal((await tableOf(db, "ledger")).StreamSpecification.StreamViewType, "NEW_IMAGE");
  await button("Turn off").click();
  await confirm("Turn off stream");
  await says('The stream of the "ledger" table was turned off.');
  assert.notEqual((await tableOf(db, "ledger")).StreamSpecification?.StreamEnabled, true);
}

/** By the index, from its end; some attributes of them; and an item edited from the list. */
async function queries({ page, go, db, button, choose, field, act, says }) {
  for (const [at, sum] of [["1", "30"], ["2", "10"], ["3", "20"]]) await db.send(new PutItemCommand({ TableName: "ledger", Item: { account: { S: "shop" }, at: { S: at }, sum: { S: sum }, note: { S: `of ${at}` } } }));
  await go("/dynamodb/explore?table=ledger");
  await page.getByText("Items returned: 3 ").waitFor();
  await page.getByRole("radio", { name: "Query" }).check();
  await choose("Select a table or index", "Index - by-sum");
  await page.getByLabel(/^Partition key:/).fill("shop");
  await page.getByRole("checkbox", { name: "Sort descending" }).check();
  await button("Run").click();
  await page.getByRole("row", { name: /shop/ }).nth(2).waitFor();
  const sums = await page.getByRole("row", { name: /shop/ }).allInnerTexts();
  assert.deepEqual(sums.map((text) => /\b(10|20|30)\b/.exec(text)?.[1]), ["30", "20", "10"]);
  await page.getByRole("radio", { name: "Scan" }).check();
  await choose("Select a table or index", "Table - ledger");
  await field("Select attribute projection").fill("account, at, note");
  await button("Run").click();
  await page.getByRole("gridcell", { name: "of 3", exact: true }).waitFor();
  assert.equal(await page.getByRole("columnheader", { name: /^sum\b/ }).count(), 0);
  await button("Reset").click();
  await page.getByRole("row", { name: /\bof 2\b/ }).getByRole("checkbox").check();
  await act("Edit item");
  await page.getByLabel("Value of note").fill("corrected");
  await button("Save").or(button("Save changes")).first().click();
  await says("The item has been saved successfully.");
  assert.equal((await db.send(new GetItemCommand({ TableName: "ledger", Key: { account: { S: "shop" }, at: { S: "2" } } }))).Item.note.S, "corrected");
}

async function backups({ page, go, db, button, dialog, confirm, says }) {
  await db.send(new CreateBackupCommand({ TableName: "ledger", BackupName: "evening" }));
  await go("/dynamodb/backups");
  const pick = page.getByRole("radio", { name: /^Select arn:aws:dynamodb/ });
  await pick.check();
  await button("Restore").click();
  await page.getByLabel("Name of restored table").fill("ledger");
  await button("Restore", dialog).click();
  await dialog.getByText(/TableAlreadyExistsException|Table already exists/).first().waitFor();
  await page.getByLabel("Name of restored table").fill("ledger-of-evening");
  await button("Restore", dialog).click();
  await says("Table ledger-of-evening is being restored.");
  await page.getByText("Active", { exact: true }).first().waitFor(LATER);
  assert.equal((await db.send(new ScanCommand({ TableName: "ledger-of-evening" }))).Count, 3);
  await go("/dynamodb/backups");
  await pick.check();
  await button("Delete backup").click();
  await confirm("Delete", "delete");
  await says("Backup evening deleted.");
  assert.deepEqual((await db.send(new ListBackupsCommand({}))).BackupSummaries, []);
}

/** A table goes by its own page; a protected one stays until the protection goes. */
async function several({ page, go, db, button, dialog, tab, act, confirm, says }) {
  await db.send(new CreateTableCommand({ TableName: "scrap", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] }));
  const names = async () => (await db.send(new ListTablesCommand({}))).TableNames;
  await go("/dynamodb/tables/scrap");
  await act("Delete table");
  await confirm("Delete", "confirm");
  await page.getByRole("link", { name: "ledger", exact: true }).waitFor();
  await page.getByRole("link", { name: "scrap", exact: true }).waitFor({ state: "detached", ...LATER });
  assert.deepEqual(await names(), ["ledger", "ledger-of-evening"]);
  await go("/dynamodb/tables/ledger");
  await tab("Additional settings").click();
  await button("Turn off deletion protection").click();
  await says("Deletion protection turned off.");
  await act("Delete table");
  await confirm("Delete", "confirm");
  await page.getByRole("link", { name: "ledger", exact: true }).waitFor({ state: "detached", ...LATER });
  assert.deepEqual(await names(), ["ledger-of-evening"]);
  assert.equal(await dialog.count(), 0);
}
