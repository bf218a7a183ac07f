// Lets a rule use its targets, by the targets' own policies, as AWS's console does.
import { CloudWatchLogsClient, PutResourcePolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetTopicAttributesCommand, SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { client } from "../../aws/clients";
import { letInvoke, withStatements } from "../../aws/grants";
import type { TargetForm } from "./ruleForm";

const PRINCIPAL = "events.amazonaws.com";

export async function letIn(target: TargetForm, ruleArn: string): Promise<void> {
  if (target.queue !== "") await letInQueue(target.queue, ruleArn, "DeadLetter");
  // Where a role is given, it is the role that needs the permission.
  if (target.role !== "") return;
  if (target.kind === "lambda") await letInvoke(target.arn, { service: "AWSEvents", principal: PRINCIPAL, sourceArn: ruleArn });
  if (target.kind === "sqs") await letInQueue(target.arn, ruleArn, "Target");
  if (target.kind === "sns") await letInTopic(target.arn, ruleArn);
  if (target.kind === "logs") await letInLogGroup(target.arn);
}

/** Statements are told apart by their id: one a rule. */
function sidOf(what: string, ruleArn: string): string {
  return `${what}${ruleArn.slice(ruleArn.indexOf(":rule/") + 6).replace(/[^A-Za-z0-9]/g, "")}`.slice(0, 100);
}

function statement(what: string, Action: string, Resource: string, ruleArn: string) {
  return { Sid: sidOf(what, ruleArn), Effect: "Allow", Principal: { Service: PRINCIPAL }, Action, Resource, Condition: { ArnEquals: { "aws:SourceArn": ruleArn } } };
}

async function letInQueue(arn: string, ruleArn: string, what: string): Promise<void> {
  const sqs = client(SQSClient);
  const [, , , , QueueOwnerAWSAccountId = "", QueueName = ""] = arn.split(":");
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Policy"] }));
  const Policy = withStatements(Attributes?.["Policy"], [statement(`AWSEvents${what}`, "sqs:SendMessage", arn, ruleArn)]);
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
}

async function letInTopic(TopicArn: string, ruleArn: string): Promise<void> {
  const sns = client(SNSClient);
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  const AttributeValue = withStatements(Attributes?.["Policy"], [statement("AWSEvents", "sns:Publish", TopicArn, ruleArn)]);
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue }));
}

async function letInLogGroup(arn: string): Promise<void> {
  const group = arn.slice(arn.indexOf(":log-group:") + 11);
  await client(CloudWatchLogsClient).send(new PutResourcePolicyCommand({
    policyName: `TrustEventsToStoreLogEvents-${group.replace(/[^A-Za-z0-9_-]/g, "-")}`.slice(0, 100),
    policyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Sid: "TrustEventsToStoreLogEvent", Effect: "Allow", Principal: { Service: [PRINCIPAL, "delivery.logs.amazonaws.com"] }, Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${arn}:*` }],
    }),
  }));
}
