// "Create rule", and the same steps to edit one.
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor from "@cloudscape-design/components/tag-editor";
import Textarea from "@cloudscape-design/components/textarea";
import Toggle from "@cloudscape-design/components/toggle";
import Wizard from "@cloudscape-design/components/wizard";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { useCrumbs } from "../../app/breadcrumbs";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { Code } from "../../components/Code";
import { Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { PatternStep } from "./PatternStep";
import { ruleHref, type RuleDetail, useBuses, useRule } from "./read";
import { detailProblem, formOf, KINDS, newRule, newTarget, putRule, type RuleForm, targetsProblem, triggerProblem } from "./ruleForm";
import { TargetFields } from "./TargetFields";

export default function CreateRule() {
  const { bus, rule = "" } = useParams();
  const [query] = useSearchParams();
  const known = useRule(bus ?? "default", rule);
  if (rule === "") return <Steps start={newRule(query.get("bus") ?? "default")} known={undefined} />;
  if (known.data === undefined) return <ReadFailed error={known.error} what="rule" />;
  return <Steps start={formOf(known.data, bus ?? "default")} known={known.data} />;
}

type Part = { of: RuleForm; change: (change: Partial<RuleForm>) => void };

function Steps({ start, known }: { start: RuleForm; known: RuleDetail | undefined }) {
  const navigate = useNavigate();
  const [form, setForm] = useState(start);
  // What was there when editing began: it says which targets are to go.
  const [before] = useState(known);
  const [step, setStep] = useState(0);
  const [problem, setProblem] = useState<string>();
  const editing = before !== undefined;
  const page = editing ? ruleHref(form.bus, form.name) : "/events/rules";
  useCrumbs([
    { text: "Amazon EventBridge", href: "/events" }, { text: "Rules", href: "/events/rules" }, ...(editing ? [{ text: form.name, href: page }, { text: "Edit", href: `${page}/edit` }] : [{ text: "Create rule", href: "/events/create-rule" }]),
  ]);
  const save = useAct({
    what: editing ? "Update rule" : "Create rule", run: () => putRule(form, before), done: () => `The rule ${form.name} was ${editing ? "updated" : "created"}.`,
    after: () => void navigate(ruleHref(form.bus, form.name)), quiet: true,
  });
  const change = (part: Partial<RuleForm>) => setForm((old) => ({ ...old, ...part }));
  const problems = [detailProblem(form), triggerProblem(form), targetsProblem(form)];
  const failure = save.error === null ? undefined : failureOf(save.error);
  return (
    <Wizard
      activeStepIndex={step}
      onNavigate={({ detail: { requestedStepIndex: to } }) => {
        const found = problems.slice(0, to).find((own) => own !== undefined);
        setProblem(found);
        if (found === undefined) setStep(to);
      }}
      onCancel={() => void navigate(page)}
      onSubmit={() => save.mutate(undefined)}
      isLoadingNextStep={save.isPending}
      submitButtonText={editing ? "Update rule" : "Create rule"}
      steps={[
        { title: "Define rule detail", errorText: problem, content: <Detail of={form} change={change} editing={editing} /> },
        form.kind === "pattern"
          ? { title: "Build event pattern", errorText: problem, content: <PatternStep pattern={form.pattern} set={(pattern) => change({ pattern })} /> }
          : { title: "Define schedule", errorText: problem, content: <Schedule of={form} change={change} /> },
        { title: "Select target(s)", errorText: problem, content: <Targets of={form} change={change} /> },
        ...(editing ? [] : [{ title: "Configure tags", isOptional: true, content: <TagStep of={form} change={change} /> }]),
        {
          title: editing ? "Review and update" : "Review and create",
          content: (
            <SpaceBetween size="l">
              <Review of={form} />
              {failure !== undefined && <Alert type="error" header={failure.code}>{failure.message}</Alert>}
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}

function Detail({ of: form, change, editing }: Part & { editing: boolean }) {
  const buses = useBuses();
  return (
    <Container header={<Header variant="h2">Rule detail</Header>}>
      <SpaceBetween size="l">
        <FormField label="Name" constraintText="Up to 64 letters, digits, periods, hyphens and underscores."><Input value={form.name} disabled={editing} onChange={({ detail }) => change({ name: detail.value })} /></FormField>
        <FormField label="Description - optional"><Textarea value={form.description} rows={2} onChange={({ detail }) => change({ description: detail.value })} /></FormField>
        <FormField label="Event bus" description="Rules with a schedule are on the default bus.">
          <Select
            disabled={editing} options={(buses.data ?? []).map(({ Name = "" }) => ({ value: Name }))} selectedOption={{ value: form.bus }} onChange={({ detail }) => change({ bus: detail.selectedOption.value ?? "default" })}
          />
        </FormField>
        <Toggle checked={form.enabled} onChange={({ detail }) => change({ enabled: detail.checked })}>Enable the rule on the selected event bus</Toggle>
        <FormField label="Rule type">
          <RadioGroup
            ariaLabel="Rule type" value={form.kind} onChange={({ detail }) => change({ kind: detail.value === "schedule" ? "schedule" : "pattern" })}
            items={[
              { value: "pattern", label: "Rule with an event pattern", description: "Runs when an event matches the pattern." },
              { value: "schedule", label: "Schedule", description: "Runs by the clock." },
            ]}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}

function Schedule({ of: form, change }: Part) {
  return (
    <Container header={<Header variant="h2">Schedule pattern</Header>}>
      <FormField label="Schedule expression" constraintText="rate(5 minutes), rate(1 hour), rate(1 day), or cron(minutes hours day-of-month month day-of-week year) in UTC, such as cron(0 12 * * ? *)">
        <Input value={form.schedule} onChange={({ detail }) => change({ schedule: detail.value })} />
      </FormField>
    </Container>
  );
}

function Targets({ of: form, change }: Part) {
  const next = Math.max(0, ...form.targets.map(({ id }) => Number(/^Target(\d+)$/.exec(id)?.[1] ?? 0))) + 1;
  return (
    <SpaceBetween size="l">
      {form.targets.map((target, at) => (
        <TargetFields
          key={target.id} of={target} number={at + 1} change={(part) => change({ targets: form.targets.map((own, index) => (index === at ? { ...own, ...part } : own)) })}
          remove={() => change({ targets: form.targets.filter((_, index) => index !== at) })}
        />
      ))}
      <Button onClick={() => change({ targets: [...form.targets, newTarget(next)] })}>Add another target</Button>
    </SpaceBetween>
  );
}

function TagStep({ of: form, change }: Part) {
  return (
    <Container header={<Header variant="h2">Tags</Header>}>
      <TagEditor tags={form.tags.map((tag) => ({ ...tag, existing: false }))} tagLimit={50} onChange={({ detail }) => change({ tags: detail.tags.map(({ key, value }) => ({ key, value })) })} />
    </Container>
  );
}

function Review({ of: form }: { of: RuleForm }) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Rule detail</Header>}>
        <Properties of={[["Name", form.name], ["Event bus", form.bus], ["Status", form.enabled ? "Enabled" : "Disabled"], ["Description", form.description]]} columns={4} />
      </Container>
      <Container header={<Header variant="h2">{form.kind === "pattern" ? "Event pattern" : "Schedule"}</Header>}><Code>{form.kind === "pattern" ? form.pattern : form.schedule}</Code></Container>
      <Container header={<Header variant="h2" counter={`(${form.targets.length})`}>Targets</Header>}>
        {form.targets.map(({ id, kind, arn }) => <div key={id}>{id}: {KINDS.find(({ value }) => value === kind)?.label} {arn}</div>)}
      </Container>
    </SpaceBetween>
  );
}
