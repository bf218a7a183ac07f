// Items as text: DynamoDB's own JSON, and plain JSON where nothing is lost by it.
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export type Item = Record<string, AttributeValue>;
type Json = null | boolean | string | Digits | Json[] | { [name: string]: Json };

/** A number as it was written: DynamoDB's have 38 digits, JavaScript's have not. */
class Digits {
  constructor(readonly text: string) {}
}

/** Whether plain JSON says all: it knows neither sets nor bytes. */
export function isPlain(value: AttributeValue): boolean {
  if (value.M !== undefined) return Object.values(value.M).every(isPlain);
  if (value.L !== undefined) return value.L.every(isPlain);
  return value.SS === undefined && value.NS === undefined && value.BS === undefined && value.B === undefined;
}

export function textOf(item: Item, plain: boolean): string {
  return written(plain ? plainOf({ M: item }) : Object.fromEntries(Object.entries(item).map(([name, value]) => [name, dynamoOf(value)])), "");
}

/** The item of a text. Throws an Error that says what is wrong. */
export function itemOf(text: string, plain: boolean): Item {
  const json = parsed(text);
  if (typeof json !== "object" || json === null || Array.isArray(json) || json instanceof Digits) throw new Error("An item is a JSON object.");
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, plain ? fromPlain(value) : fromDynamo(value, name)]));
}

/** One line, as the tables show a value. */
export function shown(value: AttributeValue | undefined): string {
  if (value === undefined) return "";
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return value.N;
  if (value.BOOL !== undefined) return String(value.BOOL);
  if (value.NULL !== undefined) return "<null>";
  if (value.B !== undefined) return base64(value.B);
  return JSON.stringify(JSON.parse(written(dynamoOf(value), "")));
}

function plainOf(value: AttributeValue): Json {
  if (value.M !== undefined) return Object.fromEntries(Object.entries(value.M).map(([name, it]) => [name, plainOf(it)]));
  if (value.L !== undefined) return value.L.map(plainOf);
  if (value.N !== undefined) return new Digits(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.S !== undefined) return value.S;
  return dynamoOf(value);
}

function dynamoOf(value: AttributeValue): Json {
  if (value.M !== undefined) return { M: Object.fromEntries(Object.entries(value.M).map(([name, it]) => [name, dynamoOf(it)])) };
  if (value.L !== undefined) return { L: value.L.map(dynamoOf) };
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: value.N };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.SS !== undefined) return { SS: value.SS };
  if (value.NS !== undefined) return { NS: value.NS };
  return { NULL: true };
}

function fromPlain(json: Json): AttributeValue {
  if (json === null) return { NULL: true };
  if (typeof json === "string") return { S: json };
  if (typeof json === "boolean") return { BOOL: json };
  if (json instanceof Digits) return { N: json.text };
  if (Array.isArray(json)) return { L: json.map(fromPlain) };
  return { M: Object.fromEntries(Object.entries(json).map(([name, value]) => [name, fromPlain(value)])) };
}

function fromDynamo(json: Json, name: string): AttributeValue {
  const entries = json !== null && typeof json === "object" && !Array.isArray(json) && !(json instanceof Digits) ? Object.entries(json) : [];
  const [only] = entries;
  if (only === undefined || entries.length !== 1) throw new Error(`${name}: a value is an object with one type, such as {"S": "text"}.`);
  const [type, value] = only;
  const wrong = () => new Error(`${name}: this is no value of the type ${type}.`);
  const strings = () => {
    if (!Array.isArray(value) || !value.every((it) => typeof it === "string")) throw wrong();
    return value as string[];
  };
  switch (type) {
    case "S":
    case "N":
      if (typeof value !== "string") throw wrong();
      return type === "S" ? { S: value } : { N: value };
    case "B":
      if (typeof value !== "string") throw wrong();
      return { B: bytesOf(value, name) };
    case "BOOL":
      if (typeof value !== "boolean") throw wrong();
      return { BOOL: value };
    case "NULL":
      if (value !== true) throw wrong();
      return { NULL: true };
    case "SS":
      return { SS: strings() };
    case "NS":
      return { NS: strings() };
    case "BS":
      return { BS: strings().map((text) => bytesOf(text, name)) };
    case "L":
      if (!Array.isArray(value)) throw wrong();
      return { L: value.map((it) => fromDynamo(it, name)) };
    case "M":
      if (value === null || typeof value !== "object" || Array.isArray(value) || value instanceof Digits) throw wrong();
      return { M: Object.fromEntries(Object.entries(value).map(([key, it]) => [key, fromDynamo(it, `${name}.${key}`)])) };
    default:
      throw new Error(`${name}: there is no type ${type}.`);
  }
}

export function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function bytesOf(text: string, name: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    throw new Error(`${name}: binary values are written in base64.`);
  }
}

const INDENT = "  ";

function written(json: Json, indent: string): string {
  if (json instanceof Digits) return json.text;
  if (json === null || typeof json !== "object") return JSON.stringify(json);
  const inner = indent + INDENT;
  if (Array.isArray(json)) {
    return json.length === 0 ? "[]" : `[\n${json.map((it) => inner + written(it, inner)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(json);
  return entries.length === 0 ? "{}" : `{\n${entries.map(([name, it]) => `${inner}${JSON.stringify(name)}: ${written(it, inner)}`).join(",\n")}\n${indent}}`;
}

/** As JSON.parse, but with every digit of numbers. */
function parsed(text: string): Json {
  // First as it is written: what is wrong is told of the person's text, and from here on it is JSON.
  JSON.parse(text, (_, value: unknown) => {
    if (typeof value === "string" && value.startsWith("\u0000")) throw new Error("A text cannot begin with the letter U+0000 here.");
    return value;
  });
  // Numbers outside of strings become marked strings; the mark is a letter that no text here begins with.
  const marked = text.replace(/"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (part) => (part.startsWith('"') ? part : `"\\u0000${part}"`));
  return JSON.parse(marked, (_, value: unknown) => (typeof value === "string" && value.startsWith("\u0000") ? new Digits(value.slice(1)) : value)) as Json;
}
