// "Configure rule": the form that adding and editing share.
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useFunctionChoices } from "../../components/choices";
import { RECORDED_TYPES, type RuleParameter } from "./coverage";
import type { RuleForm } from "./ruleForm";
import { FREQUENCIES, typeName } from "./types";

type Change = (change: Partial<RuleForm>) => void;

export function ConfigureRule({ of: form, change, editing = false }: { of: RuleForm; change: Change; editing?: boolean }) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Details</Header>}>
        <SpaceBetween size="l">
          {form.managed === undefined && <FunctionField of={form} change={change} />}
          <FormField label="Name" description="A unique name for the rule: up to 128 characters, letters, digits, hyphens and underscores.">
            <Input value={form.name} disabled={editing} onChange={({ detail }) => change({ name: detail.value })} />
          </FormField>
          <FormField label="Description" constraintText="Up to 256 characters">
            <Textarea value={form.description} rows={2} onChange={({ detail }) => change({ description: detail.value })} />
          </FormField>
          {form.managed !== undefined && <FormField label="Managed rule name">{form.managed.identifier}</FormField>}
        </SpaceBetween>
      </Container>
      <Evaluation of={form} change={change} />
      <Parameters of={form} change={change} />
    </SpaceBetween>
  );
}

function FunctionField({ of: form, change }: { of: RuleForm; change: Change }) {
  const functions = useFunctionChoices();
  return (
    <FormField label="AWS Lambda function ARN" description="The function needs a permission for config.amazonaws.com to invoke it.">
      <Autosuggest
        value={form.function} options={(functions.data ?? []).map(({ value, label }) => ({ value, label: value, description: label }))} placeholder="arn:aws:lambda:us-east-1:111122223333:function:my-function"
        enteredTextLabel={(value) => `Use: ${value}`} empty="No functions" ariaLabel="AWS Lambda function ARN"
        onChange={({ detail }) => change({ function: detail.value })}
      />
    </FormField>
  );
}

function Evaluation({ of: form, change }: { of: RuleForm; change: Change }) {
  const fixed = form.managed !== undefined;
  return (
    <Container header={<Header variant="h2" description="Detective evaluation: of resources that are there.">Evaluation mode</Header>}>
      <SpaceBetween size="l">
        <FormField label="Trigger type" description={fixed ? "What makes a managed rule judge is its own." : undefined}>
          <SpaceBetween size="xs">
            <Checkbox checked={form.changes} disabled={fixed} onChange={({ detail }) => change({ changes: detail.checked })}>When configuration changes</Checkbox>
            <Checkbox checked={form.periodic} disabled={fixed} onChange={({ detail }) => change({ periodic: detail.checked })}>Periodic</Checkbox>
          </SpaceBetween>
        </FormField>
        {form.changes && <Scope of={form} change={change} />}
        {form.periodic && (
          <FormField label="Frequency">
            <Select
              options={[...FREQUENCIES]} selectedOption={FREQUENCIES.find(({ value }) => value === form.frequency) ?? null}
              onChange={({ detail }) => change({ frequency: detail.selectedOption.value ?? "TwentyFour_Hours" })}
            />
          </FormField>
        )}
      </SpaceBetween>
    </Container>
  );
}

