// Pictures of the console's pages, light and dark, with a lab's resources in them: `cargo xtask screenshots` puts them into docs/screenshots.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { openWindow, settled, signInAsRoot, signInAsUser } from "./browser.mjs";
import { beginLab } from "./labs/steps.mjs";
import { furnish } from "./screenshots/furniture.mjs";
import { pagesOf } from "./screenshots/pages.mjs";

const FORM = { type: "jpeg", quality: 60 };

export async function run({ browser, endpoint, page, go }) {
  const folder = process.env.CLOUDCHAMBER_SCREENSHOTS ?? resolve(import.meta.dirname, "../../docs/screenshots");
  const pages = pagesOf(await furnish(endpoint));
  const student = await beginLab({ page, go }, { title: "Remediate an incident with AWS Config and Lambda", student: "ann" });
  for (const mode of ["light", "dark"]) {
    const window = await openWindow(browser, endpoint, { dark: mode === "dark", viewport: { width: 1280, height: 800 } });
    mkdirSync(join(folder, mode), { recursive: true });
    const picture = async (name) => {
      await settled(window.page);
      await window.page.screenshot({ ...FORM, path: join(folder, mode, `${name}.jpg`) });
    };
    await window.go("/");
    await window.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await picture("sign-in");
    await signInAsRoot(window);
    for (const [name, path] of Object.entries(pages)) {
      await window.go(path);
      await picture(name);
    }
    await window.context.clearCookies();
    await window.page.evaluate(() => sessionStorage.clear());
    await window.page.setViewportSize({ width: 1600, height: 900 });
    await signInAsUser(window, student);
    await window.go("/cloudformation/create-stack");
    await picture("lab");
    if (window.problems.length > 0) throw new Error(window.problems.join("\n"));
    await window.context.close();
  }
}
