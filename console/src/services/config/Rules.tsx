import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { useNavigate } from "react-router";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { Compliance, complianceText } from "./Compliance";
import { type RuleView, useRules } from "./read";
import { RuleActions } from "./ruleActions";
import { ruleHref } from "./types";

const FILTERS = [{ value: "", label: "All" }, { value: "NON_COMPLIANT", label: "Noncompliant" }, { value: "COMPLIANT", label: "Compliant" }];

export function ruleType({ rule }: RuleView): string {
  return rule.Source?.Owner === "AWS" ? "AWS managed" : "Custom Lambda";
}

export default function Rules() {
  const rules = useRules();
  const navigate = useNavigate();
  const [filter, setFilter] = useState("");
  const shown = filter === "" ? rules.data : rules.data?.filter(({ compliance }) => compliance === filter);
  return (
    <BarePage crumbs={[{ text: "AWS Config", href: "/config" }, { text: "Rules", href: "/config/rules" }]}>
      <ResourceTable
        title="Rules" variant="full-page" items={shown} loading={rules.isLoading} error={rules.error} id={({ name }) => name} select="single"
        description="Rules represent your desired configuration settings."
        empty={filter === "" ? "AWS Config doesn't have any rules defined." : "No rule has this compliance status."}
        above={(rules.data?.length ?? 0) > 0 && (
          <FormField label="Compliance status">
            <Select options={FILTERS} selectedOption={FILTERS.find(({ value }) => value === filter) ?? null} onChange={({ detail }) => setFilter(detail.selectedOption.value ?? "")} />
          </FormField>
        )}
        columns={[
          { id: "name", header: "Name", cell: ({ name }) => <PageLink href={ruleHref(name)}>{name}</PageLink>, value: ({ name }) => name },
          {
            id: "remediation", header: "Remediation action", value: ({ remediation }) => remediation?.TargetId,
            cell: ({ remediation }) => (remediation === undefined ? "Not set" : `${remediation.TargetId} (${remediation.Automatic === true ? "automatic" : "manual"})`),
          },
          { id: "type", header: "Type", cell: ruleType, value: ruleType },
          { id: "mode", header: "Enabled evaluation mode", cell: ({ rule }) => rule.EvaluationModes?.map(({ Mode }) => Mode).join(", ") ?? "DETECTIVE" },
          {
            id: "compliance", header: "Detective compliance", value: ({ compliance }) => complianceText(compliance),
            cell: (view) => {
              const state = view.rule.ConfigRuleState;
              if (state === "DELETING") return <StatusIndicator type="in-progress">Deleting</StatusIndicator>;
              if (state === "DELETING_RESULTS") return <StatusIndicator type="in-progress">Deleting results</StatusIndicator>;
              if (state === "EVALUATING" && view.compliance === "INSUFFICIENT_DATA") return <StatusIndicator type="in-progress">Evaluating</StatusIndicator>;
              return <Compliance of={view.compliance} count={view.noncompliant} />;
            },
          },
        ]}
        actions={([selected]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <RuleActions of={selected} viewDetails />
            <Button variant="primary" onClick={() => void navigate("/config/add-rule")}>Add rule</Button>
          </SpaceBetween>
        )}
      />
    </BarePage>
  );
}
