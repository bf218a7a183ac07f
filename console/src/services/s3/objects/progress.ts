// How far something with many objects has come, watched by a page while it goes on.
import { useEffect, useState, useSyncExternalStore } from "react";
import { changed } from "../../../aws/queries";

export interface Failed {
  name: string;
  code: string;
  message: string;
}

/** Counts what is done and what failed. Pages are told a few times a second, however fast it goes. */
export class Progress {
  done = 0;
  doneBytes = 0;
  failed: Failed[] = [];
  failedBytes = 0;
  over = false;
  canceled = false;
  readonly stop = new AbortController();
  #version = 0;
  #told: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  succeed(size = 0, count = 1): void {
    this.done += count;
    this.doneBytes += size;
    this.tell();
  }

  fail(name: string, error: unknown, size = 0): void {
    const known = error instanceof Error ? error : new Error(String(error));
    this.failed.push({ name, code: known.name, message: known.message });
    this.failedBytes += size;
    this.tell();
  }

  finish(): void {
    this.over = true;
    changed(["*"]);
    this.tell();
  }

  cancel(): void {
    if (this.over) return;
    this.canceled = true;
    this.stop.abort();
    this.tell();
  }

  tell(): void {
    this.#told ??= setTimeout(() => {
      this.#told = undefined;
      this.#version += 1;
      for (const listener of this.#listeners) listener();
    }, 250);
  }

  readonly listen = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly version = () => this.#version;
}

const NOTHING = new Progress();

/** Draws the page again as it goes on. */
export function useProgress(progress: Progress | undefined): void {
  const watched = progress ?? NOTHING;
  useSyncExternalStore(watched.listen, watched.version);
}

/** What a page does once, and that ends when the page is left. */
export function useRun<P extends Progress>(): [P | undefined, (progress: P) => void] {
  const [progress, setProgress] = useState<P>();
  useProgress(progress);
  const going = progress !== undefined && !progress.over;
  useEffect(() => () => progress?.cancel(), [progress]);
  useEffect(() => {
    if (!going) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [going]);
  return [progress, setProgress];
}
