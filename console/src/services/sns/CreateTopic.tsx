import { CreateTopicCommand } from "@aws-sdk/client-sns";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useAct } from "../../aws/queries";
import { writtenTags } from "../../aws/tags";
import { FormPage } from "../../components/FormPage";
import { TextEditor } from "../../components/TextEditor";
import { sns, topicHref } from "./read";

export default function CreateTopic() {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [display, setDisplay] = useState("");
  const [policy, setPolicy] = useState("");
  const [tags, setTags] = useState<readonly TagEditorProps.Tag[]>([]);
  const [tagsValid, setTagsValid] = useState(true);
  const create = useAct({
    what: "Create topic",
    run: () => sns().send(new CreateTopicCommand({
      Name: name,
      Attributes: { ...(display !== "" && { DisplayName: display }), ...(policy.trim() !== "" && { Policy: policy }) },
      ...(tags.length > 0 && { Tags: writtenTags(tags) }),
    })),
    done: () => `Topic ${name} created successfully.`,
    after: ({ TopicArn = "" }) => void navigate(topicHref(TopicArn)),
    quiet: true,
  });
  return (
    <FormPage
      title="Create topic"
      crumbs={[{ text: "Amazon SNS", href: "/sns" }, { text: "Topics", href: "/sns/topics" }, { text: "Create topic", href: "/sns/create-topic" }]}
      action="Create topic"
      busy={create.isPending}
      error={create.error}
      disabled={name === "" || !tagsValid}
      onSubmit={() => create.mutate(undefined)}
      onCancel={() => void navigate("/sns/topics")}
    >
      <Container header={<Header variant="h2">Details</Header>}>
        <SpaceBetween size="m">
          <FormField label="Type">Standard: best-effort message ordering, at-least-once message delivery</FormField>
          <FormField label="Name" constraintText="Maximum 256 characters. Can include alphanumeric characters, hyphens (-) and underscores (_).">
            <Input value={name} placeholder="MyTopic" onChange={({ detail }) => setName(detail.value)} autoFocus />
          </FormField>
          <FormField label="Display name - optional" description="The name from which e-mail comes." constraintText="Maximum 100 characters.">
            <Input value={display} placeholder="My Topic" onChange={({ detail }) => setDisplay(detail.value)} />
          </FormField>
        </SpaceBetween>
      </Container>
      <ExpandableSection variant="container" headerText="Access policy - optional" headerDescription="By default, only the topic owner can publish or subscribe to the topic.">
        <TextEditor label="Access policy" language="json" value={policy} onChange={setPolicy} height={220} />
      </ExpandableSection>
      <Container header={<Header variant="h2">Tags - optional</Header>}>
        <TagEditor tags={tags} tagLimit={50} onChange={({ detail }) => { setTags(detail.tags); setTagsValid(detail.valid); }} />
      </Container>
    </FormPage>
  );
}
