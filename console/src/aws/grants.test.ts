import { describe, expect, test } from "vitest";
import { statementId, withStatements } from "./grants";

describe("ids of statements", () => {
  const of = (name: string) => statementId("AlarmAction", `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`);
  test("hold what ids may hold", () => expect(of("an alarm: 100% über")).toMatch(/^AlarmAction-alarm[A-Za-z0-9_-]+$/));
  test("are distinct", () => expect(new Set(["a-b", "a.b", "a b", "ab", "a_b"].map(of)).size).toBe(5));
  test("are short enough, and of long names the end tells them apart", () => {
    const long = "x".repeat(200);
    expect(of(long).length).toBe(100);
    expect(of(`${long}1`)).not.toBe(of(`${long}2`));
  });
});

test("statements take the place of those of their id, and the others stay", () => {
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "mine", Effect: "Deny" }, { Sid: "a", Effect: "Deny" }] });
  expect(JSON.parse(withStatements(policy, [{ Sid: "a", Effect: "Allow" }]))).toEqual({ Version: "2012-10-17", Statement: [{ Sid: "mine", Effect: "Deny" }, { Sid: "a", Effect: "Allow" }] });
  expect(JSON.parse(withStatements(undefined, [{ Sid: "a" }]))).toEqual({ Version: "2012-10-17", Statement: [{ Sid: "a" }] });
  expect(JSON.parse(withStatements(JSON.stringify({ Statement: { Sid: "one" } }), []))).toMatchObject({ Statement: [{ Sid: "one" }] });
});
