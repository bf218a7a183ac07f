import { CloudWatchLogsClient, DeleteSubscriptionFilterCommand, type SubscriptionFilter } from "@aws-sdk/client-cloudwatch-logs";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { pageOf } from "../../../app/resources";
import { client } from "../../../aws/clients";
import { useAct } from "../../../aws/queries";
import { Confirm } from "../../../components/Confirm";
import { PageLink } from "../../../components/PageLink";
import { ResourceTable } from "../../../components/ResourceTable";
import { when } from "../../../components/time";
import { groupPage } from "../service";
import { useSubscriptionFilters } from "./read";

/** The tab "Subscription filters" of a log group. */
export function SubscriptionFilters({ group }: { group: string }) {
  const navigate = useNavigate();
  const filters = useSubscriptionFilters(group);
  const [deleting, setDeleting] = useState<readonly SubscriptionFilter[]>([]);
  const remove = useAct({
    what: "Delete subscription filter",
    run: async (which: readonly SubscriptionFilter[]) => {
      for (const { filterName } of which) await client(CloudWatchLogsClient).send(new DeleteSubscriptionFilterCommand({ logGroupName: group, filterName }));
    },
    done: (_, which) => `${which.length === 1 ? `Subscription filter ${which[0]?.filterName} was` : `${which.length} subscription filters were`} deleted.`,
    after: () => setDeleting([]),
  });
  return (
    <>
      <ResourceTable
        title="Subscription filters" items={filters.data} loading={filters.isLoading} error={filters.error} id={({ filterName }) => filterName ?? ""} select="multi"
        empty="No subscription filters. Create one to have a function run for log events as they come."
        columns={[
          { id: "name", header: "Filter name", cell: ({ filterName }) => filterName, value: ({ filterName }) => filterName },
          { id: "pattern", header: "Filter pattern", cell: ({ filterPattern }) => <span className="code">{filterPattern === "" ? "All events" : filterPattern}</span>, value: ({ filterPattern }) => filterPattern },
          { id: "destination", header: "Destination ARN", cell: ({ destinationArn = "" }) => <Destination arn={destinationArn} />, value: ({ destinationArn }) => destinationArn },
          { id: "created", header: "Creation time", cell: ({ creationTime }) => when(creationTime), value: ({ creationTime }) => creationTime },
        ]}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={() => setDeleting(selected)}>Delete</Button>
            <Button variant="primary" onClick={() => void navigate(`${groupPage(group)}/create-subscription-filter`)}>Create Lambda subscription filter</Button>
          </SpaceBetween>
        )}
      />
      {deleting.length > 0 && (
        <Confirm title="Delete subscription filter(s)" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting([])}>
          Log events are no longer sent to {deleting.map(({ destinationArn = "" }) => destinationArn.split(":").slice(6).join(":")).join(", ")}.
        </Confirm>
      )}
    </>
  );
}

function Destination({ arn }: { arn: string }) {
  const href = arn.split(":")[2] === "lambda" ? pageOf("AWS::Lambda::Function", arn.split(":").slice(0, 7).join(":")) : undefined;
  return href === undefined ? <>{arn}</> : <PageLink href={href}>{arn}</PageLink>;
}
