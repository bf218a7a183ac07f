import Badge from "@cloudscape-design/components/badge";
import Select from "@cloudscape-design/components/select";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { type ControlState, controlViews } from "./controls";
import { useRules } from "./read";

const FILTERS = [
  { value: "", label: "All controls" }, { value: "NON_COMPLIANT", label: "Noncompliant" }, { value: "COMPLIANT", label: "Compliant" }, { value: "NOT_EVALUATED", label: "Not evaluated" },
  { value: "built", label: "With built rules" },
];

export function State({ of: state }: { of: ControlState }) {
  if (state === "COMPLIANT") return <StatusIndicator type="success">Compliant</StatusIndicator>;
  if (state === "NON_COMPLIANT") return <StatusIndicator type="warning">Noncompliant</StatusIndicator>;
  return <StatusIndicator type="pending">Not evaluated</StatusIndicator>;
}

export function stateText(state: ControlState): string {
  return state === "COMPLIANT" ? "Compliant" : state === "NON_COMPLIANT" ? "Noncompliant" : "Not evaluated";
}

export function controlHref(control: string): string {
  return `/config/controls/${encodeURIComponent(control)}`;
}

export default function Controls() {
  const rules = useRules();
  const [filter, setFilter] = useState("");
  const all = controlViews(rules.data ?? []);
  const shown = filter === "" ? all : filter === "built" ? all.filter(({ built }) => built > 0) : all.filter(({ state }) => state === filter);
  return (
    <BarePage crumbs={[{ text: "AWS Config", href: "/config" }, { text: "Compliance by control", href: "/config/controls" }]}>
      <ResourceTable
        title="Compliance by control" variant="full-page" items={shown} loading={rules.isLoading} error={rules.error} id={({ control }) => control} perPage={30}
        description="NIST SP 800-53 Rev. 5. A control is noncompliant when a rule of this account that bears on it is, compliant when one is and none is noncompliant, and not evaluated otherwise."
        above={
          <Select ariaLabel="State of controls" options={FILTERS} selectedOption={FILTERS.find(({ value }) => value === filter) ?? null} onChange={({ detail }) => setFilter(detail.selectedOption.value ?? "")} />
        }
        columns={[
          { id: "control", header: "Control", cell: ({ control }) => <PageLink href={controlHref(control)}>{control}</PageLink>, value: ({ control }) => control },
          { id: "title", header: "Title", cell: ({ title }) => (title === "" ? "–" : title), value: ({ title }) => title },
          { id: "state", header: "State", cell: ({ state }) => <State of={state} />, value: ({ state }) => stateText(state) },
          { id: "own", header: "Rules in this account", cell: ({ own }) => (own.length === 0 ? "None" : <Badge color="blue">{own.length}</Badge>), value: ({ own }) => own.length },
          { id: "built", header: "Built rules", cell: ({ built, rules: { length } }) => `${built} of ${length}`, value: ({ built }) => built },
        ]}
      />
    </BarePage>
  );
}
