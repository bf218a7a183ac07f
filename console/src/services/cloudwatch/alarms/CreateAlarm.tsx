import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useAct } from "../../../aws/queries";
import { nameOfLine } from "../../../components/metrics/metric";
import { MetricGraph } from "../../../components/metrics/MetricGraph";
import { alarmPage, createAlarmPage, linesIn } from "../../../components/metrics/pages";
import { LAST_THREE_HOURS } from "../../../components/metrics/span";
import { BarePage } from "../../../components/Page";
import { Properties } from "../../../components/Properties";
import { Steps } from "../../../components/Steps";
import { ActionsStep } from "./ActionsStep";
import { conditionOf, MISSING, watchedLine } from "./alarm";
import { actionsProblem, conditionsProblem, metricFormOf, metricInput, type MetricForm, nameProblem, newMetricForm } from "./alarmForm";
import { ConditionsStep } from "./ConditionsStep";
import { NameStep } from "./NameStep";
import { crumbsOf } from "./read";
import { Review } from "./Review";
import { saveMetricAlarm } from "./save";

export default function CreateAlarm() {
  const [asked] = useSearchParams();
  return <MetricAlarmForm start={newMetricForm(linesIn(asked.get("graph")))} />;
}

export function EditMetricAlarm({ alarm }: { alarm: MetricAlarm }) {
  return <MetricAlarmForm start={metricFormOf(alarm)} editing />;
}

function MetricAlarmForm({ start, editing = false }: { start: MetricForm; editing?: boolean }) {
  const navigate = useNavigate();
  const [form, setForm] = useState(start);
  const change = (part: Partial<MetricForm>) => setForm((before) => ({ ...before, ...part }));
  const page = alarmPage(form.name);
  const save = useAct({
    what: editing ? "Update alarm" : "Create alarm",
    run: () => saveMetricAlarm(form, editing),
    done: () => `Successfully ${editing ? "updated" : "created"} alarm ${form.name}.`,
    after: () => void navigate(page),
    quiet: true,
  });
  const line = watchedLine(form.lines);
  return (
    <BarePage crumbs={editing ? crumbsOf({ text: form.name, href: page }, { text: "Edit", href: `${page}/edit` }) : crumbsOf({ text: "Create alarm", href: createAlarmPage() })}>
      <Steps
        submit={editing ? "Update alarm" : "Create alarm"} busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={() => void navigate(editing ? page : "/cloudwatch/alarms")}
        steps={[
          { title: "Specify metric and conditions", content: <ConditionsStep of={form} change={change} />, problem: () => conditionsProblem(form) },
          { title: "Configure actions", content: <ActionsStep of={form} change={change} />, problem: () => actionsProblem(form) },
          { title: "Add name and description", content: <NameStep of={form} change={change} editing={editing} />, problem: () => nameProblem(form) },
          {
            title: editing ? "Preview and update" : "Preview and create",
            content: (
              <Review of={form}>
                <Container header={<Header variant="h2">Metric and conditions</Header>}>
                  <SpaceBetween size="m">
                    <MetricGraph title={line === undefined ? "Metric" : nameOfLine(line)} lines={form.lines} span={LAST_THREE_HOURS} height={140} threshold={{ label: "Threshold", value: Number(form.threshold) }} />
                    <Box>This alarm will trigger when: {conditionOf({ metric: asAlarm(form) })}</Box>
                    <Properties of={[["Namespace", line?.metric?.namespace], ["Metric name", line?.metric?.name], ["Statistic", line?.stat], ["Missing data treatment", MISSING.find(({ value }) => value === form.missing)?.label]]} />
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

/** The alarm that the form would make. */
function asAlarm(form: MetricForm): MetricAlarm {
  const { Tags: _, ...alarm } = metricInput(form);
  return alarm;
}
