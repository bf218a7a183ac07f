import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const entry = new URL("src/main.tsx", import.meta.url).pathname;

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

// What the first page needs is one file: everything that the entry imports, and not only when a page is opened. In many files (what two pages share is one of
// its own, and Cloudscape has hundreds) a browser waits for one turn after another.
function firstPage() {
  let needed: Set<string> | undefined;
  return (id: string, modules: Modules): string | null => {
    needed ??= reached(entry, modules);
    return needed.has(id) ? "first" : null;
  };
}

function reached(from: string, modules: Modules): Set<string> {
  const found = new Set([from]);
  for (const id of found) for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  return found;
}

// The names of the design tokens end in a hash that differs between the released packages of tokens and of components (each would stay at its light value):
// those of the components are the ones that are set.
const tokens = new URL("node_modules/@cloudscape-design/components/internal/generated/styles/tokens.js", import.meta.url).pathname;

// Served by the binary under /console/; in development (`npm run dev`) everything else is passed on to a running cloud.
const cloud = process.env["CLOUDCHAMBER_ENDPOINT"] ?? "http://127.0.0.1:4566";

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  resolve: { alias: { "@cloudscape-design/design-tokens": tokens } },
  build: {
    target: "es2022", sourcemap: false, assetsInlineLimit: 0, reportCompressedSize: false, chunkSizeWarningLimit: 2000,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: firstPage(), debugName: "first" }] } } },
  },
  server: { proxy: { "^/(?!console/)": { target: cloud } } },
});
