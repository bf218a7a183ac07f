import type { Change } from "@aws-sdk/client-cloudformation";
import Badge from "@cloudscape-design/components/badge";
import type { ReactNode } from "react";
import { ResourceTable } from "../../components/ResourceTable";

/** What a change set does to each resource. */
export function Changes({ title, changes, loading, error, actions, empty }: {
  title: string;
  changes: readonly Change[] | undefined;
  loading: boolean;
  error?: unknown;
  actions?: ReactNode;
  empty?: string;
}) {
  return (
    <ResourceTable
      title={title} items={changes ?? (loading ? undefined : [])} loading={loading} error={error}
      empty={changes === undefined ? empty : "There are no changes."}
      id={({ ResourceChange }) => ResourceChange?.LogicalResourceId ?? ""}
      actions={() => actions}
      columns={[
        { id: "action", header: "Action", cell: ({ ResourceChange }) => <Badge color={colour(ResourceChange?.Action)}>{ResourceChange?.Action}</Badge>, value: ({ ResourceChange }) => ResourceChange?.Action },
        { id: "logical", header: "Logical ID", cell: ({ ResourceChange }) => ResourceChange?.LogicalResourceId, value: ({ ResourceChange }) => ResourceChange?.LogicalResourceId },
        { id: "physical", header: "Physical ID", cell: ({ ResourceChange }) => ResourceChange?.PhysicalResourceId ?? "–", value: ({ ResourceChange }) => ResourceChange?.PhysicalResourceId },
        { id: "type", header: "Resource type", cell: ({ ResourceChange }) => ResourceChange?.ResourceType, value: ({ ResourceChange }) => ResourceChange?.ResourceType },
        { id: "replacement", header: "Replacement", cell: ({ ResourceChange }) => ResourceChange?.Replacement ?? "–", value: ({ ResourceChange }) => ResourceChange?.Replacement },
        {
          id: "details", header: "Changed",
          cell: ({ ResourceChange }) => [...new Set((ResourceChange?.Details ?? []).map(({ Target }) => [Target?.Attribute, Target?.Name].filter(Boolean).join(".")))].join(", ") || "–",
        },
      ]}
    />
  );
}

function colour(action: string | undefined): "green" | "red" | "blue" {
  return action === "Add" ? "green" : action === "Remove" ? "red" : "blue";
}
