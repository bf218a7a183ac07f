// The tab "Dead-letter queue": where this queue's go, whose this queue takes, and how they go back.
import { CancelMessageMoveTaskCommand, SQSClient, StartMessageMoveTaskCommand } from "@aws-sdk/client-sqs";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { PageLink } from "../../components/PageLink";
import { Properties } from "../../components/Properties";
import { ResourceTable } from "../../components/ResourceTable";
import { SettingsBox } from "../../components/SettingsBox";
import { when } from "../../components/time";
import { type QueueView, redriveOf, useDeadLetterSources, useMoveTasks, useQueues } from "./read";

export function DeadLetters({ queue }: { queue: QueueView }) {
  const redrive = redriveOf(queue);
  const sources = useDeadLetterSources(queue);
  const [starting, setStarting] = useState(false);
  const name = redrive?.arn.slice(redrive.arn.lastIndexOf(":") + 1) ?? "";
  return (
    <SpaceBetween size="l">
      <SettingsBox title="Dead-letter queue" edit={`/sqs/queues/${queue.name}/edit`}>
        <Properties of={[
          ["Queue", redrive === undefined ? undefined : <PageLink href={`/sqs/queues/${name}`}>{name}</PageLink>],
          ["Maximum receives", redrive?.most],
          ["Redrive allow policy", queue.attributes["RedriveAllowPolicy"]],
        ]} />
      </SettingsBox>
      <ResourceTable
        title="Source queues"
        description="Queues that have this queue as their dead-letter queue."
        items={sources.data}
        loading={sources.isLoading}
        error={sources.error}
        id={(source) => source}
        empty="No queue has this queue as its dead-letter queue."
        columns={[{ id: "name", header: "Name", cell: (source) => <PageLink href={`/sqs/queues/${source}`}>{source}</PageLink>, value: (source) => source }]}
        actions={() => <Button disabled={(sources.data ?? []).length === 0} onClick={() => setStarting(true)}>Start DLQ redrive</Button>}
      />
      {(sources.data ?? []).length > 0 && <MoveTasks queue={queue} />}
      {starting && <StartRedrive queue={queue} close={() => setStarting(false)} />}
    </SpaceBetween>
  );
}

function MoveTasks({ queue }: { queue: QueueView }) {
  const tasks = useMoveTasks(queue);
  const cancel = useAct({
    what: "Cancel DLQ redrive",
    run: (TaskHandle: string | undefined) => client(SQSClient).send(new CancelMessageMoveTaskCommand({ TaskHandle })),
    done: () => "The redrive is being canceled.",
  });
  return (
    <ResourceTable
      title="Dead-letter queue redrive tasks"
      items={tasks.data}
      loading={tasks.isLoading}
      error={tasks.error}
      id={({ StartedTimestamp, TaskHandle }) => TaskHandle ?? String(StartedTimestamp)}
      select="single"
      columns={[
        { id: "started", header: "Started", cell: ({ StartedTimestamp }) => when(StartedTimestamp), value: ({ StartedTimestamp }) => StartedTimestamp },
        { id: "status", header: "Status", cell: ({ Status }) => <StatusIndicator type={Status === "COMPLETED" ? "success" : Status === "RUNNING" ? "in-progress" : Status === "FAILED" ? "error" : "stopped"}>{Status}</StatusIndicator> },
        { id: "moved", header: "Messages moved", cell: ({ ApproximateNumberOfMessagesMoved }) => ApproximateNumberOfMessagesMoved },
        { id: "total", header: "Messages to move", cell: ({ ApproximateNumberOfMessagesToMove }) => ApproximateNumberOfMessagesToMove },
        { id: "to", header: "Destination", cell: ({ DestinationArn }) => DestinationArn ?? "Source queue(s)" },
        { id: "failure", header: "Failure reason", cell: ({ FailureReason }) => FailureReason ?? "–" },
      ]}
      actions={([task]) => <Button disabled={task?.Status !== "RUNNING"} loading={cancel.isPending} onClick={() => cancel.mutate(task?.TaskHandle)}>Cancel DLQ redrive</Button>}
    />
  );
}

function StartRedrive({ queue, close }: { queue: QueueView; close: () => void }) {
  const queues = useQueues();
  const [custom, setCustom] = useState(false);
  const [to, setTo] = useState("");
  const [rate, setRate] = useState("");
  const start = useAct({
    what: "Start DLQ redrive",
    run: () => client(SQSClient).send(new StartMessageMoveTaskCommand({
      SourceArn: queue.arn, ...(custom && { DestinationArn: to }), ...(rate !== "" && { MaxNumberOfMessagesPerSecond: Number(rate) }),
    })),
    done: () => "The redrive has started.",
    after: close,
    quiet: true,
  });
  const options = (queues.data ?? []).filter(({ name, fifo }) => name !== queue.name && fifo === queue.fifo).map(({ name, arn }) => ({ value: arn, label: name }));
  return (
    <FormModal title="Dead-letter queue redrive" action="DLQ redrive" busy={start.isPending} error={start.error} disabled={custom && to === ""} onSubmit={() => start.mutate(undefined)} onCancel={close}>
      <FormField label="Message destination">
        <RadioGroup ariaLabel="Message destination" value={custom ? "custom" : "source"} onChange={({ detail }) => setCustom(detail.value === "custom")} items={[
          { value: "source", label: "Redrive to source queue(s)" }, { value: "custom", label: "Redrive to custom destination" },
        ]} />
      </FormField>
      {custom && (
        <FormField label="Existing queue">
          <Select selectedOption={options.find((option) => option.value === to) ?? null} options={options} placeholder="Choose a queue" onChange={({ detail }) => setTo(detail.selectedOption.value ?? "")} />
        </FormField>
      )}
      <FormField label="Custom max velocity - optional" constraintText="Messages per second, at most 500. Empty: as fast as it goes.">
        <Input type="number" value={rate} onChange={({ detail }) => setRate(detail.value)} />
      </FormField>
    </FormModal>
  );
}
