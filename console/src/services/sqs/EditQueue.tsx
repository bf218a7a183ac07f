import { SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { ReadFailed } from "../../components/ReadFailed";
import { QueueSettings } from "./QueueSettings";
import { crumbsOf, type QueueView, useQueue } from "./read";
import { attributesOf, settingsOf } from "./settings";

export default function EditQueue() {
  const { name = "" } = useParams();
  const queue = useQueue(name);
  if (queue.data === undefined) return <ReadFailed error={queue.error} what="queue" />;
  return <EditForm queue={queue.data} />;
}

function EditForm({ queue }: { queue: QueueView }) {
  const navigate = useNavigate();
  // As it was when the form was opened, so that what others change meanwhile is not undone unseen.
  const [before] = useState(() => settingsOf(queue.attributes));
  const [settings, setSettings] = useState(before);
  const back = () => void navigate(`/sqs/queues/${queue.name}`);
  const save = useAct({
    what: "Edit queue",
    run: () => {
      const was = attributesOf(before, before);
      const changed = Object.entries(attributesOf(settings, before)).filter(([name, value]) => was[name] !== value);
      if (changed.length === 0) return Promise.resolve(undefined);
      return client(SQSClient).send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: Object.fromEntries(changed) }));
    },
    done: () => `Queue ${queue.name} updated successfully.`,
    after: back,
    quiet: true,
  });
  return (
    <FormPage title={`Edit ${queue.name}`} crumbs={crumbsOf(queue.name, { text: "Edit", href: `/sqs/queues/${queue.name}/edit` })} action="Save" busy={save.isPending} error={save.error}
      onSubmit={() => save.mutate(undefined)} onCancel={back}>
      <QueueSettings value={settings} onChange={setSettings} />
    </FormPage>
  );
}
