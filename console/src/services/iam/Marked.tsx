import { pretty } from "../../components/TextEditor";

interface Position {
  /** From 1. */
  line: number;
  column: number;
}

/** A text with parts of it marked, as the simulator's positions say them (lines from 1; columns from 1, or 0 at a line's begin). */
export function Marked({ text, spans, label }: { text: string; spans: readonly { start: Position; end: Position }[]; label: string }) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const offset = ({ line, column }: Position) => Math.min(text.length, (starts[line - 1] ?? text.length) + Math.max(0, column - 1));
  const raw = spans.map(({ start, end }) => [offset(start), offset(end)] as const).sort(([a], [b]) => a - b);
  const { text: shown, marks } = laidOut(text, raw);
  const parts: { text: string; marked: boolean }[] = [];
  let done = 0;
  for (const [start, end] of marks) {
    if (end <= done) continue;
    parts.push({ text: shown.slice(done, Math.max(done, start)), marked: false }, { text: shown.slice(Math.max(done, start), end), marked: true });
    done = end;
  }
  parts.push({ text: shown.slice(done), marked: false });
  return (
    <pre className="code" tabIndex={0} aria-label={`${label}: text`} style={{ maxHeight: 420, overflow: "auto" }}>
      {parts.map((part, index) => (part.marked ? <mark key={index} ref={index === 1 ? showMark : undefined}>{part.text}</mark> : part.text))}
    </pre>
  );
}

/** Scrolls a long text to what is marked in it, and leaves the page where it is. */
function showMark(mark: HTMLElement | null): void {
  const frame = mark?.parentElement;
  if (frame !== null && frame !== undefined && mark !== null) frame.scrollTop = Math.max(0, mark.offsetTop - frame.offsetTop - 24);
}

type Mark = readonly [number, number];

/** A policy that is stored in one line is shown with indentation, and what was marked stays so. */
function laidOut(text: string, marks: readonly Mark[]): { text: string; marks: readonly Mark[] } {
  const indented = text.trim().includes("\n") ? text : pretty(text);
  const [from, to] = [significant(text), significant(indented)];
  const same = from.length === to.length && from.every((at, index) => text[at] === indented[to[index] ?? -1]);
  if (!same) return { text, marks };
  const moved = (offset: number) => {
    const index = from.findIndex((at) => at >= offset);
    return index < 0 ? indented.length : (to[index] ?? indented.length);
  };
  // A mark ends after its last letter, which is found by that letter itself.
  return { text: indented, marks: marks.map(([start, end]) => [moved(start), moved(end - 1) + 1] as const) };
}

/** Where the letters of a JSON text are that its layout does not touch. */
function significant(text: string): number[] {
  const all: number[] = [];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? "";
    if (!quoted && /\s/.test(letter)) continue;
    all.push(at);
    if (quoted && letter === "\\") {
      at += 1;
      all.push(at);
    } else if (letter === '"') {
      quoted = !quoted;
    }
  }
  return all;
}
