// An item as the form edits it: attributes with types, in order.
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { base64, bytesOf, type Item } from "./item";

export const TYPES = [
  ["S", "String"], ["N", "Number"], ["B", "Binary"], ["BOOL", "Boolean"], ["NULL", "Null"],
  ["SS", "String set"], ["NS", "Number set"], ["BS", "Binary set"], ["L", "List"], ["M", "Map"],
] as const;
export type Type = (typeof TYPES)[number][0];

export interface Node {
  /** Tells it from the others while it is edited. */
  id: number;
  name: string;
  type: Type;
  text: string;
  children: Node[];
}

let next = 0;

export function node(name: string, type: Type, text = "", children: Node[] = []): Node {
  next += 1;
  return { id: next, name, type, text, children };
}

export function nodesOf(item: Item): Node[] {
  return Object.entries(item).map(([name, value]) => nodeOf(name, value));
}

function nodeOf(name: string, value: AttributeValue): Node {
  if (value.S !== undefined) return node(name, "S", value.S);
  if (value.N !== undefined) return node(name, "N", value.N);
  if (value.B !== undefined) return node(name, "B", base64(value.B));
  if (value.BOOL !== undefined) return node(name, "BOOL", String(value.BOOL));
  if (value.SS !== undefined) return node(name, "SS", value.SS.join("\n"));
  if (value.NS !== undefined) return node(name, "NS", value.NS.join("\n"));
  if (value.BS !== undefined) return node(name, "BS", value.BS.map(base64).join("\n"));
  if (value.L !== undefined) return node(name, "L", "", value.L.map((it, at) => nodeOf(String(at), it)));
  if (value.M !== undefined) return node(name, "M", "", Object.entries(value.M).map(([key, it]) => nodeOf(key, it)));
  return node(name, "NULL");
}

/** Throws an Error that says what is wrong. */
export function itemOfNodes(nodes: readonly Node[]): Item {
  const item = new Map<string, AttributeValue>();
  for (const it of nodes) {
    if (it.name === "") throw new Error("An attribute has no name.");
    if (item.has(it.name)) throw new Error(`There are two attributes ${it.name}.`);
    item.set(it.name, valueOf(it));
  }
  return Object.fromEntries(item);
}

function valueOf({ name, type, text, children }: Node): AttributeValue {
  const lines = text.split("\n").filter((line) => line !== "");
  switch (type) {
    case "S":
      return { S: text };
    case "N":
      return { N: text.trim() };
    case "B":
      return { B: bytesOf(text, name) };
    case "BOOL":
      return { BOOL: text === "true" };
    case "NULL":
      return { NULL: true };
    case "SS":
      return { SS: lines };
    case "NS":
      return { NS: lines };
    case "BS":
      return { BS: lines.map((line) => bytesOf(line, name)) };
    case "L":
      return { L: children.map(valueOf) };
    case "M":
      return { M: itemOfNodes(children) };
  }
}
