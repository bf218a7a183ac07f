// A queue's settings as the form has them, and as SQS takes them.
import { redriveOf } from "./read";

export interface Settings {
  fifo: boolean;
  visibility: string;
  retention: string;
  delay: string;
  /** KB. */
  largest: string;
  wait: string;
  contentDeduplication: boolean;
  highThroughput: boolean;
  encryption: "off" | "sqs" | "kms";
  key: string;
  reuse: string;
  policy: string;
  deadLetters: boolean;
  deadLetterArn: string;
  mostReceives: string;
  allow: "" | "allowAll" | "byQueue" | "denyAll";
  allowed: string;
}

export const NEW_QUEUE: Settings = {
  fifo: false, visibility: "30", retention: "345600", delay: "0", largest: "256", wait: "0", contentDeduplication: false, highThroughput: false,
  encryption: "sqs", key: "", reuse: "300", policy: "", deadLetters: false, deadLetterArn: "", mostReceives: "10", allow: "", allowed: "",
};

export function settingsOf(attributes: Record<string, string>): Settings {
  const redrive = redriveOf({ attributes });
  const allow = JSON.parse(attributes["RedriveAllowPolicy"] ?? "{}") as { redrivePermission?: Settings["allow"]; sourceQueueArns?: string[] };
  const key = attributes["KmsMasterKeyId"] ?? "";
  return {
    fifo: attributes["FifoQueue"] === "true",
    visibility: attributes["VisibilityTimeout"] ?? "30",
    retention: attributes["MessageRetentionPeriod"] ?? "345600",
    delay: attributes["DelaySeconds"] ?? "0",
    largest: String(Number(attributes["MaximumMessageSize"] ?? 262_144) / 1024),
    wait: attributes["ReceiveMessageWaitTimeSeconds"] ?? "0",
    contentDeduplication: attributes["ContentBasedDeduplication"] === "true",
    highThroughput: attributes["DeduplicationScope"] === "messageGroup",
    encryption: key !== "" ? "kms" : attributes["SqsManagedSseEnabled"] === "true" ? "sqs" : "off",
    key,
    reuse: attributes["KmsDataKeyReusePeriodSeconds"] ?? "300",
    policy: attributes["Policy"] ?? "",
    deadLetters: redrive !== undefined,
    deadLetterArn: redrive?.arn ?? "",
    mostReceives: redrive?.most ?? "10",
    allow: allow.redrivePermission ?? "",
    allowed: (allow.sourceQueueArns ?? []).join("\n"),
  };
}

/** All attributes; what is turned off is sent empty only where it was on (`before`). */
export function attributesOf(settings: Settings, before?: Settings): Record<string, string> {
  const sources = settings.allowed.split("\n").map((arn) => arn.trim()).filter((arn) => arn !== "");
  const allow = settings.allow === "" ? "" : JSON.stringify({ redrivePermission: settings.allow, ...(settings.allow === "byQueue" && { sourceQueueArns: sources }) });
  const redrive = settings.deadLetters ? JSON.stringify({ deadLetterTargetArn: settings.deadLetterArn, maxReceiveCount: Number(settings.mostReceives) }) : "";
  const encryption: Record<string, string> =
    settings.encryption === "kms"
      ? { KmsMasterKeyId: settings.key === "" ? "alias/aws/sqs" : settings.key, KmsDataKeyReusePeriodSeconds: settings.reuse }
      : { SqsManagedSseEnabled: String(settings.encryption === "sqs"), ...(before?.encryption === "kms" && { KmsMasterKeyId: "" }) };
  const fifo: Record<string, string> = settings.fifo
    ? {
        ...(before === undefined && { FifoQueue: "true" }),
        ContentBasedDeduplication: String(settings.contentDeduplication),
        DeduplicationScope: settings.highThroughput ? "messageGroup" : "queue",
        FifoThroughputLimit: settings.highThroughput ? "perMessageGroupId" : "perQueue",
      }
    : {};
  return {
    VisibilityTimeout: settings.visibility,
    MessageRetentionPeriod: settings.retention,
    DelaySeconds: settings.delay,
    MaximumMessageSize: String(Math.round(Number(settings.largest) * 1024)),
    ReceiveMessageWaitTimeSeconds: settings.wait,
    ...encryption,
    ...fifo,
    ...(settings.policy !== "" || (before?.policy ?? "") !== "" ? { Policy: settings.policy } : {}),
    ...(redrive !== "" || before?.deadLetters === true ? { RedrivePolicy: redrive } : {}),
    ...(allow !== "" || (before?.allow ?? "") !== "" ? { RedriveAllowPolicy: allow } : {}),
  };
}
