// "Resources in scope" of a rule, with "Remediate".
import { ConfigServiceClient, DeleteRemediationExceptionsCommand, PutRemediationExceptionsCommand, type RemediationExecutionStatus, StartRemediationExecutionCommand } from "@aws-sdk/client-config-service";
import Button from "@cloudscape-design/components/button";
import Popover from "@cloudscape-design/components/popover";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { useNavigate } from "react-router";
import { notify } from "../../app/notifications";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { Compliance, complianceText } from "./Compliance";
import { managedRule } from "./coverage";
import { type RuleDetail, type ScopedResource, useExceptions, useRemediations, useScopedResources } from "./read";
import { managePage, resourceHref, typeName } from "./types";

const FILTERS = [{ value: "NON_COMPLIANT", label: "Noncompliant" }, { value: "COMPLIANT", label: "Compliant" }, { value: "", label: "All" }];

/** The types whose resources are shown as waiting while the rule has not judged them. */
function awaited({ rule }: RuleDetail): readonly string[] {
  if (rule.Scope?.TagKey !== undefined || rule.Scope?.ComplianceResourceId !== undefined) return [];
  return rule.Scope?.ComplianceResourceTypes ?? managedRule(rule.Source?.SourceIdentifier)?.built?.types.filter((type) => type !== "AWS::::Account") ?? [];
}

export function RuleResources({ of: view }: { of: RuleDetail }) {
  const navigate = useNavigate();
  const resources = useScopedResources(view.rule, awaited(view));
  const repairable = view.remediation !== undefined;
  const remediations = useRemediations(view.name, repairable);
  const exceptions = useExceptions(view.name, repairable);
  const [filter, setFilter] = useState("NON_COMPLIANT");
  const shown = filter === "" ? resources.data : resources.data?.filter(({ result }) => result?.ComplianceType === filter);
  const stateOf = ({ type, id }: ScopedResource) => remediations.data?.find(({ ResourceKey }) => ResourceKey?.resourceType === type && ResourceKey.resourceId === id);
  const exceptionOf = ({ type, id }: ScopedResource) => exceptions.data?.find((own) => own.ResourceType === type && own.ResourceId === id);
  const remediate = useRemediate(view.name);
  const except = useExcept(view.name);
  return (
    <ResourceTable
      title="Resources in scope" items={shown} loading={resources.isLoading} error={resources.error ?? remediations.error} select="multi"
      id={({ type, id }) => `${typeName(type)} ${id}`}
      empty={filter === "NON_COMPLIANT" ? "No noncompliant resources. Choose All to see every resource in scope." : "No resources"}
      above={<Filter value={filter} set={setFilter} />}
      actions={(selected) => {
        const [one, another] = selected;
        const manage = one !== undefined && another === undefined ? managePage(one.type, one.id, undefined) : undefined;
        const excepted = selected.filter((own) => exceptionOf(own) !== undefined);
        return (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={one === undefined || another !== undefined} onClick={() => one !== undefined && void navigate(resourceHref(one.type, one.id))}>View details</Button>
            <Button disabled={manage === undefined} onClick={() => manage !== undefined && void navigate(manage)}>Manage resource</Button>
            {repairable && (excepted.length > 0
              ? <Button loading={except.isPending} onClick={() => except.mutate({ keys: excepted, remove: true })}>Remove exception</Button>
              : <Button disabled={one === undefined} loading={except.isPending} onClick={() => except.mutate({ keys: selected, remove: false })}>Add exception</Button>)}
            {repairable && <Button variant="primary" disabled={one === undefined} loading={remediate.isPending} onClick={() => remediate.mutate(selected)}>Remediate</Button>}
          </SpaceBetween>
        );
      }}
      columns={[
        { id: "id", header: "ID", cell: ({ type, id }) => <PageLink href={resourceHref(type, id)}>{id}</PageLink>, value: ({ id }) => id },
        { id: "type", header: "Type", cell: ({ type }) => typeName(type), value: ({ type }) => typeName(type) },
        ...(repairable ? [{ id: "status", header: "Status", cell: (own: ScopedResource) => <Execution of={stateOf(own)} excepted={exceptionOf(own) !== undefined} /> }] : []),
        { id: "annotation", header: "Annotation", cell: ({ result }) => result?.Annotation ?? "–", value: ({ result }) => result?.Annotation },
        { id: "compliance", header: "Compliance", cell: ({ result }) => <Compliance of={result?.ComplianceType} />, value: ({ result }) => complianceText(result?.ComplianceType) },
        { id: "recorded", header: "Last evaluated", cell: ({ result }) => when(result?.ResultRecordedTime), value: ({ result }) => result?.ResultRecordedTime?.getTime() },
      ]}
    />
  );
}

