import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { client } from "../../aws/clients";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { MessageAttributes, type MessageAttribute, valuesOf } from "../../components/MessageAttributes";
import type { QueueView } from "./read";

export function SendMessage({ queue }: { queue: QueueView }) {
  const [body, setBody] = useState("");
  const [group, setGroup] = useState("");
  const [deduplication, setDeduplication] = useState("");
  const [delay, setDelay] = useState("0");
  const [attributes, setAttributes] = useState<readonly MessageAttribute[]>([]);
  const send = useAct({
    what: "Send message",
    run: () => client(SQSClient).send(new SendMessageCommand({
      QueueUrl: queue.url,
      MessageBody: body,
      ...(!queue.fifo && delay !== "" && delay !== "0" && { DelaySeconds: Number(delay) }),
      ...(group !== "" && { MessageGroupId: group }),
      ...(queue.fifo && deduplication !== "" && { MessageDeduplicationId: deduplication }),
      ...(attributes.length > 0 && { MessageAttributes: valuesOf(attributes) }),
    })),
    done: ({ MessageId }) => `Your message has been sent and is ready to be received. Message ID: ${MessageId ?? ""}`,
    quiet: true,
  });
  const failure = send.error === null ? undefined : failureOf(send.error);
  const clear = () => {
    setBody("");
    setAttributes([]);
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); send.mutate(undefined); }}>
      <Container
        header={
          <Header variant="h2" actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" onClick={clear}>Clear content</Button>
              <Button variant="primary" loading={send.isPending} disabled={body === "" || (queue.fifo && group === "")}>Send message</Button>
            </SpaceBetween>
          }>
            Send message
          </Header>
        }
      >
        <SpaceBetween size="m">
          <FormField label="Message body" description="Enter the message to send to the queue." stretch>
            <Textarea value={body} placeholder="Enter message" rows={6} onChange={({ detail }) => setBody(detail.value)} />
          </FormField>
          <FormField label={queue.fifo ? "Message group ID" : "Message group ID - optional"}>
            <Input value={group} onChange={({ detail }) => setGroup(detail.value)} />
          </FormField>
          {queue.fifo ? (
            <FormField label="Message deduplication ID - optional" description={queue.attributes["ContentBasedDeduplication"] === "true" ? "The queue makes one of the body." : "Required: content-based deduplication is not enabled."}>
              <Input value={deduplication} onChange={({ detail }) => setDeduplication(detail.value)} />
            </FormField>
          ) : (
            <FormField label="Delivery delay" constraintText="Seconds. Should be between 0 seconds and 15 minutes.">
              <Input type="number" value={delay} onChange={({ detail }) => setDelay(detail.value)} />
            </FormField>
          )}
          <MessageAttributes value={attributes} onChange={setAttributes} />
          {failure !== undefined && <Alert type="error" header={failure.code}>{failure.message}</Alert>}
        </SpaceBetween>
      </Container>
    </form>
  );
}
