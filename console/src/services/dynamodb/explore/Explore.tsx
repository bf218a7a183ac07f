// "Explore items": the tables at left, the items of one at right.
import { DeleteItemCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { failureOf } from "../../../aws/errors";
import { useAct, useRead } from "../../../aws/queries";
import { Confirm } from "../../../components/Confirm";
import { Page } from "../../../components/Page";
import { PageLink } from "../../../components/PageLink";
import { ReadFailed } from "../../../components/ReadFailed";
import { ResourceTable } from "../../../components/ResourceTable";
import { crumbsOf, dynamodb, FOLLOWS, keysOf, keyText, useTable, useTableNames } from "../read";
import { itemHref } from "./EditItem";
import { type Item, shown, textOf } from "./item";
import { RequestForm } from "./RequestForm";
import { ALL_ITEMS, run } from "./request";

export default function Explore() {
  const [asked, ask] = useSearchParams();
  const name = asked.get("table") ?? "";
  const names = useTableNames();
  const [find, setFind] = useState("");
  const table = useTable(name);
  const found = (names.data ?? []).filter((it) => it.toLowerCase().includes(find.toLowerCase()));
  return (
    <Page
      title={name === "" ? "Explore items" : name}
      crumbs={name === "" ? [{ text: "DynamoDB", href: "/dynamodb" }, { text: "Explore items", href: "/dynamodb/explore" }] : crumbsOf(name, { text: "Explore items", href: `/dynamodb/explore?table=${name}` })}
      actions={name !== "" && <PageLink href={`/dynamodb/tables/${name}`}>View table details</PageLink>}
    >
      <Grid gridDefinition={[{ colspan: { default: 12, m: 3 } }, { colspan: { default: 12, m: 9 } }]}>
        <Container header={<Header variant="h2" counter={names.data === undefined ? undefined : `(${names.data.length})`}>Tables</Header>}>
          <SpaceBetween size="s">
            <ReadFailed error={names.error} what="tables" />
            <Input type="search" ariaLabel="Find tables by name" placeholder="Find tables by name" value={find} onChange={({ detail }) => setFind(detail.value)} />
            <RadioGroup ariaLabel="Tables" value={name} items={found.map((it) => ({ value: it, label: it }))} onChange={({ detail }) => ask({ table: detail.value })} />
            {names.data?.length === 0 && <Box>No tables</Box>}
          </SpaceBetween>
        </Container>
        <SpaceBetween size="l">
          <ReadFailed error={table.error} what="table" />
          {name === "" && <Box>Choose a table to see its items.</Box>}
          {name !== "" && table.data !== undefined && <Items key={name} table={table.data} />}
        </SpaceBetween>
      </Grid>
    </Page>
  );
}

const STEP = 300;

function Items({ table }: { table: TableDescription }) {
  const navigate = useNavigate();
  const [request, setRequest] = useState(ALL_ITEMS);
  const [wanted, setWanted] = useState(STEP);
  const [deleting, setDeleting] = useState<readonly Item[]>();
  const name = table.TableName ?? "";
  const results = useRead({ key: ["dynamodb", "items", name, request, wanted], follows: FOLLOWS, read: () => run(table, request, wanted) });
  const keys = keysOf(table);
  const keyNames = [keys.partition, ...(keys.sort === undefined ? [] : [keys.sort])];
  const keyOf = (item: Item): Item => Object.fromEntries(keyNames.flatMap((key) => (item[key] === undefined ? [] : [[key, item[key]]])));
  const items = results.data?.items;
  const others = [...new Set((items ?? []).flatMap((item) => Object.keys(item)))].filter((it) => !keyNames.includes(it)).sort();
  const remove = useAct({
    what: "Delete items",
    run: async (gone: readonly Item[]) => {
      for (const item of gone) await dynamodb().send(new DeleteItemCommand({ TableName: name, Key: keyOf(item) }));
    },
    done: (_, gone) => `${gone.length} ${gone.length === 1 ? "item" : "items"} deleted.`,
    after: () => setDeleting(undefined),
  });
  return (
    <SpaceBetween size="l">
      <RequestForm table={table} busy={results.isFetching} onRun={(next) => {
        setWanted(STEP);
        setRequest(next);
        if (JSON.stringify(next) === JSON.stringify(request)) void results.refetch();
      }} />
      <ResourceTable
        title="Items returned"
        description={results.data !== undefined && (
          <StatusIndicator>
            {`Completed · Items returned: ${results.data.items.length} · Items scanned: ${results.data.scanned} · Efficiency: ${results.data.scanned === 0 ? 100 : Math.round((results.data.items.length / results.data.scanned) * 100)}% · RCUs consumed: ${results.data.units}`}
          </StatusIndicator>
        )}
        items={items}
        loading={results.isLoading}
        error={results.error}
        id={(item) => textOf(keyOf(item), false)}
        select="multi"
        perPage={50}
        empty="The query did not return any results."
        columns={[
          {
            id: "key", header: keyText(keys.partition, keys.partitionType), value: (item) => sortable(item[keys.partition]),
            cell: (item) => <PageLink href={itemHref(name, keyOf(item))}>{shown(item[keys.partition])}</PageLink>,
          },
          ...(keys.sort === undefined ? [] : [column(keys.sort, keyText(keys.sort, keys.sortType))]),
          ...others.map((attribute) => column(attribute, attribute)),
        ]}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <ButtonDropdown
              disabled={selected.length === 0}
              items={[
                { id: "edit", text: "Edit item", disabled: selected.length !== 1 },
                { id: "duplicate", text: "Duplicate item", disabled: selected.length !== 1 },
                { id: "delete", text: "Delete items" },
              ]}
              onItemClick={({ detail: { id } }) => {
                const [only] = selected;
                if (id === "delete") setDeleting(selected);
                else if (only !== undefined) void navigate(itemHref(name, keyOf(only), id === "duplicate"));
              }}
            >
              Actions
            </ButtonDropdown>
            {results.data?.more === true && <Button loading={results.isFetching} onClick={() => setWanted(wanted + STEP)}>Retrieve next page</Button>}
            <Button variant="primary" onClick={() => void navigate(itemHref(name))}>Create item</Button>
          </SpaceBetween>
        )}
      />
      {deleting !== undefined && (
        <Confirm title="Delete items" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting(undefined)}>
          {`${deleting.length} ${deleting.length === 1 ? "item is" : "items are"} deleted for good.${remove.error === null ? "" : ` ${failureOf(remove.error).message}`}`}
        </Confirm>
      )}
    </SpaceBetween>
  );
}

function column(attribute: string, header: string) {
  return { id: `attribute ${attribute}`, header, cell: (item: Item) => shown(item[attribute]), value: (item: Item) => sortable(item[attribute]) };
}

function sortable(value: Item[string] | undefined): string | number | undefined {
  return value?.N !== undefined ? Number(value.N) : shown(value);
}
