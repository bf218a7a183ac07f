// Roles that AWS Config can use.
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { client } from "../../aws/clients";
import { isMissing } from "../../aws/errors";
import { useRead } from "../../aws/queries";
import { useRoles as useAllRoles } from "../../components/roles";

export const LINKED_ROLE = "AWSServiceRoleForConfig";

export async function hasLinkedRole(): Promise<boolean> {
  try {
    await client(IAMClient).send(new GetRoleCommand({ RoleName: LINKED_ROLE }));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

export function useLinkedRole() {
  return useRead({ key: ["config", "linked-role"], follows: ["AWS::IAM::Role"], read: hasLinkedRole });
}

/** Roles that are not a service's own. */
export function useRoles() {
  const roles = useAllRoles();
  const own = roles.data?.filter(({ arn }) => !arn.includes(":role/aws-service-role/")).map(({ arn, name }) => ({ value: arn, label: name, description: arn }));
  return { ...roles, data: own };
}
