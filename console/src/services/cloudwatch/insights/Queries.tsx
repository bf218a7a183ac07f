// Queries to choose from: saved ones, and samples.
import { CloudWatchLogsClient, DeleteQueryDefinitionCommand, PutQueryDefinitionCommand, type QueryDefinition } from "@aws-sdk/client-cloudwatch-logs";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../../aws/clients";
import { useAct } from "../../../aws/queries";
import { Code } from "../../../components/Code";
import { Confirm } from "../../../components/Confirm";
import { FormModal } from "../../../components/FormModal";
import { ReadFailed } from "../../../components/ReadFailed";
import { SAMPLES } from "./query";
import { useDefinitions } from "./read";

/** `use` puts a query into the editor, with its log groups where it has some. */
export function Queries({ use }: { use: (query: string, groups?: readonly string[]) => void }) {
  const saved = useDefinitions();
  const [deleting, setDeleting] = useState<QueryDefinition>();
  const remove = useAct({
    what: "Delete query",
    run: ({ queryDefinitionId }: QueryDefinition) => client(CloudWatchLogsClient).send(new DeleteQueryDefinitionCommand({ queryDefinitionId })),
    done: (_, { name }) => `Query ${name} was deleted.`,
    after: () => setDeleting(undefined),
  });
  return (
    <SpaceBetween size="m">
      <Header variant="h3">Saved queries</Header>
      <ReadFailed error={saved.error} what="saved queries" />
      {saved.data?.length === 0 && <Box color="text-body-secondary">No saved queries. Save the one in the editor to find it here.</Box>}
      {(saved.data ?? []).map((query) => (
        <ExpandableSection key={query.queryDefinitionId} headerText={query.name}>
          <SpaceBetween size="xs">
            <Code>{query.queryString ?? ""}</Code>
            <SpaceBetween direction="horizontal" size="xs">
              <Button ariaLabel={`Apply ${query.name}`} onClick={() => use(query.queryString ?? "", query.logGroupNames)}>Apply</Button>
              <Button ariaLabel={`Delete ${query.name}`} onClick={() => setDeleting(query)}>Delete</Button>
            </SpaceBetween>
          </SpaceBetween>
        </ExpandableSection>
      ))}
      <Header variant="h3">Sample queries</Header>
      {SAMPLES.map(({ kind, queries }) => (
        <ExpandableSection key={kind} headerText={kind}>
          <SpaceBetween size="s">
            {queries.map(({ name, query }) => (
              <SpaceBetween key={name} size="xxs">
                <Box variant="strong">{name}</Box>
                <Code>{query}</Code>
                <Button ariaLabel={`Apply ${name}`} onClick={() => use(query)}>Apply</Button>
              </SpaceBetween>
            ))}
          </SpaceBetween>
        </ExpandableSection>
      ))}
      {deleting !== undefined && (
        <Confirm title="Delete query" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting(undefined)}>
          The saved query {deleting.name} is deleted.
        </Confirm>
      )}
    </SpaceBetween>
  );
}

export function SaveQuery({ query, groups, close }: { query: string; groups: readonly string[]; close: () => void }) {
  const [name, setName] = useState("");
  const save = useAct({
    what: "Save query",
    run: () => client(CloudWatchLogsClient).send(new PutQueryDefinitionCommand({ name, queryString: query, ...(groups.length > 0 && { logGroupNames: [...groups] }) })),
    done: () => `Query ${name} was saved.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Save query" action="Save" busy={save.isPending} error={save.error} disabled={name === ""} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="Query name" constraintText="A slash makes folders: security/denied calls."><Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus /></FormField>
      <FormField label="Query definition"><Code>{query}</Code></FormField>
    </FormModal>
  );
}
