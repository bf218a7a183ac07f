// "Configure actions": topics that are notified, and functions that are invoked.
import type { StateValue } from "@aws-sdk/client-cloudwatch";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { failureOf } from "../../../aws/errors";
import { useAct } from "../../../aws/queries";
import { type Choice, useFunctionChoices, useTopicChoices } from "../../../components/choices";
import { STATES } from "./alarm";
import type { ActionForm, CommonForm } from "./alarmForm";
import { createTopic, DEFAULT_TOPIC } from "./topic";

const TRIGGERS: Readonly<Record<StateValue, string>> = {
  ALARM: "The metric or expression is outside of the defined threshold.", OK: "The metric or expression is within the defined threshold.",
  INSUFFICIENT_DATA: "The alarm has just started or not enough data is available.",
};

export function ActionsStep({ of, change }: { of: CommonForm; change: (part: Partial<CommonForm>) => void }) {
  const numbered = (kind: ActionForm["kind"]) => of.actions.filter((action) => action.kind === kind);
  const add = (kind: ActionForm["kind"]) => change({ actions: [...of.actions, { key: Math.max(-1, ...of.actions.map(({ key }) => key)) + 1, trigger: "ALARM", kind, arn: "" }] });
  const set = (key: number, part: Partial<ActionForm>) => change({ actions: of.actions.map((action) => (action.key === key ? { ...action, ...part } : action)) });
  const remove = (key: number) => change({ actions: of.actions.filter((action) => action.key !== key) });
  const row = (title: string) => (action: ActionForm, at: number) => (
    <Action key={action.key} title={`${title} ${at + 1}`} of={action} set={(part) => set(action.key, part)} remove={() => remove(action.key)} />
  );
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Notification</Header>}>
        <SpaceBetween size="l">
          {numbered("sns").map(row("Notification"))}
          <Button onClick={() => add("sns")}>Add notification</Button>
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2" description="The permission to invoke the function is added to the function's resource-based policy when the alarm is saved.">Lambda action</Header>}>
        <SpaceBetween size="l">
          {numbered("lambda").map(row("Lambda action"))}
          <Button onClick={() => add("lambda")}>Add Lambda action</Button>
        </SpaceBetween>
      </Container>
      {numbered("other").length > 0 && <Container header={<Header variant="h2">Other actions</Header>}><SpaceBetween size="l">{numbered("other").map(row("Other action"))}</SpaceBetween></Container>}
    </SpaceBetween>
  );
}

function Action({ title, of, set, remove }: { title: string; of: ActionForm; set: (part: Partial<ActionForm>) => void; remove: () => void }) {
  return (
    <div role="group" aria-label={title}>
      <SpaceBetween size="m">
        <Header variant="h3" actions={<Button ariaLabel={`Remove ${title}`} onClick={remove}>Remove</Button>}>{title}</Header>
        <FormField label="Alarm state trigger" description="Define the alarm state that will trigger this action.">
          <RadioGroup
            ariaLabel="Alarm state trigger" value={of.trigger} items={STATES.map(({ value, label }) => ({ value, label, description: TRIGGERS[value] }))}
            onChange={({ detail }) => set({ trigger: STATES.find(({ value }) => value === detail.value)?.value ?? "ALARM" })}
          />
        </FormField>
        {of.kind === "sns" && <Topic arn={of.arn} choose={(arn) => set({ arn })} />}
        {of.kind === "lambda" && <Function arn={of.arn} choose={(arn) => set({ arn })} />}
        {of.kind === "other" && <Box variant="code">{of.arn}</Box>}
      </SpaceBetween>
    </div>
  );
}

const WAYS = [{ value: "existing", label: "Select an existing SNS topic" }, { value: "new", label: "Create new topic" }, { value: "arn", label: "Use topic ARN to notify other accounts" }];

function Topic({ arn, choose }: { arn: string; choose: (arn: string) => void }) {
  const [how, setHow] = useState("existing");
  const topics = useTopicChoices();
  return (
    <SpaceBetween size="m">
      <FormField label="Send a notification to the following SNS topic" description="Define the SNS (Simple Notification Service) topic that will receive the notification.">
        <RadioGroup ariaLabel="Send a notification to the following SNS topic" value={how} items={WAYS} onChange={({ detail }) => setHow(detail.value)} />
      </FormField>
      {how === "existing" && (
        <FormField label="Send a notification to…" constraintText="Only topics for this account are available." {...(topics.error !== null && { errorText: failureOf(topics.error).message })}>
          <Choose placeholder="Select an SNS topic" choices={topics.data} arn={arn} choose={choose} empty="No topics" />
        </FormField>
      )}
      {how === "arn" && <FormField label="Topic ARN"><Input value={arn} onChange={({ detail }) => choose(detail.value.trim())} /></FormField>}
      {how === "new" && <NewTopic made={(made) => { choose(made); setHow("existing"); }} />}
    </SpaceBetween>
  );
}

function NewTopic({ made }: { made: (arn: string) => void }) {
  const [name, setName] = useState(DEFAULT_TOPIC);
  const [endpoints, setEndpoints] = useState("");
  const create = useAct({
    what: "Create topic", run: () => createTopic(name, endpoints), done: () => `Topic ${name} was created. Whoever gets mail from it confirms that first: the mail that asks for it is in the Mailbox of this console.`,
    after: made, quiet: true,
  });
  return (
    <SpaceBetween size="m">
      <FormField label="Create a new topic…" description="The topic name must be unique." constraintText="SNS topic names can contain only alphanumeric characters, hyphens (-) and underscores (_).">
        <Input value={name} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <FormField label="Email endpoints that will receive the notification…" description="Add a comma-separated list of email addresses. Each address will be added as a subscription to the topic above." constraintText="user1@example.com, user2@example.com">
        <Textarea value={endpoints} rows={2} onChange={({ detail }) => setEndpoints(detail.value)} />
      </FormField>
      {create.error !== null && <Alert type="error" header={failureOf(create.error).code}>{failureOf(create.error).message}</Alert>}
      <Button loading={create.isPending} disabled={name === ""} onClick={() => create.mutate(undefined)}>Create topic</Button>
    </SpaceBetween>
  );
}

function Function({ arn, choose }: { arn: string; choose: (arn: string) => void }) {
  const functions = useFunctionChoices();
  return (
    <FormField label="Choose a Lambda function to invoke" constraintText="Only functions for this account are available." {...(functions.error !== null && { errorText: failureOf(functions.error).message })}>
      <Choose placeholder="Select a function" choices={functions.data} arn={arn} choose={choose} empty="No functions" />
    </FormField>
  );
}

function Choose({ placeholder, choices, arn, choose, empty }: { placeholder: string; choices: readonly Choice[] | undefined; arn: string; choose: (arn: string) => void; empty: string }) {
  const options = choices ?? [];
  return (
    <Select
      placeholder={placeholder} filteringType="auto" empty={empty} statusType={choices === undefined ? "loading" : "finished"} options={options}
      selectedOption={options.find(({ value }) => value === arn) ?? (arn === "" ? null : { value: arn, label: arn })}
      onChange={({ detail }) => choose(detail.selectedOption.value ?? "")}
    />
  );
}
