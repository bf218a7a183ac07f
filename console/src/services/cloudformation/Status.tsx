import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { indicator } from "./read";

export function Status({ of }: { of: string | undefined }) {
  return <StatusIndicator type={indicator(of)}>{of ?? "–"}</StatusIndicator>;
}
