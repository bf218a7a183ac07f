// The graphs of a resource's monitoring tab.
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useState } from "react";
import { useNavigate } from "react-router";
import { ReadFailed } from "../ReadFailed";
import { type Line, metricKey } from "./metric";
import { MetricGraph } from "./MetricGraph";
import type { Monitored } from "./Monitor";
import { metricsPage } from "./pages";
import { useMetrics } from "./read";
import { LAST_HOUR, periodFor, type Span } from "./span";
import { SpanPicker } from "./SpanPicker";

export default function MonitorGraphs({ namespace, dimensions, graphs, none }: Monitored) {
  const navigate = useNavigate();
  const [span, setSpan] = useState<Span>(LAST_HOUR);
  const known = useMetrics({ namespace, dimension: dimensions[0] });
  const keys = new Set(known.data?.map(metricKey));
  const shown = graphs.filter(({ lines }) => lines.some(([name]) => keys.has(metricKey({ namespace, name, dimensions }))));
  const filter = dimensions.map(({ value }) => value).join(" ");
  return (
    <SpaceBetween size="m">
      <Header
        variant="h2"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <SpanPicker value={span} onChange={setSpan} />
            <Button onClick={() => void navigate(metricsPage({ filter: `${namespace} ${filter}` }))}>View all CloudWatch metrics</Button>
          </SpaceBetween>
        }
      >
        CloudWatch metrics
      </Header>
      <ReadFailed error={known.error} what="metrics" />
      {known.isLoading && <Spinner />}
      {known.data !== undefined && shown.length === 0 && <Alert type="info">{none}</Alert>}
      <Grid gridDefinition={shown.map(() => ({ colspan: { default: 12, s: 6, l: 4 } }))}>
        {shown.map(({ title, lines }) => (
          <Container key={title} fitHeight header={<Header variant="h3">{title}</Header>}>
            <MetricGraph title={title} lines={lines.map(lineWith({ namespace, dimensions, span }))} span={span} height={160} />
          </Container>
        ))}
      </Grid>
    </SpaceBetween>
  );
}

function lineWith({ namespace, dimensions, span }: Pick<Monitored, "namespace" | "dimensions"> & { span: Span }) {
  return ([name, stat, label = stat]: Monitored["graphs"][number]["lines"][number], at: number): Line => ({
    id: `m${at + 1}`, label, stat, period: periodFor(span), metric: { namespace, name, dimensions },
  });
}
