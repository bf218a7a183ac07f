// Which page is shown: its breadcrumbs and title, told by the page to the frame around it.
import { useEffect, useSyncExternalStore } from "react";

export interface Crumb {
  text: string;
  href: string;
}

let crumbs: readonly Crumb[] = [];
const listeners = new Set<() => void>();

/** Says where this page is. The last crumb is the page itself, and names the browser's tab. */
export function useCrumbs(path: readonly Crumb[]): void {
  const written = JSON.stringify(path);
  useEffect(() => {
    crumbs = JSON.parse(written) as Crumb[];
    const page = crumbs.at(-1)?.text;
    document.title = page === undefined ? "Cloudchamber" : `${page} | Cloudchamber`;
    for (const listener of listeners) listener();
  }, [written]);
}

export function useShownCrumbs(): readonly Crumb[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => crumbs,
  );
}
