// A page follows what happens in the cloud: it is read once when it is opened, again when something of it changes, and after the feed was broken off.
import assert from "node:assert/strict";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { settingsOf } from "./steps.mjs";

export async function run({ page, go, endpoint }) {
  const sqs = new SQSClient(settingsOf(endpoint));
  const lists = [];
  page.on("request", (request) => {
    if (request.headers()["x-amz-target"] === "AmazonSQS.ListQueues") lists.push(request);
  });
  const queue = (name) => page.getByRole("link", { name, exact: true });

  // Opened anew, the whole console: still one reading.
  await go("/sqs/queues");
  await page.getByText("No queues").first().waitFor();
  await page.waitForLoadState("networkidle").catch(() => {});
  assert.equal(lists.length, 1, "the first reading is the only one");

  // What somebody else makes turns up by itself.
  await sqs.send(new CreateQueueCommand({ QueueName: "made-elsewhere" }));
  await queue("made-elsewhere").waitFor();
  const read = lists.length;
  assert.ok(read >= 2);

  // While nothing is told, nothing is shown; once the feed is back, what was missed is.
  let broken = true;
  await page.route("**/_cloudchamber/changes", (route) => (broken ? route.abort() : route.continue()));
  const [answer] = await Promise.all([page.waitForRequest("**/_cloudchamber/changes"), go("/sqs/queues")]);
  assert.ok(answer !== undefined);
  await queue("made-elsewhere").waitFor();
  await sqs.send(new CreateQueueCommand({ QueueName: "made-in-silence" }));
  await page.waitForRequest("**/_cloudchamber/changes");
  assert.equal(await queue("made-in-silence").count(), 0);
  broken = false;
  await queue("made-in-silence").waitFor();
}
