import type { ConfigurationRecorder } from "@aws-sdk/client-config-service";
import { describe, expect, test } from "vitest";
import { GLOBAL_IAM, groupOf, linkedRoleArn, modeOf, newRecording, problemOf, type Recording, recordingOf } from "./recording";

const IAM_TYPES = ["AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User"];
const own = (more: Partial<Recording>): Recording => ({ ...newRecording(), ...more });

const FORMS: [string, Recording, object, object][] = [
  ["all but IAM, as the console begins", newRecording(), { allSupported: true, includeGlobalResourceTypes: false, recordingStrategy: { useOnly: "ALL_SUPPORTED_RESOURCE_TYPES" } }, { recordingFrequency: "CONTINUOUS" }],
  ["all", own({ overrides: [] }), { allSupported: true, includeGlobalResourceTypes: true, recordingStrategy: { useOnly: "ALL_SUPPORTED_RESOURCE_TYPES" } }, { recordingFrequency: "CONTINUOUS" }],
  [
    "all but IAM and another", own({ overrides: [{ type: GLOBAL_IAM, choice: "EXCLUDE" }, { type: "AWS::S3::Bucket", choice: "EXCLUDE" }] }),
    { allSupported: false, includeGlobalResourceTypes: false, recordingStrategy: { useOnly: "EXCLUSION_BY_RESOURCE_TYPES" }, exclusionByResourceTypes: { resourceTypes: [...IAM_TYPES, "AWS::S3::Bucket"] } }, { recordingFrequency: "CONTINUOUS" },
  ],
  [
    "all but one, IAM daily", own({ overrides: [{ type: "AWS::S3::Bucket", choice: "EXCLUDE" }, ...IAM_TYPES.map((type) => ({ type, choice: "DAILY" as const }))] }),
    { allSupported: false, includeGlobalResourceTypes: false, recordingStrategy: { useOnly: "EXCLUSION_BY_RESOURCE_TYPES" }, exclusionByResourceTypes: { resourceTypes: ["AWS::S3::Bucket"] } },
    { recordingFrequency: "CONTINUOUS", recordingModeOverrides: [{ resourceTypes: IAM_TYPES, recordingFrequency: "DAILY" }] },
  ],
  [
    "daily, one at once", own({ frequency: "DAILY", overrides: [{ type: "AWS::EC2::VPC", choice: "CONTINUOUS" }] }),
    { allSupported: true, includeGlobalResourceTypes: true, recordingStrategy: { useOnly: "ALL_SUPPORTED_RESOURCE_TYPES" } },
    { recordingFrequency: "DAILY", recordingModeOverrides: [{ resourceTypes: ["AWS::EC2::VPC"], recordingFrequency: "CONTINUOUS" }] },
  ],
  [
    "some", own({ strategy: "specific", overrides: [], types: [{ type: "AWS::S3::Bucket", choice: "CONTINUOUS" }, { type: "AWS::EC2::VPC", choice: "DAILY" }] }),
    { allSupported: false, includeGlobalResourceTypes: false, recordingStrategy: { useOnly: "INCLUSION_BY_RESOURCE_TYPES" }, resourceTypes: ["AWS::S3::Bucket", "AWS::EC2::VPC"] },
    { recordingFrequency: "CONTINUOUS", recordingModeOverrides: [{ resourceTypes: ["AWS::EC2::VPC"], recordingFrequency: "DAILY" }] },
  ],
  [
    "some, all of them daily", own({ strategy: "specific", frequency: "DAILY", overrides: [], types: [{ type: "AWS::S3::Bucket", choice: "DAILY" }] }),
    { allSupported: false, includeGlobalResourceTypes: false, recordingStrategy: { useOnly: "INCLUSION_BY_RESOURCE_TYPES" }, resourceTypes: ["AWS::S3::Bucket"] }, { recordingFrequency: "DAILY" },
  ],
];

describe("a form and a recorder say the same", () => {
  test.each(FORMS)("%s", (_, form, group, mode) => {
    expect(groupOf(form)).toEqual(group);
    expect(modeOf(form)).toEqual(mode);
    const again = recordingOf({ roleARN: linkedRoleArn("000000000000"), recordingGroup: groupOf(form), recordingMode: modeOf(form) }, undefined);
    expect(again).toEqual({ ...form, overrides: again.overrides, types: form.strategy === "specific" ? form.types : newRecording().types });
    expect(groupOf(again)).toEqual(group);
    expect(modeOf(again)).toEqual(mode);
  });
});

test("IAM in one line is its four types", () => {
  const recording = own({ overrides: [{ type: GLOBAL_IAM, choice: "DAILY" }, { type: "", choice: "EXCLUDE" }] });
  expect(groupOf(recording)).toMatchObject({ allSupported: true, includeGlobalResourceTypes: true });
  expect(modeOf(recording)).toEqual({ recordingFrequency: "CONTINUOUS", recordingModeOverrides: [{ resourceTypes: IAM_TYPES, recordingFrequency: "DAILY" }] });
});

test("a line that says what is so anyway overrides nothing", () => {
  expect(modeOf(own({ overrides: [{ type: "AWS::S3::Bucket", choice: "CONTINUOUS" }] }))).toEqual({ recordingFrequency: "CONTINUOUS" });
});

test("some of IAM excluded is not all of it excluded", () => {
  const recording = recordingOf({ recordingGroup: { recordingStrategy: { useOnly: "EXCLUSION_BY_RESOURCE_TYPES" }, exclusionByResourceTypes: { resourceTypes: ["AWS::IAM::User"] } } }, undefined);
  expect(recording.overrides).toEqual([{ type: "AWS::IAM::User", choice: "EXCLUDE" }]);
});

test.each<[string, ConfigurationRecorder, Recording["strategy"]]>([
  ["types and no strategy", { recordingGroup: { allSupported: false, resourceTypes: ["AWS::S3::Bucket"] } }, "specific"],
  ["all and no strategy", { recordingGroup: { allSupported: true, resourceTypes: [] } }, "all"],
  ["nothing", {}, "all"],
])("a recorder that was put with %s", (_, recorder, strategy) => expect(recordingOf(recorder, undefined).strategy).toBe(strategy));

test("a role of one's own is kept", () => {
  const roleARN = "arn:aws:iam::000000000000:role/config";
  expect(recordingOf({ roleARN }, 30)).toMatchObject({ role: "own", roleArn: roleARN, retention: 30 });
});

test.each<[string, Partial<Recording>, string | undefined]>([
  ["as it begins", {}, undefined],
  ["no type", { strategy: "specific" }, "Choose at least one resource type to record."],
  ["no role", { role: "own" }, "Choose the IAM role that AWS Config is to use."],
  ["the shortest retention", { retention: 30 }, undefined], ["too short", { retention: 29 }, "The retention period is 30 to 2557 days."],
  ["the longest", { retention: 2557 }, undefined], ["too long", { retention: 2558 }, "The retention period is 30 to 2557 days."], ["no number", { retention: Number.NaN }, "The retention period is 30 to 2557 days."],
])("what keeps it from being sent: %s", (_, more, problem) => expect(problemOf(own(more))).toBe(problem));
