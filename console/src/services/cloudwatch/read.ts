// What pages of CloudWatch Logs read.
import {
  CloudWatchLogsClient, DescribeLogGroupsCommand, DescribeLogStreamsCommand, type FilteredLogEvent, FilterLogEventsCommand, type LogGroup, type LogStream, type OutputLogEvent, GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { client } from "../../aws/clients";
import { every, useRead } from "../../aws/queries";
import type { Found } from "../../app/service";
import { groupPage } from "./service";

export const EVENTS = ["logs.events"];
const GROUPS = ["AWS::Logs::LogGroup", "logs.groups", "logs.streams", "logs.metric_filters"];
/** More events than these are not shown at once; a filter or a time range finds the others. */
export const MOST_EVENTS = 1_000;

export function useGroups() {
  return useRead({ key: ["logs", "groups"], follows: GROUPS, read: groups });
}

function groups(): Promise<LogGroup[]> {
  return every(
    (nextToken) => client(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({ nextToken })),
    (answer) => [answer.logGroups, answer.nextToken],
  );
}

export function useGroup(name: string) {
  return useRead({
    key: ["logs", "group", name],
    follows: GROUPS,
    read: async () => {
      const answer = await client(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
      const group = answer.logGroups?.find(({ logGroupName }) => logGroupName === name);
      if (group === undefined) {
        const missing = new Error("The specified log group does not exist.");
        missing.name = "ResourceNotFoundException";
        throw missing;
      }
      return group;
    },
  });
}

export function useStreams(group: string) {
  return useRead({
    key: ["logs", "streams", group],
    follows: [...GROUPS, ...EVENTS],
    read: () =>
      every<{ logStreams?: LogStream[]; nextToken?: string }, LogStream>(
        (nextToken) =>
          client(CloudWatchLogsClient).send(
            new DescribeLogStreamsCommand({ logGroupName: group, orderBy: "LastEventTime", descending: true, nextToken }),
          ),
        (answer) => [answer.logStreams, answer.nextToken],
      ),
  });
}

export interface EventQuery {
  group: string;
  pattern: string;
  /** Milliseconds since 1970; undefined is the beginning. */
  from: number | undefined;
  streams?: readonly string[];
}

/** Events of all streams that match a pattern, oldest first. */
export function useEvents(query: EventQuery) {
  return useRead({
    key: ["logs", "events", query.group, query.pattern, query.from, query.streams],
    follows: EVENTS,
    enabled: query.group !== "",
    read: () => events(query),
  });
}

function events({ group, pattern, from, streams }: EventQuery): Promise<FilteredLogEvent[]> {
  return every<{ events?: FilteredLogEvent[]; nextToken?: string }, FilteredLogEvent>(
    (nextToken) =>
      client(CloudWatchLogsClient).send(
        new FilterLogEventsCommand({
          logGroupName: group,
          nextToken,
          ...(pattern !== "" && { filterPattern: pattern }),
          ...(from !== undefined && { startTime: from }),
          ...(streams !== undefined && { logStreamNames: [...streams] }),
        }),
      ),
    (answer) => [answer.events, answer.nextToken],
    MOST_EVENTS,
  );
}

/** The newest events of one stream, in order. */
export function useStreamEvents(group: string, stream: string) {
  return useRead({
    key: ["logs", "stream", group, stream],
    follows: EVENTS,
    read: async (): Promise<OutputLogEvent[]> => {
      const answer = await client(CloudWatchLogsClient).send(
        new GetLogEventsCommand({ logGroupName: group, logStreamName: stream, limit: MOST_EVENTS }),
      );
      return answer.events ?? [];
    },
  });
}

export async function foundGroups(): Promise<Found[]> {
  return (await groups()).map(({ logGroupName = "" }) => ({ label: logGroupName, href: groupPage(logGroupName), kind: "Log group" }));
}
