// Clicks through what IAM has for people: new users in all ways, groups and who is in them, boundaries, passwords, access keys, the account's alias.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  AddUserToGroupCommand, AttachUserPolicyCommand, CreateGroupCommand, CreateUserCommand, GetAccountPasswordPolicyCommand, GetGroupCommand, GetGroupPolicyCommand, GetLoginProfileCommand, GetUserCommand,
  IAMClient, ListAccessKeysCommand, ListAccountAliasesCommand, ListAttachedGroupPoliciesCommand, ListAttachedUserPoliciesCommand, ListGroupsCommand, ListGroupsForUserCommand, ListUserPoliciesCommand,
  ListUsersCommand, PutUserPermissionsBoundaryCommand, PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromMenu, openWindow, signInAsUser } from "../browser.mjs";
import { ACCOUNT, handsOn, settingsOf } from "./steps.mjs";

const AWS = "arn:aws:iam::aws:policy/";
const document = (...Statement) => JSON.stringify({ Version: "2012-10-17", Statement });

export async function run({ page, go, endpoint, browser, problems }) {
  const iam = new IAMClient(settingsOf(endpoint));
  const hands = { ...handsOn(page), page, go, iam, endpoint, browser, problems };
  await iam.send(new CreateGroupCommand({ GroupName: "makers" }));
  await iam.send(new CreateUserCommand({ UserName: "pat" }));
  await iam.send(new AddUserToGroupCommand({ GroupName: "makers", UserName: "pat" }));
  await iam.send(new AttachUserPolicyCommand({ UserName: "pat", PolicyArn: `${AWS}AmazonSQSReadOnlyAccess` }));
  await iam.send(new PutUserPolicyCommand({ UserName: "pat", PolicyName: "mail", PolicyDocument: document({ Effect: "Allow", Action: "sns:Publish", Resource: "*" }) }));
  await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: "pat", PermissionsBoundary: `${AWS}PowerUserAccess` }));
  await copied(hands);
  await attached(hands);
  await groups(hands);
  await boundary(hands);
  await consoleAccess(hands);
  await accessKeys(hands);
  await passwordPolicy(hands);
  await oneself(hands);
  await alias(hands);
}

const policiesOf = async (iam, UserName) => (await iam.send(new ListAttachedUserPoliciesCommand({ UserName }))).AttachedPolicies.map(({ PolicyName }) => PolicyName).sort();
const groupsOf = async (iam, UserName) => (await iam.send(new ListGroupsForUserCommand({ UserName }))).Groups.map(({ GroupName }) => GroupName).sort();
const boundaryOf = async (iam, UserName) => (await iam.send(new GetUserCommand({ UserName }))).User.PermissionsBoundary?.PermissionsBoundaryArn;

/** "Copy permissions": all that another has. */
async function copied({ page, go, iam, button, field, choose, says }) {
  await go("/iam/users");
  await button("Create user").click();
  await button("Next").click();
  await says("User name is required.");
  await field("User name").fill("quinn");
  await button("Next").click();
  await page.getByRole("radio", { name: /^Copy permissions/ }).check();
  await choose("Users to copy from", "pat", { several: true });
  await button("Next").click();
  await says("as pat");
  await button("Add new tag").click();
  await page.getByPlaceholder("Enter key").fill("team");
  await page.getByPlaceholder("Enter value").fill("blue");
  await button("Create user").click();
  await says("User created successfully: quinn.");
  await page.getByRole("link", { name: "quinn", exact: true }).waitFor();
  assert.deepEqual(await policiesOf(iam, "quinn"), ["AmazonSQSReadOnlyAccess"]);
  assert.deepEqual(await groupsOf(iam, "quinn"), ["makers"]);
  assert.deepEqual((await iam.send(new ListUserPoliciesCommand({ UserName: "quinn" }))).PolicyNames, ["mail"]);
  assert.equal(await boundaryOf(iam, "quinn"), `${AWS}PowerUserAccess`);
  assert.deepEqual((await iam.send(new GetUserCommand({ UserName: "quinn" }))).User.Tags, [{ Key: "team", Value: "blue" }]);
}

