// "Recording method" and "Data governance" of the settings.
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { RECORDABLE_TYPES } from "./coverage";
import { type Frequency, GLOBAL_IAM, type Recording, type TypeLine } from "./recording";
import { useLinkedRole, useRoles } from "./roles";
import { typeName } from "./types";

type Change = (change: Partial<Recording>) => void;
const FREQUENCY_OPTIONS = [{ value: "CONTINUOUS", label: "Continuous" }, { value: "DAILY", label: "Daily" }];
const EXCLUDE = { value: "EXCLUDE", label: "Exclude from recording" };
const IAM_OPTION = { value: GLOBAL_IAM, label: "All globally recorded IAM resource types" };

export function RecordingForm({ of: recording, change }: { of: Recording; change: Change }) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Recording method</Header>}>
        <SpaceBetween size="l">
          <FormField label="Recording strategy" description="Choose which resources AWS Config records in this Region.">
            <RadioGroup
              ariaLabel="Recording strategy"
              value={recording.strategy}
              onChange={({ detail }) => change({ strategy: detail.value === "specific" ? "specific" : "all" })}
              items={[
                { value: "all", label: "All resource types with customizable overrides", description: "Record every type that AWS Config knows, also those to come." },
                { value: "specific", label: "Specific resource types", description: "Record only the types that you name." },
              ]}
            />
          </FormField>
          {recording.strategy === "all" ? <AllTypes of={recording} change={change} /> : (
            <Lines
              lines={recording.types} set={(types) => change({ types })} add="Add resource type" second="Frequency"
              options={FREQUENCY_OPTIONS} types={typeOptions()} label="Specific resource types"
            />
          )}
        </SpaceBetween>
      </Container>
      <Governance of={recording} change={change} />
    </SpaceBetween>
  );
}

function AllTypes({ of: recording, change }: { of: Recording; change: Change }) {
  return (
    <SpaceBetween size="l">
      <FormField label="Default recording frequency">
        <RadioGroup
          ariaLabel="Default recording frequency"
          value={recording.frequency}
          onChange={({ detail }) => change({ frequency: detail.value as Frequency })}
          items={[
            { value: "CONTINUOUS", label: "Continuous recording", description: "Each change as it happens." },
            { value: "DAILY", label: "Daily recording", description: "The state at the end of each day, where it differs from the day before." },
          ]}
        />
      </FormField>
      <Lines
        lines={recording.overrides} set={(overrides) => change({ overrides })} add="Add override" second="Override"
        options={[EXCLUDE, ...FREQUENCY_OPTIONS]} types={[IAM_OPTION, ...typeOptions()]} label="Override settings - optional"
      />
    </SpaceBetween>
  );
}

function typeOptions() {
  return RECORDABLE_TYPES.map((type) => ({ value: type, label: typeName(type) }));
}

function Lines({ lines, set, add, label, second, options, types }: {
  lines: readonly TypeLine[];
  set: (lines: readonly TypeLine[]) => void;
  add: string;
  label: string;
  second: string;
  options: { value: string; label: string }[];
  types: { value: string; label: string }[];
}) {
  const replace = (at: number, line: TypeLine) => set(lines.map((old, index) => (index === at ? line : old)));
  return (
    <FormField label={label} stretch>
      <SpaceBetween size="s">
        {lines.map((line, index) => {
          const free = types.filter(({ value }) => value === line.type || !lines.some(({ type }) => type === value));
          const number = lines.length > 1 ? ` ${index + 1}` : "";
          return (
            <Grid key={`${index} ${line.type}`} gridDefinition={[{ colspan: 5 }, { colspan: 4 }, { colspan: 3 }]}>
              <FormField label={`Resource type${number}`}>
                <Select
                  selectedOption={types.find(({ value }) => value === line.type) ?? (line.type === "" ? null : { value: line.type, label: typeName(line.type) })}
                  options={free} filteringType="auto" placeholder="Choose resource type" filteringPlaceholder="Find resource types" empty="No more types"
                  onChange={({ detail }) => replace(index, { ...line, type: detail.selectedOption.value ?? "" })}
                />
              </FormField>
              <FormField label={`${second}${number}`}>
                <Select
                  selectedOption={options.find(({ value }) => value === line.choice) ?? null} options={options}
                  onChange={({ detail }) => replace(index, { ...line, choice: detail.selectedOption.value as TypeLine["choice"] })}
                />
              </FormField>
              <FormField label={<>&nbsp;</>}>
                <Button ariaLabel={`Remove resource type${number}`} onClick={() => set(lines.filter((_, at) => at !== index))}>Remove</Button>
              </FormField>
            </Grid>
          );
        })}
        <Button onClick={() => set([...lines, { type: "", choice: options[0]?.value === "EXCLUDE" ? "EXCLUDE" : "CONTINUOUS" }])}>{add}</Button>
      </SpaceBetween>
    </FormField>
  );
}

function Governance({ of: recording, change }: { of: Recording; change: Change }) {
  const linked = useLinkedRole();
  const roles = useRoles();
  const [custom, setCustom] = useState(recording.retention !== undefined);
  return (
    <Container header={<Header variant="h2">Data governance</Header>}>
      <SpaceBetween size="l">
        <FormField label="Data retention period">
          <SpaceBetween size="xs">
            <RadioGroup
              ariaLabel="Data retention period"
              value={custom ? "custom" : "seven"}
              onChange={({ detail }) => {
                setCustom(detail.value === "custom");
                change({ retention: detail.value === "custom" ? 365 : undefined });
              }}
              items={[
                { value: "seven", label: "Retain AWS Config data for 7 years (2557 days)" },
                { value: "custom", label: "Set a custom retention period for configuration items recorded by AWS Config" },
              ]}
            />
            {custom && (
              <FormField label="Retention period in days" constraintText="30 to 2557">
                <Input type="number" value={String(recording.retention ?? "")} onChange={({ detail }) => change({ retention: Number(detail.value) })} />
              </FormField>
            )}
          </SpaceBetween>
        </FormField>
        <FormField label="IAM role for AWS Config">
          <RadioGroup
            ariaLabel="IAM role for AWS Config"
            value={recording.role}
            onChange={({ detail }) => change({ role: detail.value === "own" ? "own" : "linked" })}
            items={[
              {
                value: "linked",
                label: linked.data === true ? "Use an existing AWS Config service-linked role" : "Create AWS Config service-linked role",
                description: "AWSServiceRoleForConfig",
              },
              { value: "own", label: "Choose a role from your account" },
            ]}
          />
        </FormField>
        {recording.role === "own" && (
          <FormField label="Existing roles" errorText={roles.error === null ? undefined : roles.error.message}>
            <Select
              selectedOption={roles.data?.find(({ value }) => value === recording.roleArn) ?? (recording.roleArn === "" ? null : { value: recording.roleArn })}
              options={roles.data ?? []} filteringType="auto" placeholder="Choose a role" filteringPlaceholder="Find roles" empty="No roles"
              statusType={roles.isLoading ? "loading" : "finished"} loadingText="Loading roles"
              onChange={({ detail }) => change({ roleArn: detail.selectedOption.value ?? "" })}
            />
          </FormField>
        )}
      </SpaceBetween>
    </Container>
  );
}
