import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useNavigate } from "react-router";
import { isMissing } from "../../aws/errors";
import { Monitor, type Monitored } from "../../components/metrics/Monitor";
import { ResourceTable } from "../../components/ResourceTable";
import { whenExactly } from "../../components/time";
import { EventTable } from "../cloudwatch/EventTable";
import { useEvents } from "../cloudwatch/read";
import { groupPage } from "../cloudwatch/service";

interface Run {
  request: string;
  time: number | undefined;
  stream: string | undefined;
  duration: string;
  billed: string;
  memory: string;
}

const REPORT = /^REPORT RequestId: (\S+)\s+Duration: ([\d.]+ ms)\s+Billed Duration: (\d+ ms).*Max Memory Used: (\d+ MB)/;

const GRAPHS: Monitored["graphs"] = [
  { title: "Invocations", lines: [["Invocations", "Sum"]] },
  { title: "Duration", lines: [["Duration", "Minimum", "Duration minimum"], ["Duration", "Average", "Duration average"], ["Duration", "Maximum", "Duration maximum"]] },
  { title: "Error count", lines: [["Errors", "Sum"]] },
  { title: "Throttles", lines: [["Throttles", "Sum"]] },
  { title: "Total concurrent executions", lines: [["ConcurrentExecutions", "Maximum"]] },
  { title: "Async events received", lines: [["AsyncEventsReceived", "Sum"]] },
  { title: "Async event age", lines: [["AsyncEventAge", "Average"]] },
  { title: "Async events dropped", lines: [["AsyncEventsDropped", "Sum"]] },
  { title: "Async delivery failures", lines: [["DeadLetterErrors", "Sum", "Dead letter errors"], ["DestinationDeliveryFailures", "Sum", "Destination delivery failures"]] },
];

/** Metrics; invocations, as their REPORT lines tell of them, and the log. */
export function MonitorTab({ configuration }: { configuration: FunctionConfiguration }) {
  const navigate = useNavigate();
  const group = configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${configuration.FunctionName}`;
  const events = useEvents({ group, pattern: "", from: undefined });
  const silent = events.error !== null && isMissing(events.error);
  const runs = (events.data ?? []).flatMap(({ message = "", timestamp, logStreamName }): Run[] => {
    const [, request = "", duration = "", billed = "", memory = ""] = REPORT.exec(message) ?? [];
    return request === "" ? [] : [{ request, time: timestamp, stream: logStreamName, duration, billed, memory }];
  });
  return (
    <SpaceBetween size="l">
      <Monitor
        namespace="AWS/Lambda" dimensions={[{ name: "FunctionName", value: configuration.FunctionName ?? "" }]} graphs={GRAPHS}
        none="There are no metrics of this function yet: they are written as it runs."
      />
      <Container header={<Header variant="h2" actions={<Button onClick={() => void navigate(groupPage(group))}>View CloudWatch logs</Button>}>Logs</Header>}>
        {silent ? <Box>The log group {group} does not exist yet: the function makes it when it first runs.</Box> : <Box>Log group {group}</Box>}
      </Container>
      <ResourceTable
        title="Recent invocations" items={events.data === undefined && !silent ? undefined : [...runs].reverse()} loading={events.isLoading} id={({ request, time }) => `${request} ${time}`}
        empty="It has not run."
        columns={[
          { id: "time", header: "Timestamp", cell: ({ time }) => whenExactly(time), value: ({ time }) => time },
          { id: "request", header: "RequestID", cell: ({ request }) => request, value: ({ request }) => request },
          { id: "duration", header: "Duration", cell: ({ duration }) => duration, value: ({ duration }) => Number.parseFloat(duration) },
          { id: "billed", header: "Billed duration", cell: ({ billed }) => billed },
          { id: "memory", header: "Max memory used", cell: ({ memory }) => memory },
        ]}
      />
      {!silent && <EventTable title="Log events" events={events.data} loading={events.isLoading} error={events.error} group={group} streams empty="No events." />}
    </SpaceBetween>
  );
}
