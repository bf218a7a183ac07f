import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Input from "@cloudscape-design/components/input";

export interface Entry {
  cidr: string;
  description: string;
}

/** Entries of a prefix list. */
export function EntriesEditor({ entries, set }: { entries: readonly Entry[]; set: (entries: readonly Entry[]) => void }) {
  const edit = (index: number, change: Partial<Entry>) => set(entries.map((entry, at) => (at === index ? { ...entry, ...change } : entry)));
  return (
    <AttributeEditor<Entry>
      items={entries}
      addButtonText="Add new entry"
      removeButtonText="Remove"
      empty="No entries"
      onAddButtonClick={() => set([...entries, { cidr: "", description: "" }])}
      onRemoveButtonClick={({ detail }) => set(entries.filter((_, index) => index !== detail.itemIndex))}
      definition={[
        { label: "CIDR blocks", control: (entry, index) => <Input value={entry.cidr} placeholder="10.0.0.0/16" onChange={({ detail }) => edit(index, { cidr: detail.value })} /> },
        { label: <>Description <i>- optional</i></>, control: (entry, index) => <Input value={entry.description} onChange={({ detail }) => edit(index, { description: detail.value })} /> },
      ]}
    />
  );
}
