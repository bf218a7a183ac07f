import { SetQueueAttributesCommand, SQSClient, TagQueueCommand, UntagQueueCommand } from "@aws-sdk/client-sqs";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { Monitor, type Monitored } from "../../components/metrics/Monitor";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { PageTabs } from "../../components/PageTabs";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourcePolicy } from "../../components/ResourcePolicy";
import { ResourceTable } from "../../components/ResourceTable";
import { SettingsBox } from "../../components/SettingsBox";
import { tagMap } from "../../aws/tags";
import { Tags } from "../../components/Tags";
import { when } from "../../components/time";
import { DeadLetters } from "./DeadLetters";
import { DeleteQueue, PurgeQueue } from "./LoseMessages";
import { encryptionOf } from "./Queues";
import { crumbsOf, type QueueView, span, useQueue, useQueueTags, useSubscriptionsTo, useTriggers } from "./read";

export default function Queue() {
  const { name = "" } = useParams();
  const navigate = useNavigate();
  const read = useQueue(name);
  const [asking, setAsking] = useState<"delete" | "purge">();
  const queue = read.data;
  const close = () => setAsking(undefined);
  return (
    <Page
      title={name}
      crumbs={crumbsOf(name)}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => void navigate(`/sqs/queues/${name}/edit`)}>Edit</Button>
          <Button disabled={queue === undefined} onClick={() => setAsking("delete")}>Delete</Button>
          <Button disabled={queue === undefined} onClick={() => setAsking("purge")}>Purge</Button>
          <Button variant="primary" onClick={() => void navigate(`/sqs/queues/${name}/messages`)}>Send and receive messages</Button>
        </SpaceBetween>
      }
    >
      <ReadFailed error={read.error} what="queue" />
      {queue !== undefined && (
        <>
          <Details queue={queue} />
          <PageTabs
            label="Queue"
            tabs={[
              { id: "subscriptions", label: "SNS subscriptions", content: <Subscriptions queue={queue} /> },
              { id: "triggers", label: "Lambda triggers", content: <Triggers queue={queue} /> },
              { id: "dead-letters", label: "Dead-letter queue", content: <DeadLetters queue={queue} /> },
              { id: "monitoring", label: "Monitoring", content: <Monitoring name={queue.name} /> },
              { id: "tags", label: "Tagging", content: <QueueTags queue={queue} /> },
              { id: "policy", label: "Access policy", content: <Policy queue={queue} /> },
              { id: "encryption", label: "Encryption", content: <Encryption queue={queue} /> },
            ]}
          />
        </>
      )}
      {asking === "delete" && queue !== undefined && <DeleteQueue queue={queue} done={() => void navigate("/sqs/queues")} close={close} />}
      {asking === "purge" && queue !== undefined && <PurgeQueue queue={queue} close={close} />}
    </Page>
  );
}

function Details({ queue }: { queue: QueueView }) {
  const of = queue.attributes;
  return (
    <Container header={<Header variant="h2">Details</Header>}>
      <Properties of={[
        ["Name", queue.name],
        ["Type", queue.fifo ? "FIFO" : "Standard"],
        ["ARN", <Copyable text={queue.arn} />],
        ["Encryption", encryptionOf(queue)],
        ["URL", <Copyable text={queue.url} />],
        ["Dead-letter queue", of["RedrivePolicy"] === undefined ? undefined : "Enabled"],
        ["Created", when(queue.created)],
        ["Last updated", when(Number(of["LastModifiedTimestamp"]) * 1000)],
        ["Maximum message size", `${Number(of["MaximumMessageSize"]) / 1024} KB`],
        ["Message retention period", span(of["MessageRetentionPeriod"])],
        ["Default visibility timeout", span(of["VisibilityTimeout"])],
        ["Delivery delay", span(of["DelaySeconds"])],
        ["Receive message wait time", span(of["ReceiveMessageWaitTimeSeconds"])],
        ["Messages available", queue.available],
        ["Messages in flight (not available to other consumers)", queue.inFlight],
        ["Messages delayed", of["ApproximateNumberOfMessagesDelayed"]],
        ...(queue.fifo ? [["Content-based deduplication", of["ContentBasedDeduplication"] === "true" ? "Enabled" : "Disabled"] as const, ["Deduplication scope", of["DeduplicationScope"]] as const, ["FIFO throughput limit", of["FifoThroughputLimit"]] as const] : []),
      ]} />
    </Container>
  );
}

