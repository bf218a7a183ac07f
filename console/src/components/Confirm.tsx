// Asks before something is lost.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactNode, useState } from "react";

/** A question with an action. `type` is a word that has to be typed first (`delete`, or the resource's name), as AWS asks for it. */
export function Confirm({ title, children, action, busy = false, type, onConfirm, onCancel }: {
  title: string;
  children: ReactNode;
  action: string;
  busy?: boolean;
  type?: string;
  onConfirm: () => void;
  onCancel: () => void;
}) {
  const [typed, setTyped] = useState("");
  return (
    <Modal
      visible
      header={title}
      onDismiss={onCancel}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onCancel}>Cancel</Button>
            <Button variant="primary" loading={busy} disabled={type !== undefined && typed !== type} onClick={onConfirm}>{action}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning">{children}</Alert>
        {type !== undefined && (
          <FormField label={`To confirm, type ${type}`}>
            <Input value={typed} onChange={({ detail }) => setTyped(detail.value)} placeholder={type} autoFocus />
          </FormField>
        )}
      </SpaceBetween>
    </Modal>
  );
}