function Scope({ of: form, change }: { of: RuleForm; change: Change }) {
  const types = [...new Set([...(form.managed?.built.types ?? RECORDED_TYPES), ...form.types])].map((type) => ({ value: type, label: typeName(type) }));
  return (
    <SpaceBetween size="l">
      <FormField label="Scope of changes">
        <RadioGroup
          ariaLabel="Scope of changes" value={form.scope} onChange={({ detail }) => change({ scope: detail.value as RuleForm["scope"] })}
          items={[
            { value: "all", label: "All changes", description: "When any recorded resource is created, changed or deleted." },
            { value: "resources", label: "Resources", description: "When a resource of one of these types, or the one with an identifier, is created, changed or deleted." },
            { value: "tags", label: "Tags", description: "When a resource with a tag is created, changed or deleted." },
          ]}
        />
      </FormField>
      {form.scope === "resources" && (
        <SpaceBetween size="l">
          <FormField label="Resource type">
            <Multiselect
              options={types} selectedOptions={types.filter(({ value }) => form.types.includes(value))} filteringType="auto" placeholder="Choose resource types"
              filteringPlaceholder="Find resource types" empty="No more types" deselectAriaLabel={({ label }) => `Remove ${label ?? ""}`}
              onChange={({ detail }) => change({ types: detail.selectedOptions.map(({ value = "" }) => value) })}
            />
          </FormField>
          <FormField label="Resource identifier - optional" constraintText="With one resource type only">
            <Input value={form.resourceId} onChange={({ detail }) => change({ resourceId: detail.value })} />
          </FormField>
        </SpaceBetween>
      )}
      {form.scope === "tags" && (
        <SpaceBetween size="l">
          <FormField label="Tag key"><Input value={form.tagKey} onChange={({ detail }) => change({ tagKey: detail.value })} /></FormField>
          <FormField label="Tag value - optional"><Input value={form.tagValue} onChange={({ detail }) => change({ tagValue: detail.value })} /></FormField>
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

function Parameters({ of: form, change }: { of: RuleForm; change: Change }) {
  const set = (key: string, value: string) => change({ parameters: form.parameters.map((own) => (own.key === key ? { key, value } : own)) });
  const managed = form.managed;
  return (
    <Container header={<Header variant="h2" description="Given to whoever judges, at each evaluation.">Parameters</Header>}>
      {managed === undefined ? (
        <AttributeEditor
          items={[...form.parameters]} addButtonText="Add another row" removeButtonText="Remove" empty="No parameters"
          onAddButtonClick={() => change({ parameters: [...form.parameters, { key: "", value: "" }] })}
          onRemoveButtonClick={({ detail }) => change({ parameters: form.parameters.filter((_, at) => at !== detail.itemIndex) })}
          definition={[
            {
              label: "Key",
              control: ({ key }, at) => <Input value={key} ariaLabel="Key" onChange={({ detail }) => change({ parameters: form.parameters.map((own, i) => (i === at ? { ...own, key: detail.value } : own)) })} />,
            },
            {
              label: "Value",
              control: ({ value }, at) => <Input value={value} ariaLabel="Value" onChange={({ detail }) => change({ parameters: form.parameters.map((own, i) => (i === at ? { ...own, value: detail.value } : own)) })} />,
            },
          ]}
        />
      ) : managed.built.parameters.length === 0 ? "This rule takes no parameters." : (
        <SpaceBetween size="m">
          {managed.built.parameters.map((parameter) => (
            <Parameter key={parameter.name} of={parameter} value={form.parameters.find(({ key }) => key === parameter.name)?.value ?? ""} set={(value) => set(parameter.name, value)} />
          ))}
        </SpaceBetween>
      )}
    </Container>
  );
}

function Parameter({ of: parameter, value, set }: { of: RuleParameter; value: string; set: (value: string) => void }) {
  const choices = parameter.oneOf ?? (parameter.type === "boolean" ? ["true", "false"] : undefined);
  const options = [...(parameter.required ? [] : [{ value: "", label: "Not given" }]), ...(choices ?? []).map((own) => ({ value: own, label: own }))];
  return (
    <FormField label={parameter.required ? parameter.name : `${parameter.name} - optional`} constraintText={`Type: ${parameter.type}`}>
      {choices === undefined ? <Input value={value} onChange={({ detail }) => set(detail.value)} /> : (
        <Select options={options} selectedOption={options.find((own) => own.value === value) ?? null} placeholder="Choose a value" onChange={({ detail }) => set(detail.selectedOption.value ?? "")} />
      )}
    </FormField>
  );
}
