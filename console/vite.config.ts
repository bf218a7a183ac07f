import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Served by the binary under /console/; in development (`npm run dev`) everything else is passed on to a running cloud.
const cloud = process.env["CLOUDCHAMBER_ENDPOINT"] ?? "http://127.0.0.1:4566";

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  build: { target: "es2022", sourcemap: false, assetsInlineLimit: 0, reportCompressedSize: false, chunkSizeWarningLimit: 2000 },
  server: { proxy: { "^/(?!console/)": { target: cloud } } },
});
