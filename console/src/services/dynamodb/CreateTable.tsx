import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import Tiles from "@cloudscape-design/components/tiles";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useAct } from "../../aws/queries";
import { writtenTags } from "../../aws/tags";
import { FormModal } from "../../components/FormModal";
import { FormPage } from "../../components/FormPage";
import { Properties } from "../../components/Properties";
import { ResourceTable } from "../../components/ResourceTable";
import { type Encryption, EncryptionChoice, sseOf } from "./encryption";
import { definitionsOf, IndexFields, isComplete, KeyInput, type KeyPart, NEW_INDEX, projectionOf, schemaOf, type WantedIndex } from "./IndexFields";
import { dynamodb, keyText } from "./read";

const NO_KEY: KeyPart = { name: "", type: "S" };
const OWNED: Encryption = { how: "owned", key: "" };

export default function CreateTable() {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [partition, setPartition] = useState(NO_KEY);
  const [sort, setSort] = useState(NO_KEY);
  const [custom, setCustom] = useState(false);
  const [mode, setMode] = useState("PAY_PER_REQUEST");
  const [reads, setReads] = useState("5");
  const [writes, setWrites] = useState("5");
  const [indexes, setIndexes] = useState<readonly WantedIndex[]>([]);
  const [adding, setAdding] = useState<WantedIndex>();
  const [encryption, setEncryption] = useState(OWNED);
  const [isProtected, setProtected] = useState(false);
  const [tags, setTags] = useState<readonly TagEditorProps.Tag[]>([]);
  const [tagsValid, setTagsValid] = useState(true);
  // What was customized and then hidden again by "Default settings" is not meant.
  const used = custom ? { mode, indexes, encryption, isProtected } : { mode: "PAY_PER_REQUEST", indexes: [], encryption: OWNED, isProtected: false };
  const throughput = used.mode === "PROVISIONED" ? { ProvisionedThroughput: { ReadCapacityUnits: Number(reads), WriteCapacityUnits: Number(writes) } } : {};
  const create = useAct({
    what: "Create table",
    run: () => {
      const global = used.indexes.filter(({ local }) => !local);
      const local = used.indexes.filter((index) => index.local);
      return dynamodb().send(new CreateTableCommand({
        TableName: name,
        AttributeDefinitions: definitionsOf([partition, sort, ...used.indexes.flatMap((index) => (index.local ? [index.sort] : [index.partition, index.sort]))]),
        KeySchema: schemaOf(partition.name, sort.name),
        BillingMode: used.mode === "PROVISIONED" ? "PROVISIONED" : "PAY_PER_REQUEST",
        ...throughput,
        ...(global.length > 0 && {
          GlobalSecondaryIndexes: global.map((index) => ({ IndexName: index.name, KeySchema: schemaOf(index.partition.name, index.sort.name), Projection: projectionOf(index), ...throughput })),
        }),
        ...(local.length > 0 && {
          LocalSecondaryIndexes: local.map((index) => ({ IndexName: index.name, KeySchema: schemaOf(partition.name, index.sort.name), Projection: projectionOf(index) })),
        }),
        ...(used.encryption.how !== "owned" && { SSESpecification: sseOf(used.encryption) }),
        ...(used.isProtected && { DeletionProtectionEnabled: true }),
        ...(tags.length > 0 && { Tags: writtenTags(tags) }),
      }));
    },
    done: () => `The "${name}" table was created successfully.`,
    after: () => void navigate("/dynamodb/tables"),
    quiet: true,
  });
  return (
    <>
    <FormPage
      title="Create table"
      crumbs={[{ text: "DynamoDB", href: "/dynamodb" }, { text: "Tables", href: "/dynamodb/tables" }, { text: "Create table", href: "/dynamodb/create-table" }]}
      action="Create table"
      busy={create.isPending}
      error={create.error}
      disabled={name === "" || partition.name === "" || !tagsValid}
      onSubmit={() => create.mutate(undefined)}
      onCancel={() => void navigate("/dynamodb/tables")}
    >
      <Container header={<Header variant="h2" description="DynamoDB is a schemaless database that requires only a table name and a primary key when you create the table.">Table details</Header>}>
        <SpaceBetween size="m">
          <FormField label="Table name" constraintText="Between 3 and 255 characters, containing only letters, numbers, underscores (_), hyphens (-), and periods (.).">
            <Input value={name} placeholder="Enter name for table" onChange={({ detail }) => setName(detail.value)} autoFocus />
          </FormField>
          <KeyInput label="Partition key" value={partition} onChange={setPartition} placeholder="Enter the partition key name" />
          <KeyInput label="Sort key - optional" value={sort} onChange={setSort} placeholder="Enter the sort key name" />
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">Table settings</Header>}>
        <Tiles
          ariaLabel="Table settings"
          value={custom ? "custom" : "default"}
          onChange={({ detail }) => setCustom(detail.value === "custom")}
          items={[
            { value: "default", label: "Default settings", description: "The fastest way to create your table. On-demand capacity, no indexes, encryption by a key of DynamoDB." },
            { value: "custom", label: "Customize settings", description: "Use these advanced features to make DynamoDB work better for your needs." },
          ]}
        />
      </Container>
      {custom && (
        <>
          <Container header={<Header variant="h2">Read/write capacity settings</Header>}>
            <SpaceBetween size="m">
              <RadioGroup ariaLabel="Capacity mode" value={mode} onChange={({ detail }) => setMode(detail.value)} items={[
                { value: "PAY_PER_REQUEST", label: "On-demand", description: "Simplify billing by paying for the actual reads and writes your application performs." },
                { value: "PROVISIONED", label: "Provisioned", description: "Manage and optimize your costs by allocating read/write capacity in advance." },
              ]} />
              {mode === "PROVISIONED" && <Capacity reads={reads} writes={writes} onReads={setReads} onWrites={setWrites} />}
            </SpaceBetween>
          </Container>
          <ResourceTable
            title="Secondary indexes"
            items={indexes}
            loading={false}
            id={(index) => index.name}
            select="single"
            columns={[
              { id: "name", header: "Name", cell: (index) => index.name },
              { id: "type", header: "Type", cell: ({ local }) => (local ? "LSI" : "GSI") },
              { id: "partition", header: "Partition key", cell: (index) => { const key = index.local ? partition : index.partition; return keyText(key.name, key.type); } },
              { id: "sort", header: "Sort key", cell: (index) => keyText(index.sort.name, index.sort.type) },
              { id: "projection", header: "Projected attributes", cell: ({ projection }) => projection },
            ]}
            actions={([index]) => (
              <SpaceBetween direction="horizontal" size="xs">
                <Button formAction="none" disabled={index === undefined} onClick={() => setIndexes(indexes.filter((it) => it !== index))}>Delete</Button>
                <Button formAction="none" onClick={() => setAdding({ ...NEW_INDEX, local: true })} disabled={sort.name === ""}>Create local index</Button>
                <Button formAction="none" onClick={() => setAdding(NEW_INDEX)}>Create global index</Button>
              </SpaceBetween>
            )}
          />
          <Container header={<Header variant="h2">Encryption at rest</Header>}><EncryptionChoice value={encryption} onChange={setEncryption} /></Container>
          <Container header={<Header variant="h2">Deletion protection</Header>}>
            <Checkbox checked={isProtected} onChange={({ detail }) => setProtected(detail.checked)}>Turn on deletion protection</Checkbox>
          </Container>
        </>
      )}
      {!custom && (
        <Container header={<Header variant="h2">Default table settings</Header>}>
          <Properties of={[["Capacity mode", "On-demand"], ["Encryption key management", "Owned by Amazon DynamoDB"], ["Deletion protection", "Off"]]} />
        </Container>
      )}
      <Container header={<Header variant="h2">Tags</Header>}>
        <TagEditor tags={tags} tagLimit={50} onChange={({ detail }) => { setTags(detail.tags); setTagsValid(detail.valid); }} />
      </Container>
    </FormPage>
      {adding !== undefined && (
        <FormModal title={adding.local ? "New local secondary index" : "New global secondary index"} action="Create index" busy={false}
          disabled={!isComplete(adding) || indexes.some((index) => index.name === adding.name)}
          onSubmit={() => { setIndexes([...indexes, adding]); setAdding(undefined); }} onCancel={() => setAdding(undefined)}>
          <IndexFields value={adding} onChange={setAdding} />
        </FormModal>
      )}
    </>
  );
}

export function Capacity({ reads, writes, onReads, onWrites }: { reads: string; writes: string; onReads: (value: string) => void; onWrites: (value: string) => void }) {
  return (
    <SpaceBetween direction="horizontal" size="m">
      <FormField label="Provisioned read capacity units"><Input type="number" value={reads} onChange={({ detail }) => onReads(detail.value)} /></FormField>
      <FormField label="Provisioned write capacity units"><Input type="number" value={writes} onChange={({ detail }) => onWrites(detail.value)} /></FormField>
    </SpaceBetween>
  );
}
