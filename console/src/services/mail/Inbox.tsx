import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAct } from "../../aws/queries";
import { signedJson } from "../../aws/signed";
import { Confirm } from "../../components/Confirm";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { useMails } from "./read";

export default function Inbox() {
  const mails = useMails();
  const [emptying, setEmptying] = useState(false);
  const empty = useAct({
    what: "Empty mailbox",
    run: () => signedJson<{ removed: number }>("/_cloudchamber/mail", { method: "DELETE" }),
    done: ({ removed }) => `${removed} ${removed === 1 ? "message" : "messages"} deleted.`,
    after: () => setEmptying(false),
  });
  return (
    <BarePage crumbs={[{ text: "Mailbox", href: "/mail" }, { text: "Inbox", href: "/mail/inbox" }]}>
      <ResourceTable
        title="Inbox"
        description="Mail that topics of this account have sent, whatever the address. Nothing of it has left this machine, unless a relay was set."
        variant="full-page"
        items={mails.data}
        loading={mails.isLoading}
        error={mails.error}
        id={({ id }) => id}
        empty={<SpaceBetween size="xxs"><b>No mail</b><span>Subscribe an e-mail address to an SNS topic, and its confirmation arrives here.</span></SpaceBetween>}
        columns={[
          { id: "subject", header: "Subject", cell: ({ id, subject }) => <PageLink href={`/mail/inbox/${id}`}>{subject === "" ? "(no subject)" : subject}</PageLink>, value: ({ subject }) => subject },
          { id: "from", header: "From", cell: ({ from }) => from, value: ({ from }) => from },
          { id: "to", header: "To", cell: ({ to }) => to, value: ({ to }) => to },
          { id: "sent", header: "Sent", cell: ({ sent }) => when(sent), value: ({ sent }) => sent },
        ]}
        actions={() => <Button disabled={(mails.data ?? []).length === 0} onClick={() => setEmptying(true)}>Empty mailbox</Button>}
      />
      {emptying && (
        <Confirm title="Empty mailbox" action="Empty" busy={empty.isPending} onConfirm={() => empty.mutate(undefined)} onCancel={() => setEmptying(false)}>
          All messages of this account are deleted.
        </Confirm>
      )}
    </BarePage>
  );
}
