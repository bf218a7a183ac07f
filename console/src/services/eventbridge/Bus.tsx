import { EventBridgeClient, PutPermissionCommand, RemovePermissionCommand, TagResourceCommand, UntagResourceCommand, UpdateEventBusCommand } from "@aws-sdk/client-eventbridge";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { useQueueChoices } from "../../components/choices";
import { Code } from "../../components/Code";
import { Confirm } from "../../components/Confirm";
import { FormModal } from "../../components/FormModal";
import { Page } from "../../components/Page";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { SettingsBox } from "../../components/SettingsBox";
import { writtenTags } from "../../aws/tags";
import { Tags } from "../../components/Tags";
import { pretty, TextEditor } from "../../components/TextEditor";
import { when } from "../../components/time";
import { type BusDetail, busHref, useBus } from "./read";
import { RuleTable } from "./RuleTable";

export default function Bus() {
  const { bus: name = "default" } = useParams();
  const navigate = useNavigate();
  const bus = useBus(name);
  return (
    <Page
      title={name} crumbs={[{ text: "Amazon EventBridge", href: "/events" }, { text: "Event buses", href: "/events/buses" }, { text: name, href: busHref(name) }]}
      actions={<Button onClick={() => void navigate(`/events/send?bus=${encodeURIComponent(name)}`)}>Send events</Button>}
    >
      <ReadFailed error={bus.error} what="event bus" />
      {bus.data !== undefined && <Detail name={name} of={bus.data} />}
    </Page>
  );
}

function Detail({ name, of: { bus, tags } }: { name: string; of: BusDetail }) {
  const [editing, setEditing] = useState<"settings" | "policy" | "no-policy">();
  const close = () => setEditing(undefined);
  const clear = useAct({
    what: "Delete resource-based policy", run: () => client(EventBridgeClient).send(new RemovePermissionCommand({ EventBusName: name, RemoveAllPermissions: true })),
    done: () => `The policy of ${name} was deleted.`, after: close,
  });
  return (
    <SpaceBetween size="l">
      <SettingsBox title="Event bus detail" edit={() => setEditing("settings")}>
        <Properties of={[
          ["Name", name],
          ["ARN", <Copyable text={bus.Arn} />],
          ["Description", bus.Description],
          ["Dead-letter queue", bus.DeadLetterConfig?.Arn],
          ["Created", when(bus.CreationTime)],
          ["Last modified", when(bus.LastModifiedTime)],
        ]} />
      </SettingsBox>
      <RuleTable bus={name} />
      <SettingsBox
        title="Resource-based policy" description="Who else may put events and rules on this bus."
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {bus.Policy !== undefined && <Button onClick={() => setEditing("no-policy")}>Delete policy</Button>}
            <Button onClick={() => setEditing("policy")}>Manage permissions</Button>
          </SpaceBetween>
        }
      >
        {bus.Policy === undefined ? "No policy: only this account uses the bus." : <Code>{pretty(bus.Policy)}</Code>}
      </SettingsBox>
      <Tags
        tags={tags}
        tag={(some) => client(EventBridgeClient).send(new TagResourceCommand({ ResourceARN: bus.Arn, Tags: writtenTags(some) }))}
        untag={(TagKeys) => client(EventBridgeClient).send(new UntagResourceCommand({ ResourceARN: bus.Arn, TagKeys }))}
      />
      {editing === "settings" && <EditSettings name={name} of={bus} close={close} />}
      {editing === "policy" && <EditPolicy name={name} of={bus} close={close} />}
      {editing === "no-policy" && (
        <Confirm title="Delete resource-based policy?" action="Delete" busy={clear.isPending} onConfirm={() => clear.mutate(undefined)} onCancel={close}>
          Other accounts and services that the policy let in can put no more events on this bus.
        </Confirm>
      )}
    </SpaceBetween>
  );
}

type Editing = { name: string; of: BusDetail["bus"]; close: () => void };

function EditSettings({ name, of: bus, close }: Editing) {
  const queues = useQueueChoices();
  const [description, setDescription] = useState(bus.Description ?? "");
  const [queue, setQueue] = useState(bus.DeadLetterConfig?.Arn ?? "");
  const save = useAct({
    what: "Edit event bus",
    run: () => client(EventBridgeClient).send(new UpdateEventBusCommand({ Name: name, Description: description, DeadLetterConfig: queue === "" ? {} : { Arn: queue } })),
    done: () => `The event bus ${name} was changed.`, after: close, quiet: true,
  });
  return (
    <FormModal title={`Edit event bus ${name}`} action="Save changes" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="Description"><Textarea value={description} rows={2} onChange={({ detail }) => setDescription(detail.value)} /></FormField>
      <FormField label="Dead-letter queue">
        <Select
          options={[{ value: "", label: "None" }, ...(queues.data ?? [])]} selectedOption={queues.data?.find(({ value }) => value === queue) ?? { value: queue, label: queue === "" ? "None" : queue }}
          onChange={({ detail }) => setQueue(detail.selectedOption.value ?? "")}
        />
      </FormField>
    </FormModal>
  );
}

function EditPolicy({ name, of: bus, close }: Editing) {
  const account = bus.Arn?.split(":")[4] ?? "";
  const [policy, setPolicy] = useState(bus.Policy === undefined ? JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Sid: "AllowAccountToPutEvents", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "events:PutEvents", Resource: bus.Arn }],
  }, null, 2) : pretty(bus.Policy));
  const save = useAct({
    what: "Manage permissions", run: () => client(EventBridgeClient).send(new PutPermissionCommand({ EventBusName: name, Policy: policy })),
    done: () => `The policy of ${name} was saved.`, after: close, quiet: true,
  });
  return (
    <FormModal title="Manage permissions" action="Update" size="large" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <TextEditor label="Resource-based policy" language="json" value={policy} onChange={setPolicy} />
    </FormModal>
  );
}
