import { CloudTrailClient, DeleteTrailCommand, StartLoggingCommand, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import type { TrailView } from "./read";

export function DeleteTrail({ of: view, deleted }: { of: TrailView | undefined; deleted?: () => void }) {
  const [asking, setAsking] = useState(false);
  const remove = useAct({
    what: "Delete trail",
    run: (arn: string) => client(CloudTrailClient).send(new DeleteTrailCommand({ Name: arn })),
    done: () => `The trail ${view?.name ?? ""} was deleted.`,
    after: () => {
      setAsking(false);
      deleted?.();
    },
  });
  return (
    <>
      <Button disabled={view === undefined} onClick={() => setAsking(true)}>Delete</Button>
      {asking && view !== undefined && (
        <Confirm title={`Delete trail ${view.name}?`} action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(view.trail.TrailARN ?? view.name)} onCancel={() => setAsking(false)}>
          The trail logs no more events. Its log files stay in the bucket {view.trail.S3BucketName}.
        </Confirm>
      )}
    </>
  );
}

export function ToggleLogging({ of: view }: { of: TrailView }) {
  const [asking, setAsking] = useState(false);
  const Name = view.trail.TrailARN ?? view.name;
  const start = useAct({ what: "Start logging", run: () => client(CloudTrailClient).send(new StartLoggingCommand({ Name })), done: () => `The trail ${view.name} logs.` });
  const stop = useAct({
    what: "Stop logging", run: () => client(CloudTrailClient).send(new StopLoggingCommand({ Name })), done: () => `The trail ${view.name} is off.`, after: () => setAsking(false),
  });
  if (view.status?.IsLogging !== true) return <Button loading={start.isPending} onClick={() => start.mutate(undefined)}>Start logging</Button>;
  return (
    <>
      <Button onClick={() => setAsking(true)}>Stop logging</Button>
      {asking && (
        <Confirm title={`Stop logging of ${view.name}?`} action="Stop logging" busy={stop.isPending} onConfirm={() => stop.mutate(undefined)} onCancel={() => setAsking(false)}>
          Events while the trail is off are not delivered, not afterwards either.
        </Confirm>
      )}
    </>
  );
}
