import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { failureOf } from "../aws/errors";

/** A small form over the page, with its action's failure in the server's words. */
export function FormModal({ title, action, busy, error, disabled = false, size = "medium", onSubmit, onCancel, children }: {
  title: string;
  action: string;
  busy: boolean;
  error?: Error | null;
  disabled?: boolean;
  size?: "small" | "medium" | "large" | "max";
  onSubmit: () => void;
  onCancel: () => void;
  children: ReactNode;
}) {
  const failure = error === null || error === undefined ? undefined : failureOf(error);
  return (
    <Modal
      visible
      header={title}
      size={size}
      onDismiss={onCancel}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onCancel}>Cancel</Button>
            <Button variant="primary" loading={busy} disabled={disabled} onClick={onSubmit}>{action}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form onSubmit={(event) => { event.preventDefault(); onSubmit(); }}>
        <SpaceBetween size="m">
          {children}
          {failure !== undefined && <Alert type="error" header={failure.code}>{failure.message}</Alert>}
        </SpaceBetween>
      </form>
    </Modal>
  );
}
