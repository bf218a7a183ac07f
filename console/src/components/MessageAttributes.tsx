// Attributes of a message to a queue or topic.
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";

export interface MessageAttribute {
  name: string;
  type: string;
  value: string;
}

/** `types` are those that the service knows; binary values are written in base64. */
export function MessageAttributes({ value, onChange, types = ["String", "Number", "Binary"] }: {
  value: readonly MessageAttribute[];
  onChange: (value: MessageAttribute[]) => void;
  types?: readonly string[];
}) {
  const set = (at: number, part: Partial<MessageAttribute>) => onChange(value.map((it, index) => (index === at ? { ...it, ...part } : it)));
  return (
    <FormField label="Message attributes - optional" stretch>
      <AttributeEditor
        items={value}
        addButtonText="Add new attribute"
        removeButtonText="Remove"
        empty="No attributes are added."
        onAddButtonClick={() => onChange([...value, { name: "", type: "String", value: "" }])}
        onRemoveButtonClick={({ detail }) => onChange(value.filter((_, at) => at !== detail.itemIndex))}
        definition={[
          { label: "Name", control: (it, at) => <Input ariaLabel={`Name of attribute ${at + 1}`} value={it.name} placeholder="Enter name" onChange={({ detail }) => set(at, { name: detail.value })} /> },
          {
            label: "Type",
            control: (it, at) => (
              <Select ariaLabel={`Type of attribute ${at + 1}`} selectedOption={{ value: it.type, label: it.type }} options={types.map((type) => ({ value: type, label: type }))}
                onChange={({ detail }) => set(at, { type: detail.selectedOption.value ?? "String" })} />
            ),
          },
          { label: "Value", control: (it, at) => <Input ariaLabel={`Value of attribute ${at + 1}`} value={it.value} placeholder={it.type === "Binary" ? "Base64" : "Enter value"} onChange={({ detail }) => set(at, { value: detail.value })} /> },
        ]}
      />
    </FormField>
  );
}

/** As SQS and SNS take them. */
export function valuesOf(attributes: readonly MessageAttribute[]): Record<string, { DataType: string; StringValue?: string; BinaryValue?: Uint8Array }> {
  return Object.fromEntries(attributes.map(({ name, type, value }) => [
    name,
    type === "Binary" ? { DataType: type, BinaryValue: Uint8Array.from(atob(value), (letter) => letter.charCodeAt(0)) } : { DataType: type, StringValue: value },
  ]));
}
