import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useRef, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { Page } from "../../../components/Page";
import { ResourceTable } from "../../../components/ResourceTable";
import { bytes } from "../../../components/time";
import { crumbsOf } from "../read";
import { NO_SETTINGS, ObjectSettings, settingsOf, wrongSettings } from "./ObjectSettings";
import { useRun } from "./progress";
import { folderHref, useVersioning } from "./read";
import { UploadStatus } from "./UploadStatus";
import { type Chosen, dropped, picked, Uploads } from "./uploads";

export default function Upload() {
  const { bucket = "" } = useParams();
  const [asked] = useSearchParams();
  const prefix = asked.get("prefix") ?? "";
  const navigate = useNavigate();
  const [files, setFiles] = useState<readonly Chosen[]>([]);
  const [settings, setSettings] = useState(NO_SETTINGS);
  const [run, setRun] = useRun<Uploads>();
  const versioning = useVersioning(bucket);
  const back = () => void navigate(folderHref(bucket, prefix));
  if (run !== undefined) return <UploadStatus run={run} onClose={back} />;
  const add = (more: readonly Chosen[]) => {
    const paths = new Set(more.map(({ path }) => path));
    setFiles([...files.filter(({ path }) => !paths.has(path)), ...more]);
  };
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  return (
    <Page title="Upload" crumbs={crumbsOf(bucket, { text: "Upload", href: `/s3/buckets/${bucket}/upload` })}
      description="Add the files and folders you want to upload to S3.">
      <Files files={files} size={size} add={add} remove={(gone) => setFiles(files.filter((file) => !gone.includes(file)))} />
      <Container header={<Header variant="h2">Destination</Header>}>
        <SpaceBetween size="s">
          <Box>{`s3://${bucket}/${prefix}`}</Box>
          {versioning.data === "Disabled" && (
            <Alert type="info" header="Bucket Versioning is disabled">Objects with the same name as what you upload are overwritten.</Alert>
          )}
        </SpaceBetween>
      </Container>
      <ObjectSettings bucket={bucket} value={settings} onChange={setSettings} />
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={back}>Cancel</Button>
          <Button
            variant="primary"
            disabled={files.length === 0 || wrongSettings(settings) !== undefined}
            onClick={() => {
              const uploads = new Uploads(bucket, prefix, files, settingsOf(settings));
              setRun(uploads);
              void uploads.run();
            }}
          >
            Upload
          </Button>
        </SpaceBetween>
      </Box>
    </Page>
  );
}

function Files({ files, size, add, remove }: {
  files: readonly Chosen[];
  size: number;
  add: (files: readonly Chosen[]) => void;
  remove: (files: readonly Chosen[]) => void;
}) {
  const filesInput = useRef<HTMLInputElement>(null);
  const folderInput = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  return (
    <div
      style={over ? { outline: "2px dashed currentColor", outlineOffset: 4 } : {}}
      onDragOver={(event) => { event.preventDefault(); setOver(true); }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void dropped(event.dataTransfer).then(add);
      }}
    >
      <input ref={filesInput} type="file" multiple hidden aria-label="Files to upload" onChange={({ target }) => { add(picked(target.files)); target.value = ""; }} />
      <input ref={folderInput} type="file" hidden aria-label="Folder to upload" {...{ webkitdirectory: "" }} onChange={({ target }) => { add(picked(target.files)); target.value = ""; }} />
      <ResourceTable
        title="Files and folders"
        description={`All files and folders in this table will be uploaded. Drag and drop files and folders you want to upload here, or choose Add files or Add folder. Total: ${bytes(size)}`}
        items={files}
        loading={false}
        id={({ path }) => path}
        select="multi"
        perPage={10}
        empty={<SpaceBetween size="xxs"><b>No files or folders</b><span>You have not chosen any files or folders to upload.</span></SpaceBetween>}
        columns={[
          { id: "name", header: "Name", cell: ({ file }) => file.name, value: ({ file }) => file.name },
          { id: "folder", header: "Folder", cell: ({ path }) => folderName(path), value: ({ path }) => folderName(path) },
          { id: "type", header: "Type", cell: ({ file }) => (file.type === "" ? "–" : file.type), value: ({ file }) => file.type },
          { id: "size", header: "Size", cell: ({ file }) => bytes(file.size), value: ({ file }) => file.size },
        ]}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={() => remove(selected)}>Remove</Button>
            <Button onClick={() => filesInput.current?.click()}>Add files</Button>
            <Button onClick={() => folderInput.current?.click()}>Add folder</Button>
          </SpaceBetween>
        )}
      />
    </div>
  );
}

export function folderName(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "–";
}
