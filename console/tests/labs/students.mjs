// A class of two on one server: a window each, the same lab at the same time, and nothing of the one to be seen by the other; the teacher sees both.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Sha256 } from "@aws-crypto/sha256-js";
import { HttpRequest } from "@smithy/protocol-http";
import { SignatureV4 } from "@smithy/signature-v4";
import { signInAsUser } from "../browser.mjs";
import { TITLE } from "./remediation.mjs";
import { button, choose, confirmSubscription, createStack, credentialsShown, download, link, PATIENCE, studentWindow, submit, tab, visit } from "./steps.mjs";

const LAB = "remediate-with-config";
const ROSTER = `student,name,email\nann,"Lee, Ann",ann@example.org\nbob,Bob Ray,bob@example.org\n`;
const DENIED = /AccessDenied/;

export async function run({ browser, endpoint, shot, page: desk }) {
  const credentials = await makeClass(desk);
  await shot("1-class", desk);
  const [ann, bob] = await Promise.all(["ann", "bob"].map(async (name) => {
    const own = credentials.find(({ student }) => student === name);
    return { name, own, ...(await studentWindow(browser, endpoint, own)) };
  }));
  try {
    assert.notEqual(ann.own.account, bob.own.account);
    await Promise.all([seesOneAttempt(ann), seesOneAttempt(bob)]);

    // The same names at the same time: stack, roles, function, topic.
    [ann.stack, bob.stack] = await Promise.all([ann, bob].map((one) => makeStack(one)));
    await Promise.all([ann, bob].map((one) => shot(`2-stack-of-${one.name}`, one.page)));
    for (const [one, other] of [[ann, bob], [bob, ann]]) {
      assert.match(one.stack.FunctionArn, new RegExp(`:${one.own.account}:`));
      assert.notEqual(one.stack.GroupId, other.stack.GroupId);
      assert.equal(one.stack.FunctionName, other.stack.FunctionName);
    }
    await confirmSubscription(ann.page);

    // Both submit at the same time.
    assert.deepEqual(await Promise.all([submit(ann.page, 1), submit(bob.page, 1)]), ["12 of 100 points", "6 of 100 points"]);
    await mayNotLook(ann, bob, endpoint);
    await shot("3-ann-is-denied", ann.page);
    await mayNotLook(bob, ann, endpoint);

    await results(desk);
    await shot("4-results", desk);
    await reset({ browser, endpoint, desk, ann, bob, shot });
    for (const { problems } of [ann, bob]) assert.deepEqual(problems, []);
  } catch (error) {
    await Promise.all([ann, bob].map((one) => shot(`failed-${one.name}`, one.page).catch(() => {})));
    throw error;
  } finally {
    await Promise.all([ann.context.close(), bob.context.close()]);
  }
}

/** The teacher makes it from a roster; the credentials come as a file, this once. */
async function makeClass(page) {
  await visit(page, "Labs", "Classes");
  await button(page, "Create class").click();
  const form = page.getByRole("dialog");
  await choose(page, "Lab", TITLE);
  await form.getByRole("textbox", { name: "Class name" }).fill("spring-2027");
  await form.getByRole("textbox", { name: "Roster" }).fill(ROSTER);
  const file = await saved(page, () => form.getByRole("button", { name: "Create class" }).click());
  assert.equal(file.name, "spring-2027-credentials.csv");
  await link(page, "spring-2027").waitFor();
  await page.getByRole("row", { name: /^spring-2027 / }).getByRole("gridcell", { name: "2", exact: true }).waitFor();
  return table(file.text).map((row) => ({
    student: row.student, account: row.account, userName: row.user, password: row.password,
    keys: { accessKeyId: row["access key id"], secretAccessKey: row["secret access key"] },
  }));
}

async function saved(page, act) {
  const [file] = await Promise.all([page.waitForEvent("download"), act()]);
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
}

