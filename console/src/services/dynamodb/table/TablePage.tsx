import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useAct } from "../../../aws/queries";
import { Monitor, type Monitored } from "../../../components/metrics/Monitor";
import { Page } from "../../../components/Page";
import { PageTabs } from "../../../components/PageTabs";
import { ReadFailed } from "../../../components/ReadFailed";
import { DeleteTable } from "../DeleteTable";
import { crumbsOf, dynamodb, useTable } from "../read";
import { Backups } from "./Backups";
import { EditCapacity } from "./EditCapacity";
import { Indexes } from "./Indexes";
import { Overview } from "./Overview";
import { Permissions } from "./Permissions";
import { Settings } from "./Settings";
import { Streams } from "./Streams";

const GRAPHS: Monitored["graphs"] = [
  { title: "Read usage (units)", lines: [["ConsumedReadCapacityUnits", "Sum", "Consumed"], ["ProvisionedReadCapacityUnits", "Average", "Provisioned"]] },
  { title: "Write usage (units)", lines: [["ConsumedWriteCapacityUnits", "Sum", "Consumed"], ["ProvisionedWriteCapacityUnits", "Average", "Provisioned"]] },
  { title: "Conditional check failed", lines: [["ConditionalCheckFailedRequests", "Sum"]] },
  { title: "Transaction conflicts", lines: [["TransactionConflict", "Sum"]] },
  { title: "TTL deleted items", lines: [["TimeToLiveDeletedItemCount", "Sum"]] },
];

export default function TablePage() {
  const { table: name = "" } = useParams();
  const navigate = useNavigate();
  const read = useTable(name);
  const [asking, setAsking] = useState<"delete" | "capacity">();
  const remove = useAct({
    what: "Delete table",
    run: () => dynamodb().send(new DeleteTableCommand({ TableName: name })),
    done: () => `The request to delete the "${name}" table has been submitted successfully.`,
    after: () => void navigate("/dynamodb/tables"),
  });
  const table = read.data;
  return (
    <Page
      title={name}
      crumbs={crumbsOf(name)}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ButtonDropdown
            items={[
              { id: "item", text: "Create item" },
              { id: "index", text: "Create index" },
              { id: "capacity", text: "Edit capacity" },
              { id: "delete", text: "Delete table" },
            ]}
            onItemClick={({ detail: { id } }) => {
              if (id === "item") void navigate(`/dynamodb/edit-item?table=${name}`);
              else if (id === "index") void navigate(`/dynamodb/tables/${name}/create-index`);
              else setAsking(id === "delete" ? "delete" : "capacity");
            }}
          >
            Actions
          </ButtonDropdown>
          <Button variant="primary" onClick={() => void navigate(`/dynamodb/explore?table=${name}`)}>Explore table items</Button>
        </SpaceBetween>
      }
    >
      <ReadFailed error={read.error} what="table" />
      {table !== undefined && (
        <PageTabs
          label="Table"
          tabs={[
            { id: "overview", label: "Overview", content: <Overview table={table} /> },
            { id: "indexes", label: "Indexes", content: <Indexes table={table} /> },
            { id: "monitor", label: "Monitor", content: <Monitor namespace="AWS/DynamoDB" dimensions={[{ name: "TableName", value: name }]} graphs={GRAPHS} none="There are no metrics of this table yet: they are written as items are read and written." /> },
            { id: "backups", label: "Backups", content: <Backups table={name} /> },
            { id: "streams", label: "Exports and streams", content: <Streams table={table} /> },
            { id: "permissions", label: "Permissions", content: <Permissions table={table} /> },
            { id: "settings", label: "Additional settings", content: <Settings table={table} /> },
          ]}
        />
      )}
      {asking === "delete" && table !== undefined && <DeleteTable table={table} busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={() => setAsking(undefined)} />}
      {asking === "capacity" && table !== undefined && <EditCapacity table={table} close={() => setAsking(undefined)} />}
    </Page>
  );
}
