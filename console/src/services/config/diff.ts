// What changed between two configuration items.
import type { ConfigurationItem } from "@aws-sdk/client-config-service";

export interface Difference {
  /** Such as `configuration.ipPermissions.1.toPort`. */
  path: string;
  kind: "added" | "removed" | "changed";
  from?: string;
  to?: string;
}

/** Configuration and all that belongs to it, as values. */
function contentOf(item: ConfigurationItem): Record<string, unknown> {
  const supplementary = Object.entries(item.supplementaryConfiguration ?? {}).map(([key, value]) => [key, parsed(value)] as const);
  return {
    configuration: parsed(item.configuration),
    supplementaryConfiguration: Object.fromEntries(supplementary),
    tags: item.tags ?? {},
    relationships: (item.relationships ?? []).map(({ relationshipName, resourceType, resourceId }) => ({ relationshipName, resourceType, resourceId })),
  };
}

export function parsed(text: string | undefined): unknown {
  if (text === undefined || text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What is in `after` and was not in `before`, and the other way round. Without `before`, nothing: there is nothing to compare with. */
export function differences(before: ConfigurationItem | undefined, after: ConfigurationItem): Difference[] {
  if (before === undefined) return [];
  const found: Difference[] = [];
  compare("", contentOf(before), contentOf(after), found);
  return found;
}

function compare(path: string, from: unknown, to: unknown, found: Difference[]): void {
  // A null is as good as nothing.
  if (written(from ?? undefined) === written(to ?? undefined)) return;
  if (from === undefined || from === null) found.push({ path, kind: "added", to: shown(to) });
  else if (to === undefined || to === null) found.push({ path, kind: "removed", from: shown(from) });
  else if (Array.isArray(from) && Array.isArray(to)) compareLists(path, from, to, found);
  else if (isObject(from) && isObject(to)) {
    for (const key of [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()) {
      compare(path === "" ? key : `${path}.${key}`, from[key], to[key], found);
    }
  } else found.push({ path, kind: "changed", from: shown(from), to: shown(to) });
}

/** Lists of AWS are sets: an element is there or is not, wherever it stands. */
function compareLists(path: string, from: readonly unknown[], to: readonly unknown[], found: Difference[]): void {
  const left = from.map((value, at) => ({ at, value, text: written(value) }));
  const right = to.map((value, at) => ({ at, value, text: written(value) }));
  for (const one of [...left]) {
    const same = right.findIndex(({ text }) => text === one.text);
    if (same < 0) continue;
    right.splice(same, 1);
    left.splice(left.indexOf(one), 1);
  }
  for (const { at, value } of left) found.push({ path: `${path}.${at}`, kind: "removed", from: shown(value) });
  for (const { at, value } of right) found.push({ path: `${path}.${at}`, kind: "added", to: shown(value) });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same text for the same value, whatever the order of its members. */
function written(value: unknown): string {
  return JSON.stringify(value, (_, own: unknown) => (isObject(own) ? Object.fromEntries(Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1))) : own)) ?? "";
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 1).replace(/\n\s*/g, " ");
}
