// What pages of SQS read.
import { type EventSourceMappingConfiguration, LambdaClient, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { ListSubscriptionsCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Crumb } from "../../app/breadcrumbs";
import { client } from "../../aws/clients";
import { isDenied, isMissing } from "../../aws/errors";
import { every, useRead } from "../../aws/queries";
import type { Found } from "../../app/service";

export interface QueueView {
  name: string;
  url: string;
  arn: string;
  fifo: boolean;
  created?: Date;
  /** Undefined where its attributes may not be read. */
  available?: number;
  inFlight?: number;
  attributes: Record<string, string>;
}

const FOLLOWS = ["AWS::SQS::Queue", "sqs.*"];

export function useQueues() {
  return useRead({
    key: ["sqs", "queues"],
    follows: FOLLOWS,
    // A queue that may be listed but not read has its name only; one that has just gone is left out.
    read: async () => {
      const read = async (url: string) => {
        try {
          return await queueAt(url);
        } catch (error) {
          if (isMissing(error)) return undefined;
          if (isDenied(error)) return { name: nameOf(url), url, arn: "", fifo: url.endsWith(".fifo"), available: undefined, inFlight: undefined, attributes: {} };
          throw error;
        }
      };
      return (await Promise.all((await urls()).map(read))).filter((queue) => queue !== undefined);
    },
  });
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

export function useQueueTags(queue: QueueView | undefined) {
  return useRead({
    key: ["sqs", "tags", queue?.url],
    follows: FOLLOWS,
    enabled: queue !== undefined,
    read: async () => {
      const { Tags } = await client(SQSClient).send(new ListQueueTagsCommand({ QueueUrl: queue?.url }));
      return Object.entries(Tags ?? {}).map(([key, value]) => ({ key, value }));
    },
  });
}

/** Subscriptions of topics that bring messages to the queue. */
export function useSubscriptionsTo(arn: string) {
  return useRead({
    key: ["sqs", "subscriptions", arn],
    follows: ["AWS::SNS::Subscription", "sns.subscriptions"],
    read: async () => {
      const all = await every((NextToken) => client(SNSClient).send(new ListSubscriptionsCommand({ NextToken })), (answer) => [answer.Subscriptions, answer.NextToken]);
      return all.filter(({ Endpoint }) => Endpoint === arn);
    },
  });
}

/** Functions that the queue's messages are given to. */
export function useTriggers(arn: string) {
  return useRead<EventSourceMappingConfiguration[]>({
    key: ["sqs", "triggers", arn],
    follows: ["AWS::Lambda::EventSourceMapping", "lambda.*"],
    read: () => every((Marker) => client(LambdaClient).send(new ListEventSourceMappingsCommand({ EventSourceArn: arn, Marker })), (answer) => [answer.EventSourceMappings, answer.NextMarker]),
  });
}

/** Queues whose dead letters this queue takes. */
export function useDeadLetterSources(queue: QueueView) {
  return useRead({
    key: ["sqs", "sources", queue.url],
    follows: FOLLOWS,
    read: async () => {
      const urls = await every(
        (NextToken) => client(SQSClient).send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: queue.url, NextToken, MaxResults: 1000 })),
        (answer) => [answer.queueUrls, answer.NextToken],
      );
      return urls.map(nameOf);
    },
  });
}

/** The redrives of a dead-letter queue, newest first. */
export function useMoveTasks(queue: QueueView) {
  return useRead({
    key: ["sqs", "moves", queue.arn],
    follows: FOLLOWS,
    read: async () => (await client(SQSClient).send(new ListMessageMoveTasksCommand({ SourceArn: queue.arn, MaxResults: 10 }))).Results ?? [],
  });
}

export function crumbsOf(name: string, ...more: readonly Crumb[]): Crumb[] {
  return [{ text: "Simple Queue Service", href: "/sqs" }, { text: "Queues", href: "/sqs/queues" }, { text: name, href: `/sqs/queues/${name}` }, ...more];
}

/** Where a queue's dead letters go. */
export function redriveOf({ attributes }: Pick<QueueView, "attributes">): { arn: string; most: string } | undefined {
  const text = attributes["RedrivePolicy"];
  if (text === undefined || text === "") return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(text) as { deadLetterTargetArn?: string; maxReceiveCount?: number | string };
  return { arn: deadLetterTargetArn ?? "", most: String(maxReceiveCount ?? "") };
}

/** A span of time as people say it. */
export function span(seconds: string | undefined): string {
  if (seconds === undefined) return "–";
  const count = Number(seconds);
  for (const [unit, size] of [["day", 86_400], ["hour", 3_600], ["minute", 60]] as const) {
    if (count >= size && count % size === 0) return `${count / size} ${unit}${count === size ? "" : "s"}`;
  }
  return `${count} second${count === 1 ? "" : "s"}`;
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
