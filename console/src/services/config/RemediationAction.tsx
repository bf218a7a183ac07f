// "Remediation action" on a rule's page.
import { ConfigServiceClient, DeleteRemediationConfigurationCommand } from "@aws-sdk/client-config-service";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { PageLink } from "../../components/PageLink";
import { Properties } from "../../components/Properties";
import type { RuleDetail } from "./read";
import { ruleHref } from "./types";

export function RemediationAction({ of: { name, remediation } }: { of: RuleDetail }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useAct({
    what: "Delete remediation action",
    run: () => client(ConfigServiceClient).send(new DeleteRemediationConfigurationCommand({ ConfigRuleName: name })),
    done: () => `The remediation action of ${name} was deleted.`,
    after: () => setAsking(false),
  });
  const parameters = Object.entries(remediation?.Parameters ?? {});
  return (
    <Container
      header={
        <Header variant="h2" actions={
          <SpaceBetween direction="horizontal" size="xs">
            {remediation !== undefined && <Button onClick={() => setAsking(true)}>Delete remediation action</Button>}
            <Button onClick={() => void navigate(`${ruleHref(name)}/remediation`)}>{remediation === undefined ? "Manage remediation" : "Edit remediation"}</Button>
          </SpaceBetween>
        }>
          Remediation action
        </Header>
      }
    >
      {remediation === undefined ? "No remediation action is set. Manage remediation chooses a runbook that repairs what the rule finds." : (
        <Properties of={[
          ["Remediation action", <PageLink href={`/systems-manager/documents/${encodeURIComponent(remediation.TargetId ?? "")}`}>{remediation.TargetId}</PageLink>],
          ["Remediation method", remediation.Automatic === true ? "Automatic remediation" : "Manual remediation"],
          ["Retries", remediation.Automatic === true ? `${remediation.MaximumAutomaticAttempts} in ${remediation.RetryAttemptSeconds} seconds` : undefined],
          ["Resource ID parameter", parameters.find(([, value]) => value.ResourceValue !== undefined)?.[0]],
          ["Parameters", parameters.filter(([, value]) => value.StaticValue !== undefined)
            .map(([key, value]) => <div key={key}>{key}: {value.StaticValue?.Values?.join(", ")}</div>)],
        ]} />
      )}
      {asking && (
        <Confirm title="Delete remediation action?" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={() => setAsking(false)}>
          Noncompliant resources of {name} are not repaired any more.
        </Confirm>
      )}
    </Container>
  );
}
