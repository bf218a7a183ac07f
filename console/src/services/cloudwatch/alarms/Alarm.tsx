import { CloudWatchClient, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-cloudwatch";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../../aws/clients";
import { writtenTags } from "../../../aws/tags";
import { Code } from "../../../components/Code";
import { nameOfLine, periodText } from "../../../components/metrics/metric";
import { MetricGraph } from "../../../components/metrics/MetricGraph";
import { alarmPage, metricsPage } from "../../../components/metrics/pages";
import { LAST_THREE_HOURS, type Span } from "../../../components/metrics/span";
import { SpanPicker } from "../../../components/metrics/SpanPicker";
import { Page } from "../../../components/Page";
import { PageTabs } from "../../../components/PageTabs";
import { Copyable, Properties } from "../../../components/Properties";
import { ReadFailed } from "../../../components/ReadFailed";
import { Tags } from "../../../components/Tags";
import { when } from "../../../components/time";
import { ActionTable } from "./ActionTable";
import { AlarmActions } from "./act";
import { type AlarmView, conditionOf, MISSING, watchedLine, watchedLines } from "./alarm";
import { EventRule } from "./EventRule";
import { History } from "./History";
import { crumbsOf, useAlarm, useAlarmTags, useChildren, useParents } from "./read";
import { Related } from "./Related";
import { State } from "./State";
import { StateTimeline } from "./StateTimeline";

export default function Alarm() {
  const { name = "" } = useParams();
  const navigate = useNavigate();
  const read = useAlarm(name);
  const alarm = read.data;
  return (
    <Page
      title={name}
      crumbs={crumbsOf({ text: name, href: alarmPage(name) })}
      actions={alarm !== undefined && <AlarmActions of={[alarm]} deleted={() => void navigate("/cloudwatch/alarms")} />}
    >
      <ReadFailed error={read.error} what="alarm" />
      {alarm !== undefined && (
        <>
          <Graph of={alarm} />
          <PageTabs
            label="Alarm"
            tabs={[
              { id: "details", label: "Details", content: <Details of={alarm} /> },
              { id: "tags", label: "Tags", content: <AlarmTags arn={alarm.arn} /> },
              { id: "actions", label: "Actions", content: <ActionTable of={alarm} /> },
              { id: "history", label: "History", content: <History name={alarm.name} /> },
              ...(alarm.composite === undefined ? [] : [{ id: "children", label: "Child alarms", content: <Children name={alarm.name} /> }]),
              { id: "parents", label: "Parent alarms", content: <Parents name={alarm.name} /> },
            ]}
          />
        </>
      )}
    </Page>
  );
}

function Graph({ of }: { of: AlarmView }) {
  const navigate = useNavigate();
  const [span, setSpan] = useState<Span>(LAST_THREE_HOURS);
  const lines = of.metric === undefined ? [] : watchedLines(of.metric);
  const threshold = of.metric?.Threshold;
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <SpanPicker value={span} onChange={setSpan} />
              {lines.length > 0 && <Button onClick={() => void navigate(metricsPage({ lines }))}>View in metrics</Button>}
            </SpaceBetween>
          }
        >
          {of.metric === undefined ? "State" : "Graph"}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {lines.length > 0 && <MetricGraph title={conditionOf(of)} lines={lines} span={span} {...(threshold !== undefined && { threshold: { label: conditionOf(of), value: threshold } })} />}
        <StateTimeline of={of} span={span} />
      </SpaceBetween>
    </Container>
  );
}

function Details({ of }: { of: AlarmView }) {
  const [shown, setShown] = useState(false);
  return (
    <SpaceBetween size="m">
      <Container header={<Header variant="h2" actions={<Button onClick={() => setShown(true)}>View EventBridge rule</Button>}>Details</Header>}>
        <Properties of={[
          ["Name", of.name],
          ["Type", of.metric === undefined ? "Composite alarm" : "Metric alarm"],
          ["State", <State of={of.state} />],
          ["Description", of.description],
          ["Threshold", of.metric === undefined ? undefined : conditionOf(of)],
          ["Last state update", when(of.updated)],
          ["Reason", of.reason],
          ["Actions", of.actionsEnabled ? "Actions enabled" : "Actions disabled"],
          ["ARN", <Copyable text={of.arn} />],
          ...metricProperties(of),
          ...suppressorProperties(of),
        ]} />
      </Container>
      {of.composite !== undefined && <Container header={<Header variant="h2">Alarm rule</Header>}><Code>{of.composite.AlarmRule ?? ""}</Code></Container>}
      {shown && <EventRule arn={of.arn} close={() => setShown(false)} />}
    </SpaceBetween>
  );
}

function metricProperties({ metric }: AlarmView): (readonly [string, string])[] {
  if (metric === undefined) return [];
  const lines = watchedLines(metric);
  const line = watchedLine(lines);
  const { EvaluationPeriods = 1, DatapointsToAlarm = EvaluationPeriods, TreatMissingData = "missing" } = metric;
  return [
    ...(line?.metric === undefined ? [["Metric math", lines.map((one) => `${one.id}: ${one.expression ?? nameOfLine(one)}`).join(", ")] as const] : [
      ["Namespace", line.metric.namespace] as const,
      ["Metric name", line.metric.name] as const,
      ...line.metric.dimensions.map(({ name, value }) => [name, value] as const),
      ["Statistic", line.stat] as const,
    ]),
    ["Period", periodText(line?.period ?? 300)],
    ["Datapoints to alarm", `${DatapointsToAlarm} out of ${EvaluationPeriods}`],
    ["Missing data treatment", MISSING.find(({ value }) => value === TreatMissingData)?.label ?? TreatMissingData],
    ...(metric.Unit === undefined ? [] : [["Unit", metric.Unit] as const]),
  ];
}

function suppressorProperties({ composite }: AlarmView): (readonly [string, string | undefined])[] {
  const { ActionsSuppressor, ActionsSuppressorWaitPeriod = 0, ActionsSuppressorExtensionPeriod = 0, ActionsSuppressedReason } = composite ?? {};
  if (ActionsSuppressor === undefined) return [];
  return [
    ["Suppressor alarm", ActionsSuppressor], ["Maximum wait time for the suppressor", periodText(ActionsSuppressorWaitPeriod)],
    ["Extend time after the suppressor", periodText(ActionsSuppressorExtensionPeriod)], ["Actions suppressed", ActionsSuppressedReason],
  ];
}

function AlarmTags({ arn }: { arn: string }) {
  const tags = useAlarmTags(arn);
  return (
    <Tags
      tags={tags.data} error={tags.error}
      tag={(some) => client(CloudWatchClient).send(new TagResourceCommand({ ResourceARN: arn, Tags: writtenTags(some) }))}
      untag={(TagKeys) => client(CloudWatchClient).send(new UntagResourceCommand({ ResourceARN: arn, TagKeys }))}
    />
  );
}

function Parents({ name }: { name: string }) {
  const parents = useParents(name);
  return <Related title="Parent alarms" read={parents} empty="No composite alarm's rule names this alarm." />;
}

function Children({ name }: { name: string }) {
  const children = useChildren(name);
  return <Related title="Child alarms" read={children} empty="The rule names no alarm that is there." />;
}
