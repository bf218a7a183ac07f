import { DeleteTopicCommand } from "@aws-sdk/client-sns";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { nameOf, sns, topicHref, useTopics } from "./read";

export default function Topics() {
  const navigate = useNavigate();
  const topics = useTopics();
  const [deleting, setDeleting] = useState<string>();
  return (
    <BarePage crumbs={[{ text: "Amazon SNS", href: "/sns" }, { text: "Topics", href: "/sns/topics" }]}>
      <ResourceTable
        title="Topics"
        variant="full-page"
        items={topics.data}
        loading={topics.isLoading}
        error={topics.error}
        id={(arn) => arn}
        select="single"
        empty={<SpaceBetween size="xxs"><b>No topics</b><span>To get started, create a topic.</span></SpaceBetween>}
        columns={[
          { id: "name", header: "Name", cell: (arn) => <PageLink href={topicHref(arn)}>{nameOf(arn)}</PageLink>, value: nameOf },
          { id: "type", header: "Type", cell: (arn) => (arn.endsWith(".fifo") ? "FIFO" : "Standard"), value: (arn) => (arn.endsWith(".fifo") ? "FIFO" : "Standard") },
          { id: "arn", header: "ARN", cell: (arn) => arn, value: (arn) => arn },
        ]}
        actions={([arn]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={arn === undefined} onClick={() => arn && void navigate(`${topicHref(arn)}/edit`)}>Edit</Button>
            <Button disabled={arn === undefined} onClick={() => setDeleting(arn)}>Delete</Button>
            <Button disabled={arn === undefined} onClick={() => arn && void navigate(`${topicHref(arn)}/publish`)}>Publish message</Button>
            <Button variant="primary" onClick={() => void navigate("/sns/create-topic")}>Create topic</Button>
          </SpaceBetween>
        )}
      />
      {deleting !== undefined && <DeleteTopic arn={deleting} done={() => setDeleting(undefined)} close={() => setDeleting(undefined)} />}
    </BarePage>
  );
}

export function DeleteTopic({ arn, done, close }: { arn: string; done: () => void; close: () => void }) {
  const remove = useAct({
    what: "Delete topic",
    run: () => sns().send(new DeleteTopicCommand({ TopicArn: arn })),
    done: () => `Topic ${nameOf(arn)} deleted successfully.`,
    after: done,
  });
  return (
    <Confirm title="Delete topic" action="Delete" type="delete me" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={close}>
      {`Topic ${nameOf(arn)} is deleted with its subscriptions, permanently.`}
    </Confirm>
  );
}
