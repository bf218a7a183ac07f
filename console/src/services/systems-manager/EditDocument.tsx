// "Create automation", and "Create new version" of one that is there.
import { CreateDocumentCommand, SSMClient, UpdateDocumentCommand, UpdateDocumentDefaultVersionCommand } from "@aws-sdk/client-ssm";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { ReadFailed } from "../../components/ReadFailed";
import { TextEditor } from "../../components/TextEditor";
import { documentHref, type DocumentView, useDocument } from "./read";

const START = `description: Turns versioning of a bucket on.
schemaVersion: '0.3'
assumeRole: '{{ AutomationAssumeRole }}'
parameters:
  BucketName:
    type: String
    description: The bucket
  AutomationAssumeRole:
    type: String
    description: A role that ssm.amazonaws.com may assume
    default: ''
mainSteps:
  - name: TurnOn
    action: aws:executeAwsApi
    isEnd: true
    inputs:
      Service: s3
      Api: PutBucketVersioning
      Bucket: '{{ BucketName }}'
      VersioningConfiguration:
        Status: Enabled
`;

export default function EditDocument() {
  const { name = "" } = useParams();
  const document = useDocument(name, undefined);
  if (name === "") return <Form known={undefined} />;
  if (document.data === undefined) return <ReadFailed error={document.error} what="document" />;
  return <Form known={document.data} />;
}

function Form({ known }: { known: DocumentView | undefined }) {
  const navigate = useNavigate();
  const [name, setName] = useState(known?.document.Name ?? "");
  const [format, setFormat] = useState<string>(known?.document.DocumentFormat ?? "YAML");
  const [content, setContent] = useState(known?.content ?? START);
  const [byDefault, setByDefault] = useState(true);
  const editing = known !== undefined;
  const page = editing ? documentHref(name) : "/systems-manager/documents";
  const save = useAct({
    what: editing ? "Create new version" : "Create automation",
    run: async () => {
      const ssm = client(SSMClient);
      const DocumentFormat = format === "JSON" ? "JSON" as const : "YAML" as const;
      if (!editing) {
        await ssm.send(new CreateDocumentCommand({ Name: name, Content: content, DocumentType: "Automation", DocumentFormat }));
        return;
      }
      const { DocumentDescription } = await ssm.send(new UpdateDocumentCommand({ Name: name, Content: content, DocumentFormat, DocumentVersion: "$LATEST" }));
      if (byDefault) {
        await ssm.send(new UpdateDocumentDefaultVersionCommand({ Name: name, DocumentVersion: DocumentDescription?.DocumentVersion }));
      }
    },
    done: () => (editing ? `A new version of ${name} was created.` : `The document ${name} was created.`),
    after: () => void navigate(documentHref(name)),
    quiet: true,
  });
  return (
    <FormPage
      title={editing ? "Create new version" : "Create automation"} action={editing ? "Create new version" : "Create automation"} busy={save.isPending} error={save.error} disabled={name === ""}
      onSubmit={() => save.mutate(undefined)} onCancel={() => void navigate(page)}
      crumbs={[
        { text: "Systems Manager", href: "/systems-manager" }, { text: "Documents", href: "/systems-manager/documents" },
        ...(editing ? [{ text: name, href: page }, { text: "Create new version", href: `${page}/new-version` }] : [{ text: "Create automation", href: "/systems-manager/create-document" }]),
      ]}
    >
      <Container header={<Header variant="h2">Document details</Header>}>
        <SpaceBetween size="l">
          <FormField label="Name" constraintText="3 to 128 letters, digits, hyphens, underscores and periods."><Input value={name} disabled={editing} onChange={({ detail }) => setName(detail.value)} /></FormField>
          <RadioGroup ariaLabel="Format" value={format} onChange={({ detail }) => setFormat(detail.value)} items={[{ value: "YAML", label: "YAML" }, { value: "JSON", label: "JSON" }]} />
          {editing && <Checkbox checked={byDefault} onChange={({ detail }) => setByDefault(detail.checked)}>Set new version as default</Checkbox>}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2" description="Schema version 0.3">Content</Header>}>
        <TextEditor label="Content" language={format === "JSON" ? "json" : "yaml"} value={content} height={480} onChange={setContent} />
      </Container>
    </FormPage>
  );
}
