import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { describe, expect, test } from "vitest";
import type { Line } from "../../../components/metrics/metric";
import { actionsProblem, compositeFormOf, compositeInput, conditionsProblem, inAlarm, metricFormOf, metricInput, nameProblem, newCompositeForm, newMetricForm } from "./alarmForm";
import { addressesIn } from "./topic";

const LINE: Line = { id: "m1", label: "", stat: "Sum", period: 60, metric: { namespace: "AWS/Lambda", name: "Errors", dimensions: [{ name: "FunctionName", value: "tick" }] } };
const TOPIC = "arn:aws:sns:us-east-1:123456789012:news";

describe("what CloudWatch is given", () => {
  const form = { ...newMetricForm([LINE]), name: "errors", threshold: "0.5", datapoints: "2", periods: "3" };
  test("a metric's statistic", () => expect(metricInput(form)).toEqual({
    AlarmName: "errors", AlarmDescription: "", ActionsEnabled: true, AlarmActions: [], OKActions: [], InsufficientDataActions: [], Namespace: "AWS/Lambda", MetricName: "Errors",
    Dimensions: [{ Name: "FunctionName", Value: "tick" }], Period: 60, Statistic: "Sum", ComparisonOperator: "GreaterThanThreshold", Threshold: 0.5, EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: "missing",
  }));
  test.each(["p99", "p99.9", "tm90"])("%s has a member of its own", (stat) => {
    const { Statistic, ExtendedStatistic } = metricInput({ ...form, lines: [{ ...LINE, stat }] });
    expect([Statistic, ExtendedStatistic]).toEqual([undefined, stat]);
  });
  test("an expression with its metrics", () => {
    const { Metrics, MetricName, Period } = metricInput({ ...form, lines: [{ ...LINE, hidden: true }, { id: "e1", label: "", expression: "m1 * 2", stat: "Average", period: 60 }] });
    expect([Metrics?.map(({ Id, ReturnData }) => [Id, ReturnData]), MetricName, Period]).toEqual([[["m1", false], ["e1", true]], undefined, undefined]);
  });
  test("actions by their states, each once; tags", () => {
    const action = { kind: "sns" as const, arn: TOPIC };
    const input = metricInput({ ...form, actions: [{ ...action, key: 0, trigger: "ALARM" }, { ...action, key: 1, trigger: "ALARM" }, { ...action, key: 2, trigger: "OK" }], tags: [{ key: "team", value: "blue" }] });
    expect([input.AlarmActions, input.OKActions, input.InsufficientDataActions, input.Tags]).toEqual([[TOPIC], [TOPIC], [], [{ Key: "team", Value: "blue" }]]);
  });
});

test("an alarm that is opened and saved stays as it is", () => {
  const alarm: MetricAlarm = {
    AlarmName: "errors", AlarmDescription: "x", ActionsEnabled: false, AlarmActions: [TOPIC], OKActions: ["arn:aws:lambda:us-east-1:123456789012:function:tick"], InsufficientDataActions: ["arn:aws:ssm:us-east-1:123456789012:opsitem:1"],
    Namespace: "AWS/Lambda", MetricName: "Errors", Dimensions: [{ Name: "FunctionName", Value: "tick" }], Period: 60, ExtendedStatistic: "p99", ComparisonOperator: "LessThanThreshold", Threshold: -1.5, EvaluationPeriods: 3,
    DatapointsToAlarm: 2, TreatMissingData: "breaching", Unit: "Count", EvaluateLowSampleCountPercentile: "ignore",
  };
  expect(metricInput(metricFormOf(alarm))).toEqual(alarm);
  const composite: CompositeAlarm = {
    AlarmName: "any", AlarmDescription: "", ActionsEnabled: true, AlarmActions: [TOPIC], OKActions: [], InsufficientDataActions: [], AlarmRule: 'ALARM("a")', ActionsSuppressor: "b", ActionsSuppressorWaitPeriod: 10, ActionsSuppressorExtensionPeriod: 20,
  };
  expect(compositeInput(compositeFormOf(composite))).toEqual(composite);
});

test("a composite alarm of two that were chosen; names may hold quotes", () => {
  expect(newCompositeForm(["a", "b"]).rule).toBe('ALARM("a") OR\nALARM("b")');
  expect(inAlarm('say "a\\b"')).toBe('ALARM("say \\"a\\\\b\\"")');
  expect(compositeInput(newCompositeForm(["a"]))).not.toHaveProperty("ActionsSuppressor");
});

describe("what stands against going on", () => {
  const fine = { ...newMetricForm([LINE]), threshold: "1" };
  test.each<[string, Partial<typeof fine>, boolean]>([
    ["all there", {}, true], ["no metric", { lines: [] }, false], ["only a hidden line", { lines: [{ ...LINE, hidden: true }] }, false], ["no threshold", { threshold: " " }, false], ["a word as threshold", { threshold: "many" }, false],
    ["a threshold below zero", { threshold: "-1e3" }, true], ["no datapoints", { datapoints: "0" }, false], ["more datapoints than periods", { datapoints: "2", periods: "1" }, false], ["a part of a period", { periods: "1.5" }, false],
  ])("%s", (_, part, goes) => expect(conditionsProblem({ ...fine, ...part }) === undefined).toBe(goes));
  test("an action without its topic", () => {
    expect(actionsProblem({ ...fine, actions: [{ key: 0, trigger: "OK", kind: "sns", arn: "" }] })).toBeDefined();
    expect(actionsProblem({ ...fine, actions: [{ key: 0, trigger: "OK", kind: "sns", arn: TOPIC }] })).toBeUndefined();
  });
  test("no name", () => expect([nameProblem({ ...fine, name: " " }) === undefined, nameProblem({ ...fine, name: "a" }) === undefined]).toEqual([false, true]));
});

test.each([["", []], ["ann@example.com", ["ann@example.com"]], [" ann@example.com, bob@example.com\ncarl@example.com ,ann@example.com", ["ann@example.com", "bob@example.com", "carl@example.com"]]])("addresses of %j", (text, addresses) => {
  expect(addressesIn(text)).toEqual(addresses);
});
