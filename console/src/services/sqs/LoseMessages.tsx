import { DeleteQueueCommand, PurgeQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import type { QueueView } from "./read";

export function DeleteQueue({ queue, done, close }: { queue: QueueView; done: () => void; close: () => void }) {
  const remove = useAct({
    what: "Delete queue",
    run: () => client(SQSClient).send(new DeleteQueueCommand({ QueueUrl: queue.url })),
    done: () => `Queue ${queue.name} deleted.`,
    after: done,
  });
  return (
    <Confirm title={`Delete queue ${queue.name}`} action="Delete" type="confirm" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={close}>
      {`Its messages are lost.${queue.available === undefined || queue.inFlight === undefined ? "" : ` ${queue.available + queue.inFlight} are in it.`}`}
    </Confirm>
  );
}

export function PurgeQueue({ queue, close }: { queue: QueueView; close: () => void }) {
  const purge = useAct({
    what: "Purge queue",
    run: () => client(SQSClient).send(new PurgeQueueCommand({ QueueUrl: queue.url })),
    done: () => `Queue ${queue.name} purged.`,
    after: close,
  });
  return (
    <Confirm title={`Purge queue ${queue.name}`} action="Purge" type="purge" busy={purge.isPending} onConfirm={() => purge.mutate(undefined)} onCancel={close}>
      All messages in the queue are permanently deleted. You can't retrieve them.
    </Confirm>
  );
}
