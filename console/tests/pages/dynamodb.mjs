// Clicks through DynamoDB: a table with an index, items by form and JSON, queries, streams, backups, settings.
import assert from "node:assert/strict";
import { DescribeContinuousBackupsCommand, DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient, GetItemCommand, ListBackupsCommand, ListTablesCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { fromMenu } from "../browser.mjs";

export async function run({ page, go, endpoint }) {
  const db = new DynamoDBClient({ endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  const button = (name) => page.getByRole("button", { name, exact: true });
  const tab = (name) => page.getByRole("tab", { name, exact: true });
  const table = "console-stories";
  const described = async () => (await db.send(new DescribeTableCommand({ TableName: table }))).Table;

  await go("/dynamodb/tables");
  await button("Create table").click();
  await page.getByLabel("Table name").fill(table);
  await page.getByRole("textbox", { name: "Partition key", exact: true }).fill("author");
  await page.getByRole("textbox", { name: "Sort key - optional" }).fill("title");
  await page.getByRole("radio", { name: /Customize settings/ }).check();
  await button("Create global index").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Index partition key" }).fill("kind");
  await dialog.getByLabel("Index name").fill("by-kind");
  await dialog.getByRole("button", { name: "Create index" }).click();
  await dialog.waitFor({ state: "detached" });
  await button("Create table").click();
  await page.getByText(`The "${table}" table was created successfully.`).waitFor();
  const made = await described();
  assert.equal(made.GlobalSecondaryIndexes[0].IndexName, "by-kind");
  assert.equal(made.BillingModeSummary.BillingMode, "PAY_PER_REQUEST");

  // An item by the form.
  await page.getByRole("link", { name: table }).click();
  await button("Explore table items").click();
  await page.getByRole("radio", { name: table }).waitFor();
  await button("Create item").click();
  await page.getByLabel("Value of author").fill("Grimm");
  await page.getByLabel("Value of title").fill("Rapunzel");
  await fromMenu(page, button("Add new attribute"), { name: "Number", exact: true });
  await page.getByLabel("Attribute name NewValue").fill("year");
  await page.getByLabel("Value of year").fill("1812");
  await button("Create item").click();
  await page.getByText("The item has been created successfully.").waitFor();
  const key = { author: { S: "Grimm" }, title: { S: "Rapunzel" } };
  assert.deepEqual((await db.send(new GetItemCommand({ TableName: table, Key: key }))).Item, { ...key, year: { N: "1812" } });

  // The same key again is refused, in DynamoDB's words.
  await page.getByText("Items returned: 1 ").waitFor();
  await button("Create item").click();
  await page.getByLabel("Value of author").fill("Grimm");
  await page.getByLabel("Value of title").fill("Rapunzel");
  await button("Create item").click();
  await page.getByText("The conditional request failed").waitFor();
  await button("Cancel").click();

  // Edited as JSON, plain and DynamoDB's, with all digits of a number.
  await page.getByRole("link", { name: "Grimm" }).click();
  await page.getByRole("button", { name: "JSON view" }).click();
  await page.getByText("View DynamoDB JSON").click();
  await page.locator(".ace_text-input").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText('{"author":"Grimm","title":"Rapunzel","kind":"tale","pages":12345678901234567890,"tags":{"old":true,"list":[1,"two",null]}}');
  await button("Save").click();
  await page.getByText("The item has been saved successfully.").waitFor();
  assert.deepEqual((await db.send(new GetItemCommand({ TableName: table, Key: key }))).Item, {
    ...key, kind: { S: "tale" }, pages: { N: "12345678901234567890" }, tags: { M: { old: { BOOL: true }, list: { L: [{ N: "1" }, { S: "two" }, { NULL: true }] } } },
  });

  // Queries and filters.
  await db.send(new PutItemCommand({ TableName: table, Item: { author: { S: "Andersen" }, title: { S: "Thumbelina" }, kind: { S: "tale" } } }));
  await page.getByRole("link", { name: "Andersen" }).waitFor();
  await page.getByRole("radio", { name: "Query" }).check();
  await page.getByLabel(/^Partition key:/).fill("Grimm");
  await button("Run").click();
  await page.getByText("Items returned: 1 ").waitFor();
  await page.getByRole("link", { name: "Andersen" }).waitFor({ state: "detached" });
  await page.getByRole("radio", { name: "Scan" }).check();
  await page.getByText("Filters - optional (0)").click();
  await button("Add filter").click();
  await page.getByLabel("Attribute name of filter 1").fill("title");
  await page.getByRole("button", { name: /^Filter 1: condition/ }).click();
  await page.getByRole("option", { name: "Begins with" }).click();
  await page.getByLabel("Filter 1: value").fill("Thu");
  await button("Run").click();
  await page.getByText("Items returned: 1 · Items scanned: 2").waitFor();
  await button("Reset").click();
  await page.getByText("Items returned: 2 ").waitFor();

  // Duplicate, then delete.
  const row = page.getByRole("checkbox", { name: /Andersen/ });
  await row.check();
  await fromMenu(page, button("Actions"), { name: "Duplicate item" });
  await page.getByLabel("Value of title").fill("The Nightingale");
  await button("Create item").click();
  await page.getByText("The Nightingale").waitFor();
  await page.getByRole("checkbox", { name: /Nightingale/ }).check();
  await fromMenu(page, button("Actions"), { name: "Delete items" });
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("1 item deleted.").waitFor();
  assert.equal((await db.send(new ScanCommand({ TableName: table }))).Count, 2);

  // The table's settings.
  await go(`/dynamodb/tables/${table}`);
  await tab("Exports and streams").click();
  await button("Turn on").click();
  await page.getByRole("dialog").getByRole("button", { name: "Turn on stream" }).click();
  await page.getByText(/was turned on/).waitFor();
  assert.equal((await described()).StreamSpecification.StreamViewType, "NEW_AND_OLD_IMAGES");
  await tab("Backups").click();
  await button("Edit Point-in-time recovery (PITR)").click();
  await page.getByLabel("Turn on point-in-time recovery").check();
  await button("Save changes").click();
  await page.getByText("Point-in-time recovery turned on.").waitFor();
  assert.equal((await db.send(new DescribeContinuousBackupsCommand({ TableName: table }))).ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus, "ENABLED");
  await button("Create backup").click();
  await page.getByLabel("Backup name").fill("first");
  await page.getByRole("dialog").getByRole("button", { name: "Create backup" }).click();
  await page.getByText("Backup first created.").waitFor();
  assert.equal((await db.send(new ListBackupsCommand({ TableName: table }))).BackupSummaries.length, 1);
  await tab("Additional settings").click();
  await button("Turn on TTL").click();
  await page.getByLabel("TTL attribute name").fill("expires");
  await page.getByRole("dialog").getByRole("button", { name: "Turn on TTL" }).click();
  await page.getByText("Time to Live turned on.").waitFor();
  assert.equal((await db.send(new DescribeTimeToLiveCommand({ TableName: table }))).TimeToLiveDescription.AttributeName, "expires");
  await button("Turn on deletion protection").click();
  await page.getByText("Deletion protection turned on.").waitFor();
  await button("Manage tags").click();
  await button("Add new tag").click();
  await page.getByPlaceholder("Enter key").fill("team");
  await page.getByPlaceholder("Enter value").fill("blue");
  await button("Save changes").click();
  await page.getByRole("gridcell", { name: "blue" }).or(page.getByRole("cell", { name: "blue" })).waitFor();
  await tab("Permissions").click();
  await button("Edit Resource-based policy for table").click();
  await page.locator(".ace_text-input").focus();
  await page.keyboard.insertText(JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Deny", Principal: "*", Action: "dynamodb:DeleteItem", Resource: made.TableArn }] }));
  await button("Save changes").click();
  await page.getByText("Resource-based policy for table saved.").waitFor();

  // Deletion protection holds, and says so.
  await go("/dynamodb/tables");
  await page.getByRole("radio", { name: `Select ${table}` }).check();
  await button("Delete").click();
  await page.getByLabel("To confirm, type confirm").fill("confirm");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText(/deletion protection/i).last().waitFor();
  assert.ok((await db.send(new ListTablesCommand({}))).TableNames.includes(table));
}