/** "Attach policies directly", with a password of one's own that is refused first, and a boundary; then in by that password. */
async function attached({ page, go, iam, endpoint, browser, problems, button, field, says }) {
  await go("/iam/create/user");
  await field("User name").fill("rob");
  await page.getByRole("checkbox", { name: /Provide user access/ }).check();
  await page.getByRole("radio", { name: /Custom password/ }).check();
  await field("Custom password").fill("short");
  await page.getByRole("checkbox", { name: "Users must create a new password at next sign-in" }).uncheck();
  await button("Next").click();
  await page.getByRole("radio", { name: /^Attach policies directly/ }).check();
  for (const name of ["AmazonSQSFullAccess", "IAMReadOnlyAccess"]) {
    await page.getByPlaceholder("Search policies").fill(name);
    await page.getByRole("checkbox", { name: `Select ${name}`, exact: true }).check();
  }
  await page.getByRole("checkbox", { name: /Use a permissions boundary/ }).check();
  await page.getByPlaceholder("Search policies").last().fill("PowerUserAccess");
  await page.getByRole("radio", { name: "Select PowerUserAccess", exact: true }).check();
  await button("Next").click();
  await says("AmazonSQSFullAccess, IAMReadOnlyAccess");
  await button("Create user").click();
  await says("PasswordPolicyViolation");
  // The user is there already; the rest is done once the password is better.
  await button("Previous").click();
  await button("Previous").click();
  await field("Custom password").fill("Long-enough-for-9");
  await button("Next").click();
  await button("Next").click();
  await button("Create user").click();
  await page.getByRole("heading", { name: "Retrieve password" }).waitFor();
  await page.getByText("Long-enough-for-9", { exact: true }).waitFor();
  assert.deepEqual(await policiesOf(iam, "rob"), ["AmazonSQSFullAccess", "IAMReadOnlyAccess"]);
  assert.equal(await boundaryOf(iam, "rob"), `${AWS}PowerUserAccess`);
  const window = await openWindow(browser, endpoint);
  await signInAsUser(window, { account: ACCOUNT, userName: "rob", password: "Long-enough-for-9" });
  problems.push(...window.problems);
  await window.context.close();
  await button("View user").click();
  await page.getByRole("heading", { name: "rob", level: 1 }).waitFor();
}

/** Members come and go, from the user's side and from the group's; the group gives policies, is renamed and deleted. */
async function groups({ page, go, iam, dialog, button, tab, field, choose, select, confirm, writeCode, act, says }) {
  const members = async (GroupName) => (await iam.send(new GetGroupCommand({ GroupName }))).Users.map(({ UserName }) => UserName).sort();
  await tab("Groups").click();
  await button("Add user to groups").click();
  await choose("User groups", "makers", { within: dialog, several: true });
  await button("Add user to group(s)", dialog).click();
  await says("rob was added to makers.");
  assert.deepEqual(await members("makers"), ["pat", "quinn", "rob"]);
  await select("makers");
  await button("Remove").click();
  await confirm("Remove");
  await says("rob was removed.");
  assert.deepEqual(await members("makers"), ["pat", "quinn"]);

  await go("/iam/groups");
  await button("Create group").click();
  await field("User group name").fill("menders");
  await choose("Users", "pat", { several: true });
  await page.getByPlaceholder("Search policies").fill("AmazonSNSReadOnlyAccess");
  await page.getByRole("checkbox", { name: "Select AmazonSNSReadOnlyAccess", exact: true }).check();
  await button("Create user group").click();
  await says("menders user group created.");
  assert.deepEqual(await members("menders"), ["pat"]);
  await page.getByRole("link", { name: "menders", exact: true }).click();
  await button("Add users").click();
  await choose("Other users in this account", "quinn", { within: dialog });
  await page.getByRole("option", { name: "rob", exact: true }).click();
  await page.keyboard.press("Escape");
  await button("Add users", dialog).click();
  await says("quinn, rob added to this group.");
  assert.deepEqual(await members("menders"), ["pat", "quinn", "rob"]);
  await select("quinn");
  await button("Remove users").click();
  await confirm("Remove");
  await says("quinn removed from this group.");
  assert.deepEqual(await members("menders"), ["pat", "rob"]);

  // What the group may: a policy of AWS, and one written here.
  await tab("Permissions").click();
  await act("Attach policies", "Add permissions");
  await page.getByPlaceholder("Search policies").fill("AWSCloudTrail_ReadOnlyAccess");
  await page.getByRole("checkbox", { name: "Select AWSCloudTrail_ReadOnlyAccess", exact: true }).check();
  await button("Attach policies").click();
  await says("Policy was successfully attached to group menders.");
  await tab("Permissions").click();
  await act("Create inline policy", "Add permissions");
  await writeCode(document({ Effect: "Allow", Action: "kms:ListKeys", Resource: "*" }));
  await button("Next").click();
  await field("Policy name").fill("sees-keys");
  await button("Create policy").click();
  await says("Policy sees-keys created.");
  assert.deepEqual((await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName: "menders" }))).AttachedPolicies.map(({ PolicyName }) => PolicyName).sort(), ["AWSCloudTrail_ReadOnlyAccess", "AmazonSNSReadOnlyAccess"]);
  assert.match(decodeURIComponent((await iam.send(new GetGroupPolicyCommand({ GroupName: "menders", PolicyName: "sees-keys" }))).PolicyDocument), /kms:ListKeys/);
  await go("/iam/users/rob");
  await page.getByRole("row", { name: /sees-keys .*Group menders/ }).waitFor();

  await go("/iam/groups/menders");
  await button("Edit user group").click();
  await field("User group name", dialog).fill("fixers");
  await button("Save changes", dialog).click();
  await says("User group menders is now called fixers.");
  await page.getByRole("heading", { name: "fixers", level: 1 }).waitFor();
  assert.deepEqual(await members("fixers"), ["pat", "rob"]);
  await go("/iam/groups");
  await select("fixers");
  await button("Delete").click();
  await confirm("Delete", "fixers");
  await says("User group fixers deleted.");
  assert.deepEqual((await iam.send(new ListGroupsCommand({}))).Groups.map(({ GroupName }) => GroupName), ["makers"]);
}

