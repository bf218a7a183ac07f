import { describe, expect, test } from "vitest";
import { base64, bytesOf, isPlain, type Item, itemOf, shown, textOf } from "./item";
import { itemOfNodes, node, nodesOf } from "./tree";

const BYTES = Uint8Array.from([0, 127, 128, 255]);
const PLAIN: Item = {
  id: { S: "a\"b\\c\n🔑" }, empty: { S: "" }, number: { N: "0.10" }, large: { N: "12345678901234567890123456789012345678" }, small: { N: "-1.5E-130" }, yes: { BOOL: true }, no: { BOOL: false }, nothing: { NULL: true },
  list: { L: [{ N: "1" }, { S: "1" }, { L: [] }, { M: {} }] }, map: { M: { N: { S: "looks like a type" }, " ": { N: "0" } } }, "123": { S: "456" }, constructor: { S: "x" },
};
const ALL: Item = { ...PLAIN, bytes: { B: BYTES }, none: { B: new Uint8Array() }, strings: { SS: ["a", "b"] }, numbers: { NS: ["1", "2.50"] }, binaries: { BS: [BYTES] }, deep: { L: [{ M: { s: { SS: ["x"] } } }] } };

describe("an item is the same after it was written and read", () => {
  test("in DynamoDB's JSON", () => expect(itemOf(textOf(ALL, false), false)).toEqual(ALL));
  test("in plain JSON", () => expect(itemOf(textOf(PLAIN, true), true)).toEqual(PLAIN));
  test("in the form", () => expect(itemOfNodes(nodesOf(ALL))).toEqual(ALL));
  test("without attributes", () => expect(itemOf(textOf({}, false), false)).toEqual({}));
});

test("every digit of a number is written", () => {
  expect(textOf({ n: { N: "12345678901234567890123456789012345678" }, m: { N: "1.0" } }, true)).toBe('{\n  "n": 12345678901234567890123456789012345678,\n  "m": 1.0\n}');
});

test.each<[string, Item]>([
  ['{"a": -0}', { a: { N: "-0" } }], ['{"a": 1e400}', { a: { N: "1e400" } }], ['{"a": "1, 2: 3"}', { a: { S: "1, 2: 3" } }], ['{"a": "\\"1"}', { a: { S: '"1' } }], ['{"a": "\\\\", "b": 1}', { a: { S: "\\" }, b: { N: "1" } }], ['{"1": [1,2]}', { "1": { L: [{ N: "1" }, { N: "2" }] } }],
  ['{"a": "b\\u0000"}', { a: { S: "b\u0000" } }],
])("plain JSON %s", (text, item) => expect(itemOf(text, true)).toEqual(item));

describe("what is no item", () => {
  test.each([
    ["[]", "An item is a JSON object."], ["1", "An item is a JSON object."], ["null", "An item is a JSON object."], ['"a"', "An item is a JSON object."],
    ['{"a": 1}', 'a: a value is an object with one type, such as {"S": "text"}.'], ['{"a": {}}', 'a: a value is an object with one type, such as {"S": "text"}.'], ['{"a": {"S": "x", "N": "1"}}', 'a: a value is an object with one type, such as {"S": "text"}.'], ['{"a": [1]}', 'a: a value is an object with one type, such as {"S": "text"}.'],
    ['{"a": {"X": "x"}}', "a: there is no type X."], ['{"a": {"constructor": "x"}}', "a: there is no type constructor."], ['{"a": {"N": 1}}', "a: this is no value of the type N."], ['{"a": {"S": null}}', "a: this is no value of the type S."], ['{"a": {"BOOL": "true"}}', "a: this is no value of the type BOOL."],
    ['{"a": {"NULL": false}}', "a: this is no value of the type NULL."], ['{"a": {"SS": "x"}}', "a: this is no value of the type SS."], ['{"a": {"NS": [1]}}', "a: this is no value of the type NS."], ['{"a": {"L": {}}}', "a: this is no value of the type L."], ['{"a": {"M": []}}', "a: this is no value of the type M."],
    ['{"a": {"M": {"b": {"N": 1}}}}', "a.b: this is no value of the type N."], ['{"a": {"B": "!"}}', "a: binary values are written in base64."], ['{"a": {"S": "\\u00001"}}', "A text cannot begin with the letter U+0000 here."],
  ])("%s: %s", (text, message) => expect(() => itemOf(text, false)).toThrow(new Error(message)));
  test.each(["", "{", '{"a": 01}', '{"a": 1.}', '{"a": .5}', '{"a": +1}', "{1: 2}", '{"a": 1 2}', '{"a": NaN}', '{"a": 1,}', "{'a': 1}"])("%s is no JSON", (text) => expect(() => itemOf(text, true)).toThrow(SyntaxError));
});

test("plain JSON knows neither sets nor bytes", () => {
  expect(Object.values(PLAIN).filter((value) => !isPlain(value))).toEqual([]);
  expect(Object.entries(ALL).filter(([, value]) => !isPlain(value)).map(([name]) => name)).toEqual(["bytes", "none", "strings", "numbers", "binaries", "deep"]);
});

test.each<[Item[string] | undefined, string]>([
  [undefined, ""], [{ S: "" }, ""], [{ S: "a" }, "a"], [{ N: "1.0" }, "1.0"], [{ BOOL: false }, "false"], [{ NULL: true }, "<null>"], [{ B: BYTES }, "AH+A/w=="], [{ SS: ["a"] }, '{"SS":["a"]}'], [{ L: [{ N: "1.0" }] }, '{"L":[{"N":"1.0"}]}'], [{ M: {} }, '{"M":{}}'],
])("%j is shown as %s", (value, text) => expect(shown(value)).toBe(text));

test("bytes are base64 and back", () => expect(bytesOf(base64(BYTES), "a")).toEqual(BYTES));

describe("the form", () => {
  test.each(["constructor", "toString", "hasOwnProperty"])("an attribute may be called %s", (name) => expect(itemOfNodes([node(name, "S", "x")])).toEqual({ [name]: { S: "x" } }));
  test("an attribute is there once", () => expect(() => itemOfNodes([node("a", "S"), node("a", "N", "1")])).toThrow("There are two attributes a."));
  test("and has a name", () => expect(() => itemOfNodes([node("a", "M", "", [node("", "S")])])).toThrow("An attribute has no name."));
  test("elements of lists have none", () => expect(itemOfNodes([node("l", "L", "", [node("", "N", " 1 "), node("", "BOOL", "false")])])).toEqual({ l: { L: [{ N: "1" }, { BOOL: false }] } }));
  test("sets are lines", () => expect(itemOfNodes([node("s", "SS", "a b\n\nc\n")])).toEqual({ s: { SS: ["a b", "c"] } }));
});
