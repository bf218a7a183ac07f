import { CloudWatchLogsClient, PutMetricFilterCommand } from "@aws-sdk/client-cloudwatch-logs";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../../aws/clients";
import { useAct } from "../../../aws/queries";
import { BarePage } from "../../../components/Page";
import { Properties } from "../../../components/Properties";
import { ReadFailed } from "../../../components/ReadFailed";
import { Steps } from "../../../components/Steps";
import { groupPage } from "../service";
import { assignProblem, formOf, inputOf, type MetricFilterForm, MOST_DIMENSIONS, NEW_FILTER, UNITS } from "./metricFilter";
import { PatternTest } from "./PatternTest";
import { crumbsOf, filtersPage, useMetricFilters } from "./read";

/** "Create metric filter", and the same steps for one that is there. */
export default function CreateMetricFilter() {
  const { group = "", filter } = useParams();
  const filters = useMetricFilters(group);
  if (filter === undefined) return <MetricFilterSteps group={group} start={NEW_FILTER} editing={false} />;
  const known = filters.data?.find(({ filterName }) => filterName === filter);
  if (known === undefined) return <ReadFailed error={filters.error ?? (filters.isLoading ? undefined : new Error(`The log group has no metric filter ${filter}.`))} what="metric filter" />;
  return <MetricFilterSteps group={group} start={formOf(known)} editing />;
}

interface Part {
  of: MetricFilterForm;
  change: (part: Partial<MetricFilterForm>) => void;
}

function MetricFilterSteps({ group, start, editing }: { group: string; start: MetricFilterForm; editing: boolean }) {
  const navigate = useNavigate();
  const [form, setForm] = useState(start);
  const change = (part: Partial<MetricFilterForm>) => setForm((before) => ({ ...before, ...part }));
  const back = () => void navigate(filtersPage(group, "metric-filters"));
  const what = editing ? "Edit metric filter" : "Create metric filter";
  const save = useAct({
    what, run: () => client(CloudWatchLogsClient).send(new PutMetricFilterCommand(inputOf(group, form))), done: () => `Metric filter ${form.name} was ${editing ? "saved" : "created"}.`, after: back, quiet: true,
  });
  return (
    <BarePage crumbs={crumbsOf(group, { text: what, href: editing ? `${groupPage(group)}/metric-filters/${encodeURIComponent(start.name)}/edit` : `${groupPage(group)}/create-metric-filter` })}>
      <Steps
        submit={editing ? "Save changes" : "Create metric filter"} busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={back}
        steps={[
          { title: "Define pattern", description: "You can use metric filters to monitor events in a log group as they are sent to CloudWatch Logs.", content: <SpaceBetween size="l"><PatternField of={form} change={change} /><PatternTest group={group} pattern={form.pattern} /></SpaceBetween> },
          { title: "Assign metric", content: <AssignStep of={form} change={change} editing={editing} />, problem: () => assignProblem(form) },
          { title: editing ? "Review and save" : "Review and create", content: <Review of={form} /> },
        ]}
      />
    </BarePage>
  );
}

function PatternField({ of, change }: Part) {
  return (
    <Container header={<Header variant="h2">Create filter pattern</Header>}>
      <FormField label="Filter pattern" description="Specify the terms or pattern to match in your log events to create metrics." constraintText={'An empty pattern matches all events. Terms: ERROR, "two words", ?any ?of, -not. JSON: { $.errorCode = "AccessDenied" }. Columns: [ip, user, ..., status=4*, size].'} stretch>
        <Input value={of.pattern} onChange={({ detail }) => change({ pattern: detail.value })} />
      </FormField>
    </Container>
  );
}

function AssignStep({ of, change, editing }: Part & { editing: boolean }) {
  const set = (at: number, part: Partial<{ name: string; value: string }>) => change({ dimensions: of.dimensions.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" description="Log events that match the pattern you define are recorded to the metric that you specify.">Create filter name</Header>}>
        <FormField label="Filter name"><Input value={of.name} disabled={editing} onChange={({ detail }) => change({ name: detail.value })} /></FormField>
      </Container>
      <Container header={<Header variant="h2">Metric details</Header>}>
        <SpaceBetween size="m">
          <FormField label="Metric namespace" description="Namespaces let you group similar metrics." constraintText="Namespaces can be up to 255 characters long; all characters are valid except for colon (:) at the start.">
            <Input value={of.namespace} onChange={({ detail }) => change({ namespace: detail.value })} />
          </FormField>
          <FormField label="Metric name" description="Metric name identifies this metric, and must be unique within the namespace."><Input value={of.metric} onChange={({ detail }) => change({ metric: detail.value })} /></FormField>
          <FormField label="Metric value" description="Metric value is the value published to the metric name when a filter pattern match occurs." constraintText="Valid metric values are floating point numbers (1, 99.9, and so on), numeric field identifiers ($1, $2, and so on), or named field identifiers ($requestSize, $.latency).">
            <Input value={of.value} onChange={({ detail }) => change({ value: detail.value })} />
          </FormField>
          <FormField label="Default value – optional" description="The default value is published to the metric when the pattern does not match."><Input value={of.fallback} inputMode="decimal" onChange={({ detail }) => change({ fallback: detail.value })} /></FormField>
          <FormField label="Unit – optional"><Select options={UNITS.map((value) => ({ value }))} selectedOption={{ value: of.unit }} filteringType="auto" onChange={({ detail }) => change({ unit: detail.selectedOption.value ?? "None" })} /></FormField>
          <FormField label="Dimensions – optional" description="A key-value pair you can use to further categorize this metric." stretch>
            <AttributeEditor
              items={of.dimensions} addButtonText="Add new dimension" removeButtonText="Remove" disableAddButton={of.dimensions.length >= MOST_DIMENSIONS} empty="No dimensions."
              onAddButtonClick={() => change({ dimensions: [...of.dimensions, { name: "", value: "" }] })}
              onRemoveButtonClick={({ detail }) => change({ dimensions: of.dimensions.filter((_, at) => at !== detail.itemIndex) })}
              definition={[
                { label: "Dimension name", control: (one, at) => <Input ariaLabel={`Dimension name ${at + 1}`} value={one.name} onChange={({ detail }) => set(at, { name: detail.value })} /> },
                { label: "Dimension value", control: (one, at) => <Input ariaLabel={`Dimension value ${at + 1}`} value={one.value} placeholder="$.field" onChange={({ detail }) => set(at, { value: detail.value })} /> },
              ]}
            />
          </FormField>
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}

function Review({ of }: { of: MetricFilterForm }) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Pattern</Header>}><Properties columns={1} of={[["Filter pattern", of.pattern === "" ? "All events" : of.pattern]]} /></Container>
      <Container header={<Header variant="h2">Metric</Header>}>
        <Properties of={[
          ["Filter name", of.name], ["Metric namespace", of.namespace], ["Metric name", of.metric], ["Metric value", of.value], ["Default value", of.fallback], ["Unit", of.unit],
          ["Dimensions", of.dimensions.map(({ name, value }) => `${name}: ${value}`).join(", ")],
        ]} />
      </Container>
    </SpaceBetween>
  );
}
