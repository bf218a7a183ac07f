const FULL = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** A point in time, in the reader's zone; a dash where there is none. Numbers are milliseconds since 1970. */
export function when(time: Date | number | string | undefined): string {
  if (time === undefined) return "–";
  const date = time instanceof Date ? time : new Date(time);
  return Number.isNaN(date.getTime()) ? "–" : FULL.format(date);
}

/** With milliseconds, for logs. */
export function whenExactly(time: Date | number | undefined): string {
  if (time === undefined) return "–";
  const date = time instanceof Date ? time : new Date(time);
  if (Number.isNaN(date.getTime())) return "–";
  return `${FULL.format(date)}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** `1.5 KB`, as the S3 console writes sizes. */
export function bytes(count: number | undefined): string {
  if (count === undefined) return "–";
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  // What is written as 1024.0 KB is 1.0 MB.
  while (value >= (unit === 0 ? 1024 : 1023.95) && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? "TB"}`;
}
