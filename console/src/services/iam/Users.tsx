import type { User } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { DeleteUsers } from "./DeleteUsers";
import { pathOf } from "./identity";
import { ago, listCrumbs } from "./parts";
import { useUsers } from "./read";

export default function Users() {
  const navigate = useNavigate();
  const users = useUsers();
  const [deleting, setDeleting] = useState<readonly string[]>();
  return (
    <BarePage crumbs={listCrumbs("user")}>
      <ResourceTable<User>
        title="Users"
        description="An IAM user is an identity with long-term credentials that is used to interact with AWS in an account."
        variant="full-page"
        items={users.data}
        loading={users.isLoading}
        error={users.error}
        id={({ UserName = "" }) => UserName}
        select="multi"
        empty="No users. Choose Create user to make one."
        columns={[
          { id: "name", header: "User name", cell: ({ UserName = "" }) => <PageLink href={pathOf({ kind: "user", name: UserName })}>{UserName}</PageLink>, value: ({ UserName }) => UserName },
          { id: "path", header: "Path", cell: ({ Path }) => Path, value: ({ Path }) => Path },
          { id: "signin", header: "Console last sign-in", cell: ({ PasswordLastUsed }) => ago(PasswordLastUsed), value: ({ PasswordLastUsed }) => PasswordLastUsed?.getTime() },
          { id: "arn", header: "ARN", cell: ({ Arn }) => Arn, value: ({ Arn }) => Arn },
          { id: "created", header: "Creation time", cell: ({ CreateDate }) => when(CreateDate), value: ({ CreateDate }) => CreateDate?.getTime() },
        ]}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={() => setDeleting(selected.map(({ UserName = "" }) => UserName))}>Delete</Button>
            <Button variant="primary" onClick={() => void navigate("/iam/create/user")}>Create user</Button>
          </SpaceBetween>
        )}
      />
      {deleting !== undefined && <DeleteUsers names={deleting} close={() => setDeleting(undefined)} />}
    </BarePage>
  );
}
