import { UnsubscribeCommand } from "@aws-sdk/client-sns";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useAct } from "../../aws/queries";
import { Code } from "../../components/Code";
import { Confirm } from "../../components/Confirm";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { PageTabs } from "../../components/PageTabs";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { SettingsBox } from "../../components/SettingsBox";
import { pretty } from "../../components/TextEditor";
import { nameOf, protocolName, sns, topicHref, useSubscription } from "./read";

export default function Subscription() {
  const { arn = "" } = useParams();
  const navigate = useNavigate();
  const subscription = useSubscription(arn);
  const [deleting, setDeleting] = useState(false);
  const id = arn.split(":").at(-1) ?? arn;
  const edit = `/sns/subscriptions/${arn}/edit`;
  const remove = useAct({
    what: "Delete subscription",
    run: () => sns().send(new UnsubscribeCommand({ SubscriptionArn: arn })),
    done: () => "Subscription deleted successfully.",
    after: () => void navigate("/sns/subscriptions"),
  });
  const of = subscription.data;
  const topic = of?.["TopicArn"] ?? "";
  const filter = of?.["FilterPolicy"];
  return (
    <Page
      title={`Subscription: ${id}`}
      crumbs={[{ text: "Amazon SNS", href: "/sns" }, { text: "Subscriptions", href: "/sns/subscriptions" }, { text: id, href: `/sns/subscriptions/${arn}` }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => void navigate(edit)}>Edit</Button>
          <Button onClick={() => setDeleting(true)}>Delete</Button>
        </SpaceBetween>
      }
    >
      <ReadFailed error={subscription.error} what="subscription" />
      {of !== undefined && (
        <>
          <Container header={<Header variant="h2">Details</Header>}>
            <Properties of={[
              ["ARN", <Copyable text={arn} />],
              ["Status", of["PendingConfirmation"] === "true" ? <StatusIndicator type="pending">Pending confirmation</StatusIndicator> : <StatusIndicator>Confirmed</StatusIndicator>],
              ["Endpoint", of["Endpoint"]],
              ["Protocol", protocolName(of["Protocol"]).toUpperCase()],
              ["Topic", <PageLink href={topicHref(topic)}>{nameOf(topic)}</PageLink>],
              ["Raw message delivery", of["RawMessageDelivery"] === "true" ? "Enabled" : "Disabled"],
              ["Subscription Principal", of["SubscriptionPrincipal"]],
            ]} />
          </Container>
          <PageTabs
            label="Subscription"
            tabs={[
              {
                id: "filter", label: "Subscription filter policy", content: (
                  <SettingsBox title="Subscription filter policy" edit={edit} description="This policy filters the messages that a subscriber receives.">
                    {filter === undefined ? "No filter policy configured for this subscription. To apply a filter policy, edit this subscription." : (
                      <SpaceBetween size="s">
                        <Properties of={[["Filter policy scope", of["FilterPolicyScope"] === "MessageBody" ? "Message body" : "Message attributes"]]} />
                        <Code>{pretty(filter)}</Code>
                      </SpaceBetween>
                    )}
                  </SettingsBox>
                ),
              },
              {
                id: "redrive", label: "Redrive policy (dead-letter queue)", content: (
                  <SettingsBox title="Redrive policy (dead-letter queue)" edit={edit} description="Send undeliverable messages to a dead-letter queue.">
                    {of["RedrivePolicy"] === undefined ? "No redrive policy configured for this subscription." : <Code>{pretty(of["RedrivePolicy"])}</Code>}
                  </SettingsBox>
                ),
              },
            ]}
          />
        </>
      )}
      {deleting && (
        <Confirm title="Delete subscription" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={() => setDeleting(false)}>
          {`${of?.["Endpoint"] ?? ""} gets no more messages of ${nameOf(topic)}.`}
        </Confirm>
      )}
    </Page>
  );
}
