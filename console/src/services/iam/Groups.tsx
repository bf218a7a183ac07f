import { DeleteGroupCommand, type Group, IAMClient, RemoveUserFromGroupCommand, GetGroupCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { every, useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { deleteInline, detach, heldBy, type Owner, pathOf } from "./identity";
import { listCrumbs } from "./parts";
import { useGroups } from "./read";

export default function Groups() {
  const navigate = useNavigate();
  const groups = useGroups();
  const [deleting, setDeleting] = useState<string>();
  return (
    <BarePage crumbs={listCrumbs("group")}>
      <ResourceTable<Group>
        title="User groups"
        description="A user group is a collection of IAM users. Use groups to specify permissions for a collection of users."
        variant="full-page"
        items={groups.data}
        loading={groups.isLoading}
        error={groups.error}
        id={({ GroupName = "" }) => GroupName}
        select="single"
        empty="No user groups. Choose Create group to make one."
        columns={[
          { id: "name", header: "Group name", cell: ({ GroupName = "" }) => <PageLink href={pathOf({ kind: "group", name: GroupName })}>{GroupName}</PageLink>, value: ({ GroupName }) => GroupName },
          { id: "path", header: "Path", cell: ({ Path }) => Path, value: ({ Path }) => Path },
          { id: "arn", header: "ARN", cell: ({ Arn }) => Arn, value: ({ Arn }) => Arn },
          { id: "created", header: "Creation time", cell: ({ CreateDate }) => when(CreateDate), value: ({ CreateDate }) => CreateDate?.getTime() },
        ]}
        actions={([one]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={one === undefined} onClick={() => setDeleting(one?.GroupName)}>Delete</Button>
            <Button variant="primary" onClick={() => void navigate("/iam/create/group")}>Create group</Button>
          </SpaceBetween>
        )}
      />
      {deleting !== undefined && <DeleteGroup name={deleting} close={() => setDeleting(undefined)} />}
    </BarePage>
  );
}

export function DeleteGroup({ name, close, after }: { name: string; close: () => void; after?: () => void }) {
  const remove = useAct({
    what: "Delete user group",
    run: async () => {
      const iam = client(IAMClient);
      const owner: Owner = { kind: "group", name };
      const members = await every((Marker) => iam.send(new GetGroupCommand({ GroupName: name, Marker })), (answer) => [answer.Users, answer.Marker]);
      for (const { UserName } of members) await iam.send(new RemoveUserFromGroupCommand({ GroupName: name, UserName }));
      for (const policy of await heldBy(owner)) await (policy.arn === undefined ? deleteInline(owner, policy.name) : detach(owner, policy.arn));
      await iam.send(new DeleteGroupCommand({ GroupName: name }));
    },
    done: () => `User group ${name} deleted.`,
    after: () => {
      close();
      after?.();
    },
  });
  return (
    <Confirm title={`Delete ${name}?`} action="Delete" type={name} busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={close}>
      Its users are not deleted, but they lose the permissions that this group gave. Its inline policies are deleted.
    </Confirm>
  );
}