/** CSV with a line of names; a comma within quotation marks is part of the field. */
function table(text) {
  const [names, ...lines] = text.trim().split(/\r?\n/).map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain));
  return lines.map((fields) => Object.fromEntries(names.map((name, at) => [name, fields[at]])));
}

async function seesOneAttempt({ page, name, own }) {
  await visit(page, "Labs");
  await link(page, TITLE).waitFor();
  assert.equal(await page.getByRole("button", { name: /^Start lab/ }).count(), 0, "a student starts no labs");
  await visit(page, "Labs", "Attempts");
  await page.getByRole("gridcell", { name: own.account, exact: true }).waitFor();
  await page.getByRole("heading", { name: "Attempts (1)" }).waitFor();
  await page.getByRole("row", { name: new RegExp(`^${name} `) }).waitFor();
}

async function makeStack({ page, name }) {
  const stack = await createStack(page, {
    name: "storefront-watch", template: await download(page, "template.yaml"), parameters: { Team: "blue", NotifyAddress: `${name}@example.org` },
  });
  await visit(page, "CloudFormation");
  await page.getByRole("heading", { name: "Stacks (1)" }).waitFor();
  return stack;
}

/** Neither by pages, whose addresses can be guessed, nor by requests that are signed with one's own keys. */
async function mayNotLook(one, other, endpoint) {
  const { page, go, own } = one;
  for (const path of [`/labs/attempts/${other.own.account}`, `/labs/attempts/${other.own.account}/submissions/1`, `/labs/classes/${LAB}/spring-2027`]) {
    await go(path);
    await page.getByText(DENIED).first().waitFor();
    assert.equal(await page.getByText("of 100 points").count(), 0, path);
  }
  await go(`/vpc/security-groups/${other.stack.GroupId}`);
  await page.getByText(`There is no security group ${other.stack.GroupId} in this Region.`).waitFor();

  const ask = asker(endpoint, own.keys);
  const attempt = `/_cloudchamber/labs/attempts/${other.own.account}`;
  for (const path of ["", "/details", "/submissions", "/submissions/1", "/submissions/latest", "/submissions/latest/report.html"]) await isDenied(ask, "GET", attempt + path);
  for (const path of ["/check", "/submit", "/reset", "/credentials"]) await isDenied(ask, "POST", attempt + path);
  await isDenied(ask, "POST", `/_cloudchamber/labs/attempts/${own.account}/credentials`);
  await isDenied(ask, "POST", `/_cloudchamber/labs/${LAB}/start`);
  await isDenied(ask, "GET", "/_cloudchamber/labs/secure-file-pipeline");
  await isDenied(ask, "GET", "/_cloudchamber/labs/classes");
  await isDenied(ask, "GET", `/_cloudchamber/labs/${LAB}/classes/spring-2027`);
  await isDenied(ask, "POST", `/_cloudchamber/labs/${LAB}/classes`, { class: "mine", roster: ROSTER });
  const { labs, teacher } = JSON.parse((await ask("GET", "/_cloudchamber/labs")).text);
  assert.deepEqual([teacher, labs.length, labs[0].attempt.account], [false, 1, own.account]);

  // Mail: one's own only, and that of others is as if it were not there.
  const mailOf = async (keys) => {
    const { status, text } = await asker(endpoint, keys)("GET", "/_cloudchamber/mail");
    assert.equal(status, 200, text);
    return JSON.parse(text).messages;
  };
  const [mine, theirs] = [await mailOf(own.keys), await mailOf(other.own.keys)];
  assert.ok(mine.length > 0 && theirs.length > 0);
  assert.ok(mine.every(({ to }) => to === `${one.name}@example.org`), JSON.stringify(mine));
  assert.equal((await ask("GET", `/_cloudchamber/mail/${theirs[0].id}`)).status, 404);
  await go(`/mail/inbox/${theirs[0].id}`);
  await page.getByText("There is no such message.").first().waitFor();
  // A script of the page without a signature is nobody, whoever is signed in.
  for (const path of ["/_cloudchamber/mail", "/_cloudchamber/labs/attempts", attempt]) {
    const status = await page.evaluate(async (asked) => (await fetch(asked)).status, path);
    assert.ok(status === 401 || status === 403, `${path}: ${status}`);
  }
}

