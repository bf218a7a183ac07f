/** A place in a text: lines from 1, columns from 0. */
export interface Place {
  line: number;
  column: number;
}

/** What makes a text no JSON, and where; undefined where it is JSON. */
export function problemOf(text: string): (Place & { message: string }) | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const message = said.replace(/^JSON\.parse: /, "").replace(/ (in JSON )?at (position|line) .*$/, "").replace(/, (\.\.\.)?".*" is not valid JSON$/s, "");
    return { ...placeOf(said, text), message };
  }
}

/** Browsers say the place as a line and column, as an offset, or, at the text's end, not at all. */
function placeOf(said: string, text: string): Place {
  const lined = /line (\d+) column (\d+)/.exec(said);
  if (lined !== null) return { line: Number(lined[1]), column: Math.max(0, Number(lined[2]) - 1) };
  const offset = /position (\d+)/.exec(said);
  const before = text.slice(0, offset === null ? tokenOffset(said, text) : Number(offset[1])).split("\n");
  return { line: before.length, column: before.at(-1)?.length ?? 0 };
}

/** So many letters Chromium quotes on each side. */
const QUOTED = 10;

/** Chromium quotes the surroundings of a wrong token (`Unexpected token '}', ..."s3:*", }" is not valid JSON`). */
function tokenOffset(said: string, text: string): number {
  const [, before, around = "", after] = /^Unexpected token '.+?', (\.\.\.)?"(.*)"(\.\.\.)? is not valid JSON$/s.exec(said) ?? [];
  const start = around === "" ? -1 : text.indexOf(around);
  if (start < 0) return text.length;
  if (before !== undefined) return start + QUOTED;
  if (after !== undefined) return start + around.length - QUOTED;
  // A short text is quoted whole: the place is where its beginning stops being the beginning of JSON.
  for (let end = 1; end < text.length; end += 1) if (/^Unexpected token/.test(saidOf(text.slice(0, end)))) return end - 1;
  return text.length - 1;
}

function saidOf(text: string): string {
  try {
    JSON.parse(text);
    return "";
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
}
