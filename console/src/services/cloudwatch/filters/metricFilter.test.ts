import type { MetricFilter } from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { assignProblem, formOf, inputOf, NEW_FILTER } from "./metricFilter";

test("a filter that is opened and saved stays as it is", () => {
  const filter: MetricFilter = { filterName: "slow", filterPattern: "{ $.latency > 10 }", metricTransformations: [{ metricNamespace: "Shop", metricName: "Slow", metricValue: "$.latency", unit: "Milliseconds", dimensions: { Path: "$.path" } }] };
  expect(inputOf("g", formOf(filter))).toEqual({ logGroupName: "g", ...filter });
  const zero: MetricFilter = { filterName: "errors", filterPattern: "", metricTransformations: [{ metricNamespace: "Shop", metricName: "Errors", metricValue: "1", unit: "None", defaultValue: 0 }] };
  expect(inputOf("g", formOf(zero))).toEqual({ logGroupName: "g", ...zero });
});

const FINE = { ...NEW_FILTER, name: "errors", namespace: "Shop", metric: "Errors" };

test.each<[string, Partial<typeof FINE>, boolean]>([
  ["all there", {}, true], ["no name", { name: "" }, false], ["no namespace", { namespace: " " }, false], ["no metric", { metric: "" }, false], ["no value", { value: "" }, false], ["a default", { fallback: "0" }, true],
  ["a word as default", { fallback: "none" }, false], ["a dimension", { dimensions: [{ name: "a", value: "$.a" }] }, true], ["half a dimension", { dimensions: [{ name: "a", value: "" }] }, false],
  ["a default beside dimensions", { fallback: "0", dimensions: [{ name: "a", value: "$.a" }] }, false],
])("%s", (_, part, goes) => expect(assignProblem({ ...FINE, ...part }) === undefined).toBe(goes));
