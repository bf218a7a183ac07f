// What the form of a metric filter holds, and what CloudWatch Logs is given of it.
import type { MetricFilter, PutMetricFilterCommandInput, StandardUnit } from "@aws-sdk/client-cloudwatch-logs";
import type { MetricName } from "../../../components/metrics/metric";

export interface MetricFilterForm {
  name: string;
  pattern: string;
  namespace: string;
  metric: string;
  value: string;
  /** Empty for none. */
  fallback: string;
  unit: string;
  dimensions: readonly { name: string; value: string }[];
}

export const NEW_FILTER: MetricFilterForm = { name: "", pattern: "", namespace: "", metric: "", value: "1", fallback: "", unit: "None", dimensions: [] };

/** More dimensions a metric filter cannot have. */
export const MOST_DIMENSIONS = 3;

export const UNITS: readonly StandardUnit[] = [
  "None", "Count", "Percent", "Seconds", "Milliseconds", "Microseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Bits", "Kilobits", "Megabits", "Gigabits", "Terabits",
  "Count/Second", "Bytes/Second", "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second", "Kilobits/Second", "Megabits/Second", "Gigabits/Second", "Terabits/Second",
];

export function formOf({ filterName = "", filterPattern = "", metricTransformations = [] }: MetricFilter): MetricFilterForm {
  const [of] = metricTransformations;
  return {
    name: filterName, pattern: filterPattern, namespace: of?.metricNamespace ?? "", metric: of?.metricName ?? "", value: of?.metricValue ?? "1", fallback: of?.defaultValue === undefined ? "" : String(of.defaultValue),
    unit: of?.unit ?? "None", dimensions: Object.entries(of?.dimensions ?? {}).map(([name, value]) => ({ name, value })),
  };
}

export function inputOf(logGroupName: string, { name, pattern, namespace, metric, value, fallback, unit, dimensions }: MetricFilterForm): PutMetricFilterCommandInput {
  return {
    logGroupName, filterName: name, filterPattern: pattern,
    metricTransformations: [{
      metricNamespace: namespace, metricName: metric, metricValue: value, unit: unit as StandardUnit,
      ...(fallback.trim() !== "" && { defaultValue: Number(fallback) }),
      ...(dimensions.length > 0 && { dimensions: Object.fromEntries(dimensions.map((one) => [one.name, one.value])) }),
    }],
  };
}

export function assignProblem({ name, namespace, metric, value, fallback, dimensions }: MetricFilterForm): string | undefined {
  if (name.trim() === "") return "Give the filter a name.";
  if (namespace.trim() === "" || metric.trim() === "") return "Give the metric a namespace and a name.";
  if (value.trim() === "") return "Give the metric value: a number, or a field of the pattern such as $.latency or $size.";
  if (fallback.trim() !== "" && Number.isNaN(Number(fallback))) return "The default value is a number.";
  if (fallback.trim() !== "" && dimensions.length > 0) return "A metric with dimensions has no default value.";
  if (dimensions.some((one) => one.name === "" || one.value === "")) return "A dimension has a name and a field.";
  return undefined;
}

/** The metric that a filter writes, as far as it is known beforehand: dimensions have their values from the events. */
export function metricOfFilter({ namespace, metric }: Pick<MetricFilterForm, "namespace" | "metric">): MetricName {
  return { namespace, name: metric, dimensions: [] };
}
