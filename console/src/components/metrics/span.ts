// The span of time that a page shows: up to now, or between two points in time.

const UNITS = { second: 1, minute: 60, hour: 3_600, day: 86_400, week: 604_800, month: 2_592_000, year: 31_536_000 } as const;

export type Span =
  | { type: "relative"; amount: number; unit: keyof typeof UNITS; key?: string }
  | { type: "absolute"; startDate: string; endDate: string };

export const LAST_HOUR: Span = { type: "relative", amount: 1, unit: "hour", key: "1h" };
export const LAST_THREE_HOURS: Span = { type: "relative", amount: 3, unit: "hour", key: "3h" };

/** Its length in seconds. */
export function lengthOf(span: Span): number {
  if (span.type === "relative") return span.amount * UNITS[span.unit];
  return (Date.parse(span.endDate) - Date.parse(span.startDate)) / 1_000;
}

/** From when to when, in milliseconds since 1970. */
export function boundsOf(span: Span, now: number): { from: number; to: number } {
  if (span.type === "relative") return { from: now - lengthOf(span) * 1_000, to: now };
  return { from: Date.parse(span.startDate), to: Date.parse(span.endDate) };
}

/** Why it cannot be shown; undefined where it can. */
export function problemOfSpan(span: Span): string | undefined {
  const length = lengthOf(span);
  if (Number.isNaN(length)) return "Choose when it starts and when it ends.";
  if (length <= 0) return "The end has to be after the start.";
  return undefined;
}

/** Seconds between the points of a graph: the shortest period that leaves at most 200 of them. */
export function periodFor(span: Span): number {
  const length = lengthOf(span);
  return [60, 300, 900, 3_600, 21_600].find((period) => length / period <= 200) ?? 86_400;
}
