import { type BackupSummary, CreateBackupCommand, DeleteBackupCommand, RestoreTableFromBackupCommand, UpdateContinuousBackupsCommand } from "@aws-sdk/client-dynamodb";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useAct } from "../../../aws/queries";
import { Confirm } from "../../../components/Confirm";
import { FormModal } from "../../../components/FormModal";
import { PageLink } from "../../../components/PageLink";
import { Properties } from "../../../components/Properties";
import { ResourceTable } from "../../../components/ResourceTable";
import { SettingsBox } from "../../../components/SettingsBox";
import { bytes, when } from "../../../components/time";
import { dynamodb, useBackups, useContinuousBackups } from "../read";
import { TableState } from "../TableState";

export function Backups({ table }: { table: string }) {
  return (
    <SpaceBetween size="l">
      <Recovery table={table} />
      <BackupList table={table} />
    </SpaceBetween>
  );
}

function Recovery({ table }: { table: string }) {
  const recovery = useContinuousBackups(table);
  const [editing, setEditing] = useState(false);
  const [on, setOn] = useState(false);
  const save = useAct({
    what: "Edit point-in-time recovery",
    run: () => dynamodb().send(new UpdateContinuousBackupsCommand({ TableName: table, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: on } })),
    done: () => `Point-in-time recovery turned ${on ? "on" : "off"}.`,
    after: () => setEditing(false),
    quiet: true,
  });
  const enabled = recovery.data?.PointInTimeRecoveryStatus === "ENABLED";
  return (
    <SettingsBox title="Point-in-time recovery (PITR)" error={recovery.error} edit={() => { setOn(enabled); setEditing(true); }}
      description="Point-in-time recovery provides continuous backups of your DynamoDB data for 35 days.">
      <Properties of={[
        ["Status", enabled ? "On" : "Off"],
        ["Earliest recovery point", when(recovery.data?.EarliestRestorableDateTime)],
        ["Latest recovery point", when(recovery.data?.LatestRestorableDateTime)],
      ]} />
      {editing && (
        <FormModal title="Edit point-in-time recovery settings" action="Save changes" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={() => setEditing(false)}>
          <Checkbox checked={on} onChange={({ detail }) => setOn(detail.checked)}>Turn on point-in-time recovery</Checkbox>
        </FormModal>
      )}
    </SettingsBox>
  );
}

/** On-demand backups: of one table, or of all. */
export function BackupList({ table }: { table?: string }) {
  const backups = useBackups(table);
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<BackupSummary>();
  const [restoring, setRestoring] = useState<BackupSummary>();
  const remove = useAct({
    what: "Delete backup",
    run: (backup: BackupSummary) => dynamodb().send(new DeleteBackupCommand({ BackupArn: backup.BackupArn })),
    done: (_, { BackupName }) => `Backup ${BackupName ?? ""} deleted.`,
    after: () => setDeleting(undefined),
  });
  return (
    <>
      <ResourceTable
        title="Backups"
        items={backups.data}
        loading={backups.isLoading}
        error={backups.error}
        id={({ BackupArn }) => BackupArn ?? ""}
        select="single"
        columns={[
          { id: "name", header: "Name", cell: ({ BackupName }) => BackupName, value: ({ BackupName }) => BackupName },
          ...(table === undefined ? [{ id: "table", header: "Table", cell: ({ TableName = "" }: BackupSummary) => <PageLink href={`/dynamodb/tables/${TableName}`}>{TableName}</PageLink>, value: ({ TableName }: BackupSummary) => TableName }] : []),
          { id: "status", header: "Status", cell: ({ BackupStatus }) => <TableState status={BackupStatus} /> },
          { id: "created", header: "Creation time", cell: ({ BackupCreationDateTime }) => when(BackupCreationDateTime), value: ({ BackupCreationDateTime }) => BackupCreationDateTime?.getTime() },
          { id: "size", header: "Size", cell: ({ BackupSizeBytes }) => bytes(BackupSizeBytes), value: ({ BackupSizeBytes }) => BackupSizeBytes },
          { id: "type", header: "Type", cell: ({ BackupType }) => BackupType },
        ]}
        actions={([backup]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button ariaLabel="Delete backup" disabled={backup === undefined} onClick={() => setDeleting(backup)}>Delete</Button>
            <Button disabled={backup === undefined} onClick={() => setRestoring(backup)}>Restore</Button>
            {table !== undefined && <Button onClick={() => setCreating(true)}>Create backup</Button>}
          </SpaceBetween>
        )}
      />
      {creating && table !== undefined && <CreateBackup table={table} close={() => setCreating(false)} />}
      {restoring !== undefined && <Restore backup={restoring} close={() => setRestoring(undefined)} />}
      {deleting !== undefined && (
        <Confirm title="Delete backup" action="Delete" type="delete" busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting(undefined)}>
          {`Backup ${deleting.BackupName ?? ""} of table ${deleting.TableName ?? ""} is deleted.`}
        </Confirm>
      )}
    </>
  );
}

function CreateBackup({ table, close }: { table: string; close: () => void }) {
  const [name, setName] = useState("");
  const create = useAct({
    what: "Create backup",
    run: () => dynamodb().send(new CreateBackupCommand({ TableName: table, BackupName: name })),
    done: () => `Backup ${name} created.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Create on-demand backup" action="Create backup" busy={create.isPending} error={create.error} disabled={name.length < 3} onSubmit={() => create.mutate(undefined)} onCancel={close}>
      <FormField label="Backup name" constraintText="Between 3 and 255 characters. A-Z, a-z, 0-9, underscores, hyphens, and periods.">
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
    </FormModal>
  );
}

function Restore({ backup, close }: { backup: BackupSummary; close: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const restore = useAct({
    what: "Restore table",
    run: () => dynamodb().send(new RestoreTableFromBackupCommand({ BackupArn: backup.BackupArn, TargetTableName: name })),
    done: () => `Table ${name} is being restored.`,
    after: () => void navigate(`/dynamodb/tables/${name}`),
    quiet: true,
  });
  return (
    <FormModal title="Restore table from backup" action="Restore" busy={restore.isPending} error={restore.error} disabled={name.length < 3} onSubmit={() => restore.mutate(undefined)} onCancel={close}>
      <FormField label="Name of restored table" description={`From backup ${backup.BackupName ?? ""}. A table of that name must not exist.`}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
    </FormModal>
  );
}
