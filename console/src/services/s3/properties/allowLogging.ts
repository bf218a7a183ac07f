// The console adds to the destination's policy what log delivery needs, as the console of AWS does.
import { GetBucketPolicyCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { orNone, s3Of } from "../read";

interface Statement {
  Sid?: string;
  Effect: string;
  Principal?: unknown;
  Action?: unknown;
  Resource?: unknown;
  Condition?: unknown;
}

const LOGGING = "logging.s3.amazonaws.com";

/** Lets the logging service write to a bucket, unless a statement of its policy does already. */
export async function allowLogging(bucket: string, account: string): Promise<void> {
  const s3 = await s3Of(bucket);
  const answer = await orNone(s3.send(new GetBucketPolicyCommand({ Bucket: bucket })), ["NoSuchBucketPolicy"]);
  const policy = answer?.Policy === undefined ? { Version: "2012-10-17", Statement: [] } : (JSON.parse(answer.Policy) as { Version: string; Statement: Statement | Statement[] });
  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
  if (statements.some((statement) => statement.Effect === "Allow" && allows(statement))) return;
  const added: Statement = {
    Sid: `S3PolicyStmt-DO-NOT-MODIFY-${Date.now()}`,
    Effect: "Allow",
    Principal: { Service: LOGGING },
    Action: "s3:PutObject",
    Resource: `arn:aws:s3:::${bucket}/*`,
    Condition: { StringEquals: { "aws:SourceAccount": account } },
  };
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify({ ...policy, Statement: [...statements, added] }) }));
}

function allows({ Principal, Action }: Statement): boolean {
  return JSON.stringify(Principal ?? null).includes(LOGGING) && /"s3:(PutObject|Put\*|\*)"|"\*"/.test(JSON.stringify(Action ?? null));
}
