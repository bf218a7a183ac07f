// After vite: takes the fonts out of the style sheets, so that a page fetches only those that it shows, and compresses everything,
// so that the server sends bytes as they lie: FILE.br and FILE.gz beside each file that gains by it.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const SMALLEST = 1024;
const folder = new URL("../dist", import.meta.url).pathname;

function files() {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

for (const path of files().filter((path) => path.endsWith(".css"))) {
  const styles = readFileSync(path, "utf8");
  const lighter = styles.replace(/url\(["']?data:font\/woff2;base64,([^"')]+)["']?\)/g, (_, font) => {
    const bytes = Buffer.from(font, "base64");
    const name = `font-${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}.woff2`;
    writeFileSync(join(folder, "assets", name), bytes);
    return `url(./${name})`;
  });
  if (lighter !== styles) writeFileSync(path, lighter);
}

let all = 0;
for (const path of files()) {
  const plain = readFileSync(path);
  if (plain.length < SMALLEST || /\.(png|woff2)$/.test(path)) continue;
  const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }));
  all += brotli.length;
}
console.log(`compressed: ${Math.round(all / 1024)} KiB of brotli in all`);
