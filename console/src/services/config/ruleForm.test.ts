import type { ConfigRule } from "@aws-sdk/client-config-service";
import { describe, expect, test } from "vitest";
import { BUILT_RULES } from "./coverage";
import { configRuleOf, formOf, newCustomRule, newManagedRule, parametersOf, ruleProblem, type RuleForm } from "./ruleForm";

const custom = (more: Partial<RuleForm> = {}): RuleForm => ({ ...newCustomRule(), name: "r", function: "arn:f", ...more });
const required = BUILT_RULES.find(({ built }) => built.parameters.some((parameter) => parameter.required));
const changing = BUILT_RULES.find(({ built }) => built.changes && !built.periodic && built.types.length > 0);
if (required === undefined || changing === undefined) throw new Error("rules that the tests need are not built");

describe("a rule stays as it is when its form is opened and saved", () => {
  const CONFIGURATION = ["ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification"].map((MessageType) => ({ EventSource: "aws.config", MessageType }));
  const lambda = (details: object[], more: object = {}) => ({ ConfigRuleName: "r", Description: "", ...more, Source: { Owner: "CUSTOM_LAMBDA", SourceIdentifier: "arn:f", SourceDetails: details } }) as ConfigRule;
  test.each<[string, ConfigRule]>([
    ["on changes", lambda(CONFIGURATION)],
    ["of some types", lambda(CONFIGURATION, { Description: "why", Scope: { ComplianceResourceTypes: ["AWS::S3::Bucket", "AWS::EC2::VPC"] } })],
    ["of one resource", lambda(CONFIGURATION, { Scope: { ComplianceResourceTypes: ["AWS::S3::Bucket"], ComplianceResourceId: "b" } })],
    ["by a tag", lambda(CONFIGURATION, { Scope: { TagKey: "team", TagValue: "a" } })],
    ["by a tag of any value", lambda(CONFIGURATION, { Scope: { TagKey: "team" } })],
    ["periodic", lambda([{ EventSource: "aws.config", MessageType: "ScheduledNotification", MaximumExecutionFrequency: "One_Hour" }])],
    ["both", lambda([...CONFIGURATION, { EventSource: "aws.config", MessageType: "ScheduledNotification", MaximumExecutionFrequency: "TwentyFour_Hours" }])],
    ["with parameters", lambda(CONFIGURATION, { InputParameters: '{"a":"1","empty":"","quote":"\\""}' })],
    ["managed", { ConfigRuleName: "m", Description: "d", Scope: { ComplianceResourceTypes: [...changing.built.types] as string[] }, Source: { Owner: "AWS", SourceIdentifier: changing.identifier } }],
    ["managed, of all", { ConfigRuleName: "m", Description: "", Source: { Owner: "AWS", SourceIdentifier: changing.identifier } }],
  ])("%s", (_, rule) => expect(JSON.parse(JSON.stringify(configRuleOf(formOf(rule))))).toEqual(rule));
});

test("every managed rule's form begins with its own types, and is complete but for what only a person knows", () => {
  for (const rule of BUILT_RULES) {
    const form = newManagedRule(rule);
    expect(form.description.length).toBeLessThanOrEqual(256);
    expect(ruleProblem(form) ?? "The parameter").toMatch(/^The parameter/);
    expect(formOf(configRuleOf(form))).toEqual(form);
  }
});

test.each<[string, RuleForm, string | undefined]>([
  ["complete", custom({ changes: true }), undefined],
  ["no name", custom({ name: " " }), "Give the rule a name."],
  ["no function", custom({ function: " " }), "Name the function that judges."],
  ["never judging", custom({ changes: false }), "Choose when the rule judges."],
  ["no types", custom({ scope: "resources" }), "Choose the types of resources that the rule judges."],
  ["no types, and not asked by types", custom({ scope: "resources", changes: false, periodic: true }), undefined],
  ["no tag", custom({ scope: "tags" }), "Name the tag of the resources that the rule judges."],
  ["a parameter twice", custom({ parameters: [{ key: "a", value: "1" }, { key: "a", value: "2" }] }), "There are two parameters a."],
  ["empty lines", custom({ parameters: [{ key: "", value: "" }, { key: "", value: "" }] }), undefined],
])("what keeps it from being sent: %s", (_, form, problem) => expect(ruleProblem(form)).toBe(problem));

test("a required parameter that is empty", () => {
  const form = newManagedRule(required);
  const name = required.built.parameters.find((parameter) => parameter.required)?.name;
  expect(ruleProblem({ ...form, parameters: form.parameters.map(({ key }) => ({ key, value: "" })) })).toBe(`The parameter ${name} is required.`);
});

test("a managed rule's empty parameters are left out, a function's are sent", () => {
  const parameters = [{ key: "a", value: "" }, { key: "", value: "lost" }];
  expect(configRuleOf(custom({ parameters })).InputParameters).toBe('{"a":""}');
  expect(configRuleOf({ ...newManagedRule(changing), parameters }).InputParameters).toBeUndefined();
});

test.each([[undefined, {}], ["", {}], ["{}", {}], ['{"a":"x","b":1,"c":true,"d":null,"e":{"f":[]}}', { a: "x", b: "1", c: "true", d: "null", e: '{"f":[]}' }]])("the parameters %s", (InputParameters, expected) => {
  expect(parametersOf({ Source: { Owner: "AWS" }, ...(InputParameters !== undefined && { InputParameters }) })).toEqual(expected);
});
