import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { Properties } from "../../components/Properties";
import { ResourceTable } from "../../components/ResourceTable";
import type { ParameterValues } from "./DetailsStep";
import type { Options } from "./OptionsStep";

/** The wizard's last page: all of it once more. */
export function ReviewStep({ name, template, description, values, hidden, options, more }: {
  name: string;
  template: string;
  description: string | undefined;
  values: ParameterValues;
  /** Parameters whose values are not shown. */
  hidden: readonly string[];
  options: Options;
  more?: ReactNode;
}) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Template and stack</Header>}>
        <Properties of={[["Stack name", name], ["Template", template], ["Stack description", description]]} />
      </Container>
      <ResourceTable
        title="Parameters" items={Object.entries(values)} loading={false} id={([key]) => key} empty="No parameters"
        columns={[
          { id: "key", header: "Key", cell: ([key]) => key, value: ([key]) => key },
          { id: "value", header: "Value", cell: ([key, { value, previous }]) => (previous ? "Use existing value" : hidden.includes(key) ? "****" : value) },
        ]}
      />
      <Container header={<Header variant="h2">Stack options</Header>}>
        <Properties of={[
          ["IAM role", options.role?.name],
          ["Behavior on provisioning failure", options.onFailure],
          ["Timeout", options.timeout === "" ? undefined : `${options.timeout} minutes`],
          ["Termination protection", options.protect ? "Activated" : "Deactivated"],
          ["Tags", options.tags.map(({ key, value }) => `${key} = ${value}`).join(", ")],
        ]} />
      </Container>
      {more}
    </SpaceBetween>
  );
}
