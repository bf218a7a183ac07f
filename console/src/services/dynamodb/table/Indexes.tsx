import { type TableDescription, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useAct } from "../../../aws/queries";
import { Confirm } from "../../../components/Confirm";
import { ResourceTable } from "../../../components/ResourceTable";
import { bytes } from "../../../components/time";
import { dynamodb, keysOf, keyText } from "../read";
import { TableState } from "../TableState";

export function Indexes({ table }: { table: TableDescription }) {
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState<string>();
  const remove = useAct({
    what: "Delete index",
    run: (IndexName: string) => dynamodb().send(new UpdateTableCommand({ TableName: table.TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] })),
    done: (_, name) => `Index ${name} deleted.`,
    after: () => setDeleting(undefined),
  });
  const common = [
    { id: "size", header: "Size", cell: ({ IndexSizeBytes }: { IndexSizeBytes?: number }) => bytes(IndexSizeBytes) },
    { id: "items", header: "Item count", cell: ({ ItemCount }: { ItemCount?: number }) => ItemCount ?? "–" },
  ];
  return (
    <SpaceBetween size="l">
      <ResourceTable
        title="Global secondary indexes"
        items={table.GlobalSecondaryIndexes ?? []}
        loading={false}
        id={({ IndexName }) => IndexName ?? ""}
        select="single"
        columns={[
          { id: "name", header: "Name", cell: ({ IndexName }) => IndexName, value: ({ IndexName }) => IndexName },
          { id: "status", header: "Status", cell: ({ IndexStatus }) => <TableState status={IndexStatus} /> },
          { id: "partition", header: "Partition key", cell: (index) => { const { partition, partitionType } = keysOf(table, index); return keyText(partition, partitionType); } },
          { id: "sort", header: "Sort key", cell: (index) => { const { sort, sortType } = keysOf(table, index); return keyText(sort, sortType); } },
          { id: "projection", header: "Projected attributes", cell: ({ Projection }) => [Projection?.ProjectionType, ...(Projection?.NonKeyAttributes ?? [])].join(" ") },
          ...common,
        ]}
        actions={([index]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button ariaLabel="Delete index" disabled={index === undefined} onClick={() => setDeleting(index?.IndexName)}>Delete</Button>
            <Button onClick={() => void navigate(`/dynamodb/tables/${table.TableName ?? ""}/create-index`)}>Create index</Button>
          </SpaceBetween>
        )}
      />
      <ResourceTable
        title="Local secondary indexes"
        items={table.LocalSecondaryIndexes ?? []}
        loading={false}
        id={({ IndexName }) => IndexName ?? ""}
        empty="No local secondary indexes. They are made together with their table."
        columns={[
          { id: "name", header: "Name", cell: ({ IndexName }) => IndexName, value: ({ IndexName }) => IndexName },
          { id: "sort", header: "Sort key", cell: (index) => { const { sort, sortType } = keysOf(table, index); return keyText(sort, sortType); } },
          { id: "projection", header: "Projected attributes", cell: ({ Projection }) => [Projection?.ProjectionType, ...(Projection?.NonKeyAttributes ?? [])].join(" ") },
          ...common,
        ]}
      />
      {deleting !== undefined && (
        <Confirm title="Delete index" action="Delete" type="confirm" busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting(undefined)}>
          {`Index ${deleting} is deleted. The table's items stay.`}
        </Confirm>
      )}
    </SpaceBetween>
  );
}
