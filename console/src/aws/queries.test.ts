import { QueryObserver } from "@tanstack/react-query";
import { describe, expect, test, vi } from "vitest";
import { changed, every, matches, queries } from "./queries";

test.each([
  ["s3.objects", "s3.objects", true],
  ["s3.objects", "s3.object", false],
  ["s3.objects", "s3.objects-of-others", false],
  ["s3.*", "s3.objects", true],
  ["s3.*", "s3", false],
  ["s3.*", "s3x.objects", false],
  ["AWS::S3::*", "AWS::S3::Bucket", true],
  ["*", "anything", true],
  ["s3.objects", "*", true],
  ["s3.objects", "s3.*", false],
  ["s3.objects", "S3.OBJECTS", false],
  ["", "", true],
])("what follows %j is read again when %j changes: %s", (follow, table, same) => expect(matches(follow, table)).toBe(same));

describe("all pages of a list", () => {
  const paged = (pages: readonly (readonly [number[] | undefined, string | undefined])[]) => {
    const asked: (string | undefined)[] = [];
    const read = (limit?: number) => every(
      async (token) => { asked.push(token); return pages[asked.length - 1] ?? [undefined, undefined] as const; },
      ([items, next]): [readonly number[] | undefined, string | undefined] => [items, next], limit,
    );
    return { asked, read };
  };
  test.each<[string, Parameters<typeof paged>[0], number[], (string | undefined)[]]>([
    ["one page", [[[1, 2], undefined]], [1, 2], [undefined]],
    ["none", [[undefined, undefined]], [], [undefined]],
    ["a token that is empty", [[[1], ""]], [1], [undefined]],
    ["several", [[[1], "a"], [[2], "b"], [[3], undefined]], [1, 2, 3], [undefined, "a", "b"]],
    ["an empty page with more behind it", [[[], "a"], [undefined, "b"], [[3], undefined]], [3], [undefined, "a", "b"]],
  ])("%s", async (_, pages, items, tokens) => {
    const { asked, read } = paged(pages);
    expect(await read()).toEqual(items);
    expect(asked).toEqual(tokens);
  });
  test("no more is asked for when there are enough", async () => {
    const { asked, read } = paged([[[1, 2], "a"], [[3, 4], "b"], [[5], undefined]]);
    expect(await read(3)).toEqual([1, 2, 3, 4]);
    expect(asked).toEqual([undefined, "a"]);
  });
  test("a page that fails fails the list", async () => {
    await expect(every(async () => { throw new Error("denied"); }, () => [[], undefined])).rejects.toThrow("denied");
  });
});

test("what changes while it is read for the first time is read once more", async () => {
  const answer: ((text: string) => void)[] = [];
  const observer = new QueryObserver(queries, { queryKey: ["slow"], meta: { follows: ["s3.objects"] }, queryFn: () => new Promise<string>((resolve) => answer.push(resolve)) });
  const leave = observer.subscribe(() => {});
  await vi.waitFor(() => expect(answer.length).toBe(1));
  changed(["iam.users"]);
  changed(["s3.objects"]);
  answer[0]?.("before");
  await vi.waitFor(() => expect(answer.length).toBe(2));
  answer[1]?.("after");
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe("after"));
  leave();
  queries.clear();
});
