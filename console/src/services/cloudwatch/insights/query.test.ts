import { describe, expect, test } from "vitest";
import { binFor, chartOf, commandsOf, csvOf, DEFAULT_QUERY, fieldsOf, filled, histogramQuery, timeOf } from "./query";

const row = (fields: Record<string, string>) => Object.entries(fields).map(([field, value]) => ({ field, value }));
const HOUR = 3_600_000;

test.each([
  [DEFAULT_QUERY, ["fields @timestamp, @message, @logStream, @log", "sort @timestamp desc", "limit 1000"]],
  ["filter @message like /a|b/ | limit 1", ["filter @message like /a|b/", "limit 1"]],
  ['filter @message = "a | b" | limit 1', ['filter @message = "a | b"', "limit 1"]],
  ["filter @message = 'it\\'s | b' | limit 1", ["filter @message = 'it\\'s | b'", "limit 1"]],
  ["stats max(@memorySize / 1000 / 1000) | limit 1", ["stats max(@memorySize / 1000 / 1000)", "limit 1"]],
  ["fields a / 2 | fields b / 2", ["fields a / 2", "fields b / 2"]],
  ["parse @message /(?<x>a|b)/ | limit 1", ["parse @message /(?<x>a|b)/", "limit 1"]],
  ["filter @message =~ /a\\/|b/ | limit 1", ["filter @message =~ /a\\/|b/", "limit 1"]],
  ["# all | of it\nfields a | limit 1", ["fields a", "limit 1"]],
  [" | ", []],
])("the commands of %j", (query, commands) => expect(commandsOf(query)).toEqual(commands));

describe("the histogram of a query", () => {
  test("counts what is filtered, and not what is shown", () => {
    expect(histogramQuery("fields @message\n| filter @message like /a|b/\n| sort @timestamp desc\n| limit 20", 0, HOUR)).toBe("fields @message\n| filter @message like /a|b/\n| stats count(*) as matched by bin(60s)");
  });
  test.each(["stats count(*) by bin(5m)", "filter a = 1 | stats count(*)", "fields a | dedup a"])("there is none of %s", (query) => expect(histogramQuery(query, 0, HOUR)).toBeUndefined());
  test.each([[60_000, 1], [HOUR, 60], [3 * HOUR, 300], [24 * HOUR, 1_800], [7 * 24 * HOUR, 10_800], [3_650 * 24 * HOUR, 604_800]])("of %s ms has bins of %s s", (to, bin) => expect(binFor(0, to)).toBe(bin));
  test("its empty bins are filled", () => {
    const { points } = filled({ id: "a", label: "a", points: [{ x: new Date(120_000), y: 7 }] }, 0, HOUR);
    expect(points.length).toBe(61);
    expect(points.map(({ y }) => y).slice(0, 4)).toEqual([0, 0, 7, 0]);
  });
});

test("times are in UTC", () => {
  expect(timeOf("2026-11-22 08:00:00.123")?.toISOString()).toBe("2026-11-22T08:00:00.123Z");
  expect(timeOf("yesterday")).toBeUndefined();
});

describe("answers", () => {
  test("fields in their order, without the pointer", () => expect(fieldsOf([row({ "@timestamp": "1", "@ptr": "x" }), row({ "@timestamp": "2", "@message": "a", "@ptr": "y" })])).toEqual(["@timestamp", "@message"]));
  test("by bins of time are lines", () => {
    const rows = [row({ "bin(5m)": "2026-11-22 08:05:00.000", errors: "2", user: "ann" }), row({ "bin(5m)": "2026-11-22 08:00:00.000", errors: "1.5", user: "bob" })];
    expect(chartOf(rows)).toEqual([{ id: "errors", label: "errors", points: [{ x: new Date("2026-11-22T08:00:00Z"), y: 1.5 }, { x: new Date("2026-11-22T08:05:00Z"), y: 2 }] }]);
  });
  test("not by time are none", () => expect(chartOf([row({ user: "ann", n: "1" })])).toEqual([]));
  test("as CSV", () => expect(csvOf([row({ a: "1", "@ptr": "x" }), row({ a: 'say "b", c', b: "two\nlines" })])).toBe('a,b\r\n1,\r\n"say ""b"", c","two\nlines"\r\n'));
});
