import { type GrantListEntry, RevokeGrantCommand } from "@aws-sdk/client-kms";
import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { kms, useGrants } from "./read";

export function Grants({ id }: { id: string }) {
  const grants = useGrants(id);
  const [revoking, setRevoking] = useState<GrantListEntry>();
  const revoke = useAct({
    what: "Revoke grant",
    run: ({ GrantId }: GrantListEntry) => kms().send(new RevokeGrantCommand({ KeyId: id, GrantId })),
    done: () => "Grant revoked.",
    after: () => setRevoking(undefined),
  });
  return (
    <>
      <ResourceTable
        title="Grants"
        items={grants.data}
        loading={grants.isLoading}
        error={grants.error}
        id={({ GrantId }) => GrantId ?? ""}
        select="single"
        columns={[
          { id: "id", header: "Grant ID", cell: ({ GrantId }) => GrantId, value: ({ GrantId }) => GrantId },
          { id: "name", header: "Name", cell: ({ Name }) => Name ?? "–", value: ({ Name }) => Name },
          { id: "grantee", header: "Grantee principal", cell: ({ GranteePrincipal }) => GranteePrincipal, value: ({ GranteePrincipal }) => GranteePrincipal },
          { id: "operations", header: "Operations", cell: ({ Operations }) => Operations?.join(", "), value: ({ Operations }) => Operations?.join() },
          { id: "constraints", header: "Constraints", cell: ({ Constraints }) => (Constraints === undefined ? "–" : JSON.stringify(Constraints)) },
          { id: "retiring", header: "Retiring principal", cell: ({ RetiringPrincipal }) => RetiringPrincipal ?? "–" },
          { id: "created", header: "Creation date", cell: ({ CreationDate }) => when(CreationDate) },
        ]}
        actions={([grant]) => <Button disabled={grant === undefined} onClick={() => setRevoking(grant)}>Revoke grant</Button>}
      />
      {revoking !== undefined && (
        <Confirm title="Revoke grant" action="Revoke grant" busy={revoke.isPending} onConfirm={() => revoke.mutate(revoking)} onCancel={() => setRevoking(undefined)}>
          {`${revoking.GranteePrincipal ?? ""} cannot use the key by this grant any more.`}
        </Confirm>
      )}
    </>
  );
}
