import type { Event } from "@aws-sdk/client-cloudtrail";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import DateRangePicker, { type DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Pagination from "@cloudscape-design/components/pagination";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";
import { BarePage } from "../../components/Page";
import { download } from "../../components/download";
import { PageLink } from "../../components/PageLink";
import { ReadFailed } from "../../components/ReadFailed";
import { when } from "../../components/time";
import { Comparison } from "./Comparison";
import { type Lookup, useEvents } from "./read";
import { ATTRIBUTES, recordOf } from "./record";

const MOST_COMPARED = 5;
/** While the first page is shown, it is kept at the newest. */
const EVERY = 10_000;

interface Asked {
  key: string;
  value: string;
  range: DateRangePickerProps.Value | null;
}

function timesOf(range: DateRangePickerProps.Value | null): Pick<Lookup, "from" | "until"> {
  if (range === null) return {};
  if (range.type === "absolute") return { from: new Date(range.startDate), until: new Date(range.endDate) };
  const unit = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800, month: 2_592_000, year: 31_536_000 }[range.unit];
  return { from: new Date(Date.now() - range.amount * unit * 1000) };
}

export default function EventHistory() {
  // AWS's console begins so: without the many that only read.
  const [asked, setAsked] = useState<Asked>({ key: "ReadOnly", value: "false", range: null });
  const [typed, setTyped] = useState("");
  const [times, setTimes] = useState<Pick<Lookup, "from" | "until">>({});
  const [tokens, setTokens] = useState<readonly (string | undefined)[]>([undefined]);
  const [page, setPage] = useState(1);
  const [compared, setCompared] = useState<readonly Event[]>([]);
  const token = tokens[page - 1];
  const attribute = asked.value === "" ? undefined : { key: asked.key, value: asked.value };
  const events = useEvents({ ...(attribute !== undefined && { attribute }), ...times, ...(token !== undefined && { token }) }, page === 1 && times.until === undefined ? EVERY : false);
  const next = events.data?.NextToken;
  const ask = (change: Partial<Asked>) => {
    const now = { ...asked, ...change };
    setAsked(now);
    if (change.range !== undefined) setTimes(timesOf(now.range));
    setTokens([undefined]);
    setPage(1);
  };
  const found = events.data?.Events ?? [];
  return (
    <BarePage crumbs={[{ text: "CloudTrail", href: "/cloudtrail" }, { text: "Event history", href: "/cloudtrail/events" }]}>
      <ReadFailed error={events.error} what="event history" />
      <Table
        variant="full-page" stickyHeader wrapLines enableKeyboardNavigation items={found} loading={events.isLoading} loadingText="Looking up events" trackBy="EventId"
        selectionType="multi" selectedItems={[...compared]} onSelectionChange={({ detail }) => setCompared(detail.selectedItems.slice(0, MOST_COMPARED))}
        ariaLabels={{ tableLabel: "Event history", selectionGroupLabel: "Events", allItemsSelectionLabel: () => "Select all", itemSelectionLabel: (_, { EventName, EventId }) => `Select ${EventName} ${EventId}` }}
        empty={<Box textAlign="center">No events match the lookup attributes.</Box>}
        header={
          <Header variant="awsui-h1-sticky" description="Management events of the last 90 days in this Region."
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel="Refresh" loading={events.isFetching} onClick={() => void events.refetch()} />
                <Button disabled={found.length === 0} onClick={() => download("event_history.json", JSON.stringify({ Records: found.map(recordOf) }, null, 2), "application/json")}>Download events</Button>
              </SpaceBetween>
            }>
            Event history
          </Header>
        }
        filter={
          <Grid gridDefinition={[{ colspan: 3 }, { colspan: 5 }, { colspan: 4 }]}>
            <Select
              ariaLabel="Lookup attributes" options={[...ATTRIBUTES]} selectedOption={ATTRIBUTES.find(({ value }) => value === asked.key) ?? null}
              onChange={({ detail }) => {
                const key = detail.selectedOption.value ?? "EventName";
                setTyped("");
                ask({ key, value: key === "ReadOnly" ? "false" : "" });
              }}
            />
            {asked.key === "ReadOnly" ? (
              <Select
                ariaLabel="Read-only" options={[{ value: "false" }, { value: "true" }]} selectedOption={{ value: asked.value }} onChange={({ detail }) => ask({ value: detail.selectedOption.value ?? "false" })}
              />
            ) : (
              <Input
                ariaLabel="Lookup value" type="search" value={typed} placeholder={`Enter ${(ATTRIBUTES.find(({ value }) => value === asked.key)?.label ?? "").toLowerCase()}, then press Enter`}
                onChange={({ detail }) => {
                  setTyped(detail.value);
                  if (detail.value === "") ask({ value: "" });
                }}
                onKeyDown={({ detail }) => detail.key === "Enter" && ask({ value: typed.trim() })} onBlur={() => typed.trim() !== asked.value && ask({ value: typed.trim() })}
              />
            )}
            <TimeRange value={asked.range} set={(range) => ask({ range })} />
          </Grid>
        }
        pagination={
          <Pagination
            currentPageIndex={page} pagesCount={tokens.length + (next === undefined ? 0 : 1)} openEnd={next !== undefined}
            ariaLabels={{ nextPageLabel: "Next page", previousPageLabel: "Previous page", pageLabel: (number) => `Page ${number}` }}
            onChange={({ detail }) => {
              if (detail.currentPageIndex > tokens.length) {
                if (next === undefined) return;
                setTokens([...tokens, next]);
              }
              setPage(detail.currentPageIndex);
            }}
          />
        }
        columnDefinitions={[
          { id: "name", header: "Event name", isRowHeader: true, cell: ({ EventName, EventId = "" }) => <PageLink href={`/cloudtrail/events/${EventId}`}>{EventName}</PageLink> },
          { id: "time", header: "Event time", cell: ({ EventTime }) => when(EventTime) },
          { id: "user", header: "User name", cell: ({ Username }) => Username ?? "–" },
          { id: "source", header: "Event source", cell: ({ EventSource }) => EventSource },
          { id: "type", header: "Resource type", cell: ({ Resources }) => Resources?.map(({ ResourceType }) => ResourceType).join(", ") || "–" },
          { id: "resource", header: "Resource name", cell: ({ Resources }) => Resources?.map(({ ResourceName }) => ResourceName).join(", ") || "–" },
          { id: "key", header: "AWS access key", cell: ({ AccessKeyId }) => AccessKeyId ?? "–" },
          { id: "error", header: "Error code", cell: (event) => recordOf(event).errorCode ?? "–" },
        ]}
      />
      {compared.length > 1 && <Comparison of={compared} close={() => setCompared([])} />}
    </BarePage>
  );
}

function TimeRange({ value, set }: { value: DateRangePickerProps.Value | null; set: (value: DateRangePickerProps.Value | null) => void }) {
  return (
    <DateRangePicker
      value={value} placeholder="Filter by date and time" onChange={({ detail }) => set(detail.value)} isValidRange={(range) => (
        range === null || range.type === "relative" || range.startDate <= range.endDate ? { valid: true } : { valid: false, errorMessage: "The range ends before it begins." }
      )}
      relativeOptions={[
        { key: "30m", amount: 30, unit: "minute", type: "relative" },
        { key: "1h", amount: 1, unit: "hour", type: "relative" },
        { key: "3h", amount: 3, unit: "hour", type: "relative" },
        { key: "12h", amount: 12, unit: "hour", type: "relative" },
      ]}
      i18nStrings={{ formatRelativeRange: (range) => `Last ${range.amount} ${range.unit}${range.amount === 1 ? "" : "s"}` }}
    />
  );
}
