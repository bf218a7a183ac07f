import { DeleteTableCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useAct } from "../../aws/queries";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { bytes } from "../../components/time";
import { DeleteTable } from "./DeleteTable";
import { dynamodb, isOnDemand, keysOf, keyText, useTables } from "./read";
import { TableState } from "./TableState";

export default function Tables() {
  const navigate = useNavigate();
  const tables = useTables();
  const [deleting, setDeleting] = useState<TableDescription>();
  const remove = useAct({
    what: "Delete table",
    run: (table: TableDescription) => dynamodb().send(new DeleteTableCommand({ TableName: table.TableName })),
    done: (_, table) => `The request to delete the "${table.TableName ?? ""}" table has been submitted successfully.`,
    after: () => setDeleting(undefined),
  });
  return (
    <BarePage crumbs={[{ text: "DynamoDB", href: "/dynamodb" }, { text: "Tables", href: "/dynamodb/tables" }]}>
      <ResourceTable
        title="Tables"
        variant="full-page"
        items={tables.data}
        loading={tables.isLoading}
        error={tables.error}
        id={({ TableName }) => TableName ?? ""}
        select="single"
        empty={<SpaceBetween size="xxs"><b>You have no tables in this account in this AWS Region</b><span>Choose Create table.</span></SpaceBetween>}
        columns={[
          { id: "name", header: "Name", cell: ({ TableName = "" }) => <PageLink href={`/dynamodb/tables/${TableName}`}>{TableName}</PageLink>, value: ({ TableName }) => TableName },
          { id: "status", header: "Status", cell: (table) => <TableState status={table.TableStatus} />, value: ({ TableStatus }) => TableStatus },
          { id: "partition", header: "Partition key", cell: (table) => { const { partition, partitionType } = keysOf(table); return keyText(partition, partitionType); } },
          { id: "sort", header: "Sort key", cell: (table) => { const { sort, sortType } = keysOf(table); return keyText(sort, sortType); } },
          { id: "indexes", header: "Indexes", cell: indexes, value: indexes },
          { id: "protection", header: "Deletion protection", cell: ({ DeletionProtectionEnabled }) => (DeletionProtectionEnabled === true ? "On" : "Off") },
          { id: "mode", header: "Capacity mode", cell: (table) => (isOnDemand(table) ? "On-demand" : "Provisioned") },
          { id: "items", header: "Item count", cell: ({ ItemCount }) => ItemCount ?? "–", value: ({ ItemCount }) => ItemCount },
          { id: "size", header: "Total size", cell: ({ TableSizeBytes }) => bytes(TableSizeBytes), value: ({ TableSizeBytes }) => TableSizeBytes },
        ]}
        actions={([table]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={table === undefined} onClick={() => void navigate(`/dynamodb/explore?table=${table?.TableName ?? ""}`)}>Explore items</Button>
            <Button disabled={table === undefined} onClick={() => setDeleting(table)}>Delete</Button>
            <Button variant="primary" onClick={() => void navigate("/dynamodb/create-table")}>Create table</Button>
          </SpaceBetween>
        )}
      />
      {deleting !== undefined && <DeleteTable table={deleting} busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting(undefined)} />}
    </BarePage>
  );
}

function indexes({ GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] }: TableDescription): number {
  return GlobalSecondaryIndexes.length + LocalSecondaryIndexes.length;
}
