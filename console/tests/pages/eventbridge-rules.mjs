// Clicks through what EventBridge has besides: a bus with a dead-letter queue and a policy that is refused at first, a pattern by the form, a schedule, other inputs for targets, and the end of a bus.
import assert from "node:assert/strict";
import { DescribeEventBusCommand, DescribeRuleCommand, EventBridgeClient, ListEventBusesCommand, ListTagsForResourceCommand, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { ACCOUNT, handsOn, settingsOf } from "./steps.mjs";

const queueArn = (name) => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;
const busArn = (name) => `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/${name}`;
const policyOf = (bus) => JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "Others", Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "events:PutEvents", Resource: busArn(bus) }] });

export async function run({ page, go, endpoint }) {
  const settings = settingsOf(endpoint);
  const [events, sqs] = [new EventBridgeClient(settings), new SQSClient(settings)];
  const urls = {};
  for (const name of ["lost", "parts", "ticks"]) urls[name] = (await sqs.send(new CreateQueueCommand({ QueueName: name }))).QueueUrl;
  const hands = { ...handsOn(page), page, go, events, sqs, urls };
  await bus(hands);
  await byForm(hands);
  await inputs(hands);
  await scheduled(hands);
  await end(hands);
}

async function bus({ page, go, events, button, dialog, field, choose, confirm, writeCode, heading, says }) {
  await go("/events/buses");
  await button("Create event bus").click();
  await field("Name").fill("workshop");
  await choose("Dead-letter queue - optional", /^lost\b/);
  await writeCode('{"Version": "2012-10-17", "Statement": []}');
  await button("Add new tag").click();
  await page.getByPlaceholder("Enter key").fill("team");
  await page.getByPlaceholder("Enter value").fill("blue");
  await button("Create").click();
  await page.getByText(/ValidationException|MalformedPolicy/).first().waitFor();
  // The bus is there already; once the policy is sound, the rest is done.
  await writeCode(policyOf("workshop"));
  await button("Create").click();
  await heading("workshop", 1).waitFor();
  const described = () => events.send(new DescribeEventBusCommand({ Name: "workshop" }));
  const made = await described();
  assert.deepEqual([made.DeadLetterConfig.Arn, JSON.parse(made.Policy).Statement[0].Sid], [queueArn("lost"), "Others"]);
  assert.deepEqual((await events.send(new ListTagsForResourceCommand({ ResourceARN: made.Arn }))).Tags, [{ Key: "team", Value: "blue" }]);
  await button("Edit Event bus detail").click();
  await field("Description", dialog).fill("Of the workshop");
  await choose("Dead-letter queue", "None", { within: dialog });
  await button("Save changes", dialog).click();
  await says("The event bus workshop was changed.");
  await button("Delete policy").click();
  await confirm("Delete");
  await says("The policy of workshop was deleted.");
  const changed = await described();
  assert.deepEqual([changed.Description, changed.DeadLetterConfig?.Arn, changed.Policy], ["Of the workshop", undefined, undefined]);
}

/** The form writes the pattern and a sample that matches it; another sample does not. */
async function byForm({ page, go, events, button, heading, field, choose, says }) {
  await go("/events/create-rule");
  await field("Name").fill("configs");
  await button("Next").click();
  await page.getByRole("radio", { name: "Use pattern form" }).check();
  await page.getByRole("button", { name: /^AWS service/ }).click();
  const service = page.getByRole("option", { name: /Config/ }).first();
  const chosen = (await service.innerText()).trim();
  await service.click();
  await page.getByRole("button", { name: /^Event type/ }).click();
  await page.getByRole("option", { name: "Config Rules Compliance Change", exact: true }).click();
  await button("Test pattern").click();
  await says("Sample event matched the event pattern");
  await page.getByRole("button", { name: /^Sample events/ }).click();
  await page.getByRole("option", { name: /^(?!.*Config).+/ }).first().click();
  await button("Test pattern").click();
  await says("Sample event did not match the event pattern");
  await button("Next").click();
  await choose("Select a target", "SQS queue");
  await page.getByRole("combobox", { name: "Queue", exact: true }).fill(queueArn("lost"));
  await page.keyboard.press("Escape");
  await button("Next").click();
  await heading(/^Configure tags/, 1).waitFor();
  await button("Next").click();
  await button("Create rule").click();
  await heading("configs", 1).waitFor();
  const rule = await events.send(new DescribeRuleCommand({ Name: "configs" }));
  assert.deepEqual(JSON.parse(rule.EventPattern), { source: ["aws.config"], "detail-type": ["Config Rules Compliance Change"] });
  assert.match(chosen, /Config/);
}

