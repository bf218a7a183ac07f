import type { ResultField } from "@aws-sdk/client-cloudwatch-logs";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useRead } from "../../../aws/queries";
import { download } from "../../../components/download";
import { ExpandableTable } from "../../../components/ExpandableTable";
import { TimeChart } from "../../../components/metrics/TimeChart";
import { PageLink } from "../../../components/PageLink";
import { ReadFailed } from "../../../components/ReadFailed";
import { ResourceTable } from "../../../components/ResourceTable";
import { bytes } from "../../../components/time";
import { groupPage } from "../service";
import { chartOf, csvOf, fieldsOf, filled, histogramQuery, valueIn } from "./query";
import { useRecord } from "./read";
import { type Answer, type InsightsQuery, type Run, runToEnd } from "./run";

const PER_PAGE = 50;

export function Results({ run }: { run: Run }) {
  const { answer, running, error, query } = run;
  const [tab, setTab] = useState("logs");
  const rows = answer?.rows ?? [];
  const lines = chartOf(rows);
  return (
    <SpaceBetween size="m">
      <ReadFailed error={error} what="results of the query" />
      {answer?.status === "Failed" && <Alert type="error" header="Failed">The query failed.</Alert>}
      {(answer !== undefined || running) && (
        <Container>
          <Tabs
            ariaLabel="Results"
            activeTabId={tab}
            onChange={({ detail }) => setTab(detail.activeTabId)}
            actions={
              <ButtonDropdown
                disabled={rows.length === 0}
                items={[{ id: "csv", text: "Download table (CSV)" }, { id: "json", text: "Download table (JSON)" }]}
                onItemClick={({ detail }) => (detail.id === "csv" ? download("logs-insights-results.csv", csvOf(rows), "text/csv") : download("logs-insights-results.json", jsonOf(rows), "application/json"))}
              >
                Export results
              </ButtonDropdown>
            }
            tabs={[
              {
                id: "logs", label: `Logs (${rows.length})`,
                content: (
                  <SpaceBetween size="m">
                    <Statistics answer={answer} running={running} />
                    {!running && rows.length > 0 && <Histogram of={query} />}
                    <Rows rows={rows} running={running} />
                  </SpaceBetween>
                ),
              },
              {
                id: "visualization", label: "Visualization",
                content: lines.length === 0
                  ? <Box textAlign="center" padding="l">No visualization: it is for queries whose stats command is by bin(), such as stats count(*) by bin(5m).</Box>
                  : <TimeChart title="Visualization of the results" series={lines} from={query.from} to={query.to} height={300} empty="No data" />,
              },
            ]}
          />
        </Container>
      )}
    </SpaceBetween>
  );
}

function jsonOf(rows: Answer["rows"]): string {
  const fields = fieldsOf(rows);
  return JSON.stringify(rows.map((row) => Object.fromEntries(fields.map((field) => [field, valueIn(row, field)]))), null, 2);
}

function Statistics({ answer, running }: { answer: Answer | undefined; running: boolean }) {
  if (running) return <StatusIndicator type="in-progress">Running query</StatusIndicator>;
  if (answer?.status === "Cancelled") return <StatusIndicator type="stopped">The query was cancelled.</StatusIndicator>;
  const { recordsMatched = 0, recordsScanned = 0, bytesScanned = 0 } = answer?.statistics ?? {};
  return (
    <div>
      <Box variant="strong">{`Showing ${answer?.rows.length ?? 0} of ${recordsMatched} records matched`}</Box>
      <Box color="text-body-secondary">{`${recordsScanned} records (${bytes(bytesScanned)}) scanned`}</Box>
    </div>
  );
}

