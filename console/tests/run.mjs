// node run.mjs pages/s3 : runs a script of this folder against a cloud of its own, as the root of the first account.
// Screenshots of failures are left in CLOUDCHAMBER_ARTIFACTS (target/browser where it is not set). CLOUDCHAMBER_CONSOLE names a folder with another build of the pages.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { launch, openWindow, signInAsRoot } from "./browser.mjs";
import { startCloud } from "./cloud.mjs";

const artifacts = process.env.CLOUDCHAMBER_ARTIFACTS ?? resolve(import.meta.dirname, "../../target/browser");
const names = process.argv.slice(2);
if (names.length === 0) throw new Error("which script? such as pages/s3");

for (const name of names) {
  const script = await import(`./${name}.mjs`);
  const cloud = await startCloud({ flags: script.flags ?? [] });
  const browser = await launch();
  const window = await openWindow(browser, cloud.endpoint);
  const folder = join(artifacts, name);
  mkdirSync(folder, { recursive: true });
  const shot = (label, page = window.page) => page.screenshot({ path: join(folder, `${label}.png`), fullPage: true });
  try {
    if (script.signedIn !== false) await signInAsRoot(window);
    await script.run({ ...window, browser, cloud, shot });
    if (window.problems.length > 0) throw new Error(window.problems.join("\n"));
    console.log(`${name}: passed in ${Math.round(performance.now() / 1000)} s`);
  } catch (error) {
    await shot("failed").catch(() => {});
    console.log(`${name}: failed; see ${folder}\n${error.stack}\n--- the server's log (end)\n${cloud.log().slice(-4000)}`);
    process.exitCode = 1;
  } finally {
    await browser.close();
    await cloud.stop();
  }
}
