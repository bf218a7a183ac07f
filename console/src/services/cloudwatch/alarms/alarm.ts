// Alarms, as the pages show them.
import type { AlarmHistoryItem, ComparisonOperator, CompositeAlarm, MetricAlarm, StateValue } from "@aws-sdk/client-cloudwatch";
import { type Line, lineOf, metricOf, nameOfLine, periodText } from "../../../components/metrics/metric";

export const STATES: readonly { value: StateValue; label: string }[] = [
  { value: "ALARM", label: "In alarm" }, { value: "OK", label: "OK" }, { value: "INSUFFICIENT_DATA", label: "Insufficient data" },
];

export function stateText(state: string | undefined): string {
  return STATES.find(({ value }) => value === state)?.label ?? "–";
}

export const COMPARISONS: readonly { value: ComparisonOperator; label: string; sign: string }[] = [
  { value: "GreaterThanThreshold", label: "Greater", sign: ">" }, { value: "GreaterThanOrEqualToThreshold", label: "Greater/Equal", sign: ">=" },
  { value: "LessThanOrEqualToThreshold", label: "Lower/Equal", sign: "<=" }, { value: "LessThanThreshold", label: "Lower", sign: "<" },
];

export function signOf(comparison: string | undefined): string {
  return COMPARISONS.find(({ value }) => value === comparison)?.sign ?? comparison ?? "";
}

export const MISSING: readonly { value: string; label: string }[] = [
  { value: "missing", label: "Treat missing data as missing" }, { value: "notBreaching", label: "Treat missing data as good (not breaching threshold)" },
  { value: "ignore", label: "Treat missing data as ignore (maintain the alarm state)" }, { value: "breaching", label: "Treat missing data as bad (breaching threshold)" },
];

/** Either kind of alarm. */
export interface AlarmView {
  name: string;
  arn: string;
  description: string;
  state: StateValue | undefined;
  reason: string;
  updated: Date | undefined;
  actionsEnabled: boolean;
  actions: Readonly<Record<StateValue, readonly string[]>>;
  /** Exactly one of these two. */
  metric?: MetricAlarm;
  composite?: CompositeAlarm;
}

export function viewOf(alarm: { metric: MetricAlarm } | { composite: CompositeAlarm }): AlarmView {
  const of: MetricAlarm | CompositeAlarm = "metric" in alarm ? alarm.metric : alarm.composite;
  return {
    name: of.AlarmName ?? "", arn: of.AlarmArn ?? "", description: of.AlarmDescription ?? "", state: of.StateValue, reason: of.StateReason ?? "", updated: of.StateUpdatedTimestamp,
    actionsEnabled: of.ActionsEnabled !== false, actions: { ALARM: of.AlarmActions ?? [], OK: of.OKActions ?? [], INSUFFICIENT_DATA: of.InsufficientDataActions ?? [] },
    ...alarm,
  };
}

/** What the alarm watches: its metric, or the metrics and expressions that it computes. */
export function watchedLines({ Metrics = [], Namespace, MetricName, Dimensions, Statistic, ExtendedStatistic, Period = 300 }: MetricAlarm): Line[] {
  if (Metrics.length > 0) return Metrics.map(lineOf);
  return [{ id: "m1", label: "", metric: metricOf({ Namespace, MetricName, Dimensions }), stat: Statistic ?? ExtendedStatistic ?? "Average", period: Period }];
}

/** The line that is compared with the threshold. */
export function watchedLine(lines: readonly Line[]): Line | undefined {
  return lines.find(({ hidden }) => hidden !== true);
}

/** `Errors >= 1 for 1 datapoints within 1 minute`, as CloudWatch says it; a composite alarm's rule. */
export function conditionOf({ metric, composite }: Pick<AlarmView, "metric" | "composite">): string {
  if (metric === undefined) return composite?.AlarmRule ?? "";
  const line = watchedLine(watchedLines(metric));
  const { EvaluationPeriods = 1, DatapointsToAlarm = EvaluationPeriods, ComparisonOperator, Threshold } = metric;
  const name = line === undefined ? "" : (line.metric?.name ?? nameOfLine(line));
  return `${name} ${signOf(ComparisonOperator)} ${Threshold ?? ""} for ${DatapointsToAlarm} datapoints within ${periodText(EvaluationPeriods * (line?.period ?? 300))}`;
}

/** `Send message to topic "news"`: what an action does, by its ARN. */
export function actionText(arn: string): string {
  const [, , service, , , ...rest] = arn.split(":");
  if (service === "sns") return `Send message to topic "${rest[0] ?? ""}"`;
  if (service === "lambda") return `Invoke Lambda function "${rest.slice(1).join(":")}"`;
  return arn;
}

/** How long an alarm has been in a state. Times are in milliseconds since 1970. */
export interface Stretch {
  state: string;
  from: number;
  to: number;
}

/** The states from `from` (or the alarm's creation) to `to`, by the history (in any order) and the state of now. Before the oldest update stands what it changed from. */
export function stretchesOf(history: readonly AlarmHistoryItem[], now: string | undefined, from: number, to: number): Stretch[] {
  const created = history.find(({ HistoryItemType, HistoryData = "" }) => HistoryItemType === "ConfigurationUpdate" && dataOf(HistoryData)["type"] === "Create")?.Timestamp?.getTime() ?? from;
  const updates = history
    .filter(({ HistoryItemType }) => HistoryItemType === "StateUpdate")
    .flatMap(({ Timestamp, HistoryData = "" }) => {
      const change = changeIn(HistoryData);
      return Timestamp === undefined || change === undefined ? [] : [{ at: Timestamp.getTime(), ...change }];
    })
    .sort((a, b) => a.at - b.at);
  const stretches: Stretch[] = [];
  const add = (state: string | undefined, begin: number, end: number) => {
    const stretch = { state: state ?? "", from: Math.max(begin, from, created), to: Math.min(end, to) };
    if (state !== undefined && stretch.to > stretch.from) stretches.push(stretch);
  };
  const [first] = updates;
  if (first === undefined) {
    add(now, from, to);
    return stretches;
  }
  add(first.old, from, first.at);
  updates.forEach(({ at, state }, index) => add(state, at, updates[index + 1]?.at ?? to));
  return stretches;
}

function changeIn(data: string): { old: string | undefined; state: string } | undefined {
  const { oldState, newState } = dataOf(data) as { oldState?: { stateValue?: unknown }; newState?: { stateValue?: unknown } };
  const [old, state] = [oldState?.stateValue, newState?.stateValue];
  return typeof state === "string" ? { old: typeof old === "string" ? old : undefined, state } : undefined;
}

/** The data of a history's item; nothing where they cannot be read. */
function dataOf(text: string): Record<string, unknown> {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
