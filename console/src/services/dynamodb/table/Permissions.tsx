import { DeleteResourcePolicyCommand, PutResourcePolicyCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import { ResourcePolicy } from "../../../components/ResourcePolicy";
import { dynamodb, useTablePolicy } from "../read";

export function Permissions({ table }: { table: TableDescription }) {
  const policy = useTablePolicy(table.TableArn);
  return (
    <ResourcePolicy
      title="Resource-based policy for table"
      description="Specifies who can use this table and its indexes, beside the identity-based policies."
      policy={policy.data}
      error={policy.error}
      save={(Policy) => dynamodb().send(new PutResourcePolicyCommand({ ResourceArn: table.TableArn, Policy }))}
      remove={() => dynamodb().send(new DeleteResourcePolicyCommand({ ResourceArn: table.TableArn }))}
    />
  );
}
