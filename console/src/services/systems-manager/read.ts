// What pages of Systems Manager read.
import {
  type AutomationExecution, DescribeAutomationExecutionsCommand, DescribeDocumentCommand, DescribeParametersCommand, type DocumentDescription, type DocumentIdentifier, type DocumentVersionInfo,
  GetAutomationExecutionCommand, GetDocumentCommand, GetParameterCommand, GetParameterHistoryCommand, ListDocumentsCommand, ListDocumentVersionsCommand, ListTagsForResourceCommand,
  type ParameterMetadata, type ResourceTypeForTagging, SSMClient,
} from "@aws-sdk/client-ssm";
import type { Found } from "../../app/service";
import { client } from "../../aws/clients";
import { ifAllowed } from "../../aws/errors";
import { every, useRead } from "../../aws/queries";
import { readTags, type Tag } from "../../aws/tags";

const ssm = () => client(SSMClient);
const DOCUMENTS = ["ssm.documents", "ssm.document_versions"];
const EXECUTIONS = ["ssm.executions"];
const PARAMETERS = ["ssm.parameters", "ssm.parameter_versions"];

export function documentHref(name: string | undefined): string {
  return `/systems-manager/documents/${encodeURIComponent(name ?? "")}`;
}

export function executionHref(id: string | undefined): string {
  return `/systems-manager/executions/${id ?? ""}`;
}

export function parameterHref(name: string | undefined): string {
  return `/systems-manager/parameters/${encodeURIComponent(name ?? "")}`;
}

/** Null where this identity may not see them. */
async function tagsOf(ResourceType: ResourceTypeForTagging, ResourceId: string): Promise<Tag[] | null> {
  const answer = await ifAllowed(ssm().send(new ListTagsForResourceCommand({ ResourceType, ResourceId })));
  return answer === undefined ? null : readTags(answer.TagList);
}

export function useDocuments() {
  return useRead({ key: ["ssm", "documents"], follows: DOCUMENTS, read: documents });
}

function documents(): Promise<DocumentIdentifier[]> {
  return every(
    (NextToken) => ssm().send(new ListDocumentsCommand({ Filters: [{ Key: "DocumentType", Values: ["Automation"] }], MaxResults: 50, NextToken })),
    (answer) => [answer.DocumentIdentifiers, answer.NextToken],
  );
}

export interface DocumentView {
  document: DocumentDescription;
  content: string;
  versions: DocumentVersionInfo[];
  /** Undefined for those of Amazon. */
  tags?: Tag[] | null;
}

export function useDocument(name: string, version: string | undefined) {
  return useRead({
    key: ["ssm", "document", name, version], follows: DOCUMENTS, enabled: name !== "",
    read: async (): Promise<DocumentView> => {
      const asked = { Name: name, ...(version !== undefined && { DocumentVersion: version }) };
      const [{ Document: document }, { Content: content }, versions] = await Promise.all([
        ssm().send(new DescribeDocumentCommand(asked)),
        ssm().send(new GetDocumentCommand(asked)),
        every((NextToken) => ssm().send(new ListDocumentVersionsCommand({ Name: name, NextToken })), (answer) => [answer.DocumentVersions, answer.NextToken]),
      ]);
      if (document === undefined) throw new Error(`There is no document ${name}.`);
      return { document, content: content ?? "", versions, ...(document.Owner !== "Amazon" && { tags: await tagsOf("Document", name) }) };
    },
  });
}

export function useExecutions() {
  return useRead({
    key: ["ssm", "executions"], follows: EXECUTIONS,
    read: () => every((NextToken) => ssm().send(new DescribeAutomationExecutionsCommand({ MaxResults: 50, NextToken })), (answer) => [answer.AutomationExecutionMetadataList, answer.NextToken]),
  });
}

/** Whether an execution or step has come to its end. */
export function hasEnded(status: string | undefined): boolean {
  return status !== undefined && !["Pending", "InProgress", "Waiting", "Cancelling"].includes(status);
}

export function useExecution(id: string) {
  return useRead({
    key: ["ssm", "execution", id], follows: EXECUTIONS,
    read: async (): Promise<AutomationExecution> => {
      const { AutomationExecution: execution } = await ssm().send(new GetAutomationExecutionCommand({ AutomationExecutionId: id }));
      if (execution === undefined) throw new Error(`There is no execution ${id}.`);
      return execution;
    },
  });
}

export function useParameters() {
  return useRead({ key: ["ssm", "parameters"], follows: PARAMETERS, read: parameters });
}

function parameters(): Promise<ParameterMetadata[]> {
  return every((NextToken) => ssm().send(new DescribeParametersCommand({ MaxResults: 50, NextToken })), (answer) => [answer.Parameters, answer.NextToken]);
}

export interface ParameterView {
  metadata: ParameterMetadata;
  tags: Tag[] | null;
}

export function useParameter(name: string) {
  return useRead({
    key: ["ssm", "parameter", name], follows: PARAMETERS, enabled: name !== "",
    read: async (): Promise<ParameterView> => {
      const { Parameters } = await ssm().send(new DescribeParametersCommand({ ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [name] }] }));
      const metadata = Parameters?.[0];
      if (metadata === undefined) throw new Error(`Parameter ${name} not found.`);
      return { metadata, tags: await tagsOf("Parameter", name) };
    },
  });
}

/** The value. A secure string is decrypted only where somebody asks to see it. */
export function useValue(name: string, decrypt: boolean) {
  return useRead({
    key: ["ssm", "value", name, decrypt], follows: PARAMETERS, enabled: name !== "",
    read: async () => (await ssm().send(new GetParameterCommand({ Name: name, WithDecryption: decrypt }))).Parameter,
  });
}

export function useHistory(name: string) {
  return useRead({
    key: ["ssm", "history", name], follows: PARAMETERS,
    read: async () => {
      const all = await every((NextToken) => ssm().send(new GetParameterHistoryCommand({ Name: name, WithDecryption: false, NextToken })), (answer) => [answer.Parameters, answer.NextToken]);
      return all.reverse();
    },
  });
}

export async function found(): Promise<Found[]> {
  const [runbooks, own] = await Promise.all([documents(), parameters().catch(() => [])]);
  return [
    ...runbooks.map(({ Name = "" }) => ({ label: Name, href: documentHref(Name), kind: "Automation document" })),
    ...own.map(({ Name = "" }) => ({ label: Name, href: parameterHref(Name), kind: "Parameter" })),
  ];
}
