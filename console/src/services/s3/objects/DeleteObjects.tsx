import Alert from "@cloudscape-design/components/alert";
import FormField from "@cloudscape-design/components/form-field";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useLocation, useNavigate, useParams } from "react-router";
import { FormPage } from "../../../components/FormPage";
import { ResourceTable } from "../../../components/ResourceTable";
import { bytes, when } from "../../../components/time";
import { crumbsOf } from "../read";
import { Deletions } from "./deletions";
import type { Chosen } from "./ObjectActions";
import { useRun } from "./progress";
import { folderHref, useVersioning, within } from "./read";
import { Status } from "./Status";

export default function DeleteObjects() {
  const { bucket = "" } = useParams();
  const chosen = useLocation().state as Chosen | null;
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [run, setRun] = useRun<Deletions>();
  const versioning = useVersioning(bucket);
  const entries = chosen?.entries ?? [];
  const back = () => void navigate(folderHref(bucket, chosen?.prefix ?? ""));
  if (run !== undefined) {
    return <Status title="Delete objects" bucket={bucket} progress={run} verb="deleted" where={["Source", `s3://${bucket}/${chosen?.prefix ?? ""}`]} onClose={back} />;
  }
  const versions = chosen?.versions === true;
  // In a bucket with versions, an object's deletion is only a marker before them.
  const marks = versioning.data === "Enabled" && !versions;
  const word = marks ? "delete" : "permanently delete";
  return (
    <FormPage
      title="Delete objects"
      crumbs={crumbsOf(bucket, { text: "Delete objects", href: `/s3/buckets/${bucket}/delete-objects` })}
      action="Delete objects"
      busy={versioning.isLoading}
      disabled={typed !== word || entries.length === 0}
      onSubmit={() => {
        const deletions = new Deletions(bucket, () => within(bucket, entries, versions));
        setRun(deletions);
        void deletions.run();
      }}
      onCancel={back}
    >
      {entries.length === 0 && <Alert type="warning">Nothing is selected. Go back to the objects and select what is to be deleted.</Alert>}
      <Alert type={marks ? "info" : "warning"}>
        {marks
          ? "Deleting an object adds a delete marker before its versions. To get the object back, delete the delete marker with Show versions turned on."
          : "Deleted objects and versions cannot be got back. Deleting a folder deletes all objects in it, also those that are added while the deletion goes on."}
      </Alert>
      <ResourceTable
        title="Specified objects"
        items={entries}
        loading={false}
        id={({ kind, key, versionId }) => `${kind} ${key} ${versionId ?? ""}`}
        columns={[
          { id: "name", header: "Name", cell: ({ key }) => key, value: ({ key }) => key },
          { id: "type", header: "Type", cell: ({ kind }) => (kind === "folder" ? "Folder" : kind === "marker" ? "Delete marker" : "Object"), value: ({ kind }) => kind },
          ...(versions ? [{ id: "version", header: "Version ID", cell: ({ versionId }: { versionId?: string }) => versionId ?? "–" }] : []),
          { id: "modified", header: "Last modified", cell: ({ modified }) => when(modified), value: ({ modified }) => modified?.getTime() },
          { id: "size", header: "Size", cell: ({ size }) => bytes(size), value: ({ size }) => size },
        ]}
      />
      <Container header={<Header variant="h2">{marks ? "Delete objects?" : "Permanently delete objects?"}</Header>}>
        <FormField label={<>To confirm deletion, type <i>{word}</i> in the text input field.</>}>
          <Input value={typed} placeholder={word} onChange={({ detail }) => setTyped(detail.value)} />
        </FormField>
      </Container>
    </FormPage>
  );
}
