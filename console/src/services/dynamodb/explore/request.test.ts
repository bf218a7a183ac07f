import type { TableDescription } from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "vitest";
import { ALL_ITEMS, type Filter, inputOf, type Request } from "./request";

const TABLE: TableDescription = {
  TableName: "t",
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }, { AttributeName: "sk", KeyType: "RANGE" }],
  AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }, { AttributeName: "sk", AttributeType: "N" }, { AttributeName: "bin", AttributeType: "B" }],
  GlobalSecondaryIndexes: [{ IndexName: "g", KeySchema: [{ AttributeName: "bin", KeyType: "HASH" }] }],
};
const input = (more: Partial<Request>) => inputOf(TABLE, { ...ALL_ITEMS, ...more });
const filter = (more: Partial<Filter>): Filter => ({ name: "a", type: "S", condition: "=", value: "x", to: "", ...more });

test("all items need no expression", () => expect(input({})).toEqual({ TableName: "t" }));

describe("keys", () => {
  test.each<[string, Partial<Request>, object]>([
    ["partition", { partition: "p" }, { KeyConditionExpression: "#n0 = :v0", ExpressionAttributeNames: { "#n0": "pk" }, ExpressionAttributeValues: { ":v0": { S: "p" } } }],
    ["sort", { partition: "p", sort: { condition: ">=", value: " 5 ", to: "" } }, { KeyConditionExpression: "#n0 = :v0 AND #n1 >= :v1", ExpressionAttributeNames: { "#n0": "pk", "#n1": "sk" }, ExpressionAttributeValues: { ":v0": { S: "p" }, ":v1": { N: "5" } } }],
    ["between", { partition: "", sort: { condition: "between", value: "1", to: "9" }, descending: true }, { KeyConditionExpression: "#n0 = :v0 AND #n1 BETWEEN :v1 AND :v2", ScanIndexForward: false, ExpressionAttributeNames: { "#n0": "pk", "#n1": "sk" }, ExpressionAttributeValues: { ":v0": { S: "" }, ":v1": { N: "1" }, ":v2": { N: "9" } } }],
    ["an index has its own", { index: "g", partition: "AAE=" }, { IndexName: "g", KeyConditionExpression: "#n0 = :v0", ExpressionAttributeNames: { "#n0": "bin" }, ExpressionAttributeValues: { ":v0": { B: Uint8Array.from([0, 1]) } } }],
  ])("%s", (_, more, expected) => expect(input({ query: true, ...more })).toEqual({ TableName: "t", ...expected }));
  test("bytes that are none", () => expect(() => input({ query: true, index: "g", partition: "!" })).toThrow("bin: binary values are written in base64."));
});

describe("filters", () => {
  test.each<[Partial<Filter>, string, unknown[]]>([
    [{}, "#n0 = :v0", [{ S: "x" }]], [{ condition: "<>" }, "#n0 <> :v0", [{ S: "x" }]], [{ condition: "exists" }, "attribute_exists(#n0)", []], [{ condition: "not-exists" }, "attribute_not_exists(#n0)", []], [{ condition: "contains", value: "" }, "contains(#n0, :v0)", [{ S: "" }]],
    [{ condition: "not-contains" }, "NOT contains(#n0, :v0)", [{ S: "x" }]], [{ condition: "begins" }, "begins_with(#n0, :v0)", [{ S: "x" }]], [{ condition: "between", type: "N", value: "1", to: "2" }, "#n0 BETWEEN :v0 AND :v1", [{ N: "1" }, { N: "2" }]],
    [{ type: "BOOL", value: " TRUE" }, "#n0 = :v0", [{ BOOL: true }]], [{ type: "NULL" }, "#n0 = :v0", [{ NULL: true }]],
  ])("%j", (more, expression, values) => {
    const made = input({ filters: [filter(more)] });
    expect(made.FilterExpression).toBe(expression);
    expect(Object.values(made.ExpressionAttributeValues ?? {})).toEqual(values);
  });
  test("what a person writes is never a part of the expression", () => {
    const made = input({ filters: [filter({ name: "a = :x OR size(b)", value: ":v1" }), filter({ name: "" })] });
    expect(made).toMatchObject({ FilterExpression: "#n0 = :v0", ExpressionAttributeNames: { "#n0": "a = :x OR size(b)" }, ExpressionAttributeValues: { ":v0": { S: ":v1" } } });
  });
  test("a name has one alias", () => {
    expect(input({ query: true, partition: "p", filters: [filter({}), filter({ condition: "exists" })], attributes: "a, b,,pk " })).toMatchObject({
      FilterExpression: "#n1 = :v1 AND attribute_exists(#n1)", ProjectionExpression: "#n0, #n2, #n1, #n3", ExpressionAttributeNames: { "#n0": "pk", "#n1": "a", "#n2": "sk", "#n3": "b" },
    });
  });
});
