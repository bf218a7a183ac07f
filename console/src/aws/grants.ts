// Buckets and topics for services to deliver to, with the statements that let the services in.
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

export function withStatements(policy: string | undefined, statements: readonly Statement[]): string {
  const known = policy === undefined || policy === "" ? {} : (JSON.parse(policy) as { Statement?: { Sid?: string } | { Sid?: string }[] });
  const old = known.Statement === undefined ? [] : Array.isArray(known.Statement) ? known.Statement : [known.Statement];
  const kept = old.filter((own) => !statements.some(({ Sid }) => Sid === own.Sid));
  return JSON.stringify({ Version: "2012-10-17", ...known, Statement: [...kept, ...statements] });
}
