// Trust policies: who may assume a role.
const VERSION = "2012-10-17";

/** Services whose roles people make by hand, as "Use case" offers them. */
export const SERVICES = [
  ["lambda.amazonaws.com", "Lambda", "Allows Lambda functions to call AWS services on your behalf."],
  ["ec2.amazonaws.com", "EC2", "Allows EC2 instances to call AWS services on your behalf."],
  ["config.amazonaws.com", "Config", "Allows Config to call AWS services on your behalf and collect resource configurations."],
  ["cloudformation.amazonaws.com", "CloudFormation", "Allows CloudFormation to create and manage AWS stacks and resources on your behalf."],
  ["events.amazonaws.com", "EventBridge", "Allows EventBridge to send events to targets on your behalf."],
  ["ssm.amazonaws.com", "Systems Manager", "Allows SSM to call AWS services on your behalf."],
  ["cloudtrail.amazonaws.com", "CloudTrail", "Allows CloudTrail to write to CloudWatch Logs on your behalf."],
  ["sns.amazonaws.com", "SNS", "Allows SNS to write delivery logs on your behalf."],
  ["s3.amazonaws.com", "S3", "Allows S3 to call AWS services on your behalf."],
  ["scheduler.amazonaws.com", "EventBridge Scheduler", "Allows schedules to invoke targets on your behalf."],
  ["states.amazonaws.com", "Step Functions", "Allows Step Functions to access AWS resources on your behalf."],
  ["apigateway.amazonaws.com", "API Gateway", "Allows API Gateway to push logs to CloudWatch Logs."],
] as const;

export function serviceTrust(service: string): string {
  return written({ Effect: "Allow", Action: ["sts:AssumeRole"], Principal: { Service: [service] } });
}

export function accountTrust(account: string, externalId: string): string {
  return written({
    Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: account },
    Condition: externalId === "" ? {} : { StringEquals: { "sts:ExternalId": externalId } },
  });
}

export const CUSTOM_TRUST = written({ Sid: "Statement1", Effect: "Allow", Principal: {}, Action: "sts:AssumeRole" });

function written(statement: object): string {
  return JSON.stringify({ Version: VERSION, Statement: [statement] }, null, 4);
}

/** Whom a trust policy names, as the list of roles shows it: `AWS Service: lambda`, `Account: 123456789012`. */
export function trustedEntities(document: string | undefined): string[] {
  try {
    const { Statement } = JSON.parse(decodeURIComponent(document ?? "")) as { Statement?: TrustStatement | TrustStatement[] };
    const statements = Statement === undefined ? [] : Array.isArray(Statement) ? Statement : [Statement];
    return [...new Set(statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Principal }) => principalsOf(Principal)))];
  } catch {
    return [];
  }
}

interface TrustStatement {
  Effect?: string;
  Principal?: string | Record<string, string | string[]>;
}

function principalsOf(principal: TrustStatement["Principal"]): string[] {
  if (principal === undefined) return [];
  if (typeof principal === "string") return [`AWS Principal: ${principal}`];
  return Object.entries(principal).flatMap(([kind, values]) =>
    (Array.isArray(values) ? values : [values]).map((value) => {
      if (kind === "Service") return `AWS Service: ${value.replace(/\.amazonaws\.com$/, "")}`;
      if (kind === "Federated") return `Identity Provider: ${value}`;
      const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(value);
      return account === null ? value : `Account: ${account[1] ?? value}`;
    }));
}
