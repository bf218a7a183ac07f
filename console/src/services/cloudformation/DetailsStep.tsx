import type { ParameterDeclaration } from "@aws-sdk/client-cloudformation";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Interface } from "./template";

export interface ParameterValue {
  value: string;
  /** Keep the value that the stack has (secrets are not shown, and so cannot be repeated). */
  previous: boolean;
}

export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** The wizard's second page: the stack's name and its parameters. */
export function DetailsStep({ name, setName, declared, labels, values, change, update }: {
  name: string;
  setName?: (name: string) => void;
  declared: readonly ParameterDeclaration[];
  labels: Interface;
  values: ParameterValues;
  change: (name: string, value: ParameterValue) => void;
  update: boolean;
}) {
  const grouped = labels.groups
    .map(({ label, parameters }) => ({ label, of: declared.filter(({ ParameterKey = "" }) => parameters.includes(ParameterKey)) }))
    .filter(({ of }) => of.length > 0);
  const named = new Set(labels.groups.flatMap(({ parameters }) => parameters));
  const rest = declared.filter(({ ParameterKey = "" }) => !named.has(ParameterKey));
  const groups = rest.length === 0 ? grouped : [...grouped, { label: grouped.length === 0 ? "Parameters" : "Other parameters", of: rest }];
  return (
    <SpaceBetween size="l">
      {setName !== undefined && (
        <Container header={<Header variant="h2">Provide a stack name</Header>}>
          <FormField label="Stack name" constraintText="It must start with a letter, and may contain letters, numbers and dashes; at most 128 characters.">
            <Input value={name} onChange={({ detail }) => setName(detail.value)} placeholder="Enter a stack name" />
          </FormField>
        </Container>
      )}
      {groups.length === 0 && (
        <Container header={<Header variant="h2">Parameters</Header>}><Box>There are no parameters defined in your template.</Box></Container>
      )}
      {groups.map(({ label, of }) => (
        <Container key={label} header={<Header variant="h2">{label}</Header>}>
          <SpaceBetween size="m">
            {of.map((parameter) => (
              <Parameter
                key={parameter.ParameterKey} parameter={parameter} update={update}
                label={labels.labels[parameter.ParameterKey ?? ""]}
                value={values[parameter.ParameterKey ?? ""] ?? { value: "", previous: false }}
                change={(value) => change(parameter.ParameterKey ?? "", value)}
              />
            ))}
          </SpaceBetween>
        </Container>
      ))}
    </SpaceBetween>
  );
}

function Parameter({ parameter, label, value, change, update }: {
  parameter: ParameterDeclaration;
  label: string | undefined;
  value: ParameterValue;
  change: (value: ParameterValue) => void;
  update: boolean;
}) {
  const { ParameterKey = "", Description, NoEcho = false, ParameterConstraints } = parameter;
  const allowed = ParameterConstraints?.AllowedValues ?? [];
  const set = (text: string) => change({ ...value, value: text });
  return (
    <FormField label={label ?? ParameterKey} description={Description} {...(label !== undefined && { constraintText: ParameterKey })}>
      <SpaceBetween size="xs">
        {NoEcho && update && (
          <Checkbox checked={value.previous} onChange={({ detail }) => change({ ...value, previous: detail.checked })}>Use existing value</Checkbox>
        )}
        {allowed.length > 0 ? (
          <Select
            selectedOption={{ value: value.value, label: value.value }}
            options={allowed.map((option) => ({ value: option, label: option }))}
            onChange={({ detail }) => set(detail.selectedOption.value ?? "")}
          />
        ) : (
          <Input value={value.value} disabled={value.previous} type={NoEcho ? "password" : "text"} onChange={({ detail }) => set(detail.value)} />
        )}
      </SpaceBetween>
    </FormField>
  );
}
