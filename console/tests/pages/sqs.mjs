// Clicks through SQS: queues with dead letters, messages sent, seen and deleted, settings, policy, redrive, purge.
import assert from "node:assert/strict";
import { GetQueueAttributesCommand, GetQueueUrlCommand, ListQueuesCommand, ListQueueTagsCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

export async function run({ page, go, endpoint }) {
  const sqs = new SQSClient({ endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  const button = (name) => page.getByRole("button", { name, exact: true });
  const tab = (name) => page.getByRole("tab", { name, exact: true });
  const heading = (name) => page.getByRole("heading", { name, exact: true });
  const urlOf = async (QueueName) => (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
  const attributes = async (name) => (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: await urlOf(name), AttributeNames: ["All"] }))).Attributes;

  await go("/sqs/queues");
  await button("Create queue").click();
  await page.getByLabel("Name", { exact: true }).fill("console-dead");
  await button("Create queue").click();
  await page.getByText("Queue console-dead created successfully.").waitFor();
  await go("/sqs/create-queue");
  await page.getByLabel("Name", { exact: true }).fill("console-work");
  await page.getByRole("spinbutton", { name: "Visibility timeout" }).fill("0");
  await page.getByRole("radiogroup", { name: "Dead-letter queue" }).getByRole("radio", { name: "Enabled" }).check();
  await page.getByRole("button", { name: /^Choose queue/ }).click();
  await page.getByRole("option", { name: /console-dead/ }).click();
  await page.getByLabel("Maximum receives").fill("1");
  await button("Add new tag").click();
  await page.getByPlaceholder("Enter key").fill("team");
  await page.getByPlaceholder("Enter value").fill("blue");
  await button("Create queue").click();
  await page.getByText("Queue console-work created successfully.").waitFor();
  const made = await attributes("console-work");
  assert.equal(made.VisibilityTimeout, "0");
  assert.deepEqual(JSON.parse(made.RedrivePolicy), { deadLetterTargetArn: made.QueueArn.replace("work", "dead"), maxReceiveCount: 1 });
  assert.equal(made.SqsManagedSseEnabled, "true");
  assert.deepEqual((await sqs.send(new ListQueueTagsCommand({ QueueUrl: await urlOf("console-work") }))).Tags, { team: "blue" });

  // Send one with an attribute, and see it.
  await button("Send and receive messages").click();
  await page.getByLabel("Message body").fill('{"story":"Rapunzel"}');
  await button("Add new attribute").click();
  await page.getByLabel("Name of attribute 1").fill("kind");
  await page.getByLabel("Value of attribute 1").fill("tale");
  await button("Send message").click();
  await page.getByText("Your message has been sent and is ready to be received.").waitFor();
  await page.getByLabel("Maximum message count").fill("1");
  await button("Poll for messages").click();
  await page.getByRole("checkbox", { name: /^Select [0-9a-f-]{36}$/ }).check();
  await button("View details").click();
  await tab("Body").click();
  await page.getByText('"story": "Rapunzel"').waitFor();
  await tab("Attributes").click();
  await page.getByText("kind", { exact: true }).waitFor();
  await button("Done").click();
  await button("Delete").click();
  await page.getByText("1 message deleted.").waitFor();
  await page.getByText("To view messages in the queue, poll for messages.").waitFor();

  // A message that nobody deletes becomes a dead letter, and goes back.
  const QueueUrl = await urlOf("console-work");
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "poison" }));
  assert.equal((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.length, 1);
  assert.equal((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages, undefined);
  await go("/sqs/queues/console-dead?tab=dead-letters");
  await page.getByRole("link", { name: "console-work" }).waitFor();
  await button("Start DLQ redrive").click();
  await button("DLQ redrive").click();
  await page.getByText("The redrive has started.").waitFor();
  await page.getByText("COMPLETED").waitFor();
  await page.getByRole("link", { name: "console-work" }).click();
  await heading("console-work").waitFor();

  // Settings, policy and tags.
  await button("Edit").first().click();
  await page.getByRole("spinbutton", { name: "Visibility timeout" }).fill("45");
  await page.getByRole("radiogroup", { name: "Server-side encryption" }).getByRole("radio", { name: "Disabled" }).check();
  await page.getByRole("radiogroup", { name: "Dead-letter queue" }).getByRole("radio", { name: "Disabled" }).check();
  await button("Save").click();
  await page.getByText("Queue console-work updated successfully.").waitFor();
  const edited = await attributes("console-work");
  assert.equal(edited.VisibilityTimeout, "45");
  assert.equal(edited.SqsManagedSseEnabled, "false");
  assert.equal(edited.RedrivePolicy, undefined);
  await tab("Access policy").click();
  await button("Edit Access policy").click();
  const editor = page.locator(".ace_text-input");
  await editor.focus();
  await page.keyboard.insertText("{");
  await button("Save changes").click();
  await page.getByRole("dialog").getByText(/Invalid value for the parameter Policy|InvalidAttributeValue/).first().waitFor();
  await editor.focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sqs:SendMessage", Resource: edited.QueueArn }] }));
  await button("Save changes").click();
  await page.getByText("Access policy saved.").waitFor();
  assert.match((await attributes("console-work")).Policy, /s3\.amazonaws\.com/);
  await tab("Tagging").click();
  await page.getByText("blue").waitFor();

  // A FIFO queue.
  await go("/sqs/create-queue");
  await page.getByRole("radio", { name: /^FIFO/ }).check();
  await page.getByLabel("Name", { exact: true }).fill("console-ordered");
  await page.getByRole("checkbox", { name: "Content-based deduplication" }).check();
  await button("Create queue").click();
  await page.getByText("Queue console-ordered.fifo created successfully.").waitFor();
  assert.equal((await attributes("console-ordered.fifo")).ContentBasedDeduplication, "true");

  // Purge and delete.
  await go("/sqs/queues/console-work");
  await button("Purge").click();
  await page.getByLabel("To confirm, type purge").fill("purge");
  await page.getByRole("dialog").getByRole("button", { name: "Purge", exact: true }).click();
  await page.getByText("Queue console-work purged.").waitFor();
  await button("Delete").click();
  await page.getByLabel("To confirm, type confirm").fill("confirm");
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText("Queue console-work deleted.").waitFor();
  const left = (await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? [];
  assert.ok(!left.some((url) => url.endsWith("/console-work")));
}
