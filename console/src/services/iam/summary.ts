// A policy's summary as the IAM console shows it: by service the access level, the resources and the conditions.
export interface Catalog {
  /** By service prefix (`s3`). */
  [prefix: string]: { name: string; actions: Partial<Record<Level, readonly string[]>> };
}

export const LEVELS = ["List", "Read", "Tagging", "Write", "Permissions management"] as const;
export type Level = (typeof LEVELS)[number];

export interface ActionSummary {
  name: string;
  level: Level;
  resources: readonly string[];
  conditions: readonly string[];
}

export interface ServiceSummary {
  prefix: string;
  /** The service's name; its prefix where the console does not know it. */
  name: string;
  known: boolean;
  /** `Full access`, `Full: List Limited: Read`. */
  access: string;
  resources: readonly string[];
  conditions: readonly string[];
  /** What is allowed (or denied). */
  actions: readonly ActionSummary[];
  /** What is not. */
  rest: readonly { name: string; level: Level }[];
  /** Written in the policy, but of no action that the console knows. */
  unrecognized: readonly string[];
}

export interface PolicySummary {
  allow: ServiceSummary[];
  deny: ServiceSummary[];
}

interface Statement {
  Effect?: string;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}

/** Undefined where the text is no policy. */
export function summaryOf(text: string, catalog: Catalog): PolicySummary | undefined {
  let statements: Statement[];
  try {
    const policy = JSON.parse(text) as { Statement?: Statement | Statement[] };
    statements = list(policy.Statement);
  } catch {
    return undefined;
  }
  if (!statements.every(isStatement)) return undefined;
  return {
    allow: servicesOf(statements.filter(({ Effect }) => Effect === "Allow"), catalog),
    deny: servicesOf(statements.filter(({ Effect }) => Effect === "Deny"), catalog),
  };
}

/** Whether it has the shape of a statement: what a person types may be anything. */
function isStatement(value: unknown): value is Statement {
  if (!isObject(value)) return false;
  const { Action, NotAction, Resource, NotResource, Condition } = value as Statement;
  return [Action, NotAction, Resource, NotResource].every((some) => list(some as unknown).every((one) => typeof one === "string"))
    && (Condition === undefined || (isObject(Condition) && Object.values(Condition).every(isObject)));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function servicesOf(statements: readonly Statement[], catalog: Catalog): ServiceSummary[] {
  const compiled = statements.map((statement) => ({ statement, matches: matcherOf(statement) }));
  const prefixes = new Set<string>();
  for (const { statement } of compiled) for (const prefix of prefixesOf(statement, catalog)) prefixes.add(prefix);
  return [...prefixes].flatMap((prefix) => {
    const summary = serviceOf(prefix, compiled, catalog);
    return summary.actions.length + summary.unrecognized.length === 0 ? [] : [summary];
  }).sort((a, b) => a.name.localeCompare(b.name));
}

type Compiled = { statement: Statement; matches: (prefix: string, action: string) => boolean };

function serviceOf(prefix: string, compiled: readonly Compiled[], catalog: Catalog): ServiceSummary {
  const service = Object.hasOwn(catalog, prefix) ? catalog[prefix] : undefined;
  const actions: ActionSummary[] = [];
  const rest: { name: string; level: Level }[] = [];
  const levels: { level: Level; all: boolean; some: boolean }[] = [];
  for (const level of LEVELS) {
    const names = service?.actions[level] ?? [];
    let count = 0;
    for (const name of names) {
      const by = compiled.filter(({ matches }) => matches(prefix, name)).map(({ statement }) => statement);
      if (by.length === 0) {
        rest.push({ name, level });
        continue;
      }
      count += 1;
      actions.push({ name, level, resources: unique(by.flatMap(resourcesOf)), conditions: unique(by.map(conditionOf)) });
    }
    if (names.length > 0) levels.push({ level, all: count === names.length, some: count > 0 });
  }
  const bearing = compiled.map(({ statement }) => statement).filter((statement) => prefixesOf(statement, catalog).includes(prefix));
  return {
    prefix,
    name: service?.name ?? prefix,
    known: service !== undefined,
    access: accessOf(levels),
    resources: unique(bearing.flatMap(resourcesOf)),
    conditions: unique(bearing.map(conditionOf)),
    actions,
    rest,
    unrecognized: unique(bearing.flatMap((statement) => list(statement.Action))
      .filter((action) => action.toLowerCase().startsWith(`${prefix}:`) && !allNames(service).some((name) => wild(action.slice(prefix.length + 1)).test(name)))),
  };
}

function accessOf(levels: readonly { level: Level; all: boolean; some: boolean }[]): string {
  if (levels.length === 0) return "None";
  if (levels.every(({ all }) => all)) return "Full access";
  const full = levels.filter(({ all }) => all).map(({ level }) => level);
  const limited = levels.filter(({ all, some }) => some && !all).map(({ level }) => level);
  return [full.length > 0 ? `Full: ${full.join(", ")}` : "", limited.length > 0 ? `Limited: ${limited.join(", ")}` : ""].filter((text) => text !== "").join(" ") || "None";
}

function allNames(service: Catalog[string] | undefined): string[] {
  return service === undefined ? [] : LEVELS.flatMap((level) => service.actions[level] ?? []);
}

/** The services that a statement bears on. */
function prefixesOf(statement: Statement, catalog: Catalog): string[] {
  if (statement.NotAction !== undefined) return Object.keys(catalog);
  return unique(list(statement.Action).flatMap((action) => {
    const prefix = (action.split(":")[0] ?? "").toLowerCase();
    if (!/[*?]/.test(prefix)) return action.includes(":") ? [prefix] : [];
    const pattern = wild(prefix);
    return Object.keys(catalog).filter((known) => pattern.test(known));
  }));
}

function matcherOf(statement: Statement): (prefix: string, action: string) => boolean {
  const not = statement.NotAction !== undefined;
  const patterns = list(statement.NotAction ?? statement.Action).map((text) => {
    const colon = text.indexOf(":");
    return colon < 0 ? { prefix: wild(text), action: wild("*") } : { prefix: wild(text.slice(0, colon)), action: wild(text.slice(colon + 1)) };
  });
  return (prefix, action) => patterns.some((pattern) => pattern.prefix.test(prefix) && pattern.action.test(action)) !== not;
}

const PATTERNS = new Map<string, RegExp>();

function wild(text: string): RegExp {
  let pattern = PATTERNS.get(text);
  if (pattern === undefined) {
    pattern = new RegExp(`^${text.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".")}$`, "i");
    PATTERNS.set(text, pattern);
  }
  return pattern;
}

function resourcesOf(statement: Statement): string[] {
  if (statement.NotResource !== undefined) return list(statement.NotResource).map((resource) => `All except ${resource}`);
  return list(statement.Resource).map((resource) => (resource === "*" ? "All resources" : resource));
}

function conditionOf(statement: Statement): string {
  const parts = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => `${key} | ${words(operator)} | ${list(value as string | string[]).join(", ")}`));
  return parts.length === 0 ? "None" : parts.join(" and ");
}

/** `StringNotEqualsIfExists` as `string not equals if exists`. */
function words(operator: string): string {
  return operator.replace(/:/g, " ").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().replace("ip address", "IP address");
}

/** What a cell says of several: the one, or `Multiple`. */
export function oneOrMultiple(values: readonly string[]): string {
  const [one = "None", ...more] = values;
  return more.length === 0 ? one : "Multiple";
}

function list<T>(value: T | T[] | undefined): T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
