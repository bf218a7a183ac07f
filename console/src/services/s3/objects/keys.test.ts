import { beforeEach, describe, expect, test, vi } from "vitest";
import { sourceOf } from "./copies";
import { taggingOf } from "./ObjectSettings";
import { presigned } from "./presign";
import { folderHref, folderOf, nameOf, objectHref, storageClassName, typeOf } from "./read";
import { folderName } from "./Upload";
import { setSession } from "../../../session/session";

vi.mock("../read", async (original) => ({ ...(await original<typeof import("../read")>()), regionOf: async () => "eu-west-1" }));

test.each([
  ["a.txt", "a.txt", "", "txt"], ["a/b/c.tar.gz", "c.tar.gz", "a/b/", "gz"], ["a/b/", "b/", "a/", "–"], ["a/", "a/", "", "–"], ["/", "/", "", "–"], ["//", "/", "/", "–"], ["/a", "a", "/", "–"], ["a//b", "b", "a//", "–"], [".profile", ".profile", "", "–"], ["a.b/c", "c", "a.b/", "–"], ["a.", "a.", "", ""], ["", "", "", "–"],
])("the key %j is %j in the folder %j, of the type %j", (key, name, folder, type) => {
  expect(nameOf(key)).toBe(name);
  expect(folderOf(key)).toBe(folder);
  expect(typeOf(key)).toBe(type);
  expect(folderOf(key) + nameOf(key)).toBe(key);
});

test.each([["a.txt", "–"], ["photos/a.txt", "photos/"], ["a/b/c", "a/b/"]])("the file %s was chosen in %s", (path, folder) => expect(folderName(path)).toBe(folder));

const KEYS = ["a", "a b", "a/b?c=d&e#f", "100%", "%2F", "a+b", "ü/日本/🔑", "a'b(c)*!", "../a", "&key=x", "\\", "a\nb"];

test.each(KEYS)("the page of %j says its key", (key) => {
  const url = new URL(objectHref("bucket", key, "v+1/=&"), "http://x");
  expect([url.pathname, url.hash]).toEqual(["/s3/buckets/bucket/object", ""]);
  expect([...url.searchParams]).toEqual([["key", key], ["versionId", "v+1/=&"]]);
  expect([...new URL(folderHref("bucket", key), "http://x").searchParams]).toEqual([["prefix", key]]);
});
test("the root has no prefix", () => expect(folderHref("bucket", "")).toBe("/s3/buckets/bucket"));

test.each(KEYS)("a copy of %j names it once", (key) => {
  const [path = "", query] = sourceOf({ bucket: "bucket", key }).split("?");
  expect(decodeURIComponent(path)).toBe(`bucket/${key}`);
  expect(query).toBeUndefined();
  expect(sourceOf({ bucket: "bucket", key, versionId: "v&1" })).toBe(`${path}?versionId=v%261`);
});

test("tags are a query", () => expect(taggingOf([{ key: "a b", value: "c&d=e" }, { key: "ü", value: "" }])).toBe("a%20b=c%26d%3De&%C3%BC="));
test.each([[undefined, "Standard"], ["GLACIER_IR", "Glacier Instant Retrieval"], ["NEW_CLASS", "NEW_CLASS"]])("the storage class %s is %s", (id, name) => expect(storageClassName(id)).toBe(name));

describe("links with a signature", () => {
  beforeEach(() => {
    vi.stubGlobal("sessionStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
    vi.stubGlobal("location", new URL("http://localhost:4566/console/"));
    setSession({ credentials: { accessKeyId: "ASIA1", secretAccessKey: "secret", sessionToken: "to/ken+=" }, identity: { account: "000000000000", arn: "", name: "root" }, region: "us-east-1" });
  });

  test.each(KEYS.filter((key) => !key.startsWith("../")))("of %j lead to it", async (key) => {
    const link = await presigned({ bucket: "bucket", key, versionId: "v 1" }, 60, 'attachment; filename="a"');
    // RFC 3986: only unreserved letters stand for themselves, or the signature is another.
    expect(link).toMatch(/^http:\/\/localhost:4566\/bucket\/[\w\-.~%/]+\?[\w\-.~%=&]+$/);
    const url = new URL(link);
    expect(decodeURIComponent(url.pathname)).toBe(`/bucket/${key}`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      "X-Amz-Expires": "60", "X-Amz-Security-Token": "to/ken+=", "X-Amz-SignedHeaders": "host", "X-Amz-Credential": expect.stringMatching(/^ASIA1\/\d{8}\/eu-west-1\/s3\/aws4_request$/), "X-Amz-Signature": expect.stringMatching(/^[0-9a-f]{64}$/), versionId: "v 1", "response-content-disposition": 'attachment; filename="a"',
    });
    expect(link).not.toContain("secret");
  });

  test("need somebody to sign them", async () => {
    setSession(undefined);
    await expect(presigned({ bucket: "b", key: "k" }, 60)).rejects.toThrow("Sign in first.");
  });
});
