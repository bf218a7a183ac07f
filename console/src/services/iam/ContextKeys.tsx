import { type ContextEntry, ContextKeyTypeEnum } from "@aws-sdk/client-iam";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";

const TYPES = Object.values(ContextKeyTypeEnum).map((value) => ({ value, label: value }));

/** Values of condition keys for a simulation. */
export function ContextKeys({ suggested, entries, set }: { suggested: readonly string[]; entries: readonly ContextEntry[]; set: (entries: readonly ContextEntry[]) => void }) {
  const edit = (index: number, change: ContextEntry) => set(entries.map((entry, at) => (at === index ? { ...entry, ...change } : entry)));
  const missing = suggested.filter((key) => !entries.some(({ ContextKeyName = "" }) => ContextKeyName.toLowerCase() === key.toLowerCase()));
  return (
    <FormField label="Condition keys" stretch description={missing.length === 0 ? undefined : `The policies ask for: ${missing.join(", ")}`}>
      <AttributeEditor<ContextEntry>
        items={entries}
        addButtonText="Add condition key"
        removeButtonText="Remove"
        empty="No values are given."
        onAddButtonClick={() => set([...entries, { ContextKeyName: missing[0] ?? "", ContextKeyType: "string", ContextKeyValues: [] }])}
        onRemoveButtonClick={({ detail }) => set(entries.filter((_, index) => index !== detail.itemIndex))}
        definition={[
          {
            label: "Key",
            control: (entry, index) => (
              <Autosuggest value={entry.ContextKeyName ?? ""} options={suggested.map((value) => ({ value }))} enteredTextLabel={(text) => `Use: ${text}`} expandToViewport onChange={({ detail }) => edit(index, { ContextKeyName: detail.value })} />
            ),
          },
          {
            label: "Type",
            control: (entry, index) => (
              <Select selectedOption={TYPES.find(({ value }) => value === entry.ContextKeyType) ?? null} options={TYPES} expandToViewport
                onChange={({ detail }) => edit(index, { ContextKeyType: TYPES.find(({ value }) => value === detail.selectedOption.value)?.value })} />
            ),
          },
          {
            label: "Values",
            constraintText: (entry) => (entry.ContextKeyType?.endsWith("List") === true ? "Separated by commas" : undefined),
            control: (entry, index) => (
              <Input value={(entry.ContextKeyValues ?? []).join(",")}
                onChange={({ detail }) => edit(index, { ContextKeyValues: entry.ContextKeyType?.endsWith("List") === true ? detail.value.split(",") : [detail.value] })} />
            ),
          },
        ]}
      />
    </FormField>
  );
}
