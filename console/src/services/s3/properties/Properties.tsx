// The tab "Properties" of a bucket.
import { PutBucketNotificationConfigurationCommand } from "@aws-sdk/client-s3";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useAct } from "../../../aws/queries";
import { Confirm } from "../../../components/Confirm";
import { PageLink } from "../../../components/PageLink";
import { Copyable, Properties as Values } from "../../../components/Properties";
import { ResourceTable } from "../../../components/ResourceTable";
import { SettingsBox } from "../../../components/SettingsBox";
import { when } from "../../../components/time";
import { encryptionName } from "../encryption";
import { useVersioning } from "../objects/read";
import { s3Of, useBuckets, useRegionOf } from "../read";
import { regionName } from "../regions";
import { destinationHref } from "./destinations";
import { configurationOf, eventName, type EventRule, useBucketTags, useEncryption, useLogging, useNotifications } from "./readProperties";

export function Properties({ bucket }: { bucket: string }) {
  const region = useRegionOf(bucket);
  const created = useBuckets().data?.find(({ name }) => name === bucket)?.created;
  const versioning = useVersioning(bucket);
  const tags = useBucketTags(bucket);
  const encryption = useEncryption(bucket);
  const logging = useLogging(bucket);
  const edit = (what: string) => `/s3/buckets/${bucket}/properties/${what}`;
  const key = encryption.data?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Bucket overview</Header>}>
        <Values of={[
          ["AWS Region", region.data === undefined ? undefined : regionName(region.data)],
          ["Amazon Resource Name (ARN)", <Copyable text={`arn:aws:s3:::${bucket}`} />],
          ["Creation date", when(created)],
        ]} />
      </Container>
      <SettingsBox title="Bucket Versioning" edit={edit("versioning")} error={versioning.error}
        description="Versioning is a means of keeping multiple variants of an object in the same bucket.">
        <Values of={[["Bucket Versioning", versioning.data]]} />
      </SettingsBox>
      <SettingsBox title="Tags" edit={edit("tags")} error={tags.error} description="You can use bucket tags to track storage costs and organize buckets.">
        <ResourceTable
          title="Bucket tags" variant="embedded" items={tags.data ?? (tags.isLoading ? undefined : [])} loading={tags.isLoading} id={(tag) => tag.key} empty="No tags associated with this resource."
          columns={[
            { id: "key", header: "Key", cell: (tag) => tag.key, value: (tag) => tag.key },
            { id: "value", header: "Value", cell: (tag) => tag.value, value: (tag) => tag.value },
          ]}
        />
      </SettingsBox>
      <SettingsBox title="Default encryption" edit={edit("encryption")} error={encryption.error}
        description="Server-side encryption is automatically applied to new objects stored in this bucket.">
        {encryption.data === null ? (
          <Values of={[["Default encryption", "Disabled"]]} />
        ) : (
          <Values of={[
            ["Encryption type", encryption.data === undefined ? undefined : encryptionName(encryption.data.ApplyServerSideEncryptionByDefault?.SSEAlgorithm)],
            ...(key === undefined ? [] : [["Encryption key ARN", <Copyable text={key} />] as const]),
            ["Bucket Key", encryption.data?.BucketKeyEnabled === true ? "Enabled" : "Disabled"],
          ]} />
        )}
      </SettingsBox>
      <SettingsBox title="Server access logging" edit={edit("logging")} error={logging.error} description="Log requests for access to your bucket.">
        <Values of={[
          ["Server access logging", logging.data === undefined ? undefined : logging.data === null ? "Disabled" : "Enabled"],
          ...(logging.data === undefined || logging.data === null ? [] : [
            ["Target bucket", <PageLink href={`/s3/buckets/${logging.data.TargetBucket ?? ""}`}>{`s3://${logging.data.TargetBucket ?? ""}/${logging.data.TargetPrefix ?? ""}`}</PageLink>] as const,
            ["Log object key format", logFormat(logging.data.TargetObjectKeyFormat)] as const,
          ]),
        ]} />
      </SettingsBox>
      <Notifications bucket={bucket} />
    </SpaceBetween>
  );
}

