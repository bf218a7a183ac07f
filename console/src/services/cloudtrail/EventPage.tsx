import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useParams } from "react-router";
import { notify } from "../../app/notifications";
import { Code } from "../../components/Code";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { useEvent } from "./read";
import { recordOf } from "./record";

export default function EventPage() {
  const { id = "" } = useParams();
  const read = useEvent(id);
  const event = read.data;
  const record = event === undefined ? {} : recordOf(event);
  const text = JSON.stringify(record, null, 4);
  return (
    <Page title={event?.EventName ?? "Event"} crumbs={[
      { text: "CloudTrail", href: "/cloudtrail" }, { text: "Event history", href: "/cloudtrail/events" }, { text: event?.EventName ?? id, href: `/cloudtrail/events/${id}` },
    ]}>
      <ReadFailed error={read.error} what="event" />
      {record.errorCode !== undefined && <Alert type="error" header={record.errorCode}>{record.errorMessage ?? "The call failed."}</Alert>}
      {event !== undefined && (
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">Details</Header>}>
            <Properties of={[
              ["Event time", when(event.EventTime)],
              ["User name", event.Username],
              ["Event name", event.EventName],
              ["Event source", event.EventSource],
              ["AWS access key", <Copyable text={event.AccessKeyId} />],
              ["Source IP address", record.sourceIPAddress],
              ["Event ID", <Copyable text={event.EventId} />],
              ["Request ID", <Copyable text={record.requestID} />],
              ["AWS Region", record.awsRegion],
              ["Error code", record.errorCode],
              ["Read-only", event.ReadOnly],
              ["User identity", record.userIdentity?.arn ?? record.userIdentity?.invokedBy],
            ]} />
          </Container>
          <ResourceTable
            title="Resources referenced" items={event.Resources ?? []} loading={false} id={({ ResourceType, ResourceName }) => `${ResourceType} ${ResourceName}`} empty="This event references no resources."
            columns={[
              { id: "type", header: "Resource type", cell: ({ ResourceType }) => ResourceType, value: ({ ResourceType }) => ResourceType },
              { id: "name", header: "Resource name", cell: ({ ResourceName }) => ResourceName, value: ({ ResourceName }) => ResourceName },
              {
                id: "config", header: "AWS Config resource timeline",
                cell: ({ ResourceType = "", ResourceName = "" }) => (
                  <PageLink href={`/config/resources/${encodeURIComponent(ResourceType)}/${encodeURIComponent(ResourceName)}?tab=timeline`} ariaLabel={`Open the AWS Config resource timeline of ${ResourceName}`}>Open</PageLink>
                ),
              },
            ]}
          />
          <Container header={
            <Header variant="h2" actions={<Button iconName="copy" onClick={() => void navigator.clipboard.writeText(text).then(() => notify({ type: "success", content: "Event record copied." }))}>Copy</Button>}>
              Event record
            </Header>
          }>
            <Code>{text}</Code>
          </Container>
        </SpaceBetween>
      )}
    </Page>
  );
}
