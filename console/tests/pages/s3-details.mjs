// Clicks through what S3 has besides: what is done with one object, the settings of an upload, access control lists, lifecycle rules of all kinds, and other settings of buckets.
import assert from "node:assert/strict";
import {
  CreateBucketCommand, GetBucketAclCommand, GetBucketLifecycleConfigurationCommand, GetBucketLoggingCommand, GetBucketOwnershipControlsCommand, GetBucketVersioningCommand, GetObjectTaggingCommand, HeadObjectCommand,
  ListObjectsV2Command, PutObjectCommand, S3Client,
} from "@aws-sdk/client-s3";
import { handsOn, settingsOf } from "./steps.mjs";

const Bucket = "attic";
const Key = "letters/first letter.txt";
const EVERYONE = "http://acs.amazonaws.com/groups/global/AllUsers";

export async function run({ page, go, endpoint }) {
  const s3 = new S3Client(settingsOf(endpoint));
  for (const name of [Bucket, "cellar"]) await s3.send(new CreateBucketCommand({ Bucket: name }));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: "Dear Ann" }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "letters/second.txt", Body: "Dear Ben" }));
  const hands = { ...handsOn(page), page, go, s3, endpoint };
  await oneObject(hands);
  await edits(hands);
  await upload(hands);
  await moved(hands);
  await properties(hands);
  await lists(hands);
  await lifecycle(hands);
}

const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

async function oneObject({ page, go, endpoint, button, dialog, act, select, says }) {
  await go("/s3/buckets");
  await select("attic");
  await button("Copy ARN").click();
  await says(/copied/);
  assert.equal(await clipboard(page), "arn:aws:s3:::attic");
  await page.getByRole("link", { name: "attic", exact: true }).click();
  await select("letters/");
  await act("Calculate total size");
  await says(/Total: 2 objects, 16 B/);
  await page.getByRole("link", { name: "letters/", exact: true }).click();
  await select("first letter.txt");
  await button("Copy S3 URI").click();
  await says("S3 URI copied.");
  assert.equal(await clipboard(page), `s3://attic/${Key}`);
  await button("Copy URL").click();
  await says("URL copied.");
  assert.equal(await clipboard(page), `${endpoint}/attic/letters/first%20letter.txt`);
  await act("Share with a presigned URL");
  await dialog.getByRole("spinbutton", { name: "Number of minutes or hours" }).fill("13");
  await dialog.getByRole("button", { name: /Unit/ }).click();
  await page.getByRole("option", { name: "Hours", exact: true }).click();
  await dialog.getByText("Between 1 minute and 12 hours.").waitFor();
  await dialog.getByRole("spinbutton", { name: "Number of minutes or hours" }).fill("2");
  await button("Create presigned URL", dialog).click();
  await says("Presigned URL copied.");
  const url = await clipboard(page);
  assert.match(url, /X-Amz-Expires=7200/);
  const answer = await fetch(url);
  assert.deepEqual([answer.status, await answer.text()], [200, "Dear Ann"]);
  assert.equal((await fetch(url.split("?")[0])).status, 403);
}

/** Each in its own page; what is not edited stays. */
async function edits({ page, go, s3, button, act, select, says }) {
  const folder = `/s3/buckets/${Bucket}?prefix=${encodeURIComponent("letters/")}`;
  const head = () => s3.send(new HeadObjectCommand({ Bucket, Key }));
  await go(folder);
  await select("first letter.txt");
  await act("Edit tags");
  await button("Add new tag").click();
  await page.getByPlaceholder("Enter key").fill("from");
  await page.getByPlaceholder("Enter value").fill("Ben");
  await button("Save changes").click();
  await says("Successfully edited tags of first letter.txt.");
  assert.deepEqual((await s3.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet, [{ Key: "from", Value: "Ben" }]);
  await go(folder);
  await select("first letter.txt");
  await act("Edit storage class");
  await page.getByRole("radio", { name: /^Standard-IA/ }).check();
  await button("Save changes").click();
  await says("Successfully edited storage class of first letter.txt.");
  assert.equal((await head()).StorageClass, "STANDARD_IA");
  await go(folder);
  await select("first letter.txt");
  await act("Edit server-side encryption");
  await page.getByRole("radio", { name: /\(SSE-KMS\)/ }).check();
  await button("Save changes").click();
  await says("Successfully edited server-side encryption of first letter.txt.");
  const { ServerSideEncryption, StorageClass } = await head();
  assert.deepEqual([ServerSideEncryption, StorageClass], ["aws:kms", "STANDARD_IA"]);
  assert.deepEqual((await s3.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet, [{ Key: "from", Value: "Ben" }]);
}

async function upload({ page, go, s3, button, choose, says }) {
  await go(`/s3/buckets/${Bucket}/upload?prefix=${encodeURIComponent("boxes/")}`);
  await page.getByLabel("Files to upload").setInputFiles([{ name: "toys.txt", mimeType: "text/plain", buffer: Buffer.from("A bear") }]);
  await page.getByText("Properties", { exact: true }).click();
  await choose("Storage class", /^Glacier Flexible Retrieval/);
  await page.getByRole("radio", { name: /^Specify an encryption key/ }).check();
  await page.getByRole("radio", { name: /\(SSE-KMS\)/ }).check();
  await button("Upload").click();
  await says("Upload succeeded");
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "boxes/toys.txt" }));
  assert.equal(head.ServerSideEncryption, "aws:kms");
  assert.equal(head.StorageClass, "GLACIER");
}

