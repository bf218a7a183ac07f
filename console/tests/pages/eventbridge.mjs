// EventBridge: a bus with a policy, a rule with a tested pattern, a transformed input and two targets, an event sent through it, editing, disabling, deleting.
import assert from "node:assert/strict";
import { DescribeEventBusCommand, DescribeRuleCommand, EventBridgeClient, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";


export async function run({ page, go, endpoint }) {
  const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const [events, sqs, logs] = [new EventBridgeClient(settings), new SQSClient(settings), new CloudWatchLogsClient(settings)];
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "pages-events" }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/events/pages" }));
  await go("/events");
  await page.getByRole("button", { name: "Create event bus" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("orders");
  await page.getByRole("textbox", { name: "Description" }).fill("Orders of a shop");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("heading", { name: "orders", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Manage permissions" }).click();
  await page.getByRole("button", { name: "Update" }).click();
  await page.getByText("AllowAccountToPutEvents").waitFor();
  assert.match((await events.send(new DescribeEventBusCommand({ Name: "orders" }))).Policy, /events:PutEvents/);

  await page.getByRole("button", { name: "Create rule" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("big-orders");
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByText("Give the rule an event pattern.", { exact: true }).waitFor();
  await page.getByRole("radio", { name: "Custom pattern (JSON editor)" }).check();
  const [pattern, sample] = [page.locator(".ace_content").nth(0), page.locator(".ace_content").nth(1)];
  await sample.click();
  await page.keyboard.insertText('{"id":"1","account":"000000000000","source":"shop","time":"2026-11-22T05:00:00Z","region":"us-east-1","resources":[],"detail-type":"Order","detail":{"total":7}}');
  await pattern.click();
  await page.keyboard.insertText('{"source":["shop"],"detail":{"total":[{"numeric":[">",100]}]}}');
  await page.getByRole("heading", { name: "Sample event - optional" }).click();
  await page.getByRole("button", { name: "Test pattern" }).click();
  await page.getByText("Sample event did not match the event pattern").waitFor();
  await page.getByRole("button", { name: "Next", exact: true }).click();
  const choose = async (label, option, at = 0) => {
    await page.locator("button[aria-haspopup]").and(page.getByLabel(label, { exact: true })).nth(at).click();
    await page.getByRole("option", { name: option }).first().click();
  };
  await choose("Select a target", "SQS queue");
  await page.getByRole("combobox", { name: "Queue", exact: true }).fill("arn:aws:sqs:us-east-1:000000000000:pages-events");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Additional settings" }).click();
  await choose("Configure target input", "Input transformer");
  await page.getByRole("textbox", { name: "Input path" }).fill('{"total":"$.detail.total"}');
  await page.getByRole("textbox", { name: "Template" }).fill('"An order of <total>"');
  await page.getByRole("button", { name: "Add another target" }).click();
  await choose("Select a target", "CloudWatch log group", 1);
  await page.getByRole("combobox", { name: "Log group", exact: true }).fill("arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/pages");
  await page.keyboard.press("Escape");
  for (let step = 0; step < 2; step += 1) await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("button", { name: "Create rule" }).click();
  await page.getByRole("heading", { name: "big-orders", level: 1 }).waitFor();
  const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: "big-orders", EventBusName: "orders" }));
  assert.deepEqual(Targets.map(({ Id }) => Id).sort(), ["Target1", "Target2"]);

  await go("/events/send?bus=orders");
  await page.getByRole("textbox", { name: "Event source" }).fill("shop");
  await page.getByRole("textbox", { name: "Detail type" }).fill("Order");
  await page.locator(".ace_content").first().click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText('{"total":250}');
  await page.getByRole("heading", { name: "Event detail", exact: true }).first().click();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByText("Event sent").waitFor();
  const { Messages: [message] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  assert.equal(message.Body, '"An order of 250"');
  const logged = async () => (await logs.send(new FilterLogEventsCommand({ logGroupName: "/aws/events/pages" }))).events.length;
  for (const end = Date.now() + 20_000; (await logged()) === 0;) assert.ok(Date.now() < end, "the log group was told nothing");

  await go("/events/rules?bus=orders");
  await page.getByRole("radio", { name: "Select big-orders" }).check();
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByText("The rule big-orders was disabled.").waitFor();
  await page.getByText("Disabled", { exact: true }).waitFor();
  assert.equal((await events.send(new DescribeRuleCommand({ Name: "big-orders", EventBusName: "orders" }))).State, "DISABLED");
  await page.getByRole("button", { name: "Edit" }).click();
  for (let step = 0; step < 2; step += 1) await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("button", { name: "Remove target 2" }).click();
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("button", { name: "Update rule" }).click();
  await page.getByRole("heading", { name: "big-orders", level: 1 }).waitFor();
  assert.equal((await events.send(new ListTargetsByRuleCommand({ Rule: "big-orders", EventBusName: "orders" }))).Targets.length, 1);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("big-orders");
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText(/^No rules\./).waitFor();
}
