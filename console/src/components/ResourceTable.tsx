// A list of resources with filter, sorting, pages and selection.
import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { type ReactNode, useState } from "react";
import { ReadFailed } from "./ReadFailed";

export interface Column<T> {
  id: string;
  header: string;
  cell: (item: T) => ReactNode;
  /** What it is sorted and filtered by; not sortable where left out. */
  value?: (item: T) => string | number | undefined;
  width?: number;
}

export interface ResourceTableProps<T> {
  /** What they are, in the plural: `Buckets`. */
  title: string;
  description?: ReactNode;
  items: readonly T[] | undefined;
  loading: boolean;
  error?: unknown;
  columns: readonly Column<T>[];
  /** Unique among the items. */
  id: (item: T) => string;
  /** None where nothing is done with a selection. */
  select?: "single" | "multi";
  /** Buttons; they are given what is selected. */
  actions?: (selected: readonly T[]) => ReactNode;
  /** What an empty list says and offers. */
  empty?: ReactNode;
  variant?: "full-page" | "container" | "embedded";
  perPage?: number;
  /** Between heading and filter. */
  above?: ReactNode;
  /** What stands under the table, such as the selected resource's details. */
  below?: (selected: readonly T[]) => ReactNode;
}

export function ResourceTable<T>(props: ResourceTableProps<T>) {
  const { title, items, columns, id, perPage = 20, variant = "container" } = props;
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const valued = columns.filter((column) => column.value !== undefined);
  const { items: shown, collectionProps, filterProps, paginationProps, filteredItemsCount } = useCollection(items ?? [], {
    filtering: {
      empty: <Box textAlign="center" color="inherit">{props.error !== null && props.error !== undefined ? "Not known" : (props.empty ?? `No ${title.toLowerCase()}`)}</Box>,
      noMatch: <Box textAlign="center" color="inherit">Nothing matches the filter.</Box>,
      filteringFunction: (item, text) => {
        const wanted = text.toLowerCase();
        return wanted === "" || valued.some((column) => String(column.value?.(item) ?? "").toLowerCase().includes(wanted));
      },
    },
    pagination: { pageSize: perPage },
    sorting: {},
  });
  const all = items ?? [];
  const selected = all.filter((item) => chosen.includes(id(item)));
  return (
    <SpaceBetween size="s">
      <ReadFailed error={props.error} what={title.toLowerCase()} />
      <Table
        {...collectionProps}
        items={shown as T[]}
        variant={variant}
        enableKeyboardNavigation
        stickyHeader={variant === "full-page"}
        loading={props.loading && items === undefined}
        loadingText={`Loading ${title.toLowerCase()}`}
        trackBy={id}
        {...(props.select !== undefined && { selectionType: props.select })}
        selectedItems={selected}
        onSelectionChange={({ detail }) => setChosen(detail.selectedItems.map(id))}
        ariaLabels={{
          tableLabel: title,
          selectionGroupLabel: "Selection",
          allItemsSelectionLabel: () => "Select all",
          itemSelectionLabel: (_, item) => `Select ${id(item)}`,
        }}
        columnDefinitions={columns.map((column): TableProps.ColumnDefinition<T> => ({
          id: column.id,
          header: column.header,
          cell: column.cell,
          ...(column.width !== undefined && { width: column.width }),
          ...(column.value !== undefined && { sortingComparator: (a: T, b: T) => compare(column.value?.(a), column.value?.(b)) }),
        }))}
        header={
          <Header
            variant={variant === "full-page" ? "awsui-h1-sticky" : "h2"}
            counter={items === undefined ? undefined : `(${items.length})`}
            description={props.description}
            actions={props.actions?.(selected)}
          >
            {title}
          </Header>
        }
        filter={
          (all.length > 0 || props.above !== undefined) && (
            <SpaceBetween size="xs">
              {props.above}
              <TextFilter
                {...filterProps}
                filteringPlaceholder={`Find ${title.toLowerCase()}`}
                filteringAriaLabel={`Find ${title.toLowerCase()}`}
                countText={`${filteredItemsCount ?? 0} ${filteredItemsCount === 1 ? "match" : "matches"}`}
              />
            </SpaceBetween>
          )
        }
        pagination={all.length > perPage && <Pagination {...paginationProps} />}
      />
      {props.below?.(selected)}
    </SpaceBetween>
  );
}

function compare(a: string | number | undefined, b: string | number | undefined): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a ?? "").localeCompare(String(b ?? ""), "en", { numeric: true });
}
