// Clicks through S3: a bucket with its settings, objects in folders and versions, and its end.
import assert from "node:assert/strict";
import { GetBucketEncryptionCommand, GetBucketLoggingCommand, GetBucketPolicyCommand, GetBucketTaggingCommand, GetBucketVersioningCommand, GetBucketNotificationConfigurationCommand, GetBucketLifecycleConfigurationCommand, GetObjectTaggingCommand, GetPublicAccessBlockCommand, HeadObjectCommand, ListBucketsCommand, ListObjectVersionsCommand, ListObjectsV2Command, S3Client, GetObjectCommand } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { fromMenu } from "../browser.mjs";

export async function run({ page, go, endpoint }) {
  const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const sqs = new SQSClient(settings);
  const button = (name) => page.getByRole("button", { name, exact: true });
  const tab = (name) => page.getByRole("tab", { name, exact: true });
  const heading = (name) => page.getByRole("heading", { name });
  const Bucket = "console-pictures";
  const logs = "console-logs";

  // Create bucket, with a tag, versioning and encryption chosen.
  await go("/s3/buckets");
  await button("Create bucket").click();
  await heading("Create bucket").waitFor();
  await page.getByLabel("Bucket name").fill("Wrong");
  await page.getByText("must not contain uppercase").waitFor();
  await page.getByLabel("Bucket name").fill(Bucket);
  await button("Add new tag").click();
  await page.getByPlaceholder("Enter key").fill("team");
  await page.getByPlaceholder("Enter value").fill("blue");
  await page.getByRole("radiogroup", { name: "Bucket Versioning" }).getByRole("radio", { name: "Enable" }).check();
  await button("Create bucket").click();
  await page.getByText(`Successfully created bucket "${Bucket}"`).waitFor();
  assert.equal((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status, "Enabled");
  assert.deepEqual((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet, [{ Key: "team", Value: "blue" }]);
  await heading("General purpose buckets").waitFor();
  await button("Create bucket").click();
  await page.getByLabel("Bucket name").fill(logs);
  await button("Create bucket").click();
  await page.getByText(`Successfully created bucket "${logs}"`).waitFor();

  // Upload by button.
  await page.getByRole("link", { name: Bucket }).click();
  await tab("Objects").waitFor();
  await button("Upload").click();
  await page.getByLabel("Files to upload").setInputFiles([
    { name: "Grimms' Fairy Tales.txt", mimeType: "text/plain", buffer: Buffer.from("Once upon a time") },
    { name: "large.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(20 * 1024 * 1024, 7) },
  ]);
  await page.getByText("Properties", { exact: true }).click();
  await button("Add metadata").click();
  await page.getByRole("button", { name: "Add new tag" }).click();
  await page.getByPlaceholder("Enter key").fill("kind");
  await page.getByRole("combobox", { name: "Value - optional" }).fill("tale + more=1");
  await button("Remove").last().click();
  await button("Upload").click();
  await heading("Upload: status").waitFor();
  await page.getByText("Upload succeeded").waitFor();
  await page.getByText("2 files, 20.0 MB (100.00%)").waitFor();
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "large.bin" }));
  assert.equal(head.ContentLength, 20 * 1024 * 1024);
  assert.match(head.ETag, /-3"$/);
  assert.equal(head.ServerSideEncryption, "AES256");
  assert.deepEqual((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "Grimms' Fairy Tales.txt" }))).TagSet, [{ Key: "kind", Value: "tale + more=1" }]);
  await button("Close").click();

  // Object page, and its download.
  await page.getByRole("link", { name: "Grimms' Fairy Tales.txt" }).click();
  await heading("Server-side encryption settings").waitFor();
  await page.getByText("Server-side encryption with Amazon S3 managed keys (SSE-S3)").waitFor();
  const downloaded = page.waitForEvent("download");
  await button("Download").click();
  const download = await downloaded;
  assert.equal(download.suggestedFilename(), "Grimms' Fairy Tales.txt");
  let text = "";
  for await (const piece of await download.createReadStream()) text += piece;
  assert.equal(text, "Once upon a time");
  const popup = page.waitForEvent("popup");
  await button("Open").click();
  const opened = await popup;
  await opened.waitForLoadState();
  assert.equal(await opened.innerText("body"), "Once upon a time");
  await opened.close();

  // Metadata is edited by rewriting the object, which makes a version.
  await button("Edit Metadata").click();
  await button("Add metadata").click();
  await page.getByText("System defined").last().click();
  await page.getByRole("option", { name: "User defined" }).click();
  await page.getByPlaceholder("x-amz-meta-key").fill("x-amz-meta-author");
  await page.getByPlaceholder("Enter value").last().fill("Grimm");
  await button("Save changes").click();
  await page.getByText("Successfully edited metadata").waitFor();
  assert.deepEqual((await s3.send(new HeadObjectCommand({ Bucket, Key: "Grimms' Fairy Tales.txt" }))).Metadata, { author: "Grimm" });
  await tab("Versions").click();
  await page.getByText("(Current version)").waitFor();

  // Folders.
  await go(`/s3/buckets/${Bucket}`);
  await button("Create folder").click();
  await page.getByLabel("Folder name").fill("stories");
  await button("Create folder").click();
  await page.getByRole("link", { name: "stories/" }).waitFor();
  await page.getByRole("checkbox", { name: "Select Grimms' Fairy Tales.txt" }).check();
  await fromMenu(page, button("Actions"), { name: "Copy", exact: true });
  await page.getByPlaceholder("s3://bucket/prefix").fill(`s3://${Bucket}/stories/`);
  await button("Copy").click();
  await page.getByText("Copy succeeded").waitFor();
  await button("Close").click();
  await page.getByRole("link", { name: "stories/" }).click();
  await page.getByRole("link", { name: "Grimms' Fairy Tales.txt" }).waitFor();
  assert.equal(await (await s3.send(new GetObjectCommand({ Bucket, Key: "stories/Grimms' Fairy Tales.txt" }))).Body.transformToString(), "Once upon a time");

  // Delete with a marker, see the versions, delete for good.
  await go(`/s3/buckets/${Bucket}`);
  await page.getByRole("checkbox", { name: "Select large.bin" }).check();
  await button("Delete").click();
  await page.getByLabel(/To confirm deletion, type delete/).fill("delete");
  await button("Delete objects").click();
  await page.getByText("Delete objects succeeded").waitFor();
  await button("Close").click();
  await page.getByRole("link", { name: "Grimms' Fairy Tales.txt" }).waitFor();
  await page.getByRole("link", { name: "large.bin" }).waitFor({ state: "detached" });
  await page.getByText("Show versions").click();
  await page.getByText("Delete marker", { exact: true }).waitFor();
  assert.equal((await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: "large.bin" }))).DeleteMarkers.length, 1);

  // Properties.
  await tab("Properties").click();
  await button("Edit Default encryption").click();
  await heading("Edit default encryption").waitFor();
  await page.getByRole("radio", { name: /SSE-KMS/ }).check();
  await button("Save changes").click();
  await page.getByText("Successfully edited default encryption.").waitFor();
  assert.equal((await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm, "aws:kms");
  await button("Edit Server access logging").click();
  await heading("Edit server access logging").waitFor();
  await page.getByRole("radio", { name: "Enable" }).check();
  await button("Browse S3").click();
  await page.getByRole("radio", { name: logs }).check();
  await button("Choose path").click();
  await button("Save changes").click();
  await page.getByText("Successfully edited server access logging.").waitFor();
  assert.equal((await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled.TargetBucket, logs);
  assert.match((await s3.send(new GetBucketPolicyCommand({ Bucket: logs }))).Policy, /logging\.s3\.amazonaws\.com/);
  await page.getByRole("link", { name: `s3://${logs}/` }).waitFor();

  // An event notification that the queue's policy forbids, then one that it allows.
  const arn = "arn:aws:sqs:us-east-1:000000000000:console-events";
  await sqs.send(new CreateQueueCommand({ QueueName: "console-events" }));
  await button("Create event notification").click();
  await page.getByLabel("Event name").fill("uploads");
  await page.getByRole("checkbox", { name: "All object creation events" }).check();
  await page.getByRole("radio", { name: "SQS queue" }).check();
  await page.getByRole("radio", { name: "Enter SQS queue ARN" }).check();
  await page.getByLabel("SQS queue ARN", { exact: true }).fill(arn);
  await button("Create event notification").click();
  await page.getByText("Unable to validate the following destination configurations").waitFor();
  const { SetQueueAttributesCommand, GetQueueUrlCommand } = await import("@aws-sdk/client-sqs");
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "console-events" }));
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sqs:SendMessage", Resource: arn }] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await button("Create event notification").click();
  await page.getByText('Successfully created event notification "uploads".').waitFor();
  assert.equal((await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }))).QueueConfigurations[0].QueueArn, arn);
  await button("Edit Amazon EventBridge").click();
  await page.getByRole("radio", { name: "On", exact: true }).check();
  await button("Save changes").click();
  await page.getByText("Successfully edited Amazon EventBridge.").waitFor();
  const notified = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  assert.ok(notified.EventBridgeConfiguration !== undefined && notified.QueueConfigurations.length === 1);

  // Permissions.
  await tab("Permissions").click();
  await button("Edit Block public access (bucket settings)").click();
  await page.getByRole("checkbox", { name: "Block all public access" }).uncheck();
  assert.ok(await button("Save changes").isDisabled());
  await page.getByRole("checkbox", { name: /I acknowledge/ }).check();
  await button("Save changes").click();
  await page.getByText("Successfully edited Block public access").waitFor();
  assert.equal((await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration.BlockPublicPolicy, false);
  await button("Edit Bucket policy").click();
  const editor = page.locator(".ace_text-input");
  await editor.focus();
  await page.keyboard.press("Control+A");
  const denies = { Version: "2012-10-17", Statement: [{ Sid: "NoDelete", Effect: "Deny", Principal: "*", Action: "s3:DeleteBucket", Resource: `arn:aws:s3:::${Bucket}` }] };
  await page.keyboard.insertText(JSON.stringify(denies));
  await button("Save changes").click();
  await page.getByText("Successfully edited bucket policy.").waitFor();
  assert.deepEqual(JSON.parse((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy), denies);

  // Lifecycle.
  await tab("Management").click();
  await button("Create lifecycle rule").click();
  await page.getByLabel("Lifecycle rule name").fill("old");
  await page.getByLabel("Prefix").fill("tmp/");
  await page.getByRole("checkbox", { name: "Expire current versions of objects" }).check();
  await page.getByLabel("Days after object creation").last().fill("30");
  await button("Create rule").click();
  await page.getByText('Lifecycle rule "old" was created.').waitFor();
  assert.deepEqual((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules[0].Expiration, { Days: 30 });

  // Empty and delete: the policy denies the deletion, and the page says so in S3's words.
  await go("/s3/buckets");
  await page.getByRole("radio", { name: `Select ${Bucket}` }).check();
  await button("Empty").click();
  await page.getByLabel(/permanently delete/).fill("permanently delete");
  await button("Empty").click();
  await page.getByText("Empty bucket succeeded").waitFor();
  assert.equal((await s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions, undefined);
  await button("Close").click();
  await page.getByRole("radio", { name: `Select ${Bucket}` }).check();
  await button("Delete").click();
  await page.getByLabel(/enter the name of the bucket/).fill(Bucket);
  await button("Delete bucket").click();
  await page.getByText(/is not authorized to perform: s3:DeleteBucket|Access Denied/).waitFor();
  await go(`/s3/buckets/${Bucket}?tab=permissions`);
  await button("Delete Bucket policy").click();
  await page.getByRole("dialog").getByLabel(/To confirm/).fill("delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText("Successfully deleted bucket policy.").waitFor();
  await go(`/s3/buckets/${Bucket}/delete`);
  await page.getByLabel(/enter the name of the bucket/).fill(Bucket);
  await button("Delete bucket").click();
  await page.getByText(`Successfully deleted bucket "${Bucket}"`).waitFor();
  const left = (await s3.send(new ListBucketsCommand({}))).Buckets.map(({ Name }) => Name);
  assert.ok(!left.includes(Bucket) && left.includes(logs));
  assert.equal((await s3.send(new ListObjectsV2Command({ Bucket: logs, MaxKeys: 1 }))).$metadata.httpStatusCode, 200);
}
