// Metrics as people find them: by namespace, then by which dimensions they have.
import { type MetricName, metricKey } from "../../../components/metrics/metric";

export interface Group {
  /** `QueueName`, `FunctionName, Resource`, or `Metrics with no dimensions`. */
  title: string;
  /** The dimensions' names, in order. */
  names: readonly string[];
  metrics: readonly MetricName[];
}

export const NO_DIMENSIONS = "Metrics with no dimensions";

/** The namespaces with their counts: AWS's own, or the custom ones. */
export function namespacesOf(metrics: readonly MetricName[]): { custom: [string, number][]; aws: [string, number][] } {
  const counts = new Map<string, number>();
  for (const { namespace } of metrics) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  const all = [...counts].sort(([a], [b]) => a.localeCompare(b, "en"));
  return { custom: all.filter(([name]) => !name.startsWith("AWS/")), aws: all.filter(([name]) => name.startsWith("AWS/")) };
}

/** The metrics of a namespace by their dimensions' names. */
export function groupsOf(metrics: readonly MetricName[], namespace: string): Group[] {
  const groups = new Map<string, MetricName[]>();
  for (const metric of metrics) {
    if (metric.namespace !== namespace) continue;
    const title = metric.dimensions.length === 0 ? NO_DIMENSIONS : metric.dimensions.map(({ name }) => name).sort().join(", ");
    groups.set(title, [...(groups.get(title) ?? []), metric]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b, "en")).map(([title, own]) => ({ title, names: title === NO_DIMENSIONS ? [] : title.split(", "), metrics: own }));
}

/** Whether each word is in the metric's name, namespace or dimensions. */
export function matching(metrics: readonly MetricName[], search: string): MetricName[] {
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return metrics.filter((metric) => {
    const text = metricKey(metric).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function dimensionValue({ dimensions }: MetricName, name: string): string {
  return dimensions.find((one) => one.name === name)?.value ?? "";
}
