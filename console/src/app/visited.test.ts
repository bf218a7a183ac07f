import { beforeEach, expect, test, vi } from "vitest";
import { visit, visited } from "./visited";

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) });
});

test("the last six, the last first, each once", () => {
  for (const id of ["a", "b", "c", "d", "e", "f", "g", "c"]) visit("1", id);
  expect(visited("1")).toEqual(["c", "g", "f", "e", "d", "b"]);
});

test("an account is not told of another's", () => {
  visit("1", "a");
  expect(visited("2")).toEqual([]);
});

test.each(["", "{", "null", "{}", '"a"', "[1,null]"])("%j in its place is no list", (text) => {
  kept.set("cloudchamber.visited.1", text);
  expect(visited("1")).toEqual([]);
  visit("1", "a");
  expect(visited("1")).toEqual(["a"]);
});

test("a browser that keeps nothing has no list", () => {
  const refuse = () => { throw new DOMException("The operation is insecure.", "SecurityError"); };
  vi.stubGlobal("localStorage", { getItem: refuse, setItem: refuse });
  visit("1", "a");
  expect(visited("1")).toEqual([]);
});
