import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Grid from "@cloudscape-design/components/grid";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { boundsOf, LAST_HOUR, type Span } from "../../../components/metrics/span";
import { SpanPicker } from "../../../components/metrics/SpanPicker";
import { Page } from "../../../components/Page";
import { ReadFailed } from "../../../components/ReadFailed";
import { TextEditor } from "../../../components/TextEditor";
import { GroupsChoice } from "./GroupsChoice";
import { Queries, SaveQuery } from "./Queries";
import { DEFAULT_QUERY } from "./query";
import { useFields } from "./read";
import { Results } from "./Results";
import { useInsights } from "./run";

export default function LogsInsights() {
  const [asked] = useSearchParams();
  const [groups, setGroups] = useState<readonly string[]>(() => asked.getAll("group"));
  const [span, setSpan] = useState<Span>(LAST_HOUR);
  const [query, setQuery] = useState(() => asked.get("query") ?? DEFAULT_QUERY);
  const [saving, setSaving] = useState(false);
  const [panel, setPanel] = useState("fields");
  const { run, start, cancel } = useInsights();
  const running = run?.running === true;
  return (
    <Page title="Logs Insights" crumbs={[{ text: "CloudWatch", href: "/cloudwatch" }, { text: "Logs Insights", href: "/cloudwatch/logs-insights" }]}>
      <Grid gridDefinition={[{ colspan: { default: 12, m: 8 } }, { colspan: { default: 12, m: 4 } }]}>
        <Container>
          <SpaceBetween size="m">
            <SpanPicker value={span} onChange={setSpan} />
            <GroupsChoice value={groups} onChange={setGroups} />
            <TextEditor label="Query editor" language="text" value={query} onChange={setQuery} height={140} />
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="primary" loading={running} disabled={groups.length === 0 || query.trim() === ""} onClick={() => start({ groups, query, ...boundsOf(span, Date.now()) })}>Run query</Button>
              <Button disabled={!running} onClick={cancel}>Cancel</Button>
              <Button disabled={query.trim() === ""} onClick={() => setSaving(true)}>Save</Button>
            </SpaceBetween>
          </SpaceBetween>
        </Container>
        <Container>
          <Tabs
            ariaLabel="Help with the query" activeTabId={panel} onChange={({ detail }) => setPanel(detail.activeTabId)}
            tabs={[
              { id: "fields", label: "Discovered fields", content: <Fields groups={groups} /> },
              {
                id: "queries", label: "Queries",
                content: <Queries use={(chosen, of) => { setQuery(chosen); if (of !== undefined && of.length > 0) setGroups(of); }} />,
              },
            ]}
          />
        </Container>
      </Grid>
      {run !== undefined && <Results run={run} />}
      {saving && <SaveQuery query={query} groups={groups} close={() => setSaving(false)} />}
    </Page>
  );
}

function Fields({ groups }: { groups: readonly string[] }) {
  const fields = useFields(groups);
  if (groups.length === 0) return <Box color="text-body-secondary">Select log groups to see the fields of their events.</Box>;
  return (
    <SpaceBetween size="xs">
      <ReadFailed error={fields.error} what="fields" />
      <Table
        variant="embedded" items={fields.data ?? []} loading={fields.isLoading} loadingText="Loading fields" trackBy="name" ariaLabels={{ tableLabel: "Discovered fields" }}
        empty={<Box textAlign="center" color="inherit">No fields: there are no recent events.</Box>}
        columnDefinitions={[{ id: "name", header: "Field", cell: ({ name }) => name }, { id: "percent", header: "% of events", cell: ({ percent }) => `${percent}%` }]}
      />
    </SpaceBetween>
  );
}
