// Who is signed in, and where. It lives in sessionStorage: a tab of its own is a session of its own, and it ends with the tab.
import { useSyncExternalStore } from "react";

/** Temporary credentials, as sign-in and AssumeRole answer them. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** ISO 8601. */
  expiration?: string;
}

export interface Identity {
  account: string;
  alias?: string;
  arn: string;
  /** What the account menu shows: `root`, a user's name, or ROLE/SESSION. */
  name: string;
}

export interface Session {
  credentials: Credentials;
  identity: Identity;
  region: string;
  /** Who switched to a role; "Switch back" returns there. */
  switchedFrom?: { credentials: Credentials; identity: Identity };
}

const KEY = "cloudchamber.session";
const listeners = new Set<() => void>();
let current: Session | undefined = stored();

function stored(): Session | undefined {
  try {
    const text = sessionStorage.getItem(KEY);
    const session = text === null ? undefined : (JSON.parse(text) as Partial<Session> | null);
    // What another version of the console kept may be something else.
    const whole = typeof session?.credentials?.secretAccessKey === "string" && typeof session.identity?.account === "string" && typeof session.region === "string";
    return whole ? (session as Session) : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the session; undefined signs out. */
export function setSession(session: Session | undefined): void {
  current = session;
  if (session === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, JSON.stringify(session));
  for (const listener of listeners) listener();
}

export function currentSession(): Session | undefined {
  return current;
}

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The session, or undefined before sign-in. */
export function useMaybeSession(): Session | undefined {
  return useSyncExternalStore(onSession, currentSession);
}

/** The session of a page that is shown only to who is signed in. */
export function useSession(): Session {
  const session = useMaybeSession();
  if (session === undefined) throw new Error("this page is shown only after sign-in");
  return session;
}

export function setRegion(region: string): void {
  if (current !== undefined) setSession({ ...current, region });
}
