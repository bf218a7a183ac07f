// Clicks through roles of all kinds, policies and their versions, and the simulator with condition keys.
import assert from "node:assert/strict";
import {
  CreatePolicyCommand, CreateServiceLinkedRoleCommand, CreateUserCommand, GetPolicyVersionCommand, GetRoleCommand, IAMClient, ListAttachedRolePoliciesCommand, ListEntitiesForPolicyCommand,
  ListInstanceProfilesForRoleCommand, ListPoliciesCommand, ListPolicyVersionsCommand, ListRolesCommand, PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { ACCOUNT, handsOn, settingsOf } from "./steps.mjs";

const document = (...Statement) => JSON.stringify({ Version: "2012-10-17", Statement });
const OTHER = "123456789012";

export async function run({ page, go, endpoint }) {
  const iam = new IAMClient(settingsOf(endpoint));
  const hands = { ...handsOn(page), page, go, iam };
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await anotherAccount(hands);
  await instance(hands);
  await customTrust(hands);
  await settings(hands);
  await policies(hands);
  await simulator(hands);
  await deletion(hands);
}

const roleOf = async (iam, RoleName) => {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  return { ...Role, trust: JSON.parse(decodeURIComponent(Role.AssumeRolePolicyDocument)) };
};

async function anotherAccount({ page, go, iam, button, field, says }) {
  await go("/iam/roles");
  await button("Create role").click();
  await page.getByRole("radio", { name: /^AWS account/ }).check();
  await page.getByRole("radio", { name: "Another AWS account" }).check();
  await field("Account ID").fill("12345");
  await button("Next").click();
  await says("An account ID has 12 digits.");
  await field("Account ID").fill(OTHER);
  await page.getByRole("checkbox", { name: /Require external ID/ }).check();
  await button("Next").click();
  await says("Enter the external ID.");
  await field("External ID").fill("our-contract-7");
  await button("Next").click();
  await page.getByPlaceholder("Search policies").fill("SecurityAudit");
  await page.getByRole("checkbox", { name: "Select SecurityAudit", exact: true }).check();
  await page.getByRole("checkbox", { name: /Use a permissions boundary/ }).check();
  await page.getByPlaceholder("Search policies").last().fill("ReadOnlyAccess");
  await page.getByRole("radio", { name: "Select ReadOnlyAccess", exact: true }).check();
  await button("Next").click();
  await field("Role name").fill("auditor");
  await field("Description").fill("Looks, and touches nothing");
  await page.getByText("our-contract-7").waitFor();
  await button("Create role").click();
  await says("Role auditor created.");
  const role = await roleOf(iam, "auditor");
  assert.deepEqual(role.trust.Statement, [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: OTHER }, Condition: { StringEquals: { "sts:ExternalId": "our-contract-7" } } }]);
  assert.equal(role.Description, "Looks, and touches nothing");
  assert.equal(role.PermissionsBoundary.PermissionsBoundaryArn, "arn:aws:iam::aws:policy/ReadOnlyAccess");
  assert.deepEqual((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: "auditor" }))).AttachedPolicies.map(({ PolicyName }) => PolicyName), ["SecurityAudit"]);
  await page.getByText(`/console/switchrole?roleName=auditor&account=${ACCOUNT}`, { exact: false }).first().waitFor();
}

/** EC2's use case brings an instance profile of the role's name. */
async function instance({ page, go, iam, button, field, choose, says }) {
  await go("/iam/create/role");
  await choose("Service or use case", /^EC2/);
  await button("Next").click();
  await button("Next").click();
  await button("Create role").click();
  await says("Role name is required.");
  await field("Role name").fill("machine");
  await button("Create role").click();
  await says("Role machine created.");
  assert.deepEqual((await roleOf(iam, "machine")).trust.Statement[0].Principal, { Service: ["ec2.amazonaws.com"] });
  const { InstanceProfiles } = await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: "machine" }));
  assert.deepEqual(InstanceProfiles.map(({ InstanceProfileName }) => InstanceProfileName), ["machine"]);
  await page.getByText(InstanceProfiles[0].Arn).waitFor();
}

/** A trust policy that names nobody real is refused by the server; mended, the same wizard makes the role. */
async function customTrust({ page, go, iam, button, field, writeCode, says }) {
  await go("/iam/create/role");
  await page.getByRole("radio", { name: /^Custom trust policy/ }).check();
  await writeCode('{ "Version": ');
  await button("Next").click();
  await says("The trust policy is not JSON yet: see below the editor.");
  await writeCode(document({ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/nobody` }, Action: "sts:AssumeRole" }));
  await button("Next").click();
  await button("Next").click();
  await field("Role name").fill("of-ann");
  await button("Create role").click();
  await says("MalformedPolicyDocument");
  await button("Previous").click();
  await button("Previous").click();
  await writeCode(document({ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/ann` }, Action: "sts:AssumeRole" }));
  await button("Next").click();
  await button("Next").click();
  await button("Create role").click();
  await says("Role of-ann created.");
  assert.deepEqual((await roleOf(iam, "of-ann")).trust.Statement[0].Principal, { AWS: `arn:aws:iam::${ACCOUNT}:user/ann` });
}

