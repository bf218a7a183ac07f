import { SetTopicAttributesCommand, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-sns";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { Code } from "../../components/Code";
import { Page } from "../../components/Page";
import { PageTabs } from "../../components/PageTabs";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourcePolicy } from "../../components/ResourcePolicy";
import { SettingsBox } from "../../components/SettingsBox";
import { writtenTags } from "../../aws/tags";
import { Tags } from "../../components/Tags";
import { pretty } from "../../components/TextEditor";
import { crumbsOf, nameOf, sns, topicHref, useTopic, useTopicTags } from "./read";
import { SubscriptionTable } from "./SubscriptionTable";
import { DeleteTopic } from "./Topics";

export default function Topic() {
  const { arn = "" } = useParams();
  const navigate = useNavigate();
  const topic = useTopic(arn);
  const [deleting, setDeleting] = useState(false);
  const attributes = topic.data;
  return (
    <Page
      title={nameOf(arn)}
      crumbs={crumbsOf(arn)}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => void navigate(`${topicHref(arn)}/edit`)}>Edit</Button>
          <Button onClick={() => setDeleting(true)}>Delete</Button>
          <Button variant="primary" onClick={() => void navigate(`${topicHref(arn)}/publish`)}>Publish message</Button>
        </SpaceBetween>
      }
    >
      <ReadFailed error={topic.error} what="topic" />
      {attributes !== undefined && (
        <>
          <Container header={<Header variant="h2">Details</Header>}>
            <Properties of={[
              ["Name", nameOf(arn)],
              ["Display name", attributes["DisplayName"]],
              ["ARN", <Copyable text={arn} />],
              ["Topic owner", attributes["Owner"]],
              ["Type", attributes["FifoTopic"] === "true" ? "FIFO" : "Standard"],
              ["Subscriptions confirmed", attributes["SubscriptionsConfirmed"]],
              ["Subscriptions pending", attributes["SubscriptionsPending"]],
            ]} />
          </Container>
          <PageTabs
            label="Topic"
            tabs={[
              { id: "subscriptions", label: "Subscriptions", content: <SubscriptionTable topic={arn} /> },
              { id: "policy", label: "Access policy", content: <Policy arn={arn} policy={attributes["Policy"] ?? ""} /> },
              { id: "delivery", label: "Delivery policy (HTTP/S)", content: <DeliveryPolicy arn={arn} policy={attributes["EffectiveDeliveryPolicy"] ?? ""} /> },
              { id: "tags", label: "Tags", content: <TopicTags arn={arn} /> },
            ]}
          />
        </>
      )}
      {deleting && <DeleteTopic arn={arn} done={() => void navigate("/sns/topics")} close={() => setDeleting(false)} />}
    </Page>
  );
}

function Policy({ arn, policy }: { arn: string; policy: string }) {
  return (
    <ResourcePolicy title="Access policy" description="This policy defines who can access your topic." policy={policy}
      save={(AttributeValue) => sns().send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: "Policy", AttributeValue }))} />
  );
}

function DeliveryPolicy({ arn, policy }: { arn: string; policy: string }) {
  return (
    <SettingsBox title="Delivery policy (HTTP/S)" edit={`${topicHref(arn)}/edit`} description="How Amazon SNS retries failed deliveries to HTTP/S endpoints.">
      {policy === "" ? "The default." : <Code>{pretty(policy)}</Code>}
    </SettingsBox>
  );
}

function TopicTags({ arn }: { arn: string }) {
  const tags = useTopicTags(arn);
  return (
    <Tags
      tags={tags.data}
      error={tags.error}
      tag={(some) => sns().send(new TagResourceCommand({ ResourceArn: arn, Tags: writtenTags(some) }))}
      untag={(TagKeys) => sns().send(new UntagResourceCommand({ ResourceArn: arn, TagKeys }))}
    />
  );
}
