// "Select target(s)": one target with what it is sent, and what becomes of events that it does not take.
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useBusChoices, useFunctionChoices, useLogGroupChoices, useQueueChoices, useTopicChoices } from "../../components/choices";
import { useRoles } from "../../components/roles";
import { KINDS, type TargetForm } from "./ruleForm";

const INPUTS = [
  { value: "event", label: "Matched events" },
  { value: "part", label: "Part of the matched event" },
  { value: "constant", label: "Constant (JSON text)" },
  { value: "transformer", label: "Input transformer" },
];

type Part = { of: TargetForm; change: (change: Partial<TargetForm>) => void };

export function TargetFields({ of: target, number, change, remove }: Part & { number: number; remove: (() => void) | undefined }) {
  return (
    <Container header={<Header variant="h2" actions={remove !== undefined && <Button ariaLabel={`Remove target ${number}`} onClick={remove}>Remove</Button>}>{`Target ${number}`}</Header>}>
      <SpaceBetween size="l">
        <FormField label="Select a target">
          <Select
            options={[...KINDS]} selectedOption={KINDS.find(({ value }) => value === target.kind) ?? null} onChange={({ detail }) => change({ kind: detail.selectedOption.value as TargetForm["kind"], arn: "" })}
          />
        </FormField>
        <What of={target} change={change} />
        {target.kind === "sqs" && target.arn.endsWith(".fifo") && (
          <FormField label="Message group ID"><Input value={target.group} onChange={({ detail }) => change({ group: detail.value })} /></FormField>
        )}
        {target.kind !== "events" && target.kind !== "logs" && (
          <Checkbox checked={target.letIn} onChange={({ detail }) => change({ letIn: detail.checked })}>Add to the target's policy that this rule may use it</Checkbox>
        )}
        {target.kind === "logs" && (
          <Checkbox checked={target.letIn} onChange={({ detail }) => change({ letIn: detail.checked })}>Add a resource policy that lets EventBridge write to the log group</Checkbox>
        )}
        <ExpandableSection headerText="Additional settings" defaultExpanded={target.input !== "event" || target.queue !== "" || target.role !== ""}>
          <SpaceBetween size="l">
            {target.kind !== "logs" && <Role of={target} change={change} />}
            {target.kind !== "events" && <Sent of={target} change={change} />}
            <Failures of={target} change={change} />
          </SpaceBetween>
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  );
}

function What({ of: target, change }: Part) {
  const choices = {
    lambda: useFunctionChoices(target.kind === "lambda"), sqs: useQueueChoices(target.kind === "sqs"), sns: useTopicChoices(target.kind === "sns"),
    logs: useLogGroupChoices(target.kind === "logs"), events: useBusChoices(target.kind === "events"),
  }[target.kind];
  const label = { lambda: "Function", sqs: "Queue", sns: "Topic", logs: "Log group", events: "Event bus as target" }[target.kind];
  return (
    <FormField label={label} constraintText="Choose one of the account, or write an ARN.">
      <Autosuggest
        ariaLabel={label} value={target.arn} options={(choices.data ?? []).map(({ value, label: name }) => ({ value, label: value, description: name }))} enteredTextLabel={(value) => `Use: ${value}`} empty="None"
        placeholder={`ARN of the ${label.toLowerCase()}`} onChange={({ detail }) => change({ arn: detail.value })}
      />
    </FormField>
  );
}

function Role({ of: target, change }: Part) {
  const roles = useRoles();
  return (
    <FormField label="Execution role - optional" description="A role that events.amazonaws.com may assume; without one, the target's own policy decides.">
      <Select
        options={[{ value: "", label: "None" }, ...(roles.data ?? []).map(({ arn, name }) => ({ value: arn, label: name, description: arn }))]} filteringType="auto"
        selectedOption={target.role === "" ? { value: "", label: "None" } : { value: target.role, label: target.role }} onChange={({ detail }) => change({ role: detail.selectedOption.value ?? "" })}
      />
    </FormField>
  );
}

function Sent({ of: target, change }: Part) {
  return (
    <SpaceBetween size="l">
      <FormField label="Configure target input">
        <Select options={INPUTS} selectedOption={INPUTS.find(({ value }) => value === target.input) ?? null} onChange={({ detail }) => change({ input: detail.selectedOption.value as TargetForm["input"] })} />
      </FormField>
      {target.input === "part" && <FormField label="Part of the event" constraintText="Such as $.detail"><Input value={target.path} onChange={({ detail }) => change({ path: detail.value })} /></FormField>}
      {target.input === "constant" && <FormField label="JSON text"><Textarea value={target.constant} onChange={({ detail }) => change({ constant: detail.value })} /></FormField>}
      {target.input === "transformer" && (
        <SpaceBetween size="l">
          <FormField label="Input path" constraintText="A JSON object: names, and JSON paths in the event"><Textarea value={target.paths} onChange={({ detail }) => change({ paths: detail.value })} /></FormField>
          <FormField label="Template" constraintText="A JSON text, or a text in quotation marks, with <name> for what a name stands for"><Textarea value={target.template} onChange={({ detail }) => change({ template: detail.value })} /></FormField>
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

function Failures({ of: target, change }: Part) {
  const queues = useQueueChoices();
  return (
    <SpaceBetween size="l">
      <FormField label="Maximum age of event" constraintText="60 to 86400 seconds"><Input type="number" value={target.age} onChange={({ detail }) => change({ age: detail.value })} /></FormField>
      <FormField label="Retry attempts" constraintText="0 to 185"><Input type="number" value={target.attempts} onChange={({ detail }) => change({ attempts: detail.value })} /></FormField>
      <FormField label="Dead-letter queue">
        <Select
          options={[{ value: "", label: "None" }, ...(queues.data ?? [])]} selectedOption={queues.data?.find(({ value }) => value === target.queue) ?? { value: target.queue, label: target.queue === "" ? "None" : target.queue }}
          onChange={({ detail }) => change({ queue: detail.selectedOption.value ?? "" })}
        />
      </FormField>
    </SpaceBetween>
  );
}
