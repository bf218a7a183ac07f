// A bucket's settings, each read by itself: who may not see one still sees the others.
import {
  GetBucketEncryptionCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketTaggingCommand,
  type NotificationConfiguration,
} from "@aws-sdk/client-s3";
import { readTags } from "../../../aws/tags";
import { useOfBucket } from "../read";

export function useBucketTags(bucket: string) {
  return useOfBucket(bucket, "tags", async (s3) => {
    const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket: bucket }));
    return readTags(TagSet);
  }, ["NoSuchTagSet"]);
}

/** Null where the bucket has none, as buckets had none before 2023. */
export function useEncryption(bucket: string) {
  return useOfBucket(bucket, "encryption", async (s3) => {
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket: bucket }));
    return ServerSideEncryptionConfiguration?.Rules?.[0] ?? null;
  }, ["ServerSideEncryptionConfigurationNotFoundError"]);
}

export function useLogging(bucket: string) {
  return useOfBucket(bucket, "logging", async (s3) => (await s3.send(new GetBucketLoggingCommand({ Bucket: bucket }))).LoggingEnabled ?? null);
}

export interface EventRule {
  id: string;
  kind: "Lambda function" | "SNS topic" | "SQS queue";
  arn: string;
  events: readonly string[];
  prefix: string;
  suffix: string;
}

export interface Notifications {
  rules: EventRule[];
  eventBridge: boolean;
}

export function useNotifications(bucket: string) {
  return useOfBucket(bucket, "notifications", async (s3): Promise<Notifications> => notificationsOf(await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: bucket }))));
}

export function notificationsOf(given: NotificationConfiguration): Notifications {
  const rule = (kind: EventRule["kind"], arn: string | undefined, it: { Id?: string; Events?: readonly string[]; Filter?: { Key?: { FilterRules?: readonly { Name?: string; Value?: string }[] } } }): EventRule => {
    const part = (name: string) => it.Filter?.Key?.FilterRules?.find(({ Name }) => Name?.toLowerCase() === name)?.Value ?? "";
    return { id: it.Id ?? "", kind, arn: arn ?? "", events: it.Events ?? [], prefix: part("prefix"), suffix: part("suffix") };
  };
  return {
    rules: [
      ...(given.LambdaFunctionConfigurations ?? []).map((it) => rule("Lambda function", it.LambdaFunctionArn, it)),
      ...(given.TopicConfigurations ?? []).map((it) => rule("SNS topic", it.TopicArn, it)),
      ...(given.QueueConfigurations ?? []).map((it) => rule("SQS queue", it.QueueArn, it)),
    ],
    eventBridge: given.EventBridgeConfiguration !== undefined,
  };
}

/** As S3 takes it: all rules at once. */
export function configurationOf({ rules, eventBridge }: Notifications): NotificationConfiguration {
  const common = ({ id, events, prefix, suffix }: EventRule) => {
    const FilterRules = [
      ...(prefix === "" ? [] : [{ Name: "prefix" as const, Value: prefix }]),
      ...(suffix === "" ? [] : [{ Name: "suffix" as const, Value: suffix }]),
    ];
    return { Id: id, Events: events as NonNullable<NotificationConfiguration["QueueConfigurations"]>[number]["Events"], ...(FilterRules.length > 0 && { Filter: { Key: { FilterRules } } }) };
  };
  const of = (kind: EventRule["kind"]) => rules.filter((rule) => rule.kind === kind);
  return {
    LambdaFunctionConfigurations: of("Lambda function").map((rule) => ({ ...common(rule), LambdaFunctionArn: rule.arn })),
    TopicConfigurations: of("SNS topic").map((rule) => ({ ...common(rule), TopicArn: rule.arn })),
    QueueConfigurations: of("SQS queue").map((rule) => ({ ...common(rule), QueueArn: rule.arn })),
    ...(eventBridge && { EventBridgeConfiguration: {} }),
  };
}

/** The events that the form offers, in S3's groups. */
export const EVENTS: readonly (readonly [string, string, readonly (readonly [string, string])[]])[] = [
  ["Object creation", "s3:ObjectCreated:*", [
    ["s3:ObjectCreated:Put", "Put"], ["s3:ObjectCreated:Post", "Post"], ["s3:ObjectCreated:Copy", "Copy"],
    ["s3:ObjectCreated:CompleteMultipartUpload", "Multipart upload completed"],
  ]],
  ["Object removal", "s3:ObjectRemoved:*", [
    ["s3:ObjectRemoved:Delete", "Permanently deleted"], ["s3:ObjectRemoved:DeleteMarkerCreated", "Delete marker created"],
  ]],
  ["Object tagging", "s3:ObjectTagging:*", [
    ["s3:ObjectTagging:Put", "Object tags added"], ["s3:ObjectTagging:Delete", "Object tags deleted"],
  ]],
  ["Object ACL", "", [["s3:ObjectAcl:Put", "Object ACL events"]]],
  ["Lifecycle", "s3:LifecycleExpiration:*", [
    ["s3:LifecycleExpiration:Delete", "Objects expired"], ["s3:LifecycleExpiration:DeleteMarkerCreated", "Delete marker added by lifecycle"],
  ]],
];

export function eventName(event: string): string {
  for (const [group, all, events] of EVENTS) {
    if (event === all) return `All ${group.toLowerCase()} events`;
    const found = events.find(([id]) => id === event);
    if (found !== undefined) return found[1];
  }
  return event;
}
