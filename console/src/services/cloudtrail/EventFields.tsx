// "Events" of a trail: which event types it logs.
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { TextEditor } from "../../components/TextEditor";
import { DATA_TYPES, type DataLine, type EventsForm } from "./selectors";

type Part = { of: EventsForm; change: (change: Partial<EventsForm>) => void };

export function EventFields({ of: form, change }: Part) {
  const other = <Button onClick={() => change({ advanced: !form.advanced })}>{form.advanced ? "Switch to basic event selectors" : "Switch to advanced event selectors"}</Button>;
  if (form.advanced) {
    return (
      <Container header={<Header variant="h2" actions={other} description="A list of selectors with FieldSelectors: eventCategory, readOnly, eventSource, eventName, resources.type, resources.ARN.">Advanced event selectors</Header>}>
        <TextEditor label="Advanced event selectors" language="json" value={form.text} onChange={(text) => change({ text })} />
      </Container>
    );
  }
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" actions={other}>Events</Header>}>
        <FormField label="Event type">
          <SpaceBetween size="xs">
            <Checkbox checked={form.management} onChange={({ detail }) => change({ management: detail.checked })} description="Operations on resources themselves.">Management events</Checkbox>
            <Checkbox checked={form.data} onChange={({ detail }) => change({ data: detail.checked, lines: form.lines.length === 0 ? [{ type: "AWS::S3::Object", arn: "" }] : form.lines })} description="Operations on or within a resource.">Data events</Checkbox>
          </SpaceBetween>
        </FormField>
      </Container>
      <Container header={<Header variant="h2">Management events</Header>}>
        <SpaceBetween size="l">
          <FormField label="API activity" description="Also of data events.">
            <SpaceBetween size="xs">
              <Checkbox checked={form.read} onChange={({ detail }) => change({ read: detail.checked })}>Read</Checkbox>
              <Checkbox checked={form.write} onChange={({ detail }) => change({ write: detail.checked })}>Write</Checkbox>
            </SpaceBetween>
          </FormField>
          {form.management && (
            <FormField label="Exclusions">
              <SpaceBetween size="xs">
                <Checkbox checked={form.withoutKms} onChange={({ detail }) => change({ withoutKms: detail.checked })}>Exclude AWS KMS events</Checkbox>
                <Checkbox checked={form.withoutRdsData} onChange={({ detail }) => change({ withoutRdsData: detail.checked })}>Exclude Amazon RDS Data API events</Checkbox>
              </SpaceBetween>
            </FormField>
          )}
        </SpaceBetween>
      </Container>
      {form.data && (
        <Container header={<Header variant="h2">Data events</Header>}>
          <SpaceBetween size="m">
            {form.lines.map((line, at) => (
              <Line
                key={at} of={line} number={at + 1} set={(next) => change({ lines: form.lines.map((own, index) => (index === at ? next : own)) })}
                remove={() => change({ lines: form.lines.filter((_, index) => index !== at) })}
              />
            ))}
            <Button onClick={() => change({ lines: [...form.lines, { type: "AWS::S3::Object", arn: "" }] })}>Add data event type</Button>
          </SpaceBetween>
        </Container>
      )}
    </SpaceBetween>
  );
}

function Line({ of: line, number, set, remove }: { of: DataLine; number: number; set: (line: DataLine) => void; remove: () => void }) {
  const kind = DATA_TYPES.find(({ value }) => value === line.type);
  return (
    <Grid gridDefinition={[{ colspan: 3 }, { colspan: 6 }, { colspan: 3 }]}>
      <FormField label={`Data event source ${number}`}>
        <Select
          options={DATA_TYPES.map(({ value, label }) => ({ value, label }))} selectedOption={kind === undefined ? null : { value: kind.value, label: kind.label }}
          onChange={({ detail }) => set({ type: detail.selectedOption.value ?? line.type, arn: "" })}
        />
      </FormField>
      <FormField label={`Resource ARN ${number}`} constraintText={`Empty: all of the account, now and in future. Else such as ${kind?.hint ?? ""}`}>
        <Input value={line.arn} onChange={({ detail }) => set({ ...line, arn: detail.value })} />
      </FormField>
      <FormField label={<>&nbsp;</>}><Button ariaLabel={`Remove data event type ${number}`} onClick={remove}>Remove</Button></FormField>
    </Grid>
  );
}
