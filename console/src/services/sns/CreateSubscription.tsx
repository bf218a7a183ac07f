import { SubscribeCommand } from "@aws-sdk/client-sns";
import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { attributesOf, FilterSettings, NOTHING } from "./FilterSettings";
import { nameOf, PROTOCOLS, protocolName, sns, topicHref, useTopics } from "./read";

export default function CreateSubscription() {
  const [asked] = useSearchParams();
  const navigate = useNavigate();
  const topics = useTopics();
  const [topic, setTopic] = useState(asked.get("topic") ?? "");
  const [protocol, setProtocol] = useState("");
  const [endpoint, setEndpoint] = useState("");
  const [wanted, setWanted] = useState(NOTHING);
  const back = () => void navigate(topic === "" ? "/sns/subscriptions" : topicHref(topic));
  const create = useAct({
    what: "Create subscription",
    run: () => {
      const given = Object.entries(attributesOf(wanted)).filter(([, value]) => value !== "" && value !== "false");
      return sns().send(new SubscribeCommand({ TopicArn: topic, Protocol: protocol, Endpoint: endpoint, ReturnSubscriptionArn: true, Attributes: Object.fromEntries(given) }));
    },
    done: ({ SubscriptionArn }) => `Subscription to ${nameOf(topic)} created successfully. The ARN of the subscription is ${SubscriptionArn ?? ""}.`,
    after: back,
    quiet: true,
  });
  const email = protocol.startsWith("email");
  return (
    <FormPage
      title="Create subscription"
      crumbs={[{ text: "Amazon SNS", href: "/sns" }, { text: "Subscriptions", href: "/sns/subscriptions" }, { text: "Create subscription", href: "/sns/create-subscription" }]}
      action="Create subscription"
      busy={create.isPending}
      error={create.error}
      disabled={topic === "" || protocol === "" || endpoint === ""}
      onSubmit={() => create.mutate(undefined)}
      onCancel={back}
    >
      <Container header={<Header variant="h2">Details</Header>}>
        <SpaceBetween size="m">
          <FormField label="Topic ARN">
            <Select
              selectedOption={topic === "" ? null : { value: topic, label: topic }}
              options={(topics.data ?? []).map((arn) => ({ value: arn, label: arn }))}
              filteringType="auto"
              placeholder="Choose a topic"
              statusType={topics.isLoading ? "loading" : "finished"}
              empty="No topics"
              onChange={({ detail }) => setTopic(detail.selectedOption.value ?? "")}
            />
          </FormField>
          <FormField label="Protocol" description="The type of endpoint to subscribe">
            <Select
              selectedOption={protocol === "" ? null : { value: protocol, label: protocolName(protocol) }}
              options={PROTOCOLS.map(([value, label]) => ({ value, label }))}
              placeholder="Select protocol"
              onChange={({ detail }) => setProtocol(detail.selectedOption.value ?? "")}
            />
          </FormField>
          {protocol !== "" && (
            <FormField label="Endpoint" description={PROTOCOLS.find(([id]) => id === protocol)?.[2]}>
              <Input value={endpoint} onChange={({ detail }) => setEndpoint(detail.value.trim())} />
            </FormField>
          )}
          {protocol !== "" && protocol !== "sqs" && protocol !== "lambda" && (
            <Alert type="info">{`After your subscription is created, you must confirm it.${email ? " The mail that asks for it arrives in the Mailbox of this console." : ""}`}</Alert>
          )}
        </SpaceBetween>
      </Container>
      <FilterSettings protocol={protocol} value={wanted} onChange={setWanted} />
    </FormPage>
  );
}
