import { describe, expect, test } from "vitest";
import { type Catalog, oneOrMultiple, type PolicySummary, summaryOf } from "./summary";

const CATALOG: Catalog = {
  s3: { name: "S3", actions: { List: ["ListBucket"], Read: ["GetObject", "GetObjectAcl"], Write: ["PutObject", "DeleteObject"], "Permissions management": ["PutObjectAcl"] } },
  sqs: { name: "SQS", actions: { Read: ["ReceiveMessage"], Write: ["SendMessage"] } },
  sns: { name: "SNS", actions: { Write: ["Publish"] } },
};

const summary = (...statements: unknown[]): PolicySummary | undefined => summaryOf(JSON.stringify({ Version: "2012-10-17", Statement: statements }), CATALOG);
/** Service, access, resources, conditions. */
const lines = (services: PolicySummary["allow"] | undefined) => services?.map(({ name, access, resources, conditions }) => [name, access, oneOrMultiple(resources), oneOrMultiple(conditions)]);
const allow = (more: object) => ({ Effect: "Allow", Resource: "*", ...more });

describe("access levels", () => {
  test.each<[string, object, (string | undefined)[][]]>([
    ["everything", { Action: "*" }, [["S3", "Full access"], ["SNS", "Full access"], ["SQS", "Full access"]]],
    ["all of a service", { Action: "s3:*" }, [["S3", "Full access"]]],
    ["one action", { Action: "s3:GetObject" }, [["S3", "Limited: Read"]]],
    ["in other letters", { Action: "S3:getobject" }, [["S3", "Limited: Read"]]],
    ["a wild card", { Action: ["s3:Get*", "s3:List*", "s3:PutObject"] }, [["S3", "Full: List, Read Limited: Write"]]],
    ["a question mark is one letter", { Action: "s3:?etObject" }, [["S3", "Limited: Read"]]],
    ["a dot is a dot", { Action: "s3:Get.bject" }, [["S3", "None"]]],
    ["a wild card for services", { Action: "s?s:*" }, [["SNS", "Full access"], ["SQS", "Full access"]]],
    ["all but", { NotAction: "s3:*" }, [["SNS", "Full access"], ["SQS", "Full access"]]],
    ["all but some", { NotAction: ["s3:Put*", "s3:Delete*", "s*s:*"] }, [["S3", "Full: List, Read"]]],
    ["nothing", { Action: [] }, []],
    ["no service", { Action: "GetObject" }, []],
  ])("%s", (_, statement, expected) => {
    expect(summary(allow(statement))?.allow.map(({ name, access }) => [name, access])).toEqual(expected);
  });

  test("what is not known is said, and is no access", () => {
    expect(summary(allow({ Action: ["s3:Frobnicate", "nimbus:*", "s3:GetObject"] }))?.allow.map(({ name, known, access, unrecognized }) => [name, known, access, unrecognized])).toEqual([
      ["nimbus", false, "None", ["nimbus:*"]], ["S3", true, "Limited: Read", ["s3:Frobnicate"]],
    ]);
  });

  test.each(["constructor:a", "__proto__:a", "toString:*"])("%s is a service like another that is not known", (action) => {
    expect(summary(allow({ Action: action }))?.allow.map(({ known, unrecognized }) => [known, unrecognized])).toEqual([[false, [action]]]);
  });

  test("what a service's actions are not allowed is the rest", () => {
    expect(summary(allow({ Action: "sqs:Send*" }))?.allow[0]).toMatchObject({ actions: [{ name: "SendMessage", level: "Write" }], rest: [{ name: "ReceiveMessage", level: "Read" }] });
  });
});

test("denied is apart from allowed, and neither is what has another effect", () => {
  const found = summary(allow({ Action: "s3:*" }), { Effect: "Deny", Action: "s3:DeleteObject", Resource: "arn:aws:s3:::a/*" }, { Effect: "allow", Action: "sqs:*", Resource: "*" }, { Action: "sns:*" });
  expect(lines(found?.allow)).toEqual([["S3", "Full access", "All resources", "None"]]);
  expect(lines(found?.deny)).toEqual([["S3", "Limited: Write", "arn:aws:s3:::a/*", "None"]]);
});

test("several statements on one service are one line", () => {
  const found = summary(allow({ Action: "s3:GetObject", Resource: ["a", "b"] }), allow({ Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "true" } } }));
  expect(lines(found?.allow)).toEqual([["S3", "Full access", "Multiple", "Multiple"]]);
  expect(found?.allow[0]?.actions.find(({ name }) => name === "PutObject")).toMatchObject({ resources: ["All resources"], conditions: ["aws:SecureTransport | bool | true"] });
});

test.each([
  [{ StringNotEqualsIfExists: { "aws:PrincipalTag/team": ["a", "b"] } }, "aws:PrincipalTag/team | string not equals if exists | a, b"],
  [{ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, "aws:SourceIp | IP address | 10.0.0.0/8"],
  [{ "ForAllValues:StringLike": { "aws:TagKeys": "x*" } }, "aws:TagKeys | for all values string like | x*"],
  [{ Bool: { a: true }, Null: { b: "false" } }, "a | bool | true and b | null | false"],
  [{}, "None"],
])("the condition %j is written %s", (Condition, text) => {
  expect(summary(allow({ Action: "sns:Publish", Condition }))?.allow[0]?.conditions).toEqual([text]);
});

test("all resources but one", () => expect(summary({ Effect: "Allow", Action: "sns:*", NotResource: "arn:a" })?.allow[0]?.resources).toEqual(["All except arn:a"]));

test("a statement by itself is a list of one", () => {
  expect(lines(summaryOf(JSON.stringify({ Statement: allow({ Action: "sns:Publish" }) }), CATALOG)?.allow)).toEqual([["SNS", "Full access", "All resources", "None"]]);
});

test.each([
  "", "{", "null", '{"Statement":[null]}', '{"Statement":["a"]}', '{"Statement":[[]]}', '{"Statement":[{"Effect":"Allow","Action":5}]}', '{"Statement":[{"Effect":"Allow","Action":[null]}]}',
  '{"Statement":[{"Effect":"Allow","Action":"*","Resource":{}}]}', '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":null}}]}', '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":"a"}]}',
])("%s has no summary", (text) => expect(summaryOf(text, CATALOG)).toBeUndefined());

test.each(["{}", '{"Statement":[]}', "1", "[]"])("%s allows and denies nothing", (text) => expect(summaryOf(text, CATALOG)).toEqual({ allow: [], deny: [] }));
