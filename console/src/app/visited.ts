// Which services were visited last, by account: kept by the browser, for the console's home.
const MOST = 6;
const keyOf = (account: string) => `cloudchamber.visited.${account}`;

/** Ids of services, the last visited first. */
export function visited(account: string): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(account)) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function visit(account: string, id: string): void {
  const ids = [id, ...visited(account).filter((other) => other !== id)].slice(0, MOST);
  try {
    localStorage.setItem(keyOf(account), JSON.stringify(ids));
  } catch {
    // A browser that keeps nothing shows no list.
  }
}