async function isDenied(ask, method, path, body) {
  const { status, text } = await ask(method, path, body);
  assert.equal(status, 403, `${method} ${path}: ${status} ${text}`);
  assert.equal(JSON.parse(text).code, "AccessDenied", `${method} ${path}`);
}

/** As the console's signedFetch. */
function asker(endpoint, credentials) {
  const signer = new SignatureV4({ service: "sts", region: "us-east-1", credentials, sha256: Sha256 });
  const { host, hostname, port } = new URL(endpoint);
  return async (method, path, content) => {
    const body = method === "GET" ? undefined : JSON.stringify(content ?? {});
    const request = new HttpRequest({ method, protocol: "http:", hostname, port: Number(port), path, headers: { host, ...(body !== undefined && { "content-type": "application/json" }) }, body });
    const { headers: { host: _, ...headers } } = await signer.sign(request);
    const response = await fetch(endpoint + path, { method, headers, body });
    return { status: response.status, text: await response.text() };
  };
}

/** The teacher's list of the class, and its file. */
async function results(page) {
  await visit(page, "Labs", "Classes");
  await page.getByRole("row", { name: /^spring-2027 / }).getByRole("gridcell", { name: "2", exact: true }).nth(1).waitFor();
  await link(page, "spring-2027").click();
  await page.getByRole("row", { name: /^ann / }).getByText("12 of 100").first().waitFor();
  await page.getByRole("row", { name: /^bob / }).getByText("6 of 100", { exact: true }).first().waitFor();
  const file = await saved(page, () => button(page, "Download results (CSV)").click());
  assert.equal(file.name, "spring-2027-results.csv");
  assert.deepEqual(
    table(file.text).map((row) => [row.student, row.name, row.submissions, row.best, row.of]),
    [["ann", "Lee, Ann", "1", "12", "100"], ["bob", "Bob Ray", "1", "6", "100"]],
  );
}

/** Bob's work begins again: his window is signed out, what he had is gone, and Ann notices nothing. */
async function reset({ browser, endpoint, desk, ann, bob, shot }) {
  await bob.go("/cloudformation/stacks");
  await link(bob.page, "storefront-watch").waitFor();
  await link(desk, "bob").click();
  await button(desk, "Reset lab").click();
  const question = desk.getByRole("dialog");
  await question.getByRole("textbox", { name: "To confirm, type reset" }).fill("reset");
  await question.getByRole("button", { name: "Reset", exact: true }).click();
  const fresh = await credentialsShown(desk);
  await shot("5-reset", desk);
  assert.notEqual(fresh.account, bob.own.account);
  await bob.page.getByRole("heading", { name: "Sign in" }).waitFor({ timeout: PATIENCE });
  await shot("6-bob-is-signed-out", bob.page);

  // The old way in is closed, by password and by key.
  await bob.go(`/signin?account=${bob.own.account}&userName=${bob.own.userName}`);
  await bob.page.getByLabel("Password", { exact: true }).fill(bob.own.password);
  await button(bob.page, "Sign in").click();
  await bob.page.getByText("Your authentication information is incorrect. Please try again.").first().waitFor();
  const old = await asker(endpoint, bob.own.keys)("GET", "/_cloudchamber/labs/attempts");
  assert.equal(old.status, 403, old.text);

  await signInAsUser(bob, fresh);
  await visit(bob.page, "CloudFormation");
  await bob.page.getByText("No stacks. Create one from a template.").waitFor();
  await visit(bob.page, "Labs", "Attempts");
  await bob.page.getByRole("gridcell", { name: fresh.account, exact: true }).waitFor();
  // Ann is still there.
  await visit(ann.page, "CloudFormation");
  await link(ann.page, "storefront-watch").click();
  await tab(ann.page, "Stack info").waitFor();
}
