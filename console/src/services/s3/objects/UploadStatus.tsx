import Container from "@cloudscape-design/components/container";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { PageLink } from "../../../components/PageLink";
import { ResourceTable } from "../../../components/ResourceTable";
import { bytes } from "../../../components/time";
import { objectHref } from "./read";
import { Status } from "./Status";
import { folderName } from "./Upload";
import type { Item, Uploads } from "./uploads";

/** The page while files are uploaded, and what has become of each. */
export function UploadStatus({ run, onClose }: { run: Uploads; onClose: () => void }) {
  const { bucket, prefix, total, sent, over } = run;
  const percent = total === 0 ? (over ? 100 : 0) : (sent / total) * 100;
  return (
    <Status title="Upload" bucket={bucket} progress={run} verb="uploaded" noun="file" where={["Destination", `s3://${bucket}/${prefix}`]} onClose={onClose}>
      {!over && (
        <Container>
          <ProgressBar value={percent} label="Uploading" description={`${bytes(sent)} of ${bytes(total)}`} />
        </Container>
      )}
      <ResourceTable
        title="Files and folders"
        items={[...run.items]}
        loading={false}
        id={({ path }) => path}
        perPage={10}
        columns={[
          {
            id: "name", header: "Name", value: ({ file }) => file.name,
            cell: ({ file, path, state }) => (state === "Succeeded" ? <PageLink href={objectHref(bucket, prefix + path)}>{file.name}</PageLink> : file.name),
          },
          { id: "folder", header: "Folder", cell: ({ path }) => folderName(path), value: ({ path }) => folderName(path) },
          { id: "type", header: "Type", cell: ({ file }) => (file.type === "" ? "–" : file.type), value: ({ file }) => file.type },
          { id: "size", header: "Size", cell: ({ file }) => bytes(file.size), value: ({ file }) => file.size },
          { id: "status", header: "Status", cell: (item) => <ItemState item={item} />, value: ({ state }) => state },
          { id: "error", header: "Error", cell: ({ error }) => error ?? "–", value: ({ error }) => error },
        ]}
      />
    </Status>
  );
}

function ItemState({ item: { state, sent, file } }: { item: Item }) {
  switch (state) {
    case "Succeeded":
      return <StatusIndicator>Succeeded</StatusIndicator>;
    case "Failed":
      return <StatusIndicator type="error">Failed</StatusIndicator>;
    case "Canceled":
      return <StatusIndicator type="stopped">Canceled</StatusIndicator>;
    case "Pending":
      return <StatusIndicator type="pending">Pending</StatusIndicator>;
    case "In progress":
      return <StatusIndicator type="in-progress">{`In progress (${Math.floor(file.size === 0 ? 0 : (sent / file.size) * 100)}%)`}</StatusIndicator>;
  }
}
