import { CloudWatchLogsClient, DeleteMetricFilterCommand, type MetricFilter } from "@aws-sdk/client-cloudwatch-logs";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../../aws/clients";
import { useAct } from "../../../aws/queries";
import { Confirm } from "../../../components/Confirm";
import { createAlarmPage, metricsPage } from "../../../components/metrics/pages";
import { PageLink } from "../../../components/PageLink";
import { ResourceTable } from "../../../components/ResourceTable";
import { groupPage } from "../service";
import { formOf, metricOfFilter } from "./metricFilter";
import { useMetricFilters } from "./read";

/** The tab "Metric filters" of a log group. */
export function MetricFilters({ group }: { group: string }) {
  const navigate = useNavigate();
  const filters = useMetricFilters(group);
  const [deleting, setDeleting] = useState<readonly MetricFilter[]>([]);
  const remove = useAct({
    what: "Delete metric filter",
    run: async (which: readonly MetricFilter[]) => {
      for (const { filterName } of which) await client(CloudWatchLogsClient).send(new DeleteMetricFilterCommand({ logGroupName: group, filterName }));
    },
    done: (_, which) => `${which.length === 1 ? `Metric filter ${which[0]?.filterName} was` : `${which.length} metric filters were`} deleted.`,
    after: () => setDeleting([]),
  });
  const page = (name: string) => `${groupPage(group)}/metric-filters/${encodeURIComponent(name)}`;
  const alarm = (filter: MetricFilter) => void navigate(createAlarmPage([{ id: "m1", label: "", metric: metricOfFilter(formOf(filter)), stat: "Sum", period: 300 }]));
  return (
    <>
      <ResourceTable
        title="Metric filters" items={filters.data} loading={filters.isLoading} error={filters.error} id={({ filterName }) => filterName ?? ""} select="multi"
        empty="No metric filters. Create one to count log events, or to measure what they say, and to be alarmed by it."
        columns={[
          { id: "name", header: "Filter name", cell: ({ filterName }) => filterName, value: ({ filterName }) => filterName },
          { id: "pattern", header: "Filter pattern", cell: ({ filterPattern }) => <span className="code">{filterPattern === "" ? "All events" : filterPattern}</span>, value: ({ filterPattern }) => filterPattern },
          {
            id: "metric", header: "Metric", value: (filter) => `${formOf(filter).namespace} / ${formOf(filter).metric}`,
            cell: (filter) => <PageLink href={metricsPage({ namespace: formOf(filter).namespace })}>{`${formOf(filter).namespace} / ${formOf(filter).metric}`}</PageLink>,
          },
          { id: "value", header: "Metric value", cell: (filter) => formOf(filter).value, value: (filter) => formOf(filter).value },
          { id: "default", header: "Default value", cell: (filter) => formOf(filter).fallback || "–" },
          { id: "unit", header: "Unit", cell: (filter) => formOf(filter).unit },
          { id: "dimensions", header: "Dimensions", cell: (filter) => formOf(filter).dimensions.map(({ name, value }) => `${name}: ${value}`).join(", ") || "–" },
        ]}
        actions={(selected) => {
          const [one] = selected;
          const single = selected.length === 1 ? one : undefined;
          return (
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={single === undefined} onClick={() => single !== undefined && void navigate(`${page(single.filterName ?? "")}/edit`)}>Edit</Button>
              <Button disabled={one === undefined} onClick={() => setDeleting(selected)}>Delete</Button>
              <Button disabled={single === undefined} onClick={() => single !== undefined && alarm(single)}>Create alarm</Button>
              <Button variant="primary" onClick={() => void navigate(`${groupPage(group)}/create-metric-filter`)}>Create metric filter</Button>
            </SpaceBetween>
          );
        }}
      />
      {deleting.length > 0 && (
        <Confirm title="Delete metric filter(s)" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting([])}>
          {deleting.map(({ filterName }) => filterName).join(", ")} will be deleted. The metric keeps the datapoints that it has.
        </Confirm>
      )}
    </>
  );
}
