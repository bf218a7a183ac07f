import {
  CancelUpdateStackCommand, CloudFormationClient, ContinueUpdateRollbackCommand, DetectStackDriftCommand, type Stack as StackView, UpdateTerminationProtectionCommand,
} from "@aws-sdk/client-cloudformation";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Page } from "../../components/Page";
import { ReadFailed } from "../../components/ReadFailed";
import { DeleteStack } from "./DeleteStack";
import { isBusy, useStack } from "./read";
import { ChangeSetsTab, EventsTab, InfoTab, OutputsTab, ParametersTab, ResourcesTab, TemplateTab } from "./StackTabs";

export default function Stack() {
  const { name = "" } = useParams();
  const stack = useStack(name);
  const [asked, ask] = useSearchParams();
  const tab = asked.get("tab") ?? "info";
  return (
    <Page
      title={stack.data?.StackName ?? name}
      crumbs={[
        { text: "CloudFormation", href: "/cloudformation" }, { text: "Stacks", href: "/cloudformation/stacks" },
        { text: stack.data?.StackName ?? name, href: `/cloudformation/stacks/${name}` },
      ]}
      actions={stack.data !== undefined && <Actions stack={stack.data} />}
    >
      <ReadFailed error={stack.error} what="stack" />
      {stack.data !== undefined && (
        <Tabs
          activeTabId={tab}
          onChange={({ detail }) => ask({ tab: detail.activeTabId }, { replace: true })}
          tabs={[
            { id: "info", label: "Stack info", content: <InfoTab stack={stack.data} /> },
            { id: "events", label: "Events", content: <EventsTab stack={stack.data} /> },
            { id: "resources", label: "Resources", content: <ResourcesTab stack={stack.data} /> },
            { id: "outputs", label: "Outputs", content: <OutputsTab stack={stack.data} /> },
            { id: "parameters", label: "Parameters", content: <ParametersTab stack={stack.data} /> },
            { id: "template", label: "Template", content: <TemplateTab stack={stack.data} /> },
            { id: "changesets", label: "Change sets", content: <ChangeSetsTab stack={stack.data} /> },
          ]}
        />
      )}
    </Page>
  );
}

function Actions({ stack }: { stack: StackView }) {
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const { StackName: name = "", StackStatus: status, EnableTerminationProtection: isProtected = false } = stack;
  const act = useAct({
    what: "Stack action",
    run: async (action: string): Promise<string | undefined> => {
      const cloudformation = client(CloudFormationClient);
      if (action === "protection") {
        await cloudformation.send(new UpdateTerminationProtectionCommand({ StackName: name, EnableTerminationProtection: !isProtected }));
        return `Termination protection ${isProtected ? "deactivated" : "activated"} for ${name}.`;
      }
      if (action === "drift") {
        await cloudformation.send(new DetectStackDriftCommand({ StackName: name }));
        return `Drift detection initiated for ${name}.`;
      }
      if (action === "cancel") {
        await cloudformation.send(new CancelUpdateStackCommand({ StackName: name }));
        return "The update is cancelled.";
      }
      await cloudformation.send(new ContinueUpdateRollbackCommand({ StackName: name }));
      return "The rollback goes on.";
    },
    done: (said) => said,
  });
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button onClick={() => setDeleting(true)}>Delete</Button>
      <Button disabled={isBusy(status)} onClick={() => void navigate(`/cloudformation/stacks/${name}/update`)}>Update stack</Button>
      <ButtonDropdown
        items={[
          { id: "protection", text: isProtected ? "Deactivate termination protection" : "Activate termination protection" },
          { id: "drift", text: "Detect drift", disabled: isBusy(status) },
          { id: "drifts", text: "View drift results" },
          { id: "changeset", text: "Create change set for current stack", disabled: isBusy(status) },
          { id: "cancel", text: "Cancel update stack", disabled: status !== "UPDATE_IN_PROGRESS" },
          { id: "continue", text: "Continue update rollback", disabled: status !== "UPDATE_ROLLBACK_FAILED" },
        ]}
        onItemClick={({ detail: { id } }) => {
          if (id === "drifts") void navigate(`/cloudformation/stacks/${name}/drifts`);
          else if (id === "changeset") void navigate(`/cloudformation/stacks/${name}/create-change-set`);
          else act.mutate(id);
        }}
      >
        Stack actions
      </ButtonDropdown>
      {deleting && <DeleteStack stack={stack} close={() => setDeleting(false)} />}
    </SpaceBetween>
  );
}
