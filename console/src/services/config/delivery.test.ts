import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Delivery, deliveryOf, deliveryProblem, newDelivery, putDelivery } from "./delivery";

const sent: unknown[] = [];
vi.mock("../../aws/clients", () => ({ client: () => ({ send: async ({ input }: { input: unknown }) => void sent.push(input) }) }));
vi.mock("../../aws/grants", () => ({
  makeBucket: async (name: string, region: string) => void sent.push(["bucket", name, region]),
  allowOnBucket: async (name: string, statements: { Resource: string }[]) => void sent.push(["policy", name, statements.map(({ Resource }) => Resource)]),
  makeTopic: async (name: string) => { sent.push(["topic", name]); return `arn:aws:sns:eu-west-1:1:${name}`; },
}));
beforeEach(() => void sent.splice(0));

const ACCOUNT = "000000000000";
const SESSION = { credentials: { accessKeyId: "a", secretAccessKey: "b" }, identity: { account: ACCOUNT, arn: "", name: "root" }, region: "eu-west-1" };
const own = (more: Partial<Delivery>): Delivery => ({ ...newDelivery(ACCOUNT), ...more });

test.each<[string, Partial<Delivery>, string | undefined]>([
  ["as it begins", {}, undefined], ["no bucket", { bucket: " " }, "Name the bucket that AWS Config delivers to."],
  ["a new topic without a name", { stream: true, topicName: " " }, "Name the topic."], ["a new topic", { stream: true }, undefined],
  ["no topic chosen", { stream: true, topicFrom: "account" }, "Choose the topic."], ["no topic, none wanted", { topicFrom: "account" }, undefined],
])("what keeps it from being sent: %s", (_, more, problem) => expect(deliveryProblem(own(more))).toBe(problem));

describe("the form of a channel", () => {
  test("there is none yet", () => expect(deliveryOf(undefined, ACCOUNT)).toEqual(newDelivery(ACCOUNT)));
  test("nothing is made anew for one that is there", () => {
    expect(deliveryOf({ s3BucketName: "b", s3KeyPrefix: "p", snsTopicARN: "arn:t", configSnapshotDeliveryProperties: { deliveryFrequency: "Six_Hours" } }, ACCOUNT))
      .toMatchObject({ bucketFrom: "account", bucket: "b", prefix: "p", addPolicy: false, stream: true, topicFrom: "account", topicArn: "arn:t", frequency: "Six_Hours" });
    expect(deliveryOf({ s3BucketName: "b" }, ACCOUNT)).toMatchObject({ stream: false, topicArn: "", frequency: "" });
  });
});

describe("what is done", () => {
  const objects = (prefix: string) => ["arn:aws:s3:::b", "arn:aws:s3:::b", `arn:aws:s3:::b/${prefix}AWSLogs/${ACCOUNT}/Config/*`];
  test.each<[string, Partial<Delivery>, unknown[]]>([
    ["a new bucket is made and opened", { bucket: " b " }, [["bucket", "b", "eu-west-1"], ["policy", "b", objects("")], { DeliveryChannel: { name: "default", s3BucketName: "b" } }]],
    ["a prefix is one with and without a slash at its end", { bucketFrom: "account", bucket: "b", prefix: "logs/x// " }, [["policy", "b", objects("logs/x/")], { DeliveryChannel: { name: "default", s3BucketName: "b", s3KeyPrefix: "logs/x" } }]],
    ["a bucket's policy stays as it is", { bucketFrom: "account", bucket: "b", addPolicy: false }, [{ DeliveryChannel: { name: "default", s3BucketName: "b" } }]],
    ["another account's bucket is not ours to open", { bucketFrom: "other", bucket: "b" }, [{ DeliveryChannel: { name: "default", s3BucketName: "b" } }]],
    ["a new topic", { bucketFrom: "other", bucket: "b", stream: true, topicName: " t " }, [["topic", "t"], { DeliveryChannel: { name: "default", s3BucketName: "b", snsTopicARN: "arn:aws:sns:eu-west-1:1:t" } }]],
    ["a topic that is there", { bucketFrom: "other", bucket: "b", stream: true, topicFrom: "account", topicArn: "arn:t ", frequency: "One_Hour" }, [{ DeliveryChannel: { name: "default", s3BucketName: "b", snsTopicARN: "arn:t", configSnapshotDeliveryProperties: { deliveryFrequency: "One_Hour" } } }]],
  ])("%s", async (_, more, expected) => {
    await putDelivery(own(more), "default", SESSION);
    expect(sent).toEqual(expected);
  });
});
