// Finds metrics: namespace, dimensions, metric; or a search over all of them.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactNode, useState } from "react";
import { type MetricName, metricKey } from "../../../components/metrics/metric";
import { useMetrics } from "../../../components/metrics/read";
import { ReadFailed } from "../../../components/ReadFailed";
import { ResourceTable } from "../../../components/ResourceTable";
import { dimensionValue, type Group, groupsOf, matching, namespacesOf } from "./browse";

interface Place {
  namespace?: string | undefined;
  group?: string | undefined;
}

/** `chosen` are the keys of the metrics that are ticked; `toggle` ticks one or takes it back. `single` is for forms that want one metric. */
export function MetricBrowser({ chosen, toggle, start = {}, filter = "", single = false }: {
  chosen: readonly string[];
  toggle: (metric: MetricName) => void;
  start?: Place;
  filter?: string;
  single?: boolean;
}) {
  const metrics = useMetrics();
  const [search, setSearch] = useState(filter);
  const [place, setPlace] = useState<Place>(start);
  const all = metrics.data ?? [];
  const found = matching(all, search);
  const group = place.namespace === undefined ? undefined : groupsOf(found, place.namespace).find(({ title }) => title === place.group);
  const searching = search.trim() !== "" && place.namespace === undefined;
  return (
    <SpaceBetween size="m">
      <ReadFailed error={metrics.error} what="metrics" />
      <Input type="search" value={search} placeholder="Search for any metric, dimension, resource id or account id" ariaLabel="Search metrics" onChange={({ detail }) => setSearch(detail.value)} />
      {metrics.data !== undefined && all.length === 0 && (
        <Alert type="info">There are no metrics yet. Services write them as they are used, metric filters as log events match, and PutMetricData writes your own.</Alert>
      )}
      {place.namespace !== undefined && (
        <BreadcrumbGroup
          ariaLabel="Metrics browsed"
          items={[{ text: "All", href: "#all" }, { text: place.namespace, href: "#namespace" }, ...(place.group === undefined ? [] : [{ text: place.group, href: "#group" }])]}
          onFollow={(event) => {
            event.preventDefault();
            setPlace(event.detail.href === "#all" ? {} : { namespace: place.namespace });
          }}
        />
      )}
      {place.namespace === undefined && !searching && <Namespaces metrics={found} open={(namespace) => setPlace({ namespace })} />}
      {searching && <Found title="Metrics" metrics={found} names={[]} chosen={chosen} toggle={toggle} single={single} />}
      {place.namespace !== undefined && group === undefined && (
        <Cards title={place.namespace} of={groupsOf(found, place.namespace).map(({ title, metrics: own }) => [title, own.length])} open={(title) => setPlace({ ...place, group: title })} />
      )}
      {group !== undefined && <Found title={group.title} metrics={group.metrics} names={group.names} chosen={chosen} toggle={toggle} single={single} />}
    </SpaceBetween>
  );
}

function Namespaces({ metrics, open }: { metrics: readonly MetricName[]; open: (namespace: string) => void }) {
  const { custom, aws } = namespacesOf(metrics);
  return (
    <SpaceBetween size="m">
      {custom.length > 0 && <Cards title="Custom namespaces" of={custom} open={open} />}
      {aws.length > 0 && <Cards title="AWS namespaces" of={aws} open={open} />}
    </SpaceBetween>
  );
}

/** Names with the number of their metrics, to open. */
function Cards({ title, of, open }: { title: string; of: readonly (readonly [string, number])[]; open: (name: string) => void }) {
  return (
    <SpaceBetween size="xs">
      <Header variant="h3">{title}</Header>
      <ColumnLayout columns={4} minColumnWidth={200}>
        {of.map(([name, count]) => (
          <div key={name}>
            <Button fullWidth ariaLabel={`${name}, ${count} metrics`} onClick={() => open(name)}>{name} <Box variant="span" color="text-body-secondary">{String(count)}</Box></Button>
          </div>
        ))}
      </ColumnLayout>
    </SpaceBetween>
  );
}

function Found({ title, metrics, names, chosen, toggle, single }: {
  title: string;
  metrics: readonly MetricName[];
  /** A column each; none lists namespace and all dimensions in one text. */
  names: Group["names"];
  chosen: readonly string[];
  toggle: (metric: MetricName) => void;
  single: boolean;
}) {
  const mixed = names.length === 0;
  const box = (metric: MetricName): ReactNode => (
    <Checkbox checked={chosen.includes(metricKey(metric))} ariaLabel={`Select ${nameOf(metric)}`} onChange={() => toggle(metric)} />
  );
  const dimensions = (metric: MetricName) => metric.dimensions.map(({ name, value }) => `${name}: ${value}`).join(", ");
  return (
    <ResourceTable
      title={title} variant="embedded" items={metrics} loading={false} id={metricKey} {...(single && { description: "Select one metric." })}
      columns={[
        { id: "chosen", header: "Selected", width: 100, cell: box },
        ...(mixed ? [{ id: "namespace", header: "Namespace", cell: ({ namespace }: MetricName) => namespace, value: ({ namespace }: MetricName) => namespace }] : []),
        ...(mixed ? [{ id: "dimensions", header: "Dimensions", cell: dimensions, value: dimensions }] : []),
        ...names.map((name) => ({ id: name, header: name, cell: (metric: MetricName) => dimensionValue(metric, name), value: (metric: MetricName) => dimensionValue(metric, name) })),
        { id: "name", header: "Metric name", cell: ({ name }: MetricName) => name, value: ({ name }: MetricName) => name },
      ]}
    />
  );
}

/** `Errors of tick`: distinct among the metrics of a table. */
function nameOf({ name, dimensions }: MetricName): string {
  return dimensions.length === 0 ? name : `${name} of ${dimensions.map(({ value }) => value).join(", ")}`;
}
