import { type AutomationExecution, SendAutomationSignalCommand, SSMClient, type SignalType, type StepExecution, StopAutomationExecutionCommand } from "@aws-sdk/client-ssm";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Code } from "../../components/Code";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { when } from "../../components/time";
import { documentHref, executionHref, hasEnded, useExecution } from "./read";
import { Status } from "./Status";

export default function Execution() {
  const { id = "" } = useParams();
  const navigate = useNavigate();
  const execution = useExecution(id);
  const stop = useAct({
    what: "Cancel execution", run: () => client(SSMClient).send(new StopAutomationExecutionCommand({ AutomationExecutionId: id, Type: "Cancel" })), done: () => "The execution is being cancelled.",
  });
  const data = execution.data;
  return (
    <Page
      title="Execution detail" description={data?.DocumentName}
      crumbs={[{ text: "Systems Manager", href: "/systems-manager" }, { text: "Automation", href: "/systems-manager/executions" }, { text: id, href: executionHref(id) }]}
      actions={data !== undefined && (
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => void navigate(`/systems-manager/execute?document=${encodeURIComponent(data.DocumentName ?? "")}&copy=${id}`)}>Copy execution</Button>
          <Button disabled={hasEnded(data.AutomationExecutionStatus)} loading={stop.isPending} onClick={() => stop.mutate(undefined)}>Cancel execution</Button>
          <Signals of={data} />
        </SpaceBetween>
      )}
    >
      <ReadFailed error={execution.error} what="execution" />
      {data?.FailureMessage !== undefined && <Alert type="error" header="The execution failed">{data.FailureMessage}</Alert>}
      {data !== undefined && <Detail of={data} />}
    </Page>
  );
}

/** What an execution that waits for people waits for. */
function Signals({ of: { AutomationExecutionId, StepExecutions = [] } }: { of: AutomationExecution }) {
  const waiting = StepExecutions.find(({ StepStatus }) => StepStatus === "Waiting" || StepStatus === "InProgress");
  const signal = useAct({
    what: "Send signal", run: (SignalType: SignalType) => client(SSMClient).send(new SendAutomationSignalCommand({
      AutomationExecutionId, SignalType, ...(SignalType === "Resume" && { Payload: { StepName: [waiting?.StepName ?? ""] } }),
    })),
  });
  const button = (type: SignalType, text: string, primary: boolean) => (
    <Button key={type} variant={primary ? "primary" : "normal"} loading={signal.isPending} onClick={() => signal.mutate(type)}>{text}</Button>
  );
  if (waiting?.Action === "aws:approve") return <SpaceBetween direction="horizontal" size="xs">{[button("Reject", "Deny", false), button("Approve", "Approve", true)]}</SpaceBetween>;
  if (waiting?.Action === "aws:pause") return button("Resume", "Resume", true);
  return null;
}

function lists(of: Record<string, string[]> | undefined): [string, string][] {
  return Object.entries(of ?? {}).map(([name, values]) => [name, values.join(", ")]);
}

function Detail({ of: data }: { of: AutomationExecution }) {
  const parameters = lists(data.Parameters);
  const outputs = lists(data.Outputs);
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Execution description</Header>}>
        <Properties of={[
          ["Execution ID", <Copyable text={data.AutomationExecutionId} />],
          ["Runbook name", <PageLink href={documentHref(data.DocumentName)}>{data.DocumentName}</PageLink>],
          ["Runbook version", data.DocumentVersion],
          ["Overall status", <Status of={data.AutomationExecutionStatus} />],
          ["Start time", when(data.ExecutionStartTime)],
          ["End time", when(data.ExecutionEndTime)],
          ["Executed by", data.ExecutedBy],
        ]} />
      </Container>
      <Container header={<Header variant="h2">Input parameters</Header>}>{parameters.length === 0 ? "None" : <Properties of={parameters} columns={2} />}</Container>
      <Container header={<Header variant="h2">Outputs</Header>}>{outputs.length === 0 ? "None" : <Properties of={outputs} columns={1} />}</Container>
      <Header variant="h2" counter={`(${data.StepExecutions?.length ?? 0})`}>Executed steps</Header>
      {(data.StepExecutions ?? []).map((step, at) => <Step key={step.StepExecutionId ?? step.StepName} of={step} number={at + 1} />)}
    </SpaceBetween>
  );
}

function Step({ of: step, number }: { of: StepExecution; number: number }) {
  const failed = step.FailureMessage !== undefined;
  return (
    <ExpandableSection
      variant="container" headerText={`Step ${number}: ${step.StepName}`} headerDescription={step.Action} headerActions={<Status of={step.StepStatus} />} {...(failed && { defaultExpanded: true })}
    >
      <SpaceBetween size="m">
        {failed && <Alert type="error" header="Failure message">{step.FailureMessage}</Alert>}
        <Properties of={[
          ["Start time", when(step.ExecutionStartTime)],
          ["End time", when(step.ExecutionEndTime)],
          ["On failure", step.OnFailure],
          ["Response code", step.ResponseCode],
          ["Next step", step.IsEnd === true ? "End" : step.NextStep],
          ["Timeout", step.TimeoutSeconds === undefined ? undefined : `${step.TimeoutSeconds} s`],
        ]} />
        <ExpandableSection headerText="Input parameters" defaultExpanded={failed}><Code>{JSON.stringify(step.Inputs ?? {}, null, 2)}</Code></ExpandableSection>
        <ExpandableSection headerText="Outputs"><Code>{JSON.stringify(step.Outputs ?? {}, null, 2)}</Code></ExpandableSection>
      </SpaceBetween>
    </ExpandableSection>
  );
}
