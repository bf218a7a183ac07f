import { describe, expect, test } from "vitest";
import { freeId, type Line, lineOf, metricKey, metricKeys, nameOfLine, periodText, queryOf, seriesOf, shortNumber, toggled, watching } from "./metric";

const SENT: Line = { id: "m1", label: "", stat: "Sum", period: 60, metric: { namespace: "AWS/SQS", name: "NumberOfMessagesSent", dimensions: [{ name: "QueueName", value: "inbox" }] } };
const TWICE: Line = { id: "e1", label: "Twice", stat: "Average", period: 60, expression: "m1 * 2" };

test.each([[1, "1 second"], [10, "10 seconds"], [60, "1 minute"], [90, "90 seconds"], [300, "5 minutes"], [3_600, "1 hour"], [86_400, "1 day"], [172_800, "2 days"]])("%s seconds are %s", (seconds, text) => {
  expect(periodText(seconds)).toBe(text);
});

test.each([[0, "0"], [0.25, "0.25"], [999, "999"], [1_000, "1k"], [1_500, "1.5k"], [-2_000_000, "-2M"], [3e9, "3G"], [4e12, "4T"], [0.1 + 0.2, "0.3"]])("%s is shown as %s", (value, text) => expect(shortNumber(value)).toBe(text));

test("a metric is the same whatever the order of its dimensions", () => {
  const one = { name: "A", value: "1" };
  const two = { name: "B", value: "2" };
  const of = (...dimensions: { name: string; value: string }[]) => metricKey({ namespace: "N", name: "M", dimensions });
  expect(of(one, two)).toBe(of(two, one));
  expect(of(one)).not.toBe(of(two));
  expect(of({ name: "A", value: "1,B" })).not.toBe(of({ name: "A", value: "1" }, { name: "B", value: "" }));
});

describe("lines as GetMetricData takes them", () => {
  test("a metric", () => expect(queryOf(SENT)).toEqual({
    Id: "m1", ReturnData: true, MetricStat: { Stat: "Sum", Period: 60, Metric: { Namespace: "AWS/SQS", MetricName: "NumberOfMessagesSent", Dimensions: [{ Name: "QueueName", Value: "inbox" }] } },
  }));
  test("an expression", () => expect(queryOf(TWICE)).toEqual({ Id: "e1", Label: "Twice", Expression: "m1 * 2", Period: 60, ReturnData: true }));
  test.each([SENT, TWICE, { ...SENT, hidden: true }])("and back: %j", (line) => expect(lineOf(queryOf(line))).toEqual({ ...line, stat: line.metric === undefined ? "Average" : line.stat }));
});

test("a line without a label is called by its metric", () => {
  expect(nameOfLine(SENT)).toBe("inbox NumberOfMessagesSent");
  expect(nameOfLine({ ...SENT, label: "Sent" })).toBe("Sent");
  expect(nameOfLine({ ...TWICE, label: "" })).toBe("m1 * 2");
});

describe("what GetMetricData answers", () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
  test("is sorted, over several pages", () => {
    const series = seriesOf([SENT], [{ Id: "m1", Label: "x", Timestamps: [at(3), at(2)], Values: [3, 2] }, { Id: "m1", Label: "x", Timestamps: [at(1)], Values: [1] }]);
    expect(series).toEqual([{ id: "m1", label: "inbox NumberOfMessagesSent", points: [{ x: at(1), y: 1 }, { x: at(2), y: 2 }, { x: at(3), y: 3 }] }]);
  });
  test("an expression of several series has a line of each", () => {
    const series = seriesOf([TWICE], [{ Id: "e1", Label: "a", Timestamps: [at(1)], Values: [1] }, { Id: "e1", Label: "b", Timestamps: [at(1)], Values: [2] }]);
    expect(series.map(({ label }) => label)).toEqual(["a", "b"]);
  });
  test("titles are distinct", () => {
    const series = seriesOf([SENT, { ...SENT, id: "m2", stat: "Average" }], [{ Id: "m1", Label: "x" }, { Id: "m2", Label: "x" }]);
    expect(series.map(({ label }) => label)).toEqual(["inbox NumberOfMessagesSent", "inbox NumberOfMessagesSent (m2)"]);
  });
  test("a time without a value is no point", () => expect(seriesOf([SENT], [{ Id: "m1", Timestamps: [at(1)], Values: [] }])[0]?.points).toEqual([]));
});

test.each([[[], "m1"], [[SENT], "m2"], [[{ ...SENT, id: "m2" }], "m1"]])("the next id after %j", (lines, id) => expect(freeId(lines as Line[], "m")).toBe(id));

test("a metric is drawn, and taken back", () => {
  const other = { namespace: "Shop", name: "Orders", dimensions: [] };
  const lines = toggled([SENT, TWICE], other);
  expect(lines.map(({ id }) => id)).toEqual(["m1", "e1", "m2"]);
  expect(metricKeys(lines)).toHaveLength(2);
  expect(toggled(lines, other)).toEqual([SENT, TWICE]);
});

test("an alarm for an expression has the lines that it is made of, and shows it alone", () => {
  const other: Line = { ...SENT, id: "m2" };
  const sum: Line = { ...TWICE, id: "e2", expression: "SUM([e1, 1])" };
  expect(watching([SENT, TWICE, other, sum], "e2").map(({ id, hidden }) => [id, hidden])).toEqual([["m1", true], ["e1", true], ["e2", false]]);
});
