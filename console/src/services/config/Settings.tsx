import { ConfigServiceClient, DeleteConfigurationRecorderCommand, DeleteDeliveryChannelCommand, DeliverConfigSnapshotCommand, StartConfigurationRecorderCommand, StopConfigurationRecorderCommand } from "@aws-sdk/client-config-service";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { when } from "../../components/time";
import { type Setup, useSetup } from "./read";
import { RecorderStatus } from "./RecorderStatus";
import { recordingOf } from "./recording";
import { RecordingSummary } from "./RecordingSummary";
import { frequencyName } from "./types";

const config = () => client(ConfigServiceClient);

export default function Settings() {
  const setup = useSetup();
  return (
    <Page title="Settings" crumbs={[{ text: "AWS Config", href: "/config" }, { text: "Settings", href: "/config/settings" }]}>
      <ReadFailed error={setup.error} what="settings" />
      {setup.data !== undefined && (setup.data.recorder === undefined
        ? <Container>AWS Config is not set up in this Region. <PageLink href="/config/get-started">Get started</PageLink></Container>
        : <Tabs tabs={[{ id: "own", label: "Customer managed recorder", content: <Recorder of={setup.data} /> }]} />)}
    </Page>
  );
}

function Recorder({ of: setup }: { of: Setup }) {
  const navigate = useNavigate();
  const { recorder, status } = setup;
  const name = recorder?.name ?? "default";
  const [asking, setAsking] = useState<"stop" | "delete">();
  const start = useAct({
    what: "Start recording", run: () => config().send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: name })), done: () => "Recording is on.",
  });
  const stop = useAct({
    what: "Stop recording", run: () => config().send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName: name })), done: () => "Recording is off.", after: () => setAsking(undefined),
  });
  const remove = useAct({
    what: "Delete recorder", run: () => config().send(new DeleteConfigurationRecorderCommand({ ConfigurationRecorderName: name })),
    done: () => "The recorder was deleted.", after: () => setAsking(undefined),
  });
  return (
    <SpaceBetween size="l">
      <Container header={
        <Header variant="h2" actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setAsking("delete")}>Delete recorder</Button>
            <Button onClick={() => void navigate("/config/settings/edit")}>Edit</Button>
            {status?.recording === true
              ? <Button loading={stop.isPending} onClick={() => setAsking("stop")}>Stop recording</Button>
              : <Button variant="primary" loading={start.isPending} onClick={() => start.mutate(undefined)}>Start recording</Button>}
          </SpaceBetween>
        }>
          Recorder
        </Header>
      }>
        <Properties of={[
          ["Recorder status", <RecorderStatus of={setup} />],
          ["Recorder name", name],
          ["Recorder ARN", <Copyable text={recorder?.arn} />],
          ["Last started", when(status?.lastStartTime)],
          ["Last stopped", when(status?.lastStopTime)],
        ]} />
      </Container>
      {recorder !== undefined && <RecordingSummary of={recordingOf(recorder, setup.retention)} />}
      <Channel of={setup} />
      {asking === "stop" && (
        <Confirm title="Stop recording?" action="Stop recording" busy={stop.isPending} onConfirm={() => stop.mutate(undefined)} onCancel={() => setAsking(undefined)}>
          Changes are not recorded while the recorder is off, and rules do not judge them. What was recorded and delivered stays.
        </Confirm>
      )}
      {asking === "delete" && (
        <Confirm title="Delete recorder?" action="Delete" type="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={() => setAsking(undefined)}>
          Configuration history and files that were delivered stay. Nothing is recorded any more.
        </Confirm>
      )}
    </SpaceBetween>
  );
}

function Channel({ of: { channel, delivery, recorder } }: { of: Setup }) {
  const [asking, setAsking] = useState(false);
  const snapshot = useAct({
    what: "Deliver snapshot", run: (name: string) => config().send(new DeliverConfigSnapshotCommand({ deliveryChannelName: name })),
    done: ({ configSnapshotId }) => `Snapshot ${configSnapshotId ?? ""} is being delivered.`,
  });
  const remove = useAct({
    what: "Delete delivery channel", run: (name: string) => config().send(new DeleteDeliveryChannelCommand({ DeliveryChannelName: name })),
    done: () => "The delivery channel was deleted.", after: () => setAsking(false),
  });
  const name = channel?.name ?? "default";
  const said = (info: { lastStatus?: string; lastErrorCode?: string; lastErrorMessage?: string; lastSuccessfulTime?: Date } | undefined) =>
    info?.lastStatus === undefined ? "Not delivered yet"
      : info.lastStatus === "Failure" ? `${info.lastErrorCode}: ${info.lastErrorMessage}`
      : `${info.lastStatus.replace("_", " ")}${info.lastSuccessfulTime === undefined ? "" : `, ${when(info.lastSuccessfulTime)}`}`;
  return (
    <Container header={
      <Header variant="h2" actions={channel !== undefined && (
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => setAsking(true)}>Delete delivery channel</Button>
          <Button loading={snapshot.isPending} disabled={recorder === undefined} onClick={() => snapshot.mutate(name)}>Deliver snapshot</Button>
        </SpaceBetween>
      )}>
        Delivery channel
      </Header>
    }>
      {channel === undefined ? "There is no delivery channel. Edit the settings to add one." : (
        <Properties of={[
          ["Amazon S3 bucket", <PageLink href={`/s3/buckets/${channel.s3BucketName ?? ""}`}>{channel.s3BucketName}</PageLink>],
          ["Prefix", channel.s3KeyPrefix],
          ["Amazon SNS topic", <Copyable text={channel.snsTopicARN} />],
          ["Snapshot delivery frequency", frequencyName(channel.configSnapshotDeliveryProperties?.deliveryFrequency)],
          ["Last snapshot", said(delivery?.configSnapshotDeliveryInfo)],
          ["Last history file", said(delivery?.configHistoryDeliveryInfo)],
          ["Notifications", said(delivery?.configStreamDeliveryInfo)],
        ]} />
      )}
      {asking && (
        <Confirm title="Delete delivery channel?" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(name)} onCancel={() => setAsking(false)}>
          The recorder must be off. What was delivered stays in the bucket.
        </Confirm>
      )}
    </Container>
  );
}
