import { SetSubscriptionAttributesCommand } from "@aws-sdk/client-sns";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { ReadFailed } from "../../components/ReadFailed";
import { attributesOf, FilterSettings, wantedOf } from "./FilterSettings";
import { sns, useSubscription } from "./read";

export default function EditSubscription() {
  const { arn = "" } = useParams();
  const subscription = useSubscription(arn);
  if (subscription.data === undefined) return <ReadFailed error={subscription.error} what="subscription" />;
  return <EditForm arn={arn} attributes={subscription.data} />;
}

function EditForm({ arn, attributes }: { arn: string; attributes: Record<string, string> }) {
  const navigate = useNavigate();
  const [before] = useState(() => wantedOf(attributes));
  const [wanted, setWanted] = useState(before);
  const back = () => void navigate(`/sns/subscriptions/${arn}`);
  const save = useAct({
    what: "Edit subscription",
    run: async () => {
      const was = attributesOf(before);
      const changed = Object.entries(attributesOf(wanted)).filter(([name, value]) => was[name] !== value);
      // A policy that goes, goes before its scope; one that comes, comes after it.
      if (wanted.filter.trim() === "") changed.reverse();
      for (const [AttributeName, AttributeValue] of changed) await sns().send(new SetSubscriptionAttributesCommand({ SubscriptionArn: arn, AttributeName, AttributeValue }));
    },
    done: () => "Subscription saved successfully.",
    after: back,
    quiet: true,
  });
  return (
    <FormPage title="Edit subscription" crumbs={[{ text: "Amazon SNS", href: "/sns" }, { text: "Subscriptions", href: "/sns/subscriptions" }, { text: arn.split(":").at(-1) ?? arn, href: `/sns/subscriptions/${arn}` }, { text: "Edit", href: `/sns/subscriptions/${arn}/edit` }]}
      action="Save changes" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={back}>
      <FilterSettings protocol={attributes["Protocol"] ?? ""} value={wanted} onChange={setWanted} open />
    </FormPage>
  );
}
