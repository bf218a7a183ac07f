// What both labs' click-throughs do alike: begin a lab as the teacher, sign in as its student, fill in forms, submit, and read the grade.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { openWindow, signInAsUser } from "../browser.mjs";

const WIDE = { width: 1760, height: 1000 };

/** The teacher begins a lab on the Labs page; answers the student's credentials as the page shows them, this once. */
export async function beginLab({ page, go }, { title, student }) {
  await go("/labs");
  await page.getByRole("button", { name: `Start lab ${title}` }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: "Student" }).fill(student);
  await form.getByRole("button", { name: "Start lab" }).click();
  await page.getByText("The lab's account is ready").waitFor();
  const shown = async (label) => (await page.locator(`dt:has-text("${label}") + dd`).first().innerText()).trim();
  const credentials = { account: await shown("Account"), userName: await shown("User name"), password: await shown("Password") };
  assert.match(credentials.account, /^\d{12}$/);
  await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).click();
  return credentials;
}

/** The student's window: a browser of his own, signed in by the link and the password, with the guide beside the pages. */
export async function studentWindow(browser, endpoint, credentials) {
  const window = await openWindow(browser, endpoint, { viewport: WIDE });
  await signInAsUser(window, credentials);
  await window.page.getByRole("tab", { name: "Guide" }).waitFor();
  return window;
}

/** A file of the lab, downloaded as the guide says. */
export async function download(page, name) {
  await page.getByRole("tab", { name: "Guide" }).click();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: `Download ${name}` }).click();
  const path = await (await saving).path();
  return { name, mimeType: "application/yaml", buffer: readFileSync(path) };
}

/** "Create stack" by the wizard, until it is complete; answers its outputs. */
export async function createStack({ page, go }, { name, template, parameters }) {
  await go("/cloudformation/stacks/create");
  await page.locator('input[type="file"]').setInputFiles(template);
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("textbox", { name: "Stack name" }).fill(name);
  for (const [key, value] of Object.entries(parameters)) await page.getByRole("textbox", { name: key, exact: true }).fill(value);
  for (const _ of [1, 2]) await page.getByRole("button", { name: "Next", exact: true }).click();
  for (const box of await page.getByRole("checkbox", { name: /I acknowledge/ }).all()) await box.check();
  await page.getByRole("button", { name: "Submit", exact: true }).last().click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
  await page.getByRole("tab", { name: "Stack info" }).click();
  await page.getByText("CREATE_COMPLETE", { exact: true }).first().waitFor({ timeout: 60_000 });
  return outputs({ page, go }, name);
}

export async function outputs({ page, go }, stack) {
  await go(`/cloudformation/stacks/${stack}?tab=outputs`);
  await page.getByRole("gridcell").first().waitFor();
  const rows = await page.getByRole("row").all();
  const cells = await Promise.all(rows.slice(1).map((row) => row.getByRole("gridcell").allInnerTexts()));
  return Object.fromEntries(cells.filter(([key]) => key !== undefined).map(([key, value]) => [key.trim(), value.trim()]));
}

/** Chooses from a drop-down list by its label. */
export async function choose(page, label, option) {
  await page.locator("button[aria-haspopup]").and(page.getByLabel(label, { exact: true })).click();
  await page.getByRole("option", { name: option }).first().click();
}

/** Submits in the drawer and answers the text of the grade, such as "100 of 100 points". */
export async function submit(page) {
  await page.getByRole("tab", { name: "Grade" }).click();
  await page.getByRole("button", { name: "Submit", exact: true }).last().click();
  const grade = page.getByText(/^\d+ of \d+ points$/).first();
  await page.getByText(/^Submission \d+$/).first().waitFor({ timeout: 90_000 });
  return grade.innerText();
}