async function settings({ page, go, iam, button, dialog, field, tab, says }) {
  await go("/iam/roles/auditor");
  await button("Edit role").click();
  await field("Maximum session duration", dialog).fill("100");
  await button("Save changes", dialog).click();
  await dialog.getByText(/maxSessionDuration/).first().waitFor();
  await field("Maximum session duration", dialog).fill("7200");
  await field("Description", dialog).fill("Looks");
  await button("Save changes", dialog).click();
  await says("Role auditor updated.");
  await page.getByText("2 hours", { exact: true }).waitFor();
  const role = await roleOf(iam, "auditor");
  assert.deepEqual([role.MaxSessionDuration, role.Description], [7200, "Looks"]);
  await tab("Tags").click();
  await button("Manage tags").click();
  await button("Add new tag", dialog).click();
  await dialog.getByPlaceholder("Enter key").fill("team");
  await dialog.getByPlaceholder("Enter value").fill("blue");
  await button("Save changes", dialog).click();
  await page.getByRole("gridcell", { name: "blue", exact: true }).waitFor();
  assert.deepEqual((await roleOf(iam, "auditor")).Tags, [{ Key: "team", Value: "blue" }]);
  await button("Manage tags").click();
  await dialog.getByRole("button", { name: /^Remove/ }).click();
  await button("Save changes", dialog).click();
  await page.getByText("No tags", { exact: true }).waitFor();
  assert.equal((await roleOf(iam, "auditor")).Tags, undefined);
}

