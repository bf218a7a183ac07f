import type { AccessControlPolicy, Grant, Grantee } from "@aws-sdk/client-s3";
import Button from "@cloudscape-design/components/button";
import { useNavigate } from "react-router";
import { ResourceTable } from "../../../components/ResourceTable";

export const EVERYONE = "http://acs.amazonaws.com/groups/global/AllUsers";
export const AUTHENTICATED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
export const LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery";

/** Who is granted what by an access control list. */
export function AclTable({ acl, error, edit }: { acl: AccessControlPolicy | undefined; error: unknown; edit?: string }) {
  const navigate = useNavigate();
  const grantees = [...new Map((acl?.Grants ?? []).map((grant) => [idOf(grant.Grantee), grant.Grantee])).entries()];
  const owner = acl?.Owner?.ID;
  return (
    <ResourceTable
      title="Access control list (ACL)"
      description="Grant basic read/write permissions to other AWS accounts."
      items={acl === undefined ? undefined : grantees.map(([id, grantee]) => ({ id, grantee }))}
      loading={acl === undefined && error === null}
      error={error}
      id={({ id }) => id}
      columns={[
        { id: "grantee", header: "Grantee", cell: ({ grantee }) => nameOf(grantee, owner), value: ({ grantee }) => nameOf(grantee, owner) },
        { id: "objects", header: "Objects", cell: ({ id }) => permissions(acl?.Grants, id, { READ: "List", WRITE: "Write" }) },
        { id: "acl", header: "ACL", cell: ({ id }) => permissions(acl?.Grants, id, { READ_ACP: "Read", WRITE_ACP: "Write" }) },
      ]}
      actions={() => edit !== undefined && <Button ariaLabel="Edit Access control list (ACL)" onClick={() => void navigate(edit)}>Edit</Button>}
    />
  );
}

export function idOf(grantee: Grantee | undefined): string {
  return grantee?.URI ?? grantee?.ID ?? grantee?.EmailAddress ?? "";
}

export function nameOf(grantee: Grantee | undefined, owner: string | undefined): string {
  if (grantee?.URI === EVERYONE) return "Everyone (public access)";
  if (grantee?.URI === AUTHENTICATED) return "Authenticated users group (anyone with an AWS account)";
  if (grantee?.URI === LOG_DELIVERY) return "S3 log delivery group";
  if (grantee?.ID !== undefined && grantee.ID === owner) return `Bucket owner (your AWS account): ${grantee.ID}`;
  return idOf(grantee);
}

function permissions(grants: readonly Grant[] | undefined, id: string, names: Record<string, string>): string {
  const given = new Set((grants ?? []).filter(({ Grantee }) => idOf(Grantee) === id).map(({ Permission }) => Permission as string));
  const told = Object.entries(names).filter(([permission]) => given.has(permission) || given.has("FULL_CONTROL")).map(([, name]) => name);
  return told.length === 0 ? "–" : told.join(", ");
}