/** Two targets of one rule: the one is told a part of the event, the other always the same; both try again as they are told to. */
async function inputs({ page, go, events, sqs, urls, button, heading, field, choose, writeCode, says }) {
  await go("/events/create-rule?bus=workshop");
  await field("Name").fill("sawn");
  await choose("Event bus", "workshop");
  await button("Next").click();
  await page.getByRole("radio", { name: "Custom pattern (JSON editor)" }).check();
  await writeCode('{"source": ["saw"]}');
  await button("Next").click();
  for (const [at, name] of ["parts", "ticks"].entries()) {
    if (at > 0) await button("Add another target").click();
    await choose("Select a target", "SQS queue", { at });
    await page.getByRole("combobox", { name: "Queue", exact: true }).nth(at).fill(queueArn(name));
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Additional settings" }).nth(at).click();
    await choose("Configure target input", at === 0 ? "Part of the matched event" : "Constant (JSON text)", { at });
    await page.getByRole("spinbutton", { name: "Maximum age of event" }).nth(at).fill("120");
    await page.getByRole("spinbutton", { name: "Retry attempts" }).nth(at).fill("3");
    await choose("Dead-letter queue", /^lost\b/, { at });
  }
  await field("Part of the event").fill("$.detail.wood");
  await field("JSON text").fill('{"tick": true}');
  await button("Next").click();
  await heading(/^Configure tags/, 1).waitFor();
  await button("Next").click();
  await button("Create rule").click();
  await heading("sawn", 1).waitFor();
  const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: "sawn", EventBusName: "workshop" }));
  assert.deepEqual(Targets.map(({ InputPath, Input, RetryPolicy, DeadLetterConfig }) => [InputPath ?? Input, RetryPolicy.MaximumEventAgeInSeconds, RetryPolicy.MaximumRetryAttempts, DeadLetterConfig.Arn]),
    [["$.detail.wood", 120, 3, queueArn("lost")], ['{"tick": true}', 120, 3, queueArn("lost")]]);
  await go("/events/buses/workshop");
  await button("Send events").click();
  await field("Event source").fill("saw");
  await field("Detail type").fill("Sawn");
  await field("Resources - optional").fill("arn:aws:s3:::planks, arn:aws:s3:::boards");
  await writeCode('{"wood": "oak"}');
  await button("Send").click();
  await says("Event sent");
  const got = async (name) => (await sqs.send(new ReceiveMessageCommand({ QueueUrl: urls[name], WaitTimeSeconds: 20 }))).Messages[0].Body;
  assert.deepEqual([await got("parts"), JSON.parse(await got("ticks"))], ['"oak"', { tick: true }]);
}

/** By the clock, and off from the start; a wrong expression is refused. */
async function scheduled({ page, go, events, button, heading, field, choose, tab }) {
  await go("/events/create-rule");
  await field("Name").fill("nightly");
  await page.getByRole("checkbox", { name: /^Enable the rule/ }).or(page.getByRole("switch", { name: /^Enable the rule/ })).uncheck();
  await page.getByRole("radio", { name: /^Schedule/ }).check();
  await button("Next").click();
  await field("Schedule expression").fill("every night");
  await button("Next").click();
  await choose("Select a target", "SQS queue");
  await page.getByRole("combobox", { name: "Queue", exact: true }).fill(queueArn("ticks"));
  await page.keyboard.press("Escape");
  await button("Next").click();
  await heading(/^Configure tags/, 1).waitFor();
  await button("Next").click();
  await button("Create rule").click();
  await page.getByText(/ScheduleExpression/).first().waitFor();
  for (let steps = 0; steps < 3; steps += 1) await button("Previous").click();
  await field("Schedule expression").fill("cron(0 3 * * ? *)");
  for (let steps = 0; steps < 3; steps += 1) await button("Next").click();
  await button("Create rule").click();
  await heading("nightly", 1).waitFor();
  const rule = await events.send(new DescribeRuleCommand({ Name: "nightly" }));
  assert.deepEqual([rule.ScheduleExpression, rule.State], ["cron(0 3 * * ? *)", "DISABLED"]);
  await tab("Event schedule").click();
  await page.getByText("cron(0 3 * * ? *)").first().waitFor();
}

/** A bus with a rule stays; without it goes. */
async function end({ page, go, events, button, dialog, field, select, confirm, says }) {
  const buses = async () => (await events.send(new ListEventBusesCommand({}))).EventBuses.map(({ Name }) => Name).sort();
  await go("/events/buses");
  await select("workshop");
  await button("Delete").click();
  await confirm("Delete", "workshop");
  await says(/ValidationException/);
  assert.deepEqual(await buses(), ["default", "workshop"]);
  await button("Cancel", dialog).click();
  await go("/events/rules?bus=workshop");
  await select("sawn");
  await button("Delete").click();
  await confirm("Delete", "sawn");
  await page.getByText(/^No rules\./).waitFor();
  await go("/events/buses");
  await select("workshop");
  await button("Delete").click();
  await confirm("Delete", "workshop");
  await says("The event bus workshop was deleted.");
  assert.deepEqual(await buses(), ["default"]);
  assert.equal(await field("To confirm, type workshop").count(), 0);
}
