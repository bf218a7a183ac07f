import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { client } from "../aws/clients";
import { currentSession, setSession } from "./session";
import { switchBack, switchRole } from "./switch";

vi.mock("../aws/clients");

const ANN = {
  credentials: { accessKeyId: "ASIA1", secretAccessKey: "secret" },
  identity: { account: "111122223333", alias: "pine", arn: "arn:aws:iam::111122223333:user/ann", name: "ann" },
};
const asked: [string, unknown][] = [];
let aliases: () => Promise<unknown>;

beforeEach(() => {
  vi.stubGlobal("sessionStorage", { getItem: () => null, setItem: () => {}, removeItem: () => {} });
  setSession({ ...ANN, region: "us-east-1" });
  asked.length = 0;
  aliases = async () => ({ AccountAliases: ["fir"] });
  vi.mocked(client).mockReturnValue({
    send: async (command: { constructor: { name: string }; input: unknown }) => {
      asked.push([command.constructor.name, command.input]);
      return command.constructor.name === "ListAccountAliasesCommand" ? aliases() : { Credentials: { AccessKeyId: "ASIA2", SecretAccessKey: "other" }, AssumedRoleUser: { Arn: "arn:aws:sts::…" } };
    },
  });
});
afterEach(() => setSession(undefined));

const assumed = () => asked.filter(([name]) => name === "AssumeRoleCommand").map(([, input]) => (input as { RoleArn: string }).RoleArn);

test.each([
  ["444455556666", "arn:aws:iam::444455556666:role/ops/reader"], [" 444455556666 ", "arn:aws:iam::444455556666:role/ops/reader"],
  ["pine", "arn:aws:iam::111122223333:role/ops/reader"], ["fir", "arn:aws:iam::111122223333:role/ops/reader"],
])("by %j", async (account, arn) => {
  await switchRole(account, "/ops/reader", "");
  expect(assumed()).toEqual([arn]);
  expect(currentSession()).toMatchObject({ identity: { account: arn.slice(13, 25), name: "ops/reader/ann" }, switchedFrom: ANN });
});

test("an alias that is not known is not asked of STS", async () => {
  await expect(switchRole("oak", "reader", "")).rejects.toThrow(/oak is neither a 12-digit account ID nor the alias of your account 111122223333/);
  expect(assumed()).toEqual([]);
  expect(currentSession()?.identity.name).toBe("ann");
});

test("who may not list aliases has the one that the sign-in told", async () => {
  aliases = async () => { throw new Error("AccessDenied"); };
  await expect(switchRole("fir", "reader", "")).rejects.toThrow(/Enter the ID/);
  await switchRole("pine", "reader", "");
  expect(assumed()).toEqual(["arn:aws:iam::111122223333:role/reader"]);
});

test("from a role to the next, and back to the person", async () => {
  await switchRole("444455556666", "first", "");
  await switchRole("pine", "second", "Second");
  expect(assumed().at(-1)).toBe("arn:aws:iam::111122223333:role/second");
  expect(currentSession()?.identity.name).toBe("Second");
  switchBack();
  expect(currentSession()).toEqual({ ...ANN, region: "us-east-1" });
});
