// What a secondary index is made of.
import type { AttributeDefinition, KeySchemaElement, Projection, ScalarAttributeType } from "@aws-sdk/client-dynamodb";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";

export interface KeyPart {
  name: string;
  type: ScalarAttributeType;
}

export interface WantedIndex {
  local: boolean;
  name: string;
  partition: KeyPart;
  sort: KeyPart;
  projection: "ALL" | "KEYS_ONLY" | "INCLUDE";
  attributes: string;
}

export const NEW_INDEX: WantedIndex = { local: false, name: "", partition: { name: "", type: "S" }, sort: { name: "", type: "S" }, projection: "ALL", attributes: "" };

const TYPES = [{ value: "S", label: "String" }, { value: "N", label: "Number" }, { value: "B", label: "Binary" }];

export function KeyInput({ label, value, onChange, placeholder = "" }: { label: string; value: KeyPart; onChange: (value: KeyPart) => void; placeholder?: string }) {
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="end">
      <FormField label={label}>
        <Input value={value.name} placeholder={placeholder} onChange={({ detail }) => onChange({ ...value, name: detail.value })} />
      </FormField>
      <Select
        ariaLabel={`${label}: type`}
        selectedOption={TYPES.find((type) => type.value === value.type) ?? null}
        options={TYPES}
        onChange={({ detail }) => onChange({ ...value, type: detail.selectedOption.value as ScalarAttributeType })}
      />
    </SpaceBetween>
  );
}

export function IndexFields({ value, onChange }: { value: WantedIndex; onChange: (value: WantedIndex) => void }) {
  const set = (part: Partial<WantedIndex>) => onChange({ ...value, ...part });
  return (
    <SpaceBetween size="m">
      {!value.local && <KeyInput label="Index partition key" value={value.partition} onChange={(partition) => set({ partition })} placeholder="Enter the partition key name" />}
      <KeyInput label={value.local ? "Index sort key" : "Index sort key - optional"} value={value.sort} onChange={(sort) => set({ sort })} placeholder="Enter the sort key name" />
      <FormField label="Index name" constraintText="Between 3 and 255 characters. A-Z, a-z, 0-9, underscores, hyphens, and periods.">
        <Input value={value.name} onChange={({ detail }) => set({ name: detail.value })} />
      </FormField>
      <FormField label="Attribute projections" stretch>
        <RadioGroup
          ariaLabel="Attribute projections"
          value={value.projection}
          onChange={({ detail }) => set({ projection: detail.value as WantedIndex["projection"] })}
          items={[
            { value: "ALL", label: "All", description: "All of the table attributes are projected into the index." },
            { value: "KEYS_ONLY", label: "Only keys", description: "Only the index and primary keys are projected into the index." },
            { value: "INCLUDE", label: "Include", description: "All attributes described in \"Only keys\" and other non-key attributes that you specify." },
          ]}
        />
      </FormField>
      {value.projection === "INCLUDE" && (
        <FormField label="Additional attributes" constraintText="Names with commas between them">
          <Input value={value.attributes} onChange={({ detail }) => set({ attributes: detail.value })} />
        </FormField>
      )}
    </SpaceBetween>
  );
}

export function isComplete({ local, name, partition, sort, projection, attributes }: WantedIndex): boolean {
  return name.length >= 3 && (local ? sort.name !== "" : partition.name !== "") && (projection !== "INCLUDE" || attributes.trim() !== "");
}

export function schemaOf(partition: string, sort: string): KeySchemaElement[] {
  return [{ AttributeName: partition, KeyType: "HASH" }, ...(sort === "" ? [] : [{ AttributeName: sort, KeyType: "RANGE" as const }])];
}

export function projectionOf({ projection, attributes }: WantedIndex): Projection {
  return { ProjectionType: projection, ...(projection === "INCLUDE" && { NonKeyAttributes: attributes.split(",").map((name) => name.trim()).filter((name) => name !== "") }) };
}

/** Each attribute once. */
export function definitionsOf(parts: readonly KeyPart[]): AttributeDefinition[] {
  const types = new Map(parts.filter(({ name }) => name !== "").map(({ name, type }) => [name, type]));
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}