async function boundary({ page, go, iam, dialog, button, confirm, says }) {
  await go("/iam/users/rob");
  await button("Change boundary").click();
  await dialog.getByPlaceholder("Search policies").fill("ReadOnlyAccess");
  await dialog.getByRole("radio", { name: "Select ReadOnlyAccess", exact: true }).check();
  await button("Set boundary", dialog).click();
  await says("Permissions boundary of rob was set.");
  assert.equal(await boundaryOf(iam, "rob"), `${AWS}ReadOnlyAccess`);
  await button("Remove boundary").click();
  await confirm("Remove boundary");
  await says("Permissions boundary of rob was removed.");
  assert.equal(await boundaryOf(iam, "rob"), undefined);
  await page.getByText("No boundary is set.").waitFor({ state: "attached" });
}

/** Off, on with a password that the console makes, and another one in its place. */
async function consoleAccess({ page, go, iam, endpoint, browser, problems, dialog, button, field, tab, says }) {
  await go("/iam/users/rob");
  await tab("Security credentials").click();
  await button("Manage console access").click();
  await dialog.getByRole("radio", { name: "Disable" }).check();
  await button("Disable console access", dialog).click();
  await says("Console access of rob disabled.");
  await assert.rejects(iam.send(new GetLoginProfileCommand({ UserName: "rob" })), { name: "NoSuchEntityException" });
  await button("Enable console access").click();
  await button("Enable console access", dialog).click();
  await dialog.getByText("This is the only time that this password can be viewed.").waitFor();
  assert.ok(await page.getByText(`/console/signin?account=${ACCOUNT}&userName=rob`).count() > 0, "the link names the user as the sign-in page reads it");
  const password = (await dialog.locator("dt").filter({ hasText: "Console password" }).locator("xpath=following-sibling::dd[1]").innerText()).trim();
  await button("Close", dialog).last().click();
  const window = await openWindow(browser, endpoint);
  await signInAsUser(window, { account: ACCOUNT, userName: "rob", password });
  problems.push(...window.problems);
  await window.context.close();
  await button("Manage console access").click();
  await dialog.getByRole("radio", { name: "Set a new password" }).check();
  await dialog.getByRole("radio", { name: /Custom password/ }).check();
  await field("Custom password", dialog).fill("Quite-another-7");
  await dialog.getByRole("checkbox", { name: /Users must create a new password/ }).check();
  await button("Apply", dialog).click();
  await page.getByText(/\(to be changed at the next sign-in\)/).waitFor();
  assert.equal((await iam.send(new GetLoginProfileCommand({ UserName: "rob" }))).LoginProfile.PasswordResetRequired, true);
}

