import { describe, expect, test } from "vitest";
import type { Line } from "../../../components/metrics/metric";
import { bodyOf, linesOf, logQuery, logQueryOf, placeOf, sourceOf, withWidget } from "./body";

const metric = (name: string, ...pairs: string[]) => ({
  namespace: "AWS/SQS", name, dimensions: Array.from({ length: pairs.length / 2 }, (_, at) => ({ name: pairs[at * 2] ?? "", value: pairs[at * 2 + 1] ?? "" })),
});

describe("a dashboard's text", () => {
  test.each(["", "no JSON", "[]", "null", '{"widgets": 1}', '{"widgets": [1, null, []]}'])("%s has no widgets", (text) => expect(bodyOf(text).widgets).toEqual([]));
  test("what is beside the widgets is kept", () => expect(bodyOf('{"start": "-PT1H", "widgets": [{"type": "text", "x": 1, "properties": {"markdown": "a"}}]}')).toEqual({ start: "-PT1H", widgets: [{ type: "text", x: 1, properties: { markdown: "a" } }] }));
});

describe("a new widget stands where there is room", () => {
  const widget = (place: object) => ({ type: "text", properties: {}, ...place });
  test.each([
    ["at the start", [], 6, 0, 0], ["beside another", [{ x: 0, y: 0, width: 12, height: 6 }], 12, 12, 0], ["under one that leaves too little", [{ x: 0, y: 0, width: 18, height: 6 }], 12, 0, 6],
    ["in a gap", [{ x: 0, y: 0, width: 24, height: 3 }, { x: 6, y: 3, width: 18, height: 3 }], 6, 0, 3], ["under one of no place", [{}], 24, 0, 6],
  ])("%s", (_, known, width, x, y) => expect(withWidget({ widgets: known.map(widget) }, widget({ width, height: 3 })).widgets.at(-1)).toMatchObject({ x, y, width }));
});

test.each([
  [{}, "span 6", "span 6"], [{ x: 0, y: 0, width: 12, height: 3 }, "1 / span 12", "1 / span 3"], [{ x: 20, y: 4, width: 12, height: 3 }, "13 / span 12", "5 / span 3"], [{ width: 99 }, "span 24", "span 6"],
])("%j stands at %s, %s", (place, gridColumn, gridRow) => expect(placeOf({ type: "text", properties: {}, ...place })).toEqual({ gridColumn, gridRow }));

describe("metrics of a widget", () => {
  test("written out, with the widget's statistic or their own", () => {
    expect(linesOf({ stat: "Sum", period: 60, metrics: [["AWS/SQS", "Sent", "QueueName", "a"], ["AWS/SQS", "Age", { stat: "Maximum", period: 300, label: "Age", id: "age", visible: false }]] })).toEqual([
      { id: "m1", label: "", stat: "Sum", period: 60, metric: metric("Sent", "QueueName", "a") },
      { id: "age", label: "Age", stat: "Maximum", period: 300, hidden: true, metric: metric("Age") },
    ]);
  });
  test("with dots for what stands above", () => {
    const lines = linesOf({ metrics: [["AWS/SQS", "Sent", "QueueName", "a"], [".", "Age", ".", "."], ["...", "b"], ["...", "Other", "c"], ["..."]] });
    expect(lines.map((line) => line.metric)).toEqual([metric("Sent", "QueueName", "a"), metric("Age", "QueueName", "a"), metric("Age", "QueueName", "b"), metric("Age", "Other", "c"), metric("Age", "Other", "c")]);
  });
  test("expressions, and ids that are taken", () => {
    const lines = linesOf({ metrics: [[{ expression: "m1 + m2", label: "Both", id: "e1" }], ["AWS/SQS", "Sent", { id: "m1" }], ["AWS/SQS", "Age"]] });
    expect(lines.map(({ id, expression }) => [id, expression])).toEqual([["e1", "m1 + m2"], ["m1", undefined], ["m2", undefined]]);
  });
  test.each([{}, { metrics: 1 }, { metrics: [1, null] }])("%j has none", (properties) => expect(linesOf(properties)).toEqual([]));
  test("lines are found again in what is written of them", () => {
    const lines: Line[] = [
      { id: "m1", label: "a", stat: "p99", period: 60, metric: metric("Sent", "QueueName", "a", "Other", "b") }, { id: "m2", label: "", stat: "Sum", period: 300, hidden: true, metric: metric("Age") },
      { id: "e1", label: "", stat: "Average", period: 60, expression: "m1 / m2" },
    ];
    expect(linesOf(sourceOf(lines, "us-east-1"))).toEqual(lines);
    expect(sourceOf(lines, "us-east-1", { title: "T", view: "singleValue" })).toMatchObject({ title: "T", view: "singleValue", region: "us-east-1" });
  });
});

test.each([
  ["SOURCE '/aws/lambda/a' | fields @message", ["/aws/lambda/a"], "fields @message"], ["SOURCE 'a' | SOURCE \"b\" | fields @message | limit 1", ["a", "b"], "fields @message | limit 1"], ["fields @message", [], "fields @message"], ["", [], ""],
])("the groups of %s", (text, groups, query) => expect(logQueryOf({ query: text })).toEqual({ groups, query }));

test("a log query is found again in what is written of it", () => expect(logQueryOf({ query: logQuery(["a", "b"], "fields @message\n| limit 1") })).toEqual({ groups: ["a", "b"], query: "fields @message\n| limit 1" }));
