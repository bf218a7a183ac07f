// The pages that edit a bucket's properties; which one, the path says.
import {
  DeleteBucketTaggingCommand,
  type LoggingEnabled,
  PutBucketEncryptionCommand,
  PutBucketLoggingCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import { writtenTags } from "../../../aws/tags";
import { useState } from "react";
import { useParams } from "react-router";
import { Lost } from "../../../app/Lost";
import { ReadFailed } from "../../../components/ReadFailed";
import { BrowseS3, parsed } from "../BrowseS3";
import { EditPage } from "../EditPage";
import { EncryptionChoice, encryptionOf, ruleOf } from "../encryption";
import { useVersioning } from "../objects/read";
import { useSession } from "../../../session/session";
import { allowLogging } from "./allowLogging";
import { configurationOf, type Notifications, useBucketTags, useEncryption, useLogging, useNotifications } from "./readProperties";

export default function EditProperty() {
  const { bucket = "", what = "" } = useParams();
  const [versioning, tags, encryption, logging, notifications] = [useVersioning(bucket), useBucketTags(bucket), useEncryption(bucket), useLogging(bucket), useNotifications(bucket)];
  switch (what) {
    case "versioning":
      return versioning.data === undefined ? <ReadFailed error={versioning.error} what="Bucket Versioning" /> : <Versioning bucket={bucket} before={versioning.data ?? "Disabled"} />;
    case "tags":
      return tags.data === undefined ? <ReadFailed error={tags.error} what="tags" /> : <Tags bucket={bucket} before={tags.data ?? []} />;
    case "encryption":
      return encryption.data === undefined ? <ReadFailed error={encryption.error} what="default encryption" /> : <Encryption bucket={bucket} before={encryption.data} />;
    case "logging":
      return logging.data === undefined ? <ReadFailed error={logging.error} what="server access logging" /> : <Logging bucket={bucket} before={logging.data} />;
    case "eventbridge":
      return notifications.data === undefined || notifications.data === null ? <ReadFailed error={notifications.error} what="event notifications" /> : <EventBridge bucket={bucket} before={notifications.data} />;
    default:
      return <Lost />;
  }
}

const ON_OFF = [{ value: "disable", label: "Disable" }, { value: "enable", label: "Enable" }];

function Versioning({ bucket, before }: { bucket: string; before: string }) {
  const [status, setStatus] = useState(before === "Enabled" ? "Enabled" : "Suspended");
  return (
    <EditPage bucket={bucket} setting="Bucket Versioning" tab="properties" disabled={before === "Disabled" && status === "Suspended"}
      save={(s3) => s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: status === "Enabled" ? "Enabled" : "Suspended" } }))}>
      <Container>
        <FormField label="Bucket Versioning" stretch>
          <RadioGroup
            ariaLabel="Bucket Versioning"
            value={status}
            onChange={({ detail }) => setStatus(detail.value)}
            items={[
              { value: "Suspended", label: "Suspend", description: "This suspends the creation of object versions for all operations but preserves any existing object versions." },
              { value: "Enabled", label: "Enable" },
            ]}
          />
        </FormField>
      </Container>
    </EditPage>
  );
}

function Tags({ bucket, before }: { bucket: string; before: readonly { key: string; value: string }[] }) {
  // Tags that AWS put (aws:cloudformation:…) stay; nobody else may write such.
  const fixed = before.filter(({ key }) => key.startsWith("aws:"));
  const [tags, setTags] = useState<readonly TagEditorProps.Tag[]>(before.filter((tag) => !fixed.includes(tag)).map((tag) => ({ ...tag, existing: true })));
  const [valid, setValid] = useState(true);
  return (
    <EditPage bucket={bucket} setting="tags" tab="properties" disabled={!valid}
      save={(s3) => {
        const kept = [...fixed, ...tags.filter((tag) => tag.markedForRemoval !== true)];
        if (kept.length === 0) return s3.send(new DeleteBucketTaggingCommand({ Bucket: bucket }));
        return s3.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet: writtenTags(kept) } }));
      }}>
      <Container>
        <TagEditor tags={tags} tagLimit={50 - fixed.length} onChange={({ detail }) => { setTags(detail.tags); setValid(detail.valid); }} />
      </Container>
    </EditPage>
  );
}

function Encryption({ bucket, before }: { bucket: string; before: ServerSideEncryptionRule | null }) {
  // A bucket without default encryption is from before 2023, when there was this choice.
  const [enabled, setEnabled] = useState(before !== null);
  const [encryption, setEncryption] = useState(encryptionOf(before ?? undefined));
  return (
    <EditPage bucket={bucket} setting="default encryption" tab="properties" disabled={!enabled}
      save={(s3) => s3.send(new PutBucketEncryptionCommand({ Bucket: bucket, ServerSideEncryptionConfiguration: { Rules: [{ ...before, ...ruleOf(encryption) }] } }))}>
      <Container>
        <SpaceBetween size="l">
          {before === null && (
            <FormField label="Server-side encryption" stretch>
              <RadioGroup ariaLabel="Server-side encryption" value={enabled ? "enable" : "disable"} items={ON_OFF} onChange={({ detail }) => setEnabled(detail.value === "enable")} />
            </FormField>
          )}
          {enabled && <EncryptionChoice value={encryption} onChange={setEncryption} />}
        </SpaceBetween>
      </Container>
    </EditPage>
  );
}

