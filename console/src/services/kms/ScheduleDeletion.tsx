import { CancelKeyDeletionCommand, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import Alert from "@cloudscape-design/components/alert";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { kms } from "./read";

export function ScheduleDeletion({ ids, close }: { ids: readonly string[]; close: () => void }) {
  const [days, setDays] = useState("30");
  const [confirmed, setConfirmed] = useState(false);
  const schedule = useAct({
    what: "Schedule key deletion",
    run: async () => {
      for (const KeyId of ids) await kms().send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: Number(days) }));
    },
    done: () => `${ids.length} ${ids.length === 1 ? "key is" : "keys are"} scheduled for deletion in ${days} days.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Schedule key deletion" action="Schedule deletion" busy={schedule.isPending} error={schedule.error} disabled={!confirmed} onSubmit={() => schedule.mutate(undefined)} onCancel={close}>
      <Alert type="warning">Deleting a KMS key makes all data encrypted under that key unrecoverable. Until the waiting period is over, the deletion can be canceled.</Alert>
      <FormField label="Waiting period (in days)" constraintText="Enter a waiting period between 7 and 30 days.">
        <Input type="number" value={days} onChange={({ detail }) => setDays(detail.value)} />
      </FormField>
      <Checkbox checked={confirmed} onChange={({ detail }) => setConfirmed(detail.checked)}>
        {`Confirm that you want to schedule ${ids.length === 1 ? "this key" : `these ${ids.length} keys`} for deletion.`}
      </Checkbox>
    </FormModal>
  );
}

export function useCancelDeletion() {
  return useAct({
    what: "Cancel key deletion",
    run: async (ids: readonly string[]) => {
      for (const KeyId of ids) await kms().send(new CancelKeyDeletionCommand({ KeyId }));
    },
    done: (_, ids) => `Deletion of ${ids.length} ${ids.length === 1 ? "key" : "keys"} canceled. Enable ${ids.length === 1 ? "it" : "them"} to use ${ids.length === 1 ? "it" : "them"} again.`,
  });
}
