// Queries of Logs Insights as texts, and what is made of their answers.
import type { ResultField } from "@aws-sdk/client-cloudwatch-logs";
import type { Series } from "../../../components/metrics/metric";

export const DEFAULT_QUERY = "fields @timestamp, @message, @logStream, @log\n| sort @timestamp desc\n| limit 1000";

/** The queries that CloudWatch's console offers, of services that are here. */
export const SAMPLES: readonly { kind: string; queries: readonly { name: string; query: string }[] }[] = [
  {
    kind: "Common queries",
    queries: [
      { name: "25 most recently added log events", query: "fields @timestamp, @message, @logStream, @log\n| sort @timestamp desc\n| limit 25" },
      { name: "Number of exceptions logged every 5 minutes", query: "filter @message like /Exception/\n| stats count(*) as exceptionCount by bin(5m)\n| sort exceptionCount desc" },
      { name: "List of log events that are not exceptions", query: "fields @message\n| filter @message not like /Exception/" },
    ],
  },
  {
    kind: "Lambda",
    queries: [
      { name: "View latency statistics for 5-minute intervals", query: 'filter @type = "REPORT"\n| stats avg(@duration), max(@duration), min(@duration) by bin(5m)' },
      { name: "Find the most expensive requests", query: 'filter @type = "REPORT"\n| fields @requestId, @billedDuration\n| sort @billedDuration desc' },
    ],
  },
  {
    kind: "CloudTrail",
    queries: [
      { name: "Number of log entries by service, event type, and AWS Region", query: "stats count(*) by eventSource, eventName, awsRegion" },
      { name: "Number of calls that were denied, by user", query: 'filter errorCode = "AccessDenied"\n| stats count(*) as denied by userIdentity.arn\n| sort denied desc' },
    ],
  },
];

/** What is in a result, in the order of the first row that has it. */
export function fieldsOf(rows: readonly (readonly ResultField[])[]): string[] {
  const fields = new Set<string>();
  for (const row of rows) for (const { field } of row) if (field !== undefined && field !== "@ptr") fields.add(field);
  return [...fields];
}

export function valueIn(row: readonly ResultField[], field: string): string {
  return row.find((one) => one.field === field)?.value ?? "";
}

/** Texts, regular expressions (a slash elsewhere divides), comments, and what is between. */
const PARTS = /"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|`[^`]*`?|(?<=\blike\s*|=~\s*|\bparse\s+\S+\s+)\/(?:\\.|[^/\\\n])*\/|#[^\n]*|\||[^"'`/#|]+|\//gi;

/** The commands of a query: separated by `|`, except in texts and regular expressions. */
export function commandsOf(query: string): string[] {
  const commands: string[] = [];
  let command = "";
  for (const [part] of query.matchAll(PARTS)) {
    if (part === "|") {
      commands.push(command.trim());
      command = "";
    } else if (!part.startsWith("#")) command += part;
  }
  return [...commands, command.trim()].filter((own) => own !== "");
}

const BINS = [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400];
/** About so many bars are in a histogram. */
const BARS = 60;

/** Seconds of one bar. */
export function binFor(from: number, to: number): number {
  return BINS.find((bin) => (to - from) / 1_000 / bin <= BARS) ?? 604_800;
}

/** The same records, counted over time. Undefined where the query's own answer is no list of records. */
export function histogramQuery(query: string, from: number, to: number): string | undefined {
  const commands = commandsOf(query);
  if (commands.some((command) => /^(stats|dedup|unmask|pattern|diff)\b/i.test(command))) return undefined;
  const kept = commands.filter((command) => !/^(sort|limit|head|tail|display)\b/i.test(command));
  return [...kept, `stats count(*) as matched by bin(${binFor(from, to)}s)`].join("\n| ");
}

/** `2026-11-22 08:00:00.000`, which Insights writes in UTC. */
export function timeOf(text: string): Date | undefined {
  const time = new Date(`${text.replace(" ", "T")}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** The lines of an answer by bins of time; none where it is not by time. */
export function chartOf(rows: readonly (readonly ResultField[])[]): Series[] {
  const fields = fieldsOf(rows);
  const bin = fields.find((field) => /^bin\(/i.test(field));
  if (bin === undefined) return [];
  return fields.filter((field) => field !== bin).flatMap((field): Series[] => {
    const points = rows.flatMap((row) => {
      const x = timeOf(valueIn(row, bin));
      const value = valueIn(row, field);
      return x === undefined || value === "" || Number.isNaN(Number(value)) ? [] : [{ x, y: Number(value) }];
    });
    return points.length === 0 ? [] : [{ id: field, label: field, points: points.sort((a, b) => a.x.getTime() - b.x.getTime()) }];
  });
}

/** A histogram with its empty bins, of which Insights tells nothing. */
export function filled({ points, ...rest }: Series, from: number, to: number): Series {
  const size = binFor(from, to) * 1_000;
  const counts = new Map(points.map(({ x, y }) => [Math.floor(x.getTime() / size) * size, y]));
  const all = [];
  for (let at = Math.floor(from / size) * size; at <= to; at += size) all.push({ x: new Date(at), y: counts.get(at) ?? 0 });
  return { ...rest, points: all };
}

/** As spreadsheets read it: RFC 4180. */
export function csvOf(rows: readonly (readonly ResultField[])[]): string {
  const fields = fieldsOf(rows);
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [fields, ...rows.map((row) => fields.map((field) => valueIn(row, field)))].map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}
