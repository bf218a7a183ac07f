// The item editor's form: attributes, and attributes within maps and lists.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { node, type Node, type Type, TYPES } from "./tree";

export function Attributes({ nodes, onChange, keys = [], keysFixed = false, inList = false, path = "" }: {
  nodes: readonly Node[];
  onChange: (nodes: Node[]) => void;
  /** The names of the item's key, which cannot be removed. */
  keys?: readonly string[];
  /** Whether the key's values stay as they are. */
  keysFixed?: boolean;
  inList?: boolean;
  path?: string;
}) {
  const set = (id: number, part: Partial<Node>) => onChange(nodes.map((it) => (it.id === id ? { ...it, ...part } : it)));
  return (
    <SpaceBetween size="s">
      {nodes.map((it, at) => {
        const isKey = keys.includes(it.name);
        const name = inList ? String(at) : it.name;
        const label = path === "" ? name : `${path}.${name}`;
        return (
          <div key={it.id}>
            <SpaceBetween direction="horizontal" size="xs">
              {inList ? <Box padding="xs">{at}</Box> : (
                <Input ariaLabel={`Attribute name ${label}`} placeholder="Attribute name" value={it.name} disabled={isKey} onChange={({ detail }) => set(it.id, { name: detail.value })} />
              )}
              <Value node={it} label={label} disabled={isKey && keysFixed} set={(part) => set(it.id, part)} />
              <Select
                ariaLabel={`Type of ${label}`}
                disabled={isKey}
                selectedOption={{ value: it.type, label: TYPES.find(([id]) => id === it.type)?.[1] ?? it.type }}
                options={TYPES.map(([value, text]) => ({ value, label: text }))}
                onChange={({ detail }) => set(it.id, { type: detail.selectedOption.value as Type, children: [] })}
              />
              <Button formAction="none" ariaLabel={`Remove ${label}`} disabled={isKey} onClick={() => onChange(nodes.filter(({ id }) => id !== it.id))}>Remove</Button>
            </SpaceBetween>
            {(it.type === "M" || it.type === "L") && (
              <Box padding={{ left: "xl", top: "xs" }}>
                <Attributes nodes={it.children} inList={it.type === "L"} path={label} onChange={(children) => set(it.id, { children })} />
              </Box>
            )}
          </div>
        );
      })}
      <ButtonDropdown
        items={TYPES.map(([id, text]) => ({ id, text }))}
        ariaLabel={path === "" ? "Add new attribute" : `Add new attribute to ${path}`}
        onItemClick={({ detail }) => onChange([...nodes, node(inList ? "" : "NewValue", detail.id as Type, detail.id === "BOOL" ? "true" : "")])}
      >
        Add new attribute
      </ButtonDropdown>
    </SpaceBetween>
  );
}

function Value({ node: { type, text, children }, label, disabled, set }: { node: Node; label: string; disabled: boolean; set: (part: Partial<Node>) => void }) {
  switch (type) {
    case "M":
    case "L":
      return <Box padding="xs" color="text-body-secondary">{`${children.length} ${children.length === 1 ? "attribute" : "attributes"}`}</Box>;
    case "NULL":
      return <Box padding="xs" color="text-body-secondary">{"<null>"}</Box>;
    case "BOOL":
      return (
        <Select
          ariaLabel={`Value of ${label}`}
          selectedOption={{ value: text, label: text === "true" ? "True" : "False" }}
          options={[{ value: "true", label: "True" }, { value: "false", label: "False" }]}
          onChange={({ detail }) => set({ text: detail.selectedOption.value ?? "true" })}
        />
      );
    case "SS":
    case "NS":
    case "BS":
      return <Textarea ariaLabel={`Values of ${label}, one a line`} placeholder="One value a line" rows={3} value={text} onChange={({ detail }) => set({ text: detail.value })} />;
    default:
      return <Input ariaLabel={`Value of ${label}`} placeholder={type === "B" ? "Base64" : "Value"} value={text} disabled={disabled} onChange={({ detail }) => set({ text: detail.value })} />;
  }
}