/** When the records are from that the query matched: counted by a query of its own. */
function Histogram({ of }: { of: InsightsQuery }) {
  const { from, to } = of;
  const counting = histogramQuery(of.query, from, to);
  const read = useRead({
    key: ["logs", "histogram", of], enabled: counting !== undefined,
    read: async () => chartOf((await runToEnd({ ...of, query: counting ?? "" })).rows),
  });
  const [series] = read.data ?? [];
  if (series === undefined) return null;
  return <TimeChart title="Records matched over time" series={[{ ...filled(series, from, to), label: "Records matched" }]} from={from} to={to} height={100} empty="No records" />;
}

interface Numbered {
  row: readonly ResultField[];
  number: number;
}

function Rows({ rows, running }: { rows: Answer["rows"]; running: boolean }) {
  const [page, setPage] = useState(1);
  const fields = fieldsOf(rows);
  const numbered: Numbered[] = rows.map((row, at) => ({ row, number: at + 1 }));
  const empty = running ? "Records appear here as they are found." : "No results. Choose a longer time range, or log groups that have events in it.";
  if (rows.length > 0 && rows.every((row) => valueIn(row, "@ptr") === "")) {
    return (
      <ResourceTable
        title="Results" variant="embedded" items={numbered} loading={false} id={({ number }) => String(number)} perPage={PER_PAGE}
        columns={fields.map((field) => ({ id: field, header: field, cell: ({ row }: Numbered) => valueIn(row, field), value: ({ row }: Numbered) => sortable(valueIn(row, field)) }))}
      />
    );
  }
  const pages = Math.max(1, Math.ceil(numbered.length / PER_PAGE));
  const at = Math.min(page, pages);
  return (
    <ExpandableTable<Numbered>
      title="Records"
      items={numbered.slice((at - 1) * PER_PAGE, at * PER_PAGE)}
      id={({ number }) => String(number)}
      label={({ number }) => `record ${number}`}
      columns={[{ header: "#", cell: ({ number }: Numbered) => String(number) }, ...fields.map((field) => ({ header: field, cell: ({ row }: Numbered) => <Value of={valueIn(row, field)} /> }))]}
      detail={({ row }) => <Record pointer={valueIn(row, "@ptr")} />}
      empty={empty}
      pagination={pages > 1 && <Pagination currentPageIndex={at} pagesCount={pages} onChange={({ detail }) => setPage(detail.currentPageIndex)} ariaLabels={{ paginationLabel: "Pages of records", nextPageLabel: "Next page", previousPageLabel: "Previous page", pageLabel: (number) => `Page ${number}` }} />}
    />
  );
}

function sortable(value: string): string | number {
  return value === "" || Number.isNaN(Number(value)) ? value : Number(value);
}

const LONGEST = 400;

function Value({ of }: { of: string }) {
  return <span className="code">{of.length > LONGEST ? `${of.slice(0, LONGEST)}…` : of.trimEnd()}</span>;
}

/** All fields of one record; those that name a place lead there. */
function Record({ pointer }: { pointer: string }) {
  const record = useRecord(pointer);
  if (record.error !== null) return <ReadFailed error={record.error} what="record" />;
  const fields = record.data ?? [];
  const group = fields.find(([name]) => name === "@log")?.[1]?.replace(/^\d{12}:/, "");
  const page = (name: string, value: string) => {
    if (group === undefined) return undefined;
    if (name === "@log") return groupPage(group);
    return name === "@logStream" ? `${groupPage(group)}/streams/${encodeURIComponent(value)}` : undefined;
  };
  return (
    <table aria-label="Fields of the record">
      <thead><tr><th scope="col"><Box variant="strong">Field</Box></th><th scope="col"><Box variant="strong">Value</Box></th></tr></thead>
      <tbody>
        {fields.map(([name, value]) => {
          const href = page(name, value);
          return (
            <tr key={name}>
              <th scope="row" style={{ textAlign: "start", verticalAlign: "top", paddingInlineEnd: 24 }}><Box>{name}</Box></th>
              <td>{href === undefined ? <span className="code">{value.trimEnd()}</span> : <PageLink href={href}>{value}</PageLink>}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
