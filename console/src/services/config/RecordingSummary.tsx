import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import type { ReactNode } from "react";
import { Properties } from "../../components/Properties";
import { GLOBAL_IAM, type Recording, type TypeLine } from "./recording";
import { LINKED_ROLE } from "./roles";
import { typeName } from "./types";

const WORD: Record<TypeLine["choice"], string> = { CONTINUOUS: "Continuous", DAILY: "Daily", EXCLUDE: "Exclude from recording" };

function Lines({ of: lines }: { of: readonly TypeLine[] }) {
  const named = lines.filter(({ type }) => type !== "");
  if (named.length === 0) return <>–</>;
  return (
    <>
      {named.map(({ type, choice }) => (
        <div key={type}>{type === GLOBAL_IAM ? "All globally recorded IAM resource types" : typeName(type)}: {WORD[choice]}</div>
      ))}
    </>
  );
}

/** What is recorded, and as whom. */
export function RecordingSummary({ of: recording, actions }: { of: Recording; actions?: ReactNode }) {
  const specific = recording.strategy === "specific";
  return (
    <Container header={<Header variant="h2" actions={actions}>General settings</Header>}>
      <Properties of={[
        ["Recording strategy", specific ? "Specific resource types" : "All resource types with customizable overrides"],
        ...(specific ? [] : [["Default recording frequency", WORD[recording.frequency]] as const]),
        [specific ? "Resource types to record" : "Override settings", <Lines of={specific ? recording.types : recording.overrides} />],
        ["AWS Config role", recording.role === "linked" ? LINKED_ROLE : recording.roleArn],
        ["Data retention period", recording.retention === undefined ? "7 years (2557 days)" : `${recording.retention} days`],
      ]} />
    </Container>
  );
}
