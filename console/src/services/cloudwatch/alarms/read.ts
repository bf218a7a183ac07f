// What pages of alarms read, and how they save.
import {
  type AlarmHistoryItem, CloudWatchClient, type CompositeAlarm, DescribeAlarmHistoryCommand, DescribeAlarmsCommand, type DescribeAlarmsCommandInput, ListTagsForResourceCommand, type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { client } from "../../../aws/clients";
import { useRead, every } from "../../../aws/queries";
import { readTags } from "../../../aws/tags";
import type { Crumb } from "../../../app/breadcrumbs";
import type { Found } from "../../../app/service";
import { alarmPage } from "../../../components/metrics/pages";
import { type AlarmView, viewOf } from "./alarm";

export const FOLLOWS = ["AWS::CloudWatch::*", "cloudwatch.metric_alarms", "cloudwatch.composite_alarms", "cloudwatch.alarm_*"];

export function useAlarms(enabled = true) {
  return useRead({ key: ["cloudwatch", "alarms"], follows: FOLLOWS, enabled, read: () => alarms() });
}

/** One alarm of either kind; one that is not there is an error, as it is not of DescribeAlarms. */
export function useAlarm(name: string) {
  return useRead({
    key: ["cloudwatch", "alarm", name],
    follows: FOLLOWS,
    read: async () => {
      const alarm = await alarmNamed(name);
      if (alarm !== undefined) return alarm;
      const missing = new Error(`There is no alarm ${name}.`);
      missing.name = "ResourceNotFound";
      throw missing;
    },
  });
}

/** Composite alarms whose rules name this alarm. */
export function useParents(name: string) {
  return useRead({ key: ["cloudwatch", "parents", name], follows: FOLLOWS, read: () => alarms({ ParentsOfAlarmName: name }) });
}

/** Alarms that a composite alarm's rule names. */
export function useChildren(name: string) {
  return useRead({ key: ["cloudwatch", "children", name], follows: FOLLOWS, read: () => alarms({ ChildrenOfAlarmName: name }) });
}

const MOST_HISTORY = 1_000;

/** Newest first. */
export function useHistory(name: string) {
  return useRead({
    key: ["cloudwatch", "history", name],
    follows: FOLLOWS,
    read: () => every<{ AlarmHistoryItems?: AlarmHistoryItem[]; NextToken?: string }, AlarmHistoryItem>(
      (NextToken) => client(CloudWatchClient).send(new DescribeAlarmHistoryCommand({ NextToken, AlarmName: name, AlarmTypes: ["MetricAlarm", "CompositeAlarm"], ScanBy: "TimestampDescending" })),
      (answer) => [answer.AlarmHistoryItems, answer.NextToken],
      MOST_HISTORY,
    ),
  });
}

export function useAlarmTags(arn: string) {
  return useRead({
    key: ["cloudwatch", "tags", arn],
    follows: FOLLOWS,
    read: async () => readTags((await client(CloudWatchClient).send(new ListTagsForResourceCommand({ ResourceARN: arn }))).Tags),
  });
}

async function alarms(of: Partial<DescribeAlarmsCommandInput> = {}): Promise<AlarmView[]> {
  return every<{ MetricAlarms?: MetricAlarm[]; CompositeAlarms?: CompositeAlarm[]; NextToken?: string }, AlarmView>(
    // Those of a parent or child are named with nothing else beside.
    (NextToken) => client(CloudWatchClient).send(new DescribeAlarmsCommand({ ...(Object.keys(of).length === 0 && { AlarmTypes: ["MetricAlarm", "CompositeAlarm"], MaxRecords: 100 }), ...of, NextToken })),
    ({ MetricAlarms = [], CompositeAlarms = [], NextToken }) => [[...MetricAlarms.map((metric) => viewOf({ metric })), ...CompositeAlarms.map((composite) => viewOf({ composite }))], NextToken],
  );
}

export async function alarmNamed(name: string): Promise<AlarmView | undefined> {
  return (await alarms({ AlarmNames: [name], AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }))[0];
}

export function crumbsOf(...more: readonly Crumb[]): Crumb[] {
  return [{ text: "CloudWatch", href: "/cloudwatch" }, { text: "Alarms", href: "/cloudwatch/alarms" }, ...more];
}

export async function foundAlarms(): Promise<Found[]> {
  return (await alarms()).map(({ name }) => ({ label: name, href: alarmPage(name), kind: "CloudWatch alarm" }));
}
