import { SSMClient, StopAutomationExecutionCommand } from "@aws-sdk/client-ssm";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { documentHref, executionHref, hasEnded, useExecutions } from "./read";
import { Status } from "./Status";

export default function Executions() {
  const executions = useExecutions();
  const navigate = useNavigate();
  const stop = useAct({
    what: "Cancel execution", run: (id: string) => client(SSMClient).send(new StopAutomationExecutionCommand({ AutomationExecutionId: id, Type: "Cancel" })),
    done: (_, id) => `The execution ${id} is being cancelled.`,
  });
  return (
    <BarePage crumbs={[{ text: "Systems Manager", href: "/systems-manager" }, { text: "Automation", href: "/systems-manager/executions" }]}>
      <ResourceTable
        title="Automation executions" variant="full-page" items={executions.data} loading={executions.isLoading} error={executions.error} id={({ AutomationExecutionId }) => AutomationExecutionId ?? ""} select="single"
        empty="No executions. Execute runbook carries one out; remediation of AWS Config does, too."
        columns={[
          { id: "id", header: "Execution ID", cell: ({ AutomationExecutionId }) => <PageLink href={executionHref(AutomationExecutionId)}>{AutomationExecutionId}</PageLink>, value: ({ AutomationExecutionId }) => AutomationExecutionId },
          { id: "document", header: "Runbook name", cell: ({ DocumentName }) => <PageLink href={documentHref(DocumentName)}>{DocumentName}</PageLink>, value: ({ DocumentName }) => DocumentName },
          { id: "status", header: "Status", cell: ({ AutomationExecutionStatus }) => <Status of={AutomationExecutionStatus} />, value: ({ AutomationExecutionStatus }) => AutomationExecutionStatus },
          { id: "start", header: "Start time", cell: ({ ExecutionStartTime }) => when(ExecutionStartTime), value: ({ ExecutionStartTime }) => ExecutionStartTime?.getTime() },
          { id: "end", header: "End time", cell: ({ ExecutionEndTime }) => when(ExecutionEndTime), value: ({ ExecutionEndTime }) => ExecutionEndTime?.getTime() },
          { id: "by", header: "Executed by", cell: ({ ExecutedBy }) => ExecutedBy, value: ({ ExecutedBy }) => ExecutedBy },
        ]}
        actions={([selected]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected === undefined || hasEnded(selected.AutomationExecutionStatus)} loading={stop.isPending} onClick={() => stop.mutate(selected?.AutomationExecutionId ?? "")}>Cancel execution</Button>
            <Button variant="primary" onClick={() => void navigate("/systems-manager/execute")}>Execute runbook</Button>
          </SpaceBetween>
        )}
      />
    </BarePage>
  );
}
