import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useParams } from "react-router";
import { useAct } from "../../aws/queries";
import { Code } from "../../components/Code";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { when } from "../../components/time";
import { type Mail, useMail } from "./read";

export default function Message() {
  const { id = "" } = useParams();
  const mail = useMail(id);
  const message = mail.data;
  return (
    <Page
      title={message?.subject ?? "Message"}
      crumbs={[{ text: "Mailbox", href: "/mail" }, { text: "Inbox", href: "/mail/inbox" }, { text: message?.subject ?? id, href: `/mail/inbox/${id}` }]}
      actions={message !== undefined && <Follow message={message} />}
    >
      <ReadFailed error={mail.error} what="message" />
      {message !== undefined && (
        <>
          <Container header={<Header variant="h2">Headers</Header>}>
            <Properties of={[
              ["From", message.from],
              ["To", message.to],
              ["Sent", when(message.sent)],
              ["Subject", message.subject],
              ["Topic", <PageLink href={`/sns/topics/${message.topicArn}`}>{message.topicArn}</PageLink>],
              ["Type", message.type],
            ]} />
          </Container>
          {/* Mail is plain text; what looks like markup in it is shown as it was written. */}
          <Container header={<Header variant="h2">Message body</Header>}><Code>{message.body}</Code></Container>
        </>
      )}
    </Page>
  );
}

/** Does what the mail's link does: the same request, which needs no identity but the token in it. */
function Follow({ message: { type, link } }: { message: Mail }) {
  const confirms = type === "SubscriptionConfirmation";
  const follow = useAct({
    what: confirms ? "Confirm subscription" : "Unsubscribe",
    run: async () => {
      const url = new URL(link, location.origin);
      // The link names the cloud's public address; this page may have been opened by another name of the same.
      const response = await fetch(`${location.origin}${url.pathname}${url.search}`, { credentials: "omit" });
      const text = await response.text();
      if (response.ok) return;
      const error = new Error(/<Message>([\s\S]*?)<\/Message>/.exec(text)?.[1] ?? text);
      error.name = /<Code>([\s\S]*?)<\/Code>/.exec(text)?.[1] ?? `HTTP ${response.status}`;
      throw error;
    },
    done: () => (confirms ? "Subscription confirmed!" : "Unsubscribed."),
  });
  if (link === "") return null;
  return <Button variant={confirms ? "primary" : "normal"} loading={follow.isPending} onClick={() => follow.mutate(undefined)}>{confirms ? "Confirm subscription" : "Unsubscribe"}</Button>;
}
