import type { AlarmHistoryItem, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { describe, expect, test } from "vitest";
import { actionText, conditionOf, stateText, stretchesOf, watchedLine, watchedLines } from "./alarm";

const ERRORS: MetricAlarm = {
  AlarmName: "errors", Namespace: "AWS/Lambda", MetricName: "Errors", Dimensions: [{ Name: "FunctionName", Value: "tick" }], Statistic: "Sum", Period: 60, EvaluationPeriods: 1, Threshold: 0,
  ComparisonOperator: "GreaterThanThreshold",
};

test.each<[Partial<MetricAlarm>, string]>([
  [{}, "Errors > 0 for 1 datapoints within 1 minute"],
  [{ EvaluationPeriods: 5, DatapointsToAlarm: 3 }, "Errors > 0 for 3 datapoints within 5 minutes"],
  [{ EvaluationPeriods: 5 }, "Errors > 0 for 5 datapoints within 5 minutes"],
  [{ ComparisonOperator: "LessThanOrEqualToThreshold", Threshold: 1.5, Period: 3_600 }, "Errors <= 1.5 for 1 datapoints within 1 hour"],
])("%j is said as %s", (part, text) => expect(conditionOf({ metric: { ...ERRORS, ...part } })).toBe(text));

test("an expression is said by its label, and its own period counts", () => {
  const metric: MetricAlarm = {
    EvaluationPeriods: 2, Threshold: 5, ComparisonOperator: "GreaterThanOrEqualToThreshold",
    Metrics: [{ Id: "m1", MetricStat: { Metric: { Namespace: "A", MetricName: "B" }, Period: 60, Stat: "Sum" }, ReturnData: false }, { Id: "e1", Expression: "m1 * 2", Label: "Twice", Period: 60 }],
  };
  expect(conditionOf({ metric })).toBe("Twice >= 5 for 2 datapoints within 2 minutes");
  expect(watchedLine(watchedLines(metric))?.id).toBe("e1");
});

test("a composite alarm's condition is its rule", () => expect(conditionOf({ composite: { AlarmRule: 'ALARM("a")' } })).toBe('ALARM("a")'));

test("a percentile is a statistic", () => expect(watchedLines({ ...ERRORS, Statistic: undefined, ExtendedStatistic: "p99" })[0]?.stat).toBe("p99"));

test.each([["ALARM", "In alarm"], ["OK", "OK"], ["INSUFFICIENT_DATA", "Insufficient data"], [undefined, "–"]])("%s is %s", (state, text) => expect(stateText(state)).toBe(text));

test.each([
  ["arn:aws:sns:us-east-1:123456789012:news", 'Send message to topic "news"'], ["arn:aws:lambda:us-east-1:123456789012:function:tick", 'Invoke Lambda function "tick"'],
  ["arn:aws:lambda:us-east-1:123456789012:function:tick:live", 'Invoke Lambda function "tick:live"'], ["arn:aws:ssm:us-east-1:123456789012:opsitem:1", "arn:aws:ssm:us-east-1:123456789012:opsitem:1"],
])("%s: %s", (arn, text) => expect(actionText(arn)).toBe(text));

describe("states over time", () => {
  const update = (at: number, oldState: string, newState: string): AlarmHistoryItem => ({
    HistoryItemType: "StateUpdate", Timestamp: new Date(at), HistoryData: JSON.stringify({ oldState: { stateValue: oldState }, newState: { stateValue: newState } }),
  });
  const shown = (history: AlarmHistoryItem[], now: string | undefined, from = 0, to = 100) => stretchesOf(history, now, from, to).map(({ state, from: begin, to: end }) => [state, begin, end]);
  test("without updates it is what it is now", () => expect(shown([], "OK")).toEqual([["OK", 0, 100]]));
  test("updates come in any order", () => expect(shown([update(60, "ALARM", "OK"), update(20, "INSUFFICIENT_DATA", "ALARM")], "OK")).toEqual([["INSUFFICIENT_DATA", 0, 20], ["ALARM", 20, 60], ["OK", 60, 100]]));
  test("what was before and after is left out", () => expect(shown([update(10, "OK", "ALARM"), update(200, "ALARM", "OK")], "OK", 50, 100)).toEqual([["ALARM", 50, 100]]));
  test("before its creation it had none", () => {
    const created: AlarmHistoryItem = { HistoryItemType: "ConfigurationUpdate", Timestamp: new Date(30), HistoryData: JSON.stringify({ type: "Create" }) };
    expect(shown([created, update(60, "INSUFFICIENT_DATA", "OK")], "OK")).toEqual([["INSUFFICIENT_DATA", 30, 60], ["OK", 60, 100]]);
    expect(shown([{ ...created, HistoryData: JSON.stringify({ type: "Update" }) }], "OK")).toEqual([["OK", 0, 100]]);
  });
  test("other items, and data that cannot be read, are no updates", () => {
    expect(shown([{ HistoryItemType: "Action", Timestamp: new Date(5), HistoryData: "{}" }, { HistoryItemType: "StateUpdate", Timestamp: new Date(5), HistoryData: "no JSON" }], "ALARM")).toEqual([["ALARM", 0, 100]]);
  });
});