function Logging({ bucket, before }: { bucket: string; before: LoggingEnabled | null }) {
  const [enabled, setEnabled] = useState(before !== null);
  const [uri, setUri] = useState(before === null ? "" : `s3://${before.TargetBucket ?? ""}/${before.TargetPrefix ?? ""}`);
  const source = before?.TargetObjectKeyFormat?.PartitionedPrefix?.PartitionDateSource;
  const [format, setFormat] = useState<string>(source ?? "Simple");
  const to = parsed(uri);
  const { identity } = useSession();
  const save: Parameters<typeof EditPage>[0]["save"] = async (s3) => {
    if (!enabled || to === undefined) return s3.send(new PutBucketLoggingCommand({ Bucket: bucket, BucketLoggingStatus: {} }));
    await allowLogging(to.bucket, identity.account);
    const LoggingEnabled = {
      TargetBucket: to.bucket,
      TargetPrefix: to.prefix,
      ...(before?.TargetGrants !== undefined && { TargetGrants: before.TargetGrants }),
      TargetObjectKeyFormat: format === "Simple" ? { SimplePrefix: {} } : { PartitionedPrefix: { PartitionDateSource: format === "EventTime" ? "EventTime" as const : "DeliveryTime" as const } },
    };
    return s3.send(new PutBucketLoggingCommand({ Bucket: bucket, BucketLoggingStatus: { LoggingEnabled } }));
  };
  return (
    <EditPage bucket={bucket} setting="server access logging" tab="properties" disabled={enabled && to === undefined} save={save}>
      <Container>
        <SpaceBetween size="l">
          <FormField label="Server access logging" description="Log requests for access to your bucket." stretch>
            <RadioGroup ariaLabel="Server access logging" value={enabled ? "enable" : "disable"} items={ON_OFF} onChange={({ detail }) => setEnabled(detail.value === "enable")} />
          </FormField>
          {enabled && (
            <>
              <Alert type="info" header="Bucket policy will be updated">
                When you enable server access logging, the S3 console automatically updates the destination bucket's policy to include access for the logging service.
              </Alert>
              <FormField label="Target bucket" description="The destination bucket must be in the same AWS Region and account as the source bucket." stretch constraintText="Format: s3://<bucket>/<optional-prefix-with-path>"
                {...(uri !== "" && to === undefined && { errorText: "Enter a bucket as s3://<bucket>" })}>
                <BrowseS3 label="Target bucket" what="folder" uri={uri} onChange={setUri} />
              </FormField>
              <FormField label="Log object key format" stretch>
                <RadioGroup
                  ariaLabel="Log object key format"
                  value={format}
                  onChange={({ detail }) => setFormat(detail.value)}
                  items={[
                    { value: "Simple", label: "[DestinationPrefix][YYYY]-[MM]-[DD]-[hh]-[mm]-[ss]-[UniqueString]" },
                    { value: "EventTime", label: "Partitioned by date: S3 event time", description: "[DestinationPrefix][SourceAccountId]/[SourceRegion]/[SourceBucket]/[YYYY]/[MM]/[DD]/[YYYY]-[MM]-[DD]-[hh]-[mm]-[ss]-[UniqueString]" },
                    { value: "DeliveryTime", label: "Partitioned by date: log file delivery time", description: "The same keys, by the time at which the log was delivered." },
                  ]}
                />
              </FormField>
            </>
          )}
        </SpaceBetween>
      </Container>
    </EditPage>
  );
}

function EventBridge({ bucket, before }: { bucket: string; before: Notifications }) {
  const [on, setOn] = useState(before.eventBridge);
  return (
    <EditPage bucket={bucket} setting="Amazon EventBridge" tab="properties"
      save={(s3) => s3.send(new PutBucketNotificationConfigurationCommand({
        Bucket: bucket, NotificationConfiguration: configurationOf({ ...before, eventBridge: on }), SkipDestinationValidation: true,
      }))}>
      <Container>
        <FormField label="Send notifications to Amazon EventBridge for all events in this bucket" stretch>
          <RadioGroup ariaLabel="Send notifications to Amazon EventBridge for all events in this bucket" value={on ? "on" : "off"} onChange={({ detail }) => setOn(detail.value === "on")}
            items={[{ value: "off", label: "Off" }, { value: "on", label: "On" }]} />
        </FormField>
      </Container>
    </EditPage>
  );
}
