// "Test pattern": which of some log events a filter pattern matches.
import { CloudWatchLogsClient, GetLogEventsCommand, TestMetricFilterCommand } from "@aws-sdk/client-cloudwatch-logs";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { client } from "../../../aws/clients";
import { failureOf } from "../../../aws/errors";
import { useAct } from "../../../aws/queries";
import { counted } from "../../../components/metrics/metric";
import { ReadFailed } from "../../../components/ReadFailed";
import { ResourceTable } from "../../../components/ResourceTable";
import { useStreams } from "../read";

const CUSTOM = { value: "", label: "Custom log data" };
/** More than these TestMetricFilter does not take. */
const MOST_EVENTS = 50;

export function PatternTest({ group, pattern }: { group: string; pattern: string }) {
  const streams = useStreams(group);
  const [stream, setStream] = useState("");
  const [typed, setTyped] = useState("");
  const options = [CUSTOM, ...(streams.data ?? []).map(({ logStreamName = "" }) => ({ value: logStreamName, label: logStreamName }))];
  const load = useAct({
    what: "Read log events",
    run: async (logStreamName: string) => (await client(CloudWatchLogsClient).send(new GetLogEventsCommand({ logGroupName: group, logStreamName, limit: MOST_EVENTS }))).events ?? [],
    after: (events) => setTyped(events.map(({ message = "" }) => message.trimEnd()).join("\n")),
  });
  const test = useAct({
    what: "Test pattern",
    run: async () => {
      const logEventMessages = messagesIn(typed);
      const { matches = [] } = await client(CloudWatchLogsClient).send(new TestMetricFilterCommand({ filterPattern: pattern, logEventMessages }));
      return { matches, of: logEventMessages.length };
    },
    quiet: true,
  });
  return (
    <Container header={<Header variant="h2">Test pattern</Header>}>
      <SpaceBetween size="m">
        <FormField label="Select log data to test" {...(streams.error !== null && { errorText: failureOf(streams.error).message })}>
          <Select
            options={options} selectedOption={options.find(({ value }) => value === stream) ?? CUSTOM} filteringType="auto"
            onChange={({ detail: { selectedOption: { value = "" } } }) => {
              setStream(value);
              if (value !== "") load.mutate(value);
            }}
          />
        </FormField>
        <FormField label="Log event messages" description="Use line breaks to separate log events." constraintText={`At most ${MOST_EVENTS} events are tested.`} stretch>
          <Textarea value={typed} rows={6} onChange={({ detail }) => setTyped(detail.value)} />
        </FormField>
        <Button formAction="none" loading={test.isPending} disabled={messagesIn(typed).length === 0} onClick={() => test.mutate(undefined)}>Test pattern</Button>
        <ReadFailed error={test.error} what="results of the test" />
        {test.data !== undefined && (
          <SpaceBetween size="xs">
            <Box>{`Found ${counted(test.data.matches.length, "match").replace(/s$/, "es")} out of ${counted(test.data.of, "event")} in the sample log.`}</Box>
            <ResourceTable
              title="Results" variant="embedded" items={test.data.matches} loading={false} id={({ eventNumber }) => String(eventNumber)} empty="No event matches." perPage={MOST_EVENTS}
              columns={[
                { id: "number", header: "Event number", width: 140, cell: ({ eventNumber }) => String(eventNumber), value: ({ eventNumber }) => eventNumber },
                { id: "message", header: "Event message", cell: ({ eventMessage }) => <span className="code">{eventMessage}</span>, value: ({ eventMessage }) => eventMessage },
                { id: "values", header: "Extracted values", cell: ({ extractedValues = {} }) => Object.entries(extractedValues).map(([name, value]) => `${name}: ${value}`).join(", ") },
              ]}
            />
          </SpaceBetween>
        )}
      </SpaceBetween>
    </Container>
  );
}

function messagesIn(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "").slice(0, MOST_EVENTS);
}
