// Whether changes are being told: what is read while they are not may be old by the time it is shown.

/** `opening` is before the first answer of the change feed. */
export type Listening = "opening" | "open" | "closed";

/** Milliseconds that a reading waits for a feed that does not answer. */
const PATIENCE = 1_000;

let state: Listening = "opening";
const waiting = new Set<() => void>();

export function setListening(next: Listening): void {
  state = next;
  if (next === "opening") return;
  for (const go of waiting) go();
  waiting.clear();
}

/** Waits while the feed opens; then says whether what is read from now on will be told of its changes. */
export async function listening(): Promise<boolean> {
  if (state === "opening") {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE);
      waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
  return state === "open";
}
