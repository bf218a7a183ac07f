// To whom a bucket can tell of events.
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { clientOf } from "../../../aws/clients";
import { every } from "../../../aws/queries";
import { currentSession } from "../../../session/session";
import type { EventRule } from "./readProperties";

/** The ARNs that may be chosen, in the bucket's region. */
export async function destinations(kind: EventRule["kind"], region: string): Promise<string[]> {
  const session = currentSession();
  if (session === undefined) throw new Error("Sign in first.");
  const there = { credentials: session.credentials, region };
  if (kind === "Lambda function") {
    const lambda = clientOf(LambdaClient, there);
    const functions = await every((Marker) => lambda.send(new ListFunctionsCommand({ Marker })), (answer) => [answer.Functions, answer.NextMarker]);
    return functions.map(({ FunctionArn = "" }) => FunctionArn);
  }
  if (kind === "SNS topic") {
    const sns = clientOf(SNSClient, there);
    const topics = await every((NextToken) => sns.send(new ListTopicsCommand({ NextToken })), (answer) => [answer.Topics, answer.NextToken]);
    return topics.map(({ TopicArn = "" }) => TopicArn);
  }
  const sqs = clientOf(SQSClient, there);
  const urls = await every((NextToken) => sqs.send(new ListQueuesCommand({ NextToken, MaxResults: 1000 })), (answer) => [answer.QueueUrls, answer.NextToken]);
  const arns = await Promise.all(
    urls.map(async (QueueUrl) => (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }))).Attributes?.["QueueArn"] ?? ""),
  );
  return arns.filter((arn) => arn !== "");
}

/** The page of a destination. */
export function destinationHref({ kind, arn }: Pick<EventRule, "kind" | "arn">): string {
  const name = arn.split(":")[kind === "Lambda function" ? 6 : 5] ?? "";
  switch (kind) {
    case "Lambda function":
      return `/lambda/functions/${name}`;
    case "SNS topic":
      return `/sns/topics/${arn}`;
    case "SQS queue":
      return `/sqs/queues/${name}`;
  }
}
