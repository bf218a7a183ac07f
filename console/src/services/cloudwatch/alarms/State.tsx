import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { stateText } from "./alarm";

export function State({ of }: { of: string | undefined }) {
  return <StatusIndicator type={of === "ALARM" ? "error" : of === "OK" ? "success" : "pending"}>{stateText(of)}</StatusIndicator>;
}
