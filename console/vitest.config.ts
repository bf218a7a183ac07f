import { defineConfig } from "vitest/config";

// Tests of what needs no browser; the pages are clicked through in Chromium (tests/).
export default defineConfig({
  test: {
    include: ["src/**/*.test.{ts,tsx}"],
    environment: "node",
    // None waits for anything; on a machine that is busy all the same.
    testTimeout: 60_000,
    // West of Greenwich, in a zone with summer time: what takes the local time for UTC fails here.
    env: { TZ: "America/New_York" },
    // Cloudscape's modules import style sheets, which node by itself does not read.
    server: { deps: { inline: [/@cloudscape-design\//] } },
  },
});
