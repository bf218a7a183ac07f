// The policies of an execution role: what the function may do.
import {
  GetPolicyCommand, GetPolicyVersionCommand, GetRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand, ListRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import { client } from "../../aws/clients";
import { useRead } from "../../aws/queries";

export interface Statement {
  policy: string;
  Effect?: string;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: unknown;
}

export function useRoleStatements(roleName: string | undefined) {
  return useRead({
    key: ["iam", "role-statements", roleName],
    follows: ["AWS::IAM::Role", "AWS::IAM::Policy"],
    enabled: roleName !== undefined,
    read: () => roleStatements(roleName ?? ""),
  });
}

async function roleStatements(RoleName: string): Promise<Statement[]> {
  const iam = client(IAMClient);
  const [attached, inline] = await Promise.all([
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
    iam.send(new ListRolePoliciesCommand({ RoleName })),
  ]);
  const documents = await Promise.all([
    ...(attached.AttachedPolicies ?? []).map(async ({ PolicyArn, PolicyName = "" }) => {
      const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
      const version = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }));
      return [PolicyName, version.PolicyVersion?.Document] as const;
    }),
    ...(inline.PolicyNames ?? []).map(async (PolicyName) => {
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return [PolicyName, PolicyDocument] as const;
    }),
  ]);
  return documents.flatMap(([policy, document]) => {
    const { Statement: statements = [] } = JSON.parse(decodeURIComponent(document ?? "{}")) as { Statement?: Statement | Statement[] };
    return [statements].flat().map((statement) => ({ ...statement, policy }));
  });
}

export function list(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : [value].flat();
}