/** A policy with a second version that does not apply, one that is deleted, an entity that loses it, and its own end. */
async function policies({ page, go, iam, button, dialog, field, tab, choose, select, confirm, writeCode, says }) {
  const { Policy: { Arn } } = await iam.send(new CreatePolicyCommand({ PolicyName: "reads-notes", PolicyDocument: document({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::notes/*" }) }));
  const versions = async () => (await iam.send(new ListPolicyVersionsCommand({ PolicyArn: Arn }))).Versions.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion]).sort();
  await go("/iam/policies");
  await choose("Filter by Type", "Customer managed");
  await page.getByRole("heading", { name: "Policies (1)" }).waitFor();
  await page.getByRole("link", { name: "reads-notes", exact: true }).click();
  await button("Edit Permissions defined in this policy").click();
  await writeCode(document({ Effect: "Allow", Action: "s3:*", Resource: "*" }));
  await button("Next").click();
  await page.getByRole("checkbox", { name: "Set this new version as the default." }).uncheck();
  await button("Save changes").click();
  await says("Policy reads-notes has been updated.");
  assert.deepEqual(await versions(), [["v1", true], ["v2", false]]);
  await tab("Policy versions").click();
  await page.getByRole("button", { name: "Version 2", exact: true }).click();
  await page.getByText('"s3:*"').waitFor();
  await select("v2");
  await button("Delete").last().click();
  await confirm("Delete");
  await says("Version v2 deleted.");
  assert.deepEqual(await versions(), [["v1", true]]);

  await tab("Entities attached").click();
  await button("Attach").click();
  await choose("IAM entities", /^of-ann/, { within: dialog });
  await page.getByRole("option", { name: /^ann/ }).click();
  await page.keyboard.press("Escape");
  await button("Attach policy", dialog).click();
  await says("Policy reads-notes was attached.");
  const entities = async () => {
    const { PolicyUsers, PolicyRoles } = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: Arn }));
    return [PolicyUsers.map(({ UserName }) => UserName), PolicyRoles.map(({ RoleName }) => RoleName)];
  };
  assert.deepEqual(await entities(), [["ann"], ["of-ann"]]);
  await select("role of-ann");
  await button("Detach").click();
  await confirm("Detach policy");
  await says("Policy reads-notes was detached.");
  assert.deepEqual(await entities(), [["ann"], []]);
  await tab("Tags").click();
  await button("Manage tags").waitFor();

  // It goes with what is left of it: a user has it still.
  await go("/iam/policies");
  await page.getByRole("searchbox", { name: "Find policies" }).fill("reads-notes");
  await select(Arn);
  await button("Delete").click();
  await confirm("Delete", "reads-notes");
  await says("Policy reads-notes deleted.");
  assert.deepEqual((await iam.send(new ListPoliciesCommand({ Scope: "Local" }))).Policies, []);

  await go("/iam/create/policy");
  await writeCode(document({ Effect: "Allow", Action: ["s3:GetObject", "s3:NoSuchThing"], Resource: "*" }));
  await button("Next").click();
  await says("Unrecognized actions");
  await field("Policy name").fill("typo");
  await field("Description - optional").fill("Written in haste");
  await button("Create policy").click();
  await says("Policy typo created.");
  const [typo] = (await iam.send(new ListPoliciesCommand({ Scope: "Local" }))).Policies;
  assert.match(decodeURIComponent((await iam.send(new GetPolicyVersionCommand({ PolicyArn: typo.Arn, VersionId: "v1" }))).PolicyVersion.Document), /NoSuchThing/);
  await go(`/iam/policies/${encodeURIComponent(typo.Arn)}`);
  await button("Delete").click();
  await confirm("Delete", "typo");
  await says("Policy typo deleted.");
}

/** What depends on a condition is denied without the key, allowed with the right value; a resource's policy and a policy that is only written here. */
async function simulator({ page, go, iam, button, choose, field, writeCode }) {
  const guarded = { Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: { StringEquals: { "aws:PrincipalTag/team": "blue" }, IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } };
  await iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "blue-only", PolicyDocument: document(guarded) }));
  await go("/iam/simulator");
  await choose("Users, groups, and roles", /^ann/);
  // A long list: what is typed narrows it.
  await page.getByRole("button", { name: /^Service/ }).click();
  await page.keyboard.type("Amazon S3");
  await page.getByRole("option", { name: /^Amazon S3\b(?! [A-Z]).*s3/ }).first().click();
  const action = async (name) => {
    await page.getByRole("button", { name: /^Actions Select/ }).click();
    await page.keyboard.type(name);
    await page.getByRole("option", { name, exact: true }).click();
    await page.keyboard.press("Escape");
  };
  await action("s3:GetObject");
  await field("Resource ARNs").fill("arn:aws:s3:::notes/one.txt");
  const result = async (name, said) => {
    await button("Run simulation").click();
    await page.getByRole("row").filter({ hasText: name }).getByText(said).first().waitFor();
  };
  await result("s3:GetObject", /denied/);
  await page.getByRole("button", { name: /^Expand s3:GetObject/ }).click();
  await page.getByText(/Conditions ask for values that were not given: .*aws:PrincipalTag\/team/).waitFor();
  const key = async (at, name, type, value) => {
    await button("Add condition key").click();
    await page.getByRole("combobox", { name: "Condition keys Key" }).nth(at).fill(name);
    await page.keyboard.press("Escape");
    if (type !== "string") await choose("Type", type, { at });
    await field("Condition keys Values").nth(at).fill(value);
  };
  await key(0, "aws:PrincipalTag/team", "string", "blue");
  await key(1, "aws:SourceIp", "ip", "198.51.100.7");
  await result("s3:GetObject", /denied/);
  await field("Condition keys Values").nth(1).fill("192.0.2.7");
  await result("s3:GetObject", /^allowed$/);
  await button("Remove").nth(1).click();
  await result("s3:GetObject", /denied/);

  // The bucket's own policy denies what the user's allows.
  await key(1, "aws:SourceIp", "ip", "192.0.2.7");
  await field("Resource policy - optional").fill(document({ Sid: "Closed", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::notes/*" }));
  await result("s3:GetObject", /Explicitly denied/);
  await field("Resource policy - optional").fill("");

  await choose("Users, groups, and roles", /^A policy that you write here/);
  await writeCode(document({ Effect: "Allow", Action: "s3:Put*", Resource: "*" }));
  await action("s3:PutObject");
  await result("s3:PutObject", /^allowed$/);
  await page.getByRole("row").filter({ hasText: "s3:GetObject" }).getByText(/Implicitly denied/).waitFor();
  await page.getByRole("button", { name: /^Expand s3:PutObject/ }).click();
  await page.locator("mark").filter({ hasText: "s3:Put*" }).waitFor();
}

/** Several roles at once; a service's own goes the way that services have. */
async function deletion({ page, go, iam, button, select, confirm, says }) {
  await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "config.amazonaws.com" }));
  await go("/iam/roles");
  await page.getByText("AWS Service: config (Service-Linked Role)").waitFor();
  for (const name of ["auditor", "machine", "of-ann", "AWSServiceRoleForConfig"]) await select(name);
  await button("Delete").click();
  await confirm("Delete", "confirm");
  await says("4 roles deleted.");
  const left = async () => (await iam.send(new ListRolesCommand({}))).Roles.map(({ RoleName }) => RoleName);
  await page.getByRole("link", { name: "AWSServiceRoleForConfig", exact: true }).waitFor({ state: "detached" });
  assert.deepEqual(await left(), []);
}
