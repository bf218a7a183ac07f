// "Execute automation runbook": the form is made of the runbook's parameters. `?document=` chooses it, `&copy=` begins with an execution's values.
import { type DocumentParameter, SSMClient, StartAutomationExecutionCommand } from "@aws-sdk/client-ssm";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { ReadFailed } from "../../components/ReadFailed";
import { useRoles } from "../../components/roles";
import { executionHref, useDocument, useDocuments, useExecution } from "./read";

export default function Execute() {
  const [query] = useSearchParams();
  const copied = query.get("copy");
  if (copied !== null) return <Copy id={copied} />;
  return <Form start={{}} />;
}

function Copy({ id }: { id: string }) {
  const execution = useExecution(id);
  if (execution.data === undefined) return <ReadFailed error={execution.error} what="execution" />;
  return <Form start={Object.fromEntries(Object.entries(execution.data.Parameters ?? {}).map(([name, values]) => [name, values.join(",")]))} />;
}

function Form({ start }: { start: Readonly<Record<string, string>> }) {
  const navigate = useNavigate();
  const [query, setQuery] = useSearchParams();
  const name = query.get("document") ?? "";
  const documents = useDocuments();
  const document = useDocument(name, undefined);
  const [values, setValues] = useState(start);
  const takes = document.data?.document.Parameters ?? [];
  const execute = useAct({
    what: "Execute automation",
    run: () => {
      const Parameters = parametersOf(takes, values);
      // No parameters are not an empty map of them, which is refused.
      return client(SSMClient).send(new StartAutomationExecutionCommand({ DocumentName: name, ...(Object.keys(Parameters).length > 0 && { Parameters }) }));
    },
    done: () => `The execution of ${name} was initiated.`,
    after: ({ AutomationExecutionId }) => void navigate(executionHref(AutomationExecutionId)),
    quiet: true,
  });
  const options = (documents.data ?? []).map(({ Name = "", Owner = "" }) => ({ value: Name, description: `Owner: ${Owner}` }));
  return (
    <FormPage
      title="Execute automation runbook" description={document.data?.document.Description} action="Execute" busy={execute.isPending} error={execute.error} disabled={document.data === undefined}
      onSubmit={() => execute.mutate(undefined)} onCancel={() => void navigate("/systems-manager/executions")}
      crumbs={[{ text: "Systems Manager", href: "/systems-manager" }, { text: "Automation", href: "/systems-manager/executions" }, { text: "Execute runbook", href: "/systems-manager/execute" }]}
    >
      <Container header={<Header variant="h2">Runbook</Header>}>
        <FormField label="Automation runbook" {...(documents.error !== null && { errorText: documents.error.message })}>
          <Select
            options={options} selectedOption={name === "" ? null : { value: name }} filteringType="auto" placeholder="Choose a runbook" filteringPlaceholder="Find runbooks" empty="No runbooks"
            statusType={documents.isLoading ? "loading" : "finished"} loadingText="Loading runbooks"
            onChange={({ detail }) => {
              setValues({});
              setQuery({ document: detail.selectedOption.value ?? "" }, { replace: true });
            }}
          />
        </FormField>
      </Container>
      <ReadFailed error={document.error} what="runbook" />
      {takes.length > 0 && (
        <Container header={<Header variant="h2">Input parameters</Header>}>
          <SpaceBetween size="l">
            {takes.map((parameter) => (
              <Parameter key={parameter.Name} of={parameter} value={values[parameter.Name ?? ""] ?? ""} set={(value) => setValues((old) => ({ ...old, [parameter.Name ?? ""]: value }))} />
            ))}
          </SpaceBetween>
        </Container>
      )}
    </FormPage>
  );
}

/** What is empty is left to the runbook's default. */
function parametersOf(takes: readonly DocumentParameter[], values: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(takes.flatMap(({ Name = "", Type }) => {
    const text = values[Name] ?? "";
    if (text === "") return [];
    return [[Name, Type === "StringList" && !text.trim().startsWith("[") ? text.split(",").map((part) => part.trim()) : [text]]];
  }));
}

function Parameter({ of: { Name = "", Type, Description, DefaultValue }, value, set }: { of: DocumentParameter; value: string; set: (value: string) => void }) {
  const roles = useRoles();
  const required = DefaultValue === undefined;
  const placeholder = required || DefaultValue === "" ? "" : `Default: ${DefaultValue}`;
  const isLong = (Type as string | undefined) === "StringMap" || (Type as string | undefined) === "MapList";
  return (
    <FormField label={required ? Name : `${Name} - optional`} description={Description} constraintText={Type === "StringList" ? "Several with commas between them" : Type}>
      {Name === "AutomationAssumeRole" ? (
        <Autosuggest
          ariaLabel={Name} value={value} options={(roles.data ?? []).map(({ arn, name }) => ({ value: arn, description: name }))} enteredTextLabel={(text) => `Use: ${text}`} placeholder="ARN of a role that ssm.amazonaws.com may assume"
          onChange={({ detail }) => set(detail.value)}
        />
      ) : isLong ? <Textarea value={value} placeholder={placeholder} onChange={({ detail }) => set(detail.value)} />
        : <Input value={value} placeholder={placeholder} onChange={({ detail }) => set(detail.value)} />}
    </FormField>
  );
}
