import { CreateDefaultVpcCommand, CreateVpcCommand, DeleteVpcCommand, EC2Client, type Vpc } from "@aws-sdk/client-ec2";
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
import { useOfChosen } from "./chosen";
import { DeleteOne } from "./DeleteOne";
import { Actions, crumbs, idColumn, nameColumn, named, NameField, textColumn } from "./parts";
import { useVpcs } from "./read";

export default function Vpcs() {
  const navigate = useNavigate();
  const vpcs = useVpcs();
  const shown = useOfChosen(vpcs.data, (vpc) => vpc.VpcId);
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<string>();
  const createDefault = useAct({
    what: "Create default VPC",
    run: () => client(EC2Client).send(new CreateDefaultVpcCommand({})),
    done: (answer) => `You successfully created ${answer.Vpc?.VpcId ?? "the default VPC"}.`,
  });
  return (
    <BarePage crumbs={crumbs("Your VPCs", "vpcs")}>
      <ResourceTable<Vpc>
        title="Your VPCs"
        variant="full-page"
        items={shown}
        loading={vpcs.isLoading}
        error={vpcs.error}
        id={(vpc) => vpc.VpcId ?? ""}
        select="single"
        columns={[
          nameColumn((vpc) => vpc.Tags),
          idColumn("VPC ID", "vpcs", (vpc) => vpc.VpcId),
          textColumn("state", "State", (vpc) => vpc.State),
          textColumn("cidr", "IPv4 CIDR", (vpc) => vpc.CidrBlock),
          textColumn("dhcp", "DHCP option set", (vpc) => vpc.DhcpOptionsId),
          textColumn("tenancy", "Tenancy", (vpc) => vpc.InstanceTenancy),
          textColumn("default", "Default VPC", (vpc) => (vpc.IsDefault === true ? "Yes" : "No")),
          textColumn("owner", "Owner ID", (vpc) => vpc.OwnerId),
        ]}
        actions={([one]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Actions items={[
              { id: "view", text: "View details", disabled: one === undefined, run: () => void navigate(`/vpc/vpcs/${one?.VpcId ?? ""}`) },
              { id: "default", text: "Create default VPC", disabled: vpcs.data?.some(({ IsDefault }) => IsDefault === true) ?? true, why: "There is a default VPC already.", run: () => createDefault.mutate(undefined) },
              { id: "delete", text: "Delete VPC", disabled: one === undefined, run: () => setDeleting(one?.VpcId) },
            ]} />
            <Button variant="primary" onClick={() => setCreating(true)}>Create VPC</Button>
          </SpaceBetween>
        )}
      />
      {creating && <CreateVpc close={() => setCreating(false)} />}
      {deleting !== undefined && (
        <DeleteOne what="VPC" id={deleting} close={() => setDeleting(undefined)} run={() => client(EC2Client).send(new DeleteVpcCommand({ VpcId: deleting }))} />
      )}
    </BarePage>
  );
}

const TENANCIES = [{ value: "default", label: "Default" }, { value: "dedicated", label: "Dedicated" }] as const;

function CreateVpc({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [cidr, setCidr] = useState("10.0.0.0/16");
  const [tenancy, setTenancy] = useState<(typeof TENANCIES)[number]>(TENANCIES[0]);
  const create = useAct({
    what: "Create VPC",
    run: () => client(EC2Client).send(new CreateVpcCommand({ CidrBlock: cidr, InstanceTenancy: tenancy.value, ...named("vpc", name) })),
    done: (answer) => `You successfully created ${answer.Vpc?.VpcId ?? ""}${name === "" ? "" : ` / ${name}`}.`,
    after: (answer) => void navigate(`/vpc/vpcs/${answer.Vpc?.VpcId ?? ""}`),
    quiet: true,
  });
  return (
    <FormModal title="Create VPC" action="Create VPC" busy={create.isPending} error={create.error} disabled={cidr === ""} onSubmit={() => create.mutate(undefined)} onCancel={close}>
      <NameField value={name} set={setName} />
      <FormField label="IPv4 CIDR" constraintText="CIDR block size must be between /16 and /28.">
        <Input value={cidr} onChange={({ detail }) => setCidr(detail.value)} />
      </FormField>
      <FormField label="Tenancy">
        <Select selectedOption={tenancy} options={TENANCIES} onChange={({ detail }) => setTenancy(TENANCIES.find(({ value }) => value === detail.selectedOption.value) ?? TENANCIES[0])} />
      </FormField>
    </FormModal>
  );
}
