// Choosing managed policies, as in "Attach policies".
import type { Policy } from "@aws-sdk/client-iam";
import { useCollection } from "@cloudscape-design/collection-hooks";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useState } from "react";
import { PageLink } from "../../components/PageLink";
import { ReadFailed } from "../../components/ReadFailed";
import { typeOfPolicy } from "./identity";
import { usePolicies } from "./read";

const TYPES = ["All types", "Customer managed", "AWS managed", "AWS managed - job function"].map((value) => ({ value, label: value }));

export function PolicyChoice({ chosen, choose, single = false, except = [] }: {
  /** ARNs. */
  chosen: readonly string[];
  choose: (arns: readonly string[]) => void;
  single?: boolean;
  /** ARNs that are not offered. */
  except?: readonly string[];
}) {
  const policies = usePolicies();
  const [type, setType] = useState("All types");
  const [text, setText] = useState("");
  const offered = (policies.data ?? []).filter(({ Arn = "", IsAttachable }) =>
    IsAttachable !== false && !except.includes(Arn) && (type === "All types" || typeOfPolicy(Arn) === type));
  const matching = matches(offered, text);
  const { items, collectionProps, paginationProps } = useCollection(matching, { sorting: {}, pagination: { pageSize: 20 } });
  return (
    <SpaceBetween size="s">
      <ReadFailed error={policies.error} what="policies" />
      <Table<Policy>
        {...collectionProps}
        variant="embedded"
        items={items}
        loading={policies.isLoading}
        loadingText="Loading policies"
        trackBy={({ Arn = "" }) => Arn}
        empty={text === "" ? "No policies" : "No policy matches."}
        selectionType={single ? "single" : "multi"}
        selectedItems={(policies.data ?? []).filter(({ Arn = "" }) => chosen.includes(Arn))}
        onSelectionChange={({ detail }) => choose(detail.selectedItems.flatMap(({ Arn }) => Arn ?? []))}
        ariaLabels={{ tableLabel: "Permissions policies", selectionGroupLabel: "Selection", allItemsSelectionLabel: () => "Select all", itemSelectionLabel: (_, { PolicyName = "" }) => `Select ${PolicyName}` }}
        header={<Header variant="h3" counter={chosen.length > 0 ? `(Selected ${chosen.length}/${offered.length})` : `(${offered.length})`}>Permissions policies</Header>}
        filter={
          <SpaceBetween direction="horizontal" size="xs">
            <TextFilter filteringText={text} onChange={({ detail }) => setText(detail.filteringText)} filteringPlaceholder="Search policies" filteringAriaLabel="Search policies" countText={`${matching.length} ${matching.length === 1 ? "match" : "matches"}`} />
            <Select ariaLabel="Filter by Type" selectedOption={TYPES.find(({ value }) => value === type) ?? null} options={TYPES} onChange={({ detail }) => setType(detail.selectedOption.value ?? "All types")} />
          </SpaceBetween>
        }
        pagination={<Pagination {...paginationProps} />}
        columnDefinitions={[
          { id: "name", header: "Policy name", sortingField: "PolicyName", cell: ({ PolicyName, Arn = "" }) => <PageLink href={`/iam/policies/${encodeURIComponent(Arn)}`}>{PolicyName}</PageLink> },
          { id: "type", header: "Type", cell: ({ Arn }) => typeOfPolicy(Arn) },
          { id: "attached", header: "Attached entities", sortingField: "AttachmentCount", cell: ({ AttachmentCount }) => AttachmentCount },
        ]}
      />
    </SpaceBetween>
  );
}

/** Those whose names contain the text; first the one that is called so, then those that begin so. */
function matches(policies: readonly Policy[], text: string): readonly Policy[] {
  if (text === "") return policies;
  const wanted = text.toLowerCase();
  const rank = ({ PolicyName = "" }: Policy) => (PolicyName.toLowerCase() === wanted ? 0 : PolicyName.toLowerCase().startsWith(wanted) ? 1 : 2);
  return policies.filter(({ PolicyName = "" }) => PolicyName.toLowerCase().includes(wanted)).sort((a, b) => rank(a) - rank(b));
}
