import { describe, expect, test } from "vitest";
import { controlViews, viewOf } from "./controls";
import { BUILT_RULES } from "./coverage";
import type { RuleView } from "./read";

const rule = (identifier: string, compliance: RuleView["compliance"], owner: "AWS" | "CUSTOM_LAMBDA" = "AWS"): RuleView =>
  ({ rule: { ConfigRuleName: identifier, Source: { Owner: owner, SourceIdentifier: identifier } }, compliance }) as RuleView;

describe("a control", () => {
  const [first, second] = BUILT_RULES.filter(({ controls }) => controls.includes("SC-28"));
  if (first === undefined || second === undefined) throw new Error("two rules that bear on SC-28 are needed");
  test.each<[string, RuleView[], string]>([
    ["without rules", [], "NOT_EVALUATED"],
    ["with a rule that has not judged", [rule(first.identifier, "INSUFFICIENT_DATA")], "NOT_EVALUATED"],
    ["with one that is kept", [rule(first.identifier, "COMPLIANT"), rule(second.identifier, "INSUFFICIENT_DATA")], "COMPLIANT"],
    ["with one that is broken among others", [rule(first.identifier, "COMPLIANT"), rule(second.identifier, "NON_COMPLIANT")], "NON_COMPLIANT"],
    ["with a rule of other controls", [rule("NO_SUCH_RULE", "NON_COMPLIANT")], "NOT_EVALUATED"],
    ["with a function that has such a name", [rule(first.identifier, "NON_COMPLIANT", "CUSTOM_LAMBDA")], "NOT_EVALUATED"],
  ])("%s", (_, rules, state) => expect(viewOf("SC-28", rules).state).toBe(state));
});

test("a control that no rule bears on is empty", () => expect(viewOf("ZZ-99", [])).toEqual({ control: "ZZ-99", title: "", rules: [], built: 0, own: [], state: "NOT_EVALUATED" }));

test("controls are in the order of their numbers, each once, each with its title", () => {
  const all = controlViews([]);
  const names = all.map(({ control }) => control);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => ["AC-3", "AC-4", "AC-17(1)", "AU-2"].includes(name))).toEqual(["AC-3", "AC-4", "AC-17(1)", "AU-2"]);
  expect(all.filter(({ title }) => title === "").map(({ control }) => control)).toEqual([]);
  expect(all.filter(({ built, rules }) => built > rules.length)).toEqual([]);
});
