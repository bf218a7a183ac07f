import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { MetricGraph } from "../../components/metrics/MetricGraph";
import { alarmPage, createAlarmPage } from "../../components/metrics/pages";
import { LAST_THREE_HOURS, type Span } from "../../components/metrics/span";
import { SpanPicker } from "../../components/metrics/SpanPicker";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ReadFailed } from "../../components/ReadFailed";
import { conditionOf, STATES, watchedLines } from "./alarms/alarm";
import { useAlarms } from "./alarms/read";
import { State } from "./alarms/State";

/** So many graphs of alarms are shown: the ones that changed last. */
const RECENT = 4;

export default function Overview() {
  const navigate = useNavigate();
  const alarms = useAlarms();
  const [span, setSpan] = useState<Span>(LAST_THREE_HOURS);
  const all = alarms.data ?? [];
  const recent = all.filter(({ metric }) => metric !== undefined).sort((a, b) => (b.updated?.getTime() ?? 0) - (a.updated?.getTime() ?? 0)).slice(0, RECENT);
  const count = (wanted: (typeof STATES)[number]["value"]) => (alarms.data === undefined ? "–" : String(all.filter(({ state }) => state === wanted).length));
  return (
    <Page title="CloudWatch overview" crumbs={[{ text: "CloudWatch", href: "/cloudwatch" }]} actions={<SpanPicker value={span} onChange={setSpan} />}>
      <ReadFailed error={alarms.error} what="alarms" />
      <Container header={<Header variant="h2" actions={<Button onClick={() => void navigate(createAlarmPage())}>Create alarm</Button>}>Alarms</Header>}>
        <ColumnLayout columns={3} variant="text-grid">
          {STATES.map(({ value, label }) => (
            <div key={value}>
              <State of={value} />
              <div><PageLink href={`/cloudwatch/alarms?state=${value}`} ariaLabel={`${count(value)} alarms: ${label}`} fontSize="display-l">{count(value)}</PageLink></div>
            </div>
          ))}
        </ColumnLayout>
      </Container>
      {alarms.data?.length === 0 && <Box>No alarms yet. Metrics are under All metrics, and what functions and services write under Log groups.</Box>}
      <Grid gridDefinition={recent.map(() => ({ colspan: { default: 12, s: 6 } }))}>
        {recent.map((alarm) => (
          <Container key={alarm.name} fitHeight header={<Header variant="h3" actions={<State of={alarm.state} />}><PageLink href={alarmPage(alarm.name)}>{alarm.name}</PageLink></Header>}>
            <SpaceBetween size="xs">
              <Box color="text-body-secondary">{conditionOf(alarm)}</Box>
              <MetricGraph
                title={alarm.name} lines={alarm.metric === undefined ? [] : watchedLines(alarm.metric)} span={span} height={140}
                threshold={alarm.metric?.Threshold === undefined ? undefined : { label: conditionOf(alarm), value: alarm.metric.Threshold }}
              />
            </SpaceBetween>
          </Container>
        ))}
      </Grid>
    </Page>
  );
}
