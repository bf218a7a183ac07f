import { DeleteAccessKeyCommand, DeleteLoginProfileCommand, DeleteUserCommand, IAMClient, ListAccessKeysCommand, ListGroupsForUserCommand, RemoveUserFromGroupCommand } from "@aws-sdk/client-iam";
import { client } from "../../aws/clients";
import { isMissing } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { deleteInline, detach, heldBy, type Owner, removeBoundary } from "./identity";

export function DeleteUsers({ names, close, after }: { names: readonly string[]; close: () => void; after?: () => void }) {
  const remove = useAct({
    what: names.length === 1 ? "Delete user" : "Delete users",
    run: async () => {
      for (const name of names) await deleteUser(name);
    },
    done: () => (names.length === 1 ? `User ${names[0] ?? ""} deleted.` : `${names.length} users deleted.`),
    after: () => {
      close();
      after?.();
    },
  });
  const [name = ""] = names;
  return (
    <Confirm title={names.length === 1 ? `Delete ${name}?` : `Delete ${names.length} users?`} action={names.length === 1 ? "Delete user" : "Delete users"}
      type={names.length === 1 ? name : "confirm"} busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={close}>
      Delete {names.join(", ")} permanently? This will also delete all its user data, security credentials and inline policies. Access keys that are still in use stop working.
    </Confirm>
  );
}

/** As AWS's console: everything that DeleteUser asks to be gone first, then the user. */
async function deleteUser(name: string): Promise<void> {
  const iam = client(IAMClient);
  const owner: Owner = { kind: "user", name };
  for (const policy of await heldBy(owner)) await (policy.arn === undefined ? deleteInline(owner, policy.name) : detach(owner, policy.arn));
  for (const { AccessKeyId } of (await iam.send(new ListAccessKeysCommand({ UserName: name }))).AccessKeyMetadata ?? []) {
    await iam.send(new DeleteAccessKeyCommand({ UserName: name, AccessKeyId }));
  }
  for (const { GroupName } of (await iam.send(new ListGroupsForUserCommand({ UserName: name }))).Groups ?? []) {
    await iam.send(new RemoveUserFromGroupCommand({ UserName: name, GroupName }));
  }
  await unlessMissing(iam.send(new DeleteLoginProfileCommand({ UserName: name })));
  await unlessMissing(removeBoundary(owner));
  await iam.send(new DeleteUserCommand({ UserName: name }));
}

async function unlessMissing(act: Promise<unknown>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
