import { CloudFormationClient, DescribeStackResourceDriftsCommand, DetectStackDriftCommand, type StackResourceDrift } from "@aws-sdk/client-cloudformation";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { useParams } from "react-router";
import { client } from "../../aws/clients";
import { every, useAct, useRead } from "../../aws/queries";
import { Page } from "../../components/Page";
import { Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { useStack } from "./read";

export default function Drifts() {
  const { name = "" } = useParams();
  const stack = useStack(name);
  const [shown, setShown] = useState<string>();
  const drifts = useRead({
    key: ["cloudformation", "drifts", name],
    follows: ["cloudformation.*"],
    read: () =>
      every<{ StackResourceDrifts?: StackResourceDrift[]; NextToken?: string }, StackResourceDrift>(
        (NextToken) => client(CloudFormationClient).send(new DescribeStackResourceDriftsCommand({ StackName: name, NextToken })),
        (answer) => [answer.StackResourceDrifts, answer.NextToken],
      ),
  });
  const detect = useAct({
    what: "Detect stack drift",
    run: () => client(CloudFormationClient).send(new DetectStackDriftCommand({ StackName: name })),
    done: () => `Drift detection initiated for ${name}.`,
  });
  const chosen = drifts.data?.find(({ LogicalResourceId }) => LogicalResourceId === shown);
  return (
    <Page
      title="Drifts"
      crumbs={[
        { text: "CloudFormation", href: "/cloudformation" }, { text: "Stacks", href: "/cloudformation/stacks" },
        { text: name, href: `/cloudformation/stacks/${name}` }, { text: "Drifts", href: `/cloudformation/stacks/${name}/drifts` },
      ]}
      actions={<Button variant="primary" loading={detect.isPending} onClick={() => detect.mutate(undefined)}>Detect stack drift</Button>}
    >
      <Container header={<Header variant="h2">Stack drift status</Header>}>
        <Properties of={[
          ["Drift status", <DriftStatus of={stack.data?.DriftInformation?.StackDriftStatus} />],
          ["Last drift check time", when(stack.data?.DriftInformation?.LastCheckTimestamp)],
        ]} />
      </Container>
      <ResourceTable
        title="Resource drift status" items={drifts.data} loading={drifts.isLoading} error={drifts.error} select="single"
        id={({ LogicalResourceId }) => LogicalResourceId ?? ""} empty="Drift has not been detected yet."
        columns={[
          { id: "logical", header: "Logical ID", cell: ({ LogicalResourceId }) => LogicalResourceId, value: ({ LogicalResourceId }) => LogicalResourceId },
          { id: "physical", header: "Physical ID", cell: ({ PhysicalResourceId }) => PhysicalResourceId, value: ({ PhysicalResourceId }) => PhysicalResourceId },
          { id: "type", header: "Type", cell: ({ ResourceType }) => ResourceType, value: ({ ResourceType }) => ResourceType },
          { id: "status", header: "Drift status", cell: ({ StackResourceDriftStatus }) => <DriftStatus of={StackResourceDriftStatus} />, value: ({ StackResourceDriftStatus }) => StackResourceDriftStatus },
          { id: "time", header: "Timestamp", cell: ({ Timestamp }) => when(Timestamp) },
        ]}
        actions={([selected]) => <Button disabled={selected === undefined} onClick={() => setShown(selected?.LogicalResourceId)}>View drift details</Button>}
      />
      <ReadFailed error={stack.error} what="stack" />
      {chosen !== undefined && (
        <ResourceTable
          title={`Differences of ${chosen.LogicalResourceId}`} items={chosen.PropertyDifferences ?? []} loading={false} empty="No differences"
          id={({ PropertyPath }) => PropertyPath ?? ""}
          columns={[
            { id: "path", header: "Property", cell: ({ PropertyPath }) => PropertyPath, value: ({ PropertyPath }) => PropertyPath },
            { id: "change", header: "Change", cell: ({ DifferenceType }) => DifferenceType, value: ({ DifferenceType }) => DifferenceType },
            { id: "expected", header: "Expected value", cell: ({ ExpectedValue }) => ExpectedValue ?? "–", value: ({ ExpectedValue }) => ExpectedValue },
            { id: "actual", header: "Current value", cell: ({ ActualValue }) => ActualValue ?? "–", value: ({ ActualValue }) => ActualValue },
          ]}
        />
      )}
    </Page>
  );
}

function DriftStatus({ of }: { of: string | undefined }) {
  const type = of === "DRIFTED" || of === "MODIFIED" || of === "DELETED" ? "warning" : of === "IN_SYNC" ? "success" : "info";
  return <StatusIndicator type={type}>{of ?? "NOT_CHECKED"}</StatusIndicator>;
}
