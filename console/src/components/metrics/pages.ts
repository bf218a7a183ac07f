// The addresses of CloudWatch's pages about metrics and alarms.
import type { Line, MetricName } from "./metric";

const text = encodeURIComponent;

/** "All metrics", at a namespace, with a filter, or with lines already drawn. */
export function metricsPage({ namespace, filter, lines }: { namespace?: string; filter?: string; lines?: readonly Line[] } = {}): string {
  const query = [
    ...(namespace === undefined ? [] : [`namespace=${text(namespace)}`]),
    ...(filter === undefined ? [] : [`filter=${text(filter)}`]),
    ...(lines === undefined ? [] : [`graph=${text(JSON.stringify(lines))}`]),
  ];
  return `/cloudwatch/metrics${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

export function alarmPage(name: string): string {
  return `/cloudwatch/alarms/${text(name)}`;
}

/** "Create alarm" for these lines, the first that is shown being the one that is watched; or for a metric. */
export function createAlarmPage(of?: readonly Line[] | MetricName): string {
  if (of === undefined) return "/cloudwatch/create-alarm";
  const lines: readonly Line[] = "namespace" in of ? [{ id: "m1", label: "", metric: of, stat: "Average", period: 300 }] : of;
  return `/cloudwatch/create-alarm?graph=${text(JSON.stringify(lines))}`;
}

/** The lines of an address; none where there are none, or where somebody has written something else there. */
export function linesIn(parameter: string | null): Line[] {
  if (parameter === null) return [];
  try {
    const lines: unknown = JSON.parse(parameter);
    return Array.isArray(lines) ? lines.filter(isLine) : [];
  } catch {
    return [];
  }
}

function isLine(it: unknown): it is Line {
  if (typeof it !== "object" || it === null) return false;
  const { id, label, stat, period, metric, expression } = it as Record<keyof Line, unknown>;
  return typeof id === "string" && typeof label === "string" && typeof stat === "string" && typeof period === "number" && (typeof expression === "string" || isMetric(metric));
}

function isMetric(it: unknown): it is MetricName {
  if (typeof it !== "object" || it === null) return false;
  const { namespace, name, dimensions } = it as Record<keyof MetricName, unknown>;
  return typeof namespace === "string" && typeof name === "string" && Array.isArray(dimensions)
    && dimensions.every((one: unknown) => typeof one === "object" && one !== null && typeof (one as { name?: unknown }).name === "string" && typeof (one as { value?: unknown }).value === "string");
}
