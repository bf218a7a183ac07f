// "Change set preview" on the last page of an update: what it would do, worked out by a change set that is deleted again.
import { CloudFormationClient, type Change, CreateChangeSetCommand, DeleteChangeSetCommand, DescribeChangeSetCommand } from "@aws-sdk/client-cloudformation";
import Button from "@cloudscape-design/components/button";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Changes } from "./Changes";
import type { StackRequest } from "./StackWizard";

export function ChangePreview({ stack, request }: { stack: string; request: StackRequest }) {
  const preview = useAct({ what: "Preview changes", run: () => changesOf(stack, request), quiet: true });
  return (
    <Changes
      title="Change set preview" changes={preview.data} loading={preview.isPending} error={preview.error}
      empty="Not worked out yet."
      actions={<Button loading={preview.isPending} onClick={() => preview.mutate(undefined)}>View change set</Button>}
    />
  );
}

async function changesOf(stack: string, request: StackRequest): Promise<Change[]> {
  const cloudformation = client(CloudFormationClient);
  const names = { StackName: stack, ChangeSetName: `preview-${Date.now()}` };
  await cloudformation.send(
    new CreateChangeSetCommand({
      ...names,
      ...request.template,
      Parameters: request.parameters,
      // A preview makes nothing: what has to be acknowledged is asked before the update.
      Capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
      Tags: request.tags,
      ...(request.roleArn !== undefined && { RoleARN: request.roleArn }),
    }),
  );
  try {
    for (;;) {
      const { Status, StatusReason, Changes = [] } = await cloudformation.send(new DescribeChangeSetCommand(names));
      if (Status === "CREATE_COMPLETE") return Changes;
      if (Status === "FAILED") {
        if (/didn't contain changes|No updates are to be performed/.test(StatusReason ?? "")) return [];
        throw new Error(StatusReason ?? "The change set failed.");
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    await cloudformation.send(new DeleteChangeSetCommand(names));
  }
}
