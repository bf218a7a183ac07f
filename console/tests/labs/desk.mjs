// The teacher's desk, and a student's: credentials made anew, the lab's console opened, the guide closed and shown again, checking without submitting, and reports as files.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { signInAsUser } from "../browser.mjs";
import { TITLE } from "./remediation.mjs";
import { beginLab, button, credentialsShown, link, PATIENCE, shown, studentWindow, submit, tab, visit } from "./steps.mjs";

export async function run({ browser, endpoint, page, go }) {
  const first = await beginLab({ page, go }, { title: TITLE, student: "dora" });
  const dora = await studentWindow(browser, endpoint, first);
  try {
    await guide(dora.page);
    await grading(dora.page);
    await renewed({ page, dora, first, endpoint });
    assert.deepEqual(dora.problems, []);
  } finally {
    await dora.context.close();
  }
}

/** Beside every page unless it is closed; the Labs page shows it again. */
async function guide(page) {
  await page.getByRole("button", { name: "Close the lab's guide" }).click();
  await tab(page, "Guide").waitFor({ state: "detached" });
  await visit(page, "Labs");
  await button(page, "Show the guide").click();
  await tab(page, "Guide").waitFor();
  await tab(page, "Details").click();
  await page.getByText("after Task 1", { exact: true }).first().waitFor();
  await button(page, "Read again").click();
  // The guide is a page of its own, too.
  await link(page, TITLE).click();
  await page.getByRole("heading", { name: TITLE, level: 1 }).waitFor();
}

/** A check records nothing; a submission can be read later, and kept as a file. */
async function grading(page) {
  await tab(page, "Grade").click();
  const panel = page.getByRole("tabpanel", { name: "Grade" });
  await button(panel, "Check my work").click();
  await panel.getByText(/^0 of 100 points$/).first().waitFor({ timeout: PATIENCE });
  assert.equal(await panel.getByText("Submission 1", { exact: true }).count(), 0);
  assert.equal(await submit(page, 1), "0 of 100 points");
  await visit(page, "Labs");
  await button(page, "Grades").click();
  await link(page, "Submission 1").click();
  await page.getByRole("heading", { name: "Submission 1", level: 1 }).waitFor();
  const saved = async (name) => {
    const [file] = await Promise.all([page.waitForEvent("download"), button(page, name).click()]);
    return [file.suggestedFilename(), readFileSync(await file.path(), "utf8")];
  };
  const [name, text] = await saved("Download JSON");
  const report = JSON.parse(text);
  assert.match(name, /^report-\d{12}-1\.json$/);
  assert.deepEqual([report.student, report.number, report.points, report.of], ["dora", 1, 0, 100]);
  const [page_, html] = await saved("Download HTML");
  assert.match(page_, /\.html$/);
  assert.match(html, /<html/i);
}

/** New credentials close the old ways in; with them the teacher can look into the lab's console, here. */
async function renewed({ page, dora, first, endpoint }) {
  await visit(page, "Labs", "Attempts");
  await link(page, "dora").click();
  await button(page, "New credentials").click();
  const fresh = await credentialsShown(page);
  const keys = { accessKeyId: await shown(page.getByRole("dialog"), "Access key ID"), secretAccessKey: await shown(page.getByRole("dialog"), "Secret access key") };
  assert.deepEqual([fresh.account, fresh.userName], [first.account, first.userName]);
  assert.notEqual(fresh.password, first.password);
  const { Account } = await new STSClient({ endpoint, region: "us-east-1", credentials: keys }).send(new GetCallerIdentityCommand({}));
  assert.equal(Account, first.account);
  await button(page, "Open the lab's console here").click();
  await page.getByRole("button", { name: `${first.userName} @ ${first.account.replace(/^(\d{4})(\d{4})(\d{4})$/, "$1-$2-$3")}` }).first().waitFor();
  await tab(page, "Guide").waitFor();

  await dora.go(`/signin?account=${first.account}&userName=${first.userName}`);
  await dora.page.evaluate(() => sessionStorage.clear());
  await dora.go(`/signin?account=${first.account}&userName=${first.userName}`);
  await dora.page.getByLabel("Password", { exact: true }).fill(first.password);
  await button(dora.page, "Sign in").click();
  await dora.page.getByText("Your authentication information is incorrect. Please try again.").first().waitFor();
  await signInAsUser(dora, fresh);
}
