// Clicks through what SNS has besides: pending subscriptions, another payload for each protocol, redrive and delivery policies, and the mailbox's own buttons.
import assert from "node:assert/strict";
import { GetSubscriptionAttributesCommand, GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, ListTagsForResourceCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { ACCOUNT, handsOn, settingsOf } from "./steps.mjs";

const TopicArn = `arn:aws:sns:us-east-1:${ACCOUNT}:alarms`;

export async function run({ page, go, endpoint }) {
  const settings = settingsOf(endpoint);
  const hands = { ...handsOn(page), page, go, endpoint, sns: new SNSClient(settings), sqs: new SQSClient(settings) };
  await topic(hands);
  await pending(hands);
  const queue = await redrive(hands);
  await payloads(hands, queue);
  await mailbox(hands);
}

/** With an access policy and a tag from the start; then its signatures and its way of trying again. */
async function topic({ page, go, sns, button, field, choose, tab, writeCode, says }) {
  await go("/sns/topics");
  await button("Create topic").click();
  await field("Name").fill("alarms");
  await page.getByText("Access policy - optional").click();
  const policy = { Version: "2012-10-17", Statement: [{ Sid: "Alarms", Effect: "Allow", Principal: { Service: "cloudwatch.amazonaws.com" }, Action: "sns:Publish", Resource: TopicArn }] };
  await writeCode(JSON.stringify(policy));
  await button("Add new tag").click();
  await page.getByPlaceholder("Enter key").fill("team");
  await page.getByPlaceholder("Enter value").fill("blue");
  await button("Create topic").click();
  await says("Topic alarms created successfully.");
  const attributes = async () => (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes;
  assert.deepEqual(JSON.parse((await attributes()).Policy), policy);
  assert.deepEqual((await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags, [{ Key: "team", Value: "blue" }]);

  await button("Edit").first().click();
  await field("Display name - optional").fill("Alarms");
  await choose("Signature version", "2 (SHA256)");
  const retries = { http: { defaultHealthyRetryPolicy: { minDelayTarget: 5, maxDelayTarget: 10, numRetries: 4 } } };
  await page.locator(".ace_editor").nth(1).evaluate((element, text) => element.env.editor.setValue(text, -1), "{ not JSON");
  await button("Save changes").click();
  await page.getByText(/InvalidParameter/).first().waitFor();
  await page.locator(".ace_editor").nth(1).evaluate((element, text) => element.env.editor.setValue(text, -1), JSON.stringify(retries));
  await button("Save changes").click();
  await says("Topic alarms saved successfully.");
  const saved = await attributes();
  assert.deepEqual([saved.DisplayName, saved.SignatureVersion, JSON.parse(saved.DeliveryPolicy).http.defaultHealthyRetryPolicy.numRetries], ["Alarms", "2", 4]);
  await tab("Delivery policy (HTTP/S)").click();
  await page.getByText(/"numRetries": 4/).waitFor();
}

/** Asked for once more, and confirmed by the address that came in the mail. */
async function pending({ page, go, endpoint, sns, button, dialog, field, choose, select, tab, says }) {
  await go(`/sns/create-subscription?topic=${TopicArn}`);
  await choose("Protocol", "Email");
  await page.getByLabel("Endpoint").fill("ann@example.com");
  await button("Create subscription").click();
  await says(/Subscription to alarms created successfully/);
  await tab("Subscriptions").click();
  await select(`${TopicArn} email ann@example.com`);
  await button("Request confirmation").click();
  await says("Subscription confirmation request sent to ann@example.com.");
  const mails = async () => (await (await fetch(`${endpoint}/_cloudchamber/mail`)).json()).messages;
  const [latest, earlier] = await mails();
  assert.deepEqual([latest.type, earlier.type], ["SubscriptionConfirmation", "SubscriptionConfirmation"]);
  await select(`${TopicArn} email ann@example.com`);
  await button("Confirm subscription").click();
  await field("Enter the subscription confirmation URL", dialog).fill("https://example.com/nothing");
  assert.ok(await button("Confirm subscription", dialog).isDisabled(), "an address without a token confirms nothing");
  await field("Enter the subscription confirmation URL", dialog).fill(latest.link.replace(/Token=[0-9a-f]{8}/, "Token=00000000"));
  await button("Confirm subscription", dialog).click();
  await dialog.getByText(/InvalidParameter|Invalid token|NotFound/).first().waitFor();
  await field("Enter the subscription confirmation URL", dialog).fill(latest.link);
  await button("Confirm subscription", dialog).click();
  await says(/^Subscription confirmed: arn:aws:sns/);
  const { Subscriptions: [one] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  assert.ok(one.SubscriptionArn.startsWith(TopicArn));
}

/** A queue's subscription is given a dead-letter queue, and a filter that is taken away again. */
async function redrive({ page, go, sns, sqs, button, tab, writeCode, select, says }) {
  const make = async (QueueName) => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
    const arn = `arn:aws:sqs:us-east-1:${ACCOUNT}:${QueueName}`;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage", Resource: arn }] }) } }));
    return { QueueUrl, arn };
  };
  const [bell, lost] = [await make("bell"), await make("lost")];
  await go(`/sns/create-subscription?topic=${TopicArn}`);
  await page.getByRole("button", { name: /^Protocol/ }).click();
  await page.getByRole("option", { name: "Amazon SQS", exact: true }).click();
  await page.getByLabel("Endpoint").fill(bell.arn);
  await button("Create subscription").click();
  await says(/Subscription to alarms created successfully/);
  const [{ SubscriptionArn }] = (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions.filter(({ Protocol }) => Protocol === "sqs");
  const attributes = async () => (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes;
  await go("/sns/subscriptions");
  await select(SubscriptionArn);
  await button("Edit subscription").click();
  await page.getByLabel("Dead-letter queue ARN").fill(lost.arn);
  await page.getByRole("checkbox", { name: "Enable raw message delivery" }).check();
  await writeCode('{"level": ["high"]}');
  await button("Save changes").click();
  await says("Subscription saved successfully.");
  const first = await attributes();
  assert.deepEqual([JSON.parse(first.RedrivePolicy), first.RawMessageDelivery, JSON.parse(first.FilterPolicy)], [{ deadLetterTargetArn: lost.arn }, "true", { level: ["high"] }]);
  await tab("Redrive policy (dead-letter queue)").click();
  await page.getByText(lost.arn).first().waitFor();
  await button("Edit Redrive policy (dead-letter queue)").click();
  await page.getByLabel("Dead-letter queue ARN").fill("");
  await writeCode("");
  await button("Save changes").click();
  await page.getByText(/^No filter policy configured for this subscription/).waitFor();
  await tab("Redrive policy (dead-letter queue)").click();
  await page.getByText("No redrive policy configured for this subscription.").waitFor();
  const second = await attributes();
  assert.deepEqual([second.RedrivePolicy, second.FilterPolicy], [undefined, undefined]);
  return bell;
}

/** The mail reads another text than the queue; attributes go with it. */
async function payloads({ page, go, endpoint, sqs, button, field, writeCode, says }, { QueueUrl }) {
  await go(`/sns/topics/${TopicArn}/publish`);
  await field("Subject - optional").fill("Fire");
  await page.getByRole("radio", { name: /^Custom payload for each delivery protocol/ }).check();
  await writeCode(JSON.stringify({ default: "Something", email: "Dear Ann, something burns.", sqs: "BURNS" }));
  await button("Add new attribute").click();
  await field("Name of attribute 1").fill("level");
  await field("Value of attribute 1").fill("3");
  await page.getByRole("button", { name: /Type of attribute 1/ }).click();
  await page.getByRole("option", { name: "Number", exact: true }).click();
  await button("Publish message").click();
  await says(/Message published to topic alarms successfully/);
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, MessageAttributeNames: ["All"] }));
  assert.deepEqual(Messages.map(({ Body, MessageAttributes }) => [Body, MessageAttributes.level.StringValue, MessageAttributes.level.DataType]), [["BURNS", "3", "Number"]]);
  const [mail] = (await (await fetch(`${endpoint}/_cloudchamber/mail`)).json()).messages;
  assert.match(mail.body, /^Dear Ann, something burns\./);
}

/** The mail ends its own subscription; the other is deleted from the list; then the mailbox is emptied. */
async function mailbox({ page, go, endpoint, sns, button, dialog, select, confirm, says }) {
  await go("/mail/inbox");
  await page.getByRole("link", { name: "Fire", exact: true }).click();
  await button("Unsubscribe").click();
  await says("Unsubscribed.");
  const left = async () => (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions;
  assert.deepEqual((await left()).map(({ Protocol }) => Protocol), ["sqs"]);
  await go("/sns/subscriptions");
  await select((await left())[0].SubscriptionArn);
  await button("Delete subscription").click();
  await confirm("Delete");
  await says("Subscription deleted successfully.");
  assert.deepEqual(await left(), []);
  await go("/mail/inbox");
  await button("Empty mailbox").click();
  await button("Empty", dialog).click();
  await page.getByText("No mail", { exact: true }).waitFor();
  assert.deepEqual((await (await fetch(`${endpoint}/_cloudchamber/mail`)).json()).messages, []);

  // The topic goes from the list, by its name.
  await go("/sns/topics");
  await select(TopicArn);
  await button("Delete").click();
  await confirm("Delete", "delete me");
  await says("Topic alarms deleted successfully.");
  await page.getByText("Topics (0)").or(page.getByText("No topics")).first().waitFor();
}
