import { SetTopicAttributesCommand } from "@aws-sdk/client-sns";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { ReadFailed } from "../../components/ReadFailed";
import { pretty, TextEditor } from "../../components/TextEditor";
import { crumbsOf, nameOf, sns, topicHref, useTopic } from "./read";

export default function EditTopic() {
  const { arn = "" } = useParams();
  const topic = useTopic(arn);
  if (topic.data === undefined) return <ReadFailed error={topic.error} what="topic" />;
  return <EditForm arn={arn} attributes={topic.data} />;
}

const NAMES = ["DisplayName", "Policy", "DeliveryPolicy", "SignatureVersion"] as const;
type Attributes = Record<(typeof NAMES)[number], string>;

function EditForm({ arn, attributes }: { arn: string; attributes: Record<string, string> }) {
  const navigate = useNavigate();
  const [before] = useState<Attributes>(() => ({
    DisplayName: attributes["DisplayName"] ?? "", Policy: pretty(attributes["Policy"] ?? ""), DeliveryPolicy: pretty(attributes["DeliveryPolicy"] ?? ""), SignatureVersion: attributes["SignatureVersion"] ?? "1",
  }));
  const [wanted, setWanted] = useState(before);
  const set = (part: Partial<Attributes>) => setWanted({ ...wanted, ...part });
  const back = () => void navigate(topicHref(arn));
  const save = useAct({
    what: "Edit topic",
    run: async () => {
      for (const AttributeName of NAMES) {
        if (wanted[AttributeName] !== before[AttributeName]) await sns().send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName, AttributeValue: wanted[AttributeName] }));
      }
    },
    done: () => `Topic ${nameOf(arn)} saved successfully.`,
    after: back,
    quiet: true,
  });
  return (
    <FormPage title={`Edit ${nameOf(arn)}`} crumbs={crumbsOf(arn, { text: "Edit", href: `${topicHref(arn)}/edit` })} action="Save changes" busy={save.isPending} error={save.error}
      onSubmit={() => save.mutate(undefined)} onCancel={back}>
      <Container header={<Header variant="h2">Details</Header>}>
        <SpaceBetween size="m">
          <FormField label="Display name - optional" constraintText="Maximum 100 characters.">
            <Input value={wanted.DisplayName} onChange={({ detail }) => set({ DisplayName: detail.value })} />
          </FormField>
          <FormField label="Signature version">
            <Select selectedOption={{ value: wanted.SignatureVersion, label: wanted.SignatureVersion === "2" ? "2 (SHA256)" : "1 (SHA1)" }}
              options={[{ value: "1", label: "1 (SHA1)" }, { value: "2", label: "2 (SHA256)" }]} onChange={({ detail }) => set({ SignatureVersion: detail.selectedOption.value ?? "1" })} />
          </FormField>
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2" description="This policy defines who can access your topic.">Access policy</Header>}>
        <TextEditor label="Access policy" language="json" value={wanted.Policy} onChange={(Policy) => set({ Policy })} />
      </Container>
      <Container header={<Header variant="h2" description="How Amazon SNS retries failed deliveries to HTTP/S endpoints. Empty: its own.">Delivery policy (HTTP/S)</Header>}>
        <TextEditor label="Delivery policy" language="json" value={wanted.DeliveryPolicy} onChange={(DeliveryPolicy) => set({ DeliveryPolicy })} height={180} />
      </Container>
    </FormPage>
  );
}
