// What pages of EventBridge read.
import {
  DescribeEventBusCommand, type DescribeEventBusCommandOutput, DescribeRuleCommand, type DescribeRuleCommandOutput, EventBridgeClient, type EventBus, ListEventBusesCommand, ListRulesCommand,
  ListTagsForResourceCommand, ListTargetsByRuleCommand, type Rule, type Target,
} from "@aws-sdk/client-eventbridge";
import type { Found } from "../../app/service";
import { client } from "../../aws/clients";
import { ifAllowed } from "../../aws/errors";
import { every, useRead } from "../../aws/queries";
import { readTags, type Tag } from "../../aws/tags";

const events = () => client(EventBridgeClient);
const BUSES = ["AWS::Events::EventBus", "events.buses"];
const RULES = ["AWS::Events::Rule", "events.rules"];

export function useBuses() {
  return useRead({ key: ["events", "buses"], follows: BUSES, read: buses });
}

function buses(): Promise<EventBus[]> {
  return every((NextToken) => events().send(new ListEventBusesCommand({ NextToken })), (answer) => [answer.EventBuses, answer.NextToken]);
}

/** Null where this identity may not see them. */
async function tagsOf(ResourceARN: string | undefined): Promise<Tag[] | null> {
  const answer = await ifAllowed(events().send(new ListTagsForResourceCommand({ ResourceARN })));
  return answer === undefined ? null : readTags(answer.Tags);
}

export interface BusDetail {
  bus: DescribeEventBusCommandOutput;
  tags: Tag[] | null;
}

export function useBus(name: string) {
  return useRead({
    key: ["events", "bus", name], follows: BUSES,
    read: async (): Promise<BusDetail> => {
      const bus = await events().send(new DescribeEventBusCommand({ Name: name }));
      return { bus, tags: await tagsOf(bus.Arn) };
    },
  });
}

export function useRules(bus: string) {
  return useRead({ key: ["events", "rules", bus], follows: RULES, read: () => rules(bus) });
}

function rules(EventBusName: string): Promise<Rule[]> {
  return every((NextToken) => events().send(new ListRulesCommand({ EventBusName, NextToken })), (answer) => [answer.Rules, answer.NextToken]);
}

export interface RuleDetail {
  rule: DescribeRuleCommandOutput;
  targets: Target[];
  tags: Tag[] | null;
}

export function useRule(bus: string, name: string) {
  return useRead({
    key: ["events", "rule", bus, name], follows: RULES, enabled: name !== "",
    read: async (): Promise<RuleDetail> => {
      const [rule, targets] = await Promise.all([
        events().send(new DescribeRuleCommand({ Name: name, EventBusName: bus })),
        every((NextToken) => events().send(new ListTargetsByRuleCommand({ Rule: name, EventBusName: bus, NextToken })), (answer) => [answer.Targets, answer.NextToken]),
      ]);
      return { rule, targets, tags: await tagsOf(rule.Arn) };
    },
  });
}

export function busHref(bus: string | undefined): string {
  return `/events/buses/${encodeURIComponent(bus ?? "default")}`;
}

export function ruleHref(bus: string | undefined, rule: string | undefined): string {
  return `${busHref(bus)}/rules/${encodeURIComponent(rule ?? "")}`;
}

export async function found(): Promise<Found[]> {
  const all = await buses();
  const own = await Promise.all(all.map(async ({ Name = "" }) => (await rules(Name)).map((rule) => ({ label: rule.Name ?? "", href: ruleHref(Name, rule.Name), kind: "EventBridge rule" }))));
  return [...all.map(({ Name = "" }) => ({ label: Name, href: busHref(Name), kind: "Event bus" })), ...own.flat()];
}
