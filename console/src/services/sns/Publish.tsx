import { PublishCommand } from "@aws-sdk/client-sns";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { type MessageAttribute, MessageAttributes, valuesOf } from "../../components/MessageAttributes";
import { TextEditor } from "../../components/TextEditor";
import { crumbsOf, nameOf, sns, topicHref } from "./read";

const STRUCTURE = JSON.stringify({
  default: "Sample fallback message", email: "Sample message for email endpoints", sqs: "Sample message for Amazon SQS endpoints",
  lambda: "Sample message for AWS Lambda endpoints", http: "Sample message for HTTP endpoints", https: "Sample message for HTTPS endpoints",
}, null, 2);

export default function Publish() {
  const { arn = "" } = useParams();
  const navigate = useNavigate();
  const [subject, setSubject] = useState("");
  const [structured, setStructured] = useState(false);
  const [text, setText] = useState("");
  const [structure, setStructure] = useState(STRUCTURE);
  const [attributes, setAttributes] = useState<readonly MessageAttribute[]>([]);
  const back = () => void navigate(topicHref(arn));
  const publish = useAct({
    what: "Publish message",
    run: () => sns().send(new PublishCommand({
      TopicArn: arn,
      Message: structured ? structure : text,
      ...(structured && { MessageStructure: "json" }),
      ...(subject !== "" && { Subject: subject }),
      ...(attributes.length > 0 && { MessageAttributes: valuesOf(attributes) }),
    })),
    done: ({ MessageId }) => `Message published to topic ${nameOf(arn)} successfully. Message ID: ${MessageId ?? ""}`,
    after: back,
    quiet: true,
  });
  return (
    <FormPage title="Publish message to topic" crumbs={crumbsOf(arn, { text: "Publish message", href: `${topicHref(arn)}/publish` })} action="Publish message" busy={publish.isPending} error={publish.error}
      disabled={structured ? structure === "" : text === ""} onSubmit={() => publish.mutate(undefined)} onCancel={back}>
      <Container header={<Header variant="h2">Message details</Header>}>
        <SpaceBetween size="m">
          <FormField label="Topic ARN">{arn}</FormField>
          <FormField label="Subject - optional" constraintText="Maximum 100 printable ASCII characters">
            <Input value={subject} placeholder="Enter message subject" onChange={({ detail }) => setSubject(detail.value)} />
          </FormField>
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">Message body</Header>}>
        <SpaceBetween size="m">
          <FormField label="Message structure">
            <RadioGroup ariaLabel="Message structure" value={structured ? "json" : "raw"} onChange={({ detail }) => setStructured(detail.value === "json")} items={[
              { value: "raw", label: "Identical payload for all delivery protocols", description: "The same payload is sent to endpoints subscribed to the topic, regardless of their delivery protocol." },
              { value: "json", label: "Custom payload for each delivery protocol", description: "Different payloads are sent to endpoints subscribed to the topic, based on their delivery protocol." },
            ]} />
          </FormField>
          {structured ? (
            <TextEditor label="Message body to send to the endpoint" language="json" value={structure} onChange={setStructure} height={240} />
          ) : (
            <FormField label="Message body to send to the endpoint" stretch>
              <Textarea value={text} rows={6} placeholder="Enter message" onChange={({ detail }) => setText(detail.value)} />
            </FormField>
          )}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2" description="Message attributes let you provide structured metadata items about the message.">Message attributes</Header>}>
        <MessageAttributes value={attributes} onChange={setAttributes} types={["String", "String.Array", "Number", "Binary"]} />
      </Container>
    </FormPage>
  );
}
