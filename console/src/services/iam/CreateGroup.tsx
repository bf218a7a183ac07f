import { AddUserToGroupCommand, CreateGroupCommand, IAMClient } from "@aws-sdk/client-iam";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { useOnce } from "../../components/once";
import { attach } from "./identity";
import { listCrumbs } from "./parts";
import { PolicyChoice } from "./PolicyChoice";
import { useUsers } from "./read";

export default function CreateGroup() {
  const navigate = useNavigate();
  const users = useUsers();
  const [name, setName] = useState("");
  const [members, setMembers] = useState<readonly string[]>([]);
  const [policies, setPolicies] = useState<readonly string[]>([]);
  const options = (users.data ?? []).map(({ UserName = "" }) => ({ value: UserName, label: UserName }));
  const once = useOnce();
  const create = useAct({
    what: "Create user group",
    run: async () => {
      const iam = client(IAMClient);
      await once(`group ${name}`, () => iam.send(new CreateGroupCommand({ GroupName: name })));
      for (const UserName of members) await iam.send(new AddUserToGroupCommand({ GroupName: name, UserName }));
      for (const arn of policies) await attach({ kind: "group", name }, arn);
    },
    done: () => `${name} user group created.`,
    after: () => void navigate("/iam/groups"),
    quiet: true,
  });
  return (
    <FormPage title="Create user group" crumbs={[...listCrumbs("group"), { text: "Create user group", href: "/iam/create/group" }]} action="Create user group"
      busy={create.isPending} error={create.error} disabled={name === ""} onSubmit={() => create.mutate(undefined)} onCancel={() => void navigate("/iam/groups")}>
      <Container header={<Header variant="h2">Name the group</Header>}>
        <FormField label="User group name" constraintText="Maximum 128 characters. Use alphanumeric and '+=,.@-_' characters.">
          <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
        </FormField>
      </Container>
      <Container header={<Header variant="h2">Add users to the group - <i>Optional</i></Header>}>
        <FormField label="Users">
          <Multiselect selectedOptions={options.filter(({ value }) => members.includes(value))} options={options} placeholder="Choose users" empty="There are no users yet" expandToViewport
            onChange={({ detail }) => setMembers(detail.selectedOptions.flatMap(({ value }) => value ?? []))} />
        </FormField>
      </Container>
      <Container header={<Header variant="h2">Attach permissions policies - <i>Optional</i></Header>}>
        <PolicyChoice chosen={policies} choose={setPolicies} />
      </Container>
    </FormPage>
  );
}
