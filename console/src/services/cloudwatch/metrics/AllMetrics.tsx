import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { Code } from "../../../components/Code";
import { type Line, metricKeys, toggled } from "../../../components/metrics/metric";
import { MetricGraph } from "../../../components/metrics/MetricGraph";
import { linesIn } from "../../../components/metrics/pages";
import { LAST_THREE_HOURS, type Span } from "../../../components/metrics/span";
import { SpanPicker } from "../../../components/metrics/SpanPicker";
import { Page } from "../../../components/Page";
import { useSession } from "../../../session/session";
import { sourceOf } from "../dashboards/body";
import { AddToDashboard } from "../dashboards/AddToDashboard";
import { GraphedMetrics } from "./GraphedMetrics";
import { MetricBrowser } from "./MetricBrowser";

/** Graphs metrics. What is drawn stays in the address, so that it can be sent to somebody. */
export default function AllMetrics() {
  const [asked, ask] = useSearchParams();
  const [lines, setLines] = useState<readonly Line[]>(() => linesIn(asked.get("graph")));
  const [span, setSpan] = useState<Span>(LAST_THREE_HOURS);
  const [adding, setAdding] = useState(false);
  const [tab, setTab] = useState(lines.length > 0 ? "graphed" : "browse");
  const { region } = useSession();
  const change = (next: readonly Line[]) => {
    setLines(next);
    ask((before) => {
      if (next.length === 0) before.delete("graph");
      else before.set("graph", JSON.stringify(next));
      return before;
    }, { replace: true });
  };
  const namespace = asked.get("namespace");
  return (
    <Page title="Metrics" crumbs={[{ text: "CloudWatch", href: "/cloudwatch" }, { text: "Metrics", href: "/cloudwatch/metrics" }]}>
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <SpanPicker value={span} onChange={setSpan} />
                <Button disabled={lines.length === 0} onClick={() => setAdding(true)}>Add to dashboard</Button>
                <Button disabled={lines.length === 0} onClick={() => change([])}>Clear graph</Button>
              </SpaceBetween>
            }
          >
            Untitled graph
          </Header>
        }
      >
        <MetricGraph title="Graph of the selected metrics" lines={lines} span={span} height={260} empty={lines.length === 0 ? "Your CloudWatch graph is empty. Select some metrics to appear here." : "No data available. Try adjusting the time range."} />
      </Container>
      <Container>
        <Tabs
          ariaLabel="Metrics"
          activeTabId={tab}
          onChange={({ detail }) => setTab(detail.activeTabId)}
          tabs={[
            {
              id: "browse", label: "Browse",
              content: <MetricBrowser chosen={metricKeys(lines)} toggle={(metric) => change(toggled(lines, metric))} {...(namespace !== null && { start: { namespace } })} filter={asked.get("filter") ?? ""} />,
            },
            { id: "graphed", label: `Graphed metrics (${lines.length})`, content: <GraphedMetrics lines={lines} change={change} /> },
            { id: "source", label: "Source", content: <Code>{JSON.stringify(sourceOf(lines, region), null, 2)}</Code> },
          ]}
        />
      </Container>
      {adding && <AddToDashboard properties={sourceOf(lines, region)} close={() => setAdding(false)} />}
    </Page>
  );
}
