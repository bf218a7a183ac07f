// What both wizards show of their last step.
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { Properties } from "../../../components/Properties";
import { actionText, stateText } from "./alarm";
import type { CommonForm } from "./alarmForm";

export function Review({ of, children }: { of: CommonForm; children: ReactNode }) {
  return (
    <SpaceBetween size="l">
      {children}
      <Container header={<Header variant="h2">Actions</Header>}>
        {of.actions.length === 0 ? "No actions" : <Properties columns={1} of={of.actions.map(({ trigger, arn }) => [`When ${stateText(trigger)}`, actionText(arn)] as const)} />}
      </Container>
      <Container header={<Header variant="h2">Name and description</Header>}>
        <Properties of={[["Name", of.name], ["Description", of.description], ...of.tags.map(({ key, value }) => [`Tag ${key}`, value] as const)]} />
      </Container>
    </SpaceBetween>
  );
}
