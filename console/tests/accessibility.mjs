// axe over every page of the console, in light and dark, with things to show on it, and over dialogs of each kind: nothing that WCAG 2.2 forbids at the levels A and AA.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { openWindow, settled, signInAsRoot, signInAsUser } from "./browser.mjs";
import { beginLab } from "./labs/steps.mjs";
import { furnish } from "./screenshots/furniture.mjs";
import { pagesOf } from "./screenshots/pages.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LEVELS = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] };
/** All that differs in the dark. */
const COLOURS = { type: "rule", values: ["color-contrast"] };
const QUIET = 300;

export const signedIn = false;

export async function run({ browser, endpoint }) {
  const made = await furnish(endpoint);
  const pages = Object.entries({ ...pagesOf(made), ...formsOf(made) });
  pages.push(...unseen(pages.map(([, path]) => path)));
  const halves = [0, 1].map((half) => pages.filter((_, at) => at % 2 === half));
  const found = await Promise.all([...halves.map((half) => checkPages(browser, endpoint, half)), checkOthers(browser, endpoint)]);
  const all = found.flat();
  if (all.length > 0) throw new Error(`${all.length} findings:\n${all.map(({ name, rule, html, why }) => `${name}: ${rule}: ${html.slice(0, 160)}: ${why}`).join("\n")}`);
}

/** Forms that are opened from pages, with something to edit. */
function formsOf(made) {
  const bucket = `/s3/buckets/${made.bucket}`;
  const object = `key=${encodeURIComponent("Grimms' Fairy Tales.txt")}`;
  const each = (path, ends) => Object.fromEntries(ends.map((end) => [`${path} ${end}`, `${path}${end}`]));
  return {
    ...each(`${bucket}/properties/`, ["versioning", "tags", "encryption", "logging", "eventbridge"]), ...each(`${bucket}/permissions/`, ["block-public-access", "policy", "ownership", "acl", "cors"]),
    ...each(`${bucket}/`, [`delete-objects?${object}`, `copy?${object}`, `move?${object}`]), ...each(`${bucket}/object/edit/`, [`tags?${object}`, `metadata?${object}`, `storage-class?${object}`, `encryption?${object}`]),
    ...each(`/vpc/network-acls/${made.acl}/`, ["inbound", "outbound"]), ...each(`/vpc/route-tables/${made.routes}/`, ["associations"]), ...each(`/vpc/security-groups/${made.group}/`, ["outbound"]),
    ...each(`/iam/roles/${made.role}?tab=`, ["trust_relationships", "tags", "access_advisor", "revoke_sessions"]), ...each("/iam/users/ann?tab=", ["groups", "security_credentials"]),
    ...each(`/iam/policies/${encodeURIComponent(made.policy)}?tab=`, ["entities", "versions"]), ...each("/systems-manager/parameters/%2Finbox%2Flimit/", ["edit"]),
  };
}

/** The routes of which no page is among those: what their parameters name is not there then, and the page says so. */
function unseen(paths) {
  const source = resolve(import.meta.dirname, "../src");
  const services = [...readdirSync(join(source, "services")).map((name) => join(source, "services", name, "service.ts")), join(source, "labs/service.ts")].filter((file) => !file.includes("/home/"));
  const routes = services.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    const id = /^ {2}id: "([^"]+)"/m.exec(text)[1];
    return [...text.matchAll(/\{ path: "([^"]*)", page\b/g)].map(([, path]) => `/${id}${path === "" ? "" : `/${path}`}`);
  });
  const known = paths.map((path) => path.split("?")[0]);
  return routes.filter((route) => !known.some((path) => new RegExp(`^${route.replace(/:\w+/g, "[^/]+")}$`).test(path))).map((route) => [route, route.replace(/:\w+/g, "none")]);
}

async function checkPages(browser, endpoint, pages) {
  const window = await openWindow(browser, endpoint);
  await signInAsRoot(window);
  const found = [];
  for (const [name, path] of pages) {
    await follow(window.page, path);
    found.push(...await findings(window.page, name));
  }
  return [...found, ...await left(window)];
}

/** As a link leads there, without loading the console anew. */
async function follow(page, path) {
  await page.evaluate((to) => {
    history.pushState({}, "", `/console${to}`);
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  }, path);
}

/** The sign-in, dialogs of each kind, and a lab's guide beside the page. */
async function checkOthers(browser, endpoint) {
  const window = await openWindow(browser, endpoint);
  const { page, go } = window;
  const button = (name) => page.getByRole("button", { name, exact: true });
  await go("/");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  const found = await findings(page, "sign-in");
  await page.getByRole("tab", { name: "IAM user" }).click();
  found.push(...await findings(page, "sign-in as a user"));
  await signInAsRoot(window);
  const dialogs = {
    "a form": ["/vpc/vpcs", () => button("Create VPC").click()],
    "a long form": ["/iam/account-settings", () => button("Edit password policy").click(), () => page.getByRole("radio", { name: /^Custom/ }).check()],
    "tags": ["/iam/users/ann?tab=tags", () => button("Manage tags").click(), () => button("Add new tag").click()],
    "a question": ["/config/settings", () => button("Stop recording").click()],
    "a question with a word to type": ["/config/settings", () => button("Delete recorder").click()],
    "a secret": ["/iam/users/ann?tab=security_credentials", () => button("Create access key").click()],
    "a failure": ["/iam/users/nobody", () => page.getByText(/NoSuchEntity/).first().waitFor()],
    "a menu": ["/vpc/vpcs", () => button("Actions").click()],
    "the search": ["/", () => page.getByRole("combobox", { name: "Search services and resources" }).fill("a")],
  };
  for (const [name, [path, ...acts]] of Object.entries(dialogs)) {
    await go(path);
    for (const act of acts) await act();
    found.push(...await findings(page, name));
  }
  const student = await beginLab(window, { title: "Remediate an incident with AWS Config and Lambda", student: "ann" });
  await page.evaluate(() => sessionStorage.clear());
  await page.setViewportSize({ width: 1600, height: 900 });
  await signInAsUser(window, student);
  for (const tab of ["Guide", "Details", "Grade"]) {
    await page.getByRole("tab", { name: tab, exact: true }).click();
    found.push(...await findings(page, `a lab's ${tab.toLowerCase()}`));
  }
  return [...found, ...await left(window)];
}

/** What axe finds on the page as it is, in light and in dark. */
async function findings(page, name) {
  await settled(page, QUIET);
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const light = await violations(page, LEVELS);
  await page.evaluate(() => document.body.classList.add("awsui-dark-mode"));
  const dark = await violations(page, COLOURS);
  await page.evaluate(() => document.body.classList.remove("awsui-dark-mode"));
  return [...light.map((one) => ({ name, ...one })), ...dark.map((one) => ({ name: `${name} in the dark`, ...one }))];
}

async function violations(page, runOnly) {
  const found = await page.evaluate(async (options) => (await globalThis.axe.run(document, options)).violations, { runOnly, resultTypes: ["violations"] });
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => ({ rule: id, html, why: failureSummary.replace(/\s+/g, " ") })));
}

async function left({ context, problems }) {
  await context.close();
  return problems.map((problem) => ({ name: "console", rule: "error", html: "", why: problem }));
}
