// What pages of a log group's filters read.
import { CloudWatchLogsClient, DescribeMetricFiltersCommand, DescribeSubscriptionFiltersCommand } from "@aws-sdk/client-cloudwatch-logs";
import { client } from "../../../aws/clients";
import { every, useRead } from "../../../aws/queries";
import { groupPage } from "../service";

export function useMetricFilters(group: string) {
  return useRead({
    key: ["logs", "metric-filters", group],
    follows: ["AWS::Logs::MetricFilter", "logs.metric_filters"],
    read: () => every((nextToken) => client(CloudWatchLogsClient).send(new DescribeMetricFiltersCommand({ logGroupName: group, nextToken })), (answer) => [answer.metricFilters, answer.nextToken]),
  });
}

export function useSubscriptionFilters(group: string) {
  return useRead({
    key: ["logs", "subscription-filters", group],
    follows: ["AWS::Logs::SubscriptionFilter", "logs.subscription_filters"],
    read: () => every((nextToken) => client(CloudWatchLogsClient).send(new DescribeSubscriptionFiltersCommand({ logGroupName: group, nextToken })), (answer) => [answer.subscriptionFilters, answer.nextToken]),
  });
}

/** A log group's page with the tab of its filters open. */
export function filtersPage(group: string, tab: "metric-filters" | "subscription-filters"): string {
  return `${groupPage(group)}?tab=${tab}`;
}

export function crumbsOf(group: string, last: { text: string; href: string }) {
  return [{ text: "CloudWatch", href: "/cloudwatch" }, { text: "Log groups", href: "/cloudwatch/log-groups" }, { text: group, href: groupPage(group) }, last];
}
