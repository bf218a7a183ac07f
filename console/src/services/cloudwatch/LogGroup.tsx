import { CloudWatchLogsClient, DeleteLogStreamCommand, ListTagsForResourceCommand, type LogStream, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-cloudwatch-logs";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct, useRead } from "../../aws/queries";
import { tagMap } from "../../aws/tags";
import { Confirm } from "../../components/Confirm";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { PageTabs } from "../../components/PageTabs";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { Tags } from "../../components/Tags";
import { bytes, when } from "../../components/time";
import { MetricFilters } from "./filters/MetricFilters";
import { SubscriptionFilters } from "./filters/SubscriptionFilters";
import { useGroup, useStreams } from "./read";
import { Retention, retentionText } from "./Retention";
import { groupPage } from "./service";

export default function LogGroup() {
  const { group = "" } = useParams();
  const navigate = useNavigate();
  const read = useGroup(group);
  const [retaining, setRetaining] = useState(false);
  return (
    <Page
      title={group}
      crumbs={[{ text: "CloudWatch", href: "/cloudwatch" }, { text: "Log groups", href: "/cloudwatch/log-groups" }, { text: group, href: groupPage(group) }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => setRetaining(true)} disabled={read.data === undefined}>Edit retention setting</Button>
          <Button onClick={() => void navigate(`/cloudwatch/live-tail?group=${encodeURIComponent(group)}`)}>Start tailing</Button>
          <Button onClick={() => void navigate(`/cloudwatch/logs-insights?group=${encodeURIComponent(group)}`)}>View in Logs Insights</Button>
          <Button variant="primary" onClick={() => void navigate(`${groupPage(group)}/events`)}>Search log group</Button>
        </SpaceBetween>
      }
    >
      <ReadFailed error={read.error} what="log group" />
      {read.data !== undefined && (
        <Container header={<Header variant="h2">Log group details</Header>}>
          <Properties of={[
            ["ARN", <Copyable text={read.data.arn} />],
            ["Creation time", when(read.data.creationTime)],
            ["Retention", retentionText(read.data.retentionInDays)],
            ["Stored bytes", bytes(read.data.storedBytes)],
            ["Log class", read.data.logGroupClass ?? "STANDARD"],
          ]} />
        </Container>
      )}
      <PageTabs label="Log group" tabs={[
        { id: "streams", label: "Log streams", content: <Streams group={group} /> },
        { id: "metric-filters", label: "Metric filters", content: <MetricFilters group={group} /> },
        { id: "subscription-filters", label: "Subscription filters", content: <SubscriptionFilters group={group} /> },
        { id: "tags", label: "Tags", content: <GroupTags arn={read.data?.arn?.replace(/:\*$/, "")} /> },
      ]} />
      {retaining && read.data !== undefined && <Retention group={read.data} close={() => setRetaining(false)} />}
    </Page>
  );
}

function Streams({ group }: { group: string }) {
  const navigate = useNavigate();
  const streams = useStreams(group);
  const [deleting, setDeleting] = useState<readonly LogStream[]>([]);
  const remove = useAct({
    what: "Delete log stream",
    run: async (which: readonly LogStream[]) => {
      for (const { logStreamName } of which) await client(CloudWatchLogsClient).send(new DeleteLogStreamCommand({ logGroupName: group, logStreamName }));
    },
    after: () => setDeleting([]),
  });
  return (
    <>
      <ResourceTable
        title="Log streams" items={streams.data} loading={streams.isLoading} error={streams.error} id={({ logStreamName }) => logStreamName ?? ""} select="multi"
        columns={[
          {
            id: "name", header: "Log stream",
            cell: ({ logStreamName = "" }) => <PageLink href={`${groupPage(group)}/streams/${encodeURIComponent(logStreamName)}`}>{logStreamName}</PageLink>,
            value: ({ logStreamName }) => logStreamName,
          },
          { id: "last", header: "Last event time", cell: ({ lastEventTimestamp }) => when(lastEventTimestamp), value: ({ lastEventTimestamp }) => lastEventTimestamp },
        ]}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={() => setDeleting(selected)}>Delete</Button>
            <Button onClick={() => void navigate(`${groupPage(group)}/events`)}>Search all log streams</Button>
          </SpaceBetween>
        )}
      />
      {deleting.length > 0 && (
        <Confirm title="Delete log stream(s)" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting([])}>
          Their log events are permanently deleted.
        </Confirm>
      )}
    </>
  );
}

function GroupTags({ arn }: { arn: string | undefined }) {
  const tags = useRead({
    key: ["logs", "tags", arn],
    follows: ["AWS::Logs::LogGroup"],
    enabled: arn !== undefined,
    read: async () => {
      const answer = await client(CloudWatchLogsClient).send(new ListTagsForResourceCommand({ resourceArn: arn }));
      return Object.entries(answer.tags ?? {}).map(([key, value]) => ({ key, value }));
    },
  });
  return (
    <Tags
      tags={tags.data} error={tags.error}
      tag={(some) => client(CloudWatchLogsClient).send(new TagResourceCommand({ resourceArn: arn, tags: tagMap(some) }))}
      untag={(tagKeys) => client(CloudWatchLogsClient).send(new UntagResourceCommand({ resourceArn: arn, tagKeys }))}
    />
  );
}
