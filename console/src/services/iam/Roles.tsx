import type { Role } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { DeleteRoles } from "./DeleteRoles";
import { pathOf } from "./identity";
import { ago, listCrumbs } from "./parts";
import { useRoles } from "./read";
import { trustedEntities } from "./trust";

export default function Roles() {
  const navigate = useNavigate();
  const roles = useRoles();
  const [deleting, setDeleting] = useState<readonly Role[]>();
  const trusted = ({ AssumeRolePolicyDocument, Path }: Role) =>
    trustedEntities(AssumeRolePolicyDocument).map((entity) => (Path?.startsWith("/aws-service-role/") === true ? `${entity} (Service-Linked Role)` : entity)).join(", and ");
  return (
    <BarePage crumbs={listCrumbs("role")}>
      <ResourceTable<Role>
        title="Roles"
        description="An IAM role is an identity you can create that has specific permissions with credentials that are valid for short durations. Roles can be assumed by entities that you trust."
        variant="full-page"
        items={roles.data}
        loading={roles.isLoading}
        error={roles.error}
        id={({ RoleName = "" }) => RoleName}
        select="multi"
        empty="No roles. Choose Create role to make one."
        columns={[
          { id: "name", header: "Role name", cell: ({ RoleName = "" }) => <PageLink href={pathOf({ kind: "role", name: RoleName })}>{RoleName}</PageLink>, value: ({ RoleName }) => RoleName },
          { id: "trusted", header: "Trusted entities", cell: (role) => trusted(role), value: trusted },
          { id: "last", header: "Last activity", cell: ({ RoleLastUsed }) => ago(RoleLastUsed?.LastUsedDate), value: ({ RoleLastUsed }) => RoleLastUsed?.LastUsedDate?.getTime() },
        ]}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={() => setDeleting(selected)}>Delete</Button>
            <Button variant="primary" onClick={() => void navigate("/iam/create/role")}>Create role</Button>
          </SpaceBetween>
        )}
      />
      {deleting !== undefined && <DeleteRoles roles={deleting} close={() => setDeleting(undefined)} />}
    </BarePage>
  );
}
