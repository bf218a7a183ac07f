import type { CompositeAlarm } from "@aws-sdk/client-cloudwatch";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { failureOf } from "../../../aws/errors";
import { useAct } from "../../../aws/queries";
import { Code } from "../../../components/Code";
import { alarmPage } from "../../../components/metrics/pages";
import { BarePage } from "../../../components/Page";
import { Properties } from "../../../components/Properties";
import { Steps } from "../../../components/Steps";
import { TextEditor } from "../../../components/TextEditor";
import { ActionsStep } from "./ActionsStep";
import { stateText } from "./alarm";
import { actionsProblem, compositeFormOf, type CompositeForm, inAlarm, nameProblem, newCompositeForm } from "./alarmForm";
import { NameStep } from "./NameStep";
import { crumbsOf, useAlarms } from "./read";
import { Review } from "./Review";
import { saveCompositeAlarm } from "./save";

export default function CreateCompositeAlarm() {
  const [asked] = useSearchParams();
  return <CompositeAlarmForm start={newCompositeForm(asked.getAll("alarm"))} />;
}

export function EditCompositeAlarm({ alarm }: { alarm: CompositeAlarm }) {
  return <CompositeAlarmForm start={compositeFormOf(alarm)} editing />;
}

function CompositeAlarmForm({ start, editing = false }: { start: CompositeForm; editing?: boolean }) {
  const navigate = useNavigate();
  const [form, setForm] = useState(start);
  const change = (part: Partial<CompositeForm>) => setForm((before) => ({ ...before, ...part }));
  const page = alarmPage(form.name);
  const save = useAct({
    what: editing ? "Update composite alarm" : "Create composite alarm",
    run: () => saveCompositeAlarm(form, editing),
    done: () => `Successfully ${editing ? "updated" : "created"} composite alarm ${form.name}.`,
    after: () => void navigate(page),
    quiet: true,
  });
  return (
    <BarePage crumbs={editing ? crumbsOf({ text: form.name, href: page }, { text: "Edit", href: `${page}/edit` }) : crumbsOf({ text: "Create composite alarm", href: "/cloudwatch/create-composite-alarm" })}>
      <Steps
        submit={editing ? "Update composite alarm" : "Create composite alarm"} busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)}
        onCancel={() => void navigate(editing ? page : "/cloudwatch/alarms")}
        steps={[
          { title: "Specify composite alarm conditions", content: <RuleStep of={form} change={change} />, problem: () => (form.rule.trim() === "" ? "Write the alarm's conditions." : undefined) },
          {
            title: "Configure actions", problem: () => actionsProblem(form),
            content: <SpaceBetween size="l"><ActionsStep of={form} change={change} /><Suppressor of={form} change={change} /></SpaceBetween>,
          },
          { title: "Add name and description", content: <NameStep of={form} change={change} editing={editing} />, problem: () => nameProblem(form) },
          {
            title: editing ? "Preview and update" : "Preview and create",
            content: (
              <Review of={form}>
                <Container header={<Header variant="h2">Composite alarm conditions</Header>}>
                  <SpaceBetween size="m">
                    <Code>{form.rule}</Code>
                    {form.suppressor !== "" && <Properties of={[["Suppressor alarm", form.suppressor]]} />}
                  </SpaceBetween>
                </Container>
              </Review>
            ),
          },
        ]}
      />
    </BarePage>
  );
}

interface Part {
  of: CompositeForm;
  change: (part: Partial<CompositeForm>) => void;
}

function RuleStep({ of, change }: Part) {
  const alarms = useAlarms();
  return (
    <Container header={<Header variant="h2" description={'ALARM("name"), OK("name") and INSUFFICIENT_DATA("name"), joined by AND, OR and NOT; TRUE and FALSE.'}>Conditions</Header>}>
      <SpaceBetween size="m">
        <FormField label="Add an alarm to the conditions" {...(alarms.error !== null && { errorText: failureOf(alarms.error).message })}>
          <Select
            selectedOption={null} placeholder="Choose an alarm" filteringType="auto" empty="No alarms" statusType={alarms.isLoading ? "loading" : "finished"}
            options={(alarms.data ?? []).filter(({ name }) => name !== of.name).map(({ name, state }) => ({ value: name, label: name, description: stateText(state) }))}
            onChange={({ detail: { selectedOption: { value = "" } } }) => change({ rule: of.rule.trim() === "" ? inAlarm(value) : `${of.rule.trimEnd()} OR\n${inAlarm(value)}` })}
          />
        </FormField>
        <TextEditor label="Composite alarm conditions" language="text" value={of.rule} onChange={(rule) => change({ rule })} height={140} />
        <Box color="text-body-secondary">The composite alarm is in alarm while the conditions are true.</Box>
      </SpaceBetween>
    </Container>
  );
}

const NONE = { value: "", label: "No suppressor: actions are always taken" };

function Suppressor({ of, change }: Part) {
  const alarms = useAlarms();
  const options = [NONE, ...(alarms.data ?? []).filter(({ name }) => name !== of.name).map(({ name, arn }) => ({ value: arn, label: name }))];
  return (
    <Container header={<Header variant="h2" description="While the suppressor alarm is in alarm, this alarm takes no actions.">Alarm suppression - optional</Header>}>
      <SpaceBetween size="m">
        <FormField label="Suppressor alarm">
          <Select
            options={options} selectedOption={options.find(({ value, label }) => value === of.suppressor || (of.suppressor !== "" && label === of.suppressor)) ?? { value: of.suppressor, label: of.suppressor }}
            onChange={({ detail }) => change({ suppressor: detail.selectedOption.value ?? "" })} filteringType="auto"
          />
        </FormField>
        {of.suppressor !== "" && (
          <>
            <FormField label="Maximum time in seconds to wait for the suppressor alarm"><Input value={of.wait} inputMode="numeric" onChange={({ detail }) => change({ wait: detail.value })} /></FormField>
            <FormField label="Extend time in seconds after the suppressor alarm"><Input value={of.extension} inputMode="numeric" onChange={({ detail }) => change({ extension: detail.value })} /></FormField>
          </>
        )}
      </SpaceBetween>
    </Container>
  );
}
