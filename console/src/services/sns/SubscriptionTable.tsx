import { ConfirmSubscriptionCommand, SubscribeCommand, type Subscription, UnsubscribeCommand } from "@aws-sdk/client-sns";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { FormModal } from "../../components/FormModal";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { isPending, nameOf, protocolName, sns, topicHref, useSubscriptions } from "./read";

/** Subscriptions: of one topic, or all. */
export function SubscriptionTable({ topic }: { topic?: string }) {
  const navigate = useNavigate();
  const subscriptions = useSubscriptions(topic);
  const [asking, setAsking] = useState<{ what: "delete" | "confirm"; subscription: Subscription }>();
  const close = () => setAsking(undefined);
  const remove = useAct({
    what: "Delete subscription",
    run: ({ SubscriptionArn }: Subscription) => sns().send(new UnsubscribeCommand({ SubscriptionArn })),
    done: () => "Subscription deleted successfully.",
    after: close,
  });
  const ask = useAct({
    what: "Request confirmation",
    run: ({ TopicArn, Protocol, Endpoint }: Subscription) => sns().send(new SubscribeCommand({ TopicArn, Protocol, Endpoint })),
    done: (_, { Endpoint }) => `Subscription confirmation request sent to ${Endpoint ?? ""}.`,
  });
  const href = (arn: string) => `/sns/subscriptions/${arn}`;
  return (
    <>
      <ResourceTable
        title="Subscriptions"
        variant={topic === undefined ? "full-page" : "container"}
        items={subscriptions.data}
        loading={subscriptions.isLoading}
        error={subscriptions.error}
        id={idOf}
        select="single"
        empty={<SpaceBetween size="xxs"><b>No subscriptions found</b><span>You don't have any subscriptions{topic === undefined ? "" : " to this topic"}.</span></SpaceBetween>}
        columns={[
          {
            id: "id", header: "ID", value: (it) => it.SubscriptionArn,
            cell: (it) => (isPending(it) ? "Pending confirmation" : <PageLink href={href(it.SubscriptionArn ?? "")}>{it.SubscriptionArn?.split(":").at(-1)}</PageLink>),
          },
          { id: "endpoint", header: "Endpoint", cell: ({ Endpoint }) => Endpoint, value: ({ Endpoint }) => Endpoint },
          { id: "status", header: "Status", cell: (it) => (isPending(it) ? <StatusIndicator type="pending">Pending confirmation</StatusIndicator> : <StatusIndicator>Confirmed</StatusIndicator>) },
          { id: "protocol", header: "Protocol", cell: ({ Protocol }) => protocolName(Protocol).toUpperCase(), value: ({ Protocol }) => Protocol },
          ...(topic !== undefined ? [] : [{ id: "topic", header: "Topic", cell: ({ TopicArn = "" }: Subscription) => <PageLink href={topicHref(TopicArn)}>{nameOf(TopicArn)}</PageLink>, value: ({ TopicArn = "" }: Subscription) => nameOf(TopicArn) }]),
        ]}
        actions={([one]) => {
          const confirmed = one !== undefined && !isPending(one);
          const pending = one !== undefined && isPending(one);
          return (
            <SpaceBetween direction="horizontal" size="xs">
              <Button ariaLabel="Edit subscription" disabled={!confirmed} onClick={() => one && void navigate(`${href(one.SubscriptionArn ?? "")}/edit`)}>Edit</Button>
              <Button ariaLabel="Delete subscription" disabled={!confirmed} onClick={() => one && setAsking({ what: "delete", subscription: one })}>Delete</Button>
              <Button disabled={!pending} loading={ask.isPending} onClick={() => one && ask.mutate(one)}>Request confirmation</Button>
              <Button disabled={!pending} onClick={() => one && setAsking({ what: "confirm", subscription: one })}>Confirm subscription</Button>
              <Button variant="primary" onClick={() => void navigate(`/sns/create-subscription${topic === undefined ? "" : `?topic=${encodeURIComponent(topic)}`}`)}>Create subscription</Button>
            </SpaceBetween>
          );
        }}
      />
      {asking?.what === "delete" && (
        <Confirm title="Delete subscription" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(asking.subscription)} onCancel={close}>
          {`${asking.subscription.Endpoint ?? ""} gets no more messages of ${nameOf(asking.subscription.TopicArn ?? "")}.`}
        </Confirm>
      )}
      {asking?.what === "confirm" && <ConfirmByUrl subscription={asking.subscription} close={close} />}
    </>
  );
}

function idOf({ SubscriptionArn, TopicArn, Protocol, Endpoint }: Subscription): string {
  return SubscriptionArn === "PendingConfirmation" ? `${TopicArn ?? ""} ${Protocol ?? ""} ${Endpoint ?? ""}` : (SubscriptionArn ?? "");
}

function ConfirmByUrl({ subscription, close }: { subscription: Subscription; close: () => void }) {
  const [url, setUrl] = useState("");
  const token = tokenOf(url);
  const confirm = useAct({
    what: "Confirm subscription",
    run: () => sns().send(new ConfirmSubscriptionCommand({ TopicArn: subscription.TopicArn, Token: token })),
    done: ({ SubscriptionArn }) => `Subscription confirmed: ${SubscriptionArn ?? ""}`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Confirm subscription" action="Confirm subscription" busy={confirm.isPending} error={confirm.error} disabled={token === ""} onSubmit={() => confirm.mutate(undefined)} onCancel={close}>
      <FormField label="Enter the subscription confirmation URL" description="You received the URL at the subscription endpoint. E-mail is in the Mailbox of this console.">
        <Input value={url} onChange={({ detail }) => setUrl(detail.value.trim())} autoFocus />
      </FormField>
    </FormModal>
  );
}

/** The token of a confirmation's URL, or the text itself where it is a token. */
function tokenOf(text: string): string {
  const found = /[?&]Token=([0-9a-f]+)/i.exec(text);
  return found?.[1] ?? (/^[0-9a-f]{32,}$/i.test(text) ? text : "");
}
