import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { Properties } from "../../components/Properties";
import type { RuleForm } from "./ruleForm";
import { frequencyName, triggerName, typeName } from "./types";

/** What the rule will be. */
export function RuleReview({ of: form }: { of: RuleForm }) {
  const scope = form.scope === "all" ? "All changes"
    : form.scope === "tags" ? `Tag ${form.tagKey}${form.tagValue === "" ? "" : ` = ${form.tagValue}`}`
    : `${form.types.map(typeName).join(", ")}${form.resourceId === "" ? "" : ` ${form.resourceId}`}`;
  return (
    <Container header={<Header variant="h2">Rule details</Header>}>
      <Properties of={[
        ["Name", form.name],
        ["Description", form.description],
        form.managed === undefined ? ["AWS Lambda function ARN", form.function] : ["Managed rule name", form.managed.identifier],
        ["Trigger type", triggerName(form.changes, form.periodic)],
        ["Scope of changes", form.changes ? scope : undefined],
        ["Frequency", form.periodic ? frequencyName(form.frequency) : undefined],
        ["Parameters", form.parameters.filter(({ value }) => value !== "").map(({ key, value }) => <div key={key}>{key}: {value}</div>)],
      ]} />
    </Container>
  );
}
