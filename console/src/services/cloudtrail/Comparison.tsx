// "Compare event details": members of some events' records beside each other.
import type { Event } from "@aws-sdk/client-cloudtrail";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { recordOf } from "./record";

export function Comparison({ of: events, close }: { of: readonly Event[]; close: () => void }) {
  const records = events.map(recordOf);
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))].sort();
  const text = (value: unknown) => (value === undefined || value === null ? "–" : typeof value === "string" ? value : JSON.stringify(value, null, 1));
  const rows = names.map((name) => ({ name, values: records.map((record) => text(record[name])) }));
  return (
    <Table
      items={rows} trackBy="name" wrapLines ariaLabels={{ tableLabel: "Compare event details" }}
      header={<Header variant="h2" counter={`(${events.length})`} actions={<Button onClick={close}>Clear selection</Button>}>Compare event details</Header>}
      columnDefinitions={[
        { id: "name", header: "Field", isRowHeader: true, width: 200, cell: ({ name }) => name },
        ...events.map((event, index) => ({
          id: event.EventId ?? String(index),
          header: event.EventName ?? "",
          cell: ({ values }: (typeof rows)[number]) => {
            const differs = new Set(values).size > 1;
            // Not by colour alone: what is the same is said in grey, what differs is bold.
            return <Box fontWeight={differs ? "bold" : "normal"} color={differs ? "inherit" : "text-body-secondary"}>{values[index]}</Box>;
          },
        })),
      ]}
    />
  );
}
