// What pages of AWS Config read.
import {
  type ConfigRule, ConfigServiceClient, type ConfigRuleEvaluationStatus, type ConfigurationItem, type ConfigurationRecorder,
  type ConfigurationRecorderStatus, type DeliveryChannel, type DeliveryChannelStatus, DescribeComplianceByConfigRuleCommand,
  DescribeComplianceByResourceCommand, DescribeConfigRuleEvaluationStatusCommand, DescribeConfigRulesCommand, DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand, DescribeDeliveryChannelsCommand, DescribeDeliveryChannelStatusCommand,
  DescribeRemediationConfigurationsCommand, DescribeRemediationExceptionsCommand, DescribeRemediationExecutionStatusCommand, DescribeRetentionConfigurationsCommand, type EvaluationResult,
  GetComplianceDetailsByConfigRuleCommand, GetComplianceDetailsByResourceCommand, GetDiscoveredResourceCountsCommand, GetResourceConfigHistoryCommand,
  ListDiscoveredResourcesCommand, ListTagsForResourceCommand, type RemediationConfiguration, type RemediationExecutionStatus, type ResourceType,
} from "@aws-sdk/client-config-service";
import type { Found } from "../../app/service";
import { client } from "../../aws/clients";
import { ifAllowed, isMissing } from "../../aws/errors";
import { every, useRead } from "../../aws/queries";
import { readTags, type Tag } from "../../aws/tags";
import { ruleHref } from "./types";

const config = () => client(ConfigServiceClient);

const RECORDER = ["AWS::Config::ConfigurationRecorder", "config.recorders", "config.delivery_channels", "config.delivery_channel_statuses", "config.retention_configurations"];
export const RECORDER_TYPE: string = "AWS::Config::ConfigurationRecorder";
const RULES = ["AWS::Config::ResourceCompliance", "config.rules", "config.rule_statuses", "config.results", "config.remediation_configurations"];
const RESOURCES = ["config.recorders", "config.resources", "config.items", "config.resource_compliance"];

export interface Setup {
  recorder?: ConfigurationRecorder;
  status?: ConfigurationRecorderStatus;
  channel?: DeliveryChannel;
  delivery?: DeliveryChannelStatus;
  /** Days; undefined is AWS's seven years. */
  retention?: number;
}

export function useSetup() {
  return useRead({ key: ["config", "setup"], follows: RECORDER, read: readSetup });
}

async function readSetup(): Promise<Setup> {
  const [recorders, statuses, channels, deliveries, retentions] = await Promise.all([
    config().send(new DescribeConfigurationRecordersCommand({})),
    ifAllowed(config().send(new DescribeConfigurationRecorderStatusCommand({}))),
    ifAllowed(config().send(new DescribeDeliveryChannelsCommand({}))),
    ifAllowed(config().send(new DescribeDeliveryChannelStatusCommand({}))),
    ifAllowed(config().send(new DescribeRetentionConfigurationsCommand({}))),
  ]);
  return {
    recorder: recorders.ConfigurationRecorders?.[0],
    status: statuses?.ConfigurationRecordersStatus?.[0],
    channel: channels?.DeliveryChannels?.[0],
    delivery: deliveries?.DeliveryChannelsStatus?.[0],
    retention: retentions?.RetentionConfigurations?.[0]?.RetentionPeriodInDays,
  };
}

export interface RuleView {
  name: string;
  rule: ConfigRule;
  /** COMPLIANT, NON_COMPLIANT or INSUFFICIENT_DATA. */
  compliance: string;
  /** How many resources are noncompliant, with a plus sign where AWS stops counting. */
  noncompliant: string;
  remediation?: RemediationConfiguration;
}

export function useRules() {
  return useRead({ key: ["config", "rules"], follows: RULES, read: readRules });
}

async function readRules(): Promise<RuleView[]> {
  const [rules, compliances] = await Promise.all([
    every((NextToken) => config().send(new DescribeConfigRulesCommand({ NextToken })), (answer) => [answer.ConfigRules, answer.NextToken]),
    every((NextToken) => config().send(new DescribeComplianceByConfigRuleCommand({ NextToken })), (answer) => [answer.ComplianceByConfigRules, answer.NextToken]),
  ]);
  const remediations = (await ifAllowed(readRemediations(rules.map((rule) => rule.ConfigRuleName ?? "")))) ?? [];
  return rules.map((rule) => {
    const name = rule.ConfigRuleName ?? "";
    const compliance = compliances.find((own) => own.ConfigRuleName === name)?.Compliance;
    const { CappedCount = 0, CapExceeded = false } = compliance?.ComplianceContributorCount ?? {};
    return {
      name,
      rule,
      compliance: compliance?.ComplianceType ?? "INSUFFICIENT_DATA",
      noncompliant: `${CappedCount}${CapExceeded ? "+" : ""}`,
      remediation: remediations.find((own) => own.ConfigRuleName === name),
    };
  });
}

