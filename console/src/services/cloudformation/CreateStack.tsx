import { CloudFormationClient, CreateStackCommand } from "@aws-sdk/client-cloudformation";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { BarePage } from "../../components/Page";
import { type StackRequest, StackWizard } from "./StackWizard";

export default function CreateStack() {
  const navigate = useNavigate();
  const create = useAct({
    what: "Create stack",
    run: ({ name, template, parameters, capabilities, tags, roleArn, options }: StackRequest) =>
      client(CloudFormationClient).send(
        new CreateStackCommand({
          StackName: name,
          ...template,
          Parameters: parameters,
          Capabilities: capabilities,
          Tags: tags,
          OnFailure: options.onFailure,
          ...(roleArn !== undefined && { RoleARN: roleArn }),
          ...(options.timeout !== "" && { TimeoutInMinutes: Number(options.timeout) }),
          ...(options.protect && { EnableTerminationProtection: true }),
        }),
      ),
    after: (_, { name }) => void navigate(`/cloudformation/stacks/${name}?tab=events`),
    quiet: true,
  });
  return (
    <BarePage crumbs={[{ text: "CloudFormation", href: "/cloudformation" }, { text: "Stacks", href: "/cloudformation/stacks" }, { text: "Create stack", href: "/cloudformation/create-stack" }]}>
      <StackWizard submitText="Submit" submit={create.mutate} busy={create.isPending} error={create.error} cancel={() => void navigate("/cloudformation/stacks")} />
    </BarePage>
  );
}
