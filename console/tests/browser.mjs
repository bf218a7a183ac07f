// Chromium, as a person uses it. Anything that a page logs as an error of its own code fails the test.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const PLACES = [process.env.CLOUDCHAMBER_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function launch() {
  const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined) {
    throw new Error("There is no Chromium on this machine: `cargo xtask test` installs Debian's (apt-get install chromium), or CLOUDCHAMBER_CHROMIUM names another.");
  }
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ],
  });
}

/** A person's window: nothing of other windows is in it. `go` opens a page of the console. */
export async function openWindow(browser, endpoint, { dark = false, viewport = { width: 1440, height: 900 } } = {}) {
  const context = await browser.newContext({ viewport, colorScheme: dark ? "dark" : "light", acceptDownloads: true, reducedMotion: "reduce" });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: endpoint });
  if (process.env.CLOUDCHAMBER_CONSOLE !== undefined) await takeConsoleFrom(process.env.CLOUDCHAMBER_CONSOLE, context, endpoint);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const problems = [];
  page.on("pageerror", (error) => problems.push(`the page threw: ${error.message}`));
  page.on("console", (message) => {
    // Answers such as 403 and 404 are part of what is tested; the browser's note of them is not an error of the page.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) problems.push(`the page logged: ${message.text()}`);
  });
  const go = (path) => page.goto(`${endpoint}/console${path}`, { waitUntil: "load" });
  return { context, page, go, endpoint, problems };
}

/** The console of a folder (`vite build --outDir FOLDER`) in place of the server's: several people can try their pages at once. Without the server's security policy. */
async function takeConsoleFrom(folder, context, endpoint) {
  await context.route(`${endpoint}/console/**`, (route) => {
    const path = join(folder, new URL(route.request().url()).pathname.slice("/console/".length));
    return route.fulfill({ path: existsSync(path) && /\.\w+$/.test(path) ? path : join(folder, "index.html") });
  });
}

/** Signs in by the page: the first account's root. */
export async function signInAsRoot({ page, go }) {
  await go("/");
  await page.getByRole("tab", { name: "Root user" }).click();
  await page.getByRole("textbox", { name: "Access key ID" }).fill("test");
  await page.getByLabel("Secret access key").fill("test");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Console home" }).waitFor();
}

/** Signs in by the page: an IAM user. */
export async function signInAsUser({ page, go }, { account, userName, password }) {
  await go(`/signin?account=${account}&userName=${userName}`);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Console home" }).waitFor();
}

/** Replaces the text of the page's code editor (the first, where there are several). */
export async function writeCode(page, text) {
  await page.locator(".ace_text-input").first().focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

/** Until the page has a heading and nothing on it has changed for a while (milliseconds). */
export async function settled(page, quiet = 600) {
  await page.locator("main h1, main h2").first().waitFor();
  await page.evaluate((silence) => new Promise((resolve) => {
    let timer = setTimeout(resolve, silence);
    new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(resolve, silence);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  }), quiet);
}

/** Chooses an entry of a menu. A menu closes by itself where the page is laid out anew (something was read again): then it is opened once more. */
export async function fromMenu(page, menu, item) {
  const entry = page.getByRole("menuitem", item);
  for (let left = 5; ; left -= 1) {
    await menu.click();
    try {
      return await entry.click({ timeout: 2_000 });
    } catch (error) {
      if (left === 0) throw error;
      await page.keyboard.press("Escape");
    }
  }
}
