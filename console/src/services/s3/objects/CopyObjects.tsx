import type { StorageClass } from "@aws-sdk/client-s3";
import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useLocation, useNavigate, useParams } from "react-router";
import { FormPage } from "../../../components/FormPage";
import { ResourceTable } from "../../../components/ResourceTable";
import { bytes } from "../../../components/time";
import { BrowseS3, parsed } from "../BrowseS3";
import { type Encryption, EncryptionChoice, headersOf, SSE_S3 } from "../encryption";
import { crumbsOf } from "../read";
import { Copies } from "./copies";
import type { Chosen } from "./ObjectActions";
import { useRun } from "./progress";
import { folderHref, STORAGE_CLASSES } from "./read";
import { Status } from "./Status";

/** "Copy" and "Move": which of them, the path says. */
export default function CopyObjects() {
  const { bucket = "" } = useParams();
  const { state, pathname } = useLocation();
  const chosen = state as Chosen | null;
  const moves = pathname.endsWith("/move");
  const title = moves ? "Move" : "Copy";
  const navigate = useNavigate();
  const [uri, setUri] = useState("");
  const [storageClass, setStorageClass] = useState("");
  const [encryption, setEncryption] = useState<Encryption>();
  const [run, setRun] = useRun<Copies>();
  const entries = chosen?.entries ?? [];
  const to = parsed(uri);
  const prefix = to === undefined || to.prefix === "" || to.prefix.endsWith("/") ? (to?.prefix ?? "") : `${to.prefix}/`;
  const back = () => void navigate(folderHref(bucket, chosen?.prefix ?? ""));
  if (run !== undefined) {
    return <Status title={title} bucket={bucket} progress={run} verb={moves ? "moved" : "copied"} where={["Destination", `s3://${run.to.bucket}/${run.to.prefix}`]} onClose={back} />;
  }
  const same = to?.bucket === bucket && entries.some(({ key }) => key.startsWith(prefix) && !key.slice(prefix.length).replace(/\/$/, "").includes("/"));
  const inside = to?.bucket === bucket && entries.some(({ kind, key }) => kind === "folder" && prefix.startsWith(key));
  return (
    <FormPage
      title={title}
      crumbs={crumbsOf(bucket, { text: title, href: pathname })}
      action={title}
      busy={false}
      disabled={entries.length === 0 || to === undefined || inside || (moves && same)}
      onSubmit={() => {
        if (to === undefined) return;
        const copies = new Copies(bucket, entries, chosen?.versions === true, { bucket: to.bucket, prefix },
          { ...(storageClass !== "" && { StorageClass: storageClass as StorageClass }), ...(encryption !== undefined && headersOf(encryption)) }, moves);
        setRun(copies);
        void copies.run();
      }}
      onCancel={back}
    >
      <Alert type="info">
        {moves ? "Objects are copied to the destination and then deleted from the source." : "Objects keep their metadata and tags. The copies belong to who copies."}
      </Alert>
      <Container header={<Header variant="h2">Destination</Header>}>
        <SpaceBetween size="m">
          <FormField label="Destination" stretch constraintText="Format: s3://<bucket>/<prefix>"
            {...((inside || (moves && same)) && { errorText: "The destination is where the objects are." })}>
            <BrowseS3 label="Destination" what="folder" uri={uri} onChange={setUri} action="Choose destination" />
          </FormField>
        </SpaceBetween>
      </Container>
      <ResourceTable
        title="Specified objects"
        items={entries}
        loading={false}
        id={({ key, versionId }) => `${key} ${versionId ?? ""}`}
        columns={[
          { id: "name", header: "Name", cell: ({ key }) => key, value: ({ key }) => key },
          { id: "type", header: "Type", cell: ({ kind }) => (kind === "folder" ? "Folder" : "Object"), value: ({ kind }) => kind },
          { id: "size", header: "Size", cell: ({ size }) => bytes(size), value: ({ size }) => size },
        ]}
      />
      <Container header={<Header variant="h2">{`Additional ${title.toLowerCase()} settings`}</Header>}>
        <SpaceBetween size="l">
          <FormField label="Storage class">
            <Select
              selectedOption={{ value: storageClass, label: STORAGE_CLASSES.find(([id]) => id === storageClass)?.[1] ?? "Standard" }}
              options={STORAGE_CLASSES.map(([id, label, description]) => ({ value: id, label, description }))}
              onChange={({ detail }) => setStorageClass(detail.selectedOption.value ?? "")}
            />
          </FormField>
          <FormField label="Server-side encryption">
            <RadioGroup
              ariaLabel="Server-side encryption"
              value={encryption === undefined ? "default" : "specify"}
              onChange={({ detail }) => setEncryption(detail.value === "specify" ? SSE_S3 : undefined)}
              items={[{ value: "default", label: "Don't specify an encryption key" }, { value: "specify", label: "Specify an encryption key" }]}
            />
          </FormField>
          {encryption !== undefined && <EncryptionChoice value={encryption} onChange={setEncryption} withBucketKey={false} />}
        </SpaceBetween>
      </Container>
    </FormPage>
  );
}
