import { DeleteNetworkAclCommand, EC2Client, type NetworkAcl, ReplaceNetworkAclAssociationCommand, type Subnet } from "@aws-sdk/client-ec2";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Multiselect from "@cloudscape-design/components/multiselect";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { Page } from "../../components/Page";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { AclRules } from "./AclRules";
import { DeleteOne } from "./DeleteOne";
import { Actions, crumbs, Ec2Tags, idColumn, nameColumn, textColumn, VpcLink, yesNo } from "./parts";
import { nameOf, useAcls, useSubnets } from "./read";

export default function NetworkAclPage() {
  const { id = "" } = useParams();
  const navigate = useNavigate();
  const acls = useAcls();
  const [deleting, setDeleting] = useState(false);
  const acl = acls.data?.find(({ NetworkAclId }) => NetworkAclId === id);
  const name = nameOf(acl?.Tags);
  return (
    <Page
      title={name === undefined ? id : `${id} / ${name}`}
      crumbs={crumbs("Network ACLs", "network-acls", id)}
      actions={acl !== undefined && <Actions items={[{ id: "delete", text: "Delete network ACLs", run: () => setDeleting(true) }]} />}
    >
      <ReadFailed error={acls.error} what="network ACL" />
      {acls.data !== undefined && acl === undefined && <Alert type="error">There is no network ACL {id} in this Region.</Alert>}
      {acl !== undefined && (
        <>
          <Container header={<Header variant="h2">Details</Header>}>
            <Properties columns={4} of={[
              ["Network ACL ID", <Copyable text={id} />],
              ["Associated with", `${acl.Associations?.length ?? 0} Subnets`],
              ["Default", yesNo(acl.IsDefault)],
              ["VPC ID", <VpcLink id={acl.VpcId} />],
              ["Owner", acl.OwnerId],
            ]} />
          </Container>
          <Tabs tabs={[
            { id: "in", label: "Inbound rules", content: <AclRules acl={acl} egress={false} /> },
            { id: "out", label: "Outbound rules", content: <AclRules acl={acl} egress /> },
            { id: "subnets", label: "Subnet associations", content: <Associations acl={acl} acls={acls.data ?? []} /> },
            { id: "tags", label: "Tags", content: <Ec2Tags id={id} tags={acl.Tags} /> },
          ]} />
        </>
      )}
      {deleting && (
        <DeleteOne what="network ACL" id={id} close={() => setDeleting(false)} after={() => void navigate("/vpc/network-acls")}
          run={() => client(EC2Client).send(new DeleteNetworkAclCommand({ NetworkAclId: id }))} />
      )}
    </Page>
  );
}

function Associations({ acl, acls }: { acl: NetworkAcl; acls: readonly NetworkAcl[] }) {
  const subnets = useSubnets();
  const [editing, setEditing] = useState(false);
  const ids = new Set((acl.Associations ?? []).map(({ SubnetId }) => SubnetId));
  return (
    <>
      <ResourceTable<Subnet>
        title="Subnet associations" items={subnets.data?.filter(({ SubnetId }) => ids.has(SubnetId))} loading={subnets.isLoading} error={subnets.error}
        id={(subnet) => subnet.SubnetId ?? ""}
        actions={() => <Button onClick={() => setEditing(true)}>Edit subnet associations</Button>}
        columns={[
          nameColumn((subnet) => subnet.Tags),
          idColumn("Subnet ID", "subnets", (subnet) => subnet.SubnetId),
          textColumn("zone", "Availability Zone", (subnet) => subnet.AvailabilityZone),
          textColumn("cidr", "IPv4 CIDR", (subnet) => subnet.CidrBlock),
        ]}
      />
      {editing && <EditAssociations acl={acl} acls={acls} close={() => setEditing(false)} />}
    </>
  );
}

/** Subnets can only be moved: each has exactly one ACL. */
function EditAssociations({ acl, acls, close }: { acl: NetworkAcl; acls: readonly NetworkAcl[]; close: () => void }) {
  const subnets = useSubnets();
  const id = acl.NetworkAclId ?? "";
  const before = (acl.Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []);
  const [chosen, setChosen] = useState<readonly string[]>(before);
  const options = (subnets.data ?? []).filter(({ VpcId }) => VpcId === acl.VpcId).map(({ SubnetId = "", Tags, CidrBlock }) => ({ value: SubnetId, label: nameOf(Tags) ?? SubnetId, description: CidrBlock }));
  const save = useAct({
    what: "Save changes",
    run: async () => {
      const fallback = acls.find((one) => one.VpcId === acl.VpcId && one.IsDefault === true)?.NetworkAclId;
      const move = async (subnet: string, to: string | undefined) => {
        const association = acls.flatMap(({ Associations }) => Associations ?? []).find(({ SubnetId }) => SubnetId === subnet);
        await client(EC2Client).send(new ReplaceNetworkAclAssociationCommand({ AssociationId: association?.NetworkAclAssociationId, NetworkAclId: to }));
      };
      for (const subnet of chosen) if (!before.includes(subnet)) await move(subnet, id);
      // What is taken from an ACL goes back to the VPC's default one.
      for (const subnet of before) if (!chosen.includes(subnet) && fallback !== id) await move(subnet, fallback);
    },
    done: () => `You have successfully updated subnet associations for ${id}.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Edit subnet associations" action="Save changes" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="Selected subnets" constraintText="A subnet that is taken away goes back to the VPC's default network ACL.">
        <Multiselect selectedOptions={options.filter(({ value }) => chosen.includes(value))} options={options} expandToViewport placeholder="Choose subnets"
          onChange={({ detail }) => setChosen(detail.selectedOptions.flatMap(({ value }) => value ?? []))} />
      </FormField>
    </FormModal>
  );
}
