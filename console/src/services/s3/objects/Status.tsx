// "Upload: status", "Delete objects: status" …: what went well and what failed.
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";
import { Page } from "../../../components/Page";
import { ResourceTable } from "../../../components/ResourceTable";
import { bytes } from "../../../components/time";
import { crumbsOf } from "../read";
import type { Progress } from "./progress";

export function Status({ title, bucket, progress, verb, noun = "object", where, onClose, children }: {
  /** `Upload`: the page is called `Upload: status`. */
  title: string;
  bucket: string;
  progress: Progress;
  /** `uploaded`. */
  verb: string;
  noun?: string;
  where: readonly [string, string];
  onClose: () => void;
  children?: ReactNode;
}) {
  const { done, doneBytes, failed, failedBytes, over, canceled } = progress;
  return (
    <Page
      title={`${title}: status`}
      crumbs={crumbsOf(bucket, { text: title, href: `/s3/buckets/${bucket}` })}
      actions={over ? <Button variant="primary" onClick={onClose}>Close</Button> : <Button onClick={() => progress.cancel()} disabled={canceled}>Cancel</Button>}
    >
      {over && failed.length === 0 && !canceled && <Alert type="success" header={`${title} succeeded`}>{`Successfully ${verb} ${counted(done, noun)}.`}</Alert>}
      {over && failed.length > 0 && <Alert type="error" header={`${title} failed for ${counted(failed.length, noun)}`}>See the reasons below.</Alert>}
      {over && canceled && failed.length === 0 && <Alert type="warning" header={`${title} canceled`}>{`${counted(done, noun)} ${done === 1 ? "was" : "were"} ${verb} before.`}</Alert>}
      <Container header={<Header variant="h2">Summary</Header>}>
        <SpaceBetween size="m">
          <KeyValuePairs
            columns={3}
            items={[
              { label: where[0], value: where[1] },
              {
                label: over ? "Succeeded" : "Succeeded so far",
                value: <StatusIndicator type={over ? "success" : "in-progress"}>{`${counted(done, noun)}, ${bytes(doneBytes)}${share(done, done + failed.length, over)}`}</StatusIndicator>,
              },
              {
                label: "Failed",
                value: <StatusIndicator type={failed.length > 0 ? "error" : "stopped"}>{`${counted(failed.length, noun)}, ${bytes(failedBytes)}${share(failed.length, done + failed.length, over)}`}</StatusIndicator>,
              },
            ]}
          />
        </SpaceBetween>
      </Container>
      {children}
      {children === undefined && failed.length > 0 && (
        <ResourceTable
          title="Failed"
          items={failed}
          loading={false}
          id={({ name }) => name}
          columns={[
            { id: "name", header: "Name", cell: ({ name }) => name, value: ({ name }) => name },
            { id: "error", header: "Error", cell: ({ code, message }) => `${code}: ${message}`, value: ({ code }) => code },
          ]}
        />
      )}
    </Page>
  );
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function share(part: number, all: number, over: boolean): string {
  if (!over) return "";
  return ` (${(all === 0 ? 0 : (part / all) * 100).toFixed(2)}%)`;
}
