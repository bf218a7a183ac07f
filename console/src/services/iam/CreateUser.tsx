import { AddUserToGroupCommand, CreateLoginProfileCommand, CreateUserCommand, IAMClient, UpdateLoginProfileCommand } from "@aws-sdk/client-iam";
import Checkbox from "@cloudscape-design/components/checkbox";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import Tiles from "@cloudscape-design/components/tiles";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { writtenTags } from "../../aws/tags";
import { useOnce } from "../../components/once";
import { BarePage, Page } from "../../components/Page";
import { Copyable, Properties } from "../../components/Properties";
import { Steps } from "../../components/Steps";
import { useSession } from "../../session/session";
import { type PasswordChoice, PasswordFields } from "./ConsoleAccess";
import { signInUrl } from "./Dashboard";
import { attach, copyPermissions, pathOf, setBoundary } from "./identity";
import { listCrumbs } from "./parts";
import { generatedPassword } from "./password";
import { PolicyChoice } from "./PolicyChoice";
import { useAccount, useGroups, useUsers } from "./read";

const CRUMBS = [...listCrumbs("user"), { text: "Create user", href: "/iam/create/user" }];

export default function CreateUser() {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [console_, setConsole] = useState(false);
  const [password, setPassword] = useState<PasswordChoice>(() => ({ kind: "auto", text: generatedPassword(), reset: true }));
  const [from, setFrom] = useState("group");
  const [groups, setGroups] = useState<readonly string[]>([]);
  const [copied, setCopied] = useState<readonly string[]>([]);
  const [policies, setPolicies] = useState<readonly string[]>([]);
  const [boundary, setBoundaryArn] = useState<readonly string[]>([]);
  const [bounded, setBounded] = useState(false);
  const [tags, setTags] = useState<readonly TagEditorProps.Tag[]>([]);
  const once = useOnce();
  const create = useAct({
    what: "Create user",
    run: async () => {
      const iam = client(IAMClient);
      await once(`user ${name}`, () => iam.send(new CreateUserCommand({ UserName: name, Tags: writtenTags(tags) })));
      const owner = { kind: "user", name } as const;
      if (console_) {
        const login = { UserName: name, Password: password.text, PasswordResetRequired: password.reset };
        if (!(await once(`password of ${name}`, () => iam.send(new CreateLoginProfileCommand(login))))) await iam.send(new UpdateLoginProfileCommand(login));
      }
      if (from === "group") for (const GroupName of groups) await iam.send(new AddUserToGroupCommand({ UserName: name, GroupName }));
      if (from === "policies") for (const arn of policies) await attach(owner, arn);
      if (from === "copy") for (const other of copied) await copyPermissions(other, name);
      // Who must change the password has to be allowed to.
      if (console_ && password.reset) await attach(owner, "arn:aws:iam::aws:policy/IAMUserChangePassword");
      const [arn] = boundary;
      if (bounded && arn !== undefined) await setBoundary(owner, arn);
    },
    done: () => `User created successfully: ${name}.`,
    after: () => {
      if (!console_) void navigate("/iam/users");
    },
    quiet: true,
  });
  if (create.isSuccess && console_) return <Retrieve name={name} password={password.text} />;
  return (
    <BarePage crumbs={CRUMBS}>
      <Steps
        submit="Create user" busy={create.isPending} error={create.error} onSubmit={() => create.mutate(undefined)} onCancel={() => void navigate("/iam/users")}
        steps={[
          {
            title: "Specify user details",
            problem: () => (name === "" ? "User name is required." : console_ && password.text === "" ? "Enter a password." : undefined),
            content: (
              <Container header={<Header variant="h2">User details</Header>}>
                <SpaceBetween size="l">
                  <FormField label="User name" constraintText="The user name can have up to 64 characters. Valid characters: A-Z, a-z, 0-9, and + = , . @ _ - (hyphen)">
                    <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
                  </FormField>
                  <Checkbox checked={console_} onChange={({ detail }) => setConsole(detail.checked)}>Provide user access to the AWS Management Console - <i>optional</i></Checkbox>
                  {console_ && <PasswordFields value={password} set={setPassword} />}
                  {!console_ && <Alert type="info">If you are creating programmatic access through access keys, you can generate them after you create this IAM user.</Alert>}
                </SpaceBetween>
              </Container>
            ),
          },
          {
            title: "Set permissions",
            content: (
              <SpaceBetween size="l">
                <Container header={<Header variant="h2">Permissions options</Header>}>
                  <Tiles value={from} onChange={({ detail }) => setFrom(detail.value)} ariaLabel="Permissions options" items={[
                    { value: "group", label: "Add user to group", description: "Add user to an existing group." },
                    { value: "copy", label: "Copy permissions", description: "Copy all group memberships, attached managed policies, inline policies, and any existing permissions boundaries from an existing user." },
                    { value: "policies", label: "Attach policies directly", description: "Attach a managed policy directly to a user." },
                  ]} />
                </Container>
                {from === "group" && <GroupChoice chosen={groups} choose={setGroups} />}
                {from === "copy" && <UserChoice chosen={copied} choose={setCopied} />}
                {from === "policies" && <Container><PolicyChoice chosen={policies} choose={setPolicies} /></Container>}
                <Container header={<Header variant="h3">Set permissions boundary - <i>optional</i></Header>}>
                  <SpaceBetween size="m">
                    <Checkbox checked={bounded} onChange={({ detail }) => setBounded(detail.checked)}>Use a permissions boundary to control the maximum permissions</Checkbox>
                    {bounded && <PolicyChoice chosen={boundary} choose={setBoundaryArn} single />}
                  </SpaceBetween>
                </Container>
              </SpaceBetween>
            ),
          },
          {
            title: "Review and create",
            content: (
              <SpaceBetween size="l">
                <Container header={<Header variant="h2">User details</Header>}>
                  <Properties of={[
                    ["User name", name],
                    ["Console password type", console_ ? (password.kind === "auto" ? "Autogenerated" : "Custom password") : "None"],
                    ["Require password reset", console_ && password.reset ? "Yes" : "No"],
                    ["Permissions", summary(from, groups, copied, policies)],
                  ]} />
                </Container>
                <Container header={<Header variant="h2">Tags - <i>optional</i></Header>}>
                  <TagEditor tags={tags} tagLimit={50} onChange={({ detail }) => setTags(detail.tags)} />
                </Container>
              </SpaceBetween>
            ),
          },
        ]}
      />
    </BarePage>
  );
}

