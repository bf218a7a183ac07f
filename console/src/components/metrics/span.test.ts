import { expect, test } from "vitest";
import { boundsOf, lengthOf, periodFor, problemOfSpan, type Span } from "./span";

const DAY: Span = { type: "absolute", startDate: "2026-01-01T00:00:00+02:00", endDate: "2026-01-02T00:00:00+02:00" };

test("the last hours end now", () => expect(boundsOf({ type: "relative", amount: 2, unit: "hour" }, 10_000_000)).toEqual({ from: 2_800_000, to: 10_000_000 }));

test("a day between two points in time is that day, whenever it is looked at", () => {
  expect(boundsOf(DAY, 0)).toEqual({ from: Date.UTC(2025, 11, 31, 22), to: Date.UTC(2026, 0, 1, 22) });
  expect(lengthOf(DAY)).toBe(86_400);
});

test.each<[Span, number]>([
  [{ type: "relative", amount: 5, unit: "minute" }, 60], [{ type: "relative", amount: 3, unit: "hour" }, 60], [{ type: "relative", amount: 12, unit: "hour" }, 300], [DAY, 900],
  [{ type: "relative", amount: 1, unit: "week" }, 3_600], [{ type: "relative", amount: 1, unit: "year" }, 86_400],
])("the period of %j is %s", (span, period) => expect(periodFor(span)).toBe(period));

test.each<[Span, boolean]>([
  [DAY, true], [{ type: "relative", amount: 1, unit: "minute" }, true], [{ type: "relative", amount: 0, unit: "minute" }, false], [{ type: "absolute", startDate: "", endDate: "2026-01-01" }, false],
  [{ type: "absolute", startDate: "2026-01-02", endDate: "2026-01-01" }, false],
])("%j can be shown: %s", (span, fine) => expect(problemOfSpan(span) === undefined).toBe(fine));
