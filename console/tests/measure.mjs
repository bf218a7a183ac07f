// How large the first page is, and how long until somebody can use it: measured and printed, never asserted. `cargo xtask bench` runs it.
import { openWindow } from "./browser.mjs";

const ROUNDS = 5;

export const signedIn = false;

export async function run({ browser, endpoint }) {
  const times = [];
  let bytes = 0;
  let requests = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const window = await openWindow(browser, endpoint);
    bytes = 0;
    requests = 0;
    const session = await window.context.newCDPSession(window.page);
    await session.send("Network.enable");
    session.on("Network.loadingFinished", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
      requests += 1;
    });
    const start = performance.now();
    await window.page.goto(`${endpoint}/console/`, { waitUntil: "commit" });
    // The button takes clicks only once the page's code runs.
    await window.page.getByRole("button", { name: "Sign in" }).click({ trial: true });
    times.push(performance.now() - start);
    await window.context.close();
  }
  times.sort((a, b) => a - b);
  console.log(`console: first page ${Math.round(bytes / 1024)} KiB in ${requests} answers, usable after ${Math.round(times[ROUNDS >> 1])} ms (median of ${ROUNDS} empty caches; ${times.map(Math.round).join(", ")})`);
}
