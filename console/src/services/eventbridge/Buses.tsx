import { DeleteEventBusCommand, EventBridgeClient, type EventBus } from "@aws-sdk/client-eventbridge";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { busHref, useBuses } from "./read";

const COLUMNS = [
  { id: "name", header: "Name", cell: ({ Name }: EventBus) => <PageLink href={busHref(Name)}>{Name}</PageLink>, value: ({ Name }: EventBus) => Name },
  { id: "arn", header: "ARN", cell: ({ Arn }: EventBus) => Arn, value: ({ Arn }: EventBus) => Arn },
  { id: "created", header: "Created", cell: ({ CreationTime }: EventBus) => when(CreationTime), value: ({ CreationTime }: EventBus) => CreationTime?.getTime() },
];

export default function Buses() {
  const buses = useBuses();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState<EventBus>();
  const remove = useAct({
    what: "Delete event bus", run: (Name: string) => client(EventBridgeClient).send(new DeleteEventBusCommand({ Name })),
    done: (_, name) => `The event bus ${name} was deleted.`, after: () => setDeleting(undefined),
  });
  return (
    <Page title="Event buses" crumbs={[{ text: "Amazon EventBridge", href: "/events" }, { text: "Event buses", href: "/events/buses" }]}
      actions={<Button onClick={() => void navigate("/events/send")}>Send events</Button>}>
      <ResourceTable
        title="Default event bus" items={buses.data?.filter(({ Name }) => Name === "default")} loading={buses.isLoading} error={buses.error} id={({ Name }) => Name ?? ""} columns={COLUMNS}
        description="Takes the events of AWS services."
      />
      <ResourceTable
        title="Custom event buses" items={buses.data?.filter(({ Name }) => Name !== "default")} loading={buses.isLoading} id={({ Name }) => Name ?? ""} select="single" columns={COLUMNS}
        empty="No custom event buses."
        actions={([selected]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected === undefined} onClick={() => setDeleting(selected)}>Delete</Button>
            <Button variant="primary" onClick={() => void navigate("/events/create-bus")}>Create event bus</Button>
          </SpaceBetween>
        )}
      />
      {deleting !== undefined && (
        <Confirm title={`Delete event bus ${deleting.Name}?`} action="Delete" type={deleting.Name} busy={remove.isPending} onConfirm={() => remove.mutate(deleting.Name ?? "")} onCancel={() => setDeleting(undefined)}>
          A bus that has rules cannot be deleted.
        </Confirm>
      )}
    </Page>
  );
}
