// What no API tells: which types are recorded here and which of AWS's managed rules are built (data/coverage.json, written by `cargo xtask coverage` from
// the server's registrations), and in our words what the rules check, with the values that AWS's console fills in (data/described-rules.json, kept by hand).
import coverageText from "./data/coverage.json?raw";
import describedText from "./data/described-rules.json?raw";

export interface RuleParameter {
  name: string;
  type: string;
  required: boolean;
  default?: string;
  oneOf?: readonly string[];
}

export interface ManagedRule {
  identifier: string;
  /** What a rule of it is called where nothing else is said: `s3-bucket-logging-enabled`. */
  name: string;
  service: string;
  /** Controls of NIST SP 800-53 Rev. 5. */
  controls: readonly string[];
  /** Left out where this cloud has it not. */
  built?: { types: readonly string[]; changes: boolean; periodic: boolean; parameters: readonly RuleParameter[] };
  meaning?: string;
  /** Values of parameters that the console fills in. */
  defaults: Readonly<Record<string, string>>;
  /** Runbooks that repair what it finds. */
  runbooks: readonly string[];
}

export type BuiltRule = ManagedRule & Required<Pick<ManagedRule, "built">>;

interface Described {
  meaning?: string;
  defaults?: Record<string, string>;
  runbooks?: string[];
}

const coverage = JSON.parse(coverageText) as { resourceTypes: string[]; rules: Omit<ManagedRule, "meaning" | "defaults" | "runbooks">[] };
const described = JSON.parse(describedText) as Record<string, Described>;

/** The types of resources that this cloud has and AWS Config records. */
export const RECORDED_TYPES: readonly string[] = coverage.resourceTypes.filter(
  (type) => type !== "AWS::Config::ConfigurationRecorder" && type !== "AWS::Config::ResourceCompliance",
);

/** What can be recorded: also how the compliance of resources changes. */
export const RECORDABLE_TYPES: readonly string[] = [...RECORDED_TYPES, "AWS::Config::ResourceCompliance"].sort();

/** All of AWS's managed rules, built or not. */
export const MANAGED_RULES: readonly ManagedRule[] = coverage.rules.map((rule) => {
  const { meaning, defaults = {}, runbooks = [] } = described[rule.identifier] ?? {};
  return { ...rule, ...(meaning !== undefined && { meaning }), defaults, runbooks };
});

export const BUILT_RULES: readonly BuiltRule[] = MANAGED_RULES.filter((rule): rule is BuiltRule => rule.built !== undefined)
  .sort((a, b) => a.name.localeCompare(b.name));

export function managedRule(identifier: string | undefined): ManagedRule | undefined {
  return MANAGED_RULES.find((rule) => rule.identifier === identifier);
}

export function builtRule(identifier: string | null | undefined): BuiltRule | undefined {
  return BUILT_RULES.find((rule) => rule.identifier === identifier);
}

/** The value that a parameter begins with in a form. */
export function startingValue(rule: ManagedRule, parameter: RuleParameter): string {
  return parameter.default ?? rule.defaults[parameter.name] ?? "";
}

/** It can be added without anybody saying more. */
export function needsNothing(rule: BuiltRule): boolean {
  return rule.built.parameters.every((parameter) => !parameter.required || startingValue(rule, parameter) !== "");
}
