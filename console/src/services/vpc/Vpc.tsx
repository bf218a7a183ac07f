import { AssociateDhcpOptionsCommand, DeleteVpcCommand, EC2Client, ModifyVpcAttributeCommand, type Vpc } from "@aws-sdk/client-ec2";
import Alert from "@cloudscape-design/components/alert";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
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
import { DeleteOne } from "./DeleteOne";
import { Actions, crumbs, Ec2Tags, yesNo } from "./parts";
import { nameOf, useAcls, useDhcpOptions, useDnsAttributes, useTables, useVpcs } from "./read";
import { ResourceMap } from "./ResourceMap";

export default function VpcPage() {
  const { id = "" } = useParams();
  const navigate = useNavigate();
  const vpcs = useVpcs();
  const [doing, setDoing] = useState<"settings" | "delete">();
  const vpc = vpcs.data?.find(({ VpcId }) => VpcId === id);
  const name = nameOf(vpc?.Tags);
  return (
    <Page
      title={name === undefined ? id : `${id} / ${name}`}
      crumbs={crumbs("Your VPCs", "vpcs", id)}
      actions={vpc !== undefined && (
        <Actions items={[
          { id: "settings", text: "Edit VPC settings", run: () => setDoing("settings") },
          { id: "delete", text: "Delete VPC", run: () => setDoing("delete") },
        ]} />
      )}
    >
      <ReadFailed error={vpcs.error} what="VPC" />
      {vpcs.data !== undefined && vpc === undefined && <Alert type="error">There is no VPC {id} in this Region.</Alert>}
      {vpc !== undefined && (
        <>
          <Details vpc={vpc} />
          <Tabs tabs={[
            { id: "map", label: "Resource map", content: <ResourceMap vpc={vpc} /> },
            { id: "cidrs", label: "CIDRs", content: <Cidrs vpc={vpc} /> },
            { id: "tags", label: "Tags", content: <Ec2Tags id={id} tags={vpc.Tags} /> },
          ]} />
        </>
      )}
      {doing === "settings" && vpc !== undefined && <EditSettings vpc={vpc} close={() => setDoing(undefined)} />}
      {doing === "delete" && (
        <DeleteOne what="VPC" id={id} close={() => setDoing(undefined)} after={() => void navigate("/vpc/vpcs")}
          run={() => client(EC2Client).send(new DeleteVpcCommand({ VpcId: id }))} />
      )}
    </Page>
  );
}

function Details({ vpc }: { vpc: Vpc }) {
  const id = vpc.VpcId ?? "";
  const dns = useDnsAttributes(id);
  const tables = useTables();
  const acls = useAcls();
  const main = tables.data?.find((table) => table.VpcId === id && table.Associations?.some(({ Main }) => Main === true) === true)?.RouteTableId;
  const acl = acls.data?.find((one) => one.VpcId === id && one.IsDefault === true)?.NetworkAclId;
  const shown = (value: boolean | undefined) => (value === undefined ? "–" : value ? "Enabled" : "Disabled");
  return (
    <Container header={<Header variant="h2">Details</Header>}>
      <Properties columns={4} of={[
        ["VPC ID", <Copyable text={id} />],
        ["State", vpc.State],
        ["DNS hostnames", shown(dns.data?.hostnames)],
        ["DNS resolution", shown(dns.data?.support)],
        ["Tenancy", vpc.InstanceTenancy],
        ["DHCP option set", vpc.DhcpOptionsId],
        ["Main route table", main !== undefined && <PageLink href={`/vpc/route-tables/${main}`}>{main}</PageLink>],
        ["Main network ACL", acl !== undefined && <PageLink href={`/vpc/network-acls/${acl}`}>{acl}</PageLink>],
        ["Default VPC", yesNo(vpc.IsDefault)],
        ["IPv4 CIDR", vpc.CidrBlock],
        ["Owner ID", vpc.OwnerId],
      ]} />
    </Container>
  );
}

function Cidrs({ vpc }: { vpc: Vpc }) {
  return (
    <Container header={<Header variant="h2">CIDRs</Header>}>
      <Properties of={(vpc.CidrBlockAssociationSet ?? []).map(({ CidrBlock, AssociationId, CidrBlockState }) => [
        CidrBlock ?? "", `${AssociationId ?? ""} (${CidrBlockState?.State ?? ""})`,
      ])} />
    </Container>
  );
}

function EditSettings({ vpc, close }: { vpc: Vpc; close: () => void }) {
  const id = vpc.VpcId ?? "";
  const dns = useDnsAttributes(id);
  const dhcp = useDhcpOptions();
  const [support, setSupport] = useState<boolean>();
  const [hostnames, setHostnames] = useState<boolean>();
  const [options, setOptions] = useState(vpc.DhcpOptionsId ?? "default");
  const choices = [
    ...(dhcp.data ?? []).map(({ DhcpOptionsId = "", Tags }) => ({ value: DhcpOptionsId, label: DhcpOptionsId, description: nameOf(Tags) })),
    { value: "default", label: "No DHCP option set" },
  ];
  const save = useAct({
    what: "Edit VPC settings",
    run: async () => {
      const ec2 = client(EC2Client);
      if (options !== vpc.DhcpOptionsId) await ec2.send(new AssociateDhcpOptionsCommand({ VpcId: id, DhcpOptionsId: options }));
      if (support !== undefined && support !== dns.data?.support) {
        await ec2.send(new ModifyVpcAttributeCommand({ VpcId: id, EnableDnsSupport: { Value: support } }));
      }
      if (hostnames !== undefined && hostnames !== dns.data?.hostnames) {
        await ec2.send(new ModifyVpcAttributeCommand({ VpcId: id, EnableDnsHostnames: { Value: hostnames } }));
      }
    },
    done: () => `You have successfully modified the settings for ${id}.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Edit VPC settings" action="Save" busy={save.isPending} error={save.error ?? dns.error} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="DHCP option set">
        <Select selectedOption={choices.find(({ value }) => value === options) ?? null} options={choices} onChange={({ detail }) => setOptions(detail.selectedOption.value ?? "default")} />
      </FormField>
      <FormField label="DNS settings">
        <Checkbox checked={support ?? dns.data?.support ?? false} disabled={dns.data === undefined} onChange={({ detail }) => setSupport(detail.checked)}>Enable DNS resolution</Checkbox>
        <Checkbox checked={hostnames ?? dns.data?.hostnames ?? false} disabled={dns.data === undefined} onChange={({ detail }) => setHostnames(detail.checked)}>Enable DNS hostnames</Checkbox>
      </FormField>
    </FormModal>
  );
}
