// Resources that forms offer to choose from, by ARN (buckets by name).
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, ListEventBusesCommand } from "@aws-sdk/client-eventbridge";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { client } from "../aws/clients";
import { every, useRead } from "../aws/queries";

export interface Choice {
  value: string;
  label: string;
  description?: string;
}

const last = (arn: string) => arn.slice(arn.lastIndexOf(":") + 1);

export function useBucketChoices() {
  return useRead({
    key: ["choices", "buckets"], follows: ["AWS::S3::Bucket"],
    read: async (): Promise<Choice[]> => ((await client(S3Client).send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name = "" }) => ({ value: Name, label: Name })),
  });
}

export function useTopicChoices(enabled = true) {
  return useRead({
    key: ["choices", "topics"], follows: ["AWS::SNS::Topic"], enabled,
    read: async (): Promise<Choice[]> => {
      const topics = await every((NextToken) => client(SNSClient).send(new ListTopicsCommand({ NextToken })), (answer) => [answer.Topics, answer.NextToken]);
      return topics.map(({ TopicArn = "" }) => ({ value: TopicArn, label: last(TopicArn), description: TopicArn }));
    },
  });
}

export function useFunctionChoices(enabled = true) {
  return useRead({
    key: ["choices", "functions"], follows: ["AWS::Lambda::Function"], enabled,
    read: async (): Promise<Choice[]> => {
      const functions = await every((Marker) => client(LambdaClient).send(new ListFunctionsCommand({ Marker })), (answer) => [answer.Functions, answer.NextMarker]);
      return functions.map(({ FunctionArn = "", FunctionName = "" }) => ({ value: FunctionArn, label: FunctionName, description: FunctionArn }));
    },
  });
}

export function useQueueChoices(enabled = true) {
  return useRead({
    key: ["choices", "queues"], follows: ["AWS::SQS::Queue"], enabled,
    read: async (): Promise<Choice[]> => {
      const urls = await every((NextToken) => client(SQSClient).send(new ListQueuesCommand({ NextToken, MaxResults: 1000 })), (answer) => [answer.QueueUrls, answer.NextToken]);
      const arns = await Promise.all(urls.map(async (QueueUrl) => {
        const { Attributes } = await client(SQSClient).send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
        return Attributes?.["QueueArn"] ?? "";
      }));
      return arns.map((arn) => ({ value: arn, label: last(arn), description: arn }));
    },
  });
}

/** ARNs of log groups without the `:*` at their end. */
export function useLogGroupChoices(enabled = true) {
  return useRead({
    key: ["choices", "log-groups"], follows: ["logs.groups", "AWS::Logs::LogGroup"], enabled,
    read: async (): Promise<Choice[]> => {
      const groups = await every((nextToken) => client(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({ nextToken })), (answer) => [answer.logGroups, answer.nextToken]);
      return groups.map(({ arn = "", logGroupName = "" }) => ({ value: arn.replace(/:\*$/, ""), label: logGroupName }));
    },
  });
}

export function useBusChoices(enabled = true) {
  return useRead({
    key: ["choices", "buses"], follows: ["AWS::Events::EventBus", "events.buses"], enabled,
    read: async (): Promise<Choice[]> => {
      const buses = await every((NextToken) => client(EventBridgeClient).send(new ListEventBusesCommand({ NextToken })), (answer) => [answer.EventBuses, answer.NextToken]);
      return buses.map(({ Arn = "", Name = "" }) => ({ value: Arn, label: Name, description: Arn }));
    },
  });
}
