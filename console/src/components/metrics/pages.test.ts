import { expect, test } from "vitest";
import type { Line } from "./metric";
import { alarmPage, createAlarmPage, linesIn, metricsPage } from "./pages";

const LINE: Line = { id: "m1", label: "a & b", stat: "Sum", period: 60, metric: { namespace: "AWS/SQS", name: "NumberOfMessagesSent", dimensions: [{ name: "QueueName", value: "in/box?" }] } };
const graphIn = (page: string) => new URL(page, "http://here").searchParams.get("graph");

test("lines are found again in the address", () => {
  expect(linesIn(graphIn(metricsPage({ lines: [LINE] })))).toEqual([LINE]);
  expect(linesIn(graphIn(createAlarmPage([LINE])))).toEqual([LINE]);
});

test("an alarm for a metric watches its average of five minutes", () => {
  expect(linesIn(graphIn(createAlarmPage(LINE.metric)))).toEqual([{ ...LINE, label: "", stat: "Average", period: 300 }]);
});

test.each([null, "", "no JSON", "{}", "[1]", "[null]", '[{"id":"m1"}]', '[{"id":"m1","label":"","stat":"Sum","period":60}]', '[{"id":"m1","label":"","stat":"Sum","period":60,"metric":{"namespace":"a","name":"b","dimensions":[null]}}]'])("%s draws nothing", (text) => {
  expect(linesIn(text)).toEqual([]);
});

test("names are one part of the path", () => expect(alarmPage("a/b c:d")).toBe("/cloudwatch/alarms/a%2Fb%20c%3Ad"));
