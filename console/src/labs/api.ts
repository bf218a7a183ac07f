// The pages /_cloudchamber/labs…: what they answer, and the readings of it.
import { useRead } from "../aws/queries";
import { signedFetch, signedJson } from "../aws/signed";

export interface LabSummary {
  name: string;
  title: string;
  summary: string;
  level: string;
  minutes: number;
  points: number;
  tasks: number;
  builtIn: boolean;
  attempt?: Attempt;
}

export interface Lab extends LabSummary {
  region: string;
  /** CommonMark. */
  guide: string;
  taskList: { id: string; title: string; points: number; checks: { id: string; says: string; points: number }[] }[];
  files: { name: string; says: string; contentType: string; size: number }[];
}

export interface Attempt {
  account: string;
  lab: string;
  title: string;
  student: string;
  region: string;
  state: "opening" | "open" | "closed";
  started: string;
  closed: string | null;
  class: string | null;
  userName: string;
  signIn: string;
  submissions: number;
  points: number | null;
  of: number;
  best: number | null;
  lastAt: string | null;
}

export interface Credentials {
  account: string;
  userName: string;
  password: string;
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
  endpoint: string;
  signIn: string;
  profile: string;
  exports: string;
}

export interface Submission {
  number: number;
  at: string;
  points: number;
  of: number;
}

export interface Check {
  id: string;
  says: string;
  points: number;
  of: number;
  outcome: "earned" | "partly" | "missed";
  found: string | null;
  why: string | null;
  parts: { says: string; points: number; of: number; passed: boolean; found: string | null; why: string | null }[];
}

export interface Report {
  lab: string;
  title: string;
  student: string;
  account: string;
  number: number | null;
  at: string;
  points: number;
  of: number;
  seconds: number;
  tasks: { id: string; title: string; points: number; of: number; checks: Check[] }[];
}

/** What each account of a class may use; null: as much as there is. */
export interface ClassLimits {
  requestsPerSecond: number | null;
  storageBytes: number | null;
  concurrency: number | null;
  resetsPerDay: number | null;
}

/** What one account uses; requests since the server's start. */
export interface Usage {
  requests: number;
  throttled: number;
  storageBytes: number;
  running: number;
  mostRunning: number;
  resetsToday: number;
}

export interface ClassResults {
  class: string;
  lab: string;
  of: number;
  limits: ClassLimits;
  students: {
    student: string; name: string; email: string; account: string; submissions: number; best: number | null; last: number | null; lastAt: string | null;
    /** null where the account has no limits, and is not counted. */
    usage: Usage | null;
  }[];
  csv: string;
}

export interface ClassMade {
  class: string;
  students: { student: string; name: string; email: string; attempt: Attempt; credentials: Credentials | null }[];
  csv: string;
}

const ROOT = "/_cloudchamber/labs";
const FOLLOWS = ["labs.*"];

export function useLabs(enabled = true) {
  return useRead({ key: ["labs"], follows: FOLLOWS, enabled, read: () => signedJson<{ teacher: boolean; labs: LabSummary[] }>(ROOT) });
}

export function useLab(name: string | undefined) {
  return useRead({ key: ["labs", "lab", name], enabled: name !== undefined, read: () => signedJson<Lab>(`${ROOT}/${name}`) });
}

export function useAttempts() {
  return useRead({ key: ["labs", "attempts"], follows: FOLLOWS, read: async () => (await signedJson<{ attempts: Attempt[] }>(`${ROOT}/attempts`)).attempts });
}

export function useAttempt(account: string) {
  return useRead({
    key: ["labs", "attempt", account], follows: FOLLOWS,
    read: () => signedJson<{ attempt: Attempt; submissions: Submission[] }>(`${ROOT}/attempts/${account}`),
  });
}

/** ARNs, outputs and the like of an attempt, as they stand now. */
export function useDetails(account: string) {
  return useRead({
    key: ["labs", "details", account], follows: ["AWS::CloudFormation::Stack"],
    read: async () => (await signedJson<{ details: { name: string; value: string | null; says: string | null }[] }>(`${ROOT}/attempts/${account}/details`)).details,
  });
}

export function useReport(account: string, number: string) {
  return useRead({ key: ["labs", "report", account, number], read: () => signedJson<Report>(`${ROOT}/attempts/${account}/submissions/${number}`) });
}

export function useClasses() {
  return useRead({
    key: ["labs", "classes"], follows: FOLLOWS,
    read: async () => (await signedJson<{ classes: { class: string; lab: string; title: string; students: number; submitted: number }[] }>(`${ROOT}/classes`)).classes,
  });
}

export function useClass(lab: string, name: string) {
  return useRead({ key: ["labs", "class", lab, name], follows: FOLLOWS, read: () => signedJson<ClassResults>(`${ROOT}/${lab}/classes/${name}`) });
}

export const start = (lab: string, student: string) =>
  signedJson<{ attempt: Attempt; credentials: Credentials | null }>(`${ROOT}/${lab}/start`, { method: "POST", body: { student } });

export const reset = (account: string) =>
  signedJson<{ attempt: Attempt; credentials: Credentials }>(`${ROOT}/attempts/${account}/reset`, { method: "POST", body: {} });

export const renew = (account: string) =>
  signedJson<{ attempt: Attempt; credentials: Credentials }>(`${ROOT}/attempts/${account}/credentials`, { method: "POST", body: {} });

export const grade = (account: string, how: "check" | "submit") => signedJson<Report>(`${ROOT}/attempts/${account}/${how}`, { method: "POST", body: {} });

export const makeClass = (lab: string, name: string, roster: string) =>
  signedJson<ClassMade>(`${ROOT}/${lab}/classes`, { method: "POST", body: { class: name, roster } });

export const fileOf = (lab: string, file: string) =>
  signedJson<{ name: string; contentType: string; text: string }>(`${ROOT}/${lab}/files/${encodeURIComponent(file)}`);

export async function htmlReport(account: string, number: number | string): Promise<string> {
  const response = await signedFetch(`${ROOT}/attempts/${account}/submissions/${number}/report.html`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
