// The summary of a policy, and from each service on to its actions.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useMemo, useState } from "react";
import { ReadFailed } from "../../components/ReadFailed";
import { useCatalog } from "./catalog";
import { type Catalog, oneOrMultiple, type ServiceSummary, summaryOf } from "./summary";

export function PolicySummaryTable({ text }: { text: string }) {
  const catalog = useCatalog();
  const summary = useMemo(() => (catalog.data === undefined ? undefined : summaryOf(text, catalog.data)), [text, catalog.data]);
  const [shown, setShown] = useState<{ effect: "allow" | "deny"; prefix: string }>();
  if (catalog.error !== null) return <ReadFailed error={catalog.error} what="the list of actions" />;
  if (catalog.data === undefined) return <Box color="text-status-inactive">Loading the policy summary</Box>;
  if (summary === undefined) return <Box color="text-status-inactive">This text is no policy that can be summarized.</Box>;
  const service = shown === undefined ? undefined : summary[shown.effect].find(({ prefix }) => prefix === shown.prefix);
  if (shown !== undefined && service !== undefined) return <Actions service={service} deny={shown.effect === "deny"} back={() => setShown(undefined)} />;
  const count = Object.keys(catalog.data).length;
  return (
    <SpaceBetween size="l">
      {summary.deny.length > 0 && (
        <Services title={`Explicit deny (${summary.deny.length} of ${count} services)`} services={summary.deny} catalog={catalog.data} open={(prefix) => setShown({ effect: "deny", prefix })} />
      )}
      {(summary.allow.length > 0 || summary.deny.length === 0) && (
        <Services title={`Allow (${summary.allow.length} of ${count} services)`} services={summary.allow} catalog={catalog.data} open={(prefix) => setShown({ effect: "allow", prefix })} />
      )}
    </SpaceBetween>
  );
}

interface Row {
  prefix: string;
  name: string;
  service?: ServiceSummary;
}

function Services({ title, services, catalog, open }: { title: string; services: readonly ServiceSummary[]; catalog: Catalog; open: (prefix: string) => void }) {
  const [rest, setRest] = useState(false);
  const [filter, setFilter] = useState("");
  const bearing = new Set(services.map(({ prefix }) => prefix));
  const remaining = Object.entries(catalog).filter(([prefix]) => !bearing.has(prefix));
  const rows: Row[] = [
    ...services.map((service) => ({ prefix: service.prefix, name: service.name, service })),
    ...(rest ? remaining.map(([prefix, { name }]) => ({ prefix, name })) : []),
  ].filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()));
  const strange = services.flatMap(({ unrecognized }) => unrecognized);
  return (
    <SpaceBetween size="s">
      {strange.length > 0 && (
        <Alert type="warning" header="Unrecognized actions">No service has an action that matches {strange.join(", ")}. Is it written as it should be?</Alert>
      )}
      <Table<Row>
        variant="borderless"
        header={<Header variant="h3" actions={<Button variant="inline-link" onClick={() => setRest(!rest)}>{rest ? `Hide remaining ${remaining.length}` : `Show remaining ${remaining.length}`}</Button>}>{title}</Header>}
        ariaLabels={{ tableLabel: title }}
        items={rows}
        trackBy="prefix"
        empty="Nothing"
        filter={(services.length > 10 || rest) && <TextFilter filteringText={filter} filteringPlaceholder="Find services" filteringAriaLabel="Find services" onChange={({ detail }) => setFilter(detail.filteringText)} />}
        columnDefinitions={[
          {
            id: "service", header: "Service",
            cell: ({ prefix, name, service }) => service === undefined ? name : (
              <Link href="#" onFollow={(event) => { event.preventDefault(); open(prefix); }}>{service.known ? name : `${name} (unrecognized service)`}</Link>
            ),
          },
          { id: "access", header: "Access level", cell: ({ service }) => <Access text={service?.access ?? "None"} /> },
          { id: "resource", header: "Resource", cell: ({ service }) => (service === undefined ? "None" : oneOrMultiple(service.resources)) },
          { id: "condition", header: "Request condition", cell: ({ service }) => (service === undefined ? "None" : oneOrMultiple(service.conditions)) },
        ]}
      />
    </SpaceBetween>
  );
}

/** `Full: List Limited: Read` with its first words bold. */
function Access({ text }: { text: string }) {
  return <>{text.split(/(Full:|Limited:)/).map((part, index) => (part.endsWith(":") ? <b key={index}>{part}</b> : part))}</>;
}

interface ActionRow {
  name: string;
  level: string;
  resource: string;
  condition: string;
}

function Actions({ service, deny, back }: { service: ServiceSummary; deny: boolean; back: () => void }) {
  const [rest, setRest] = useState(false);
  const [filter, setFilter] = useState("");
  const rows: ActionRow[] = [
    ...service.actions.map(({ name, level, resources, conditions }) => ({
      name, level, resource: resources.join(", "), condition: conditions.join("; "),
    })),
    ...(rest ? service.rest.map(({ name, level }) => ({ name, level, resource: "None", condition: "None" })) : []),
  ].filter(({ name, level }) => `${name} ${level}`.toLowerCase().includes(filter.toLowerCase()));
  const title = `${deny ? "Denied" : "Allowed"} actions in ${service.name} (${service.actions.length} of ${service.actions.length + service.rest.length})`;
  return (
    <SpaceBetween size="s">
      <Button variant="inline-link" iconName="angle-left" onClick={back}>Services</Button>
      <Table<ActionRow>
        variant="borderless"
        header={<Header variant="h3" actions={service.rest.length > 0 && <Button variant="inline-link" onClick={() => setRest(!rest)}>{rest ? `Hide remaining ${service.rest.length}` : `Show remaining ${service.rest.length}`}</Button>}>{title}</Header>}
        ariaLabels={{ tableLabel: title }}
        items={rows}
        trackBy="name"
        empty="No action of this service"
        filter={<TextFilter filteringText={filter} filteringPlaceholder="Find actions" filteringAriaLabel="Find actions" onChange={({ detail }) => setFilter(detail.filteringText)} />}
        columnDefinitions={[
          { id: "action", header: "Action", cell: ({ name }) => name },
          { id: "level", header: "Access level", cell: ({ level }) => level },
          { id: "resource", header: "Resource", cell: ({ resource }) => resource },
          { id: "condition", header: "Request condition", cell: ({ condition }) => condition },
        ]}
      />
    </SpaceBetween>
  );
}
