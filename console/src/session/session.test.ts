import { beforeEach, expect, test, vi } from "vitest";
import type { Session } from "./session";

const SESSION: Session = {
  credentials: { accessKeyId: "ASIA1", secretAccessKey: "secret", sessionToken: "token" },
  identity: { account: "000000000000", arn: "arn:aws:iam::000000000000:user/ana", name: "ana" },
  region: "eu-west-1",
};
const kept = new Map<string, string>();

/** The module as a tab has it that was just opened. */
async function opened(): Promise<typeof import("./session")> {
  vi.resetModules();
  return import("./session");
}

beforeEach(() => {
  kept.clear();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
});

test("a new tab has no session", async () => expect((await opened()).currentSession()).toBeUndefined());

test("a session outlives the page, and not the sign-out", async () => {
  (await opened()).setSession(SESSION);
  const again = await opened();
  expect(again.currentSession()).toEqual(SESSION);
  again.setSession(undefined);
  expect(again.currentSession()).toBeUndefined();
  expect([...kept]).toEqual([]);
  expect((await opened()).currentSession()).toBeUndefined();
});

test.each(["", "{", "null", "[]", '"text"', "{}", '{"credentials":{"accessKeyId":"A"}}', '{"identity":{},"region":"us-east-1"}'])("%j in its place is no session", async (text) => {
  kept.set("cloudchamber.session", text);
  expect((await opened()).currentSession()).toBeUndefined();
});

test("a browser that keeps nothing still shows the sign-in", async () => {
  vi.stubGlobal("sessionStorage", { getItem: () => { throw new DOMException("The operation is insecure.", "SecurityError"); } });
  expect((await opened()).currentSession()).toBeUndefined();
});

test("another region is the same session, and listeners hear of it until they leave", async () => {
  const { setSession, setRegion, currentSession, onSession } = await opened();
  setSession(SESSION);
  const heard: (string | undefined)[] = [];
  const leave = onSession(() => heard.push(currentSession()?.region));
  setRegion("us-east-1");
  leave();
  setRegion("us-west-2");
  expect(heard).toEqual(["us-east-1"]);
  expect(currentSession()).toEqual({ ...SESSION, region: "us-west-2" });
});

test("who is not signed in has no region to choose", async () => {
  const { setRegion, currentSession } = await opened();
  setRegion("us-east-1");
  expect(currentSession()).toBeUndefined();
  expect([...kept]).toEqual([]);
});
