import { CreateDefaultSubnetCommand, CreateSubnetCommand, DeleteSubnetCommand, EC2Client, type Subnet } from "@aws-sdk/client-ec2";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
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
import { Actions, crumbs, idColumn, nameColumn, named, NameField, textColumn, VpcField, vpcColumn, yesNo } from "./parts";
import { useSubnets, useVpcs, useZones } from "./read";

export default function Subnets() {
  const navigate = useNavigate();
  const subnets = useSubnets();
  const shown = useOfChosen(subnets.data, (subnet) => subnet.VpcId);
  const [creating, setCreating] = useState<"own" | "default">();
  const [deleting, setDeleting] = useState<string>();
  return (
    <BarePage crumbs={crumbs("Subnets", "subnets")}>
      <ResourceTable<Subnet>
        title="Subnets"
        variant="full-page"
        items={shown}
        loading={subnets.isLoading}
        error={subnets.error}
        id={(subnet) => subnet.SubnetId ?? ""}
        select="single"
        columns={[
          nameColumn((subnet) => subnet.Tags),
          idColumn("Subnet ID", "subnets", (subnet) => subnet.SubnetId),
          textColumn("state", "State", (subnet) => subnet.State),
          vpcColumn((subnet) => subnet.VpcId),
          textColumn("cidr", "IPv4 CIDR", (subnet) => subnet.CidrBlock),
          textColumn("free", "Available IPv4 addresses", (subnet) => subnet.AvailableIpAddressCount),
          textColumn("zone", "Availability Zone", (subnet) => subnet.AvailabilityZone),
          { id: "default", header: "Default subnet", cell: (subnet) => yesNo(subnet.DefaultForAz) },
          { id: "public", header: "Auto-assign public IPv4 address", cell: (subnet) => yesNo(subnet.MapPublicIpOnLaunch) },
        ]}
        actions={([one]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Actions items={[
              { id: "view", text: "View details", disabled: one === undefined, run: () => void navigate(`/vpc/subnets/${one?.SubnetId ?? ""}`) },
              { id: "default", text: "Create default subnet", run: () => setCreating("default") },
              { id: "delete", text: "Delete subnet", disabled: one === undefined, run: () => setDeleting(one?.SubnetId) },
            ]} />
            <Button variant="primary" onClick={() => setCreating("own")}>Create subnet</Button>
          </SpaceBetween>
        )}
      />
      {creating !== undefined && <CreateSubnet ofDefault={creating === "default"} close={() => setCreating(undefined)} />}
      {deleting !== undefined && (
        <DeleteOne what="subnet" id={deleting} close={() => setDeleting(undefined)} run={() => client(EC2Client).send(new DeleteSubnetCommand({ SubnetId: deleting }))} />
      )}
    </BarePage>
  );
}

const ANY_ZONE = { value: "", label: "No preference" };

function CreateSubnet({ ofDefault, close }: { ofDefault: boolean; close: () => void }) {
  const chosen = useChosenVpc();
  const vpcs = useVpcs();
  const zones = useZones();
  const [vpc, setVpc] = useState(chosen ?? "");
  const [name, setName] = useState("");
  const [zone, setZone] = useState("");
  const [cidr, setCidr] = useState("");
  const zoneOptions = [...(ofDefault ? [] : [ANY_ZONE]), ...(zones.data ?? []).map(({ ZoneName = "", ZoneId }) => ({ value: ZoneName, label: ZoneName, description: ZoneId }))];
  const create = useAct({
    what: "Create subnet",
    run: () =>
      ofDefault
        ? client(EC2Client).send(new CreateDefaultSubnetCommand({ AvailabilityZone: zone }))
        : client(EC2Client).send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: cidr, ...(zone !== "" && { AvailabilityZone: zone }), ...named("subnet", name) })),
    done: (answer) => `You have successfully created 1 subnet: ${answer.Subnet?.SubnetId ?? ""}.`,
    after: close,
    quiet: true,
  });
  const block = vpcs.data?.find(({ VpcId }) => VpcId === vpc)?.CidrBlock;
  const title = ofDefault ? "Create default subnet" : "Create subnet";
  return (
    <FormModal title={title} action={title} busy={create.isPending} error={create.error ?? zones.error} disabled={ofDefault ? zone === "" : vpc === "" || cidr === ""}
      onSubmit={() => create.mutate(undefined)} onCancel={close}>
      {!ofDefault && <VpcField label="VPC ID" value={vpc} set={setVpc} />}
      {!ofDefault && <NameField value={name} set={setName} />}
      <FormField label="Availability Zone">
        <Select selectedOption={zoneOptions.find(({ value }) => value === zone) ?? null} options={zoneOptions} placeholder="Select a zone" expandToViewport
          onChange={({ detail }) => setZone(detail.selectedOption.value ?? "")} />
      </FormField>
      {!ofDefault && (
        <FormField label="IPv4 subnet CIDR block" constraintText={block === undefined ? "Within the VPC's CIDR block." : `Within the VPC's CIDR block ${block}.`}>
          <Input value={cidr} onChange={({ detail }) => setCidr(detail.value)} placeholder="10.0.0.0/24" />
        </FormField>
      )}
    </FormModal>
  );
}
