import { TagResourceCommand, type TableDescription, UntagResourceCommand, UpdateTableCommand, UpdateTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAct } from "../../../aws/queries";
import { Confirm } from "../../../components/Confirm";
import { FormModal } from "../../../components/FormModal";
import { Copyable, Properties } from "../../../components/Properties";
import { SettingsBox } from "../../../components/SettingsBox";
import { writtenTags } from "../../../aws/tags";
import { Tags } from "../../../components/Tags";
import { type Encryption, EncryptionChoice, sseOf } from "../encryption";
import { dynamodb, useTableTags, useTimeToLive } from "../read";

export function Settings({ table }: { table: TableDescription }) {
  const tags = useTableTags(table.TableArn);
  return (
    <SpaceBetween size="l">
      <TimeToLive table={table.TableName ?? ""} />
      <EncryptionSettings table={table} />
      <Protection table={table} />
      <Tags
        tags={tags.data}
        error={tags.error}
        tag={(some) => dynamodb().send(new TagResourceCommand({ ResourceArn: table.TableArn, Tags: writtenTags(some) }))}
        untag={(TagKeys) => dynamodb().send(new UntagResourceCommand({ ResourceArn: table.TableArn, TagKeys }))}
      />
    </SpaceBetween>
  );
}

function TimeToLive({ table }: { table: string }) {
  const ttl = useTimeToLive(table);
  const [asking, setAsking] = useState(false);
  const [attribute, setAttribute] = useState("");
  const on = ttl.data?.TimeToLiveStatus === "ENABLED" || ttl.data?.TimeToLiveStatus === "ENABLING";
  const turn = useAct({
    what: "Time to Live",
    run: () => dynamodb().send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification: { Enabled: !on, AttributeName: on ? ttl.data?.AttributeName : attribute } })),
    done: () => `Time to Live turned ${on ? "off" : "on"}.`,
    after: () => setAsking(false),
    quiet: !on,
  });
  return (
    <SettingsBox title="Time to Live (TTL)" error={ttl.error} description="Automatically delete expired items from a table."
      actions={<Button ariaLabel={on ? "Turn off TTL" : "Turn on TTL"} onClick={() => setAsking(true)}>{on ? "Turn off" : "Turn on"}</Button>}>
      <Properties of={[["TTL status", ttl.data === undefined ? undefined : on ? "On" : "Off"], ["TTL attribute", ttl.data?.AttributeName]]} />
      {asking && !on && (
        <FormModal title="Turn on Time to Live (TTL)" action="Turn on TTL" busy={turn.isPending} error={turn.error} disabled={attribute === ""} onSubmit={() => turn.mutate(undefined)} onCancel={() => setAsking(false)}>
          <FormField label="TTL attribute name" description="A number attribute: the time, in seconds since 1970, after which the item is deleted.">
            <Input value={attribute} onChange={({ detail }) => setAttribute(detail.value)} autoFocus />
          </FormField>
        </FormModal>
      )}
      {asking && on && (
        <Confirm title="Turn off Time to Live (TTL)" action="Turn off TTL" busy={turn.isPending} onConfirm={() => turn.mutate(undefined)} onCancel={() => setAsking(false)}>
          Items do not expire any more.
        </Confirm>
      )}
    </SettingsBox>
  );
}

function EncryptionSettings({ table }: { table: TableDescription }) {
  const sse = table.SSEDescription;
  const on = sse?.Status === "ENABLED" || sse?.Status === "UPDATING";
  const [editing, setEditing] = useState(false);
  const [value, setValue] = useState<Encryption>({ how: on ? "customer" : "owned", key: sse?.KMSMasterKeyArn ?? "" });
  const save = useAct({
    what: "Manage encryption",
    run: () => dynamodb().send(new UpdateTableCommand({ TableName: table.TableName, SSESpecification: sseOf(value) })),
    done: () => "Encryption at rest updated.",
    after: () => setEditing(false),
    quiet: true,
  });
  return (
    <SettingsBox title="Encryption" description="All user data stored in Amazon DynamoDB is fully encrypted at rest." actions={<Button onClick={() => setEditing(true)}>Manage encryption</Button>}>
      <Properties of={[
        ["Key management", on ? "AWS KMS" : "Owned by Amazon DynamoDB"],
        ["AWS KMS key ARN", <Copyable text={on ? sse?.KMSMasterKeyArn : undefined} />],
      ]} />
      {editing && (
        <FormModal title="Manage encryption" action="Save changes" busy={save.isPending} error={save.error} disabled={value.how === "customer" && value.key === ""} onSubmit={() => save.mutate(undefined)} onCancel={() => setEditing(false)}>
          <EncryptionChoice value={value} onChange={setValue} />
        </FormModal>
      )}
    </SettingsBox>
  );
}

function Protection({ table }: { table: TableDescription }) {
  const on = table.DeletionProtectionEnabled === true;
  const turn = useAct({
    what: "Deletion protection",
    run: () => dynamodb().send(new UpdateTableCommand({ TableName: table.TableName, DeletionProtectionEnabled: !on })),
    done: () => `Deletion protection turned ${on ? "off" : "on"}.`,
  });
  return (
    <SettingsBox title="Deletion protection" description="Protects the table from being deleted unintentionally."
      actions={<Button ariaLabel={on ? "Turn off deletion protection" : "Turn on deletion protection"} loading={turn.isPending} onClick={() => turn.mutate(undefined)}>{on ? "Turn off" : "Turn on"}</Button>}>
      <Properties of={[["Deletion protection status", on ? "On" : "Off"]]} />
    </SettingsBox>
  );
}
