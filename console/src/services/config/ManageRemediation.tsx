// "Manage remediation": which runbook repairs what a rule finds, and how.
import { ConfigServiceClient, PutRemediationConfigurationsCommand, type RemediationConfiguration, type RemediationParameterValue } from "@aws-sdk/client-config-service";
import type { DocumentParameter } from "@aws-sdk/client-ssm";
import Alert from "@cloudscape-design/components/alert";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { Page } from "../../components/Page";
import { ReadFailed } from "../../components/ReadFailed";
import { managedRule } from "./coverage";
import { type RuleDetail, useRule } from "./read";
import { useRoles } from "./roles";
import { useRunbook, useRunbooks } from "./runbooks";
import { ruleHref } from "./types";

const ROLE = "AutomationAssumeRole";

export default function ManageRemediation() {
  const { name = "" } = useParams();
  const rule = useRule(name);
  return (
    <Page title="Edit: Remediation action" crumbs={[
      { text: "AWS Config", href: "/config" }, { text: "Rules", href: "/config/rules" }, { text: name, href: ruleHref(name) },
      { text: "Manage remediation", href: `${ruleHref(name)}/remediation` },
    ]}>
      <ReadFailed error={rule.error} what="rule" />
      {rule.data !== undefined && <Edit of={rule.data} />}
    </Page>
  );
}

interface Draft {
  automatic: boolean;
  attempts: string;
  seconds: string;
  target: string;
  resourceParameter: string;
  values: Readonly<Record<string, string>>;
}

function draftOf(known: RemediationConfiguration | undefined): Draft {
  const parameters = Object.entries(known?.Parameters ?? {});
  return {
    automatic: known?.Automatic ?? false,
    attempts: String(known?.MaximumAutomaticAttempts ?? 5),
    seconds: String(known?.RetryAttemptSeconds ?? 60),
    target: known?.TargetId ?? "",
    resourceParameter: parameters.find(([, value]) => value.ResourceValue !== undefined)?.[0] ?? "",
    values: Object.fromEntries(parameters.flatMap(([key, value]) => (value.StaticValue === undefined ? [] : [[key, value.StaticValue.Values?.join(",") ?? ""]]))),
  };
}

function configurationOf(rule: string, draft: Draft, takes: readonly DocumentParameter[]): RemediationConfiguration {
  const value = ({ Name = "", Type }: DocumentParameter): [string, RemediationParameterValue] | undefined => {
    if (Name === draft.resourceParameter) return [Name, { ResourceValue: { Value: "RESOURCE_ID" } }];
    const text = draft.values[Name] ?? "";
    if (text === "") return undefined;
    return [Name, { StaticValue: { Values: Type === "StringList" ? text.split(",").map((part) => part.trim()) : [text] } }];
  };
  return {
    ConfigRuleName: rule,
    TargetType: "SSM_DOCUMENT",
    TargetId: draft.target,
    Parameters: Object.fromEntries(takes.flatMap((parameter) => value(parameter) === undefined ? [] : [value(parameter) as [string, RemediationParameterValue]])),
    Automatic: draft.automatic,
    ...(draft.automatic && { MaximumAutomaticAttempts: Number(draft.attempts), RetryAttemptSeconds: Number(draft.seconds) }),
  };
}

function Edit({ of: { name, rule, remediation } }: { of: RuleDetail }) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => draftOf(remediation));
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const runbook = useRunbook(draft.target);
  const takes = runbook.data?.Parameters ?? [];
  const save = useAct({
    what: "Save remediation action",
    run: () => client(ConfigServiceClient).send(new PutRemediationConfigurationsCommand({ RemediationConfigurations: [configurationOf(name, draft, takes)] })),
    done: () => `The remediation action of ${name} was saved.`,
    after: () => void navigate(ruleHref(name)),
    quiet: true,
  });
  const failure = save.error === null ? undefined : failureOf(save.error);
  return (
    <Form actions={
      <SpaceBetween direction="horizontal" size="xs">
        <Button variant="link" onClick={() => void navigate(ruleHref(name))}>Cancel</Button>
        <Button variant="primary" loading={save.isPending} disabled={runbook.data === undefined} onClick={() => save.mutate(undefined)}>Save changes</Button>
      </SpaceBetween>
    }>
      <SpaceBetween size="l">
        <Method of={draft} change={change} />
        <Action of={draft} change={change} recommended={managedRule(rule.Source?.SourceIdentifier)?.runbooks ?? []} error={runbook.error} description={runbook.data?.Description} />
        {takes.length > 0 && <Parameters of={draft} change={change} takes={takes} />}
        {failure !== undefined && <Alert type="error" header={failure.code}>{failure.message}</Alert>}
      </SpaceBetween>
    </Form>
  );
}