/** A folder goes to another bucket, and is gone where it was. */
async function moved({ page, go, s3, button, act, select, says }) {
  await go(`/s3/buckets/${Bucket}`);
  await select("letters/");
  await act("Move");
  await page.getByPlaceholder("s3://bucket/prefix").fill("s3://attic/letters/old/");
  assert.ok(await button("Move").isDisabled(), "a folder is not moved into itself");
  await page.getByPlaceholder("s3://bucket/prefix").fill("s3://cellar/post/");
  await button("Move").click();
  await says("Move succeeded");
  const keys = async (bucket) => ((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).map((one) => one.Key);
  assert.deepEqual(await keys("cellar"), ["post/letters/first letter.txt", "post/letters/second.txt"]);
  assert.deepEqual(await keys(Bucket), ["boxes/toys.txt"]);
  assert.deepEqual((await s3.send(new GetObjectTaggingCommand({ Bucket: "cellar", Key: "post/letters/first letter.txt" }))).TagSet, [{ Key: "from", Value: "Ben" }]);
}

async function properties({ page, go, s3, button, says }) {
  const versioning = async () => (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status;
  for (const [choice, status] of [["Enable", "Enabled"], ["Suspend", "Suspended"]]) {
    await go(`/s3/buckets/${Bucket}/properties/versioning`);
    await page.getByRole("radio", { name: new RegExp(`^${choice}`) }).check();
    await button("Save changes").click();
    await says(/^Successfully edited bucket versioning/i);
    assert.equal(await versioning(), status);
  }
  await go(`/s3/buckets/${Bucket}/properties/logging`);
  await page.getByRole("radio", { name: "Enable" }).check();
  await page.getByPlaceholder("s3://bucket/prefix").fill("s3://cellar/of-attic/");
  await page.getByRole("radio", { name: /log file delivery time/ }).check();
  await button("Save changes").click();
  await says("Successfully edited server access logging.");
  const { LoggingEnabled } = await s3.send(new GetBucketLoggingCommand({ Bucket }));
  assert.deepEqual([LoggingEnabled.TargetBucket, LoggingEnabled.TargetPrefix, LoggingEnabled.TargetObjectKeyFormat?.PartitionedPrefix?.PartitionDateSource], ["cellar", "of-attic/", "DeliveryTime"]);
  await go(`/s3/buckets/${Bucket}/properties/logging`);
  await page.getByRole("radio", { name: "Disable" }).check();
  await button("Save changes").click();
  await page.getByText("Disabled").first().waitFor();
  assert.equal((await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled, undefined);
}

/** ACLs are turned on, refused to everybody as long as public access is blocked, and turned off again. */
async function lists({ page, go, s3, button, says }) {
  const ownership = async () => (await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls.Rules[0].ObjectOwnership;
  await go(`/s3/buckets/${Bucket}/permissions/ownership`);
  await page.getByRole("radio", { name: /^ACLs enabled/ }).check();
  await page.getByRole("radio", { name: /^Object writer/ }).check();
  assert.ok(await button("Save changes").isDisabled());
  await page.getByRole("checkbox", { name: "I acknowledge that ACLs will be restored." }).check();
  await button("Save changes").click();
  await says("Successfully edited Object Ownership.");
  assert.equal(await ownership(), "ObjectWriter");
  await go(`/s3/buckets/${Bucket}/permissions/acl`);
  await page.getByRole("checkbox", { name: `List objects: ${EVERYONE}` }).check();
  await page.getByRole("checkbox", { name: /^I understand the effects/ }).check();
  await button("Save changes").click();
  await page.getByText("AccessDenied").first().waitFor();
  await page.getByRole("checkbox", { name: `List objects: ${EVERYONE}` }).uncheck();
  await page.getByRole("checkbox", { name: "Write objects: http://acs.amazonaws.com/groups/s3/LogDelivery" }).check();
  await page.getByRole("checkbox", { name: "Read ACL: http://acs.amazonaws.com/groups/s3/LogDelivery" }).check();
  await page.getByRole("textbox", { name: "Canonical user ID" }).fill("nobody");
  await button("Add grantee").click();
  await page.getByRole("checkbox", { name: "List objects: nobody" }).check();
  await button("Save changes").click();
  await page.getByText(/InvalidArgument|Invalid id/).first().waitFor();
  await page.getByRole("checkbox", { name: "List objects: nobody" }).uncheck();
  await button("Save changes").click();
  await says("Successfully edited access control list (ACL).");
  const { Grants } = await s3.send(new GetBucketAclCommand({ Bucket }));
  assert.deepEqual(Grants.map(({ Grantee, Permission }) => [Grantee.Type, Permission]), [["CanonicalUser", "FULL_CONTROL"], ["Group", "WRITE"], ["Group", "READ_ACP"]]);
  await go(`/s3/buckets/${Bucket}/permissions/acl`);
  for (const what of ["Write objects", "Read ACL"]) await page.getByRole("checkbox", { name: `${what}: http://acs.amazonaws.com/groups/s3/LogDelivery` }).uncheck();
  await button("Save changes").click();
  await page.getByText("Successfully edited access control list (ACL).").first().waitFor();
  await go(`/s3/buckets/${Bucket}/permissions/ownership`);
  await page.getByRole("radio", { name: /^ACLs disabled/ }).check();
  await button("Save changes").click();
  await says("Successfully edited Object Ownership.");
  assert.equal(await ownership(), "BucketOwnerEnforced");
}

async function lifecycle({ page, go, s3, button, dialog, field, confirm, select, tab, says }) {
  const rules = async () => (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules;
  const number = (name) => page.getByRole("spinbutton", { name, exact: true });
  await go(`/s3/buckets/${Bucket}/lifecycle`);
  await field("Lifecycle rule name").fill("everything");
  await page.getByRole("radio", { name: "Apply to all objects in the bucket" }).check();
  await page.getByRole("checkbox", { name: /^I acknowledge that this rule will apply/ }).check();
  assert.ok(await button("Create rule").isDisabled(), "a rule that does nothing is not made");
  await page.getByRole("checkbox", { name: "Permanently delete noncurrent versions of objects" }).check();
  await number("Days after objects become noncurrent").fill("7");
  await number("Number of newer versions to retain - optional").fill("3");
  await page.getByRole("checkbox", { name: "Delete expired object delete markers" }).check();
  await page.getByRole("checkbox", { name: "Delete incomplete multipart uploads" }).check();
  await number("Number of days until incomplete multipart uploads are deleted").fill("2");
  await button("Create rule").click();
  await says('Lifecycle rule "everything" was created.');
  const [whole] = await rules();
  assert.deepEqual([whole.NoncurrentVersionExpiration, whole.Expiration, whole.AbortIncompleteMultipartUpload], [{ NoncurrentDays: 7, NewerNoncurrentVersions: 3 }, { ExpiredObjectDeleteMarker: true }, { DaysAfterInitiation: 2 }]);

  await button("Create lifecycle rule").click();
  await field("Lifecycle rule name").fill("large drafts");
  await field("Prefix").fill("drafts/");
  await button("Add new tag").click();
  await page.getByPlaceholder("Enter key").fill("state");
  await page.getByPlaceholder("Enter value").fill("draft");
  await number("Minimum object size (bytes) - optional").fill("1000");
  await number("Maximum object size (bytes) - optional").fill("5000");
  await page.getByRole("checkbox", { name: "Expire current versions of objects" }).check();
  await page.getByRole("radio", { name: "On a date" }).check();
  await field("Date").fill("2030/01/31");
  await button("Create rule").click();
  await says('Lifecycle rule "large drafts" was created.');
  const drafts = (await rules()).find(({ ID }) => ID === "large drafts");
  assert.deepEqual(drafts.Filter.And, { Prefix: "drafts/", Tags: [{ Key: "state", Value: "draft" }], ObjectSizeGreaterThan: 1000, ObjectSizeLessThan: 5000 });
  assert.equal(drafts.Expiration.Date.toISOString(), "2030-01-31T00:00:00.000Z");

  await tab("Management").waitFor();
  await select("everything");
  await button("Disable rule").click();
  await says('Lifecycle rule "everything" disabled.');
  assert.equal((await rules()).find(({ ID }) => ID === "everything").Status, "Disabled");
  await button("Edit lifecycle rule").click();
  await number("Days after objects become noncurrent").fill("9");
  await button("Save").click();
  await says('Lifecycle rule "everything" was edited.');
  const edited = (await rules()).find(({ ID }) => ID === "everything");
  assert.deepEqual([edited.NoncurrentVersionExpiration.NoncurrentDays, edited.Status], [9, "Disabled"]);
  for (const name of ["everything", "large drafts"]) {
    await select(name);
    await button("Delete lifecycle rule").click();
    await confirm("Delete");
    await says(`Successfully deleted lifecycle rule "${name}".`);
    await dialog.waitFor({ state: "hidden" });
  }
  await assert.rejects(rules(), { name: "NoSuchLifecycleConfiguration" });
}
