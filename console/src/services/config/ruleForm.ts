// A rule as the console's form has it, and as the API has it.
import type { ConfigRule, MaximumExecutionFrequency } from "@aws-sdk/client-config-service";
import { type BuiltRule, builtRule, startingValue } from "./coverage";
import { described } from "./setUp";

export interface RuleForm {
  /** The managed rule; undefined is a function of one's own. */
  managed?: BuiltRule;
  function: string;
  name: string;
  description: string;
  changes: boolean;
  periodic: boolean;
  frequency: string;
  scope: "all" | "resources" | "tags";
  types: readonly string[];
  resourceId: string;
  tagKey: string;
  tagValue: string;
  parameters: readonly { key: string; value: string }[];
}

export function newCustomRule(): RuleForm {
  return {
    function: "", name: "", description: "", changes: true, periodic: false, frequency: "TwentyFour_Hours",
    scope: "all", types: [], resourceId: "", tagKey: "", tagValue: "", parameters: [],
  };
}

export function newManagedRule(managed: BuiltRule): RuleForm {
  return {
    ...newCustomRule(),
    managed,
    name: managed.name,
    description: managed.meaning === undefined ? "" : described(managed.meaning),
    changes: managed.built.changes,
    periodic: managed.built.periodic,
    scope: managed.built.changes ? "resources" : "all",
    types: managed.built.changes ? managed.built.types : [],
    parameters: managed.built.parameters.map((parameter) => ({ key: parameter.name, value: startingValue(managed, parameter) })),
  };
}

export function formOf(rule: ConfigRule): RuleForm {
  const managed = rule.Source?.Owner === "AWS" ? builtRule(rule.Source.SourceIdentifier) : undefined;
  const start = managed === undefined ? newCustomRule() : newManagedRule(managed);
  const given = parametersOf(rule);
  const details = rule.Source?.SourceDetails ?? [];
  const scope = rule.Scope ?? {};
  return {
    ...start,
    function: managed === undefined ? rule.Source?.SourceIdentifier ?? "" : "",
    name: rule.ConfigRuleName ?? "",
    description: rule.Description ?? "",
    changes: managed?.built.changes ?? details.some(({ MessageType }) => MessageType === "ConfigurationItemChangeNotification"),
    periodic: managed?.built.periodic ?? details.some(({ MessageType }) => MessageType === "ScheduledNotification"),
    frequency: rule.MaximumExecutionFrequency ?? details.find((detail) => detail.MaximumExecutionFrequency !== undefined)?.MaximumExecutionFrequency ?? "TwentyFour_Hours",
    scope: scope.TagKey !== undefined ? "tags" : (scope.ComplianceResourceTypes ?? []).length > 0 ? "resources" : "all",
    types: scope.ComplianceResourceTypes ?? [],
    resourceId: scope.ComplianceResourceId ?? "",
    tagKey: scope.TagKey ?? "",
    tagValue: scope.TagValue ?? "",
    parameters: managed === undefined
      ? Object.entries(given).map(([key, value]) => ({ key, value }))
      : managed.built.parameters.map(({ name }) => ({ key: name, value: given[name] ?? "" })),
  };
}

export function parametersOf(rule: ConfigRule): Record<string, string> {
  if (rule.InputParameters === undefined || rule.InputParameters === "") return {};
  const parsed = JSON.parse(rule.InputParameters) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]));
}

/** What keeps it from being sent. The server says the rest. */
export function ruleProblem(form: RuleForm): string | undefined {
  if (form.name.trim() === "") return "Give the rule a name.";
  if (form.managed === undefined && form.function.trim() === "") return "Name the function that judges.";
  if (!form.changes && !form.periodic) return "Choose when the rule judges.";
  if (form.changes && form.scope === "resources" && form.types.length === 0) return "Choose the types of resources that the rule judges.";
  if (form.changes && form.scope === "tags" && form.tagKey === "") return "Name the tag of the resources that the rule judges.";
  const keys = form.parameters.map(({ key }) => key).filter((key) => key !== "");
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) return `There are two parameters ${twice}.`;
  const missing = form.managed?.built.parameters.find(({ name, required }) => required && (form.parameters.find(({ key }) => key === name)?.value ?? "") === "");
  return missing === undefined ? undefined : `The parameter ${missing.name} is required.`;
}

export function configRuleOf(form: RuleForm): ConfigRule {
  const frequency = form.frequency as MaximumExecutionFrequency;
  const parameters = form.parameters.filter(({ key, value }) => key !== "" && (form.managed === undefined || value !== ""));
  return {
    ConfigRuleName: form.name.trim(),
    Description: form.description,
    ...(form.changes && { Scope: scopeOf(form) }),
    ...(parameters.length > 0 && { InputParameters: JSON.stringify(Object.fromEntries(parameters.map(({ key, value }) => [key, value]))) }),
    ...(form.managed === undefined
      ? {
        Source: {
          Owner: "CUSTOM_LAMBDA" as const,
          SourceIdentifier: form.function.trim(),
          SourceDetails: [
            ...(form.changes ? (["ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification"] as const)
              .map((MessageType) => ({ EventSource: "aws.config" as const, MessageType })) : []),
            ...(form.periodic ? [{ EventSource: "aws.config" as const, MessageType: "ScheduledNotification" as const, MaximumExecutionFrequency: frequency }] : []),
          ],
        },
      }
      : {
        Source: { Owner: "AWS" as const, SourceIdentifier: form.managed.identifier },
        ...(form.periodic && { MaximumExecutionFrequency: frequency }),
      }),
  };
}

function scopeOf(form: RuleForm): ConfigRule["Scope"] {
  if (form.scope === "resources") {
    return { ComplianceResourceTypes: [...form.types], ...(form.resourceId !== "" && { ComplianceResourceId: form.resourceId }) };
  }
  if (form.scope === "tags") return { TagKey: form.tagKey, ...(form.tagValue !== "" && { TagValue: form.tagValue }) };
  return undefined;
}