/** A key in use gives way to another: both at once, the old one off, on again, and gone. */
async function accessKeys({ page, go, iam, endpoint, dialog, button, tab, confirm, says }) {
  const keys = async () => Object.fromEntries((await iam.send(new ListAccessKeysCommand({ UserName: "rob" }))).AccessKeyMetadata.map(({ AccessKeyId, Status }) => [AccessKeyId, Status]));
  const create = async () => {
    await button("Create access key").click();
    const saving = page.waitForEvent("download");
    await button("Download .csv file", dialog).click();
    const file = await saving;
    await button("Done", dialog).click();
    const [, line] = readFileSync(await file.path(), "utf8").trim().split("\n");
    const [accessKeyId, secretAccessKey] = line.split(",");
    assert.equal(file.suggestedFilename(), `${accessKeyId}_accessKeys.csv`);
    return { accessKeyId, secretAccessKey };
  };
  const who = (credentials) => new STSClient({ ...settingsOf(endpoint), credentials }).send(new GetCallerIdentityCommand({}));
  await go("/iam/users/rob?tab=security_credentials");
  const old = await create();
  assert.match((await who(old)).Arn, /user\/rob$/);
  const fresh = await create();
  assert.deepEqual(await keys(), { [old.accessKeyId]: "Active", [fresh.accessKeyId]: "Active" });
  await button("Create access key").click();
  await says(/Cannot exceed quota for AccessKeysPerUser: 2/);
  const act = (key, item) => fromMenu(page, button(`Actions of ${key}`), { name: item, exact: true });
  await act(old.accessKeyId, "Deactivate");
  await confirm("Deactivate");
  await says(`Access key ${old.accessKeyId} deactivated.`);
  await assert.rejects(who(old));
  await page.getByRole("region", { name: `Access key ${old.accessKeyId}` }).getByText("Inactive", { exact: true }).waitFor();
  await act(old.accessKeyId, "Activate");
  await says(`Access key ${old.accessKeyId} activated.`);
  await who(old);
  await act(old.accessKeyId, "Delete");
  await confirm("Delete", old.accessKeyId);
  await says(`Access key ${old.accessKeyId} deleted.`);
  assert.deepEqual(await keys(), { [fresh.accessKeyId]: "Active" });
  await assert.rejects(who(old));

  // What the key was used for: from the services that its user may use to the actions of one, and back.
  await new IAMClient({ ...settingsOf(endpoint), credentials: fresh }).send(new ListUsersCommand({}));
  await tab("Last Accessed").click();
  await button("AWS Identity and Access Management (IAM)").click();
  await page.getByRole("row", { name: /^ListUsers .*user\/rob/ }).waitFor();
  await button("All services").click();
  await page.getByRole("heading", { name: /^Allowed services/ }).waitFor();
}

