import { CloudFormationClient, CreateChangeSetCommand, type Stack } from "@aws-sdk/client-cloudformation";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { BarePage } from "../../components/Page";
import { ReadFailed } from "../../components/ReadFailed";
import { useStack } from "./read";
import { type StackRequest, StackWizard } from "./StackWizard";

export default function CreateChangeSet() {
  const { name = "" } = useParams();
  const stack = useStack(name);
  return (
    <BarePage crumbs={[
      { text: "CloudFormation", href: "/cloudformation" }, { text: "Stacks", href: "/cloudformation/stacks" },
      { text: name, href: `/cloudformation/stacks/${name}` }, { text: "Create change set", href: `/cloudformation/stacks/${name}/create-change-set` },
    ]}>
      <ReadFailed error={stack.error} what="stack" />
      {stack.data !== undefined && <Create stack={stack.data} />}
    </BarePage>
  );
}

function Create({ stack }: { stack: Stack }) {
  const navigate = useNavigate();
  const name = stack.StackName ?? "";
  const [changeSet, setChangeSet] = useState(`${name}-${new Date().toISOString().replace(/\D/g, "").slice(0, 14)}`);
  const create = useAct({
    what: "Create change set",
    run: ({ template, parameters, capabilities, tags, roleArn }: StackRequest) =>
      client(CloudFormationClient).send(
        new CreateChangeSetCommand({
          StackName: name,
          ChangeSetName: changeSet,
          ...template,
          Parameters: parameters,
          Capabilities: capabilities,
          Tags: tags,
          ...(roleArn !== undefined && { RoleARN: roleArn }),
        }),
      ),
    after: () => void navigate(`/cloudformation/stacks/${name}/change-sets/${changeSet}`),
    quiet: true,
  });
  return (
    <StackWizard
      stack={stack} submitText="Create change set" submit={create.mutate} busy={create.isPending} error={create.error}
      cancel={() => void navigate(`/cloudformation/stacks/${name}`)}
      review={() => (
        <Container>
          <FormField label="Change set name"><Input value={changeSet} onChange={({ detail }) => setChangeSet(detail.value)} /></FormField>
        </Container>
      )}
    />
  );
}
