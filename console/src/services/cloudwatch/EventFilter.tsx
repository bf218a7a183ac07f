import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";

const RANGES: readonly { value: string; label: string; minutes: number | undefined }[] = [
  { value: "all", label: "All time", minutes: undefined },
  { value: "1", label: "Last minute", minutes: 1 },
  { value: "30", label: "Last 30 minutes", minutes: 30 },
  { value: "60", label: "Last hour", minutes: 60 },
  { value: "720", label: "Last 12 hours", minutes: 720 },
];

/** A filter pattern and a time range; `apply` is told when they are to be used. */
export function EventFilter({ pattern, apply }: { pattern: string; apply: (pattern: string, from: number | undefined) => void }) {
  const [typed, setTyped] = useState(pattern);
  const [range, setRange] = useState("all");
  const submit = (value = range) => {
    const minutes = RANGES.find((one) => one.value === value)?.minutes;
    apply(typed, minutes === undefined ? undefined : Date.now() - minutes * 60_000);
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <Grid gridDefinition={[{ colspan: 7 }, { colspan: 3 }, { colspan: 2 }]}>
        <FormField label="Filter events" constraintText='A word, "some words", ?any ?of, -not, or { $.field = "value" } for JSON. Press Enter to search.'>
          <Input value={typed} type="search" onChange={({ detail }) => setTyped(detail.value)} placeholder='"revoking for"' />
        </FormField>
        <FormField label="Time range">
          <Select
            options={RANGES.map(({ value, label }) => ({ value, label }))}
            selectedOption={RANGES.find(({ value }) => value === range) ?? null}
            onChange={({ detail }) => {
              const value = detail.selectedOption.value ?? "all";
              setRange(value);
              submit(value);
            }}
          />
        </FormField>
        <FormField label="&nbsp;"><Button>Search</Button></FormField>
      </Grid>
    </form>
  );
}
