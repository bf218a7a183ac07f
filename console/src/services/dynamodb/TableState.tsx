import StatusIndicator from "@cloudscape-design/components/status-indicator";

const NAMES: Record<string, string> = { ACTIVE: "Active", CREATING: "Creating", UPDATING: "Updating", DELETING: "Deleting", AVAILABLE: "Available" };

/** The status of a table, an index or a backup. */
export function TableState({ status }: { status: string | undefined }) {
  if (status === undefined) return <>–</>;
  const type = status === "ACTIVE" || status === "AVAILABLE" ? "success" : status.endsWith("ING") ? "in-progress" : "warning";
  return <StatusIndicator type={type}>{NAMES[status] ?? status}</StatusIndicator>;
}
