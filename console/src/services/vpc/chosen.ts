// The VPC that lists are narrowed to ("Filter by VPC"), kept for this tab, account and region.
import { useSyncExternalStore } from "react";
import { currentSession, onSession } from "../../session/session";

const KEY = "cloudchamber.vpc";
const listeners = new Set<() => void>();

function place(): string {
  const session = currentSession();
  return `${session?.identity.account ?? ""} ${session?.region ?? ""} `;
}

export function chooseVpc(id: string | undefined): void {
  if (id === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, place() + id);
  for (const listener of listeners) listener();
}

function chosen(): string | undefined {
  const kept = sessionStorage.getItem(KEY);
  return kept?.startsWith(place()) === true ? kept.slice(place().length) : undefined;
}

export function useChosenVpc(): string | undefined {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    const leave = onSession(listener);
    return () => {
      listeners.delete(listener);
      leave();
    };
  }, chosen);
}

/** The items that belong to the chosen VPC; all of them where none is chosen. */
export function useOfChosen<T>(items: readonly T[] | undefined, vpcOf: (item: T) => string | undefined): readonly T[] | undefined {
  const vpc = useChosenVpc();
  return vpc === undefined ? items : items?.filter((item) => vpcOf(item) === vpc);
}