/** AWS takes 25 names at once. */
async function readRemediations(names: readonly string[]): Promise<RemediationConfiguration[]> {
  const groups: string[][] = [];
  for (let at = 0; at < names.length; at += 25) groups.push(names.slice(at, at + 25));
  const answers = await Promise.all(groups.map((ConfigRuleNames) => config().send(new DescribeRemediationConfigurationsCommand({ ConfigRuleNames }))));
  return answers.flatMap((answer) => answer.RemediationConfigurations ?? []);
}

export interface RuleDetail extends RuleView {
  status?: ConfigRuleEvaluationStatus;
  /** Null where this identity may not see them. */
  tags: Tag[] | null;
}

export function useRule(name: string) {
  return useRead({ key: ["config", "rule", name], follows: RULES, read: () => readRule(name), enabled: name !== "" });
}

async function readRule(name: string): Promise<RuleDetail> {
  const ConfigRuleNames = [name];
  const [rules, compliances, statuses, remediations] = await Promise.all([
    config().send(new DescribeConfigRulesCommand({ ConfigRuleNames })),
    config().send(new DescribeComplianceByConfigRuleCommand({ ConfigRuleNames })),
    ifAllowed(config().send(new DescribeConfigRuleEvaluationStatusCommand({ ConfigRuleNames }))),
    ifAllowed(readRemediations(ConfigRuleNames)),
  ]);
  const rule = rules.ConfigRules?.[0];
  if (rule === undefined) throw new Error(`There is no rule ${name}.`);
  const tags = await ifAllowed(config().send(new ListTagsForResourceCommand({ ResourceArn: rule.ConfigRuleArn })));
  const compliance = compliances.ComplianceByConfigRules?.[0]?.Compliance;
  const { CappedCount = 0, CapExceeded = false } = compliance?.ComplianceContributorCount ?? {};
  return {
    name,
    rule,
    compliance: compliance?.ComplianceType ?? "INSUFFICIENT_DATA",
    noncompliant: `${CappedCount}${CapExceeded ? "+" : ""}`,
    status: statuses?.ConfigRulesEvaluationStatus?.[0],
    remediation: remediations?.[0],
    tags: tags === undefined ? null : readTags(tags.Tags),
  };
}

export interface ScopedResource {
  type: string;
  id: string;
  /** Undefined as long as the rule has no result of it. */
  result?: EvaluationResult;
}

/** The resources that a rule judges: those that it has results of, and those of its types that wait for one. */
export function useScopedResources(rule: ConfigRule | undefined, types: readonly string[]) {
  const name = rule?.ConfigRuleName ?? "";
  return useRead({
    key: ["config", "rule-resources", name, types], follows: [...RULES, ...RESOURCES], enabled: rule !== undefined,
    read: async (): Promise<ScopedResource[]> => {
      const results = await every(
        (NextToken) => config().send(new GetComplianceDetailsByConfigRuleCommand({ ConfigRuleName: name, Limit: 100, NextToken })),
        (answer) => [answer.EvaluationResults, answer.NextToken],
      );
      const judged = results.map((result) => {
        const { ResourceType: type = "", ResourceId: id = "" } = result.EvaluationResultIdentifier?.EvaluationResultQualifier ?? {};
        return { type, id, result };
      });
      const waiting = (await Promise.all(types.map((type) => ifInventory(listResources(type, false))))).flat();
      const known = new Set(judged.map(({ type, id }) => `${type} ${id}`));
      return [...judged, ...waiting.filter(({ type, id }) => !known.has(`${type} ${id}`)).map(({ type, id }) => ({ type, id }))];
    },
  });
}

export function useRemediations(rule: string, enabled: boolean) {
  return useRead({
    key: ["config", "remediations", rule], follows: ["config.remediations"], enabled,
    read: () => every(
      (NextToken) => config().send(new DescribeRemediationExecutionStatusCommand({ ConfigRuleName: rule, NextToken })),
      (answer): [RemediationExecutionStatus[] | undefined, string | undefined] => [answer.RemediationExecutionStatuses, answer.NextToken],
    ),
  });
}

/** Resources that automatic remediation leaves alone. */
export function useExceptions(rule: string, enabled: boolean) {
  return useRead({
    key: ["config", "remediation-exceptions", rule], follows: ["config.remediation_exceptions"], enabled,
    read: () => every(
      (NextToken) => config().send(new DescribeRemediationExceptionsCommand({ ConfigRuleName: rule, NextToken })),
      (answer) => [answer.RemediationExceptions, answer.NextToken],
    ),
  });
}