async function passwordPolicy({ page, go, iam, dialog, button, field, says }) {
  await go("/iam/account-settings");
  await button("Edit password policy").click();
  await dialog.getByRole("radio", { name: /^Custom/ }).check();
  await field("Password minimum length", dialog).fill("5");
  await button("Save changes", dialog).click();
  await dialog.getByText(/minimumPasswordLength|ValidationError/i).first().waitFor();
  await field("Password minimum length", dialog).fill("10");
  for (const rule of [/uppercase letter/, /lowercase letter/, /at least one number/, /non-alphanumeric/, "Turn on password expiration", "Prevent password reuse"]) await dialog.getByRole("checkbox", { name: rule }).check();
  await dialog.getByRole("checkbox", { name: "Password expiration requires administrator reset" }).check();
  await dialog.getByRole("checkbox", { name: "Allow users to change their own password" }).uncheck();
  await field("Expire password in day(s)", dialog).fill("45");
  await field("Remember password(s)", dialog).fill("7");
  await button("Save changes", dialog).click();
  await says("Password requirements for IAM users are updated.");
  const { PasswordPolicy } = await iam.send(new GetAccountPasswordPolicyCommand({}));
  assert.deepEqual(PasswordPolicy, {
    MinimumPasswordLength: 10, RequireUppercaseCharacters: true, RequireLowercaseCharacters: true, RequireNumbers: true, RequireSymbols: true, AllowUsersToChangePassword: false,
    ExpirePasswords: true, MaxPasswordAge: 45, HardExpiry: true, PasswordReusePrevention: 7,
  });
  await says(/Passwords expire in 45 days; Password expiration requires administrator reset; Prevent password reuse from the past 7 changes/);
  await button("Edit password policy").click();
  await dialog.getByRole("checkbox", { name: "Turn on password expiration" }).uncheck();
  await dialog.getByRole("checkbox", { name: "Prevent password reuse" }).uncheck();
  await dialog.getByRole("checkbox", { name: "Allow users to change their own password" }).check();
  await button("Save changes", dialog).click();
  await says(/Never expire password; Allow users to change their own password$/);
  const after = (await iam.send(new GetAccountPasswordPolicyCommand({}))).PasswordPolicy;
  assert.deepEqual([after.ExpirePasswords, after.MaxPasswordAge, after.PasswordReusePrevention, after.AllowUsersToChangePassword], [false, undefined, undefined, true]);
}

/** "Security credentials" of who is signed in: a password and keys of his own. */
async function oneself({ endpoint, browser, problems }) {
  const window = await openWindow(browser, endpoint);
  const { page } = window;
  const { button, dialog, field, says } = handsOn(page);
  await window.go(`/signin?account=${ACCOUNT}&userName=rob`);
  await page.getByLabel("Password", { exact: true }).fill("Quite-another-7");
  await button("Sign in").click();
  await page.getByLabel("New password").fill("Quite-another-8");
  await button("Sign in").click();
  await page.getByRole("heading", { name: "Console home" }).waitFor();
  await fromMenu(page, page.getByRole("button", { name: /^rob @/ }).first(), { name: "Security credentials" });
  await button("Update console password").click();
  const change = async (current, next) => {
    await field("Current password", dialog).fill(current);
    await field("New password", dialog).fill(next);
    await field("Confirm new password", dialog).fill("something else");
    await dialog.getByText("The passwords differ.").waitFor();
    await field("Confirm new password", dialog).fill(next);
    await button("Update password", dialog).click();
  };
  await change("not mine at all", "Quite-another-9");
  await dialog.getByText("The old password was incorrect.").waitFor();
  await change("Quite-another-8", "Quite-another-9");
  await says("Your password was changed.");
  problems.push(...window.problems);
  await window.context.close();
}

/** The account's alias is made, changed, and used in place of the ID by who switches to a role. */
async function alias({ page, go, iam, dialog, button, field, says, confirm }) {
  const aliases = async () => (await iam.send(new ListAccountAliasesCommand({}))).AccountAliases;
  await go("/iam/dashboard");
  await button("Create account alias").click();
  await field("Preferred alias", dialog).fill("The Workshop");
  await button("Create alias", dialog).click();
  await dialog.getByText(/ValidationError/).first().waitFor();
  await field("Preferred alias", dialog).fill("workshop");
  await button("Create alias", dialog).click();
  await says("Alias workshop created for this account.");
  await button("Edit account alias").click();
  await field("Preferred alias", dialog).fill("garage");
  await button("Save changes", dialog).click();
  await says("Alias garage created for this account.");
  assert.deepEqual(await aliases(), ["garage"]);
  await page.getByText(/signin\?account=garage/).first().waitFor();
  await button("Delete account alias").click();
  await confirm("Delete");
  await says("Alias garage deleted.");
  assert.deepEqual(await aliases(), []);

  // Several users at once, from the list.
  await go("/iam/users");
  for (const name of ["pat", "quinn", "rob"]) await page.getByRole("checkbox", { name: `Select ${name}`, exact: true }).check();
  await button("Delete").click();
  await confirm("Delete users", "confirm");
  await says("3 users deleted.");
  assert.deepEqual((await iam.send(new ListUsersCommand({}))).Users, []);
}
