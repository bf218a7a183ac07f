import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { LARGEST_SHOWN, packed, textOf, unpacked } from "./code";

describe("packages", () => {
  test("hold what was put into them", () => {
    const files = { "app.py": strToU8("def handler(event, context): pass\n"), "lib/données.txt": strToU8("é"), "lib/": new Uint8Array(), "empty.txt": new Uint8Array(), "bytes.bin": Uint8Array.from({ length: 400_000 }, (_, at) => (at * 7919) % 256) };
    expect(unpacked(packed(files))).toEqual(files);
  });

  test("are the same for the same code", () => {
    const files = () => ({ "a.js": strToU8("1"), "b.js": strToU8("2") });
    expect(packed(files())).toEqual(packed(files()));
  });

  test("are dated by the first moment that a .zip knows, in every time zone", () => {
    const archive = packed({ a: strToU8("1") });
    const [time, date] = [archive[10] ?? 0, archive[12] ?? 0].map((low, at) => low + 256 * (archive[11 + 2 * at] ?? 0));
    expect([time, date]).toEqual([0, (1 << 5) + 1]);
  });

  test("that no person can edit whole are not opened, so that no part of them is deployed for the whole", () => {
    const archive = zipSync({ "app.py": strToU8("1"), "model.bin": new Uint8Array(4 * LARGEST_SHOWN + 1) });
    expect(() => unpacked(archive)).toThrow(/^The deployment package is too large to enable inline code editing: model\.bin /);
    expect(Object.keys(unpacked(zipSync({ "model.bin": new Uint8Array(4 * LARGEST_SHOWN) })))).toEqual(["model.bin"]);
  });

  test.each([["nothing", new Uint8Array()], ["a text", strToU8("<Error><Code>AccessDenied</Code></Error>")], ["half a package", packed({ a: strToU8("1") }).slice(0, 40)]])("%s is no package", (_, archive) => {
    expect(() => unpacked(archive)).toThrow();
  });
});

test.each([
  ["a text", strToU8("naïve 🔑"), "naïve 🔑"],
  ["nothing at all", new Uint8Array(), ""],
  ["a library", new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0xff]), undefined],
  ["a letter that is cut off", new Uint8Array([0xc3]), undefined],
  ["as much as is shown", new Uint8Array(LARGEST_SHOWN).fill(97), "a".repeat(LARGEST_SHOWN)],
  ["more than is shown", new Uint8Array(LARGEST_SHOWN + 1).fill(97), undefined],
])("%s is shown, or is not", (_, content, text) => {
  expect(textOf(content)).toBe(text);
});