function summary(from: string, groups: readonly string[], copied: readonly string[], policies: readonly string[]): string {
  const some = from === "group" ? groups : from === "copy" ? copied.map((user) => `as ${user}`) : policies.map((arn) => arn.slice(arn.lastIndexOf("/") + 1));
  return some.length === 0 ? "None" : some.join(", ");
}

function GroupChoice({ chosen, choose }: { chosen: readonly string[]; choose: (names: readonly string[]) => void }) {
  const groups = useGroups();
  const options = (groups.data ?? []).map(({ GroupName = "" }) => ({ value: GroupName, label: GroupName }));
  return (
    <Container>
      <FormField label="User groups" errorText={groups.error?.message}>
        <Multiselect selectedOptions={options.filter(({ value }) => chosen.includes(value))} options={options} placeholder="Choose groups" empty="There are no groups yet" expandToViewport
          onChange={({ detail }) => choose(detail.selectedOptions.flatMap(({ value }) => value ?? []))} />
      </FormField>
    </Container>
  );
}

function UserChoice({ chosen, choose }: { chosen: readonly string[]; choose: (names: readonly string[]) => void }) {
  const users = useUsers();
  const options = (users.data ?? []).map(({ UserName = "" }) => ({ value: UserName, label: UserName }));
  return (
    <Container>
      <FormField label="Users to copy from" errorText={users.error?.message}>
        <Multiselect selectedOptions={options.filter(({ value }) => chosen.includes(value))} options={options} placeholder="Choose users" empty="There are no users yet" expandToViewport
          onChange={({ detail }) => choose(detail.selectedOptions.flatMap(({ value }) => value ?? []))} />
      </FormField>
    </Container>
  );
}

function Retrieve({ name, password }: { name: string; password: string }) {
  const navigate = useNavigate();
  const { identity } = useSession();
  const account = useAccount();
  return (
    <Page title="Retrieve password" crumbs={CRUMBS} description="You can view the user's password below. This is the only time you can view it."
      actions={<Button onClick={() => void navigate(pathOf({ kind: "user", name }))}>View user</Button>}>
      <Container header={<Header variant="h2">Console sign-in details</Header>}>
        <Properties of={[
          ["Console sign-in URL", <Copyable text={signInUrl(account.data?.alias ?? identity.account)} />],
          ["User name", <Copyable text={name} />],
          ["Console password", <Copyable text={password} />],
        ]} />
      </Container>
      <Button variant="primary" onClick={() => void navigate("/iam/users")}>Return to users list</Button>
    </Page>
  );
}
