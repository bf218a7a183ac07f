import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

const UNITS = [["Seconds", 1], ["Minutes", 60], ["Hours", 3600], ["Days", 86_400]] as const;

/** A number of seconds, said in the unit that fits. */
export function Duration({ label, seconds, onChange, constraint }: { label: string; seconds: string; onChange: (seconds: string) => void; constraint: string }) {
  const fitting = [...UNITS].reverse().find(([, size]) => Number(seconds) >= size && Number(seconds) % size === 0) ?? UNITS[0];
  const [unit, setUnit] = useState<string>(fitting[0]);
  const size = UNITS.find(([name]) => name === unit)?.[1] ?? 1;
  return (
    <FormField label={label} constraintText={constraint}>
      <SpaceBetween direction="horizontal" size="xs">
        <Input ariaLabel={label} type="number" value={seconds === "" ? "" : String(Number(seconds) / size)} onChange={({ detail }) => onChange(detail.value === "" ? "" : String(Math.round(Number(detail.value) * size)))} />
        <Select
          ariaLabel={`${label}: unit`}
          selectedOption={{ value: unit, label: unit }}
          options={UNITS.map(([name]) => ({ value: name, label: name }))}
          onChange={({ detail }) => {
            const next = UNITS.find(([name]) => name === detail.selectedOption.value);
            if (next === undefined) return;
            setUnit(next[0]);
            onChange(String((Number(seconds) / size) * next[1]));
          }}
        />
      </SpaceBetween>
    </FormField>
  );
}
