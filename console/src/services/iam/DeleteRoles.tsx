import {
  DeleteInstanceProfileCommand, DeleteRoleCommand, DeleteServiceLinkedRoleCommand, IAMClient, ListInstanceProfilesForRoleCommand, RemoveRoleFromInstanceProfileCommand, type Role,
} from "@aws-sdk/client-iam";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { deleteInline, detach, heldBy, type Owner } from "./identity";

export function DeleteRoles({ roles, close, after }: { roles: readonly Role[]; close: () => void; after?: () => void }) {
  const names = roles.map(({ RoleName = "" }) => RoleName);
  const [name = ""] = names;
  const single = names.length === 1;
  const remove = useAct({
    what: single ? "Delete role" : "Delete roles",
    run: async () => {
      for (const role of roles) await deleteRole(role);
    },
    done: () => (single ? `Role ${name} deleted.` : `${names.length} roles deleted.`),
    after: () => {
      close();
      after?.();
    },
  });
  return (
    <Confirm title={single ? `Delete ${name}?` : `Delete ${names.length} roles?`} action="Delete" type={single ? name : "confirm"} busy={remove.isPending}
      onConfirm={() => remove.mutate(undefined)} onCancel={close}>
      Delete {names.join(", ")} permanently? This will also delete all its inline policies and any attached instance profiles. What uses the role loses access.
    </Confirm>
  );
}

/** As AWS's console: policies and instance profiles go first. A service-linked role is its service's to delete. */
async function deleteRole({ RoleName = "", Path }: Role): Promise<void> {
  const iam = client(IAMClient);
  if (Path?.startsWith("/aws-service-role/") === true) {
    await iam.send(new DeleteServiceLinkedRoleCommand({ RoleName }));
    return;
  }
  const owner: Owner = { kind: "role", name: RoleName };
  for (const policy of await heldBy(owner)) await (policy.arn === undefined ? deleteInline(owner, policy.name) : detach(owner, policy.arn));
  for (const { InstanceProfileName } of (await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName }))).InstanceProfiles ?? []) {
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ RoleName, InstanceProfileName }));
    // The console made the profile of the role's own name; others are somebody else's.
    if (InstanceProfileName === RoleName) await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
  }
  await iam.send(new DeleteRoleCommand({ RoleName }));
}
