import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { client } from "../aws/clients";
import { every, useRead } from "../aws/queries";

export interface RoleSummary {
  name: string;
  arn: string;
}

/** The account's roles that one may choose from. */
export function useRoles() {
  return useRead({
    key: ["iam", "role-choices"],
    follows: ["AWS::IAM::Role"],
    read: async (): Promise<RoleSummary[]> => {
      const roles = await every(
        (Marker) => client(IAMClient).send(new ListRolesCommand({ Marker })),
        (answer) => [answer.Roles, answer.Marker],
      );
      return roles.map(({ RoleName = "", Arn = "" }) => ({ name: RoleName, arn: Arn }));
    },
  });
}
