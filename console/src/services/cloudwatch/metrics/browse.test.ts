import { expect, test } from "vitest";
import type { MetricName } from "../../../components/metrics/metric";
import { groupsOf, matching, namespacesOf } from "./browse";

const metric = (namespace: string, name: string, dimensions: Record<string, string> = {}): MetricName => ({ namespace, name, dimensions: Object.entries(dimensions).map(([key, value]) => ({ name: key, value })) });
const ALL = [
  metric("AWS/SQS", "Sent", { QueueName: "inbox" }), metric("AWS/SQS", "Sent", { QueueName: "other" }), metric("AWS/Lambda", "Errors"), metric("AWS/Lambda", "Errors", { Resource: "tick", FunctionName: "tick" }),
  metric("AWS/Lambda", "Errors", { FunctionName: "tick", Resource: "tick:live" }), metric("Shop", "Orders"),
];

test("namespaces, AWS's apart from custom ones", () => expect(namespacesOf(ALL)).toEqual({ custom: [["Shop", 1]], aws: [["AWS/Lambda", 3], ["AWS/SQS", 2]] }));

test("metrics by their dimensions, in whichever order", () => {
  expect(groupsOf(ALL, "AWS/Lambda").map(({ title, names, metrics }) => [title, names, metrics.length])).toEqual([["FunctionName, Resource", ["FunctionName", "Resource"], 2], ["Metrics with no dimensions", [], 1]]);
  expect(groupsOf(ALL, "Nothing")).toEqual([]);
});

test.each([["", 6], ["inbox", 1], ["SQS sent", 2], ["errors LIVE", 1], ["queuename other", 1], ["nothing", 0]])("%j finds %s", (search, count) => expect(matching(ALL, search)).toHaveLength(count));
