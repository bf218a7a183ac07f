import { DeletePolicyCommand, DeletePolicyVersionCommand, IAMClient, ListEntitiesForPolicyCommand, ListPolicyVersionsCommand } from "@aws-sdk/client-iam";
import { client } from "../../aws/clients";
import { every, useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { detach } from "./identity";

export function DeletePolicy({ arn, name, close, after }: { arn: string; name: string; close: () => void; after?: () => void }) {
  const remove = useAct({
    what: "Delete policy",
    run: () => deletePolicy(arn),
    done: () => `Policy ${name} deleted.`,
    after: () => {
      close();
      after?.();
    },
  });
  return (
    <Confirm title={`Delete ${name}?`} action="Delete" type={name} busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={close}>
      Delete {name} permanently? It is detached from all users, groups and roles, and all its versions are deleted. Where it is a permissions boundary it has to be removed first.
    </Confirm>
  );
}

async function deletePolicy(arn: string): Promise<void> {
  const iam = client(IAMClient);
  const entities = await every(
    (Marker) => iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: arn, PolicyUsageFilter: "PermissionsPolicy", Marker })),
    ({ PolicyUsers = [], PolicyGroups = [], PolicyRoles = [], Marker }) => [
      [
        ...PolicyUsers.map(({ UserName = "" }) => ({ kind: "user", name: UserName }) as const),
        ...PolicyGroups.map(({ GroupName = "" }) => ({ kind: "group", name: GroupName }) as const),
        ...PolicyRoles.map(({ RoleName = "" }) => ({ kind: "role", name: RoleName }) as const),
      ],
      Marker,
    ],
  );
  for (const owner of entities) await detach(owner, arn);
  for (const { VersionId, IsDefaultVersion } of (await iam.send(new ListPolicyVersionsCommand({ PolicyArn: arn }))).Versions ?? []) {
    if (IsDefaultVersion !== true) await iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId }));
  }
  await iam.send(new DeletePolicyCommand({ PolicyArn: arn }));
}
