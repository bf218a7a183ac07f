import { CreateEventBusCommand, EventBridgeClient, PutPermissionCommand } from "@aws-sdk/client-eventbridge";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor from "@cloudscape-design/components/tag-editor";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { type Tag, writtenTags } from "../../aws/tags";
import { useQueueChoices } from "../../components/choices";
import { FormPage } from "../../components/FormPage";
import { useOnce } from "../../components/once";
import { TextEditor } from "../../components/TextEditor";
import { busHref } from "./read";

export default function CreateBus() {
  const navigate = useNavigate();
  const queues = useQueueChoices();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [queue, setQueue] = useState("");
  const [policy, setPolicy] = useState("");
  const [tags, setTags] = useState<readonly Tag[]>([]);
  const once = useOnce();
  const create = useAct({
    what: "Create event bus",
    run: async () => {
      const events = client(EventBridgeClient);
      await once(`bus ${name}`, () => events.send(new CreateEventBusCommand({
        Name: name, ...(description !== "" && { Description: description }), ...(queue !== "" && { DeadLetterConfig: { Arn: queue } }),
        ...(tags.length > 0 && { Tags: writtenTags(tags) }),
      })));
      if (policy.trim() !== "") await events.send(new PutPermissionCommand({ EventBusName: name, Policy: policy }));
    },
    done: () => `The event bus ${name} was created.`,
    after: () => void navigate(busHref(name)),
    quiet: true,
  });
  return (
    <FormPage
      title="Create event bus" action="Create" busy={create.isPending} error={create.error} disabled={name === ""} onSubmit={() => create.mutate(undefined)} onCancel={() => void navigate("/events/buses")}
      crumbs={[{ text: "Amazon EventBridge", href: "/events" }, { text: "Event buses", href: "/events/buses" }, { text: "Create event bus", href: "/events/create-bus" }]}
    >
      <Container header={<Header variant="h2">Event bus detail</Header>}>
        <SpaceBetween size="l">
          <FormField label="Name" constraintText="Up to 256 letters, digits, periods, hyphens and underscores."><Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus /></FormField>
          <FormField label="Description - optional"><Textarea value={description} rows={2} onChange={({ detail }) => setDescription(detail.value)} /></FormField>
          <FormField label="Dead-letter queue - optional" description="An SQS queue for events that could not be delivered to their targets.">
            <Select
              options={[{ value: "", label: "None" }, ...(queues.data ?? [])]} selectedOption={queues.data?.find(({ value }) => value === queue) ?? { value: "", label: "None" }}
              onChange={({ detail }) => setQueue(detail.selectedOption.value ?? "")}
            />
          </FormField>
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2" description="Who else may put events and rules on this bus.">Resource-based policy - optional</Header>}>
        <TextEditor label="Resource-based policy" language="json" value={policy} height={180} onChange={setPolicy} />
      </Container>
      <Container header={<Header variant="h2">Tags - optional</Header>}>
        <TagEditor tags={tags.map((tag) => ({ ...tag, existing: false }))} tagLimit={50} onChange={({ detail }) => setTags(detail.tags.map(({ key, value }) => ({ key, value })))} />
      </Container>
    </FormPage>
  );
}
