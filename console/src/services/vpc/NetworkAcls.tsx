import { CreateNetworkAclCommand, DeleteNetworkAclCommand, EC2Client, type NetworkAcl } from "@aws-sdk/client-ec2";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { BarePage } from "../../components/Page";
import { ResourceTable } from "../../components/ResourceTable";
import { useChosenVpc, useOfChosen } from "./chosen";
import { DeleteOne } from "./DeleteOne";
import { Actions, crumbs, idColumn, nameColumn, named, NameField, textColumn, VpcField, vpcColumn } from "./parts";
import { useAcls } from "./read";

export default function NetworkAcls() {
  const navigate = useNavigate();
  const acls = useAcls();
  const shown = useOfChosen(acls.data, (acl) => acl.VpcId);
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<string>();
  return (
    <BarePage crumbs={crumbs("Network ACLs", "network-acls")}>
      <ResourceTable<NetworkAcl>
        title="Network ACLs"
        variant="full-page"
        items={shown}
        loading={acls.isLoading}
        error={acls.error}
        id={(acl) => acl.NetworkAclId ?? ""}
        select="single"
        columns={[
          nameColumn((acl) => acl.Tags),
          idColumn("Network ACL ID", "network-acls", (acl) => acl.NetworkAclId),
          textColumn("subnets", "Associated with", (acl) => `${acl.Associations?.length ?? 0} Subnets`),
          textColumn("default", "Default", (acl) => (acl.IsDefault === true ? "Yes" : "No")),
          vpcColumn((acl) => acl.VpcId),
          textColumn("in", "Inbound rules count", (acl) => (acl.Entries ?? []).filter(({ Egress }) => Egress !== true).length),
          textColumn("out", "Outbound rules count", (acl) => (acl.Entries ?? []).filter(({ Egress }) => Egress === true).length),
          textColumn("owner", "Owner", (acl) => acl.OwnerId),
        ]}
        actions={([one]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Actions items={[
              { id: "view", text: "View details", disabled: one === undefined, run: () => void navigate(`/vpc/network-acls/${one?.NetworkAclId ?? ""}`) },
              { id: "delete", text: "Delete network ACLs", disabled: one === undefined, run: () => setDeleting(one?.NetworkAclId) },
            ]} />
            <Button variant="primary" onClick={() => setCreating(true)}>Create network ACL</Button>
          </SpaceBetween>
        )}
      />
      {creating && <CreateAcl close={() => setCreating(false)} />}
      {deleting !== undefined && (
        <DeleteOne what="network ACL" id={deleting} close={() => setDeleting(undefined)} run={() => client(EC2Client).send(new DeleteNetworkAclCommand({ NetworkAclId: deleting }))} />
      )}
    </BarePage>
  );
}

function CreateAcl({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const chosen = useChosenVpc();
  const [name, setName] = useState("");
  const [vpc, setVpc] = useState(chosen ?? "");
  const create = useAct({
    what: "Create network ACL",
    run: () => client(EC2Client).send(new CreateNetworkAclCommand({ VpcId: vpc, ...named("network-acl", name) })),
    done: (answer) => `Network ACL ${answer.NetworkAcl?.NetworkAclId ?? ""} was created successfully.`,
    after: (answer) => void navigate(`/vpc/network-acls/${answer.NetworkAcl?.NetworkAclId ?? ""}`),
    quiet: true,
  });
  return (
    <FormModal title="Create network ACL" action="Create network ACL" busy={create.isPending} error={create.error} disabled={vpc === ""} onSubmit={() => create.mutate(undefined)} onCancel={close}>
      <NameField value={name} set={setName} />
      <VpcField value={vpc} set={setVpc} />
    </FormModal>
  );
}
