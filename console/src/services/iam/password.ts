const SETS = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789", "!@#$%^&*()_+-=[]{}|'"] as const;
const LENGTH = 20;

/** A password with letters of both cases, digits and symbols, so that every password policy takes it that asks for at most 20 characters. */
export function generatedPassword(): string {
  const letters = SETS.map((set) => one(set));
  const all = SETS.join("");
  while (letters.length < LENGTH) letters.push(one(all));
  for (let index = letters.length - 1; index > 0; index -= 1) {
    const other = below(index + 1);
    [letters[index], letters[other]] = [letters[other] ?? "", letters[index] ?? ""];
  }
  return letters.join("");
}

function one(set: string): string {
  return set[below(set.length)] ?? "";
}

/** Even over 0 … limit-1: values past the last whole multiple are thrown away. */
function below(limit: number): number {
  const most = Math.floor(256 / limit) * limit;
  for (;;) {
    const [value = 255] = crypto.getRandomValues(new Uint8Array(1));
    if (value < most) return value % limit;
  }
}
