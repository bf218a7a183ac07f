// Compresses what was built, so that the server sends bytes as they lie: FILE.br and FILE.gz beside each file that gains by it.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const SMALLEST = 1024;
const folder = new URL("../dist", import.meta.url).pathname;
let first = 0;
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (!entry.isFile() || /\.(br|gz|png|woff2)$/.test(entry.name)) continue;
  const plain = readFileSync(path);
  if (plain.length < SMALLEST) continue;
  const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }));
  first += brotli.length;
}
console.log(`compressed: ${Math.round(first / 1024)} KiB of brotli in all`);
