import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Link from "@cloudscape-design/components/link";
import Modal from "@cloudscape-design/components/modal";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useRef, useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Code } from "../../components/Code";
import { Properties } from "../../components/Properties";
import { ResourceTable } from "../../components/ResourceTable";
import { pretty } from "../../components/TextEditor";
import { bytes, when } from "../../components/time";
import type { QueueView } from "./read";

export function ReceiveMessages({ queue }: { queue: QueueView }) {
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const [polled, setPolled] = useState(0);
  const [duration, setDuration] = useState("30");
  const [most, setMost] = useState("10");
  const [open, setOpen] = useState<Message>();
  const stop = useRef(new AbortController());
  const poll = useAct({
    what: "Poll for messages",
    run: async () => {
      stop.current = new AbortController();
      await receive(queue.url, Number(duration), Number(most), stop.current.signal, (more, part) => {
        setPolled(part);
        // A message that comes again, because it was not deleted, is shown once.
        if (more.length > 0) setMessages((before) => [...before.filter(({ MessageId }) => !more.some((it) => it.MessageId === MessageId)), ...more]);
      });
    },
  });
  const remove = useAct({
    what: "Delete messages",
    run: async (gone: readonly Message[]) => {
      for (const { ReceiptHandle } of gone) await client(SQSClient).send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));
    },
    done: (_, gone) => `${gone.length} ${gone.length === 1 ? "message" : "messages"} deleted.`,
    after: (_, gone) => setMessages((before) => before.filter((message) => !gone.includes(message))),
  });
  return (
    <>
      <ResourceTable
        title="Messages"
        description="While messages are shown here, they are in flight: other consumers see them again after the visibility timeout."
        items={messages}
        loading={false}
        id={({ MessageId }) => MessageId ?? ""}
        select="multi"
        empty={<SpaceBetween size="xxs"><b>No messages</b><span>To view messages in the queue, poll for messages.</span></SpaceBetween>}
        above={
          <SpaceBetween direction="horizontal" size="m" alignItems="end">
            <FormField label="Polling duration" constraintText="Seconds"><Input type="number" value={duration} disabled={poll.isPending} onChange={({ detail }) => setDuration(detail.value)} /></FormField>
            <FormField label="Maximum message count" constraintText="Polling ends then"><Input type="number" value={most} disabled={poll.isPending} onChange={({ detail }) => setMost(detail.value)} /></FormField>
            {poll.isPending && <ProgressBar label="Polling progress" value={polled * 100} />}
          </SpaceBetween>
        }
        columns={[
          { id: "id", header: "ID", cell: (message) => <Link onFollow={() => setOpen(message)}>{message.MessageId}</Link>, value: ({ MessageId }) => MessageId },
          { id: "sent", header: "Sent", cell: ({ Attributes }) => when(Number(Attributes?.SentTimestamp)), value: ({ Attributes }) => Attributes?.SentTimestamp },
          { id: "size", header: "Size", cell: ({ Body }) => bytes(new TextEncoder().encode(Body ?? "").length) },
          { id: "count", header: "Receive count", cell: ({ Attributes }) => Attributes?.ApproximateReceiveCount, value: ({ Attributes }) => Number(Attributes?.ApproximateReceiveCount) },
          ...(queue.fifo ? [{ id: "group", header: "Message group ID", cell: ({ Attributes }: Message) => Attributes?.MessageGroupId, value: ({ Attributes }: Message) => Attributes?.MessageGroupId }] : []),
        ]}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length !== 1} onClick={() => setOpen(selected[0])}>View details</Button>
            <Button disabled={selected.length === 0} loading={remove.isPending} onClick={() => remove.mutate(selected)}>Delete</Button>
            {poll.isPending && <Button onClick={() => stop.current.abort()}>Stop polling</Button>}
            <Button variant="primary" loading={poll.isPending} disabled={!(Number(duration) >= 0) || !(Number(most) >= 1)} onClick={() => { setPolled(0); poll.mutate(undefined); }}>Poll for messages</Button>
          </SpaceBetween>
        )}
      />
      {open !== undefined && <MessageView message={open} close={() => setOpen(undefined)} />}
    </>
  );
}

/** Asks again and again, until the time is over, there are enough, or it is stopped. Between answers there is time for others. */
async function receive(QueueUrl: string, seconds: number, most: number, signal: AbortSignal, told: (messages: Message[], part: number) => void): Promise<void> {
  const began = performance.now();
  let count = 0;
  for (;;) {
    const left = seconds - (performance.now() - began) / 1000;
    const wait = Math.max(0, Math.min(5, Math.ceil(left)));
    const asked = new ReceiveMessageCommand({
      QueueUrl, WaitTimeSeconds: wait, MaxNumberOfMessages: Math.min(10, most - count), MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"],
    });
    try {
      const { Messages = [] } = await client(SQSClient).send(asked, { abortSignal: signal });
      count += Messages.length;
      const passed = (performance.now() - began) / 1000;
      told(Messages, seconds === 0 ? 1 : Math.min(1, Math.max(passed / seconds, count / most)));
      if (count >= most || passed >= seconds) return;
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
  }
}

function MessageView({ message, close }: { message: Message; close: () => void }) {
  const attributes = Object.entries(message.MessageAttributes ?? {});
  return (
    <Modal visible size="large" header={`Message: ${message.MessageId ?? ""}`} onDismiss={close} footer={<Button onClick={close}>Done</Button>}>
      <Tabs
        tabs={[
          {
            id: "details", label: "Details", content: (
              <Properties of={[
                ["ID", message.MessageId], ["MD5 of body", message.MD5OfBody], ["Sender account ID", message.Attributes?.SenderId],
                ["Sent", when(Number(message.Attributes?.SentTimestamp))], ["First received", when(Number(message.Attributes?.ApproximateFirstReceiveTimestamp))],
                ["Receive count", message.Attributes?.ApproximateReceiveCount], ["Message group ID", message.Attributes?.MessageGroupId],
                ["Message deduplication ID", message.Attributes?.MessageDeduplicationId], ["Sequence number", message.Attributes?.SequenceNumber],
              ]} />
            ),
          },
          { id: "body", label: "Body", content: <Code>{pretty(message.Body ?? "")}</Code> },
          {
            id: "attributes", label: "Attributes", content: (
              <ResourceTable
                title="Message attributes" variant="embedded" items={attributes} loading={false} id={([name]) => name} empty="No attributes"
                columns={[
                  { id: "name", header: "Name", cell: ([name]) => name },
                  { id: "type", header: "Type", cell: ([, value]) => value.DataType },
                  { id: "value", header: "Value", cell: ([, value]) => value.StringValue ?? btoa(String.fromCharCode(...(value.BinaryValue ?? []))) },
                ]}
              />
            ),
          },
        ]}
      />
    </Modal>
  );
}
