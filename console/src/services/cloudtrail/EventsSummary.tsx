import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import type { ReactNode } from "react";
import { Code } from "../../components/Code";
import { Properties } from "../../components/Properties";
import { DATA_TYPES, type EventsForm } from "./selectors";

/** Which events a trail logs. */
export function EventsSummary({ of: form, actions }: { of: EventsForm; actions?: ReactNode }) {
  const activity = form.read && form.write ? "All" : form.read ? "Read" : "Write";
  return (
    <Container header={<Header variant="h2" actions={actions}>Events</Header>}>
      {form.advanced ? <Code>{form.text}</Code> : (
        <Properties of={[
          ["Management events", form.management ? `API activity: ${activity}` : "Not logged"],
          ["Excluded", [...(form.withoutKms ? ["AWS KMS events"] : []), ...(form.withoutRdsData ? ["Amazon RDS Data API events"] : [])].join(", ")],
          ["Data events", !form.data ? "Not logged" : form.lines.map(({ type, arn }, at) => (
            <div key={at}>{DATA_TYPES.find(({ value }) => value === type)?.label ?? type}: {arn === "" ? "all current and future" : arn}</div>
          ))],
        ]} />
      )}
    </Container>
  );
}
