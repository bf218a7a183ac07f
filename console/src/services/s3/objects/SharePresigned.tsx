import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAct } from "../../../aws/queries";
import { FormModal } from "../../../components/FormModal";
import { copied } from "./ObjectActions";
import { presigned } from "./presign";

const UNITS = { Minutes: 60, Hours: 3600 } as const;
/** A signature of version 4 lives at most so long: seven days. The console of AWS allows twelve hours. */
const LONGEST = 12 * 3600;

export function SharePresigned({ target, close }: { target: { bucket: string; key: string; versionId?: string }; close: () => void }) {
  const [count, setCount] = useState("5");
  const [unit, setUnit] = useState<keyof typeof UNITS>("Minutes");
  const seconds = Math.round(Number(count) * UNITS[unit]);
  const valid = seconds >= 60 && seconds <= LONGEST;
  const share = useAct({
    what: "Create presigned URL",
    run: async () => copied("Presigned URL", await presigned(target, seconds)),
    after: close,
    quiet: true,
  });
  return (
    <FormModal title={`Share "${target.key}" with a presigned URL`} action="Create presigned URL" busy={share.isPending} error={share.error} disabled={!valid}
      onSubmit={() => share.mutate(undefined)} onCancel={close}>
      <FormField
        label="Time interval until the presigned URL expires"
        description="Whoever has the link can read the object until then, with your permissions. It is copied to the clipboard."
        {...(!valid && { errorText: "Between 1 minute and 12 hours." })}
      >
        <SpaceBetween direction="horizontal" size="xs">
          <Input ariaLabel="Number of minutes or hours" type="number" value={count} onChange={({ detail }) => setCount(detail.value)} />
          <Select
            ariaLabel="Unit"
            selectedOption={{ value: unit, label: unit }}
            options={Object.keys(UNITS).map((value) => ({ value, label: value }))}
            onChange={({ detail }) => setUnit(detail.selectedOption.value === "Hours" ? "Hours" : "Minutes")}
          />
        </SpaceBetween>
      </FormField>
    </FormModal>
  );
}
