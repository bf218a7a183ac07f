import { CloudFormationClient, DeleteStackCommand, type Stack } from "@aws-sdk/client-cloudformation";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { useResources } from "./read";

/** Asks, and deletes. A stack whose deletion failed may be deleted without the resources that would not go. */
export function DeleteStack({ stack, close }: { stack: Stack; close: () => void }) {
  const name = stack.StackName ?? "";
  const failed = stack.StackStatus === "DELETE_FAILED";
  const resources = useResources(name);
  const stuck = failed ? (resources.data ?? []).filter((resource) => resource.ResourceStatus === "DELETE_FAILED") : [];
  const [retained, setRetained] = useState<readonly string[]>([]);
  const remove = useAct({
    what: "Delete stack",
    run: () =>
      client(CloudFormationClient).send(
        new DeleteStackCommand({ StackName: stack.StackId, ...(retained.length > 0 && { RetainResources: [...retained] }) }),
      ),
    done: () => `Delete initiated for ${name}.`,
    after: close,
  });
  return (
    <Confirm title="Delete stack?" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={close}>
      <SpaceBetween size="s">
        <span>Deleting this stack will delete all stack resources. {name} cannot be brought back.</span>
        {stuck.length > 0 && (
          <FormField label="Resources to retain" description="They could not be deleted. Those that you choose stay, and belong to no stack.">
            {stuck.map(({ LogicalResourceId = "", PhysicalResourceId, ResourceStatusReason }) => (
              <Checkbox
                key={LogicalResourceId}
                checked={retained.includes(LogicalResourceId)}
                description={ResourceStatusReason}
                onChange={({ detail }) =>
                  setRetained(detail.checked ? [...retained, LogicalResourceId] : retained.filter((id) => id !== LogicalResourceId))
                }
              >
                {LogicalResourceId} ({PhysicalResourceId ?? "–"})
              </Checkbox>
            ))}
          </FormField>
        )}
      </SpaceBetween>
    </Confirm>
  );
}
