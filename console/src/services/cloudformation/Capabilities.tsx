import type { Capability } from "@aws-sdk/client-cloudformation";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";

const SENTENCES: Record<Capability, string> = {
  CAPABILITY_IAM: "I acknowledge that AWS CloudFormation might create IAM resources.",
  CAPABILITY_NAMED_IAM: "I acknowledge that AWS CloudFormation might create IAM resources with custom names.",
  CAPABILITY_AUTO_EXPAND: "I acknowledge that AWS CloudFormation might require the following capability: CAPABILITY_AUTO_EXPAND",
};

/** The acknowledgements that a template demands; nothing where it demands none. */
export function Capabilities({ needed, reason, acknowledged, acknowledge }: {
  needed: readonly Capability[];
  reason: string | undefined;
  acknowledged: readonly Capability[];
  acknowledge: (capabilities: readonly Capability[]) => void;
}) {
  if (needed.length === 0) return null;
  return (
    <Container header={<Header variant="h2">Capabilities</Header>}>
      <SpaceBetween size="s">
        <Alert type="info" header="The following resource(s) require capabilities">
          {reason ?? "This template contains Identity and Access Management (IAM) resources."} <Box>Check that you want to create each of them, and that they have the minimum required permissions.</Box>
        </Alert>
        {needed.map((capability) => (
          <Checkbox
            key={capability}
            checked={acknowledged.includes(capability)}
            onChange={({ detail }) => acknowledge(detail.checked ? [...acknowledged, capability] : acknowledged.filter((one) => one !== capability))}
          >
            {SENTENCES[capability]}
          </Checkbox>
        ))}
      </SpaceBetween>
    </Container>
  );
}
