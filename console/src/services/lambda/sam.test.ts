import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { samTemplate } from "./sam";

type Beside = Parameters<typeof samTemplate>[1];
const NOTHING: Beside = { mappings: [], statements: [], recursiveLoop: "Terminate", updateRuntimeOn: "Auto", tags: {} };

interface Template {
  AWSTemplateFormatVersion: unknown;
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

/** As SAM's own reader has it: YAML 1.1, in which `no` is false and `1:30` is ninety. */
function read(configuration: FunctionConfiguration, beside: Partial<Beside> = {}): Template {
  return parse(samTemplate(configuration, { ...NOTHING, ...beside }), { version: "1.1" }) as Template;
}

function propertiesOf(configuration: FunctionConfiguration, beside: Partial<Beside> = {}): Record<string, unknown> {
  const [only, ...more] = Object.values(read({ FunctionName: "f", ...configuration }, beside).Resources);
  expect(more).toEqual([]);
  return only?.Properties ?? {};
}

describe("a value of the environment is a text, whatever it looks like", () => {
  test.each([
    "", " ", "plain", "two words", "true", "No", "off", "y", "NULL", "~", "null", "123", "0123", "0x1F", "1e3", "1_000", "12:30:45", "2024-01-31", "-", "- a", "a - b",
    "a: b", "a:", ":a", "a #b", "#a", "[a]", "{a: b}", "*alias", "&anchor", "!tag", "|", ">", "%x", "@x", "`x`", "'single'", '"double"', "back\\slash", "=", "<<", ".inf", "...", "---",
    "trailing ", " leading", "line\nbreak", "\n", "a\r\nb", "tab\there", "bell\u0007", "next\u0085line", "line\u2028separator", "\ufeffmark", "delete\u007f", "ünïcode", "日本語", "🔑",
    "arn:aws:sqs:us-east-1:000000000000:q", "https://example.com/?a=b&c=d#e", "x".repeat(500), "word ".repeat(100),
  ])("%j", (value) => {
    expect(propertiesOf({ Environment: { Variables: { KEY: value } } })["Environment"]).toEqual({ Variables: { KEY: value } });
  });
});

test.each(["no", "123", "a b", "a:b", "", "-", "aws:cloudformation:stack-name", "ключ"])("%j stays a text as the key of a tag", (key) => {
  expect(propertiesOf({}, { tags: { [key]: "1" } })["Tags"]).toEqual({ [key]: "1" });
});

test("policies keep lists in lists, maps in lists, and empty ones", () => {
  const statements = [
    { Sid: "", Effect: "Allow", Action: ["s3:GetObject", "s3:*"], Resource: "*" },
    { Effect: "Deny", Action: [], NotResource: ["arn:aws:s3:::a/*"], Condition: {} },
    { Effect: "Allow", Action: "*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "true" }, IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "::/0"] }, NumericLessThan: { "s3:max-keys": 10 }, Null: { a: true, b: null } } },
    [["nested", ["deeper", { in: [1, 2.5, -0.25] }]], []],
  ];
  expect(propertiesOf({}, { statements })["Policies"]).toEqual([{ Version: "2012-10-17", Statement: statements }]);
});

test("the version of the template's format is a text, and not a date", () => {
  expect(read({ FunctionName: "f" }).AWSTemplateFormatVersion).toBe("2010-09-09");
});

test("what is not set is as Lambda has it", () => {
  expect(propertiesOf({ Handler: "app.handler", Runtime: "python3.13", MemorySize: 128, Timeout: 3 })).toEqual({
    CodeUri: ".", Description: "", MemorySize: 128, Timeout: 3, Handler: "app.handler", Runtime: "python3.13", Architectures: ["x86_64"], EphemeralStorage: { Size: 512 },
    EventInvokeConfig: { MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 2 }, PackageType: "Zip", RecursiveLoop: "Terminate", SnapStart: { ApplyOn: "None" },
    RuntimeManagementConfig: { UpdateRuntimeOn: "Auto" },
  });
});

test("what is set to nothing is said", () => {
  const properties = propertiesOf({}, { invoke: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } });
  expect(properties["EventInvokeConfig"]).toEqual({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 });
});

test("event sources are events", () => {
  const queue = "arn:aws:sqs:us-east-1:000000000000:q";
  const stream = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/2026-01-01T00:00:00.000";
  expect(propertiesOf({}, { mappings: [{ EventSourceArn: queue, BatchSize: 10, State: "Enabled" }, { EventSourceArn: stream, BatchSize: 1, State: "Disabled", StartingPosition: "TRIM_HORIZON" }] })["Events"]).toEqual({
    Source1: { Type: "SQS", Properties: { Queue: queue, BatchSize: 10, Enabled: true } },
    Source2: { Type: "DynamoDB", Properties: { Stream: stream, BatchSize: 1, StartingPosition: "TRIM_HORIZON", Enabled: false } },
  });
});

test.each([["my-function_2", "myfunction2"], ["2nd", "2nd"], ["-_-", "Function"]])("the function %s has the logical id %s", (name, logical) => {
  expect(Object.keys(read({ FunctionName: name }).Resources)).toEqual([logical]);
});
