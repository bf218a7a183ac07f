// What pages of IAM read.
import {
  GetAccountPasswordPolicyCommand, GetAccountSummaryCommand, GetGroupCommand, GetLoginProfileCommand, GetPolicyCommand, GetPolicyVersionCommand,
  GetRoleCommand, GetUserCommand, IAMClient, ListAccessKeysCommand, ListAccountAliasesCommand, ListEntitiesForPolicyCommand, ListGroupsCommand,
  ListGroupsForUserCommand, ListInstanceProfilesForRoleCommand, ListPoliciesCommand, ListPolicyVersionsCommand, ListRolesCommand, ListUsersCommand,
  GetAccessKeyLastUsedCommand,
} from "@aws-sdk/client-iam";
import type { Found } from "../../app/service";
import { client } from "../../aws/clients";
import { isMissing } from "../../aws/errors";
import { every, useRead } from "../../aws/queries";
import { heldBy, inlineDocument, type Owner } from "./identity";

const iam = () => client(IAMClient);
const ALL = ["AWS::IAM::*", "iam.*"];
const MaxItems = 1000;

const groups = () => every((Marker) => iam().send(new ListGroupsCommand({ Marker, MaxItems })), (a) => [a.Groups, a.Marker]);
const users = () => every((Marker) => iam().send(new ListUsersCommand({ Marker, MaxItems })), (a) => [a.Users, a.Marker]);
const roles = () => every((Marker) => iam().send(new ListRolesCommand({ Marker, MaxItems })), (a) => [a.Roles, a.Marker]);
const policies = (Scope: "All" | "Local") =>
  every((Marker) => iam().send(new ListPoliciesCommand({ Scope, Marker, MaxItems })), (a) => [a.Policies, a.Marker]);

export const useGroups = () => useRead({ key: ["iam", "groups"], follows: ALL, read: groups });
export const useUsers = () => useRead({ key: ["iam", "users"], follows: ALL, read: users });
export const useRoles = () => useRead({ key: ["iam", "roles"], follows: ALL, read: roles });
export const usePolicies = () => useRead({ key: ["iam", "policies"], follows: ALL, read: () => policies("All") });

export function useUser(name: string | undefined) {
  return useRead({
    key: ["iam", "user", name], follows: ALL, enabled: name !== "",
    read: async () => (await iam().send(new GetUserCommand(name === undefined ? {} : { UserName: name }))).User,
  });
}

export function useGroup(name: string) {
  return useRead({
    key: ["iam", "group", name], follows: ALL,
    read: async () => {
      const first = await iam().send(new GetGroupCommand({ GroupName: name }));
      const members = await every((Marker) => iam().send(new GetGroupCommand({ GroupName: name, Marker })), (a) => [a.Users, a.Marker]);
      return { group: first.Group, users: members };
    },
  });
}

export function useRole(name: string) {
  return useRead({
    key: ["iam", "role", name], follows: ALL,
    read: async () => (await iam().send(new GetRoleCommand({ RoleName: name }))).Role,
  });
}

export function useInstanceProfiles(role: string) {
  return useRead({
    key: ["iam", "instance-profiles", role], follows: ALL,
    read: () => every((Marker) => iam().send(new ListInstanceProfilesForRoleCommand({ RoleName: role, Marker })), (a) => [a.InstanceProfiles, a.Marker]),
  });
}

export function useGroupsOf(user: string) {
  return useRead({
    key: ["iam", "groups-of", user], follows: ALL,
    read: () => every((Marker) => iam().send(new ListGroupsForUserCommand({ UserName: user, Marker })), (a) => [a.Groups, a.Marker]),
  });
}

/** The policies of an identity; a user's groups' as well. */
export function useHeld(owner: Owner) {
  return useRead({
    key: ["iam", "held", owner.kind, owner.name], follows: ALL,
    read: async () => {
      const own = await heldBy(owner);
      if (owner.kind !== "user") return own;
      const member = (await iam().send(new ListGroupsForUserCommand({ UserName: owner.name, MaxItems }))).Groups ?? [];
      const theirs = await Promise.all(member.map(({ GroupName = "" }) => heldBy({ kind: "group", name: GroupName }, GroupName)));
      return [...own, ...theirs.flat()];
    },
  });
}

export function usePolicy(arn: string) {
  return useRead({
    key: ["iam", "policy", arn], follows: ALL,
    read: async () => (await iam().send(new GetPolicyCommand({ PolicyArn: arn }))).Policy,
  });
}

