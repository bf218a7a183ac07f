import type { Stack, StackResource } from "@aws-sdk/client-cloudformation";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { readTags } from "../../aws/tags";
import { useState } from "react";
import { useNavigate } from "react-router";
import { pageOf } from "../../app/resources";
import { PageLink } from "../../components/PageLink";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { Tags } from "../../components/Tags";
import { TextEditor } from "../../components/TextEditor";
import { when, whenExactly } from "../../components/time";
import { useChangeSets, useEvents, useResources, useTemplate } from "./read";
import { Status } from "./Status";

export function InfoTab({ stack }: { stack: Stack }) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Overview</Header>}>
        <Properties of={[
          ["Stack ID", <Copyable text={stack.StackId} />],
          ["Description", stack.Description],
          ["Status", <Status of={stack.StackStatus} />],
          ["Status reason", stack.StackStatusReason],
          ["Root stack", stack.RootId],
          ["Parent stack", stack.ParentId],
          ["Created time", when(stack.CreationTime)],
          ["Updated time", when(stack.LastUpdatedTime)],
          ["Deleted time", when(stack.DeletionTime)],
          ["Drift status", stack.DriftInformation?.StackDriftStatus],
          ["Last drift check time", when(stack.DriftInformation?.LastCheckTimestamp)],
          ["Termination protection", stack.EnableTerminationProtection === true ? "Activated" : "Deactivated"],
          ["IAM role", stack.RoleARN],
          ["Capabilities", stack.Capabilities?.join(", ")],
        ]} />
      </Container>
      <Tags tags={readTags(stack.Tags)} />
    </SpaceBetween>
  );
}

export function EventsTab({ stack }: { stack: Stack }) {
  const events = useEvents(stack.StackId ?? "");
  return (
    <ResourceTable
      title="Events" items={events.data} loading={events.isLoading} error={events.error} id={({ EventId }) => EventId ?? ""} perPage={50}
      columns={[
        { id: "time", header: "Timestamp", cell: ({ Timestamp }) => whenExactly(Timestamp), value: ({ Timestamp }) => Timestamp?.getTime() },
        { id: "logical", header: "Logical ID", cell: ({ LogicalResourceId }) => LogicalResourceId, value: ({ LogicalResourceId }) => LogicalResourceId },
        { id: "status", header: "Status", cell: ({ ResourceStatus }) => <Status of={ResourceStatus} />, value: ({ ResourceStatus }) => ResourceStatus },
        { id: "reason", header: "Status reason", cell: ({ ResourceStatusReason }) => ResourceStatusReason ?? "–", value: ({ ResourceStatusReason }) => ResourceStatusReason },
      ]}
    />
  );
}

export function ResourcesTab({ stack }: { stack: Stack }) {
  const resources = useResources(stack.StackId ?? "");
  return (
    <ResourceTable
      title="Resources" items={resources.data} loading={resources.isLoading} error={resources.error} id={({ LogicalResourceId }) => LogicalResourceId ?? ""} perPage={50}
      columns={[
        { id: "logical", header: "Logical ID", cell: ({ LogicalResourceId }) => LogicalResourceId, value: ({ LogicalResourceId }) => LogicalResourceId },
        { id: "physical", header: "Physical ID", cell: (resource) => <PhysicalId resource={resource} />, value: ({ PhysicalResourceId }) => PhysicalResourceId },
        { id: "type", header: "Type", cell: ({ ResourceType }) => ResourceType, value: ({ ResourceType }) => ResourceType },
        { id: "status", header: "Status", cell: ({ ResourceStatus }) => <Status of={ResourceStatus} />, value: ({ ResourceStatus }) => ResourceStatus },
        { id: "drift", header: "Drift status", cell: ({ DriftInformation }) => DriftInformation?.StackResourceDriftStatus ?? "–" },
      ]}
    />
  );
}

