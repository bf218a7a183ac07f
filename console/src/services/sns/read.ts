// What pages of SNS read.
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  SNSClient,
  type Subscription,
} from "@aws-sdk/client-sns";
import type { Crumb } from "../../app/breadcrumbs";
import type { Found } from "../../app/service";
import { client } from "../../aws/clients";
import { every, useRead } from "../../aws/queries";
import { readTags } from "../../aws/tags";

export const FOLLOWS = ["AWS::SNS::Topic", "AWS::SNS::Subscription", "sns.topics", "sns.subscriptions", "sns.deleted_subscriptions"];

export function sns(): SNSClient {
  return client(SNSClient);
}

async function topicArns(): Promise<string[]> {
  const topics = await every((NextToken) => sns().send(new ListTopicsCommand({ NextToken })), (answer) => [answer.Topics, answer.NextToken]);
  return topics.map(({ TopicArn = "" }) => TopicArn);
}

export function useTopics() {
  return useRead({ key: ["sns", "topics"], follows: FOLLOWS, read: topicArns });
}

export function useTopic(TopicArn: string) {
  return useRead({
    key: ["sns", "topic", TopicArn],
    follows: FOLLOWS,
    read: async () => (await sns().send(new GetTopicAttributesCommand({ TopicArn }))).Attributes ?? {},
  });
}

export function useSubscriptions(topic?: string) {
  return useRead<Subscription[]>({
    key: ["sns", "subscriptions", topic],
    follows: FOLLOWS,
    read: () =>
      topic === undefined
        ? every((NextToken) => sns().send(new ListSubscriptionsCommand({ NextToken })), (answer) => [answer.Subscriptions, answer.NextToken])
        : every((NextToken) => sns().send(new ListSubscriptionsByTopicCommand({ TopicArn: topic, NextToken })), (answer) => [answer.Subscriptions, answer.NextToken]),
  });
}

export function useSubscription(SubscriptionArn: string) {
  return useRead({
    key: ["sns", "subscription", SubscriptionArn],
    follows: FOLLOWS,
    read: async () => (await sns().send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes ?? {},
  });
}

export function useTopicTags(ResourceArn: string) {
  return useRead({
    key: ["sns", "tags", ResourceArn],
    follows: FOLLOWS,
    read: async () => readTags((await sns().send(new ListTagsForResourceCommand({ ResourceArn }))).Tags),
  });
}

export function nameOf(arn: string): string {
  return arn.split(":")[5] ?? arn;
}

export function topicHref(arn: string): string {
  return `/sns/topics/${arn}`;
}

export function isPending({ SubscriptionArn }: Pick<Subscription, "SubscriptionArn">): boolean {
  return SubscriptionArn === "PendingConfirmation";
}

export function crumbsOf(arn: string, ...more: readonly Crumb[]): Crumb[] {
  return [{ text: "Amazon SNS", href: "/sns" }, { text: "Topics", href: "/sns/topics" }, { text: nameOf(arn), href: topicHref(arn) }, ...more];
}

export async function found(): Promise<Found[]> {
  return (await topicArns()).map((arn) => ({ label: nameOf(arn), href: topicHref(arn), kind: "SNS topic" }));
}

export const PROTOCOLS: readonly (readonly [string, string, string])[] = [
  ["email", "Email", "An email address that can receive notifications from Amazon SNS."],
  ["email-json", "Email-JSON", "An email address that can receive JSON-encoded notifications from Amazon SNS."],
  ["sqs", "Amazon SQS", "The ARN of a queue."],
  ["lambda", "AWS Lambda", "The ARN of a Lambda function."],
  ["http", "HTTP", "A URL that begins with http://"],
  ["https", "HTTPS", "A URL that begins with https://"],
];

export function protocolName(id: string | undefined): string {
  return PROTOCOLS.find(([known]) => known === id)?.[1] ?? id ?? "–";
}
