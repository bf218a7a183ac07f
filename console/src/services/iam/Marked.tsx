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
  const marks = spans.map(({ start, end }) => [offset(start), offset(end)] as const).sort(([a], [b]) => a - b);
  const parts: { text: string; marked: boolean }[] = [];
  let done = 0;
  for (const [start, end] of marks) {
    if (end <= done) continue;
    parts.push({ text: text.slice(done, Math.max(done, start)), marked: false }, { text: text.slice(Math.max(done, start), end), marked: true });
    done = end;
  }
  parts.push({ text: text.slice(done), marked: false });
  return (
    <pre className="code" tabIndex={0} aria-label={`${label}: text`}>
      {parts.map((part, index) => (part.marked ? <mark key={index}>{part.text}</mark> : part.text))}
    </pre>
  );
}
