import { CloudFormationClient, type Stack, UpdateStackCommand } from "@aws-sdk/client-cloudformation";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { BarePage } from "../../components/Page";
import { ReadFailed } from "../../components/ReadFailed";
import { ChangePreview } from "./ChangePreview";
import { useStack } from "./read";
import { type StackRequest, StackWizard } from "./StackWizard";

export default function UpdateStack() {
  const { name = "" } = useParams();
  const stack = useStack(name);
  return (
    <BarePage crumbs={[
      { text: "CloudFormation", href: "/cloudformation" }, { text: "Stacks", href: "/cloudformation/stacks" },
      { text: name, href: `/cloudformation/stacks/${name}` }, { text: "Update stack", href: `/cloudformation/stacks/${name}/update` },
    ]}>
      <ReadFailed error={stack.error} what="stack" />
      {stack.data !== undefined && <Update stack={stack.data} />}
    </BarePage>
  );
}

function Update({ stack }: { stack: Stack }) {
  const navigate = useNavigate();
  const name = stack.StackName ?? "";
  const update = useAct({
    what: "Update stack",
    run: ({ template, parameters, capabilities, tags, roleArn, options }: StackRequest) =>
      client(CloudFormationClient).send(
        new UpdateStackCommand({
          StackName: name,
          ...template,
          Parameters: parameters,
          Capabilities: capabilities,
          Tags: tags,
          DisableRollback: options.onFailure === "DO_NOTHING",
          ...(roleArn !== undefined && { RoleARN: roleArn }),
        }),
      ),
    after: () => void navigate(`/cloudformation/stacks/${name}?tab=events`),
    quiet: true,
  });
  return (
    <StackWizard
      stack={stack} submitText="Submit" submit={update.mutate} busy={update.isPending} error={update.error}
      cancel={() => void navigate(`/cloudformation/stacks/${name}`)}
      review={(request) => <ChangePreview stack={name} request={request} />}
    />
  );
}
