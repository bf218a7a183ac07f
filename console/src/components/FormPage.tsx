// A page that is a form: "Create bucket", "Edit default encryption".
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import type { Crumb } from "../app/breadcrumbs";
import { failureOf } from "../aws/errors";
import { Page } from "./Page";

/** A form with "Cancel" and its action below, and its action's failure in the server's words. */
export function FormPage({ title, crumbs, description, action, busy, error, disabled = false, onSubmit, onCancel, children }: {
  title: string;
  crumbs: readonly Crumb[];
  description?: ReactNode;
  action: string;
  busy: boolean;
  error?: Error | null;
  disabled?: boolean;
  onSubmit: () => void;
  onCancel: () => void;
  children: ReactNode;
}) {
  const failure = error === null || error === undefined ? undefined : failureOf(error);
  return (
    <Page title={title} crumbs={crumbs} description={description}>
      <form onSubmit={(event) => { event.preventDefault(); if (!disabled && !busy) onSubmit(); }}>
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" variant="link" onClick={onCancel}>Cancel</Button>
              <Button variant="primary" loading={busy} disabled={disabled}>{action}</Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            {children}
            {failure !== undefined && <Alert type="error" header={failure.code}>{failure.message}</Alert>}
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  );
}
