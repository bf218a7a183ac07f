import { BarePage } from "../../components/Page";
import { SubscriptionTable } from "./SubscriptionTable";

export default function Subscriptions() {
  return (
    <BarePage crumbs={[{ text: "Amazon SNS", href: "/sns" }, { text: "Subscriptions", href: "/sns/subscriptions" }]}>
      <SubscriptionTable />
    </BarePage>
  );
}
