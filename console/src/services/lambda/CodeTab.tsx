import { type GetFunctionCommandOutput, LambdaClient, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FileUpload from "@cloudscape-design/components/file-upload";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct, useRead } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { TextEditor } from "../../components/TextEditor";
import { bytes } from "../../components/time";
import { fetchCode, type Files, packed, textOf } from "./code";
import { languageOf } from "./runtimes";

/** The code: files shown and edited, deployed as a new package. */
export function CodeTab({ of: { Configuration, Code } }: { of: GetFunctionCommandOutput }) {
  const sha = Configuration?.CodeSha256 ?? "";
  const name = Configuration?.FunctionName ?? "";
  const code = useRead({ key: ["lambda", "code", name, sha], enabled: Code?.Location !== undefined, read: () => fetchCode(Code?.Location ?? "") });
  const [uploading, setUploading] = useState(false);
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" actions={<Button onClick={() => setUploading(true)}>Upload from .zip file</Button>}>Code source</Header>}>
        <ReadFailed error={code.error} what="code" />
        {code.data !== undefined && <Editor key={sha} name={name} files={code.data} handler={Configuration?.Handler} />}
      </Container>
      <Container header={<Header variant="h2">Code properties</Header>}>
        <Properties of={[
          ["Package size", bytes(Configuration?.CodeSize)],
          ["SHA256 hash", <Copyable text={sha} />],
          ["Runtime", Configuration?.Runtime],
          ["Handler", Configuration?.Handler],
          ["Architecture", Configuration?.Architectures?.join(", ")],
          ["Layers", Configuration?.Layers?.map(({ Arn }) => Arn).join(", ")],
        ]} />
      </Container>
      {uploading && <UploadZip name={name} close={() => setUploading(false)} />}
    </SpaceBetween>
  );
}

function Editor({ name, files, handler }: { name: string; files: Files; handler: string | undefined }) {
  const paths = Object.keys(files).filter((path) => !path.endsWith("/")).sort();
  const main = paths.find((path) => path.replace(/\.[^.]+$/, "") === handler?.split(".").slice(0, -1).join("."));
  const [path, setPath] = useState(main ?? paths[0] ?? "");
  const [edited, setEdited] = useState<Readonly<Record<string, string>>>({});
  const content = files[path];
  const text = edited[path] ?? (content === undefined ? "" : textOf(content));
  const deploy = useAct({
    what: "Deploy",
    run: async () => {
      const encoder = new TextEncoder();
      const changed = Object.fromEntries(Object.entries(edited).map(([file, value]) => [file, encoder.encode(value)]));
      return client(LambdaClient).send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: packed({ ...files, ...changed }) }));
    },
    done: () => `Successfully updated the function ${name}.`,
    after: () => setEdited({}),
  });
  const dirty = Object.entries(edited).some(([file, value]) => value !== textOf(files[file] ?? new Uint8Array()));
  return (
    <SpaceBetween size="s">
      <SpaceBetween direction="horizontal" size="s" alignItems="center">
        <Select
          ariaLabel="File" selectedOption={{ value: path }} options={paths.map((value) => ({ value }))} filteringType="auto" expandToViewport
          onChange={({ detail }) => setPath(detail.selectedOption.value ?? path)}
        />
        <Button variant="primary" disabled={!dirty} loading={deploy.isPending} onClick={() => deploy.mutate(undefined)}>Deploy</Button>
        {dirty && <StatusIndicator type="warning">Changes not deployed</StatusIndicator>}
      </SpaceBetween>
      {text === undefined ? (
        <Alert type="info">{path} is not a text, or too large to be shown.</Alert>
      ) : (
        <TextEditor label="Code" language={languageOf(path)} height={460} value={text} onChange={(value) => setEdited({ ...edited, [path]: value })} />
      )}
    </SpaceBetween>
  );
}

function UploadZip({ name, close }: { name: string; close: () => void }) {
  const [file, setFile] = useState<File>();
  const upload = useAct({
    what: "Upload from .zip file",
    run: async () =>
      client(LambdaClient).send(
        new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: new Uint8Array((await file?.arrayBuffer()) ?? new ArrayBuffer(0)) }),
      ),
    done: () => `Successfully updated the function ${name}.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Upload a .zip file" action="Save" busy={upload.isPending} error={upload.error} disabled={file === undefined} onSubmit={() => upload.mutate(undefined)} onCancel={close}>
      <FormField label=".zip file" constraintText="It replaces all code of the function. Up to 50 MB.">
        <FileUpload
          value={file === undefined ? [] : [file]} onChange={({ detail }) => setFile(detail.value[0])} accept=".zip" showFileSize
          i18nStrings={{ uploadButtonText: () => "Choose file", dropzoneText: () => "Drop file to upload", removeFileAriaLabel: () => "Remove file", errorIconAriaLabel: "Error" }}
        />
      </FormField>
    </FormModal>
  );
}