function Subscriptions({ queue }: { queue: QueueView }) {
  const subscriptions = useSubscriptionsTo(queue.arn);
  return (
    <ResourceTable
      title="SNS subscriptions"
      items={subscriptions.data}
      loading={subscriptions.isLoading}
      error={subscriptions.error}
      id={({ SubscriptionArn }) => SubscriptionArn ?? ""}
      columns={[
        { id: "arn", header: "Subscription ARN", cell: ({ SubscriptionArn = "" }) => <PageLink href={`/sns/subscriptions/${SubscriptionArn}`}>{SubscriptionArn}</PageLink>, value: ({ SubscriptionArn }) => SubscriptionArn },
        { id: "topic", header: "Topic ARN", cell: ({ TopicArn = "" }) => <PageLink href={`/sns/topics/${TopicArn}`}>{TopicArn}</PageLink>, value: ({ TopicArn }) => TopicArn },
      ]}
    />
  );
}

function Triggers({ queue }: { queue: QueueView }) {
  const triggers = useTriggers(queue.arn);
  return (
    <ResourceTable
      title="Lambda triggers"
      items={triggers.data}
      loading={triggers.isLoading}
      error={triggers.error}
      id={({ UUID }) => UUID ?? ""}
      columns={[
        { id: "uuid", header: "UUID", cell: ({ UUID }) => UUID, value: ({ UUID }) => UUID },
        {
          id: "function", header: "Lambda function", value: ({ FunctionArn }) => FunctionArn,
          cell: ({ FunctionArn = "" }) => <PageLink href={`/lambda/functions/${FunctionArn.split(":")[6] ?? ""}`}>{FunctionArn.split(":").slice(6).join(":")}</PageLink>,
        },
        { id: "state", header: "Status", cell: ({ State }) => State, value: ({ State }) => State },
        { id: "batch", header: "Batch size", cell: ({ BatchSize }) => BatchSize, value: ({ BatchSize }) => BatchSize },
        { id: "modified", header: "Last modified", cell: ({ LastModified }) => when(LastModified), value: ({ LastModified }) => LastModified?.getTime() },
      ]}
    />
  );
}

const GRAPHS: Monitored["graphs"] = [
  { title: "Approximate Age Of Oldest Message", lines: [["ApproximateAgeOfOldestMessage", "Maximum"]] },
  { title: "Approximate Number Of Messages Delayed", lines: [["ApproximateNumberOfMessagesDelayed", "Maximum"]] },
  { title: "Approximate Number Of Messages Not Visible", lines: [["ApproximateNumberOfMessagesNotVisible", "Maximum"]] },
  { title: "Approximate Number Of Messages Visible", lines: [["ApproximateNumberOfMessagesVisible", "Maximum"]] },
  { title: "Number Of Empty Receives", lines: [["NumberOfEmptyReceives", "Sum"]] },
  { title: "Number Of Messages Deleted", lines: [["NumberOfMessagesDeleted", "Sum"]] },
  { title: "Number Of Messages Received", lines: [["NumberOfMessagesReceived", "Sum"]] },
  { title: "Number Of Messages Sent", lines: [["NumberOfMessagesSent", "Sum"]] },
  { title: "Sent Message Size", lines: [["SentMessageSize", "Average"]] },
];

function Monitoring({ name }: { name: string }) {
  return <Monitor namespace="AWS/SQS" dimensions={[{ name: "QueueName", value: name }]} graphs={GRAPHS} none="There are no metrics of this queue yet: they are written as messages are sent, received and deleted." />;
}

function QueueTags({ queue }: { queue: QueueView }) {
  const tags = useQueueTags(queue);
  return (
    <Tags
      tags={tags.data}
      error={tags.error}
      tag={(some) => client(SQSClient).send(new TagQueueCommand({ QueueUrl: queue.url, Tags: tagMap(some) }))}
      untag={(TagKeys) => client(SQSClient).send(new UntagQueueCommand({ QueueUrl: queue.url, TagKeys }))}
    />
  );
}

function Policy({ queue }: { queue: QueueView }) {
  const put = (Policy: string) => client(SQSClient).send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { Policy } }));
  return <ResourcePolicy title="Access policy" description="Define who can access your queue." policy={queue.attributes["Policy"] ?? ""} save={put} remove={() => put("")} />;
}

function Encryption({ queue }: { queue: QueueView }) {
  const key = queue.attributes["KmsMasterKeyId"];
  return (
    <SettingsBox title="Encryption" edit={`/sqs/queues/${queue.name}/edit`}>
      <Properties of={[
        ["Server-side encryption", encryptionOf(queue)],
        ["AWS KMS key", key === undefined ? undefined : <Copyable text={key} />],
        ["Data key reuse period", key === undefined ? undefined : span(queue.attributes["KmsDataKeyReusePeriodSeconds"])],
      ]} />
    </SettingsBox>
  );
}
