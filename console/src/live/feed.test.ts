import { QueryObserver } from "@tanstack/react-query";
import { afterEach, describe, expect, test, vi } from "vitest";
import { heard, queries } from "../aws/queries";
import { signedFetch } from "../aws/signed";
import { follow, readEvents } from "./feed";
import { setListening } from "./listening";

vi.mock("../aws/signed");

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

describe("a page that is shown while the feed opens, breaks off and opens again", () => {
  const feed = vi.mocked(signedFetch);
  let over = new AbortController();
  let leave = () => {};
  const reads: number[] = [];

  /** A page that reads one thing, and says the how-manieth reading it shows. */
  function show(read: () => Promise<number>, key: readonly unknown[] = ["queues"]) {
    reads.length = 0;
    const observer = new QueryObserver(queries, {
      queryKey: key, meta: { follows: ["sqs.queues"] },
      queryFn: () => heard(key, () => {
        reads.push(reads.length + 1);
        return read();
      }),
    });
    leave = observer.subscribe(() => {});
    return { settled: async (count: number) => vi.waitFor(() => expect([reads.length, observer.getCurrentResult().fetchStatus, observer.getCurrentResult().data]).toEqual([count, "idle", count])) };
  }

  /** A connection: tells what it is given, until it is broken off. */
  function connection() {
    let body: ReadableStreamDefaultController<Uint8Array> | undefined;
    const stream = new ReadableStream<Uint8Array>({ start: (controller) => { body = controller; } });
    return {
      response: new Response(stream),
      tell: (table: string) => body?.enqueue(new TextEncoder().encode(`data: {"tables":["${table}"]}\n\n`)),
      end: () => body?.close(),
    };
  }

  const begin = () => {
    over = new AbortController();
    setListening("opening");
    void follow(over.signal);
  };

  afterEach(() => {
    over.abort();
    leave();
    queries.clear();
    vi.useRealTimers();
    feed.mockReset();
  });

  test("it waits for the feed, and reads once", async () => {
    const one = connection();
    let open = (_: Response) => {};
    feed.mockReturnValueOnce(new Promise((resolve) => { open = resolve; }));
    begin();
    const page = show(async () => reads.length);
    await Promise.resolve();
    expect(reads).toEqual([]);
    open(one.response);
    await page.settled(1);
    one.tell("iam.users");
    one.tell("sqs.queues");
    await page.settled(2);
  });

  test("it does not wait for a feed that never answers, and reads again when it does", async () => {
    vi.useFakeTimers();
    let open = (_: Response) => {};
    feed.mockReturnValueOnce(new Promise((resolve) => { open = resolve; }));
    begin();
    const page = show(async () => reads.length);
    await vi.advanceTimersByTimeAsync(1_000);
    await page.settled(1);
    open(connection().response);
    await page.settled(2);
  });

  test("it is shown to who may not follow", async () => {
    feed.mockResolvedValueOnce(new Response("{}", { status: 403 }));
    begin();
    await show(async () => reads.length).settled(1);
  });

  test("what was shown when the feed broke off is read again when it is back, once", async () => {
    vi.useFakeTimers();
    const [one, two] = [connection(), connection()];
    feed.mockResolvedValueOnce(one.response).mockResolvedValueOnce(two.response);
    begin();
    const page = show(async () => reads.length);
    await page.settled(1);
    one.end();
    await vi.advanceTimersByTimeAsync(500);
    await page.settled(2);
    two.tell("sqs.queues");
    await page.settled(3);
  });

  test("what is opened while the feed is broken is read at once, and again when it is back", async () => {
    vi.useFakeTimers();
    feed.mockRejectedValueOnce(new TypeError("Failed to fetch")).mockResolvedValueOnce(connection().response);
    begin();
    const page = show(async () => reads.length);
    await page.settled(1);
    await vi.advanceTimersByTimeAsync(500);
    await page.settled(2);
  });

  test("a reading that is under way when the feed opens is done once more after it", async () => {
    vi.useFakeTimers();
    const answers: ((count: number) => void)[] = [];
    feed.mockRejectedValueOnce(new TypeError("Failed to fetch")).mockResolvedValueOnce(connection().response);
    begin();
    const page = show(() => new Promise((resolve) => answers.push(resolve)));
    await vi.waitFor(() => expect(answers.length).toBe(1));
    await vi.advanceTimersByTimeAsync(500);
    answers[0]?.(1);
    await vi.waitFor(() => expect(answers.length).toBe(2));
    answers[1]?.(2);
    await page.settled(2);
  });
});
