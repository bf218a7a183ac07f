// What the recorder records, as the console's form has it, and as the API has it.
import type { ConfigurationRecorder, RecordingGroup, RecordingMode, ResourceType } from "@aws-sdk/client-config-service";

export type Frequency = "CONTINUOUS" | "DAILY";

/** A line of "Override settings" or of "Specific resource types". */
export interface TypeLine {
  type: string;
  choice: Frequency | "EXCLUDE";
}

export interface Recording {
  strategy: "all" | "specific";
  /** Of the types that no line names. */
  frequency: Frequency;
  overrides: readonly TypeLine[];
  types: readonly TypeLine[];
  /** Years or days are days here; undefined is AWS's seven years. */
  retention?: number;
  role: "linked" | "own";
  roleArn: string;
}

/** The four types that AWS's console excludes or includes together. */
export const GLOBAL_IAM = "IAM";
const GLOBAL_TYPES = ["AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User"];

export function linkedRoleArn(account: string): string {
  return `arn:aws:iam::${account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`;
}

export function newRecording(): Recording {
  return {
    strategy: "all",
    frequency: "CONTINUOUS",
    overrides: [{ type: GLOBAL_IAM, choice: "EXCLUDE" }],
    types: [{ type: "", choice: "CONTINUOUS" }],
    role: "linked",
    roleArn: "",
  };
}

const expand = (type: string): string[] => (type === GLOBAL_IAM ? GLOBAL_TYPES : [type]);
const named = (lines: readonly TypeLine[]) => lines.filter(({ type }) => type !== "");

export function groupOf(recording: Recording): RecordingGroup {
  if (recording.strategy === "specific") {
    return {
      allSupported: false,
      includeGlobalResourceTypes: false,
      recordingStrategy: { useOnly: "INCLUSION_BY_RESOURCE_TYPES" },
      resourceTypes: named(recording.types).map(({ type }) => type as ResourceType),
    };
  }
  const excluded = named(recording.overrides).filter(({ choice }) => choice === "EXCLUDE");
  const others = excluded.filter(({ type }) => type !== GLOBAL_IAM);
  if (others.length === 0) {
    return {
      allSupported: true,
      includeGlobalResourceTypes: excluded.length === 0,
      recordingStrategy: { useOnly: "ALL_SUPPORTED_RESOURCE_TYPES" },
    };
  }
  return {
    allSupported: false,
    includeGlobalResourceTypes: false,
    recordingStrategy: { useOnly: "EXCLUSION_BY_RESOURCE_TYPES" },
    exclusionByResourceTypes: { resourceTypes: excluded.flatMap(({ type }) => expand(type)).map((type) => type as ResourceType) },
  };
}

export function modeOf(recording: Recording): RecordingMode {
  const lines = named(recording.strategy === "specific" ? recording.types : recording.overrides).filter(({ choice }) => choice !== "EXCLUDE");
  if (recording.strategy === "specific" && lines.length > 0 && lines.every(({ choice }) => choice === "DAILY")) return { recordingFrequency: "DAILY" };
  const usual: Frequency = recording.strategy === "specific" ? "CONTINUOUS" : recording.frequency;
  const other = lines.filter(({ choice }) => choice !== usual);
  return {
    recordingFrequency: usual,
    ...(other.length > 0 && {
      recordingModeOverrides: [{
        resourceTypes: other.flatMap(({ type }) => expand(type)).map((type) => type as ResourceType),
        recordingFrequency: usual === "DAILY" ? "CONTINUOUS" : "DAILY",
      }],
    }),
  };
}

/** What keeps it from being sent, in the words of the form. */
export function problemOf(recording: Recording): string | undefined {
  if (recording.strategy === "specific" && named(recording.types).length === 0) return "Choose at least one resource type to record.";
  if (recording.role === "own" && recording.roleArn === "") return "Choose the IAM role that AWS Config is to use.";
  if (recording.retention !== undefined && !(recording.retention >= 30 && recording.retention <= 2557)) return "The retention period is 30 to 2557 days.";
  return undefined;
}

/** The form of a recorder that is there. */
export function recordingOf(recorder: ConfigurationRecorder, retention: number | undefined): Recording {
  const group = recorder.recordingGroup ?? {};
  const mode = recorder.recordingMode;
  const usual: Frequency = mode?.recordingFrequency ?? "CONTINUOUS";
  const special = new Map((mode?.recordingModeOverrides ?? []).flatMap((own) => (own.resourceTypes ?? []).map((type) => [type as string, own.recordingFrequency])));
  const choice = (type: string): Frequency => special.get(type) ?? usual;
  // A recorder that was put without a strategy records the types that it names.
  const specific = group.recordingStrategy?.useOnly === undefined
    ? group.allSupported !== true && (group.resourceTypes ?? []).length > 0
    : group.recordingStrategy.useOnly === "INCLUSION_BY_RESOURCE_TYPES";
  const excluded: string[] = group.exclusionByResourceTypes?.resourceTypes ?? [];
  const withoutGlobal = excluded.length === 0 ? group.includeGlobalResourceTypes !== true : GLOBAL_TYPES.every((type) => excluded.includes(type));
  const rest = excluded.filter((type) => !(withoutGlobal && GLOBAL_TYPES.includes(type)));
  const roleArn = recorder.roleARN ?? "";
  return {
    strategy: specific ? "specific" : "all",
    frequency: usual,
    overrides: [
      ...(withoutGlobal ? [{ type: GLOBAL_IAM, choice: "EXCLUDE" as const }] : []),
      ...rest.map((type) => ({ type, choice: "EXCLUDE" as const })),
      ...(specific ? [] : [...special].map(([type, frequency = usual]) => ({ type, choice: frequency }))),
    ],
    types: specific ? (group.resourceTypes ?? []).map((type) => ({ type, choice: choice(type) })) : [{ type: "", choice: "CONTINUOUS" }],
    retention,
    role: roleArn.includes(":role/aws-service-role/") ? "linked" : "own",
    roleArn: roleArn.includes(":role/aws-service-role/") ? "" : roleArn,
  };
}
