import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { DeleteQueue, PurgeQueue } from "./LoseMessages";
import { type QueueView, useQueues } from "./read";

export default function Queues() {
  const navigate = useNavigate();
  const queues = useQueues();
  const [asking, setAsking] = useState<{ what: "delete" | "purge"; queue: QueueView }>();
  const close = () => setAsking(undefined);
  return (
    <BarePage crumbs={[{ text: "Simple Queue Service", href: "/sqs" }, { text: "Queues", href: "/sqs/queues" }]}>
      <ResourceTable
        title="Queues"
        variant="full-page"
        items={queues.data}
        loading={queues.isLoading}
        error={queues.error}
        id={(queue) => queue.name}
        select="single"
        empty={<SpaceBetween size="xxs"><b>No queues</b><span>Choose Create queue.</span></SpaceBetween>}
        columns={[
          { id: "name", header: "Name", cell: (queue) => <PageLink href={`/sqs/queues/${queue.name}`}>{queue.name}</PageLink>, value: (queue) => queue.name },
          { id: "type", header: "Type", cell: (queue) => (queue.fifo ? "FIFO" : "Standard"), value: (queue) => (queue.fifo ? "FIFO" : "Standard") },
          { id: "created", header: "Created", cell: (queue) => when(queue.created), value: (queue) => queue.created?.getTime() },
          { id: "available", header: "Messages available", cell: (queue) => queue.available ?? "–", value: (queue) => queue.available },
          { id: "flight", header: "Messages in flight", cell: (queue) => queue.inFlight ?? "–", value: (queue) => queue.inFlight },
          { id: "encryption", header: "Encryption", cell: (queue) => encryptionOf(queue), value: (queue) => encryptionOf(queue) },
        ]}
        actions={([queue]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={queue === undefined} onClick={() => void navigate(`/sqs/queues/${queue?.name ?? ""}/edit`)}>Edit</Button>
            <Button disabled={queue === undefined} onClick={() => queue && setAsking({ what: "delete", queue })}>Delete</Button>
            <Button disabled={queue === undefined} onClick={() => void navigate(`/sqs/queues/${queue?.name ?? ""}/messages`)}>Send and receive messages</Button>
            <ButtonDropdown disabled={queue === undefined} items={[{ id: "purge", text: "Purge" }]} onItemClick={() => queue && setAsking({ what: "purge", queue })}>Actions</ButtonDropdown>
            <Button variant="primary" onClick={() => void navigate("/sqs/create-queue")}>Create queue</Button>
          </SpaceBetween>
        )}
      />
      {asking?.what === "delete" && <DeleteQueue queue={asking.queue} done={close} close={close} />}
      {asking?.what === "purge" && <PurgeQueue queue={asking.queue} close={close} />}
    </BarePage>
  );
}

export function encryptionOf({ attributes }: QueueView): string {
  if (attributes["QueueArn"] === undefined) return "–";
  if (attributes["KmsMasterKeyId"] !== undefined) return "AWS Key Management Service key (SSE-KMS)";
  return attributes["SqsManagedSseEnabled"] === "true" ? "Amazon SQS key (SSE-SQS)" : "Disabled";
}
