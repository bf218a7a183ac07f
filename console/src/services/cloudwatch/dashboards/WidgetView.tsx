// What a widget of a dashboard shows.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useRead } from "../../../aws/queries";
import { Markdown } from "../../../components/Markdown";
import { ChartLoading } from "../../../components/metrics/ChartLoading";
import type { Threshold } from "../../../components/metrics/Charts";
import { type Line, shortNumber } from "../../../components/metrics/metric";
import { MetricGraph } from "../../../components/metrics/MetricGraph";
import { alarmPage } from "../../../components/metrics/pages";
import { useMetricData } from "../../../components/metrics/read";
import { boundsOf, type Span } from "../../../components/metrics/span";
import { TimeChart } from "../../../components/metrics/TimeChart";
import { PageLink } from "../../../components/PageLink";
import { ReadFailed } from "../../../components/ReadFailed";
import { ResourceTable } from "../../../components/ResourceTable";
import { conditionOf, watchedLines } from "../alarms/alarm";
import { useAlarms } from "../alarms/read";
import { State } from "../alarms/State";
import { chartOf, fieldsOf, valueIn } from "../insights/query";
import { runToEnd } from "../insights/run";
import { type Json, linesOf, logQueryOf, titleOf, type Widget } from "./body";

/** `height` is what its content may have, in pixels. */
export function WidgetView({ of, span, height }: { of: Widget; span: Span; height: number }) {
  const { type, properties } = of;
  if (type === "text") return <Markdown text={String(properties["markdown"] ?? "")} />;
  if (type === "alarm") return <Alarms arns={arnsIn(properties["alarms"])} />;
  if (type === "log") return <LogResults of={of} span={span} height={height} />;
  if (type !== "metric") return <Alert type="info">{`Widgets of the type ${type} are not shown here.`}</Alert>;
  const [alarm] = arnsIn((properties["annotations"] as Json | undefined)?.["alarms"]);
  if (alarm !== undefined) return <AlarmGraph arn={alarm} span={span} height={height} />;
  const lines = linesOf(properties);
  return properties["view"] === "singleValue" ? <Numbers lines={lines} span={span} /> : <MetricGraph title={titleOf(of)} lines={lines} span={span} threshold={thresholdIn(properties)} height={height} />;
}

function arnsIn(arns: unknown): string[] {
  return Array.isArray(arns) ? arns.filter((arn): arn is string => typeof arn === "string") : [];
}

/** The first horizontal annotation. */
function thresholdIn({ annotations }: Json): Threshold | undefined {
  const all = (annotations as Json | undefined)?.["horizontal"];
  const [first] = (Array.isArray(all) ? all : []) as { label?: unknown; value?: unknown }[];
  return typeof first?.value === "number" ? { label: String(first.label ?? first.value), value: first.value } : undefined;
}

/** The newest point of each line. */
function Numbers({ lines, span }: { lines: readonly Line[]; span: Span }) {
  const read = useMetricData(lines, span);
  if (read.error !== null) return <ReadFailed error={read.error} what="metrics" />;
  if (read.isLoading) return <ChartLoading />;
  return (
    <ColumnLayout columns={4} variant="text-grid" minColumnWidth={120}>
      {(read.data?.series ?? []).map(({ id, label, points }) => {
        const last = points.at(-1);
        return (
          <div key={`${id} ${label}`}>
            <Box variant="awsui-key-label">{label}</Box>
            <Box variant="awsui-value-large">{last === undefined ? "--" : shortNumber(last.y)}</Box>
          </div>
        );
      })}
    </ColumnLayout>
  );
}

function Alarms({ arns }: { arns: readonly string[] }) {
  const alarms = useAlarms();
  return (
    <SpaceBetween size="xs">
      <ReadFailed error={alarms.error} what="alarms" />
      {alarms.data !== undefined && arns.map((arn) => {
        const alarm = alarms.data.find((own) => own.arn === arn);
        const name = arn.split(":").slice(6).join(":");
        return <SpaceBetween key={arn} direction="horizontal" size="s"><PageLink href={alarmPage(name)}>{name}</PageLink>{alarm === undefined ? <Box>There is no such alarm.</Box> : <State of={alarm.state} />}</SpaceBetween>;
      })}
    </SpaceBetween>
  );
}

function AlarmGraph({ arn, span, height }: { arn: string; span: Span; height: number }) {
  const alarms = useAlarms();
  const alarm = alarms.data?.find((own) => own.arn === arn);
  if (alarm?.metric === undefined) return alarms.isLoading ? <ChartLoading /> : <><ReadFailed error={alarms.error} what="alarms" /><Alarms arns={[arn]} /></>;
  const { Threshold } = alarm.metric;
  return (
    <SpaceBetween size="xs">
      <State of={alarm.state} />
      <MetricGraph title={alarm.name} lines={watchedLines(alarm.metric)} span={span} height={height - 24} threshold={Threshold === undefined ? undefined : { label: conditionOf(alarm), value: Threshold }} />
    </SpaceBetween>
  );
}

const EVERY = 60_000;

function LogResults({ of, span, height }: { of: Widget; span: Span; height: number }) {
  const { groups, query } = logQueryOf(of.properties);
  const read = useRead({
    key: ["logs", "widget", groups, query, span], every: EVERY,
    read: async () => {
      const bounds = boundsOf(span, Date.now());
      return { ...bounds, rows: (await runToEnd({ groups, query, ...bounds })).rows };
    },
  });
  if (read.error !== null) return <ReadFailed error={read.error} what="results of the query" />;
  if (read.data === undefined) return <ChartLoading />;
  const { from, to, rows } = read.data;
  const series = of.properties["view"] === "timeSeries" ? chartOf(rows) : [];
  if (series.length > 0) return <TimeChart title={titleOf(of)} series={series} from={from} to={to} height={height} empty="No results" />;
  return (
    <ResourceTable
      title="Results" variant="embedded" items={rows.map((row, number) => ({ row, number }))} loading={false} id={({ number }) => String(number)} empty="No results" perPage={10}
      columns={fieldsOf(rows).map((field) => ({ id: field, header: field, cell: ({ row }: { row: (typeof rows)[number] }) => <span className="code">{valueIn(row, field)}</span>, value: ({ row }: { row: (typeof rows)[number] }) => valueIn(row, field) }))}
    />
  );
}
