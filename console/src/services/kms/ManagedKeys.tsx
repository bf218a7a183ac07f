import { BarePage } from "../../components/Page";
import { KeyTable } from "./KeyTable";

export default function ManagedKeys() {
  return (
    <BarePage crumbs={[{ text: "KMS", href: "/kms" }, { text: "AWS managed keys", href: "/kms/aws-managed" }]}>
      <KeyTable title="AWS managed keys" ofAws description="Keys that AWS services make, manage and use in your account. They appear when a service first needs one." empty="No AWS managed keys yet." />
    </BarePage>
  );
}
