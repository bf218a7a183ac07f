// Wizards, as "Create role" is one: steps with Next and Previous, and the last one's action with its failure.
import Alert from "@cloudscape-design/components/alert";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Wizard from "@cloudscape-design/components/wizard";
import { type ReactNode, useState } from "react";
import { failureOf } from "../aws/errors";

export interface Step {
  title: string;
  description?: string;
  content: ReactNode;
  optional?: boolean;
  /** What stands against going on. */
  problem?: () => string | undefined;
}

export function Steps({ steps, submit, busy, error, onSubmit, onCancel }: {
  steps: readonly Step[];
  /** The last step's button: `Create role`. */
  submit: string;
  busy: boolean;
  error: Error | null;
  onSubmit: () => void;
  onCancel: () => void;
}) {
  const [at, setAt] = useState(0);
  const [refused, setRefused] = useState<string>();
  const failure = error === null ? undefined : failureOf(error);
  const go = (next: number) => {
    // Back is always free; forward only past steps that are complete.
    const stuck = steps.findIndex((step, index) => index >= at && index < next && step.problem?.() !== undefined);
    setRefused(stuck < 0 ? undefined : steps[stuck]?.problem?.());
    setAt(stuck < 0 ? next : stuck);
  };
  const finish = () => {
    const stuck = steps.findIndex((step) => step.problem?.() !== undefined);
    setRefused(stuck < 0 ? undefined : steps[stuck]?.problem?.());
    if (stuck < 0) onSubmit();
    else setAt(stuck);
  };
  return (
    <Wizard
      activeStepIndex={at}
      isLoadingNextStep={busy}
      submitButtonText={submit}
      i18nStrings={{
        stepNumberLabel: (number) => `Step ${number}`,
        collapsedStepsLabel: (number, count) => `Step ${number} of ${count}`,
        cancelButton: "Cancel", previousButton: "Previous", nextButton: "Next", optional: "optional", navigationAriaLabel: "Steps",
      }}
      onNavigate={({ detail }) => go(detail.requestedStepIndex)}
      onCancel={onCancel}
      onSubmit={finish}
      steps={steps.map((step, index) => ({
        title: step.title,
        ...(step.description !== undefined && { description: step.description }),
        isOptional: step.optional ?? false,
        content: (
          <SpaceBetween size="l">
            {step.content}
            {index === at && refused !== undefined && <Alert type="error">{refused}</Alert>}
            {index === steps.length - 1 && failure !== undefined && <Alert type="error" header={failure.code}>{failure.message}</Alert>}
          </SpaceBetween>
        ),
      }))}
    />
  );
}
