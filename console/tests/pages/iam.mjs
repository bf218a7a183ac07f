// Clicks through IAM: the roles of both guides (R3, P6, P7), users, groups, policies and their checks.
import { fromMenu } from "../browser.mjs";
import assert from "node:assert/strict";
import {
  AttachRolePolicyCommand, CreateRoleCommand, GetAccountPasswordPolicyCommand, GetGroupCommand, GetLoginProfileCommand, GetRoleCommand, GetRolePolicyCommand, GetUserCommand,
  IAMClient, ListAccessKeysCommand, ListAccountAliasesCommand, ListAttachedRolePoliciesCommand, ListAttachedUserPoliciesCommand, ListPoliciesCommand, ListPolicyVersionsCommand,
  ListRolePoliciesCommand, PutRolePolicyCommand,
} from "@aws-sdk/client-iam";

const document = (Statement) => JSON.stringify({ Version: "2012-10-17", Statement });

export async function run({ page, go, endpoint }) {
  const iam = new IAMClient({ endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  const unique = `t${Date.now().toString(36)}`;
  const role = `immersion-${unique}`;
  const button = (name) => page.getByRole("button", { name, exact: true });
  const dialog = page.getByRole("dialog");
  const write = async (label, text) => {
    const editor = page.locator(".ace_editor").first();
    await editor.waitFor();
    await page.getByRole("textbox", { name: label }).first().waitFor({ state: "attached" });
    await editor.evaluate((element, value) => element.env.editor.setValue(value, -1), text);
  };

  // A role as the immersion day's template makes it.
  await iam.send(new CreateRoleCommand({ RoleName: role, AssumeRolePolicyDocument: document([
    { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::536023900131:root" }, Action: "sts:AssumeRole" },
  ]) }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: "arn:aws:iam::aws:policy/job-function/SystemAdministrator" }));
  await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: "PutItemDynamoTables", PolicyDocument: document([
    { Effect: "Allow", Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*" },
    { Effect: "Allow", Action: ["dynamodb:*", "sqs:*"], Resource: "*" },
  ]) }));

  await go("/iam");
  await page.getByRole("heading", { name: "IAM Dashboard" }).waitFor();
  await page.getByRole("link", { name: "Roles", exact: true }).click();
  await page.getByPlaceholder("Find roles").fill(role);
  await page.getByRole("gridcell", { name: "AWS Service: lambda, and Account: 536023900131" }).waitFor();
  await page.getByRole("link", { name: role, exact: true }).click();

  // P6: the foreign account goes from the trust policy.
  await page.getByRole("tab", { name: "Trust relationships" }).click();
  await button("Edit trust policy").click();
  await page.getByRole("heading", { name: "Edit trust policy" }).waitFor();
  await write("Trust policy", '{ "Version": "2012-10-17", "Statement": [ { ] }');
  await page.getByText(/^Ln 1, Col \d+$/).first().waitFor();
  assert.ok(await button("Update policy").isDisabled(), "what is no JSON cannot be saved");
  await write("Trust policy", document([{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }]));
  await button("Update policy").click();
  await page.getByText("Trust policy updated.").waitFor();
  const trusted = decodeURIComponent((await iam.send(new GetRoleCommand({ RoleName: role }))).Role.AssumeRolePolicyDocument);
  assert.ok(!trusted.includes("536023900131"));

  // P7: the summary, service by service.
  await page.getByRole("tab", { name: "Permissions" }).click();
  await button("Expand PutItemDynamoTables").click();
  await page.getByRole("heading", { name: /^Allow \(3 of \d+ services\)$/ }).waitFor();
  const rowOf = (name) => page.getByRole("row").filter({ has: page.getByRole("link", { name }) }).last();
  assert.match(await rowOf(/CloudWatch Logs/).innerText(), /Limited:\s*Write/);
  assert.match(await rowOf(/DynamoDB/).innerText(), /Full access/);
  assert.match(await rowOf(/SQS/).innerText(), /Full access\s+All resources\s+None/);
  await page.getByRole("link", { name: /CloudWatch Logs/ }).click();
  await page.getByRole("heading", { name: /Allowed actions in .*CloudWatch Logs \(3 of \d+\)/ }).waitFor();
  await page.getByRole("cell", { name: "PutLogEvents", exact: true }).waitFor();
  await button("Services").click();

  // Both wide policies go, AWSLambdaBasicExecutionRole and a narrow inline policy come.
  await page.getByRole("checkbox", { name: "Select SystemAdministrator" }).check();
  await page.getByRole("checkbox", { name: "Select PutItemDynamoTables" }).check();
  await button("Remove").click();
  await dialog.getByRole("button", { name: "Remove policy" }).click();
  await page.getByText("2 policies were removed.").waitFor();
  assert.equal((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: role }))).AttachedPolicies.length, 0);
  assert.equal((await iam.send(new ListRolePoliciesCommand({ RoleName: role }))).PolicyNames.length, 0);
  await fromMenu(page, button("Add permissions"), { name: "Attach policies" });
  await page.getByPlaceholder("Search policies").fill("AWSLambdaBasicExecutionRole");
  await page.getByRole("checkbox", { name: "Select AWSLambdaBasicExecutionRole", exact: true }).check();
  await button("Add permissions").click();
  await page.getByText(/Policy was successfully attached/).waitFor();
  await page.getByRole("heading", { name: "Permissions policies (1)" }).waitFor();
  await fromMenu(page, button("Add permissions"), { name: "Create inline policy" });
  await write("Policy editor", document([{ Effect: "Allow", Action: "iam:PassRole", Resource: "*" }]));
  await page.getByRole("tab", { name: /^Security: 1$/ }).waitFor();
  await page.getByText("PASS_ROLE_WITH_STAR_IN_RESOURCE").waitFor();
  await page.getByText(/^Ln 1, Col \d+$/).first().click();
  await write("Policy editor", document([{ Effect: "Allow", Action: "dynamodb:PutItem", Resource: "arn:aws:dynamodb:us-east-1:000000000000:table/immersion-ObjectMetadataTable" }]));
  await page.getByRole("tab", { name: /^Security: 0$/ }).waitFor();
  await button("Next").click();
  await page.getByRole("textbox", { name: "Policy name" }).fill("DynamoDbPutItemOnly");
  await page.getByRole("heading", { name: /^Allow \(1 of \d+ services\)$/ }).waitFor();
  await button("Create policy").click();
  await page.getByText("Policy DynamoDbPutItemOnly created.").waitFor();
  await page.getByRole("link", { name: "DynamoDbPutItemOnly" }).click();
  await page.getByText("Modify permissions").first().waitFor();
  await write("Policy editor", document([{ Effect: "Allow", Action: "dynamodb:GetItem", Resource: "arn:aws:dynamodb:us-east-1:000000000000:table/immersion-ObjectMetadataTable" }]));
  await button("Next").click();
  await button("Save changes").click();
  await page.getByText("Policy DynamoDbPutItemOnly has been updated.").waitFor();
  assert.match(decodeURIComponent((await iam.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: "DynamoDbPutItemOnly" }))).PolicyDocument), /GetItem/);

  // The simulator explains: PutItem is denied, GetItem allowed by a statement that is marked.
  await button("Simulate").click();
  await page.getByRole("button", { name: /^Service/ }).click();
  await page.keyboard.type("Amazon DynamoDB");
  await page.getByRole("option", { name: /^Amazon DynamoDB\b.*dynamodb/ }).first().click();
  for (const action of ["dynamodb:GetItem", "dynamodb:PutItem"]) {
    await page.getByRole("button", { name: /^Actions Select/ }).click();
    await page.keyboard.type(action);
    await page.getByRole("option", { name: action, exact: true }).click();
    await page.keyboard.press("Escape");
  }
  await page.getByLabel("Resource ARNs").fill("arn:aws:dynamodb:us-east-1:000000000000:table/immersion-ObjectMetadataTable");
  await button("Run simulation").click();
  await page.getByRole("heading", { name: "Simulation results (2)" }).waitFor();
  await page.getByRole("row").filter({ hasText: "dynamodb:PutItem" }).getByText(/Implicitly denied/).waitFor();
  await page.getByRole("row").filter({ hasText: "dynamodb:GetItem" }).getByText("allowed", { exact: true }).waitFor();
  await page.getByRole("button", { name: /^Expand dynamodb:GetItem/ }).click();
  await page.locator("mark").filter({ hasText: "dynamodb:GetItem" }).waitFor();

  // A boundary, a tag, and revoked sessions.
  await go(`/iam/roles/${role}`);
  await button("Set permissions boundary").click();
  await dialog.getByPlaceholder("Search policies").fill("ReadOnlyAccess");
  await dialog.getByRole("radio", { name: "Select ReadOnlyAccess", exact: true }).check();
  await dialog.getByRole("button", { name: "Set boundary" }).click();
  await page.getByText(/Permissions boundary of .* was set/).waitFor();
  assert.equal((await iam.send(new GetRoleCommand({ RoleName: role }))).Role.PermissionsBoundary.PermissionsBoundaryArn, "arn:aws:iam::aws:policy/ReadOnlyAccess");
  await button("Remove boundary").click();
  await dialog.getByRole("button", { name: "Remove boundary" }).click();
  await page.getByText(/Permissions boundary of .* was removed/).waitFor();
  await page.getByRole("tab", { name: "Revoke sessions" }).click();
  await button("Revoke active sessions").click();
  await dialog.getByRole("button", { name: "Revoke active sessions" }).click();
  await page.getByText(/Active sessions of .* were revoked/).waitFor();
  assert.ok((await iam.send(new ListRolePoliciesCommand({ RoleName: role }))).PolicyNames.includes("AWSRevokeOlderSessions"));
  await page.getByRole("tab", { name: "Last Accessed" }).click();
  await page.getByRole("heading", { name: /^Allowed services/ }).waitFor();

  // A customer managed policy with two versions.
  const policy = `narrow-${unique}`;
  await go("/iam/create/policy");
  await write("Policy editor", document([{ Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::pictures/*" }]));
  await button("Next").click();
  await page.getByRole("textbox", { name: "Policy name" }).fill(policy);
  await button("Create policy").click();
  await page.getByText(`Policy ${policy} created.`).waitFor();
  const { Arn } = (await iam.send(new ListPoliciesCommand({ Scope: "Local" }))).Policies.find(({ PolicyName }) => PolicyName === policy);
  await go(`/iam/policies/${encodeURIComponent(Arn)}`);
  await page.getByRole("cell", { name: "arn:aws:s3:::pictures/*" }).waitFor();
  await page.getByRole("button", { name: "Edit Permissions defined in this policy" }).click();
  await write("Policy editor", document([{ Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"], Resource: "*" }]));
  await button("Next").click();
  await button("Save changes").click();
  await page.getByText(`Policy ${policy} has been updated.`).waitFor();
  await page.getByRole("tab", { name: "Policy versions" }).click();
  await page.getByRole("radio", { name: "Select v1" }).check();
  await button("Set as default").click();
  await page.getByText("Version v1 is the default now.").waitFor();
  assert.equal((await iam.send(new ListPolicyVersionsCommand({ PolicyArn: Arn }))).Versions.find(({ IsDefaultVersion }) => IsDefaultVersion).VersionId, "v1");
  await page.getByRole("tab", { name: "Entities attached" }).click();
  await button("Attach").click();
  await dialog.getByRole("button", { name: /^IAM entities/ }).click();
  await page.getByRole("option", { name: new RegExp(role) }).click();
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Attach policy" }).click();
  await page.getByText(`Policy ${policy} was attached.`).waitFor();

  // A group, and a user with a password and an access key in it.
  const [group, user] = [`devs-${unique}`, `ann-${unique}`];
  await go("/iam/create/group");
  await page.getByRole("textbox", { name: "User group name" }).fill(group);
  await button("Create user group").click();
  await page.getByText(`${group} user group created.`).waitFor();
  await go("/iam/create/user");
  await page.getByRole("textbox", { name: "User name" }).fill(user);
  await page.getByRole("checkbox", { name: /Provide user access/ }).check();
  await page.getByRole("radio", { name: /Custom password/ }).check();
  await page.getByRole("textbox", { name: "Custom password" }).fill("Correct-horse-7");
  await button("Next").click();
  await page.getByRole("button", { name: /^User groups Choose/ }).click();
  await page.getByRole("option", { name: group }).click();
  await page.keyboard.press("Escape");
  await button("Next").click();
  await button("Create user").click();
  await page.getByRole("heading", { name: "Retrieve password" }).waitFor();
  assert.equal((await iam.send(new GetLoginProfileCommand({ UserName: user }))).LoginProfile.PasswordResetRequired, true);
  assert.deepEqual((await iam.send(new GetGroupCommand({ GroupName: group }))).Users.map(({ UserName }) => UserName), [user]);
  assert.deepEqual((await iam.send(new ListAttachedUserPoliciesCommand({ UserName: user }))).AttachedPolicies.map(({ PolicyName }) => PolicyName), ["IAMUserChangePassword"]);
  await go(`/iam/users/${user}?tab=security_credentials`);
  await button("Create access key").click();
  await dialog.getByText("Secret access key", { exact: true }).waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();
  const [key] = (await iam.send(new ListAccessKeysCommand({ UserName: user }))).AccessKeyMetadata;
  await fromMenu(page, page.getByRole("button", { name: `Actions of ${key.AccessKeyId}` }), { name: "Deactivate" });
  await dialog.getByRole("button", { name: "Deactivate" }).click();
  await page.getByText(`Access key ${key.AccessKeyId} deactivated.`).waitFor();
  assert.equal((await iam.send(new ListAccessKeysCommand({ UserName: user }))).AccessKeyMetadata[0].Status, "Inactive");

  // Everything goes with the user, after its name is typed.
  await button("Delete").click();
  assert.ok(await dialog.getByRole("button", { name: "Delete user" }).isDisabled());
  await dialog.getByPlaceholder(user).fill(user);
  await dialog.getByRole("button", { name: "Delete user" }).click();
  await page.getByText(`User ${user} deleted.`).waitFor();
  await assert.rejects(iam.send(new GetUserCommand({ UserName: user })), { name: "NoSuchEntityException" });

  // A role by its wizard.
  const made = `made-${unique}`;
  await go("/iam/create/role");
  await button("Next").click();
  await page.getByText("Choose a service or use case.").first().waitFor();
  await page.getByRole("button", { name: /^Service or use case/ }).click();
  await page.getByRole("option", { name: /^Lambda/ }).click();
  await button("Next").click();
  await page.getByPlaceholder("Search policies").fill("AWSLambdaBasicExecutionRole");
  await page.getByRole("checkbox", { name: "Select AWSLambdaBasicExecutionRole", exact: true }).check();
  await button("Next").click();
  await page.getByRole("textbox", { name: "Role name" }).fill(made);
  await button("Create role").click();
  await page.getByText(`Role ${made} created.`).waitFor();
  assert.equal((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: made }))).AttachedPolicies[0].PolicyName, "AWSLambdaBasicExecutionRole");
  await button("Delete").click();
  await dialog.getByPlaceholder(made).fill(made);
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByText(`Role ${made} deleted.`).waitFor();

  // Account settings and alias; the password policy is put back, as other tests make users.
  await go("/iam/account-settings");
  await button("Edit password policy").click();
  await dialog.getByRole("radio", { name: /^Custom/ }).check();
  await dialog.getByRole("textbox", { name: "Password minimum length" }).fill("12");
  await dialog.getByRole("checkbox", { name: /at least one number/ }).check();
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("12 characters").waitFor();
  const { PasswordPolicy } = await iam.send(new GetAccountPasswordPolicyCommand({}));
  assert.equal(PasswordPolicy.MinimumPasswordLength, 12);
  assert.equal(PasswordPolicy.RequireNumbers, true);
  await button("Edit password policy").click();
  await dialog.getByRole("radio", { name: /^IAM default/ }).check();
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("The IAM default password policy").waitFor();
  await go("/iam/dashboard");
  await button("Create account alias").click();
  await dialog.getByLabel("Preferred alias").fill(unique);
  await dialog.getByRole("button", { name: "Create alias" }).click();
  await page.getByText(`Alias ${unique} created for this account.`).waitFor();
  assert.deepEqual((await iam.send(new ListAccountAliasesCommand({}))).AccountAliases, [unique]);
  await button("Delete account alias").click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByText(`Alias ${unique} deleted.`).waitFor();

  // The credential report arrives as a file.
  await go("/iam/credential-report");
  const [file] = await Promise.all([page.waitForEvent("download"), button("Download credentials report").click()]);
  assert.match(file.suggestedFilename(), /\.csv$/);
}
