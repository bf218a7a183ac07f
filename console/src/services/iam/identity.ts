// Users, groups and roles have their policies in the same three ways; here they are one.
import {
  AddUserToGroupCommand, AttachGroupPolicyCommand, AttachRolePolicyCommand, AttachUserPolicyCommand, DeleteGroupPolicyCommand, DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand, DeleteUserPermissionsBoundaryCommand, DeleteUserPolicyCommand, DetachGroupPolicyCommand, DetachRolePolicyCommand,
  DetachUserPolicyCommand, GetGroupPolicyCommand, GetRolePolicyCommand, GetUserCommand, GetUserPolicyCommand, IAMClient, ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand, ListAttachedUserPoliciesCommand, ListGroupPoliciesCommand, ListGroupsForUserCommand, ListRolePoliciesCommand, ListUserPoliciesCommand,
  PutGroupPolicyCommand, PutRolePermissionsBoundaryCommand, PutRolePolicyCommand, PutUserPermissionsBoundaryCommand, PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { client } from "../../aws/clients";
import { every } from "../../aws/queries";

export type Kind = "user" | "group" | "role";

/** A user, group or role. */
export interface Owner {
  kind: Kind;
  name: string;
}

export function kindOf(text: string | undefined): Kind {
  return text === "group" || text === "role" ? text : "user";
}

export function pathOf({ kind, name }: Owner): string {
  return `/iam/${kind}s/${encodeURIComponent(name)}`;
}

const iam = () => client(IAMClient);

export async function attach({ kind, name }: Owner, PolicyArn: string): Promise<void> {
  if (kind === "user") await iam().send(new AttachUserPolicyCommand({ UserName: name, PolicyArn }));
  else if (kind === "group") await iam().send(new AttachGroupPolicyCommand({ GroupName: name, PolicyArn }));
  else await iam().send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn }));
}

export async function detach({ kind, name }: Owner, PolicyArn: string): Promise<void> {
  if (kind === "user") await iam().send(new DetachUserPolicyCommand({ UserName: name, PolicyArn }));
  else if (kind === "group") await iam().send(new DetachGroupPolicyCommand({ GroupName: name, PolicyArn }));
  else await iam().send(new DetachRolePolicyCommand({ RoleName: name, PolicyArn }));
}

export async function putInline({ kind, name }: Owner, PolicyName: string, PolicyDocument: string): Promise<void> {
  if (kind === "user") await iam().send(new PutUserPolicyCommand({ UserName: name, PolicyName, PolicyDocument }));
  else if (kind === "group") await iam().send(new PutGroupPolicyCommand({ GroupName: name, PolicyName, PolicyDocument }));
  else await iam().send(new PutRolePolicyCommand({ RoleName: name, PolicyName, PolicyDocument }));
}

export async function deleteInline({ kind, name }: Owner, PolicyName: string): Promise<void> {
  if (kind === "user") await iam().send(new DeleteUserPolicyCommand({ UserName: name, PolicyName }));
  else if (kind === "group") await iam().send(new DeleteGroupPolicyCommand({ GroupName: name, PolicyName }));
  else await iam().send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName }));
}

/** The text of an inline policy, as it was put. */
export async function inlineDocument({ kind, name }: Owner, PolicyName: string): Promise<string> {
  const answer =
    kind === "user" ? await iam().send(new GetUserPolicyCommand({ UserName: name, PolicyName }))
    : kind === "group" ? await iam().send(new GetGroupPolicyCommand({ GroupName: name, PolicyName }))
    : await iam().send(new GetRolePolicyCommand({ RoleName: name, PolicyName }));
  return decodeURIComponent(answer.PolicyDocument ?? "");
}

export async function setBoundary({ kind, name }: Owner, PermissionsBoundary: string): Promise<void> {
  if (kind === "user") await iam().send(new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary }));
  else await iam().send(new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary }));
}

export async function removeBoundary({ kind, name }: Owner): Promise<void> {
  if (kind === "user") await iam().send(new DeleteUserPermissionsBoundaryCommand({ UserName: name }));
  else await iam().send(new DeleteRolePermissionsBoundaryCommand({ RoleName: name }));
}

/** A policy that an identity has, itself or by a group. */
export interface Held {
  name: string;
  /** None of an inline policy. */
  arn?: string;
  /** The group by which a user has it. */
  by?: string;
}

export async function heldBy(owner: Owner, by?: string): Promise<Held[]> {
  const [attached, inline] = await Promise.all([attachedTo(owner), inlineOf(owner)]);
  const marked = by === undefined ? {} : { by };
  return [
    ...attached.map(({ PolicyName = "", PolicyArn = "" }) => ({ name: PolicyName, arn: PolicyArn, ...marked })),
    ...inline.map((name) => ({ name, ...marked })),
  ];
}

/** Gives a user what another has: groups, policies of both kinds, and the permissions boundary. */
export async function copyPermissions(from: string, to: string): Promise<void> {
  const owner: Owner = { kind: "user", name: to };
  const source: Owner = { kind: "user", name: from };
  const groups = await every((Marker) => iam().send(new ListGroupsForUserCommand({ UserName: from, Marker })), (answer) => [answer.Groups, answer.Marker]);
  for (const { GroupName } of groups) await iam().send(new AddUserToGroupCommand({ GroupName, UserName: to }));
  for (const { arn, name } of await heldBy(source)) await (arn === undefined ? putInline(owner, name, await inlineDocument(source, name)) : attach(owner, arn));
  const boundary = (await iam().send(new GetUserCommand({ UserName: from }))).User?.PermissionsBoundary?.PermissionsBoundaryArn;
  if (boundary !== undefined) await setBoundary(owner, boundary);
}

function attachedTo({ kind, name }: Owner) {
  return every(
    async (Marker) =>
      kind === "user" ? iam().send(new ListAttachedUserPoliciesCommand({ UserName: name, Marker }))
      : kind === "group" ? iam().send(new ListAttachedGroupPoliciesCommand({ GroupName: name, Marker }))
      : iam().send(new ListAttachedRolePoliciesCommand({ RoleName: name, Marker })),
    (answer) => [answer.AttachedPolicies, answer.Marker],
  );
}

function inlineOf({ kind, name }: Owner) {
  return every(
    async (Marker) =>
      kind === "user" ? iam().send(new ListUserPoliciesCommand({ UserName: name, Marker }))
      : kind === "group" ? iam().send(new ListGroupPoliciesCommand({ GroupName: name, Marker }))
      : iam().send(new ListRolePoliciesCommand({ RoleName: name, Marker })),
    (answer) => [answer.PolicyNames, answer.Marker],
  );
}

/** What the console calls a policy's type. */
export function typeOfPolicy(arn: string | undefined): string {
  if (arn === undefined) return "Customer inline";
  if (!isAwsManaged(arn)) return "Customer managed";
  return arn.includes(":policy/job-function/") ? "AWS managed - job function" : "AWS managed";
}

export function isAwsManaged(arn: string): boolean {
  return /^arn:[^:]+:iam::aws:policy\//.test(arn);
}