function Filter({ value, set }: { value: string; set: (value: string) => void }) {
  return (
    <Select
      ariaLabel="Compliance filter" options={FILTERS} selectedOption={FILTERS.find((own) => own.value === value) ?? null}
      onChange={({ detail }) => set(detail.selectedOption.value ?? "")}
    />
  );
}

function useRemediate(rule: string) {
  return useAct({
    what: "Remediate",
    run: (resources: readonly ScopedResource[]) => client(ConfigServiceClient).send(new StartRemediationExecutionCommand({
      ConfigRuleName: rule, ResourceKeys: resources.map(({ type, id }) => ({ resourceType: type as "AWS::S3::Bucket", resourceId: id })),
    })),
    done: ({ FailedItems }, resources) => (FailedItems === undefined || FailedItems.length === 0 ? `Remediation of ${resources.length} resource(s) was queued.` : undefined),
    after: ({ FailedItems = [], FailureMessage = "" }) => {
      if (FailedItems.length === 0) return;
      const ids = FailedItems.map(({ resourceId }) => resourceId).join(", ");
      notify({ type: "error", header: "Remediate", content: `${ids}: ${FailureMessage}` });
    },
  });
}

function useExcept(rule: string) {
  return useAct({
    what: "Remediation exception",
    run: async ({ keys, remove }: { keys: readonly ScopedResource[]; remove: boolean }) => {
      const input = { ConfigRuleName: rule, ResourceKeys: keys.map(({ type, id }) => ({ ResourceType: type, ResourceId: id })) };
      const config = client(ConfigServiceClient);
      if (remove) await config.send(new DeleteRemediationExceptionsCommand(input));
      else {
        const { FailedBatches = [] } = await config.send(new PutRemediationExceptionsCommand(input));
        const failed = FailedBatches.map(({ FailureMessage }) => FailureMessage).join(" ");
        if (failed !== "") throw new Error(failed);
      }
    },
    done: (_, { remove }) => (remove ? "The exception was removed." : "Automatic remediation leaves the resource alone."),
  });
}

const STATES: Record<string, [StatusIndicatorProps.Type, string]> = {
  QUEUED: ["pending", "Action execution queued"],
  IN_PROGRESS: ["in-progress", "Action execution in progress"],
  SUCCEEDED: ["success", "Action executed successfully"],
  FAILED: ["error", "Action execution failed"],
};

function Execution({ of: status, excepted }: { of: RemediationExecutionStatus | undefined; excepted: boolean }) {
  const known = STATES[status?.State ?? ""];
  if (status === undefined || known === undefined) return <>{excepted ? "Exception" : "–"}</>;
  const said = <StatusIndicator type={known[0]}>{known[1]}</StatusIndicator>;
  return (
    <>
      <Popover header="Remediation" size="large" triggerType="text" content={
        <SpaceBetween size="xs">
          <div>Started {when(status.InvocationTime)}, changed {when(status.LastUpdatedTime)}</div>
          {status.StepDetails?.map((step) => (
            <div key={step.Name}>{step.Name}: {step.State}{step.ErrorMessage === undefined ? "" : ` – ${step.ErrorMessage}`}</div>
          ))}
          <PageLink href="/systems-manager/executions">Automation executions</PageLink>
        </SpaceBetween>
      }>
        {said}
      </Popover>
      {excepted && " (exception)"}
    </>
  );
}
