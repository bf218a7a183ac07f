import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";

const TYPES: Record<string, StatusIndicatorProps.Type> = {
  Success: "success", CompletedWithSuccess: "success", Failed: "error", TimedOut: "error", CompletedWithFailure: "error", Rejected: "error", InProgress: "in-progress", Cancelling: "in-progress",
  Waiting: "pending", Pending: "pending", Cancelled: "stopped", Approved: "success",
};

const WORDS: Record<string, string> = { InProgress: "In progress", TimedOut: "Timed out" };

/** The state of an execution or of a step. */
export function Status({ of: status }: { of: string | undefined }) {
  if (status === undefined) return <StatusIndicator type="pending">Pending</StatusIndicator>;
  return <StatusIndicator type={TYPES[status] ?? "info"}>{WORDS[status] ?? status}</StatusIndicator>;
}
