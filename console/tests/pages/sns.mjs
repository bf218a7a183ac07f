// Clicks through SNS and the mailbox: a topic, a mail subscription confirmed by the mail's button, messages, filters, deletion.
import assert from "node:assert/strict";
import { GetSubscriptionAttributesCommand, GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";

export async function run({ page, go, endpoint }) {
  const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const sns = new SNSClient(settings);
  const sqs = new SQSClient(settings);
  const button = (name) => page.getByRole("button", { name, exact: true });
  const tab = (name) => page.getByRole("tab", { name, exact: true });
  const heading = (name) => page.getByRole("heading", { name, exact: true });
  const option = (name) => page.getByRole("option", { name, exact: true });
  const TopicArn = "arn:aws:sns:us-east-1:000000000000:console-news";

  await go("/sns/topics");
  await button("Create topic").click();
  await page.getByLabel("Name", { exact: true }).fill("console-news");
  await page.getByLabel("Display name - optional").fill("News");
  await button("Create topic").click();
  await page.getByText("Topic console-news created successfully.").waitFor();
  assert.equal((await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes.DisplayName, "News");

  // A subscription by mail waits for its confirmation; the mail confirms it.
  await button("Create subscription").click();
  await heading("Create subscription").waitFor();
  await page.getByRole("button", { name: /^Protocol/ }).click();
  await option("Email").click();
  await page.getByLabel("Endpoint").fill("ann@example.com");
  await button("Create subscription").click();
  await page.getByText(/Subscription to console-news created successfully/).waitFor();
  await page.getByText("Pending confirmation").first().waitFor();
  await go("/mail/inbox");
  await page.getByRole("link", { name: /Subscription Confirmation/ }).click();
  await page.getByText("ann@example.com").waitFor();
  await button("Confirm subscription").click();
  await page.getByText("Subscription confirmed!").waitFor();
  const confirmed = (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions;
  assert.equal(confirmed.length, 1);
  assert.ok(confirmed[0].SubscriptionArn.startsWith(TopicArn));

  // A queue with a filter on the message's body.
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "console-news" }));
  const queueArn = "arn:aws:sqs:us-east-1:000000000000:console-news";
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage", Resource: queueArn }] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await go(`/sns/create-subscription?topic=${TopicArn}`);
  await page.getByRole("button", { name: /^Protocol/ }).click();
  await option("Amazon SQS").click();
  await page.getByLabel("Endpoint").fill(queueArn);
  await page.getByText("Enable raw message delivery").click();
  await page.getByText("Subscription filter policy - optional").click();
  await page.getByRole("radio", { name: "Message body" }).check();
  await page.locator(".ace_text-input").first().focus();
  await page.keyboard.insertText('{"kind":["tale"]}');
  await button("Create subscription").click();
  await page.getByText(/Subscription to console-news created successfully/).waitFor();
  const filtered = (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions.find(({ Protocol }) => Protocol === "sqs");
  const attributes = (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: filtered.SubscriptionArn }))).Attributes;
  assert.deepEqual([attributes.FilterPolicy, attributes.FilterPolicyScope, attributes.RawMessageDelivery], ['{"kind":["tale"]}', "MessageBody", "true"]);

  // Published: the mail gets both, the queue the one that its filter lets through.
  for (const kind of ["news", "tale"]) {
    await go(`/sns/topics/${TopicArn}`);
    await button("Publish message").click();
    await heading("Publish message to topic").waitFor();
    await page.getByLabel("Subject - optional").fill(`About ${kind}`);
    await page.getByRole("textbox", { name: "Message body to send to the endpoint" }).fill(JSON.stringify({ kind }));
    await button("Publish message").click();
    await page.getByText(/Message published to topic console-news successfully/).waitFor();
  }
  const got = (await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, MaxNumberOfMessages: 10 }))).Messages;
  assert.deepEqual(got.map(({ Body }) => Body), ['{"kind":"tale"}']);
  await go("/mail/inbox");
  await page.getByRole("link", { name: "About news" }).waitFor();
  await page.getByRole("link", { name: "About tale" }).click();
  await page.getByText('{"kind":"tale"}').waitFor();

  // Filter edited, subscription deleted.
  await go(`/sns/subscriptions/${filtered.SubscriptionArn}`);
  await button("Edit").first().click();
  await page.getByRole("radio", { name: "Message attributes" }).check();
  await button("Save changes").click();
  await page.getByText("Subscription saved successfully.").waitFor();
  assert.equal((await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: filtered.SubscriptionArn }))).Attributes.FilterPolicyScope, "MessageAttributes");
  await button("Delete").click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Subscription deleted successfully.").waitFor();

  // Policy, tags, and the end.
  await go(`/sns/topics/${TopicArn}`);
  await tab("Access policy").click();
  await button("Edit Access policy").click();
  await page.locator(".ace_text-input").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText("not a policy");
  await button("Save changes").click();
  await page.getByRole("dialog").getByText(/Invalid parameter/).waitFor();
  await button("Cancel").click();
  await tab("Tags").click();
  await button("Manage tags").click();
  await button("Add new tag").click();
  await page.getByPlaceholder("Enter key").fill("team");
  await page.getByPlaceholder("Enter value").fill("blue");
  await button("Save changes").click();
  await page.getByText("blue").waitFor();
  await button("Delete").first().click();
  await page.getByLabel("To confirm, type delete me").fill("delete me");
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText("Topic console-news deleted successfully.").waitFor();
  assert.deepEqual((await sns.send(new ListTopicsCommand({}))).Topics ?? [], []);
}
