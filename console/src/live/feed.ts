// Follows the change feed while someone is signed in, so that nobody presses refresh.
import { useEffect } from "react";
import { changed, changesHeard, changesLost } from "../aws/queries";
import { signedFetch } from "../aws/signed";
import { setSession, useMaybeSession } from "../session/session";
import { setListening } from "./listening";

const PATIENCE = [500, 1_000, 2_000, 5_000];

export function useChangeFeed(): void {
  const session = useMaybeSession();
  const key = session?.credentials.accessKeyId;
  useEffect(() => {
    if (key === undefined) return;
    const over = new AbortController();
    void follow(over.signal);
    return () => {
      over.abort();
      // Whoever is signed in next has a feed of his own, which is not open yet.
      setListening("opening");
    };
  }, [key]);
}

/** Follows until it is over, or may not be followed. */
export async function follow(signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const response = await signedFetch("/_cloudchamber/changes", { signal });
      if (signal.aborted) return;
      if (response.status === 401 || response.status === 403) {
        // The credentials have expired or were taken back: what the pages show is no longer this person's to see.
        const text = await response.text();
        close(signal);
        if (/Expired|InvalidClientTokenId|InvalidAccessKeyId/.test(text)) setSession(undefined);
        return;
      }
      if (response.ok && response.body !== null) {
        setListening("open");
        // What changed while nobody listened is not told again.
        changesHeard();
        failures = -1;
        await readEvents(response.body, signal, changed);
      }
    } catch {
      // The server restarts, or the network is gone: try again below.
    }
    close(signal);
    await pause(PATIENCE[Math.min(Math.max(failures, 0), PATIENCE.length - 1)] ?? 5_000, signal);
  }
}

/** The feed of who is signed out says nothing about that of the next. */
function close(signal: AbortSignal): void {
  if (signal.aborted) return;
  setListening("closed");
  changesLost();
}

/** Tells the tables of each event, until the stream ends; throws at an event that is none. */
export async function readEvents(body: ReadableStream<Uint8Array>, signal: AbortSignal, tell: (tables: readonly string[]) => void): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let pending = "";
  while (!signal.aborted) {
    const { done, value } = await reader.read();
    if (done) return;
    pending += value;
    const lines = pending.split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("data:")) continue;
      const { tables } = JSON.parse(line.slice(5)) as { tables?: string[] };
      if (tables !== undefined) tell(tables);
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
