import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import type { PutObjectCommandInput } from "@aws-sdk/client-s3";

export interface MetadataRow {
  type: "system" | "user";
  key: string;
  value: string;
}

/** Headers that S3 keeps with an object, by the SDK's names. */
export const SYSTEM = {
  "Content-Type": "ContentType",
  "Cache-Control": "CacheControl",
  "Content-Disposition": "ContentDisposition",
  "Content-Encoding": "ContentEncoding",
  "Content-Language": "ContentLanguage",
  "x-amz-website-redirect-location": "WebsiteRedirectLocation",
} as const satisfies Record<string, keyof PutObjectCommandInput>;

const PREFIX = "x-amz-meta-";

export function MetadataEditor({ value, onChange }: { value: readonly MetadataRow[]; onChange: (value: MetadataRow[]) => void }) {
  const set = (at: number, part: Partial<MetadataRow>) => onChange(value.map((row, index) => (index === at ? { ...row, ...part } : row)));
  return (
    <AttributeEditor
      items={value}
      addButtonText="Add metadata"
      removeButtonText="Remove"
      empty="No metadata associated with this resource."
      onAddButtonClick={() => onChange([...value, { type: "system", key: "", value: "" }])}
      onRemoveButtonClick={({ detail }) => onChange(value.filter((_, at) => at !== detail.itemIndex))}
      definition={[
        {
          label: "Type",
          control: (row, at) => (
            <Select
              selectedOption={row.type === "user" ? { value: "user", label: "User defined" } : { value: "system", label: "System defined" }}
              options={[{ value: "system", label: "System defined" }, { value: "user", label: "User defined" }]}
              onChange={({ detail }) => set(at, { type: detail.selectedOption.value === "user" ? "user" : "system", key: detail.selectedOption.value === "user" ? PREFIX : "" })}
            />
          ),
        },
        {
          label: "Key",
          control: (row, at) =>
            row.type === "user" ? (
              <Input value={row.key} placeholder={`${PREFIX}key`} onChange={({ detail }) => set(at, { key: detail.value })} />
            ) : (
              <Select
                selectedOption={row.key === "" ? null : { value: row.key, label: row.key }}
                placeholder="Select key"
                options={Object.keys(SYSTEM).map((key) => ({ value: key, label: key }))}
                onChange={({ detail }) => set(at, { key: detail.selectedOption.value ?? "" })}
              />
            ),
          errorText: (row) => wrongKey(row),
        },
        { label: "Value", control: (row, at) => <Input value={row.value} placeholder="Enter value" onChange={({ detail }) => set(at, { value: detail.value })} />, errorText: wrongValue },
      ]}
    />
  );
}

function wrongKey({ type, key }: MetadataRow): string | undefined {
  if (type !== "user" || key === PREFIX || key === "") return undefined;
  if (!key.startsWith(PREFIX)) return `User-defined keys begin with ${PREFIX}`;
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(key) ? undefined : "Letters, digits and hyphens only";
}

function wrongValue({ value }: MetadataRow): string | undefined {
  // A header has no other letters: what is beyond would have to be encoded by who reads and writes it.
  return /^[\x20-\x7e]*$/.test(value) ? undefined : "US-ASCII characters only";
}

export function wrongMetadata(rows: readonly MetadataRow[]): string | undefined {
  for (const row of rows) {
    const wrong = wrongKey(row) ?? wrongValue(row);
    if (wrong !== undefined) return wrong;
    if (row.key === "" || row.key === PREFIX) return "A key is missing.";
  }
  return undefined;
}

/** The rows as PutObject takes them. */
export function headersOfMetadata(rows: readonly MetadataRow[]) {
  const system: Partial<Record<(typeof SYSTEM)[keyof typeof SYSTEM], string>> = {};
  const Metadata: Record<string, string> = {};
  for (const { type, key, value } of rows) {
    if (type === "user") Metadata[key.slice(PREFIX.length).toLowerCase()] = value;
    else if (key in SYSTEM) system[SYSTEM[key as keyof typeof SYSTEM]] = value;
  }
  return { ...system, ...(Object.keys(Metadata).length > 0 && { Metadata }) };
}

/** The rows of an object that is there. */
export function rowsOf(head: Partial<Record<(typeof SYSTEM)[keyof typeof SYSTEM], string>> & { Metadata?: Record<string, string> }): MetadataRow[] {
  const system = Object.entries(SYSTEM).flatMap(([key, name]): MetadataRow[] => {
    const value = head[name];
    return value === undefined ? [] : [{ type: "system", key, value }];
  });
  return [...system, ...Object.entries(head.Metadata ?? {}).map(([key, value]): MetadataRow => ({ type: "user", key: PREFIX + key, value }))];
}
