import { CloudWatchLogsClient, DeleteRetentionPolicyCommand, type LogGroup, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";

/** The days that PutRetentionPolicy takes. */
const DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

export function retentionText(days: number | undefined): string {
  return days === undefined ? "Never expire" : days === 1 ? "1 day" : `${days} days`;
}

export function Retention({ group, close }: { group: LogGroup; close: () => void }) {
  const [days, setDays] = useState(group.retentionInDays);
  const save = useAct({
    what: "Edit retention setting",
    run: async () => {
      const logs = client(CloudWatchLogsClient);
      const { logGroupName } = group;
      if (days === undefined) await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
      else await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: days }));
    },
    done: () => `Retention of ${group.logGroupName}: ${retentionText(days)}.`,
    after: close,
    quiet: true,
  });
  const options = [undefined, ...DAYS].map((value) => ({ value: String(value ?? ""), label: retentionText(value) }));
  return (
    <FormModal title="Edit retention setting" action="Save" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="Expire events after">
        <Select
          options={options} selectedOption={options.find(({ value }) => value === String(days ?? "")) ?? null}
          onChange={({ detail }) => setDays(detail.selectedOption.value === "" ? undefined : Number(detail.selectedOption.value))}
        />
      </FormField>
    </FormModal>
  );
}
