import { DisableKeyRotationCommand, EnableKeyRotationCommand, RotateKeyOnDemandCommand } from "@aws-sdk/client-kms";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { Properties } from "../../components/Properties";
import { ResourceTable } from "../../components/ResourceTable";
import { SettingsBox } from "../../components/SettingsBox";
import { when } from "../../components/time";
import { kms, useRotation } from "./read";

export function Rotation({ id }: { id: string }) {
  const rotation = useRotation(id);
  const status = rotation.data?.status;
  const [editing, setEditing] = useState(false);
  const rotate = useAct({
    what: "Rotate now",
    run: () => kms().send(new RotateKeyOnDemandCommand({ KeyId: id })),
    done: () => "The key is being rotated.",
  });
  return (
    <SpaceBetween size="l">
      <SettingsBox title="Automatic key rotation" error={rotation.error} edit={() => setEditing(true)} description="The key's material is replaced; its ARN and aliases stay, and what was encrypted before can still be decrypted.">
        <Properties of={[
          ["Status", status === undefined ? undefined : status.KeyRotationEnabled === true ? "Enabled" : "Disabled"],
          ["Rotation period", status?.RotationPeriodInDays === undefined ? undefined : `${status.RotationPeriodInDays} days`],
          ["Date of next automatic rotation", when(status?.NextRotationDate)],
        ]} />
        {editing && <EditRotation id={id} on={status?.KeyRotationEnabled === true} days={status?.RotationPeriodInDays ?? 365} close={() => setEditing(false)} />}
      </SettingsBox>
      <ResourceTable
        title="On-demand and past rotations"
        items={rotation.data?.rotations}
        loading={rotation.isLoading}
        id={({ RotationDate, RotationType }) => `${RotationDate?.toISOString() ?? ""} ${RotationType ?? ""}`}
        empty="The key has not been rotated."
        columns={[
          { id: "date", header: "Date", cell: ({ RotationDate }) => when(RotationDate), value: ({ RotationDate }) => RotationDate?.getTime() },
          { id: "type", header: "Type", cell: ({ RotationType }) => (RotationType === "ON_DEMAND" ? "On-demand" : "Automatic"), value: ({ RotationType }) => RotationType },
        ]}
        actions={() => <Button loading={rotate.isPending} onClick={() => rotate.mutate(undefined)}>Rotate now</Button>}
      />
    </SpaceBetween>
  );
}

function EditRotation({ id, on, days, close }: { id: string; on: boolean; days: number; close: () => void }) {
  const [enabled, setEnabled] = useState(on);
  const [period, setPeriod] = useState(String(days));
  const save = useAct({
    what: "Edit automatic key rotation",
    run: () => (enabled ? kms().send(new EnableKeyRotationCommand({ KeyId: id, RotationPeriodInDays: Number(period) })) : kms().send(new DisableKeyRotationCommand({ KeyId: id }))),
    done: () => `Automatic key rotation ${enabled ? "enabled" : "disabled"}.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Edit automatic key rotation" action="Save" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <Checkbox checked={enabled} onChange={({ detail }) => setEnabled(detail.checked)}>Enable automatic key rotation</Checkbox>
      {enabled && (
        <FormField label="Rotation period (in days)" constraintText="Between 90 and 2560 days.">
          <Input type="number" value={period} onChange={({ detail }) => setPeriod(detail.value)} />
        </FormField>
      )}
    </FormModal>
  );
}
