import { describe, expect, test } from "vitest";
import { readEvents } from "./feed";

const EVENTS = 'retry: 100\n\n: hello\n\nid: 1\ndata: {"tables":["s3.objects","AWS::S3::Bucket"]}\n\ndata:{"tables":["iam.users"]}\r\n\r\ndata: {"other":1}\n\ndata: {"tables":["é🔑"]}\n\n';
const TOLD = [["s3.objects", "AWS::S3::Bucket"], ["iam.users"], ["é🔑"]];

function stream(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function told(chunks: readonly Uint8Array[]): Promise<(readonly string[])[]> {
  const all: (readonly string[])[] = [];
  await readEvents(stream(chunks), new AbortController().signal, (tables) => all.push(tables));
  return all;
}

describe("events arrive whole, however they are cut", () => {
  const bytes = new TextEncoder().encode(EVENTS);
  test.each([bytes.length, 100, 17, 3, 1])("into chunks of %i bytes", async (size) => {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.slice(at * size, (at + 1) * size));
    expect(await told(chunks)).toEqual(TOLD);
  });
});

test("an event that the connection broke off in is not told", async () => {
  expect(await told([new TextEncoder().encode('data: {"tables":["a"]}\ndata: {"tables":["b"]')])).toEqual([["a"]]);
});

test("what is no event ends the reading, so that it is begun again", async () => {
  await expect(told([new TextEncoder().encode("data: <html>\n")])).rejects.toThrow(SyntaxError);
});

test("who has signed out is told nothing more", async () => {
  const over = new AbortController();
  over.abort();
  const all: unknown[] = [];
  await readEvents(stream([new TextEncoder().encode(EVENTS)]), over.signal, (tables) => all.push(tables));
  expect(all).toEqual([]);
});
