import type { ConfigurationItem } from "@aws-sdk/client-config-service";
import { describe, expect, test } from "vitest";
import { differences, parsed } from "./diff";

const item = (configuration: unknown, more: Partial<ConfigurationItem> = {}): ConfigurationItem => ({ configuration: JSON.stringify(configuration), ...more });
/** `kind path from -> to`. */
const told = (before: ConfigurationItem | undefined, after: ConfigurationItem) => differences(before, after).map(({ kind, path, from, to }) => `${kind} ${path}: ${from ?? ""} -> ${to ?? ""}`);

describe("of the configuration", () => {
  test.each<[string, unknown, unknown, string[]]>([
    ["nothing", { a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }, []],
    ["a value", { a: 1 }, { a: 2 }, ["changed configuration.a: 1 -> 2"]],
    ["its type", { a: 1 }, { a: "1" }, ["changed configuration.a: 1 -> 1"]],
    ["deep down", { a: { b: { c: true } } }, { a: { b: { c: false } } }, ["changed configuration.a.b.c: true -> false"]],
    ["added", {}, { a: "x" }, ["added configuration.a:  -> x"]],
    ["removed", { a: { b: 1 } }, {}, ['removed configuration.a: { "b": 1 } -> ']],
    ["null is nothing", { a: null, b: 1 }, { b: 1 }, []],
    ["nothing is null", {}, { a: null }, []],
    ["null becomes a value", { a: null }, { a: 0 }, ["added configuration.a:  -> 0"]],
    ["a value becomes null", { a: false }, { a: null }, ["removed configuration.a: false -> "]],
    ["a text that becomes empty", { a: "x" }, { a: "" }, ["changed configuration.a: x -> "]],
    ["an object becomes a list", { a: {} }, { a: [] }, ["changed configuration.a: {} -> []"]],
    ["a list in another order", { a: [1, { b: 1, c: 2 }, 3] }, { a: [3, { c: 2, b: 1 }, 1] }, []],
    ["one more of the same", { a: [1, 1] }, { a: [1, 1, 1] }, ["added configuration.a.2:  -> 1"]],
    ["one fewer of the same", { a: [1, 1] }, { a: [1] }, ["removed configuration.a.1: 1 -> "]],
    ["an element for another", { a: [{ p: 22 }, { p: 80 }] }, { a: [{ p: 443 }, { p: 22 }] }, ['removed configuration.a.1: { "p": 80 } -> ', 'added configuration.a.0:  -> { "p": 443 }']],
    ["in the order of names", { b: 1, a: 1 }, { b: 2, a: 2 }, ["changed configuration.a: 1 -> 2", "changed configuration.b: 1 -> 2"]],
  ])("%s", (_, before, after, expected) => expect(told(item(before), item(after))).toEqual(expected));
});

test("of supplementary configuration, which is JSON within", () => {
  const before = item({}, { supplementaryConfiguration: { Policy: '{"a":[1]}', Acl: "private" } });
  const after = item({}, { supplementaryConfiguration: { Policy: '{"a":[2]}', Acl: "public" } });
  expect(told(before, after)).toEqual([
    "changed supplementaryConfiguration.Acl: private -> public", "removed supplementaryConfiguration.Policy.a.0: 1 -> ", "added supplementaryConfiguration.Policy.a.0:  -> 2",
  ]);
});

test("of tags and relationships, whatever the names of what they lead to", () => {
  const related = { relationshipName: "Is contained in Vpc", resourceType: "AWS::EC2::VPC" as const, resourceId: "vpc-1" };
  expect(told(item({}, { tags: { a: "1" }, relationships: [{ ...related, resourceName: "old" }] }), item({}, { tags: { a: "2", b: "" }, relationships: [related] }))).toEqual(["changed tags.a: 1 -> 2", "added tags.b:  -> "]);
});

test("the first item has nothing to be compared with", () => expect(differences(undefined, item({ a: 1 }))).toEqual([]));
test("a deleted resource has no configuration", () => expect(told(item({ a: 1 }), {})).toEqual(['removed configuration: { "a": 1 } -> ']));

test.each([[undefined, undefined], ["", undefined], ["{", "{"], ["null", null], ["1", 1], ["text", "text"]])("%j is read as %j", (text, value) => expect(parsed(text)).toEqual(value));
