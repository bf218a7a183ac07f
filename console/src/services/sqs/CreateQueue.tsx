import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import Tiles from "@cloudscape-design/components/tiles";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { QueueSettings } from "./QueueSettings";
import { attributesOf, NEW_QUEUE } from "./settings";

export default function CreateQueue() {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [settings, setSettings] = useState(NEW_QUEUE);
  const [tags, setTags] = useState<readonly TagEditorProps.Tag[]>([]);
  const [tagsValid, setTagsValid] = useState(true);
  const full = settings.fifo && !name.endsWith(".fifo") ? `${name}.fifo` : name;
  const create = useAct({
    what: "Create queue",
    run: () => client(SQSClient).send(new CreateQueueCommand({
      QueueName: full,
      Attributes: attributesOf(settings),
      ...(tags.length > 0 && { tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])) }),
    })),
    done: () => `Queue ${full} created successfully.`,
    after: () => void navigate(`/sqs/queues/${full}`),
    quiet: true,
  });
  return (
    <FormPage
      title="Create queue"
      crumbs={[{ text: "Simple Queue Service", href: "/sqs" }, { text: "Queues", href: "/sqs/queues" }, { text: "Create queue", href: "/sqs/create-queue" }]}
      action="Create queue"
      busy={create.isPending}
      error={create.error}
      disabled={name === "" || !tagsValid}
      onSubmit={() => create.mutate(undefined)}
      onCancel={() => void navigate("/sqs/queues")}
    >
      <Container header={<Header variant="h2">Details</Header>}>
        <SpaceBetween size="m">
          <FormField label="Type" description="You can't change the queue type after you create a queue." stretch>
            <Tiles ariaLabel="Type" value={settings.fifo ? "fifo" : "standard"} onChange={({ detail }) => setSettings({ ...settings, fifo: detail.value === "fifo" })} items={[
              { value: "standard", label: "Standard", description: "At-least-once delivery, message ordering isn't preserved" },
              { value: "fifo", label: "FIFO", description: "First-in-first-out delivery, message ordering is preserved" },
            ]} />
          </FormField>
          <FormField label="Name" constraintText={`A queue name is case-sensitive and can have up to 80 characters. You can use alphanumeric characters, hyphens (-), and underscores ( _ ).${settings.fifo ? " A FIFO queue's name ends in .fifo." : ""}`}>
            <Input value={name} placeholder="Enter a queue name" onChange={({ detail }) => setName(detail.value)} autoFocus />
          </FormField>
        </SpaceBetween>
      </Container>
      <QueueSettings value={settings} onChange={setSettings} />
      <Container header={<Header variant="h2">Tags - optional</Header>}>
        <TagEditor tags={tags} tagLimit={50} onChange={({ detail }) => { setTags(detail.tags); setTagsValid(detail.valid); }} />
      </Container>
    </FormPage>
  );
}
