// Runs queries of Logs Insights: started, asked after until they are complete, and stopped when nobody wants them any more.
import { CloudWatchLogsClient, GetQueryResultsCommand, type QueryStatistics, type ResultField, StartQueryCommand, StopQueryCommand } from "@aws-sdk/client-cloudwatch-logs";
import { useEffect, useRef, useState } from "react";
import { client } from "../../../aws/clients";

export interface InsightsQuery {
  groups: readonly string[];
  query: string;
  /** Milliseconds since 1970. */
  from: number;
  to: number;
}

export interface Answer {
  status: string;
  rows: readonly (readonly ResultField[])[];
  statistics?: QueryStatistics | undefined;
}

const PATIENCE = 300;

/** Runs a query to its end. `tell` is given what is known meanwhile. */
export async function runToEnd({ groups, query, from, to }: InsightsQuery, { signal, tell }: { signal?: AbortSignal; tell?: (answer: Answer) => void } = {}): Promise<Answer> {
  const logs = client(CloudWatchLogsClient);
  const { queryId } = await logs.send(new StartQueryCommand({ logGroupNames: [...groups], queryString: query, startTime: Math.floor(from / 1_000), endTime: Math.ceil(to / 1_000) }));
  for (;;) {
    const { status = "Unknown", results = [], statistics } = await logs.send(new GetQueryResultsCommand({ queryId }));
    const answer = { status, rows: results, statistics };
    if (status !== "Running" && status !== "Scheduled") return answer;
    tell?.(answer);
    await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    if (signal?.aborted === true) {
      await logs.send(new StopQueryCommand({ queryId }));
      return { ...answer, status: "Cancelled" };
    }
  }
}

export interface Run {
  query: InsightsQuery;
  running: boolean;
  answer?: Answer;
  error?: unknown;
}

/** A query at a time; leaving the page stops it. */
export function useInsights(): { run: Run | undefined; start: (query: InsightsQuery) => void; cancel: () => void } {
  const [run, setRun] = useState<Run>();
  const over = useRef<AbortController>(undefined);
  useEffect(() => () => over.current?.abort(), []);
  const start = (query: InsightsQuery) => {
    over.current?.abort();
    const own = new AbortController();
    over.current = own;
    const set = (next: Partial<Run>) => {
      if (over.current === own) setRun((before) => ({ query, running: true, ...(before?.query === query && before), ...next }));
    };
    set({});
    void runToEnd(query, { signal: own.signal, tell: (answer) => set({ answer }) }).then((answer) => set({ answer, running: false }), (error: unknown) => set({ error, running: false }));
  };
  return { run, start, cancel: () => over.current?.abort() };
}
