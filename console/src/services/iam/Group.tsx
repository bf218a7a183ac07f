import { AddUserToGroupCommand, IAMClient, RemoveUserFromGroupCommand, UpdateGroupCommand, type User } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { FormModal } from "../../components/FormModal";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { PageTabs } from "../../components/PageTabs";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { DeleteGroup } from "./Groups";
import { type Owner, pathOf } from "./identity";
import { LastAccessed } from "./LastAccessed";
import { crumbsOf } from "./parts";
import { Permissions } from "./Permissions";
import { useGroup, useUsers } from "./read";

export default function GroupPage() {
  const { name = "" } = useParams();
  const owner: Owner = { kind: "group", name };
  const navigate = useNavigate();
  const group = useGroup(name);
  const [doing, setDoing] = useState<"edit" | "delete">();
  return (
    <Page title={name} crumbs={crumbsOf(owner)} actions={<Button onClick={() => setDoing("delete")}>Delete</Button>}>
      <ReadFailed error={group.error} what="user group" />
      {group.data !== undefined && (
        <>
          <Container header={<Header variant="h2" actions={<Button ariaLabel="Edit user group" onClick={() => setDoing("edit")}>Edit</Button>}>Summary</Header>}>
            <Properties of={[
              ["User group name", name],
              ["Creation time", when(group.data.group?.CreateDate)],
              ["ARN", <Copyable text={group.data.group?.Arn} />],
            ]} />
          </Container>
          <PageTabs label="User group" tabs={[
            { id: "users", label: "Users", content: <Members group={name} users={group.data.users} /> },
            { id: "permissions", label: "Permissions", content: <Permissions owner={owner} boundary={undefined} /> },
            { id: "access_advisor", label: "Last Accessed", content: <LastAccessed arn={group.data.group?.Arn ?? ""} /> },
          ]} />
        </>
      )}
      {doing === "edit" && <Rename group={name} close={() => setDoing(undefined)} />}
      {doing === "delete" && <DeleteGroup name={name} close={() => setDoing(undefined)} after={() => void navigate("/iam/groups")} />}
    </Page>
  );
}

function Members({ group, users }: { group: string; users: readonly User[] }) {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<readonly User[]>();
  const remove = useAct({
    what: "Remove users from group",
    run: async (some: readonly User[]) => {
      for (const { UserName } of some) await client(IAMClient).send(new RemoveUserFromGroupCommand({ GroupName: group, UserName }));
    },
    done: (_, some) => `${some.map(({ UserName }) => UserName).join(", ")} removed from this group.`,
    after: () => setRemoving(undefined),
  });
  return (
    <>
      <ResourceTable<User>
        title="Users in this group" items={users} loading={false} select="multi" id={({ UserName = "" }) => UserName}
        columns={[
          { id: "name", header: "User name", cell: ({ UserName = "" }) => <PageLink href={pathOf({ kind: "user", name: UserName })}>{UserName}</PageLink>, value: ({ UserName }) => UserName },
          { id: "created", header: "Creation time", cell: ({ CreateDate }) => when(CreateDate), value: ({ CreateDate }) => CreateDate?.getTime() },
        ]}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={() => setRemoving(selected)}>Remove users</Button>
            <Button onClick={() => setAdding(true)}>Add users</Button>
          </SpaceBetween>
        )}
      />
      {adding && <AddUsers group={group} members={users.flatMap(({ UserName }) => UserName ?? [])} close={() => setAdding(false)} />}
      {removing !== undefined && (
        <Confirm title="Remove users from group?" action="Remove" busy={remove.isPending} onConfirm={() => remove.mutate(removing)} onCancel={() => setRemoving(undefined)}>
          {removing.map(({ UserName }) => UserName).join(", ")} will lose the permissions of {group}.
        </Confirm>
      )}
    </>
  );
}

function AddUsers({ group, members, close }: { group: string; members: readonly string[]; close: () => void }) {
  const users = useUsers();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const options = (users.data ?? []).flatMap(({ UserName = "" }) => (members.includes(UserName) ? [] : [{ value: UserName, label: UserName }]));
  const add = useAct({
    what: "Add users",
    run: async () => {
      for (const UserName of chosen) await client(IAMClient).send(new AddUserToGroupCommand({ GroupName: group, UserName }));
    },
    done: () => `${chosen.join(", ")} added to this group.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title={`Add users to ${group}`} action="Add users" busy={add.isPending} error={add.error ?? users.error} disabled={chosen.length === 0} onSubmit={() => add.mutate(undefined)} onCancel={close}>
      <FormField label="Other users in this account">
        <Multiselect selectedOptions={options.filter(({ value }) => chosen.includes(value))} options={options} placeholder="Choose users" empty="There is no other user" expandToViewport
          onChange={({ detail }) => setChosen(detail.selectedOptions.flatMap(({ value }) => value ?? []))} />
      </FormField>
    </FormModal>
  );
}

function Rename({ group, close }: { group: string; close: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState(group);
  const save = useAct({
    what: "Edit user group",
    run: () => client(IAMClient).send(new UpdateGroupCommand({ GroupName: group, NewGroupName: name })),
    done: () => `User group ${group} is now called ${name}.`,
    after: () => {
      close();
      void navigate(pathOf({ kind: "group", name }), { replace: true });
    },
    quiet: true,
  });
  return (
    <FormModal title="Edit user group name" action="Save changes" busy={save.isPending} error={save.error} disabled={name === "" || name === group} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="User group name"><Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus /></FormField>
    </FormModal>
  );
}