function PhysicalId({ resource: { ResourceType = "", PhysicalResourceId } }: { resource: StackResource }) {
  if (PhysicalResourceId === undefined) return "–";
  const page = pageOf(ResourceType, PhysicalResourceId);
  return page === undefined ? PhysicalResourceId : <PageLink href={page}>{PhysicalResourceId}</PageLink>;
}

export function OutputsTab({ stack }: { stack: Stack }) {
  return (
    <ResourceTable
      title="Outputs" items={stack.Outputs ?? []} loading={false} id={({ OutputKey }) => OutputKey ?? ""} empty="No outputs"
      columns={[
        { id: "key", header: "Key", cell: ({ OutputKey }) => OutputKey, value: ({ OutputKey }) => OutputKey },
        { id: "value", header: "Value", cell: ({ OutputValue }) => <Copyable text={OutputValue} />, value: ({ OutputValue }) => OutputValue },
        { id: "description", header: "Description", cell: ({ Description }) => Description ?? "–", value: ({ Description }) => Description },
        { id: "export", header: "Export name", cell: ({ ExportName }) => ExportName ?? "–", value: ({ ExportName }) => ExportName },
      ]}
    />
  );
}

export function ParametersTab({ stack }: { stack: Stack }) {
  return (
    <ResourceTable
      title="Parameters" items={stack.Parameters ?? []} loading={false} id={({ ParameterKey }) => ParameterKey ?? ""} empty="No parameters"
      columns={[
        { id: "key", header: "Key", cell: ({ ParameterKey }) => ParameterKey, value: ({ ParameterKey }) => ParameterKey },
        { id: "value", header: "Value", cell: ({ ParameterValue }) => ParameterValue, value: ({ ParameterValue }) => ParameterValue },
        { id: "resolved", header: "Resolved value", cell: ({ ResolvedValue }) => ResolvedValue ?? "–", value: ({ ResolvedValue }) => ResolvedValue },
      ]}
    />
  );
}

export function TemplateTab({ stack }: { stack: Stack }) {
  const [processed, setProcessed] = useState(false);
  const template = useTemplate(stack.StackId ?? "", processed ? "Processed" : "Original");
  return (
    <Container header={<Header variant="h2" actions={<Toggle checked={processed} onChange={({ detail }) => setProcessed(detail.checked)}>View processed template</Toggle>}>Template</Header>}>
      <ReadFailed error={template.error} what="template" />
      {template.data !== undefined && (
        <TextEditor label="Template" value={template.data} height={560} language={template.data.trimStart().startsWith("{") ? "json" : "yaml"} />
      )}
    </Container>
  );
}

export function ChangeSetsTab({ stack }: { stack: Stack }) {
  const navigate = useNavigate();
  const sets = useChangeSets(stack.StackId ?? "");
  const base = `/cloudformation/stacks/${stack.StackName}/change-sets`;
  return (
    <ResourceTable
      title="Change sets" items={sets.data} loading={sets.isLoading} error={sets.error} id={({ ChangeSetId }) => ChangeSetId ?? ""} empty="No change sets"
      columns={[
        { id: "name", header: "Name", cell: ({ ChangeSetName }) => <PageLink href={`${base}/${ChangeSetName}`}>{ChangeSetName}</PageLink>, value: ({ ChangeSetName }) => ChangeSetName },
        { id: "created", header: "Created time", cell: ({ CreationTime }) => when(CreationTime), value: ({ CreationTime }) => CreationTime?.getTime() },
        { id: "status", header: "Status", cell: ({ Status: status }) => <Status of={status} />, value: ({ Status: status }) => status },
        { id: "execution", header: "Execution status", cell: ({ ExecutionStatus }) => <Status of={ExecutionStatus} />, value: ({ ExecutionStatus }) => ExecutionStatus },
        { id: "reason", header: "Status reason", cell: ({ StatusReason }) => StatusReason ?? "–" },
      ]}
      actions={() => <Button onClick={() => void navigate(`${base}/create`)}>Create change set</Button>}
    />
  );
}
