import { describe, expect, test } from "vitest";
import { bytes, when, whenExactly } from "./time";

test.each([
  [undefined, "–"], [0, "0 B"], [1, "1 B"], [1023, "1023 B"], [1024, "1.0 KB"], [1536, "1.5 KB"], [1024 ** 2 - 1, "1.0 MB"], [1024 ** 2, "1.0 MB"], [1023.94 * 1024, "1023.9 KB"],
  [5 * 1024 ** 3, "5.0 GB"], [50 * 1024 ** 4, "50.0 TB"], [4096 * 1024 ** 4, "4096.0 TB"],
])("%s bytes are %s", (count, text) => expect(bytes(count)).toBe(text));

describe("points in time", () => {
  const moment = Date.UTC(2026, 0, 31, 23, 59, 59, 7);
  test.each([["milliseconds", moment], ["a Date", new Date(moment)], ["ISO 8601", "2026-01-31T23:59:59.007Z"], ["ISO 8601 of another zone", "2026-02-01T04:59:59.007+05:00"]])("%s", (_, time) => {
    expect(when(time)).toBe("31 Jan 2026, 18:59:59");
  });
  test("1970 is a time", () => expect(when(0)).toBe("31 Dec 1969, 19:00:00"));
  test.each([undefined, "", "yesterday", Number.NaN, new Date(Number.NaN)])("%s is none", (time) => expect(when(time)).toBe("–"));
  test("milliseconds have three digits", () => expect(whenExactly(moment)).toBe("31 Jan 2026, 18:59:59.007"));
  test.each([undefined, Number.NaN, new Date(Number.NaN)])("%s is none in logs", (time) => expect(whenExactly(time)).toBe("–"));
});
