import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useNavigate } from "react-router";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { Compliance } from "./Compliance";
import { RECORDER_TYPE, useCounts, useInventory, useRules, useSetup } from "./read";
import { RecorderStatus } from "./RecorderStatus";
import { ruleHref, typeName } from "./types";

const CRUMBS = [{ text: "AWS Config", href: "/config" }, { text: "Dashboard", href: "/config/dashboard" }];

export default function Dashboard() {
  const setup = useSetup();
  const rules = useRules();
  if (setup.isLoading) return <Spinner size="large" />;
  const isSetUp = setup.data?.recorder !== undefined || (rules.data?.length ?? 0) > 0;
  if (setup.error === null && !isSetUp) return <Landing />;
  return (
    <Page title="Dashboard" crumbs={CRUMBS} description={setup.data !== undefined && <RecorderStatus of={setup.data} />}>
      <ReadFailed error={setup.error} what="recorder" />
      <ComplianceStatus />
      <WorstRules />
      <Inventory />
    </Page>
  );
}

function Landing() {
  const navigate = useNavigate();
  return (
    <Page
      title="AWS Config" crumbs={[{ text: "AWS Config", href: "/config" }]}
      description="Record and evaluate configurations of your AWS resources"
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => void navigate("/config/get-started?setup=1-click")}>1-click setup</Button>
          <Button variant="primary" onClick={() => void navigate("/config/get-started")}>Get started</Button>
        </SpaceBetween>
      }
    >
      <Container header={<Header variant="h2">Set up AWS Config</Header>}>
        AWS Config keeps an inventory of the resources in this Region, a history of their configurations, and the verdicts of rules on them.
        Nothing is recorded in this Region yet. Get started asks what to record and where to deliver; 1-click setup proposes it.
      </Container>
    </Page>
  );
}

function ComplianceStatus() {
  const rules = useRules();
  const resources = useInventory([], false);
  const numbers = (items: readonly { compliance?: string }[] | undefined, what: string) => {
    const count = (state: string) => items?.filter(({ compliance }) => compliance === state).length ?? 0;
    return [
      <StatusIndicator key="bad" type="warning">{count("NON_COMPLIANT")} Noncompliant {what}(s)</StatusIndicator>,
      <StatusIndicator key="good" type="success">{count("COMPLIANT")} Compliant {what}(s)</StatusIndicator>,
    ];
  };
  return (
    <Container header={<Header variant="h2">Compliance status</Header>}>
      <ReadFailed error={rules.error} what="rules" />
      <ColumnLayout columns={2} variant="text-grid">
        <KeyValuePairs items={[{ label: "Rules", value: <SpaceBetween size="xs">{numbers(rules.data, "rule")}</SpaceBetween> }]} />
        <KeyValuePairs items={[{ label: "Resources", value: <SpaceBetween size="xs">{numbers(resources.data, "resource")}</SpaceBetween> }]} />
      </ColumnLayout>
    </Container>
  );
}

function WorstRules() {
  const rules = useRules();
  const bad = rules.data?.filter(({ compliance }) => compliance === "NON_COMPLIANT")
    .sort((a, b) => Number.parseInt(b.noncompliant, 10) - Number.parseInt(a.noncompliant, 10));
  return (
    <ResourceTable
      title="Noncompliant rules by noncompliant resource count" items={bad} loading={rules.isLoading} id={({ name }) => name} perPage={10}
      empty={(rules.data?.length ?? 0) === 0 ? <>There are no rules yet. <PageLink href="/config/add-rule">Add rule</PageLink></> : "No rule is noncompliant."}
      columns={[
        { id: "name", header: "Name", cell: ({ name }) => <PageLink href={ruleHref(name)}>{name}</PageLink>, value: ({ name }) => name },
        { id: "compliance", header: "Compliance", cell: (rule) => <Compliance of={rule.compliance} count={rule.noncompliant} />, value: (rule) => Number.parseInt(rule.noncompliant, 10) },
      ]}
    />
  );
}

function Inventory() {
  const counts = useCounts();
  const total = counts.data?.reduce((sum, { count }) => sum + Number(count ?? 0), 0);
  return (
    <ResourceTable
      title="Resource inventory" items={counts.data} loading={counts.isLoading} error={counts.error} id={({ resourceType }) => resourceType ?? ""} perPage={10}
      description={total === undefined ? undefined : <Box variant="span">Total resources: {total}</Box>}
      empty="Your resources are being discovered."
      columns={[
        {
          id: "type", header: "Resource type", value: ({ resourceType }) => typeName(resourceType),
          cell: ({ resourceType }) => (resourceType === RECORDER_TYPE ? typeName(resourceType) : <PageLink href={`/config/resources?type=${encodeURIComponent(resourceType ?? "")}`}>{typeName(resourceType)}</PageLink>),
        },
        { id: "count", header: "Count", cell: ({ count }) => count, value: ({ count }) => Number(count ?? 0) },
      ]}
    />
  );
}
