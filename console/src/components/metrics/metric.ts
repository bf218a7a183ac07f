// Metrics of CloudWatch and the lines that graphs draw of them.
import type { Metric, MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";

export interface Dimension {
  name: string;
  value: string;
}

export interface MetricName {
  namespace: string;
  name: string;
  dimensions: readonly Dimension[];
}

/** A line of a graph: a statistic of a metric, or an expression of other lines by their ids. */
export interface Line {
  /** Begins with a small letter: `m1`, `e1`. */
  id: string;
  /** Empty where CloudWatch names it. */
  label: string;
  /** Exactly one of these two. */
  metric?: MetricName;
  expression?: string;
  stat: string;
  /** Seconds. */
  period: number;
  /** Left out of the graph, though expressions may use it. */
  hidden?: boolean;
}

export interface Series {
  id: string;
  label: string;
  /** By time, oldest first. */
  points: readonly { x: Date; y: number }[];
}

/** The statistics that forms offer, as CloudWatch's console writes them. */
export const STATS: readonly { value: string; label: string }[] = [
  ...["Average", "Minimum", "Maximum", "Sum"].map((value) => ({ value, label: value })),
  { value: "SampleCount", label: "Sample count" },
  ...["p10", "p50", "p90", "p95", "p99"].map((value) => ({ value, label: value })),
];

export const PERIODS: readonly { value: number; label: string }[] = [
  { value: 10, label: "10 seconds" }, { value: 30, label: "30 seconds" }, { value: 60, label: "1 minute" }, { value: 300, label: "5 minutes" },
  { value: 900, label: "15 minutes" }, { value: 3_600, label: "1 hour" }, { value: 21_600, label: "6 hours" }, { value: 86_400, label: "1 day" },
];

/** `90 seconds`, `5 minutes`, `1 day`. */
export function periodText(seconds: number): string {
  for (const [unit, size] of [["day", 86_400], ["hour", 3_600], ["minute", 60]] as const) {
    if (seconds >= size && seconds % size === 0) return counted(seconds / size, unit);
  }
  return counted(seconds, "second");
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** A metric as one text, the same for the same metric. */
export function metricKey({ namespace, name, dimensions }: MetricName): string {
  return JSON.stringify([namespace, name, ...dimensions.map((one) => [one.name, one.value]).sort()]);
}

export function metricOf({ Namespace = "", MetricName = "", Dimensions = [] }: Metric): MetricName {
  return { namespace: Namespace, name: MetricName, dimensions: Dimensions.map(({ Name = "", Value = "" }) => ({ name: Name, value: Value })) };
}

export function toSdk({ namespace, name, dimensions }: MetricName): Metric {
  return { Namespace: namespace, MetricName: name, Dimensions: dimensions.map((one) => ({ Name: one.name, Value: one.value })) };
}

/** `Errors` of `tick`: what a line is called where it has no label. */
export function nameOfLine({ label, metric, expression }: Line): string {
  if (label !== "") return label;
  if (metric === undefined) return expression ?? "";
  return [...metric.dimensions.map(({ value }) => value), metric.name].join(" ");
}

export function queryOf(line: Line): MetricDataQuery {
  return {
    Id: line.id,
    ...(line.label !== "" && { Label: line.label }),
    ...(line.metric === undefined ? { Expression: line.expression, Period: line.period } : { MetricStat: { Metric: toSdk(line.metric), Period: line.period, Stat: line.stat } }),
    ReturnData: line.hidden !== true,
  };
}

export function lineOf({ Id = "", Label = "", Expression, MetricStat, Period, ReturnData = true }: MetricDataQuery): Line {
  return {
    id: Id, label: Label, stat: MetricStat?.Stat ?? "Average", period: MetricStat?.Period ?? Period ?? 300,
    ...(MetricStat?.Metric === undefined ? { expression: Expression ?? "" } : { metric: metricOf(MetricStat.Metric) }),
    ...(!ReturnData && { hidden: true }),
  };
}

/** What GetMetricData answered over all its pages, a series a line; an expression may answer several. */
export function seriesOf(lines: readonly Line[], results: readonly MetricDataResult[]): Series[] {
  const series = new Map<string, { id: string; label: string; points: { x: Date; y: number }[] }>();
  for (const { Id = "", Label = "", Timestamps = [], Values = [] } of results) {
    const line = lines.find(({ id }) => id === Id);
    const key = `${Id} ${Label}`;
    const known = series.get(key) ?? { id: Id, label: line === undefined || line.metric === undefined ? Label || line?.expression || Id : nameOfLine(line), points: [] };
    Timestamps.forEach((x, at) => {
      const y = Values[at];
      if (y !== undefined) known.points.push({ x, y });
    });
    series.set(key, known);
  }
  const all = [...series.values()].map((one) => ({ ...one, points: one.points.sort((a, b) => a.x.getTime() - b.x.getTime()) }));
  // Charts tell their lines apart by title.
  return all.map((one, at) => (all.some((other, before) => before < at && other.label === one.label) ? { ...one, label: `${one.label} (${one.id})` } : one));
}

/** A number as an axis or a table shows it: `1.5k`, `0.25`. */
export function shortNumber(value: number): string {
  const [size, unit] = ([[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]] as const).find(([least]) => Math.abs(value) >= least) ?? [1, ""];
  return `${Number((value / size).toPrecision(4))}${unit}`;
}

/** The first of m1, m2, … that no line has. */
export function freeId(lines: readonly Line[], letter: "m" | "e"): string {
  let number = 1;
  while (lines.some(({ id }) => id === `${letter}${number}`)) number += 1;
  return `${letter}${number}`;
}

/** The metrics of lines, by their keys. */
export function metricKeys(lines: readonly Line[]): string[] {
  return lines.flatMap(({ metric }) => (metric === undefined ? [] : [metricKey(metric)]));
}

/** With a line of a metric, or without its lines where it has some. */
export function toggled(lines: readonly Line[], metric: MetricName): Line[] {
  const key = metricKey(metric);
  const left = lines.filter((line) => line.metric === undefined || metricKey(line.metric) !== key);
  return left.length < lines.length ? left : [...lines, { id: freeId(lines, "m"), label: "", metric, stat: "Average", period: 300 }];
}

/** An alarm watches one line; those that its expression uses are there without being watched. */
export function watching(lines: readonly Line[], id: string): Line[] {
  const needed = new Set([id]);
  // An expression may use expressions.
  for (let before = 0; before !== needed.size; ) {
    before = needed.size;
    for (const { id: own, expression = "" } of lines) {
      if (needed.has(own)) for (const [word] of expression.matchAll(/[a-z]\w*/g)) if (lines.some((line) => line.id === word)) needed.add(word);
    }
  }
  return lines.filter((line) => needed.has(line.id)).map((line) => ({ ...line, hidden: line.id !== id }));
}
