// Roles, buckets and topics that the forms offer.
import { GetRoleCommand, IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { client } from "../../aws/clients";
import { isMissing } from "../../aws/errors";
import { every, useRead } from "../../aws/queries";

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
  return useRead({
    key: ["config", "roles"], follows: ["AWS::IAM::Role"],
    read: async () => {
      const roles = await every((Marker) => client(IAMClient).send(new ListRolesCommand({ Marker })), (answer) => [answer.Roles, answer.Marker]);
      return roles.filter(({ Path }) => !(Path ?? "/").startsWith("/aws-service-role/"))
        .map(({ Arn = "", RoleName = "" }) => ({ value: Arn, label: RoleName, description: Arn }));
    },
  });
}

export function useBuckets() {
  return useRead({
    key: ["config", "buckets"], follows: ["AWS::S3::Bucket"],
    read: async () => ((await client(S3Client).send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name = "" }) => ({ value: Name, label: Name })),
  });
}

export function useTopics() {
  return useRead({
    key: ["config", "topics"], follows: ["AWS::SNS::Topic"],
    read: async () => {
      const topics = await every((NextToken) => client(SNSClient).send(new ListTopicsCommand({ NextToken })), (answer) => [answer.Topics, answer.NextToken]);
      return topics.map(({ TopicArn = "" }) => ({ value: TopicArn, label: TopicArn.slice(TopicArn.lastIndexOf(":") + 1) }));
    },
  });
}
