// The JSON of a dashboard: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
import type { Dimension, Line } from "../../../components/metrics/metric";

export type Json = Readonly<Record<string, unknown>>;

export interface Widget {
  type: string;
  /** Columns of 24 and rows; left out, the widget stands where there is room. */
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  properties: Json;
}

export interface Body {
  widgets: readonly Widget[];
  [member: string]: unknown;
}

/** Columns of a dashboard. */
export const COLUMNS = 24;
/** What a widget takes where its size is left out. */
export const SIZE = { width: 6, height: 6 };

const isObject = (it: unknown): it is Json => typeof it === "object" && it !== null && !Array.isArray(it);

/** Reads a dashboard's text; what is not as it should be is left out. */
export function bodyOf(text: string): Body {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { widgets: [] };
  }
  if (!isObject(body)) return { widgets: [] };
  const widgets = Array.isArray(body["widgets"]) ? body["widgets"].filter(isObject) : [];
  return { ...body, widgets: widgets.map(({ type, properties, ...place }) => ({ ...place, type: String(type), properties: isObject(properties) ? properties : {} })) };
}

/** Puts a widget into the first room that is wide and high enough. */
export function withWidget(body: Body, widget: Widget): Body {
  const taken = body.widgets.map(({ x = 0, y = 0, width = SIZE.width, height = SIZE.height }) => ({ x, y, width, height }));
  const { width = SIZE.width, height = SIZE.height } = widget;
  const under = Math.max(0, ...taken.map((one) => one.y + one.height));
  for (let y = 0; y < under; y += 1) {
    for (let x = 0; x + width <= COLUMNS; x += 1) {
      const overlaps = taken.some((one) => x < one.x + one.width && one.x < x + width && y < one.y + one.height && one.y < y + height);
      if (!overlaps) return { ...body, widgets: [...body.widgets, { ...widget, x, y }] };
    }
  }
  return { ...body, widgets: [...body.widgets, { ...widget, x: 0, y: under }] };
}

/** Where a widget stands in the page's grid of columns and rows. */
export function placeOf({ x, y, width = SIZE.width, height = SIZE.height }: Widget): { gridColumn: string; gridRow: string } {
  const wide = Math.min(Math.max(width, 1), COLUMNS);
  return {
    gridColumn: x === undefined ? `span ${wide}` : `${Math.min(x, COLUMNS - wide) + 1} / span ${wide}`,
    gridRow: y === undefined ? `span ${height}` : `${y + 1} / span ${height}`,
  };
}

/** The lines of a metric widget: `["AWS/SQS", "NumberOfMessagesSent", "QueueName", "inbox", {"stat": "Sum"}]`, where "." repeats what stands above, and "..." all of it. */
export function linesOf(properties: Json): Line[] {
  const metrics = Array.isArray(properties["metrics"]) ? properties["metrics"] : [];
  const lines: Line[] = [];
  const taken = new Set(metrics.flatMap((metric: unknown) => (Array.isArray(metric) ? metric : [])).filter(isObject).map(({ id }) => id));
  let above: readonly string[] = [];
  let number = 0;
  for (const metric of metrics as unknown[]) {
    if (!Array.isArray(metric)) continue;
    const options = metric.find(isObject) ?? {};
    const written = metric.filter((part): part is string => typeof part === "string");
    const of = (name: string) => options[name] ?? properties[name];
    const period = Number(of("period") ?? 300);
    const free = () => {
      do number += 1;
      while (taken.has(`m${number}`));
      return `m${number}`;
    };
    const line = {
      id: typeof options["id"] === "string" ? options["id"] : free(), label: typeof options["label"] === "string" ? options["label"] : "",
      stat: String(of("stat") ?? "Average"), period: Number.isNaN(period) ? 300 : period, ...(options["visible"] === false && { hidden: true }),
    };
    if (typeof options["expression"] === "string") {
      lines.push({ ...line, expression: options["expression"] });
      continue;
    }
    above = repeated(written, above);
    const [namespace = "", name = "", ...rest] = above;
    const dimensions: Dimension[] = [];
    for (let at = 0; at + 1 < rest.length; at += 2) dimensions.push({ name: rest[at] ?? "", value: rest[at + 1] ?? "" });
    lines.push({ ...line, metric: { namespace, name, dimensions } });
  }
  return lines;
}

function repeated(written: readonly string[], above: readonly string[]): string[] {
  if (written[0] !== "...") return written.map((part, at) => (part === "." ? (above[at] ?? part) : part));
  const own = written.slice(1);
  const kept = above.slice(0, Math.max(0, above.length - own.length));
  return [...kept, ...own.map((part, at) => (part === "." ? (above[kept.length + at] ?? part) : part))];
}

/** The properties of a metric widget that draws these lines. */
export function sourceOf(lines: readonly Line[], region: string, rest: Json = {}): Json {
  return {
    view: "timeSeries", stacked: false, ...rest, region,
    metrics: lines.map(({ id, label, metric, expression, stat, period, hidden }) => {
      const options = { id, ...(label !== "" && { label }), period, ...(hidden === true && { visible: false }) };
      if (metric === undefined) return [{ expression: expression ?? "", ...options }];
      return [metric.namespace, metric.name, ...metric.dimensions.flatMap(({ name, value }) => [name, value]), { ...options, stat }];
    }),
  };
}

/** A heading of a widget without one of its own. */
export function titleOf({ type, properties }: Widget): string {
  const title = properties["title"];
  if (typeof title === "string" && title !== "") return title;
  return { metric: "Metrics", text: "Text", alarm: "Alarms", log: "Log group query" }[type] ?? type;
}

/** `SOURCE 'a' | SOURCE 'b' | fields …` of a log widget, taken apart. */
export function logQueryOf(properties: Json): { groups: string[]; query: string } {
  const groups: string[] = [];
  let query = String(properties["query"] ?? "");
  for (;;) {
    const [all, single, double] = /^\s*SOURCE\s+(?:'([^']*)'|"([^"]*)")\s*\|/i.exec(query) ?? [];
    if (all === undefined) return { groups, query: query.trim() };
    groups.push(single ?? double ?? "");
    query = query.slice(all.length);
  }
}

export function logQuery(groups: readonly string[], query: string): string {
  return [...groups.map((group) => `SOURCE '${group}'`), query].join(" | ");
}
