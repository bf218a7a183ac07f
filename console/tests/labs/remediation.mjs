// The lab "Remediate an incident with AWS Config and Lambda", done by clicking, from the teacher's "Start lab" to full marks.
import assert from "node:assert/strict";
import { beginLab, button, choose, confirmSubscription, createStack, download, link, PATIENCE, says, studentWindow, submit, submitForFullMarks, tab, visit } from "./steps.mjs";

export const TITLE = "Remediate an incident with AWS Config and Lambda";

export async function run({ browser, endpoint, shot, ...teacher }) {
  const credentials = await beginLab(teacher, { title: TITLE, student: "ann" });
  const window = await studentWindow(browser, endpoint, credentials);
  const { page } = window;
  try {
    // The untouched start earns nothing, and says what to do.
    assert.equal(await submit(page, 1), "0 of 100 points");
    await page.getByText(/Task 1 creates it/).first().waitFor();

    const stack = await createStack(page, {
      name: "storefront-watch", template: await download(page, "template.yaml"), parameters: { Team: "blue", NotifyAddress: "ann@example.org" },
    });
    await shot("task-1-stack", page);
    await confirmSubscription(page);
    await shot("task-2-subscription", page);
    await setUpConfig(page);
    await shot("task-3-inventory", page);
    await incident(page);
    await shot("task-4-incident", page);
    await rule(page, stack);
    await shot("task-5-rule", page);
    await closed(page);
    await shot("task-6-remediation", page);
    await evidence(page, stack);
    await shot("task-7-logs", page);
    await notifications(page, stack);
    await shot("task-8-notifications", page);
    await timeline(page, stack);
    await shot("task-9-timeline", page);
    await submitForFullMarks(page, 2);
    await shot("grade", page);

    // The teacher sees the best of both submissions without asking again.
    await visit(teacher.page, "Labs", "Attempts");
    await teacher.page.getByRole("row", { name: /^ann / }).getByText("100 of 100", { exact: true }).waitFor();
    window.problems.forEach((problem) => assert.fail(problem));
  } catch (error) {
    await shot("failed-student", page).catch(() => {});
    throw error;
  } finally {
    await window.context.close();
  }
}

async function setUpConfig(page) {
  await visit(page, "AWS Config");
  await button(page, "Get started").click();
  await page.getByRole("radio", { name: "Specific resource types" }).check();
  await choose(page, "Resource type", "AWS EC2 SecurityGroup");
  await page.getByRole("radio", { name: "Choose a role from your account" }).check();
  await choose(page, "Existing roles", /recorder-role/);
  await page.getByRole("radio", { name: "Create a bucket" }).check();
  await page.getByRole("checkbox", { name: /Stream configuration changes and notifications/ }).check();
  await page.getByRole("radio", { name: "Choose a topic from your account" }).check();
  await choose(page, "SNS topic name", /-changes\b/);
  await button(page, "Next").click();
  await page.getByRole("heading", { name: "AWS Managed Rules" }).waitFor();
  await button(page, "Next").click();
  await button(page, "Confirm").click();
  await says(page, "Recording is on");
  await page.getByRole("navigation").getByRole("link", { name: "Resources", exact: true }).first().click();
  // storefront, and the default groups of both networks.
  await page.getByRole("gridcell", { name: "AWS EC2 SecurityGroup" }).nth(2).waitFor({ timeout: PATIENCE });
}

/** The group of the network that was chosen above the navigation. */
async function openGroup(page) {
  await visit(page, "VPC");
  await choose(page, "Filter by VPC", /Storefront VPC/);
  await page.getByRole("navigation").getByRole("link", { name: "Security groups", exact: true }).first().click();
  await page.getByRole("row", { name: /\bstorefront\b/ }).getByRole("link", { name: /^sg-/ }).click();
  await button(page, "Edit inbound rules").waitFor();
}

