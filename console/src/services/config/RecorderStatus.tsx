import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { Setup } from "./read";

/** Whether the recorder runs, and what its last delivery said. */
export function RecorderStatus({ of: { recorder, status } }: { of: Setup }) {
  if (recorder === undefined) return <StatusIndicator type="stopped">There is no recorder</StatusIndicator>;
  if (status === undefined) return <StatusIndicator type="info">The recorder's status may not be seen</StatusIndicator>;
  if (status.recording !== true) return <StatusIndicator type="stopped">Recording is off</StatusIndicator>;
  if (status.lastStatus === "Failure") {
    return <StatusIndicator type="error">Recording is on; {status.lastErrorCode}: {status.lastErrorMessage}</StatusIndicator>;
  }
  return <StatusIndicator type="success">Recording is on</StatusIndicator>;
}
