import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { type KeyRow, STATES, useKeys, USAGES } from "./read";

export function KeyTable({ title, ofAws, description, select, actions, empty }: {
  title: string;
  ofAws: boolean;
  description?: ReactNode;
  select?: "multi";
  actions?: (selected: readonly KeyRow[]) => ReactNode;
  empty: ReactNode;
}) {
  const keys = useKeys();
  return (
    <ResourceTable
      title={title}
      description={description}
      variant="full-page"
      items={keys.data?.filter((key) => key.ofAws === ofAws)}
      loading={keys.isLoading}
      error={keys.error}
      id={({ id }) => id}
      {...(select !== undefined && { select })}
      {...(actions !== undefined && { actions })}
      empty={empty}
      columns={[
        { id: "aliases", header: "Aliases", cell: ({ id, aliases }) => <PageLink href={`/kms/keys/${id}`}>{aliases.length === 0 ? "–" : aliases.map((alias) => alias.replace(/^alias\//, "")).join(", ")}</PageLink>, value: ({ aliases }) => aliases.join() },
        { id: "id", header: "Key ID", cell: ({ id }) => <PageLink href={`/kms/keys/${id}`}>{id}</PageLink>, value: ({ id }) => id },
        { id: "status", header: "Status", cell: ({ metadata }) => <KeyState state={metadata?.KeyState} />, value: ({ metadata }) => metadata?.KeyState },
        ...(ofAws ? [] : [
          { id: "spec", header: "Key spec", cell: ({ metadata }: KeyRow) => metadata?.KeySpec ?? "–", value: ({ metadata }: KeyRow) => metadata?.KeySpec },
          { id: "usage", header: "Key usage", cell: ({ metadata }: KeyRow) => USAGES[metadata?.KeyUsage ?? ""] ?? "–", value: ({ metadata }: KeyRow) => metadata?.KeyUsage },
        ]),
      ]}
    />
  );
}

export function KeyState({ state }: { state: string | undefined }) {
  if (state === undefined) return <StatusIndicator type="warning">Access denied</StatusIndicator>;
  const [text, type] = STATES[state] ?? [state, "warning"];
  return <StatusIndicator type={type}>{text}</StatusIndicator>;
}
