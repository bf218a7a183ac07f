// What "Explore items" asks for, as Scan and Query take it.
import {
  type AttributeValue,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { dynamodb, type Keys, keysOf } from "../read";
import { bytesOf, type Item } from "./item";

export const CONDITIONS = [
  ["=", "Equal to"], ["<>", "Not equal to"], ["<=", "Less than or equal to"], ["<", "Less than"], [">=", "Greater than or equal to"], [">", "Greater than"],
  ["between", "Between"], ["exists", "Exists"], ["not-exists", "Not exists"], ["contains", "Contains"], ["not-contains", "Not contains"], ["begins", "Begins with"],
] as const;
export type Condition = (typeof CONDITIONS)[number][0];
export const SORT_CONDITIONS: readonly Condition[] = ["=", "<=", "<", ">=", ">", "between", "begins"];

export interface Filter {
  name: string;
  type: string;
  condition: Condition;
  value: string;
  to: string;
}

export interface Request {
  query: boolean;
  /** "" is the table itself. */
  index: string;
  partition: string;
  sort: { condition: Condition; value: string; to: string };
  descending: boolean;
  /** Names with commas between them; "" is all. */
  attributes: string;
  filters: readonly Filter[];
}

export const ALL_ITEMS: Request = { query: false, index: "", partition: "", sort: { condition: "=", value: "", to: "" }, descending: false, attributes: "", filters: [] };

export interface Results {
  items: Item[];
  scanned: number;
  units: number;
  more: boolean;
  milliseconds: number;
}

export function indexed(table: TableDescription, index: string): Keys {
  const found = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])].find(({ IndexName }) => IndexName === index);
  return keysOf(table, found ?? table);
}

/** Items until there are so many, or until so many requests were made. */
export async function run(table: TableDescription, request: Request, wanted: number): Promise<Results> {
  const input = inputOf(table, request);
  const results: Results = { items: [], scanned: 0, units: 0, more: false, milliseconds: 0 };
  const began = performance.now();
  let from: Item | undefined;
  for (let requests = 0; requests < 20; requests += 1) {
    const paged = { ...input, ExclusiveStartKey: from, ReturnConsumedCapacity: "TOTAL" as const, Limit: 300 };
    const page = request.query ? await dynamodb().send(new QueryCommand(paged)) : await dynamodb().send(new ScanCommand(paged));
    results.items.push(...(page.Items ?? []));
    results.scanned += page.ScannedCount ?? 0;
    results.units += page.ConsumedCapacity?.CapacityUnits ?? 0;
    from = page.LastEvaluatedKey;
    if (from === undefined || results.items.length >= wanted) break;
  }
  return { ...results, more: from !== undefined, milliseconds: performance.now() - began };
}

/** What Scan or Query is called with. Throws an Error where a value cannot be written. */
export function inputOf(table: TableDescription, request: Request): QueryCommandInput {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  const named = (name: string) => {
    const known = Object.entries(names).find(([, it]) => it === name)?.[0];
    const alias = known ?? `#n${Object.keys(names).length}`;
    names[alias] = name;
    return alias;
  };
  const valued = (type: string, text: string, of: string) => {
    const alias = `:v${Object.keys(values).length}`;
    values[alias] = valueOf(type, text, of);
    return alias;
  };
  const compared = ({ name, type, condition, value, to }: Filter): string => {
    const attribute = named(name);
    switch (condition) {
      case "exists":
        return `attribute_exists(${attribute})`;
      case "not-exists":
        return `attribute_not_exists(${attribute})`;
      case "between":
        return `${attribute} BETWEEN ${valued(type, value, name)} AND ${valued(type, to, name)}`;
      case "begins":
        return `begins_with(${attribute}, ${valued(type, value, name)})`;
      case "contains":
        return `contains(${attribute}, ${valued(type, value, name)})`;
      case "not-contains":
        return `NOT contains(${attribute}, ${valued(type, value, name)})`;
      default:
        return `${attribute} ${condition} ${valued(type, value, name)}`;
    }
  };
  const keys = indexed(table, request.index);
  const conditions = !request.query ? [] : [
    compared({ name: keys.partition, type: keys.partitionType, condition: "=", value: request.partition, to: "" }),
    ...(keys.sort === undefined || request.sort.value === "" ? [] : [compared({ name: keys.sort, type: keys.sortType ?? "S", ...request.sort })]),
  ];
  const filters = request.filters.filter(({ name }) => name !== "").map(compared);
  const attributes = request.attributes.split(",").map((name) => name.trim()).filter((name) => name !== "");
  // The keys are always shown: by them an item is opened.
  const projected = attributes.length === 0 ? [] : [...new Set([...Object.values(keysOf(table)).slice(0, 1), ...(keysOf(table).sort === undefined ? [] : [keysOf(table).sort ?? ""]), ...attributes])].map(named);
  return {
    TableName: table.TableName,
    ...(request.index !== "" && { IndexName: request.index }),
    ...(conditions.length > 0 && { KeyConditionExpression: conditions.join(" AND ") }),
    ...(filters.length > 0 && { FilterExpression: filters.join(" AND ") }),
    ...(projected.length > 0 && { ProjectionExpression: projected.join(", ") }),
    ...(request.query && request.descending && { ScanIndexForward: false }),
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

function valueOf(type: string, text: string, name: string): AttributeValue {
  switch (type) {
    case "N":
      return { N: text.trim() };
    case "B":
      return { B: bytesOf(text, name) };
    case "BOOL":
      return { BOOL: text.trim().toLowerCase() === "true" };
    case "NULL":
      return { NULL: true };
    default:
      return { S: text };
  }
}