export function logFormat(format: { PartitionedPrefix?: { PartitionDateSource?: string } } | undefined): string {
  switch (format?.PartitionedPrefix?.PartitionDateSource) {
    case "EventTime":
      return "[DestinationPrefix][SourceAccountId]/[SourceRegion]/[SourceBucket]/[YYYY]/[MM]/[DD]/… by S3 event time";
    case "DeliveryTime":
      return "[DestinationPrefix][SourceAccountId]/[SourceRegion]/[SourceBucket]/[YYYY]/[MM]/[DD]/… by log file delivery time";
    default:
      return "[DestinationPrefix][YYYY]-[MM]-[DD]-[hh]-[mm]-[ss]-[UniqueString]";
  }
}

function Notifications({ bucket }: { bucket: string }) {
  const navigate = useNavigate();
  const notifications = useNotifications(bucket);
  const [deleting, setDeleting] = useState<EventRule>();
  const remove = useAct({
    what: "Delete event notification",
    run: async (rule: EventRule) => {
      const before = notifications.data ?? { rules: [], eventBridge: false };
      const NotificationConfiguration = configurationOf({ ...before, rules: before.rules.filter(({ id }) => id !== rule.id) });
      // The destinations that stay were asked when they were added.
      return (await s3Of(bucket)).send(new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration, SkipDestinationValidation: true }));
    },
    done: (_, { id }) => `Successfully deleted event notification "${id}".`,
    after: () => setDeleting(undefined),
  });
  const form = `/s3/buckets/${bucket}/notification`;
  return (
    <SpaceBetween size="l">
      <ResourceTable
        title="Event notifications"
        description="Send a notification when specific events occur in your bucket."
        items={notifications.data?.rules}
        loading={notifications.isLoading}
        error={notifications.error}
        id={({ id }) => id}
        select="single"
        empty={<SpaceBetween size="xxs"><b>No event notifications</b><span>Choose Create event notification to be notified when a specific event occurs.</span></SpaceBetween>}
        columns={[
          { id: "name", header: "Name", cell: ({ id }) => id, value: ({ id }) => id },
          { id: "events", header: "Event types", cell: ({ events }) => events.map(eventName).join(", "), value: ({ events }) => events.join() },
          { id: "filters", header: "Filters", cell: ({ prefix, suffix }) => ([prefix, suffix].every((part) => part === "") ? "–" : `${prefix}…${suffix}`) },
          { id: "kind", header: "Destination type", cell: ({ kind }) => kind, value: ({ kind }) => kind },
          { id: "to", header: "Destination", cell: (rule) => <PageLink href={destinationHref(rule)}>{rule.arn.slice(rule.arn.lastIndexOf(":") + 1)}</PageLink>, value: ({ arn }) => arn },
        ]}
        actions={([rule]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button ariaLabel="Edit event notification" disabled={rule === undefined} onClick={() => void navigate(`${form}?id=${encodeURIComponent(rule?.id ?? "")}`)}>Edit</Button>
            <Button ariaLabel="Delete event notification" disabled={rule === undefined} onClick={() => setDeleting(rule)}>Delete</Button>
            <Button onClick={() => void navigate(form)}>Create event notification</Button>
          </SpaceBetween>
        )}
      />
      <SettingsBox title="Amazon EventBridge" edit={`/s3/buckets/${bucket}/properties/eventbridge`} error={notifications.error}
        description="For additional capabilities, use Amazon EventBridge to build event-driven applications at scale using S3 event notifications.">
        <Values of={[["Send notifications to Amazon EventBridge for all events in this bucket", notifications.data === undefined || notifications.data === null ? undefined : notifications.data.eventBridge ? "On" : "Off"]]} />
      </SettingsBox>
      {deleting !== undefined && (
        <Confirm title="Delete event notification" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting(undefined)}>
          {`Event notification "${deleting.id}" is deleted: ${deleting.arn} is told of nothing more by it.`}
        </Confirm>
      )}
    </SpaceBetween>
  );
}
