import Container from "@cloudscape-design/components/container";
import FileUpload from "@cloudscape-design/components/file-upload";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { TextEditor } from "../../components/TextEditor";

export interface TemplateChoice {
  how: "upload" | "url" | "editor" | "previous";
  fileName: string;
  text: string;
  url: string;
}

/** The wizard's first page: which template. */
export function TemplateStep({ choice, change, update }: { choice: TemplateChoice; change: (choice: TemplateChoice) => void; update: boolean }) {
  const read = async (file: File | undefined) => change({ ...choice, fileName: file?.name ?? "", text: file === undefined ? "" : await file.text() });
  return (
    <Container header={<Header variant="h2">Specify template</Header>}>
      <SpaceBetween size="l">
        {update && (
          <FormField label="Prepare template">
            <RadioGroup
              value={choice.how === "previous" ? "previous" : "replace"}
              onChange={({ detail }) => change({ ...choice, how: detail.value === "previous" ? "previous" : "upload" })}
              items={[{ value: "previous", label: "Use existing template" }, { value: "replace", label: "Replace existing template" }]}
            />
          </FormField>
        )}
        {choice.how !== "previous" && (
          <FormField label="Template source" description="A template is a JSON or YAML file that describes your stack's resources and properties.">
            <RadioGroup
              value={choice.how}
              onChange={({ detail }) => change({ ...choice, how: detail.value as TemplateChoice["how"] })}
              items={[{ value: "upload", label: "Upload a template file" }, { value: "url", label: "Amazon S3 URL" }, { value: "editor", label: "Write a template here" }]}
            />
          </FormField>
        )}
        {choice.how === "upload" && (
          <FormField label="Upload a template file" constraintText="JSON or YAML formatted file, up to 1 MB">
            <FileUpload
              value={choice.fileName === "" ? [] : [new File([choice.text], choice.fileName)]}
              onChange={({ detail }) => void read(detail.value[0])}
              accept=".json,.yaml,.yml,.template,.txt"
              showFileSize
              i18nStrings={{
                uploadButtonText: () => "Choose file",
                dropzoneText: () => "Drop file to upload",
                removeFileAriaLabel: (_, name) => `Remove ${name}`,
                errorIconAriaLabel: "Error",
              }}
            />
          </FormField>
        )}
        {choice.how === "url" && (
          <FormField label="Amazon S3 URL" constraintText={`Such as ${location.origin}/bucket/template.yaml`}>
            <Input value={choice.url} onChange={({ detail }) => change({ ...choice, url: detail.value })} type="url" />
          </FormField>
        )}
        {(choice.how === "editor" || (choice.how === "upload" && choice.text !== "")) && (
          <TextEditor
            label="Template" language={choice.text.trimStart().startsWith("{") ? "json" : "yaml"} height={420} value={choice.text}
            onChange={(text) => change({ ...choice, text })}
          />
        )}
      </SpaceBetween>
    </Container>
  );
}
