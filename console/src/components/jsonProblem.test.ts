import { afterEach, describe, expect, test, vi } from "vitest";
import { problemOf } from "./jsonProblem";

afterEach(() => vi.restoreAllMocks());

/** `^` stands before the letter that is wrong. */
const marked = (text: string) => {
  const before = text.slice(0, text.indexOf("^")).split("\n");
  return { text: text.replace("^", ""), place: { line: before.length, column: before.at(-1)?.length } };
};

describe("the place of what is wrong", () => {
  test.each([
    ["short, at the start", "^x"],
    ["short, in the second half", '{"a": ^x}'],
    ["short, behind the same letter in a text", '{"}": ^}'],
    ["a comma too many, short", '{"a": 1,^}'],
    ["a comma too many, long", '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Effect": "Allow",\n    ^}\n  ]\n}'],
    ["near the start of a long text", "{^a: 1, \"a long text follows here\": [1, 2, 3]}"],
    ["near the end of a long text", '{"a long text stands before": [1, 2, 3], "b": ^x}'],
    ["the same letter just before", '{"aaaaaaaaaaaaaaaaaaaaaaaa": "xxxxxxxxx", "b": ^x, "c": "xxxxxxxxxxxxxxxxxx"}'],
    ["no colon", '{"a" ^1, "b": "and more of the text"}'],
    ["more behind the end", '{"a": 1}\n^{"b": 2}'],
    ["a line break in a text", '{"a": "b^\n"}'],
    ["not ended", '{"a": [1, 2^'],
    ["nothing", "^"],
    ["white space only", "  \n ^"],
  ])("%s", (_, written) => {
    const { text, place } = marked(written);
    expect(problemOf(text)).toMatchObject(place);
  });
});

test.each(["{}", "[]", "null", "1", '"a"', ' {"a": [1, {"b": "}"}]} \n'])("%s is JSON", (text) => expect(problemOf(text)).toBeUndefined());

test.each([
  ["Firefox", "JSON.parse: expected ',' or '}' after property value in object at line 2 column 7 of the JSON data", { line: 2, column: 6, message: "expected ',' or '}' after property value in object" }],
  ["an older Chromium", "Unexpected token } in JSON at position 4", { line: 2, column: 2, message: "Unexpected token }" }],
  ["a newer Chromium", "Expected property name or '}' in JSON at position 4 (line 2 column 3)", { line: 2, column: 2, message: "Expected property name or '}'" }],
  ["Chromium, of a short text", "Unexpected token 'x', \"a\nb x\" is not valid JSON", { message: "Unexpected token 'x'" }],
  ["Safari", "JSON Parse error: Expected '}'", { line: 2, column: 5, message: "JSON Parse error: Expected '}'" }],
])("in the words of %s", (_, said, problem) => {
  vi.spyOn(JSON, "parse").mockImplementation(() => { throw new SyntaxError(said); });
  expect(problemOf("a\nb c d")).toMatchObject(problem);
});
