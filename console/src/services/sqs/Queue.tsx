import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useParams } from "react-router";
import { Page } from "../../components/Page";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { when } from "../../components/time";
import { useQueue } from "./read";

export default function Queue() {
  const { name = "" } = useParams();
  const queue = useQueue(name);
  return (
    <Page title={name} crumbs={[{ text: "Simple Queue Service", href: "/sqs" }, { text: "Queues", href: "/sqs/queues" }, { text: name, href: `/sqs/queues/${name}` }]}>
      <ReadFailed error={queue.error} what="queue" />
      {queue.data !== undefined && (
        <Container header={<Header variant="h2">Details</Header>}>
          <Properties of={[
            ["Type", queue.data.fifo ? "FIFO" : "Standard"],
            ["ARN", <Copyable text={queue.data.arn} />],
            ["URL", <Copyable text={queue.data.url} />],
            ["Created", when(queue.data.created)],
            ["Messages available", queue.data.available],
            ["Messages in flight", queue.data.inFlight],
          ]} />
        </Container>
      )}
    </Page>
  );
}
