// The lab "Remediate an incident with AWS Config and Lambda", done by clicking, from the teacher's "Start lab" to full marks.
import assert from "node:assert/strict";
import { beginLab, choose, createStack, download, studentWindow, submit } from "./steps.mjs";

export const TITLE = "Remediate an incident with AWS Config and Lambda";

export async function run({ browser, endpoint, shot, ...teacher }) {
  const credentials = await beginLab(teacher, { title: TITLE, student: "ann" });
  const window = await studentWindow(browser, endpoint, credentials);
  const { page } = window;
  try {
    // The untouched start earns nothing, and says what to do.
    assert.equal(await submit(page), "0 of 100 points");
    await page.getByText(/Task 1 creates it/).first().waitFor();

    const stack = await createStack(window, {
      name: "storefront-watch", template: await download(page, "template.yaml"), parameters: { Team: "blue", NotifyAddress: "ann@example.org" },
    });
    await shot("remediation-1-stack", page);
    if (process.env.NOMAIL !== "1") await confirmMail(window);
    await shot("remediation-2-mail", page);
    await setUpConfig(window);
    await shot("remediation-3-inventory", page);
    await incident(window, stack.GroupId);
    await shot("remediation-4-incident", page);
    await rule(window, stack.FunctionArn, stack.GroupId);
    await shot("remediation-5-rule", page);
    await evidence(window, stack);
    await shot("remediation-6-evidence", page);
    assert.equal(await submit(page), "100 of 100 points", await page.locator("main").innerText());
    await shot("remediation-7-grade", page);

    // The teacher sees both submissions without asking again.
    await teacher.go("/labs/attempts");
    await teacher.page.getByRole("row", { name: /ann/ }).getByText("100 of 100").waitFor();
    window.problems.forEach((problem) => assert.fail(problem));
  } catch (error) {
    await shot("failed-student", page).catch(() => {});
    throw error;
  } finally {
    await window.context.close();
  }
}

async function confirmMail({ page, go }) {
  await go("/mail");
  await page.getByText("AWS Notification - Subscription Confirmation").first().click();
  await page.getByRole("button", { name: "Confirm subscription" }).click();
  await page.getByText(/confirmed/i).first().waitFor();
}

async function setUpConfig({ page, go }) {
  await go("/config");
  await page.getByRole("button", { name: "Get started" }).click();
  await page.getByRole("radio", { name: "Specific resource types" }).check();
  await choose(page, "Resource type", "AWS EC2 SecurityGroup");
  await page.getByRole("radio", { name: "Choose a role from your account" }).check();
  await choose(page, "Existing roles", /recorder-role$/);
  await page.getByRole("checkbox", { name: /Stream configuration changes and notifications/ }).check();
  await page.getByRole("radio", { name: "Choose a topic from your account" }).check();
  await choose(page, "SNS topic name", /-changes$/);
  for (const _ of [1, 2]) await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("button", { name: "Confirm", exact: true }).click();
  await page.getByText("Recording is on").first().waitFor();
  await page.getByRole("link", { name: "Resources", exact: true }).click();
  await page.getByRole("gridcell", { name: "AWS EC2 SecurityGroup" }).nth(2).waitFor();
}

async function incident({ page, go }, group) {
  await go(`/vpc/security-groups/${group}`);
  await page.getByRole("button", { name: "Edit inbound rules" }).click();
  for (const [index, type] of ["HTTPS", "SMTPS", "IMAPS"].entries()) {
    await page.getByRole("button", { name: "Add rule" }).click();
    await page.getByRole("button", { name: /^Type/ }).nth(index + 1).click();
    await page.getByRole("option", { name: new RegExp(`^${type}\\b`) }).click();
    await page.getByRole("button", { name: /^Source type/ }).nth(index + 1).click();
    await page.getByRole("option", { name: "Anywhere-IPv4" }).click();
  }
  await page.getByRole("button", { name: "Save rules" }).click();
  await page.getByText(/Inbound security group rules successfully modified/).first().waitFor();
}

async function rule({ page, go }, functionArn, group) {
  await go("/config/rules/add");
  await page.getByRole("radio", { name: "Create custom Lambda rule" }).check();
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("combobox", { name: "AWS Lambda function ARN" }).fill(functionArn);
  await page.keyboard.press("Escape");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("storefront-ports");
  await page.getByRole("radio", { name: "Resources" }).check();
  await choose(page, "Resource type", "AWS EC2 SecurityGroup");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Add another row" }).click();
  await page.getByRole("textbox", { name: "Key" }).fill("debug");
  await page.getByRole("textbox", { name: "Value" }).fill("true");
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("link", { name: "storefront-ports", exact: true }).click();
  await choose(page, "Compliance filter", /^All$/);
  // The function has run, judged all groups, and put them right: nobody presses refresh.
  await page.getByRole("row", { name: new RegExp(group) }).getByText("Compliant", { exact: true }).waitFor({ timeout: 60_000 });
  await go(`/vpc/security-groups/${group}`);
  await page.getByRole("gridcell", { name: "SMTPS" }).waitFor({ state: "detached" });
  await page.getByRole("gridcell", { name: "HTTPS" }).first().waitFor();
}

async function evidence({ page, go }, stack) {
  await go(`/cloudwatch/log-groups/${encodeURIComponent(`/aws/lambda/${stack.FunctionName}`)}/events`);
  await page.getByRole("searchbox", { name: "Filter events" }).fill('"revoking for"');
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.getByRole("gridcell", { name: new RegExp(`revoking for.*${stack.GroupId}`) }).first().waitFor();
  await go("/config/settings");
  await page.getByRole("tab", { name: "Customer managed recorder" }).click();
  await page.getByRole("button", { name: "Deliver snapshot" }).click();
  await page.getByText(/is being delivered/).first().waitFor();
}
