import { DeleteSubnetCommand, EC2Client, ModifySubnetAttributeCommand, type Subnet } from "@aws-sdk/client-ec2";
import Alert from "@cloudscape-design/components/alert";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { AclRules } from "./AclRules";
import { DeleteOne } from "./DeleteOne";
import { Actions, crumbs, Ec2Tags, VpcLink, yesNo } from "./parts";
import { nameOf, useAcls, useSubnets, useTables } from "./read";
import { Routes } from "./Routes";

export default function SubnetPage() {
  const { id = "" } = useParams();
  const navigate = useNavigate();
  const subnets = useSubnets();
  const [doing, setDoing] = useState<"settings" | "delete">();
  const subnet = subnets.data?.find(({ SubnetId }) => SubnetId === id);
  const name = nameOf(subnet?.Tags);
  return (
    <Page
      title={name === undefined ? id : `${id} / ${name}`}
      crumbs={crumbs("Subnets", "subnets", id)}
      actions={subnet !== undefined && (
        <Actions items={[
          { id: "settings", text: "Edit subnet settings", run: () => setDoing("settings") },
          { id: "delete", text: "Delete subnet", run: () => setDoing("delete") },
        ]} />
      )}
    >
      <ReadFailed error={subnets.error} what="subnet" />
      {subnets.data !== undefined && subnet === undefined && <Alert type="error">There is no subnet {id} in this Region.</Alert>}
      {subnet !== undefined && <Shown subnet={subnet} />}
      {doing === "settings" && subnet !== undefined && <EditSettings subnet={subnet} close={() => setDoing(undefined)} />}
      {doing === "delete" && (
        <DeleteOne what="subnet" id={id} close={() => setDoing(undefined)} after={() => void navigate("/vpc/subnets")}
          run={() => client(EC2Client).send(new DeleteSubnetCommand({ SubnetId: id }))} />
      )}
    </Page>
  );
}

function Shown({ subnet }: { subnet: Subnet }) {
  const id = subnet.SubnetId ?? "";
  const tables = useTables();
  const acls = useAcls();
  const ofVpc = (tables.data ?? []).filter(({ VpcId }) => VpcId === subnet.VpcId);
  const table =
    ofVpc.find(({ Associations }) => Associations?.some(({ SubnetId }) => SubnetId === id) === true) ??
    ofVpc.find(({ Associations }) => Associations?.some(({ Main }) => Main === true) === true);
  const acl = acls.data?.find(({ Associations }) => Associations?.some(({ SubnetId }) => SubnetId === id) === true);
  const tableId = table?.RouteTableId ?? "";
  const aclId = acl?.NetworkAclId ?? "";
  return (
    <>
      <Container header={<Header variant="h2">Details</Header>}>
        <Properties columns={4} of={[
          ["Subnet ID", <Copyable text={id} />],
          ["Subnet ARN", <Copyable text={subnet.SubnetArn} />],
          ["State", subnet.State],
          ["IPv4 CIDR", subnet.CidrBlock],
          ["Available IPv4 addresses", subnet.AvailableIpAddressCount],
          ["Availability Zone", `${subnet.AvailabilityZone ?? ""} (${subnet.AvailabilityZoneId ?? ""})`],
          ["VPC", <VpcLink id={subnet.VpcId} />],
          ["Route table", tableId !== "" && <PageLink href={`/vpc/route-tables/${tableId}`}>{tableId}</PageLink>],
          ["Network ACL", aclId !== "" && <PageLink href={`/vpc/network-acls/${aclId}`}>{aclId}</PageLink>],
          ["Default subnet", yesNo(subnet.DefaultForAz)],
          ["Auto-assign public IPv4 address", yesNo(subnet.MapPublicIpOnLaunch)],
          ["Owner", subnet.OwnerId],
        ]} />
      </Container>
      <Tabs tabs={[
        { id: "routes", label: "Route table", content: table === undefined ? "–" : <Routes table={table} /> },
        { id: "acl-in", label: "Network ACL inbound", content: acl === undefined ? "–" : <AclRules acl={acl} egress={false} /> },
        { id: "acl-out", label: "Network ACL outbound", content: acl === undefined ? "–" : <AclRules acl={acl} egress /> },
        { id: "tags", label: "Tags", content: <Ec2Tags id={id} tags={subnet.Tags} /> },
      ]} />
    </>
  );
}

function EditSettings({ subnet, close }: { subnet: Subnet; close: () => void }) {
  const [assign, setAssign] = useState(subnet.MapPublicIpOnLaunch ?? false);
  const save = useAct({
    what: "Edit subnet settings",
    run: () => client(EC2Client).send(new ModifySubnetAttributeCommand({ SubnetId: subnet.SubnetId, MapPublicIpOnLaunch: { Value: assign } })),
    done: () => `You have successfully changed subnet settings of ${subnet.SubnetId ?? ""}.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Edit subnet settings" action="Save" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="Auto-assign IP settings" description="Requests a public IPv4 address for a new network interface in this subnet.">
        <Checkbox checked={assign} onChange={({ detail }) => setAssign(detail.checked)}>Enable auto-assign public IPv4 address</Checkbox>
      </FormField>
    </FormModal>
  );
}