export interface ResourceView {
  type: string;
  id: string;
  name?: string;
  deleted?: Date;
  /** COMPLIANT or NON_COMPLIANT; undefined where no rule has judged it. */
  compliance?: string;
}

/** Without a recorder there is no inventory. */
async function ifInventory<T>(reading: Promise<T[]>): Promise<T[]> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && error.name === "NoAvailableConfigurationRecorderException") return [];
    throw error;
  }
}

async function listResources(type: string, deleted: boolean): Promise<ResourceView[]> {
  const found = await every(
    (nextToken) => config().send(new ListDiscoveredResourcesCommand({ resourceType: type as ResourceType, includeDeletedResources: deleted, limit: 100, nextToken })),
    (answer) => [answer.resourceIdentifiers, answer.nextToken],
  );
  return found.map(({ resourceId = "", resourceName, resourceDeletionTime }) => ({ type, id: resourceId, name: resourceName, deleted: resourceDeletionTime }));
}

/** Numbers of resources by type, most frequent first. */
export function useCounts() {
  return useRead({
    key: ["config", "counts"], follows: RESOURCES,
    read: () => every(
      (nextToken) => config().send(new GetDiscoveredResourceCountsCommand({ nextToken })),
      (answer) => [answer.resourceCounts, answer.nextToken],
    ),
  });
}

/** The inventory of some types; `types` are what is asked besides those that are there. */
export function useInventory(types: readonly string[], deleted: boolean) {
  return useRead({
    key: ["config", "inventory", types, deleted], follows: RESOURCES,
    read: async (): Promise<ResourceView[]> => {
      const counts = await every(
        (nextToken) => config().send(new GetDiscoveredResourceCountsCommand({ nextToken })),
        (answer) => [answer.resourceCounts, answer.nextToken],
      );
      // The recorder itself is counted, but ListDiscoveredResources does not know its type.
      const there = counts.map((count) => count.resourceType ?? "").filter((type) => type !== RECORDER_TYPE);
      const asked = deleted ? [...new Set([...there, ...types])] : there;
      const [resources, compliance] = await Promise.all([
        Promise.all(asked.map((type) => ifInventory(listResources(type, deleted)))),
        ifAllowed(every(
          (NextToken) => config().send(new DescribeComplianceByResourceCommand({ Limit: 100, NextToken })),
          (answer) => [answer.ComplianceByResources, answer.NextToken],
        )),
      ]);
      const states = new Map(compliance?.map((own) => [`${own.ResourceType} ${own.ResourceId}`, own.Compliance?.ComplianceType]));
      return resources.flat().map((resource) => ({ ...resource, compliance: states.get(`${resource.type} ${resource.id}`) }));
    },
  });
}

/** Items of a resource, the newest first. */
export function useHistory(type: string, id: string) {
  return useRead({
    key: ["config", "history", type, id], follows: RESOURCES, enabled: type !== "" && id !== "", read: () => history(type, id),
  });
}

function history(type: string, id: string): Promise<ConfigurationItem[]> {
  return every(
    (nextToken) => config().send(new GetResourceConfigHistoryCommand({ resourceType: type as ResourceType, resourceId: id, limit: 100, nextToken })),
    (answer) => [answer.configurationItems, answer.nextToken],
  );
}

/** How the compliance of a resource changed, the newest first; nothing where no rule ever judged it. */
export function useComplianceHistory(type: string, id: string) {
  return useRead({
    key: ["config", "compliance-history", type, id], follows: [...RESOURCES, ...RULES],
    read: async () => {
      try {
        return await history("AWS::Config::ResourceCompliance", `${type}/${id}`);
      } catch (error) {
        if (error instanceof Error && error.name === "ResourceNotDiscoveredException") return [];
        throw error;
      }
    },
  });
}

/** What each rule says of a resource. */
export function useVerdicts(type: string, id: string) {
  return useRead({
    key: ["config", "verdicts", type, id], follows: RULES,
    read: () => every(
      (NextToken) => config().send(new GetComplianceDetailsByResourceCommand({ ResourceType: type, ResourceId: id, NextToken })),
      (answer) => [answer.EvaluationResults, answer.NextToken],
    ),
  });
}

export async function found(): Promise<Found[]> {
  try {
    const rules = await every((NextToken) => config().send(new DescribeConfigRulesCommand({ NextToken })), (answer) => [answer.ConfigRules, answer.NextToken]);
    return rules.map(({ ConfigRuleName: name = "" }) => ({ label: name, href: ruleHref(name), kind: "AWS Config rule" }));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