export function useVersions(arn: string) {
  return useRead({
    key: ["iam", "versions", arn], follows: ALL,
    read: () => every((Marker) => iam().send(new ListPolicyVersionsCommand({ PolicyArn: arn, Marker })), (a) => [a.Versions, a.Marker]),
  });
}

export async function managedDocument(arn: string, version?: string): Promise<string> {
  const id = version ?? (await iam().send(new GetPolicyCommand({ PolicyArn: arn }))).Policy?.DefaultVersionId;
  const answer = await iam().send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: id }));
  return decodeURIComponent(answer.PolicyVersion?.Document ?? "");
}

/** The text of a managed policy's version (its default one), or of an inline policy of `owner`. */
export function useDocument({ arn, version, owner, name, enabled = true }: { arn?: string; version?: string; owner?: Owner; name?: string; enabled?: boolean }) {
  return useRead({
    key: ["iam", "document", arn, version, owner?.kind, owner?.name, name], follows: ALL,
    enabled: enabled && (arn !== undefined || (owner !== undefined && name !== undefined)),
    read: async () => {
      if (arn !== undefined) return managedDocument(arn, version);
      return owner === undefined || name === undefined ? "" : inlineDocument(owner, name);
    },
  });
}

export function useEntities(arn: string) {
  return useRead({
    key: ["iam", "entities", arn], follows: ALL,
    read: async () => {
      const of = (usage: "PermissionsPolicy" | "PermissionsBoundary") =>
        every(
          (Marker) => iam().send(new ListEntitiesForPolicyCommand({ PolicyArn: arn, PolicyUsageFilter: usage, Marker })),
          ({ PolicyUsers = [], PolicyGroups = [], PolicyRoles = [], Marker }) => [
            [
              ...PolicyUsers.map(({ UserName = "" }): Owner => ({ kind: "user", name: UserName })),
              ...PolicyGroups.map(({ GroupName = "" }): Owner => ({ kind: "group", name: GroupName })),
              ...PolicyRoles.map(({ RoleName = "" }): Owner => ({ kind: "role", name: RoleName })),
            ],
            Marker,
          ],
        );
      const [permissions, boundary] = await Promise.all([of("PermissionsPolicy"), of("PermissionsBoundary")]);
      return { permissions, boundary };
    },
  });
}

export function useAccount() {
  return useRead({
    key: ["iam", "account"], follows: ALL,
    read: async () => {
      const [summary, aliases] = await Promise.all([iam().send(new GetAccountSummaryCommand({})), iam().send(new ListAccountAliasesCommand({}))]);
      return { counts: summary.SummaryMap ?? {}, alias: aliases.AccountAliases?.[0] };
    },
  });
}

/** The account's password policy; null where AWS's default one applies. */
export function usePasswordPolicy() {
  return useRead({
    key: ["iam", "password-policy"], follows: ALL,
    read: async () => orNull(iam().send(new GetAccountPasswordPolicyCommand({})).then((answer) => answer.PasswordPolicy ?? null)),
  });
}

/** Whether a user may sign in with a password; null where not. */
export function useLoginProfile(user: string) {
  return useRead({
    key: ["iam", "login-profile", user], follows: ALL,
    read: async () => orNull(iam().send(new GetLoginProfileCommand({ UserName: user })).then((answer) => answer.LoginProfile ?? null)),
  });
}

export function useAccessKeys(user: string | undefined) {
  return useRead({
    key: ["iam", "access-keys", user], follows: ALL,
    read: async () => {
      const keys = (await iam().send(new ListAccessKeysCommand(user === undefined ? {} : { UserName: user }))).AccessKeyMetadata ?? [];
      return Promise.all(keys.map(async (key) => {
        const used = await iam().send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key.AccessKeyId })).catch(() => undefined);
        return { ...key, used: used?.AccessKeyLastUsed };
      }));
    },
  });
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export async function found(): Promise<Found[]> {
  const some = await Promise.allSettled([
    users().then((all) => all.map(({ UserName = "" }) => ({ label: UserName, href: `/iam/users/${encodeURIComponent(UserName)}`, kind: "IAM user" }))),
    roles().then((all) => all.map(({ RoleName = "" }) => ({ label: RoleName, href: `/iam/roles/${encodeURIComponent(RoleName)}`, kind: "IAM role" }))),
    groups().then((all) => all.map(({ GroupName = "" }) => ({ label: GroupName, href: `/iam/groups/${encodeURIComponent(GroupName)}`, kind: "IAM user group" }))),
    policies("Local").then((all) => all.map(({ PolicyName = "", Arn = "" }) => ({ label: PolicyName, href: `/iam/policies/${encodeURIComponent(Arn)}`, kind: "IAM policy" }))),
  ]);
  return some.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
}
