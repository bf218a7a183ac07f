import type { DocumentIdentifier } from "@aws-sdk/client-ssm";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useNavigate } from "react-router";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { PageTabs } from "../../components/PageTabs";
import { ResourceTable } from "../../components/ResourceTable";
import { DeleteDocument } from "./DeleteDocument";
import { documentHref, useDocuments } from "./read";

export default function Documents() {
  const navigate = useNavigate();
  return (
    <Page
      title="Documents" crumbs={[{ text: "Systems Manager", href: "/systems-manager" }, { text: "Documents", href: "/systems-manager/documents" }]}
      actions={<Button variant="primary" onClick={() => void navigate("/systems-manager/create-document")}>Create document</Button>}
    >
      <PageTabs label="Documents" tabs={[
        { id: "amazon", label: "Owned by Amazon", content: <List title="Documents owned by Amazon" keep={({ Owner }) => Owner === "Amazon"} /> },
        { id: "me", label: "Owned by me", content: <List title="Documents owned by me" keep={(own) => own.Owner !== "Amazon"} own /> },
        { id: "all", label: "All documents", content: <List title="All documents" keep={() => true} /> },
      ]} />
    </Page>
  );
}

function List({ title, keep, own = false }: { title: string; keep: (document: DocumentIdentifier) => boolean; own?: boolean }) {
  const documents = useDocuments();
  const navigate = useNavigate();
  return (
    <ResourceTable
      title={title} items={documents.data?.filter(keep)} loading={documents.isLoading} error={documents.error} id={({ Name }) => Name ?? ""} select="single"
      description="Automation runbooks." empty={own ? "No documents of yours. Create document makes one." : "No documents"}
      columns={[
        { id: "name", header: "Name", cell: ({ Name }) => <PageLink href={documentHref(Name)}>{Name}</PageLink>, value: ({ Name }) => Name },
        { id: "type", header: "Document type", cell: ({ DocumentType }) => DocumentType, value: ({ DocumentType }) => DocumentType },
        { id: "owner", header: "Owner", cell: ({ Owner }) => Owner, value: ({ Owner }) => Owner },
        { id: "version", header: "Default version", cell: ({ DocumentVersion }) => DocumentVersion, value: ({ DocumentVersion }) => DocumentVersion },
        { id: "format", header: "Format", cell: ({ DocumentFormat }) => DocumentFormat, value: ({ DocumentFormat }) => DocumentFormat },
      ]}
      actions={([selected]) => (
        <SpaceBetween direction="horizontal" size="xs">
          {own && <DeleteDocument name={selected?.Name} />}
          <Button disabled={selected === undefined} onClick={() => void navigate(`/systems-manager/execute?document=${encodeURIComponent(selected?.Name ?? "")}`)}>Execute automation</Button>
        </SpaceBetween>
      )}
    />
  );
}
