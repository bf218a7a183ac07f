// Buckets, topics and functions for services to deliver to, with the statements that let the services in.
import { AddPermissionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, GetBucketPolicyCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, GetTopicAttributesCommand, SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { client } from "./clients";
import { isMissing } from "./errors";

export interface Statement {
  Sid: string;
  [member: string]: unknown;
}

/** Makes a bucket. One that this account has already (of a try that failed later) is fine. */
export async function makeBucket(bucket: string, region: string): Promise<void> {
  try {
    await client(S3Client).send(new CreateBucketCommand({
      Bucket: bucket,
      ...(region !== "us-east-1" && { CreateBucketConfiguration: { LocationConstraint: region as "eu-west-1" } }),
    }));
  } catch (error) {
    if (!(error instanceof Error && error.name === "BucketAlreadyOwnedByYou")) throw error;
  }
}

/** Adds statements to a bucket's policy, in place of those of the same Sid. */
export async function allowOnBucket(bucket: string, statements: readonly Statement[]): Promise<void> {
  let policy: string | undefined;
  try {
    policy = (await client(S3Client).send(new GetBucketPolicyCommand({ Bucket: bucket }))).Policy;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await client(S3Client).send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: withStatements(policy, statements) }));
}

/** Makes a topic (or finds it) and adds statements to its policy. Answers its ARN. */
export async function makeTopic(name: string, statements: (arn: string) => readonly Statement[]): Promise<string> {
  const { TopicArn = "" } = await client(SNSClient).send(new CreateTopicCommand({ Name: name }));
  const { Attributes } = await client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn }));
  const AttributeValue = withStatements(Attributes?.["Policy"], statements(TopicArn));
  await client(SNSClient).send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue }));
  return TopicArn;
}

/** Lets a service invoke a function for one source (a rule, an alarm, a log group), by the function's own policy. `service` begins the statement's id: `AlarmAction`. */
export async function letInvoke(FunctionName: string, { service, principal, sourceArn }: { service: string; principal: string; sourceArn: string }): Promise<void> {
  try {
    await client(LambdaClient).send(new AddPermissionCommand({
      FunctionName, StatementId: statementId(service, sourceArn), Action: "lambda:InvokeFunction", Principal: principal, SourceArn: sourceArn,
    }));
  } catch (error) {
    // It has been let in already.
    if (!(error instanceof Error && error.name === "ResourceConflictException")) throw error;
  }
}

/** One a source: what an id may not hold is written by its number, so that `a.b` and `a-b` stay two. Of names that are too long, the end tells more. */
export function statementId(service: string, sourceArn: string): string {
  const name = sourceArn.split(":").slice(5).join(":").replace(/[^A-Za-z0-9-]/g, (letter) => `_${(letter.codePointAt(0) ?? 0).toString(16)}`);
  return `${service}-${name.slice(service.length - 99)}`;
}

export function withStatements(policy: string | undefined, statements: readonly Statement[]): string {
  const known = policy === undefined || policy === "" ? {} : (JSON.parse(policy) as { Statement?: { Sid?: string } | { Sid?: string }[] });
  const old = known.Statement === undefined ? [] : Array.isArray(known.Statement) ? known.Statement : [known.Statement];
  const kept = old.filter((own) => !statements.some(({ Sid }) => Sid === own.Sid));
  return JSON.stringify({ Version: "2012-10-17", ...known, Statement: [...kept, ...statements] });
}
