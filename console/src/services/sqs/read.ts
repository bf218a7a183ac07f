// What pages of SQS read.
import { GetQueueAttributesCommand, GetQueueUrlCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { client } from "../../aws/clients";
import { every, useRead } from "../../aws/queries";
import type { Found } from "../../app/service";

export interface QueueView {
  name: string;
  url: string;
  arn: string;
  fifo: boolean;
  created?: Date;
  available: number;
  inFlight: number;
  attributes: Record<string, string>;
}

const FOLLOWS = ["AWS::SQS::Queue", "sqs.*"];

export function useQueues() {
  return useRead({ key: ["sqs", "queues"], follows: FOLLOWS, read: async () => Promise.all((await urls()).map(queueAt)) });
}

export function useQueue(name: string) {
  return useRead({
    key: ["sqs", "queue", name],
    follows: FOLLOWS,
    read: async () => {
      const { QueueUrl } = await client(SQSClient).send(new GetQueueUrlCommand({ QueueName: name }));
      return queueAt(QueueUrl ?? "");
    },
  });
}

export async function found(): Promise<Found[]> {
  return (await urls()).map((url) => ({ label: nameOf(url), href: `/sqs/queues/${nameOf(url)}`, kind: "SQS queue" }));
}

function urls(): Promise<string[]> {
  return every(
    (NextToken) => client(SQSClient).send(new ListQueuesCommand({ NextToken, MaxResults: 1000 })),
    (answer) => [answer.QueueUrls, answer.NextToken],
  );
}

function nameOf(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}

async function queueAt(url: string): Promise<QueueView> {
  const answer = await client(SQSClient).send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }));
  const attributes = answer.Attributes ?? {};
  const created = attributes["CreatedTimestamp"];
  return {
    name: nameOf(url),
    url,
    arn: attributes["QueueArn"] ?? "",
    fifo: attributes["FifoQueue"] === "true",
    ...(created !== undefined && { created: new Date(Number(created) * 1000) }),
    available: Number(attributes["ApproximateNumberOfMessages"] ?? 0),
    inFlight: Number(attributes["ApproximateNumberOfMessagesNotVisible"] ?? 0),
    attributes,
  };
}
