// The table of AWS managed rules in which rules are chosen.
import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { BUILT_RULES, type BuiltRule } from "./coverage";
import { triggerName } from "./types";

export function ManagedRules({ rules = BUILT_RULES, chosen, choose, many = false }: {
  rules?: readonly BuiltRule[];
  chosen: readonly BuiltRule[];
  choose: (rules: readonly BuiltRule[]) => void;
  many?: boolean;
}) {
  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount } = useCollection(rules, {
    filtering: {
      empty: <Box>No rules</Box>,
      noMatch: <Box textAlign="center">No managed rule matches. Rules that Cloudchamber has not built are listed under Compliance by control.</Box>,
      filteringFunction: ({ name, meaning, service, identifier }, text) =>
        [name, meaning ?? "", service, identifier].some((own) => own.toLowerCase().includes(text.toLowerCase())),
    },
    pagination: { pageSize: 10 },
    sorting: {},
  });
  return (
    <Table
      {...collectionProps}
      items={items}
      trackBy="identifier"
      selectionType={many ? "multi" : "single"}
      selectedItems={[...chosen]}
      onSelectionChange={({ detail }) => choose(detail.selectedItems)}
      enableKeyboardNavigation
      wrapLines
      header={<Header variant="h2" counter={many && chosen.length > 0 ? `(${chosen.length}/${rules.length})` : `(${rules.length})`}>AWS Managed Rules</Header>}
      filter={
        <TextFilter {...filterProps} filteringPlaceholder="Find AWS managed rules" filteringAriaLabel="Find AWS managed rules"
          countText={`${filteredItemsCount ?? 0} matches`} />
      }
      pagination={<Pagination {...paginationProps} />}
      ariaLabels={{ tableLabel: "AWS Managed Rules", selectionGroupLabel: "Rules", allItemsSelectionLabel: () => "Select all", itemSelectionLabel: (_, { name }) => `Select ${name}` }}
      columnDefinitions={[
        { id: "name", header: "Name", cell: ({ name }) => name, sortingField: "name", isRowHeader: true, width: 250 },
        { id: "service", header: "Labels", cell: ({ service }) => service, sortingField: "service", width: 165 },
        { id: "trigger", header: "Trigger type", cell: ({ built }) => triggerName(built.changes, built.periodic), width: 175 },
        { id: "meaning", header: "Checks that", cell: ({ meaning }) => meaning ?? "–", minWidth: 280 },
      ]}
    />
  );
}