async function incident(page) {
  await openGroup(page);
  await page.getByRole("gridcell", { name: "HTTP", exact: true }).first().waitFor();
  await button(page, "Edit inbound rules").click();
  for (const [index, type] of ["HTTPS", "SMTPS", "IMAPS"].entries()) {
    await button(page, "Add rule").click();
    await page.getByRole("button", { name: /^Type/ }).nth(index + 1).click();
    await page.getByRole("option", { name: new RegExp(`^${type}\\b`) }).click();
    await page.getByRole("button", { name: /^Source type/ }).nth(index + 1).click();
    await page.getByRole("option", { name: "Anywhere-IPv4" }).click();
  }
  await button(page, "Save rules").click();
  await page.getByText(/Inbound security group rules successfully modified/).first().waitFor();
  await page.getByRole("gridcell", { name: "IMAPS", exact: true }).first().waitFor();
}

async function rule(page, stack) {
  await visit(page, "AWS Config", "Rules");
  await button(page, "Add rule").click();
  await page.getByRole("radio", { name: "Create custom Lambda rule" }).check();
  await button(page, "Next").click();
  await page.getByRole("combobox", { name: "AWS Lambda function ARN" }).fill(stack.FunctionArn);
  await page.keyboard.press("Escape");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("storefront-ports");
  await page.getByRole("checkbox", { name: "When configuration changes" }).or(page.getByRole("radio", { name: "When configuration changes" })).check();
  await page.getByRole("radio", { name: "Resources" }).check();
  await choose(page, "Resource type", "AWS EC2 SecurityGroup");
  await page.keyboard.press("Escape");
  await button(page, "Add another row").click();
  await page.getByRole("textbox", { name: "Key" }).fill("debug");
  await page.getByRole("textbox", { name: "Value" }).fill("true");
  await button(page, "Next").click();
  await button(page, "Save").click();
  await link(page, "storefront-ports").click();
  await choose(page, "Compliance filter", /^All$/);
  // The function has run, judged all groups, and put them right: nobody presses refresh.
  await page.getByRole("row", { name: new RegExp(stack.GroupId) }).getByText("Compliant", { exact: true }).waitFor({ timeout: PATIENCE });
}

async function closed(page) {
  await openGroup(page);
  await page.getByRole("gridcell", { name: "HTTPS", exact: true }).first().waitFor();
  for (const type of ["SMTPS", "IMAPS"]) await page.getByRole("gridcell", { name: type, exact: true }).waitFor({ state: "detached", timeout: PATIENCE });
}

async function evidence(page, stack) {
  await visit(page, "CloudWatch", "Log groups");
  await link(page, `/aws/lambda/${stack.FunctionName}`).click();
  await button(page, "Search all log streams").click();
  await page.getByRole("searchbox", { name: "Filter events" }).fill('"revoking for"');
  await button(page, "Search").click();
  await page.getByRole("gridcell", { name: new RegExp(`revoking for.*${stack.GroupId}`) }).first().waitFor({ timeout: PATIENCE });
}

/** What changed, and what became of it: a mail for each. */
async function notifications(page, stack) {
  for (const [subject, kind] of [[`${stack.GroupId} Updated`, "ConfigurationItemChangeNotification"], [`${stack.GroupId} is COMPLIANT`, "ComplianceChangeNotification"]]) {
    await visit(page, "Mailbox");
    await page.getByRole("link", { name: new RegExp(subject) }).first().click({ timeout: PATIENCE });
    await says(page, kind);
  }
}

async function timeline(page, stack) {
  await visit(page, "AWS Config", "Resources");
  await link(page, stack.GroupId).first().click();
  await button(page, "Resource Timeline").click();
  await says(page, "Rule compliance: Compliant");
  await visit(page, "AWS Config", "Settings");
  await tab(page, "Customer managed recorder").click();
  await button(page, "Deliver snapshot").click();
  await page.getByText(/is being delivered/).first().waitFor();
}
