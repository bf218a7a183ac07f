import { AddUserToGroupCommand, type Group, IAMClient, RemoveUserFromGroupCommand, TagUserCommand, UntagUserCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
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
import { AccessKeys } from "./AccessKeys";
import { ConsoleAccess } from "./ConsoleAccess";
import { DeleteUsers } from "./DeleteUsers";
import { type Owner, pathOf } from "./identity";
import { LastAccessed } from "./LastAccessed";
import { ago, crumbsOf, IamTags } from "./parts";
import { Permissions } from "./Permissions";
import { useAccessKeys, useGroups, useGroupsOf, useLoginProfile, useUser } from "./read";

export default function UserPage() {
  const { name = "" } = useParams();
  const owner: Owner = { kind: "user", name };
  const navigate = useNavigate();
  const user = useUser(name);
  const login = useLoginProfile(name);
  const keys = useAccessKeys(name);
  const [deleting, setDeleting] = useState(false);
  const [first, second] = keys.data ?? [];
  const key = (one: typeof first) => one === undefined ? "–" : `${one.AccessKeyId ?? ""} - ${one.Status ?? ""}`;
  return (
    <Page title={name} crumbs={crumbsOf(owner)} actions={<Button onClick={() => setDeleting(true)}>Delete</Button>}>
      <ReadFailed error={user.error} what="user" />
      {user.data !== undefined && (
        <>
          <Container header={<Header variant="h2">Summary</Header>}>
            <Properties of={[
              ["ARN", <Copyable text={user.data.Arn} />],
              ["Console access", login.data === undefined ? "–" : login.data === null ? "Disabled" : "Enabled"],
              ["Access key 1", key(first)],
              ["Created", when(user.data.CreateDate)],
              ["Last console sign-in", login.data === null ? "–" : ago(user.data.PasswordLastUsed, "Never")],
              ["Access key 2", key(second)],
            ]} />
          </Container>
          <PageTabs label="User" tabs={[
            { id: "permissions", label: "Permissions", content: <Permissions owner={owner} boundary={user.data.PermissionsBoundary?.PermissionsBoundaryArn} /> },
            { id: "groups", label: "Groups", content: <Groups user={name} /> },
            {
              id: "tags", label: "Tags",
              content: (
                <IamTags tags={user.data.Tags}
                  tag={(Tags) => client(IAMClient).send(new TagUserCommand({ UserName: name, Tags }))}
                  untag={(TagKeys) => client(IAMClient).send(new UntagUserCommand({ UserName: name, TagKeys }))} />
              ),
            },
            { id: "security_credentials", label: "Security credentials", content: <SpaceBetween size="l"><ConsoleAccess user={name} /><AccessKeys user={name} /></SpaceBetween> },
            { id: "access_advisor", label: "Last Accessed", content: <LastAccessed arn={user.data.Arn ?? ""} /> },
          ]} />
        </>
      )}
      {deleting && <DeleteUsers names={[name]} close={() => setDeleting(false)} after={() => void navigate("/iam/users")} />}
    </Page>
  );
}

function Groups({ user }: { user: string }) {
  const member = useGroupsOf(user);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<readonly Group[]>();
  const remove = useAct({
    what: "Remove user from groups",
    run: async (groups: readonly Group[]) => {
      for (const { GroupName } of groups) await client(IAMClient).send(new RemoveUserFromGroupCommand({ UserName: user, GroupName }));
    },
    done: () => `${user} was removed.`,
    after: () => setRemoving(undefined),
  });
  return (
    <>
      <ResourceTable<Group>
        title="User groups membership" items={member.data} loading={member.isLoading} error={member.error} select="multi" id={({ GroupName = "" }) => GroupName}
        empty="This user belongs to no groups."
        columns={[
          { id: "name", header: "Group name", cell: ({ GroupName = "" }) => <PageLink href={pathOf({ kind: "group", name: GroupName })}>{GroupName}</PageLink>, value: ({ GroupName }) => GroupName },
          { id: "created", header: "Creation time", cell: ({ CreateDate }) => when(CreateDate), value: ({ CreateDate }) => CreateDate?.getTime() },
        ]}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={() => setRemoving(selected)}>Remove</Button>
            <Button onClick={() => setAdding(true)}>Add user to groups</Button>
          </SpaceBetween>
        )}
      />
      {adding && <AddToGroups user={user} member={(member.data ?? []).flatMap(({ GroupName }) => GroupName ?? [])} close={() => setAdding(false)} />}
      {removing !== undefined && (
        <Confirm title="Remove user from groups?" action="Remove" busy={remove.isPending} onConfirm={() => remove.mutate(removing)} onCancel={() => setRemoving(undefined)}>
          {user} loses the permissions that {removing.map(({ GroupName }) => GroupName).join(", ")} gave.
        </Confirm>
      )}
    </>
  );
}

function AddToGroups({ user, member, close }: { user: string; member: readonly string[]; close: () => void }) {
  const groups = useGroups();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const options = (groups.data ?? []).flatMap(({ GroupName = "" }) => (member.includes(GroupName) ? [] : [{ value: GroupName, label: GroupName }]));
  const add = useAct({
    what: "Add user to groups",
    run: async () => {
      for (const GroupName of chosen) await client(IAMClient).send(new AddUserToGroupCommand({ UserName: user, GroupName }));
    },
    done: () => `${user} was added to ${chosen.join(", ")}.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title={`Add ${user} to groups`} action="Add user to group(s)" busy={add.isPending} error={add.error ?? groups.error} disabled={chosen.length === 0} onSubmit={() => add.mutate(undefined)} onCancel={close}>
      <FormField label="User groups">
        <Multiselect selectedOptions={options.filter(({ value }) => chosen.includes(value))} options={options} placeholder="Choose groups" empty="There is no other group" expandToViewport
          onChange={({ detail }) => setChosen(detail.selectedOptions.flatMap(({ value }) => value ?? []))} />
      </FormField>
    </FormModal>
  );
}
