// Reading and acting. What a page read is kept by name, with the tables it was made of, and read again when the change feed names one.
import { hashKey, type Query, QueryClient, useMutation, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { notify } from "../app/notifications";
import { listening } from "../live/listening";
import { currentSession, onSession } from "../session/session";
import { failureOf, isDenied } from "./errors";

export const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: false, staleTime: 1_000, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
});
/** Readings that were begun while nobody listened to changes, by their keys' hashes. */
const unheard = new Set<string>();
let shownTo = currentSession();
onSession(() => {
  const session = currentSession();
  const same =
    session?.credentials.accessKeyId === shownTo?.credentials.accessKeyId && session?.region === shownTo?.region;
  shownTo = session;
  // Nothing that one identity read is shown to another.
  if (same) return;
  queries.clear();
  unheard.clear();
});

export interface Read<T> {
  /** What is read, such as ["s3", "bucket", name]: unique in the console. */
  key: readonly unknown[];
  /** Tables and resource types whose changes make it read again, as the change feed names them ("AWS::S3::Bucket", "s3.objects"; a prefix ending in * matches). */
  follows?: readonly string[];
  read: () => Promise<T>;
  /** False while what it needs is not known yet. */
  enabled?: boolean;
  /** Milliseconds between reads, where no table tells of changes (time passes, a function runs). */
  every?: number | false;
}

/** Reads, and reads again when what it follows changes. Failures are in `error`: show them with <ReadFailed>. */
export function useRead<T>({ key, follows = [], read, enabled = true, every = false }: Read<T>): UseQueryResult<T> {
  return useQuery({ queryKey: key, queryFn: () => heard(key, read), enabled, refetchInterval: every, meta: { follows } });
}

/** Reads once changes are listened to, so that none falls between the reading and the listening. */
export async function heard<T>(key: readonly unknown[], read: () => Promise<T>): Promise<T> {
  const hash = hashKey(key);
  unheard.delete(hash);
  if (!(await listening())) unheard.add(hash);
  return read();
}

/** Nobody listens any more: whatever is shown may grow old unnoticed. */
export function changesLost(): void {
  for (const { queryHash } of queries.getQueryCache().findAll()) unheard.add(queryHash);
}

/** Changes are listened to from now on: has every reading done again that was begun before. */
export function changesHeard(): void {
  const old = new Set(unheard);
  unheard.clear();
  readAgain(({ queryHash, meta }) => old.has(queryHash) && follows(meta).length > 0);
}

/** Has every reading that follows one of these tables done again. */
export function changed(tables: readonly string[]): void {
  readAgain(({ meta }) => follows(meta).some((follow) => tables.some((table) => matches(follow, table))));
}

function follows(meta: Query["meta"]): readonly string[] {
  const named = meta?.["follows"];
  return Array.isArray(named) ? named : [];
}

function readAgain(predicate: (query: Query) => boolean): void {
  // A first reading that is under way may have looked before the change, and is not begun anew by what follows: it is done again after it.
  for (const query of queries.getQueryCache().findAll({ predicate, fetchStatus: "fetching" })) {
    if (query.state.data !== undefined) continue;
    const again = () => setTimeout(() => void queries.invalidateQueries({ queryKey: query.queryKey, exact: true }));
    query.promise?.then(again, again);
  }
  void queries.invalidateQueries({ predicate });
}

/** Whether a reading that follows this is about that table. */
export function matches(follow: string, table: string): boolean {
  if (table === "*") return true;
  return follow.endsWith("*") ? table.startsWith(follow.slice(0, -1)) : follow === table;
}

export interface Act<I, O> {
  run: (input: I) => Promise<O>;
  /** What is said when it is done, such as `Bucket pictures created.`; undefined says nothing. */
  done?: (output: O, input: I) => string | undefined;
  /** What was tried, for the failure: `Delete bucket`. */
  what: string;
  after?: (output: O, input: I) => void;
  /** Failures are shown by the caller (`action.error` in the form) and not as a notification. */
  quiet?: boolean;
}

/** An action of a button or form. `action.mutate(input)`; `action.isPending` while under way. */
export function useAct<I, O>({ run, done, what, after, quiet = false }: Act<I, O>) {
  return useMutation<O, Error, I>({
    mutationFn: run,
    onSuccess: (output, input) => {
      const text = done?.(output, input);
      if (text !== undefined) notify({ type: "success", content: text });
      void queries.invalidateQueries();
      after?.(output, input);
    },
    onError: (error) => {
      if (quiet) return;
      const failure = failureOf(error);
      notify({ type: "error", header: `${what}: ${isDenied(error) ? "access denied" : failure.code}`, content: failure.message });
    },
  });
}

/** All pages of a list: `every((token) => client(…).send(new List…({ NextToken: token })), (answer) => [answer.Items, answer.NextToken])`. */
export async function every<A, T>(
  page: (token: string | undefined) => Promise<A>,
  parts: (answer: A) => [readonly T[] | undefined, string | undefined],
  limit = 5_000,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const [items, next] = parts(await page(token));
    all.push(...(items ?? []));
    token = next === "" ? undefined : next;
  } while (token !== undefined && all.length < limit);
  return all;
}
