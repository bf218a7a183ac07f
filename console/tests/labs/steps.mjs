// What the labs' click-throughs do alike: begin a lab as the teacher, sign in as its student, find one's way, fill in forms, submit, and read the grade.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { openWindow, signInAsUser, writeCode } from "../browser.mjs";

const WIDE = { width: 1760, height: 1000 };
/** For what the cloud does by itself, on a machine that does a lot besides. */
export const PATIENCE = 90_000;

/** The teacher begins a lab on the Labs page; answers the student's credentials as the page shows them, this once. */
export async function beginLab({ page }, { title, student }) {
  await visit(page, "Labs");
  await button(page, `Start lab ${title}`).click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: "Student" }).fill(student);
  await form.getByRole("button", { name: "Start lab" }).click();
  const credentials = await credentialsShown(page);
  await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).click();
  return credentials;
}

/** A student's way in, as the page shows it this once. */
export async function credentialsShown(page) {
  const dialog = page.getByRole("dialog", { name: "The lab's account is ready" });
  await dialog.waitFor();
  const credentials = { account: await shown(dialog, "Account"), userName: await shown(dialog, "User name"), password: await shown(dialog, "Password") };
  assert.match(credentials.account, /^\d{12}$/);
  return credentials;
}

/** The value that stands under a label, such as a key's ARN. */
export async function shown(page, label) {
  const term = page.locator("dt").filter({ hasText: new RegExp(`^${label}$`) });
  return (await term.locator("xpath=following-sibling::dd[1]").first().innerText()).trim();
}

/** The student's window: a browser of his own, signed in by the link and the password, with the guide beside the pages. */
export async function studentWindow(browser, endpoint, credentials) {
  const window = await openWindow(browser, endpoint, { viewport: WIDE });
  await signInAsUser(window, credentials);
  await window.page.getByRole("tab", { name: "Guide" }).waitFor();
  return window;
}

export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const tab = (page, name) => page.getByRole("tab", { name, exact: true });
export const link = (page, name) => page.getByRole("link", { name, exact: true });

/** The page, not the guide beside it, says so sooner or later; nobody presses refresh. */
export async function says(page, text, options) {
  await page.getByText(text, options).and(page.locator(":not(aside *)")).first().waitFor({ timeout: PATIENCE });
}

/** To a service by the search above the page, and on by the links at the left. */
export async function visit(page, service, ...links) {
  await page.getByRole("combobox", { name: "Search services and resources" }).fill(service);
  await page.getByRole("option", { name: new RegExp(`^${service}\\b`) }).first().click();
  for (const name of links) await page.getByRole("navigation").getByRole("link", { name, exact: true }).first().click();
}

/** A file of the lab, downloaded as the guide says. */
export async function download(page, name) {
  await tab(page, "Guide").click();
  const saving = page.waitForEvent("download");
  await button(page, `Download ${name}`).click();
  const path = await (await saving).path();
  return { name, mimeType: "application/yaml", buffer: readFileSync(path) };
}

/** "Create stack" by the wizard, until it is complete; answers its outputs. */
export async function createStack(page, { name, template, parameters = {} }) {
  await visit(page, "CloudFormation");
  await button(page, "Create stack").click();
  await page.getByRole("menuitem", { name: "With new resources (standard)" }).click();
  await chooseTemplate(page, template);
  await page.getByRole("textbox", { name: "Stack name" }).fill(name);
  await fillParameters(page, parameters);
  await toReview(page, /IAM resources/);
  await button(page, "Submit").last().click();
  await page.getByRole("heading", { name, level: 1, exact: true }).waitFor();
  await stackIs(page, "CREATE_COMPLETE");
  return outputs(page);
}

/** The wizard's first page, with a file. */
export async function chooseTemplate(page, template) {
  await page.locator('input[type="file"]').setInputFiles(template);
  // Read, and shown in the editor.
  await page.locator(".ace_text-input").waitFor({ state: "attached" });
  await button(page, "Next").click();
  await page.getByRole("heading", { name: "Specify stack details" }).first().waitFor();
}

export async function fillParameters(page, parameters) {
  for (const [key, value] of Object.entries(parameters)) await page.getByRole("textbox", { name: key, exact: true }).fill(value);
}

/** From the parameters by the options, where what the template demands is acknowledged, to the review. */
export async function toReview(page, acknowledgement) {
  await button(page, "Next").click();
  await page.getByRole("heading", { name: "Stack failure options" }).waitFor();
  await page.getByRole("checkbox", { name: acknowledgement }).check();
  await button(page, "Next").click();
  await page.getByRole("heading", { name: /^Review/, level: 1 }).waitFor();
}

/** Waits on the stack's page. */
export async function stackIs(page, status) {
  await tab(page, "Stack info").click();
  await page.getByRole("tabpanel", { name: "Stack info" }).getByText(status, { exact: true }).first().waitFor({ timeout: PATIENCE });
}

/** The first two columns of the tab "Outputs" of the stack that is open. */
export async function outputs(page) {
  await tab(page, "Outputs").click();
  return Object.fromEntries((await rows(page, "Outputs")).map(([key, value]) => [key, value]));
}

/** The text of a table, row by row, as it stands at one moment. */
export async function rows(page, table) {
  const grid = page.getByRole("grid", { name: table, exact: true });
  await grid.getByRole("gridcell").first().waitFor();
  return grid.evaluate((element) => [...element.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.innerText.trim())));
}

/** Chooses from a drop-down list by its label. */
export async function choose(page, label, option) {
  await page.locator("button[aria-haspopup]").and(page.getByLabel(label, { exact: true })).click();
  await page.getByRole("option", { name: option }).first().click();
}

/** Replaces what stands in the page's code editor (the first, where there are several). */
export const write = (page, text) => writeCode(page, typeof text === "string" ? text : JSON.stringify(text));

/** The e-mail subscription is confirmed by the mail's own button. */
export async function confirmSubscription(page) {
  await visit(page, "Mailbox");
  await link(page, "AWS Notification - Subscription Confirmation").first().click();
  await button(page, "Confirm subscription").click();
  await page.getByText("Subscription confirmed!").first().waitFor();
}

/** Submits in the drawer, for the how-manieth time, and answers the text of the grade, such as "100 of 100 points". */
export async function submit(page, number) {
  await tab(page, "Grade").click();
  const panel = page.getByRole("tabpanel", { name: "Grade" });
  await button(panel, "Submit").click();
  await panel.getByText(`Submission ${number}`, { exact: true }).waitFor({ timeout: 150_000 });
  return panel.getByText(/^\d+ of \d+ points$/).first().innerText();
}

/** Submits, and says what the report misses where that are not all points. */
export async function submitForFullMarks(page, number) {
  const grade = await submit(page, number);
  assert.equal(grade, "100 of 100 points", await page.getByRole("tabpanel", { name: "Grade" }).innerText());
}
