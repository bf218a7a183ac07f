import { AddTagsToResourceCommand, RemoveTagsFromResourceCommand, SSMClient, UpdateDocumentDefaultVersionCommand } from "@aws-sdk/client-ssm";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Page } from "../../components/Page";
import { PageTabs } from "../../components/PageTabs";
import { Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { writtenTags } from "../../aws/tags";
import { Tags } from "../../components/Tags";
import { TextEditor } from "../../components/TextEditor";
import { when } from "../../components/time";
import { DeleteDocument } from "./DeleteDocument";
import { documentHref, type DocumentView, useDocument } from "./read";

export default function Document() {
  const { name = "" } = useParams();
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const document = useDocument(name, query.get("version") ?? undefined);
  const own = document.data !== undefined && document.data.document.Owner !== "Amazon";
  return (
    <Page
      title={name} crumbs={[{ text: "Systems Manager", href: "/systems-manager" }, { text: "Documents", href: "/systems-manager/documents" }, { text: name, href: documentHref(name) }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          {own && <DeleteDocument name={name} deleted={() => void navigate("/systems-manager/documents?tab=me")} />}
          {own && <Button onClick={() => void navigate(`${documentHref(name)}/new-version`)}>Create new version</Button>}
          <Button variant="primary" onClick={() => void navigate(`/systems-manager/execute?document=${encodeURIComponent(name)}`)}>Execute automation</Button>
        </SpaceBetween>
      }
    >
      <ReadFailed error={document.error} what="document" />
      {document.data !== undefined && <Detail of={document.data} own={own} />}
    </Page>
  );
}

function Detail({ of: view, own }: { of: DocumentView; own: boolean }) {
  const { document, content } = view;
  return (
    <SpaceBetween size="l">
      <Version of={view} />
      <PageTabs label="Document" tabs={[
        { id: "description", label: "Description", content: <Description of={view} /> },
        {
          id: "content", label: "Content",
          content: <Container header={<Header variant="h2">Content</Header>}><TextEditor label="Content" language={document.DocumentFormat === "JSON" ? "json" : "yaml"} value={content} height={600} /></Container>,
        },
        { id: "versions", label: "Versions", content: <Versions of={view} own={own} /> },
        ...(own ? [{ id: "tags", label: "Tags", content: <DocumentTags of={view} /> }] : []),
      ]} />
    </SpaceBetween>
  );
}

function Version({ of: { document, versions } }: { of: DocumentView }) {
  const [query, setQuery] = useSearchParams();
  const options = versions.map(({ DocumentVersion = "", IsDefaultVersion }) => ({ value: DocumentVersion, label: `${DocumentVersion}${IsDefaultVersion === true ? " (Default)" : ""}` }));
  if (options.length < 2) return null;
  return (
    <Select
      ariaLabel="Document version" options={options} selectedOption={options.find(({ value }) => value === document.DocumentVersion) ?? null}
      onChange={({ detail }) => setQuery({ ...Object.fromEntries(query), version: detail.selectedOption.value ?? "" }, { replace: true })}
    />
  );
}

function Description({ of: { document } }: { of: DocumentView }) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Document description</Header>}>
        <Properties of={[
          ["Document type", document.DocumentType],
          ["Owner", document.Owner],
          ["Document version", document.DocumentVersion],
          ["Default version", document.DefaultVersion],
          ["Format", document.DocumentFormat],
          ["Schema version", document.SchemaVersion],
          ["Created", when(document.CreatedDate)],
          ["Status", document.Status],
          ["Target type", document.TargetType],
        ]} />
        <Box margin={{ top: "m" }}>{document.Description}</Box>
      </Container>
      <ResourceTable
        title="Parameters" items={document.Parameters ?? []} loading={false} id={({ Name }) => Name ?? ""} empty="This document takes no parameters."
        columns={[
          { id: "name", header: "Name", cell: ({ Name }) => Name, value: ({ Name }) => Name },
          { id: "type", header: "Type", cell: ({ Type }) => Type, value: ({ Type }) => Type },
          { id: "default", header: "Default", cell: ({ DefaultValue }) => (DefaultValue === undefined ? "Required" : DefaultValue === "" ? "Empty" : DefaultValue) },
          { id: "description", header: "Description", cell: ({ Description: text }) => text ?? "–" },
        ]}
      />
    </SpaceBetween>
  );
}

function Versions({ of: { document, versions }, own }: { of: DocumentView; own: boolean }) {
  const setDefault = useAct({
    what: "Set as default version", run: (DocumentVersion: string) => client(SSMClient).send(new UpdateDocumentDefaultVersionCommand({ Name: document.Name, DocumentVersion })),
    done: (_, version) => `Version ${version} is the default.`,
  });
  return (
    <ResourceTable
      title="Versions" items={versions} loading={false} id={({ DocumentVersion }) => DocumentVersion ?? ""} {...(own && { select: "single" as const })}
      columns={[
        { id: "version", header: "Version", cell: ({ DocumentVersion }) => DocumentVersion, value: ({ DocumentVersion }) => Number(DocumentVersion) },
        { id: "default", header: "Default", cell: ({ IsDefaultVersion }) => (IsDefaultVersion === true ? "Yes" : "No") },
        { id: "name", header: "Version name", cell: ({ VersionName }) => VersionName ?? "–" },
        { id: "created", header: "Created", cell: ({ CreatedDate }) => when(CreatedDate), value: ({ CreatedDate }) => CreatedDate?.getTime() },
        { id: "status", header: "Status", cell: ({ Status }) => Status },
      ]}
      actions={([selected]) => own && (
        <Button disabled={selected === undefined || selected.IsDefaultVersion === true} loading={setDefault.isPending} onClick={() => setDefault.mutate(selected?.DocumentVersion ?? "")}>Set as default version</Button>
      )}
    />
  );
}

function DocumentTags({ of: { document, tags } }: { of: DocumentView }) {
  const resource = { ResourceType: "Document" as const, ResourceId: document.Name };
  return (
    <Tags
      tags={tags}
      tag={(some) => client(SSMClient).send(new AddTagsToResourceCommand({ ...resource, Tags: writtenTags(some) }))}
      untag={(TagKeys) => client(SSMClient).send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys }))}
    />
  );
}
