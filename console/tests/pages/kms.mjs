// Clicks through KMS: a key with alias, policy, rotation and tags, disabled, and scheduled for deletion.
import assert from "node:assert/strict";
import { DescribeKeyCommand, EncryptCommand, GetKeyPolicyCommand, GetKeyRotationStatusCommand, KMSClient, ListAliasesCommand, ListResourceTagsCommand, CreateGrantCommand } from "@aws-sdk/client-kms";

export async function run({ page, go, endpoint }) {
  const kms = new KMSClient({ endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  const button = (name) => page.getByRole("button", { name, exact: true });
  const tab = (name) => page.getByRole("tab", { name, exact: true });
  const item = (name) => page.getByRole("menuitem", { name, exact: true });
  const KeyId = "alias/console-key";
  const state = async () => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata.KeyState;

  await go("/kms/keys");
  await button("Create key").click();
  await page.getByRole("radio", { name: /Encrypt and decrypt/ }).check();
  await button("Next").click();
  await page.getByLabel("Alias", { exact: true }).fill("console-key");
  await page.getByLabel("Description - optional").fill("for the tales");
  await button("Add new tag").click();
  await page.getByPlaceholder("Enter key").fill("team");
  await page.getByPlaceholder("Enter value").fill("blue");
  for (let step = 0; step < 4; step += 1) await button("Next").click();
  await button("Finish").click();
  await page.getByText(/Your AWS KMS key was created with alias console-key/).waitFor();
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
  assert.equal(KeyMetadata.Description, "for the tales");
  assert.match((await kms.send(new GetKeyPolicyCommand({ KeyId: KeyMetadata.KeyId, PolicyName: "default" }))).Policy, /Enable IAM User Permissions/);
  assert.deepEqual((await kms.send(new ListResourceTagsCommand({ KeyId: KeyMetadata.KeyId }))).Tags, [{ TagKey: "team", TagValue: "blue" }]);

  await page.getByRole("link", { name: "console-key" }).click();
  await tab("Key rotation").click();
  await button("Edit Automatic key rotation").click();
  await page.getByRole("checkbox", { name: "Enable automatic key rotation" }).check();
  await page.getByLabel("Rotation period (in days)").fill("180");
  await button("Save").click();
  await page.getByText("Automatic key rotation enabled.").waitFor();
  assert.equal((await kms.send(new GetKeyRotationStatusCommand({ KeyId: KeyMetadata.KeyId }))).RotationPeriodInDays, 180);
  await button("Rotate now").click();
  await page.getByText("On-demand", { exact: true }).waitFor();

  await tab("Aliases").click();
  await button("Create alias").click();
  await page.getByLabel("Alias name").fill("console-other");
  await page.getByRole("dialog").getByRole("button", { name: "Create alias" }).click();
  await page.getByText("Alias console-other created.").waitFor();
  assert.equal((await kms.send(new ListAliasesCommand({ KeyId: KeyMetadata.KeyId }))).Aliases.length, 2);
  await page.getByRole("radio", { name: "Select alias/console-other" }).check();
  await button("Delete alias").click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("alias/console-other deleted.").waitFor();

  // A policy that locks its writer out is refused, in KMS's words.
  await tab("Key policy").click();
  await button("Edit Key policy").click();
  await page.locator(".ace_text-input").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::000000000000:root" }, Action: "kms:Describe*", Resource: "*" }] }));
  await button("Save changes").click();
  await page.getByRole("dialog").getByText(/will not allow you to update the key policy in the future/).waitFor();
  await button("Cancel").click();

  await kms.send(new CreateGrantCommand({ KeyId: KeyMetadata.KeyId, GranteePrincipal: "arn:aws:iam::000000000000:root", Operations: ["Decrypt"] }));
  await tab("Grants").click();
  await page.getByText("Decrypt", { exact: true }).waitFor();
  await page.getByRole("radio", { name: /^Select [0-9a-f]{64}$/ }).check();
  await button("Revoke grant").click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke grant" }).click();
  await page.getByText("Grant revoked.").waitFor();

  await button("Key actions").click();
  await item("Disable").click();
  await page.getByText("The key was disabled.").waitFor();
  assert.equal(await state(), "Disabled");
  await assert.rejects(kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("a") })), { name: "DisabledException" });
  await button("Key actions").click();
  await item("Enable").click();
  await page.getByText("The key was enabled.").waitFor();
  await button("Key actions").click();
  await item("Schedule key deletion").click();
  await page.getByLabel("Waiting period (in days)").fill("7");
  await page.getByRole("checkbox", { name: /Confirm that you want/ }).check();
  await button("Schedule deletion").click();
  await page.getByText("Pending deletion").waitFor();
  assert.equal(await state(), "PendingDeletion");
  await button("Key actions").click();
  await item("Cancel key deletion").click();
  await page.getByText(/Deletion of 1 key canceled/).waitFor();
  assert.equal(await state(), "Disabled");
  await go("/kms/aws-managed");
  await page.getByRole("heading", { name: /AWS managed keys/ }).waitFor();
}
