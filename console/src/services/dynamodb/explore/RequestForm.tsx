import type { TableDescription } from "@aws-sdk/client-dynamodb";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { keyText } from "../read";
import { ALL_ITEMS, type Condition, CONDITIONS, type Filter, indexed, type Request, SORT_CONDITIONS } from "./request";

const TYPES = [["S", "String"], ["N", "Number"], ["B", "Binary"], ["BOOL", "Boolean"], ["NULL", "Null"]] as const;

export function RequestForm({ table, onRun, busy }: { table: TableDescription; onRun: (request: Request) => void; busy: boolean }) {
  const [request, setRequest] = useState(ALL_ITEMS);
  const set = (part: Partial<Request>) => setRequest({ ...request, ...part });
  const keys = indexed(table, request.index);
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])].map(({ IndexName = "" }) => IndexName);
  const options = [{ value: "", label: `Table - ${table.TableName ?? ""}` }, ...indexes.map((name) => ({ value: name, label: `Index - ${name}` }))];
  return (
    <ExpandableSection variant="container" defaultExpanded headerText="Scan or query items" headerDescription="Expand to query or scan items.">
      <form onSubmit={(event) => { event.preventDefault(); onRun(request); }}>
        <SpaceBetween size="m">
          <RadioGroup ariaLabel="Scan or query items" direction="horizontal" value={request.query ? "query" : "scan"} onChange={({ detail }) => set({ query: detail.value === "query" })}
            items={[{ value: "scan", label: "Scan" }, { value: "query", label: "Query" }]} />
          <SpaceBetween direction="horizontal" size="m">
            <FormField label="Select a table or index">
              <Select selectedOption={options.find(({ value }) => value === request.index) ?? null} options={options} onChange={({ detail }) => set({ index: detail.selectedOption.value ?? "" })} />
            </FormField>
            <FormField label="Select attribute projection" description="Names with commas between them; empty for all attributes.">
              <Input value={request.attributes} placeholder="All attributes" onChange={({ detail }) => set({ attributes: detail.value })} />
            </FormField>
          </SpaceBetween>
          {request.query && (
            <>
              <FormField label={`Partition key: ${keyText(keys.partition, keys.partitionType)}`}>
                <Input value={request.partition} placeholder="Enter partition key value" onChange={({ detail }) => set({ partition: detail.value })} />
              </FormField>
              {keys.sort !== undefined && (
                <FormField label={`Sort key - optional: ${keyText(keys.sort, keys.sortType)}`}>
                  <Compared label="Sort key" conditions={SORT_CONDITIONS} value={request.sort} onChange={(sort) => set({ sort })} />
                </FormField>
              )}
              <Checkbox checked={request.descending} onChange={({ detail }) => set({ descending: detail.checked })}>Sort descending</Checkbox>
            </>
          )}
          <Filters filters={request.filters} onChange={(filters) => set({ filters })} />
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="primary" loading={busy} disabled={request.query && request.partition === ""}>Run</Button>
            <Button formAction="none" onClick={() => { setRequest(ALL_ITEMS); onRun(ALL_ITEMS); }}>Reset</Button>
          </SpaceBetween>
        </SpaceBetween>
      </form>
    </ExpandableSection>
  );
}

function Filters({ filters, onChange }: { filters: readonly Filter[]; onChange: (filters: Filter[]) => void }) {
  const set = (at: number, part: Partial<Filter>) => onChange(filters.map((filter, index) => (index === at ? { ...filter, ...part } : filter)));
  return (
    <ExpandableSection headerText={`Filters - optional (${filters.length})`} defaultExpanded={false}>
      <SpaceBetween size="s">
        {filters.map((filter, at) => (
          <SpaceBetween key={at} direction="horizontal" size="xs" alignItems="end">
            <FormField label="Attribute name"><Input ariaLabel={`Attribute name of filter ${at + 1}`} value={filter.name} onChange={({ detail }) => set(at, { name: detail.value })} /></FormField>
            <FormField label="Type">
              <Select
                ariaLabel={`Type of filter ${at + 1}`}
                selectedOption={{ value: filter.type, label: TYPES.find(([id]) => id === filter.type)?.[1] ?? filter.type }}
                options={TYPES.map(([value, label]) => ({ value, label }))}
                onChange={({ detail }) => set(at, { type: detail.selectedOption.value ?? "S" })}
              />
            </FormField>
            <Compared label={`Filter ${at + 1}`} conditions={CONDITIONS.map(([id]) => id)} value={filter} onChange={(part) => set(at, part)} />
            <Button formAction="none" ariaLabel={`Remove filter ${at + 1}`} onClick={() => onChange(filters.filter((_, index) => index !== at))}>Remove</Button>
          </SpaceBetween>
        ))}
        <Button formAction="none" onClick={() => onChange([...filters, { name: "", type: "S", condition: "=", value: "", to: "" }])}>Add filter</Button>
      </SpaceBetween>
    </ExpandableSection>
  );
}

interface Comparison {
  condition: Condition;
  value: string;
  to: string;
}

function Compared({ label, conditions, value, onChange }: { label: string; conditions: readonly Condition[]; value: Comparison; onChange: (value: Comparison) => void }) {
  const options = CONDITIONS.filter(([id]) => conditions.includes(id)).map(([id, text]) => ({ value: id, label: text }));
  const { condition, value: text, to } = value;
  const set = (part: Partial<Comparison>) => onChange({ condition, value: text, to, ...part });
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Select ariaLabel={`${label}: condition`} selectedOption={options.find((option) => option.value === condition) ?? null} options={options}
        onChange={({ detail }) => set({ condition: detail.selectedOption.value as Condition })} />
      {condition !== "exists" && condition !== "not-exists" && <Input ariaLabel={`${label}: value`} placeholder="Enter value" value={text} onChange={({ detail }) => set({ value: detail.value })} />}
      {condition === "between" && <Input ariaLabel={`${label}: upper value`} placeholder="Enter value" value={to} onChange={({ detail }) => set({ to: detail.value })} />}
    </SpaceBetween>
  );
}
