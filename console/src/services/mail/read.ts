// What pages of the mailbox read: mail that this cloud's topics sent to people.
import { useRead } from "../../aws/queries";
import { signedJson } from "../../aws/signed";

export interface Mail {
  id: string;
  /** ISO 8601. */
  sent: string;
  to: string;
  from: string;
  subject: string;
  body: string;
  topicArn: string;
  /** `SubscriptionConfirmation`, `Notification` or `UnsubscribeConfirmation`. */
  type: string;
  /** What its link leads to: the confirmation, or the end of the subscription. */
  link: string;
}

const FOLLOWS = ["sns.mail"];

export function useMails() {
  return useRead({
    key: ["mail", "list"],
    follows: FOLLOWS,
    // The mailbox is no resource of AWS; where the feed does not tell of it, it is looked at now and then.
    every: 5_000,
    read: async () => (await signedJson<{ messages: Mail[] }>("/_cloudchamber/mail")).messages,
  });
}

export function useMail(id: string) {
  return useRead({ key: ["mail", "one", id], follows: FOLLOWS, read: () => signedJson<Mail>(`/_cloudchamber/mail/${encodeURIComponent(id)}`) });
}
