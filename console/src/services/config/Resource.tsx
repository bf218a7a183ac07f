import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tabs from "@cloudscape-design/components/tabs";
import type { ConfigurationItem } from "@aws-sdk/client-config-service";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { Code } from "../../components/Code";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { Tags } from "../../components/Tags";
import { when } from "../../components/time";
import { Compliance, complianceText } from "./Compliance";
import { parsed } from "./diff";
import { useHistory, useVerdicts } from "./read";
import { Relationships } from "./Relationships";
import { ResourceTimeline } from "./ResourceTimeline";
import { managePage, resourceHref, ruleHref, typeName } from "./types";

export default function Resource() {
  const { type = "", id = "" } = useParams();
  const navigate = useNavigate();
  const [query, setQuery] = useSearchParams();
  const history = useHistory(type, id);
  const item = history.data?.[0];
  const manage = managePage(type, id, item?.resourceName);
  const show = (tab: string) => setQuery(tab === "details" ? {} : { tab }, { replace: true });
  return (
    <Page
      title={item?.resourceName ?? id} description={typeName(type)}
      crumbs={[{ text: "AWS Config", href: "/config" }, { text: "Resources", href: "/config/resources" }, { text: id, href: resourceHref(type, id) }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button disabled={manage === undefined} onClick={() => manage !== undefined && void navigate(manage)}>Manage resource</Button>
          <Button onClick={() => show("timeline")}>Resource Timeline</Button>
        </SpaceBetween>
      }
    >
      <ReadFailed error={history.error} what="resource" />
      {item !== undefined && (
        <Tabs
          activeTabId={query.get("tab") ?? "details"} onChange={({ detail }) => show(detail.activeTabId)}
          tabs={[
            { id: "details", label: "Details", content: <Details of={item} /> },
            { id: "timeline", label: "Timeline", content: <ResourceTimeline type={type} id={id} name={item.resourceName} items={history.data ?? []} /> },
            { id: "relationships", label: "Relationships", content: <Relationships of={item} /> },
            { id: "item", label: "Configuration item (JSON)", content: <Code>{JSON.stringify(readable(item), null, 2)}</Code> },
          ]}
        />
      )}
    </Page>
  );
}

/** An item with its embedded JSON texts as values. */
export function readable(item: ConfigurationItem): Record<string, unknown> {
  const supplementary = Object.fromEntries(Object.entries(item.supplementaryConfiguration ?? {}).map(([key, value]) => [key, parsed(value)]));
  return { ...item, configuration: parsed(item.configuration), supplementaryConfiguration: supplementary };
}

function Details({ of: item }: { of: ConfigurationItem }) {
  const deleted = item.configurationItemStatus?.startsWith("ResourceDeleted") === true;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Details</Header>}>
        <Properties of={[
          ["Resource ID", <Copyable text={item.resourceId} />],
          ["Resource name", item.resourceName],
          ["Resource type", typeName(item.resourceType)],
          ["Amazon Resource Name", <Copyable text={item.arn} />],
          ["Availability Zone", item.availabilityZone],
          ["Created on", when(item.resourceCreationTime)],
          ["Captured", when(item.configurationItemCaptureTime)],
          ["Status", deleted ? <StatusIndicator type="stopped">{item.configurationItemStatus}</StatusIndicator> : item.configurationItemStatus],
          ["Recording", item.configurationItemStatus === "ResourceNotRecorded" ? "Not recorded: it is known because of a resource that is" : "Recorded"],
        ]} />
      </Container>
      <Verdicts type={item.resourceType ?? ""} id={item.resourceId ?? ""} />
      <Tags tags={Object.entries(item.tags ?? {}).map(([key, value]) => ({ key, value }))} />
    </SpaceBetween>
  );
}

function Verdicts({ type, id }: { type: string; id: string }) {
  const verdicts = useVerdicts(type, id);
  const ruleOf = (verdict: { EvaluationResultIdentifier?: { EvaluationResultQualifier?: { ConfigRuleName?: string } } }) =>
    verdict.EvaluationResultIdentifier?.EvaluationResultQualifier?.ConfigRuleName ?? "";
  return (
    <ResourceTable
      title="Rules" items={verdicts.data} loading={verdicts.isLoading} error={verdicts.error} id={ruleOf} empty="No rule has judged this resource."
      columns={[
        { id: "rule", header: "Name", cell: (own) => <PageLink href={ruleHref(ruleOf(own))}>{ruleOf(own)}</PageLink>, value: ruleOf },
        { id: "compliance", header: "Compliance", cell: (own) => <Compliance of={own.ComplianceType} />, value: (own) => complianceText(own.ComplianceType) },
        { id: "annotation", header: "Annotation", cell: (own) => own.Annotation ?? "–", value: (own) => own.Annotation },
        { id: "time", header: "Last evaluated", cell: (own) => when(own.ResultRecordedTime), value: (own) => own.ResultRecordedTime?.getTime() },
      ]}
    />
  );
}
