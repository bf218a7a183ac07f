// What the forms of alarms hold, and what CloudWatch is given of it.
import type { ComparisonOperator, CompositeAlarm, MetricAlarm, PutCompositeAlarmCommandInput, PutMetricAlarmCommandInput, StateValue } from "@aws-sdk/client-cloudwatch";
import { type Tag, writtenTags } from "../../../aws/tags";
import { type Line, queryOf, STATS, toSdk } from "../../../components/metrics/metric";
import { STATES, watchedLine, watchedLines } from "./alarm";

export interface ActionForm {
  key: number;
  trigger: StateValue;
  kind: "sns" | "lambda" | "other";
  arn: string;
}

/** What both kinds of alarms have. */
export interface CommonForm {
  name: string;
  description: string;
  actionsEnabled: boolean;
  actions: readonly ActionForm[];
  tags: readonly Tag[];
}

export interface MetricForm extends CommonForm {
  /** One of them is not hidden: the one that is watched. */
  lines: readonly Line[];
  comparison: ComparisonOperator;
  threshold: string;
  /** N out of M. */
  datapoints: string;
  periods: string;
  missing: string;
  /** What the form does not show and does not change. */
  kept: Pick<PutMetricAlarmCommandInput, "Unit" | "EvaluateLowSampleCountPercentile">;
}

export interface CompositeForm extends CommonForm {
  rule: string;
  /** The alarm whose state suppresses the actions; empty for none. */
  suppressor: string;
  wait: string;
  extension: string;
}

const NOTHING: CommonForm = { name: "", description: "", actionsEnabled: true, actions: [], tags: [] };

export function newMetricForm(lines: readonly Line[]): MetricForm {
  return { ...NOTHING, lines, comparison: "GreaterThanThreshold", threshold: "", datapoints: "1", periods: "1", missing: "missing", kept: {} };
}

export function newCompositeForm(names: readonly string[]): CompositeForm {
  return { ...NOTHING, rule: names.map(inAlarm).join(" OR\n"), suppressor: "", wait: "60", extension: "60" };
}

/** `ALARM("name")` of an alarm rule. */
export function inAlarm(name: string): string {
  return `ALARM("${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}")`;
}

function commonOf(alarm: MetricAlarm | CompositeAlarm): CommonForm {
  const arns = { ALARM: alarm.AlarmActions ?? [], OK: alarm.OKActions ?? [], INSUFFICIENT_DATA: alarm.InsufficientDataActions ?? [] };
  const actions = STATES.flatMap(({ value }) => arns[value].map((arn) => ({ trigger: value, kind: kindOf(arn), arn })));
  return {
    ...NOTHING, name: alarm.AlarmName ?? "", description: alarm.AlarmDescription ?? "", actionsEnabled: alarm.ActionsEnabled !== false, actions: actions.map((action, key) => ({ ...action, key })),
  };
}

function kindOf(arn: string): ActionForm["kind"] {
  const service = arn.split(":")[2];
  return service === "sns" || service === "lambda" ? service : "other";
}

export function metricFormOf(alarm: MetricAlarm): MetricForm {
  const { EvaluationPeriods = 1, DatapointsToAlarm = EvaluationPeriods } = alarm;
  return {
    ...commonOf(alarm), lines: watchedLines(alarm), comparison: alarm.ComparisonOperator ?? "GreaterThanThreshold", threshold: alarm.Threshold === undefined ? "" : String(alarm.Threshold),
    datapoints: String(DatapointsToAlarm), periods: String(EvaluationPeriods), missing: alarm.TreatMissingData ?? "missing",
    kept: {
      ...(alarm.Unit !== undefined && { Unit: alarm.Unit }),
      ...(alarm.EvaluateLowSampleCountPercentile !== undefined && { EvaluateLowSampleCountPercentile: alarm.EvaluateLowSampleCountPercentile }),
    },
  };
}

export function compositeFormOf(alarm: CompositeAlarm): CompositeForm {
  return {
    ...commonOf(alarm), rule: alarm.AlarmRule ?? "", suppressor: alarm.ActionsSuppressor ?? "",
    wait: String(alarm.ActionsSuppressorWaitPeriod ?? 60), extension: String(alarm.ActionsSuppressorExtensionPeriod ?? 60),
  };
}

function commonInput({ name, description, actionsEnabled, actions, tags }: CommonForm) {
  const of = (state: StateValue) => [...new Set(actions.filter(({ trigger, arn }) => trigger === state && arn !== "").map(({ arn }) => arn))];
  return {
    AlarmName: name, AlarmDescription: description, ActionsEnabled: actionsEnabled, AlarmActions: of("ALARM"), OKActions: of("OK"), InsufficientDataActions: of("INSUFFICIENT_DATA"),
    ...(tags.length > 0 && { Tags: writtenTags(tags) }),
  };
}

export function metricInput(form: MetricForm): PutMetricAlarmCommandInput {
  const { comparison, threshold, datapoints, periods, missing, kept } = form;
  return {
    ...commonInput(form), ...kept, ...watched(form.lines), ComparisonOperator: comparison, Threshold: Number(threshold), EvaluationPeriods: Number(periods), DatapointsToAlarm: Number(datapoints),
    TreatMissingData: missing,
  };
}

function watched(lines: readonly Line[]): Partial<PutMetricAlarmCommandInput> {
  const [line] = lines;
  if (lines.length !== 1 || line?.metric === undefined) return { Metrics: lines.map(queryOf) };
  const { Namespace, MetricName, Dimensions } = toSdk(line.metric);
  // Percentiles and the like have a member of their own.
  const simple = STATS.some(({ value }) => value === line.stat) && !/^p\d/.test(line.stat);
  return { Namespace, MetricName, Dimensions, Period: line.period, ...(simple ? { Statistic: line.stat as "Average" } : { ExtendedStatistic: line.stat }) };
}

export function compositeInput(form: CompositeForm): PutCompositeAlarmCommandInput {
  const { rule, suppressor, wait, extension } = form;
  return {
    ...commonInput(form), AlarmRule: rule,
    ...(suppressor !== "" && { ActionsSuppressor: suppressor, ActionsSuppressorWaitPeriod: Number(wait), ActionsSuppressorExtensionPeriod: Number(extension) }),
  };
}

/** What stands against going on from "Specify metric and conditions". */
export function conditionsProblem({ lines, threshold, datapoints, periods }: MetricForm): string | undefined {
  if (watchedLine(lines) === undefined) return "Select a metric.";
  if (threshold.trim() === "" || Number.isNaN(Number(threshold))) return "Define the threshold: it is a number.";
  if (!isCount(datapoints) || !isCount(periods) || Number(datapoints) > Number(periods)) return "Datapoints to alarm: as many out of as many or more, both at least 1.";
  return undefined;
}

function isCount(text: string): boolean {
  return /^[1-9]\d*$/.test(text.trim());
}

export function actionsProblem({ actions }: CommonForm): string | undefined {
  return actions.some(({ arn }) => arn === "") ? "An action has nothing chosen yet: choose it, or remove the action." : undefined;
}

export function nameProblem({ name }: CommonForm): string | undefined {
  return name.trim() === "" ? "Give the alarm a name." : undefined;
}
