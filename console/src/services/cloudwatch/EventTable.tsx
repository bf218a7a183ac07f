import type { FilteredLogEvent, OutputLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import Box from "@cloudscape-design/components/box";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { whenExactly } from "../../components/time";
import { groupPage } from "./service";

type LogEvent = FilteredLogEvent & OutputLogEvent;

/** Log events, with their streams where they come from several. */
export function EventTable({ title, events, loading, error, group, streams = false, empty }: {
  title: string;
  events: readonly LogEvent[] | undefined;
  loading: boolean;
  error: unknown;
  group: string;
  streams?: boolean;
  empty: string;
}) {
  const numbered = events?.map((event, number) => ({ event, number }));
  return (
    <ResourceTable
      title={title} items={numbered} loading={loading} error={error} empty={empty} perPage={100}
      id={({ event, number }) => event.eventId ?? String(number)}
      columns={[
        { id: "time", header: "Timestamp", width: 210, cell: ({ event }) => whenExactly(event.timestamp), value: ({ event, number }) => (event.timestamp ?? 0) * 1_000 + (number % 1_000) },
        { id: "message", header: "Message", cell: ({ event }) => <Box variant="pre">{event.message?.trimEnd()}</Box>, value: ({ event }) => event.message },
        ...(streams
          ? [{
              id: "stream", header: "Log stream", width: 260,
              cell: ({ event }: { event: LogEvent }) => (
                <PageLink href={`${groupPage(group)}/streams/${encodeURIComponent(event.logStreamName ?? "")}`}>{event.logStreamName}</PageLink>
              ),
              value: ({ event }: { event: LogEvent }) => event.logStreamName,
            }]
          : []),
      ]}
    />
  );
}
