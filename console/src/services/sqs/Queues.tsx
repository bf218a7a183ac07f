import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tiles from "@cloudscape-design/components/tiles";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { FormModal } from "../../components/FormModal";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { type QueueView, useQueues } from "./read";

export default function Queues() {
  const queues = useQueues();
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<QueueView>();
  const remove = useAct({
    what: "Delete queue",
    run: (queue: QueueView) => client(SQSClient).send(new DeleteQueueCommand({ QueueUrl: queue.url })),
    done: (_, queue) => `Queue ${queue.name} deleted.`,
    after: () => setDeleting(undefined),
  });
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
        columns={[
          { id: "name", header: "Name", cell: (queue) => <PageLink href={`/sqs/queues/${queue.name}`}>{queue.name}</PageLink>, value: (queue) => queue.name },
          { id: "type", header: "Type", cell: (queue) => (queue.fifo ? "FIFO" : "Standard"), value: (queue) => (queue.fifo ? "FIFO" : "Standard") },
          { id: "created", header: "Created", cell: (queue) => when(queue.created), value: (queue) => queue.created?.getTime() },
          { id: "available", header: "Messages available", cell: (queue) => queue.available, value: (queue) => queue.available },
          { id: "flight", header: "Messages in flight", cell: (queue) => queue.inFlight, value: (queue) => queue.inFlight },
        ]}
        actions={([selected]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected === undefined} onClick={() => setDeleting(selected)}>Delete</Button>
            <Button variant="primary" onClick={() => setCreating(true)}>Create queue</Button>
          </SpaceBetween>
        )}
      />
      {creating && <CreateQueue close={() => setCreating(false)} />}
      {deleting !== undefined && (
        <Confirm title={`Delete queue ${deleting.name}`} action="Delete" type="confirm" busy={remove.isPending}
          onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting(undefined)}>
          Its messages are lost. {deleting.available + deleting.inFlight} are in it.
        </Confirm>
      )}
    </BarePage>
  );
}

function CreateQueue({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [type, setType] = useState("standard");
  const full = type === "fifo" && !name.endsWith(".fifo") ? `${name}.fifo` : name;
  const create = useAct({
    what: "Create queue",
    run: () =>
      client(SQSClient).send(new CreateQueueCommand({ QueueName: full, ...(type === "fifo" && { Attributes: { FifoQueue: "true" } }) })),
    done: () => `Queue ${full} created.`,
    after: () => void navigate(`/sqs/queues/${full}`),
    quiet: true,
  });
  return (
    <FormModal title="Create queue" action="Create queue" busy={create.isPending} error={create.error} disabled={name === ""}
      onSubmit={() => create.mutate(undefined)} onCancel={close}>
      <FormField label="Type">
        <Tiles value={type} onChange={({ detail }) => setType(detail.value)} items={[
          { value: "standard", label: "Standard", description: "At-least-once delivery; order isn't kept" },
          { value: "fifo", label: "FIFO", description: "First-in-first-out, exactly-once processing" },
        ]} />
      </FormField>
      <FormField label="Name" constraintText="Up to 80 characters: letters, digits, hyphens and underscores.">
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
    </FormModal>
  );
}
