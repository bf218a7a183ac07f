// "Send and receive messages".
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useParams } from "react-router";
import { Page } from "../../components/Page";
import { Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { crumbsOf, useQueue } from "./read";
import { ReceiveMessages } from "./ReceiveMessages";
import { SendMessage } from "./SendMessage";

export default function Messages() {
  const { name = "" } = useParams();
  const queue = useQueue(name);
  return (
    <Page title="Send and receive messages" crumbs={crumbsOf(name, { text: "Send and receive messages", href: `/sqs/queues/${name}/messages` })} description="Send messages to and receive messages from a queue.">
      <ReadFailed error={queue.error} what="queue" />
      {queue.data !== undefined && (
        <>
          <SendMessage key={queue.data.url} queue={queue.data} />
          <Container header={<Header variant="h2">Messages in the queue</Header>}>
            <Properties of={[["Messages available", queue.data.available], ["Messages in flight", queue.data.inFlight], ["Messages delayed", queue.data.attributes["ApproximateNumberOfMessagesDelayed"]]]} />
          </Container>
          <ReceiveMessages queue={queue.data} />
        </>
      )}
    </Page>
  );
}