type Part = { of: Draft; change: (part: Partial<Draft>) => void };

function Method({ of: draft, change }: Part) {
  return (
    <Container header={<Header variant="h2">Select remediation method</Header>}>
      <SpaceBetween size="l">
        <RadioGroup
          ariaLabel="Select remediation method" value={draft.automatic ? "automatic" : "manual"} onChange={({ detail }) => change({ automatic: detail.value === "automatic" })}
          items={[
            { value: "automatic", label: "Automatic remediation", description: "Noncompliant resources are repaired as the rule finds them." },
            { value: "manual", label: "Manual remediation", description: "You choose which noncompliant resources are repaired." },
          ]}
        />
        {draft.automatic && (
          <ColumnLayout columns={2}>
            <FormField label="Retries" constraintText="1 to 25"><Input type="number" value={draft.attempts} onChange={({ detail }) => change({ attempts: detail.value })} /></FormField>
            <FormField label="Seconds" description="If a resource is still noncompliant after this many tries in this time, it becomes an exception.">
              <Input type="number" value={draft.seconds} onChange={({ detail }) => change({ seconds: detail.value })} />
            </FormField>
          </ColumnLayout>
        )}
      </SpaceBetween>
    </Container>
  );
}

function Action({ of: draft, change, recommended, error, description }: Part & { recommended: readonly string[]; error: Error | null; description: string | undefined }) {
  const runbooks = useRunbooks();
  const option = (value: string) => ({ value, label: value });
  const names = runbooks.data ?? [];
  const options = [
    { label: "Recommended", options: names.filter((name) => recommended.includes(name)).map(option) },
    { label: "All", options: names.filter((name) => !recommended.includes(name)).map(option) },
  ].filter((group) => group.options.length > 0);
  return (
    <Container header={<Header variant="h2" description="The execution of remediation actions is done by AWS Systems Manager Automation.">Remediation action details</Header>}>
      <FormField label="Choose remediation action" errorText={(error ?? runbooks.error)?.message} description={description}>
        <Select
          selectedOption={draft.target === "" ? null : option(draft.target)} options={options} filteringType="auto" placeholder="Choose remediation action" filteringPlaceholder="Find runbooks"
          statusType={runbooks.isLoading ? "loading" : "finished"} loadingText="Loading runbooks" empty="No runbooks"
          onChange={({ detail }) => change({ target: detail.selectedOption.value ?? "", resourceParameter: "", values: {} })}
        />
      </FormField>
    </Container>
  );
}

function Parameters({ of: draft, change, takes }: Part & { takes: readonly DocumentParameter[] }) {
  const roles = useRoles();
  const ids = [{ value: "", label: "N/A" }, ...takes.filter(({ Name }) => Name !== ROLE).map(({ Name = "" }) => ({ value: Name, label: Name }))];
  const set = (name: string, value: string) => change({ values: { ...draft.values, [name]: value } });
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" description="The parameter that is given the identifier of the noncompliant resource.">Resource ID parameter</Header>}>
        <FormField label="Resource ID parameter">
          <Select options={ids} selectedOption={ids.find(({ value }) => value === draft.resourceParameter) ?? null} onChange={({ detail }) => change({ resourceParameter: detail.selectedOption.value ?? "" })} />
        </FormField>
      </Container>
      <Container header={<Header variant="h2">Parameters</Header>}>
        <SpaceBetween size="m">
          {takes.filter(({ Name }) => Name !== draft.resourceParameter).map(({ Name = "", Description, DefaultValue, Type }) => (
            <FormField key={Name} label={DefaultValue === undefined ? Name : `${Name} - optional`} description={Description} constraintText={Type === "StringList" ? "Several with commas between them" : undefined}>
              {Name === ROLE ? (
                <Autosuggest
                  value={draft.values[Name] ?? ""} options={roles.data ?? []} ariaLabel={Name} placeholder="ARN of a role that ssm.amazonaws.com may assume"
                  enteredTextLabel={(value) => `Use: ${value}`} onChange={({ detail }) => set(Name, detail.value)}
                />
              ) : (
                <Input value={draft.values[Name] ?? ""} placeholder={DefaultValue === undefined || DefaultValue === "" ? "" : `Default: ${DefaultValue}`} onChange={({ detail }) => set(Name, detail.value)} />
              )}
            </FormField>
          ))}
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
