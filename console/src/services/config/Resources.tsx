import Checkbox from "@cloudscape-design/components/checkbox";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Multiselect from "@cloudscape-design/components/multiselect";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { Compliance, complianceText } from "./Compliance";
import { RECORDED_TYPES } from "./coverage";
import { useInventory, useSetup } from "./read";
import { resourceHref, typeName } from "./types";

const STATES = [
  { value: "", label: "Any compliance" }, { value: "COMPLIANT", label: "Compliant" }, { value: "NON_COMPLIANT", label: "Noncompliant" }, { value: "none", label: "No results available" },
];

export default function Resources() {
  const [query, setQuery] = useSearchParams();
  const types = query.getAll("type");
  const [compliance, setCompliance] = useState("");
  const [deleted, setDeleted] = useState(false);
  const setup = useSetup();
  const inventory = useInventory(RECORDED_TYPES, deleted);
  const all = [...new Set([...RECORDED_TYPES, ...types, ...(inventory.data?.map(({ type }) => type) ?? [])])].sort().map((type) => ({ value: type, label: typeName(type) }));
  const shown = inventory.data?.filter((resource) =>
    (types.length === 0 || types.includes(resource.type)) && (compliance === "" || (resource.compliance ?? "none") === compliance));
  const empty = setup.data?.recorder === undefined
    ? <>AWS Config is not set up in this Region. <PageLink href="/config">Get started</PageLink></>
    : setup.data.status?.recording === true ? "Your resources are being discovered, or there are none." : "The recorder is off: nothing is being discovered.";
  return (
    <BarePage crumbs={[{ text: "AWS Config", href: "/config" }, { text: "Resources", href: "/config/resources" }]}>
      <ResourceTable
        title="Resource Inventory" variant="full-page" items={shown} loading={inventory.isLoading} error={inventory.error}
        id={({ type, id }) => `${typeName(type)} ${id}`} empty={(inventory.data?.length ?? 0) === 0 ? empty : "No resource is of this kind."}
        above={
          <ColumnLayout columns={3}>
            <FormField label="Resource type">
              <Multiselect
                options={all} selectedOptions={all.filter(({ value }) => types.includes(value))} placeholder="All resource types" filteringType="auto" filteringPlaceholder="Find resource types"
                deselectAriaLabel={({ label }) => `Remove ${label ?? ""}`}
                onChange={({ detail }) => setQuery({ type: detail.selectedOptions.map(({ value = "" }) => value) }, { replace: true })}
              />
            </FormField>
            <FormField label="Compliance">
              <Select options={STATES} selectedOption={STATES.find(({ value }) => value === compliance) ?? null} onChange={({ detail }) => setCompliance(detail.selectedOption.value ?? "")} />
            </FormField>
            <FormField label="Deleted resources">
              <Checkbox checked={deleted} onChange={({ detail }) => setDeleted(detail.checked)}>Include deleted resources</Checkbox>
            </FormField>
          </ColumnLayout>
        }
        columns={[
          { id: "id", header: "Resource identifier", cell: ({ type, id }) => <PageLink href={resourceHref(type, id)}>{id}</PageLink>, value: ({ id }) => id },
          { id: "name", header: "Name", cell: ({ name }) => name ?? "–", value: ({ name }) => name },
          { id: "type", header: "Type", cell: ({ type }) => typeName(type), value: ({ type }) => typeName(type) },
          {
            id: "compliance", header: "Compliance", value: ({ compliance: own }) => complianceText(own),
            cell: ({ compliance: own }) => (own === undefined ? "–" : <Compliance of={own} />),
          },
          ...(deleted ? [{ id: "deleted", header: "Deleted", cell: (resource: { deleted?: Date }) => when(resource.deleted) }] : []),
        ]}
      />
    </BarePage>
  );
}
