// Sign-in as root, as a user who must change the password, wrong passwords, switching a role, being denied, and being signed out by deletion.
import assert from "node:assert/strict";
import { CreateAccountAliasCommand, CreateLoginProfileCommand, CreateRoleCommand, CreateUserCommand, DeleteLoginProfileCommand, DeleteUserCommand, DeleteUserPolicyCommand, IAMClient, PutRolePolicyCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { fromMenu, openWindow } from "../browser.mjs";

export const signedIn = false;

export async function run({ page, go, endpoint, browser, problems }) {
  const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const iam = new IAMClient(settings);
  const account = "000000000000";
  await iam.send(new CreateAccountAliasCommand({ AccountAlias: "workshop" }));
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new CreateLoginProfileCommand({ UserName: "ann", Password: "First-password-1", PasswordResetRequired: true }));
  const may = (Action, Resource) => JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] });
  await iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "p", PolicyDocument: may(["sts:AssumeRole", "iam:ChangePassword"], "*") }));
  await iam.send(new CreateRoleCommand({
    RoleName: "queues",
    AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "sts:AssumeRole" }] }),
  }));
  await iam.send(new PutRolePolicyCommand({ RoleName: "queues", PolicyName: "p", PolicyDocument: may("sqs:*", "*") }));

  // A page is not shown before sign-in; afterwards it is where it was asked for.
  await go("/sqs/queues");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByRole("textbox", { name: "Access key ID" }).fill("test");
  await page.getByLabel("Secret access key").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Your authentication information is incorrect. Please try again.").first().waitFor();
  await page.getByLabel("Secret access key").fill("test");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: /Queues/ }).first().waitFor();
  await fromMenu(page, page.getByRole("button", { name: /root @/ }).first(), { name: "Sign out" });
  await page.getByRole("heading", { name: "Sign in" }).waitFor();

  // A user with a password to change.
  await go(`/signin?account=${account}&userName=ann`);
  await page.getByLabel("Password", { exact: true }).fill("not-the-password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Your authentication information is incorrect. Please try again.").first().waitFor();
  await page.getByLabel("Password", { exact: true }).fill("First-password-1");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("New password").fill("Second-password-2");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Console home" }).waitFor();

  // What she may not see says so, in AWS's words; what the role may is there after the switch.
  await go("/sqs/queues");
  await page.getByText(/not authorized to perform: sqs:ListQueues/i).first().waitFor();
  await go("/switchrole?account=somebody-else&roleName=queues");
  await page.getByRole("button", { name: "Switch role", exact: true }).click();
  await page.getByText(/^somebody-else is neither a 12-digit account ID nor the alias of your account/).waitFor();
  await page.getByRole("textbox", { name: "Account ID or alias" }).fill("workshop");
  await page.getByRole("button", { name: "Switch role", exact: true }).click();
  await page.getByRole("heading", { name: "Console home" }).waitFor();
  await go("/sqs/queues");
  await page.getByText("No queues").first().waitFor();
  await fromMenu(page, page.getByRole("button", { name: /queues\/ann @/ }).first(), { name: "Switch back to ann" });
  await page.getByText(/not authorized to perform: sqs:ListQueues/i).first().waitFor();

  // Both sign-ins, and the failures, are in the event history.
  const { Events = [] } = await new CloudTrailClient(settings).send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "ConsoleLogin" }] }));
  const said = Events.map(({ CloudTrailEvent = "{}" }) => JSON.parse(CloudTrailEvent).responseElements?.ConsoleLogin);
  assert.ok(said.filter((one) => one === "Failure").length >= 2, JSON.stringify(said));
  assert.ok(said.filter((one) => one === "Success").length >= 2, JSON.stringify(said));

  // A window of its own is a session of its own: nobody is signed in there.
  const other = await openWindow(browser, endpoint);
  await other.go("/");
  await other.page.getByRole("heading", { name: "Sign in" }).waitFor();
  problems.push(...other.problems);
  await other.context.close();

  // Who is deleted is signed out.
  await iam.send(new DeleteLoginProfileCommand({ UserName: "ann" }));
  await iam.send(new DeleteUserPolicyCommand({ UserName: "ann", PolicyName: "p" }));
  await iam.send(new DeleteUserCommand({ UserName: "ann" }));
  await page.getByRole("heading", { name: "Sign in" }).waitFor({ timeout: 40_000 });
}
