/** A text as it is, in the letters of code. */
export function Code({ children }: { children: string }) {
  return <pre className="code" tabIndex={0}>{children}</pre>;
}
