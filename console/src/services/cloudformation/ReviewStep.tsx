import type { Capability } from "@aws-sdk/client-cloudformation";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { Properties } from "../../components/Properties";
import { ResourceTable } from "../../components/ResourceTable";
import type { ParameterValues } from "./DetailsStep";
import type { Options } from "./OptionsStep";

const SENTENCES: Record<Capability, string> = {
  CAPABILITY_IAM: "I acknowledge that AWS CloudFormation might create IAM resources.",
  CAPABILITY_NAMED_IAM: "I acknowledge that AWS CloudFormation might create IAM resources with custom names.",
  CAPABILITY_AUTO_EXPAND: "I acknowledge that AWS CloudFormation might require the following capability: CAPABILITY_AUTO_EXPAND",
};

/** The wizard's last page: all of it once more, and the acknowledgements that the template demands. */
export function ReviewStep({ name, template, description, values, hidden, options, needed, reason, acknowledged, acknowledge, more }: {
  name: string;
  template: string;
  description: string | undefined;
  values: ParameterValues;
  /** Parameters whose values are not shown. */
  hidden: readonly string[];
  options: Options;
  needed: readonly Capability[];
  reason: string | undefined;
  acknowledged: readonly Capability[];
  acknowledge: (capabilities: readonly Capability[]) => void;
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
      {needed.length > 0 && (
        <Container header={<Header variant="h2">Capabilities</Header>}>
          <SpaceBetween size="s">
            <Alert type="info" header="The following resource(s) require capabilities">
              {reason ?? "This template contains Identity and Access Management (IAM) resources."} <Box>Check that you want to create each of them, and that they have the minimum required permissions.</Box>
            </Alert>
            {needed.map((capability) => (
              <Checkbox
                key={capability}
                checked={acknowledged.includes(capability)}
                onChange={({ detail }) =>
                  acknowledge(detail.checked ? [...acknowledged, capability] : acknowledged.filter((one) => one !== capability))
                }
              >
                {SENTENCES[capability]}
              </Checkbox>
            ))}
          </SpaceBetween>
        </Container>
      )}
    </SpaceBetween>
  );
}
