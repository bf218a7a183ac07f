// A cloud of a test's own, in memory, at a free port.
import { spawn } from "node:child_process";

const PATIENCE = 30_000;

/** Starts the binary that CLOUDCHAMBER_BIN names; `stop` ends it. */
export async function startCloud({ flags = [] } = {}) {
  const binary = process.env.CLOUDCHAMBER_BIN;
  if (binary === undefined) throw new Error("CLOUDCHAMBER_BIN names the server to test");
  const child = spawn(binary, ["up", "--ephemeral", "--port", "0", ...flags], { stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  const endpoint = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the server did not start:\n${told}`)), PATIENCE);
    const listen = (chunk) => {
      told += chunk;
      const found = / at (http:\/\/[\d.]+:\d+),/.exec(told);
      if (found !== null) {
        clearTimeout(late);
        resolve(found[1]);
      }
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("exit", (code) => reject(new Error(`the server ended (${code}):\n${told}`)));
  });
  return {
    endpoint,
    log: () => told,
    stop: () => new Promise((resolve) => {
      child.removeAllListeners("exit");
      child.on("exit", resolve);
      child.kill("SIGTERM");
    }),
  };
}
