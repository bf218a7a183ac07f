// "Create item" and "Edit item": a form, or JSON.
import { type AttributeValue, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useAct, useRead } from "../../../aws/queries";
import { FormPage } from "../../../components/FormPage";
import { ReadFailed } from "../../../components/ReadFailed";
import { TextEditor } from "../../../components/TextEditor";
import { dynamodb, FOLLOWS, type Keys, keysOf, useTable } from "../read";
import { Attributes } from "./Attributes";
import { type Item, isPlain, itemOf, textOf } from "./item";
import { itemOfNodes, node, nodesOf, type Type } from "./tree";

/** Where the page of an item is. `key` is left out for a new one; `duplicate` makes a new one like it. */
export function itemHref(table: string, key?: Item, duplicate = false): string {
  return `/dynamodb/edit-item?table=${encodeURIComponent(table)}${key === undefined ? "" : `&key=${encodeURIComponent(textOf(key, false))}`}${duplicate ? "&duplicate=true" : ""}`;
}

export default function EditItem() {
  const [asked] = useSearchParams();
  const name = asked.get("table") ?? "";
  const key = asked.get("key");
  const table = useTable(name);
  const item = useRead({
    key: ["dynamodb", "item", name, key],
    follows: FOLLOWS,
    enabled: key !== null,
    read: async () => (await dynamodb().send(new GetItemCommand({ TableName: name, Key: itemOf(key ?? "{}", false), ConsistentRead: true }))).Item ?? null,
  });
  if (table.data === undefined) return <ReadFailed error={table.error} what="table" />;
  const keys = keysOf(table.data);
  if (key === null) return <ItemForm table={name} keys={keys} before={undefined} duplicate={false} />;
  if (item.data === null) return <Alert type="warning" header="There is no such item">It was deleted, or its key is another one.</Alert>;
  if (item.data === undefined) return <ReadFailed error={item.error} what="item" />;
  return <ItemForm key={key} table={name} keys={keys} before={item.data} duplicate={asked.get("duplicate") === "true"} />;
}

function ItemForm({ table, keys, before, duplicate }: { table: string; keys: Keys; before: Item | undefined; duplicate: boolean }) {
  const navigate = useNavigate();
  const names = [keys.partition, ...(keys.sort === undefined ? [] : [keys.sort])];
  const [nodes, setNodes] = useState(() => nodesOf(ordered(before, names)).concat(
    before !== undefined ? [] : [node(keys.partition, keys.partitionType as Type), ...(keys.sort === undefined ? [] : [node(keys.sort, (keys.sortType ?? "S") as Type)])],
  ));
  const [form, setForm] = useState(true);
  const [plain, setPlain] = useState(false);
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string>();
  const isNew = before === undefined || duplicate;
  const title = isNew ? "Create item" : "Edit item";
  const back = () => void navigate(`/dynamodb/explore?table=${encodeURIComponent(table)}`);
  const current = (): Item => (form ? itemOfNodes(nodes) : itemOf(text, plain));
  const save = useAct({
    what: title,
    run: () => {
      const Item = current();
      const changedKey = !isNew && names.some((key) => !same(Item[key], before[key]));
      if (changedKey) throw new Error("The key of an item cannot be changed: create another item.");
      return dynamodb().send(new PutItemCommand({
        TableName: table,
        Item,
        // A new item does not silently take the place of another.
        ...(isNew && { ConditionExpression: "attribute_not_exists(#key)", ExpressionAttributeNames: { "#key": keys.partition } }),
      }));
    },
    done: () => (isNew ? "The item has been created successfully." : "The item has been saved successfully."),
    after: back,
    quiet: true,
  });
  /** Goes on in another way of writing; what is written wrong stays as it is. */
  const change = (go: (item: Item) => void) => {
    try {
      const item = current();
      setWrong(undefined);
      go(item);
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <FormPage
      title={title}
      crumbs={[{ text: "DynamoDB", href: "/dynamodb" }, { text: `Explore items: ${table}`, href: `/dynamodb/explore?table=${encodeURIComponent(table)}` }, { text: title, href: "/dynamodb/edit-item" }]}
      description="You can add, remove, or edit the attributes of an item. You can nest attributes inside other attributes up to 32 levels deep."
      action={isNew ? "Create item" : "Save"}
      busy={save.isPending}
      error={save.error}
      onSubmit={() => save.mutate(undefined)}
      onCancel={back}
    >
      <SegmentedControl
        label="Editor"
        selectedId={form ? "form" : "json"}
        options={[{ id: "form", text: "Form" }, { id: "json", text: "JSON view" }]}
        onChange={({ detail }) => change((item) => {
          if (detail.selectedId === "form") setNodes(nodesOf(item));
          else {
            const lossless = Object.values(item).every(isPlain);
            setPlain(lossless && plain);
            setText(textOf(item, lossless && plain));
          }
          setForm(detail.selectedId === "form");
        })}
      />
      {wrong !== undefined && <Alert type="error">{wrong}</Alert>}
      <Container header={<Header variant="h2">Attributes</Header>}>
        {form ? (
          <Attributes nodes={nodes} onChange={setNodes} keys={names} keysFixed={!isNew} />
        ) : (
          <SpaceBetween size="s">
            <Toggle
              checked={!plain}
              onChange={({ detail }) => change((item) => {
                if (!detail.checked && !Object.values(item).every(isPlain)) {
                  throw new Error("Sets and binary values cannot be written in plain JSON: this item is edited as DynamoDB JSON.");
                }
                setPlain(!detail.checked);
                setText(textOf(item, !detail.checked));
              })}
            >
              View DynamoDB JSON
            </Toggle>
            <TextEditor label="Item" language="json" value={text} onChange={setText} height={420} />
          </SpaceBetween>
        )}
      </Container>
    </FormPage>
  );
}

/** The key first. */
function ordered(item: Item | undefined, keys: readonly string[]): Item {
  if (item === undefined) return {};
  const first = keys.flatMap((key): [string, AttributeValue][] => (item[key] === undefined ? [] : [[key, item[key]]]));
  return Object.fromEntries([...first, ...Object.entries(item).filter(([name]) => !keys.includes(name)).sort(([a], [b]) => a.localeCompare(b))]);
}

function same(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a !== undefined && b !== undefined && textOf({ a }, false) === textOf({ a: b }, false);
}
