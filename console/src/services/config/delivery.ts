// Where AWS Config delivers, as the console's form has it, and what has to be done for it.
import { type DeliveryChannel, ConfigServiceClient, type MaximumExecutionFrequency, PutDeliveryChannelCommand } from "@aws-sdk/client-config-service";
import { client } from "../../aws/clients";
import { allowOnBucket, makeBucket, makeTopic } from "../../aws/grants";
import type { Session } from "../../session/session";

export interface Delivery {
  bucketFrom: "new" | "account" | "other";
  bucket: string;
  prefix: string;
  /** Of a bucket of one's own: let AWS Config write to it. A new bucket always does. */
  addPolicy: boolean;
  stream: boolean;
  topicFrom: "new" | "account" | "other";
  topicName: string;
  topicArn: string;
  /** Of snapshots; empty is never. */
  frequency: string;
}

export function newDelivery(account: string): Delivery {
  return {
    bucketFrom: "new", bucket: `config-bucket-${account}`, prefix: "", addPolicy: true,
    stream: false, topicFrom: "new", topicName: "config-topic", topicArn: "", frequency: "",
  };
}

export function deliveryOf(channel: DeliveryChannel | undefined, account: string): Delivery {
  if (channel === undefined) return newDelivery(account);
  return {
    ...newDelivery(account),
    bucketFrom: "account", bucket: channel.s3BucketName ?? "", prefix: channel.s3KeyPrefix ?? "", addPolicy: false,
    stream: channel.snsTopicARN !== undefined, topicFrom: "account", topicArn: channel.snsTopicARN ?? "",
    frequency: channel.configSnapshotDeliveryProperties?.deliveryFrequency ?? "",
  };
}

export function deliveryProblem(delivery: Delivery): string | undefined {
  if (delivery.bucket.trim() === "") return "Name the bucket that AWS Config delivers to.";
  if (!delivery.stream) return undefined;
  if (delivery.topicFrom === "new") return delivery.topicName.trim() === "" ? "Name the topic." : undefined;
  return delivery.topicArn === "" ? "Choose the topic." : undefined;
}

/** Makes what is to be made, and puts the channel. Done twice, it finds what it made. */
export async function putDelivery(delivery: Delivery, name: string, { identity: { account }, region }: Session): Promise<void> {
  const bucket = delivery.bucket.trim();
  const prefix = delivery.prefix.trim().replace(/\/+$/, "");
  if (delivery.bucketFrom === "new") await makeBucket(bucket, region);
  if (delivery.bucketFrom === "new" || (delivery.bucketFrom === "account" && delivery.addPolicy)) await allowBucket(bucket, prefix, account);
  let topic: string | undefined;
  if (delivery.stream) topic = delivery.topicFrom === "new" ? await createTopic(delivery.topicName.trim(), account) : delivery.topicArn.trim();
  await client(ConfigServiceClient).send(new PutDeliveryChannelCommand({
    DeliveryChannel: {
      name,
      s3BucketName: bucket,
      ...(prefix !== "" && { s3KeyPrefix: prefix }),
      ...(topic !== undefined && { snsTopicARN: topic }),
      ...(delivery.frequency !== "" && { configSnapshotDeliveryProperties: { deliveryFrequency: delivery.frequency as MaximumExecutionFrequency } }),
    },
  }));
}

async function allowBucket(bucket: string, prefix: string, account: string): Promise<void> {
  const statement = (Sid: string, Action: string, Resource: string, more: Record<string, string> = {}) => ({
    Sid, Effect: "Allow", Principal: { Service: "config.amazonaws.com" }, Action, Resource,
    Condition: { StringEquals: { "AWS:SourceAccount": account, ...more } },
  });
  const objects = `arn:aws:s3:::${bucket}/${prefix === "" ? "" : `${prefix}/`}AWSLogs/${account}/Config/*`;
  await allowOnBucket(bucket, [
    statement("AWSConfigBucketPermissionsCheck", "s3:GetBucketAcl", `arn:aws:s3:::${bucket}`),
    statement("AWSConfigBucketExistenceCheck", "s3:ListBucket", `arn:aws:s3:::${bucket}`),
    statement("AWSConfigBucketDelivery", "s3:PutObject", objects, { "s3:x-amz-acl": "bucket-owner-full-control" }),
  ]);
}

function createTopic(name: string, account: string): Promise<string> {
  return makeTopic(name, (arn) => [{
    Sid: "AWSConfigSNSPolicy", Effect: "Allow", Principal: { Service: "config.amazonaws.com" }, Action: "SNS:Publish", Resource: arn,
    Condition: { StringEquals: { "AWS:SourceAccount": account } },
  }]);
}
