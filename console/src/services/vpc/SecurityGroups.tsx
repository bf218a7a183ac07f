import { DeleteSecurityGroupCommand, EC2Client, type SecurityGroup } from "@aws-sdk/client-ec2";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { BarePage } from "../../components/Page";
import { ResourceTable } from "../../components/ResourceTable";
import { useOfChosen } from "./chosen";
import { DeleteOne } from "./DeleteOne";
import { countOf, GroupTabs } from "./GroupDetail";
import { Actions, crumbs, idColumn, nameColumn, textColumn, vpcColumn } from "./parts";
import { rulesOf, useGroups, useRules } from "./read";

export default function SecurityGroups() {
  const navigate = useNavigate();
  const groups = useGroups();
  const rules = useRules();
  const shown = useOfChosen(groups.data, (group) => group.VpcId);
  const [deleting, setDeleting] = useState<readonly SecurityGroup[]>();
  return (
    <BarePage crumbs={crumbs("Security groups", "security-groups")}>
      <ResourceTable<SecurityGroup>
        title="Security Groups"
        variant="full-page"
        items={shown}
        loading={groups.isLoading}
        error={groups.error ?? rules.error}
        id={(group) => group.GroupId ?? ""}
        select="multi"
        columns={[
          nameColumn((group) => group.Tags),
          idColumn("Security group ID", "security-groups", (group) => group.GroupId),
          textColumn("group", "Security group name", (group) => group.GroupName),
          vpcColumn((group) => group.VpcId),
          textColumn("description", "Description", (group) => group.Description),
          textColumn("owner", "Owner", (group) => group.OwnerId),
          textColumn("inbound", "Inbound rules count", (group) => countOf(rulesOf(rules.data, group.GroupId ?? "", false))),
          textColumn("outbound", "Outbound rules count", (group) => countOf(rulesOf(rules.data, group.GroupId ?? "", true))),
        ]}
        actions={(selected) => {
          const [one] = selected;
          const single = selected.length === 1 && one !== undefined;
          return (
            <SpaceBetween direction="horizontal" size="xs">
              <Actions items={[
                { id: "view", text: "View details", disabled: !single, run: () => void navigate(`/vpc/security-groups/${one?.GroupId ?? ""}`) },
                { id: "in", text: "Edit inbound rules", disabled: !single, run: () => void navigate(`/vpc/security-groups/${one?.GroupId ?? ""}/inbound`) },
                { id: "out", text: "Edit outbound rules", disabled: !single, run: () => void navigate(`/vpc/security-groups/${one?.GroupId ?? ""}/outbound`) },
                { id: "copy", text: "Copy to new security group", disabled: !single, run: () => void navigate(`/vpc/create-security-group?copy=${one?.GroupId ?? ""}`) },
                { id: "delete", text: "Delete security groups", disabled: one === undefined, run: () => setDeleting(selected) },
              ]} />
              <Button variant="primary" onClick={() => void navigate("/vpc/create-security-group")}>Create security group</Button>
            </SpaceBetween>
          );
        }}
        below={(selected) => {
          const [one] = selected;
          return selected.length === 1 && one !== undefined && <GroupTabs key={one.GroupId} group={one} details />;
        }}
      />
      {deleting !== undefined && (
        <DeleteOne what={deleting.length === 1 ? "security group" : "security groups"} id={deleting.map(({ GroupId }) => GroupId).join(", ")}
          close={() => setDeleting(undefined)}
          run={async () => {
            for (const { GroupId } of deleting) await client(EC2Client).send(new DeleteSecurityGroupCommand({ GroupId }));
          }} />
      )}
    </BarePage>
  );
}
