import { DeleteSecurityGroupCommand, EC2Client } from "@aws-sdk/client-ec2";
import Alert from "@cloudscape-design/components/alert";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { client } from "../../aws/clients";
import { Page } from "../../components/Page";
import { ReadFailed } from "../../components/ReadFailed";
import { DeleteOne } from "./DeleteOne";
import { GroupDetails, GroupTabs } from "./GroupDetail";
import { Actions, crumbs } from "./parts";
import { useGroups } from "./read";

export default function SecurityGroupPage() {
  const { id = "" } = useParams();
  const [asked] = useSearchParams();
  const navigate = useNavigate();
  const groups = useGroups();
  const [deleting, setDeleting] = useState(false);
  const group = groups.data?.find(({ GroupId }) => GroupId === id);
  return (
    <Page
      title={group === undefined ? id : `${id} - ${group.GroupName ?? ""}`}
      crumbs={crumbs("Security groups", "security-groups", id)}
      actions={group !== undefined && (
        <Actions items={[
          { id: "in", text: "Edit inbound rules", run: () => void navigate(`/vpc/security-groups/${id}/inbound`) },
          { id: "out", text: "Edit outbound rules", run: () => void navigate(`/vpc/security-groups/${id}/outbound`) },
          { id: "copy", text: "Copy to new security group", run: () => void navigate(`/vpc/create-security-group?copy=${id}`) },
          { id: "delete", text: "Delete security groups", run: () => setDeleting(true) },
        ]} />
      )}
    >
      <ReadFailed error={groups.error} what="security group" />
      {groups.data !== undefined && group === undefined && <Alert type="error">There is no security group {id} in this Region.</Alert>}
      {group !== undefined && (
        <>
          <GroupDetails group={group} />
          <GroupTabs key={id} group={group} first={asked.get("tab") === "outbound" ? "outbound" : "inbound"} />
        </>
      )}
      {deleting && (
        <DeleteOne what="security group" id={id} close={() => setDeleting(false)} after={() => void navigate("/vpc/security-groups")}
          run={() => client(EC2Client).send(new DeleteSecurityGroupCommand({ GroupId: id }))} />
      )}
    </Page>
  );
}
