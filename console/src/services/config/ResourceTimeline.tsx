// "Resource Timeline": configuration items, changes of compliance and CloudTrail events of one resource, the newest first.
import type { ConfigurationItem, EvaluationResult } from "@aws-sdk/client-config-service";
import type { Event } from "@aws-sdk/client-cloudtrail";
import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Multiselect from "@cloudscape-design/components/multiselect";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";
import { Code } from "../../components/Code";
import { PageLink } from "../../components/PageLink";
import { Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { when } from "../../components/time";
import { Compliance, complianceText } from "./Compliance";
import { type Difference, differences, parsed } from "./diff";
import { useComplianceHistory, useVerdicts } from "./read";
import { useTrail } from "./trail";
import { ruleHref } from "./types";

interface Entry {
  key: string;
  kind: "configuration" | "compliance" | "trail";
  time: Date;
  title: string;
  content: React.ReactNode;
}

const KINDS = [
  { value: "configuration", label: "Configuration events" },
  { value: "compliance", label: "Compliance events" },
  { value: "trail", label: "CloudTrail events" },
];

export function ResourceTimeline({ type, id, name, items }: { type: string; id: string; name: string | undefined; items: readonly ConfigurationItem[] }) {
  const compliance = useComplianceHistory(type, id);
  const verdicts = useVerdicts(type, id);
  const trail = useTrail([id, ...(name === undefined || name === id ? [] : [name])]);
  const [kinds, setKinds] = useState<readonly string[]>(KINDS.map(({ value }) => value));
  const entries = [...configurations(items), ...compliances(compliance.data ?? []), ...(compliance.data?.length === 0 ? current(verdicts.data ?? []) : []), ...(trail.data ?? []).map(trailEntry)]
    .filter(({ kind }) => kinds.includes(kind))
    .sort((a, b) => b.time.getTime() - a.time.getTime());
  return (
    <SpaceBetween size="m">
      <Header variant="h2" counter={`(${entries.length})`} description="What became of this resource, the newest first.">Resource Timeline</Header>
      <FormField label="Event types">
        <Multiselect
          options={KINDS} selectedOptions={KINDS.filter(({ value }) => kinds.includes(value))} placeholder="Choose event types" deselectAriaLabel={({ label }) => `Remove ${label ?? ""}`}
          onChange={({ detail }) => setKinds(detail.selectedOptions.map(({ value = "" }) => value))}
        />
      </FormField>
      <ReadFailed error={compliance.error} what="compliance history" />
      <ReadFailed error={trail.error} what="CloudTrail events" />
      {entries.map(({ key, time, title, content, kind }) => (
        <ExpandableSection
          key={key} variant="container" headerText={title} headerDescription={`${when(time)} · ${KINDS.find(({ value }) => value === kind)?.label.replace(" events", "") ?? ""}`}
          defaultExpanded={kind === "configuration" && items.length > 1 && key === entries.find((entry) => entry.kind === "configuration")?.key}
        >
          {content}
        </ExpandableSection>
      ))}
      {entries.length === 0 && <Box color="text-status-inactive">Nothing is known of this resource.</Box>}
    </SpaceBetween>
  );
}

function configurations(items: readonly ConfigurationItem[]): Entry[] {
  return items.map((item, at) => {
    const before = items[at + 1];
    const status = item.configurationItemStatus ?? "OK";
    const found = differences(before, item);
    const title = before === undefined || status === "ResourceDiscovered" ? "Resource discovered"
      : status.startsWith("ResourceDeleted") ? "Resource deleted"
      : `Configuration change: ${found.length} field change(s)`;
    return {
      key: `item ${item.configurationStateId ?? at}`, kind: "configuration", time: item.configurationItemCaptureTime ?? new Date(0), title,
      content: (
        <SpaceBetween size="s">
          {before !== undefined && <Differences of={found} />}
          <ExpandableSection headerText="Configuration">
            <Code>{JSON.stringify(parsed(item.configuration) ?? null, null, 2)}</Code>
          </ExpandableSection>
        </SpaceBetween>
      ),
    };
  });
}

function Differences({ of: found }: { of: readonly Difference[] }) {
  return (
    <Table
      variant="embedded" wrapLines items={[...found]} trackBy="path" ariaLabels={{ tableLabel: "Field changes" }} empty="Nothing that AWS Config compares."
      columnDefinitions={[
        { id: "path", header: "Field", cell: ({ path }) => path, isRowHeader: true, width: 300 },
        {
          id: "kind", header: "Change", width: 145,
          cell: ({ kind }) => (kind === "added" ? <StatusIndicator type="success">Added</StatusIndicator>
            : kind === "removed" ? <StatusIndicator type="stopped">Removed</StatusIndicator> : <StatusIndicator type="info">Changed</StatusIndicator>),
        },
        { id: "from", header: "From", cell: ({ from }) => from ?? "–" },
        { id: "to", header: "To", minWidth: 140, cell: ({ to }) => to ?? "–" },
      ]}
    />
  );
}

interface Verdict {
  configRuleName?: string;
  complianceType?: string;
}

function compliances(items: readonly ConfigurationItem[]): Entry[] {
  return items.map((item, at) => {
    const said = parsed(item.configuration) as { complianceType?: string; configRuleList?: Verdict[] } | undefined;
    return {
      key: `compliance ${item.configurationStateId ?? at}`, kind: "compliance", time: item.configurationItemCaptureTime ?? new Date(0),
      title: said?.complianceType === "NON_COMPLIANT" ? "Rule compliance: Noncompliant" : said?.complianceType === "COMPLIANT" ? "Rule compliance: Compliant" : "Rule compliance: no results",
      content: (
        <SpaceBetween size="xs">
          {(said?.configRuleList ?? []).map(({ configRuleName = "", complianceType }) => (
            <div key={configRuleName}><PageLink href={ruleHref(configRuleName)}>{configRuleName}</PageLink> <Compliance of={complianceType} /></div>
          ))}
        </SpaceBetween>
      ),
    };
  });
}

/** What the rules say now: all that there is where the recorder does not record AWS Config ResourceCompliance. */
function current(verdicts: readonly EvaluationResult[]): Entry[] {
  return verdicts.map((verdict) => {
    const rule = verdict.EvaluationResultIdentifier?.EvaluationResultQualifier?.ConfigRuleName ?? "";
    return {
      key: `verdict ${rule}`, kind: "compliance", time: verdict.ResultRecordedTime ?? new Date(0),
      title: `Rule compliance: ${complianceText(verdict.ComplianceType)}`,
      content: <div><PageLink href={ruleHref(rule)}>{rule}</PageLink> <Compliance of={verdict.ComplianceType} /> {verdict.Annotation}</div>,
    };
  });
}

function trailEntry(event: Event): Entry {
  const record = parsed(event.CloudTrailEvent) as { errorCode?: string; errorMessage?: string; userIdentity?: { arn?: string }; sourceIPAddress?: string } | undefined;
  return {
    key: `event ${event.EventId ?? ""}`, kind: "trail", time: event.EventTime ?? new Date(0), title: `CloudTrail event: ${event.EventName ?? ""}`,
    content: (
      <Properties of={[
        ["Event name", <PageLink href={`/cloudtrail/events/${event.EventId ?? ""}`}>{event.EventName}</PageLink>],
        ["User name", event.Username],
        ["User ARN", record?.userIdentity?.arn],
        ["Event source", event.EventSource],
        ["Source IP address", record?.sourceIPAddress],
        ["Error", record?.errorCode === undefined ? undefined : `${record.errorCode}: ${record.errorMessage ?? ""}`],
      ]} />
    ),
  };
}
