// A rule with its targets as the console's form has it, and what has to be done for it.
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand, RemoveTargetsCommand, type Target } from "@aws-sdk/client-eventbridge";
import { client } from "../../aws/clients";
import { type Tag, writtenTags } from "../../aws/tags";
import { letIn } from "./letIn";
import type { RuleDetail } from "./read";

export interface TargetForm {
  id: string;
  kind: "lambda" | "sqs" | "sns" | "logs" | "events";
  arn: string;
  role: string;
  /** What is sent: the event, a part of it, a text, or a template. */
  input: "event" | "part" | "constant" | "transformer";
  path: string;
  constant: string;
  paths: string;
  template: string;
  group: string;
  attempts: string;
  /** Seconds. */
  age: string;
  queue: string;
  /** Add to the target's own policy that the rule may use it. */
  letIn: boolean;
}

export interface RuleForm {
  name: string;
  description: string;
  bus: string;
  enabled: boolean;
  kind: "pattern" | "schedule";
  pattern: string;
  schedule: string;
  targets: readonly TargetForm[];
  tags: readonly Tag[];
}

export const KINDS: readonly { value: TargetForm["kind"]; label: string }[] = [
  { value: "lambda", label: "Lambda function" },
  { value: "sns", label: "SNS topic" },
  { value: "sqs", label: "SQS queue" },
  { value: "logs", label: "CloudWatch log group" },
  { value: "events", label: "Event bus" },
];

export function newTarget(number: number): TargetForm {
  return {
    id: `Target${number}`, kind: "lambda", arn: "", role: "", input: "event", path: "$.detail", constant: "{}", paths: "{\n  \"source\": \"$.source\"\n}", template: "\"An event of <source>\"",
    group: "", attempts: "185", age: "86400", queue: "", letIn: true,
  };
}

export function newRule(bus: string): RuleForm {
  return { name: "", description: "", bus, enabled: true, kind: "pattern", pattern: "", schedule: "rate(5 minutes)", targets: [newTarget(1)], tags: [] };
}

export function formOf({ rule, targets }: RuleDetail, bus: string): RuleForm {
  return {
    ...newRule(bus),
    name: rule.Name ?? "", description: rule.Description ?? "", enabled: rule.State !== "DISABLED",
    kind: rule.EventPattern === undefined ? "schedule" : "pattern",
    pattern: rule.EventPattern ?? "", schedule: rule.ScheduleExpression ?? "rate(5 minutes)",
    targets: targets.map(targetOf),
  };
}

function targetOf(target: Target): TargetForm {
  const start = newTarget(1);
  const service = (target.Arn ?? "").split(":")[2] ?? "lambda";
  const transformer = target.InputTransformer;
  return {
    ...start,
    id: target.Id ?? "", kind: KINDS.find(({ value }) => value === service)?.value ?? "lambda", arn: (target.Arn ?? "").replace(/:\*$/, ""), role: target.RoleArn ?? "",
    input: transformer !== undefined ? "transformer" : target.Input !== undefined ? "constant" : target.InputPath !== undefined ? "part" : "event",
    path: target.InputPath ?? start.path, constant: target.Input ?? start.constant,
    ...(transformer !== undefined && { paths: JSON.stringify(transformer.InputPathsMap ?? {}, null, 2), template: transformer.InputTemplate ?? "" }),
    group: target.SqsParameters?.MessageGroupId ?? "", queue: target.DeadLetterConfig?.Arn ?? "",
    attempts: String(target.RetryPolicy?.MaximumRetryAttempts ?? start.attempts), age: String(target.RetryPolicy?.MaximumEventAgeInSeconds ?? start.age),
    letIn: false,
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function detailProblem(form: RuleForm): string | undefined {
  return form.name.trim() === "" ? "Give the rule a name." : undefined;
}

export function triggerProblem(form: RuleForm): string | undefined {
  if (form.kind === "schedule") return form.schedule.trim() === "" ? "Give the rule a schedule." : undefined;
  if (form.pattern.trim() === "") return "Give the rule an event pattern.";
  return isJson(form.pattern) ? undefined : "The event pattern is not valid JSON.";
}

export function targetsProblem(form: RuleForm): string | undefined {
  for (const target of form.targets) {
    if (target.arn === "") return `Choose what the target ${target.id} is.`;
    if (target.input === "constant" && !isJson(target.constant)) return `The constant of the target ${target.id} is not valid JSON.`;
    if (target.input === "transformer" && !isJson(target.paths)) return `The input path of the target ${target.id} is not valid JSON.`;
  }
  return undefined;
}

function asTarget(form: TargetForm): Target {
  return {
    Id: form.id,
    Arn: form.kind === "logs" ? `${form.arn}:*` : form.arn,
    ...(form.role !== "" && form.kind !== "logs" && { RoleArn: form.role }),
    ...(form.kind !== "events" && form.input === "part" && { InputPath: form.path }),
    ...(form.kind !== "events" && form.input === "constant" && { Input: form.constant }),
    ...(form.kind !== "events" && form.input === "transformer" && { InputTransformer: { InputPathsMap: JSON.parse(form.paths) as Record<string, string>, InputTemplate: form.template } }),
    ...(form.kind === "sqs" && form.group !== "" && { SqsParameters: { MessageGroupId: form.group } }),
    ...(form.queue !== "" && { DeadLetterConfig: { Arn: form.queue } }),
    RetryPolicy: { MaximumRetryAttempts: Number(form.attempts), MaximumEventAgeInSeconds: Number(form.age) },
  };
}

/** Puts the rule and its targets, lets the rule use them, and takes those away that are no more wanted. */
export async function putRule(form: RuleForm, known: RuleDetail | undefined): Promise<void> {
  const events = client(EventBridgeClient);
  const place = { EventBusName: form.bus };
  const { RuleArn = "" } = await events.send(new PutRuleCommand({
    ...place, Name: form.name.trim(), Description: form.description, State: form.enabled ? "ENABLED" : "DISABLED",
    ...(form.kind === "pattern" ? { EventPattern: form.pattern } : { ScheduleExpression: form.schedule.trim() }),
    ...(known === undefined && form.tags.length > 0 && { Tags: writtenTags(form.tags) }),
  }));
  for (const target of form.targets) if (target.letIn) await letIn(target, RuleArn);
  if (form.targets.length > 0) {
    const { FailedEntries = [] } = await events.send(new PutTargetsCommand({ ...place, Rule: form.name, Targets: form.targets.map(asTarget) }));
    const failed = FailedEntries.map(({ TargetId, ErrorMessage }) => `${TargetId}: ${ErrorMessage}`).join(" ");
    if (failed !== "") throw new Error(failed);
  }
  const gone = (known?.targets ?? []).map(({ Id = "" }) => Id).filter((id) => !form.targets.some((target) => target.id === id));
  if (gone.length > 0) await events.send(new RemoveTargetsCommand({ ...place, Rule: form.name, Ids: gone }));
}
