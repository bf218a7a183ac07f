// "Specify metric and conditions".
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { type Line, type MetricName, metricKey, nameOfLine } from "../../../components/metrics/metric";
import { MetricGraph } from "../../../components/metrics/MetricGraph";
import { LAST_THREE_HOURS } from "../../../components/metrics/span";
import { Properties } from "../../../components/Properties";
import { PeriodChoice, StatChoice } from "../metrics/choices";
import { MetricBrowser } from "../metrics/MetricBrowser";
import { COMPARISONS, MISSING, signOf, watchedLine } from "./alarm";
import type { MetricForm } from "./alarmForm";

interface Part {
  of: MetricForm;
  change: (part: Partial<MetricForm>) => void;
}

export function ConditionsStep({ of, change }: Part) {
  const [choosing, setChoosing] = useState(false);
  const line = watchedLine(of.lines);
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" actions={line !== undefined && <Button onClick={() => setChoosing(true)}>Edit</Button>}>Metric</Header>}>
        {line === undefined ? <Button onClick={() => setChoosing(true)}>Select metric</Button> : <Watched of={of} line={line} change={change} />}
      </Container>
      {line !== undefined && <Conditions of={of} change={change} name={line.metric?.name ?? nameOfLine(line)} />}
      {choosing && (
        <SelectMetric
          close={() => setChoosing(false)}
          choose={(metric) => {
            change({ lines: [{ id: "m1", label: "", metric, stat: line?.stat ?? "Average", period: line?.period ?? 300 }] });
            setChoosing(false);
          }}
        />
      )}
    </SpaceBetween>
  );
}

function Watched({ of, line, change }: Part & { line: Line }) {
  const set = (part: Partial<Line>) => change({ lines: of.lines.map((own) => (own.id === line.id ? { ...own, ...part } : own)) });
  const threshold = of.threshold === "" || Number.isNaN(Number(of.threshold)) ? undefined : { label: `${signOf(of.comparison)} ${of.threshold}`, value: Number(of.threshold) };
  return (
    <SpaceBetween size="m">
      <MetricGraph title={nameOfLine(line)} lines={of.lines} span={LAST_THREE_HOURS} threshold={threshold} height={180} empty="No data yet. The alarm can be created all the same." />
      {line.metric === undefined ? (
        <>
          <FormField label="Metric math expression" stretch><Input value={line.expression ?? ""} onChange={({ detail }) => set({ expression: detail.value })} /></FormField>
          <Properties of={of.lines.filter(({ id }) => id !== line.id).map((own) => [own.id, own.expression ?? `${own.metric?.namespace} ${nameOfLine(own)} (${own.stat})`] as const)} />
        </>
      ) : (
        <Properties of={[["Namespace", line.metric.namespace], ["Metric name", line.metric.name], ...line.metric.dimensions.map(({ name, value }) => [name, value] as const)]} />
      )}
      <ColumnLayout columns={2}>
        {line.metric !== undefined && <FormField label="Statistic"><StatChoice label="Statistic" value={line.stat} onChange={(stat) => set({ stat })} /></FormField>}
        <FormField label="Period"><PeriodChoice label="Period" value={line.period} onChange={(period) => change({ lines: of.lines.map((own) => ({ ...own, period })) })} /></FormField>
      </ColumnLayout>
    </SpaceBetween>
  );
}

function Conditions({ of, change, name }: Part & { name: string }) {
  return (
    <Container header={<Header variant="h2">Conditions</Header>}>
      <SpaceBetween size="m">
        <FormField label="Threshold type">
          <RadioGroup ariaLabel="Threshold type" value="static" items={[{ value: "static", label: "Static", description: "Use a value as a threshold" }]} />
        </FormField>
        <FormField label={`Whenever ${name} is...`} description="Define the alarm condition.">
          <RadioGroup
            ariaLabel="Alarm condition" value={of.comparison} items={COMPARISONS.map(({ value, label, sign }) => ({ value, label, description: `${sign} threshold` }))}
            onChange={({ detail }) => change({ comparison: COMPARISONS.find(({ value }) => value === detail.value)?.value ?? of.comparison })}
          />
        </FormField>
        <FormField label="than…" description="Define the threshold value." constraintText="Must be a number">
          <Input value={of.threshold} inputMode="decimal" onChange={({ detail }) => change({ threshold: detail.value })} />
        </FormField>
        <ExpandableSection headerText="Additional configuration" defaultExpanded>
          <SpaceBetween size="m">
            <FormField label="Datapoints to alarm" description="Define the number of datapoints within the evaluation period that must be breaching to cause the alarm to go to ALARM state.">
              <SpaceBetween direction="horizontal" size="xs" alignItems="center">
                <Input ariaLabel="Datapoints to alarm" value={of.datapoints} inputMode="numeric" onChange={({ detail }) => change({ datapoints: detail.value })} />
                <Box>out of</Box>
                <Input ariaLabel="Evaluation periods" value={of.periods} inputMode="numeric" onChange={({ detail }) => change({ periods: detail.value })} />
              </SpaceBetween>
            </FormField>
            <FormField label="Missing data treatment" description="How to treat missing data when evaluating the alarm.">
              <Select ariaLabel="Missing data treatment" options={MISSING} selectedOption={MISSING.find(({ value }) => value === of.missing) ?? null} onChange={({ detail }) => change({ missing: detail.selectedOption.value ?? "missing" })} />
            </FormField>
          </SpaceBetween>
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  );
}

function SelectMetric({ choose, close }: { choose: (metric: MetricName) => void; close: () => void }) {
  const [metric, setMetric] = useState<MetricName>();
  return (
    <Modal
      visible size="max" header="Select metric" onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={close}>Cancel</Button>
            <Button variant="primary" disabled={metric === undefined} onClick={() => metric !== undefined && choose(metric)}>Select metric</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <MetricBrowser single chosen={metric === undefined ? [] : [metricKey(metric)]} toggle={(one) => setMetric(metric !== undefined && metricKey(metric) === metricKey(one) ? undefined : one)} />
    </Modal>
  );
}
