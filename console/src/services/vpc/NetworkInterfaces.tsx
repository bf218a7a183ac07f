import { CreateNetworkInterfaceCommand, DeleteNetworkInterfaceCommand, EC2Client, ModifyNetworkInterfaceAttributeCommand, type NetworkInterface } from "@aws-sdk/client-ec2";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { BarePage } from "../../components/Page";
import { ResourceTable } from "../../components/ResourceTable";
import { useOfChosen } from "./chosen";
import { DeleteOne } from "./DeleteOne";
import { Actions, crumbs, Ec2Tags, nameColumn, textColumn, vpcColumn } from "./parts";
import { nameOf, useGroups, useInterfaces, useSubnets } from "./read";

export default function NetworkInterfaces() {
  const interfaces = useInterfaces();
  const shown = useOfChosen(interfaces.data, (one) => one.VpcId);
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<string>();
  const [changing, setChanging] = useState<NetworkInterface>();
  return (
    <BarePage crumbs={crumbs("Network interfaces", "network-interfaces")}>
      <ResourceTable<NetworkInterface>
        title="Network interfaces"
        variant="full-page"
        items={shown}
        loading={interfaces.isLoading}
        error={interfaces.error}
        id={(one) => one.NetworkInterfaceId ?? ""}
        select="single"
        columns={[
          nameColumn((one) => one.TagSet),
          textColumn("id", "Network interface ID", (one) => one.NetworkInterfaceId),
          textColumn("subnet", "Subnet ID", (one) => one.SubnetId),
          vpcColumn((one) => one.VpcId),
          textColumn("zone", "Availability Zone", (one) => one.AvailabilityZone),
          textColumn("groups", "Security groups", (one) => (one.Groups ?? []).map(({ GroupName }) => GroupName).join(", ")),
          textColumn("type", "Interface type", (one) => one.InterfaceType),
          textColumn("status", "Status", (one) => one.Status),
          textColumn("address", "Primary private IPv4 address", (one) => one.PrivateIpAddress),
          textColumn("description", "Description", (one) => one.Description),
        ]}
        actions={([one]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Actions items={[
              { id: "groups", text: "Change security groups", disabled: one === undefined, run: () => setChanging(one) },
              { id: "delete", text: "Delete", disabled: one === undefined, run: () => setDeleting(one?.NetworkInterfaceId) },
            ]} />
            <Button variant="primary" onClick={() => setCreating(true)}>Create network interface</Button>
          </SpaceBetween>
        )}
        below={([one]) => one !== undefined && <Ec2Tags id={one.NetworkInterfaceId ?? ""} tags={one.TagSet} />}
      />
      {creating && <CreateInterface close={() => setCreating(false)} />}
      {changing !== undefined && <ChangeGroups one={changing} close={() => setChanging(undefined)} />}
      {deleting !== undefined && (
        <DeleteOne what="network interface" id={deleting} close={() => setDeleting(undefined)} run={() => client(EC2Client).send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: deleting }))} />
      )}
    </BarePage>
  );
}

function GroupsField({ vpc, value, set }: { vpc: string | undefined; value: readonly string[]; set: (ids: readonly string[]) => void }) {
  const groups = useGroups();
  const options = (groups.data ?? []).filter(({ VpcId }) => VpcId === vpc).map(({ GroupId = "", GroupName }) => ({ value: GroupId, label: GroupId, description: GroupName }));
  return (
    <FormField label="Security groups">
      <Multiselect selectedOptions={options.filter((option) => value.includes(option.value))} options={options} placeholder="Choose security groups" expandToViewport
        onChange={({ detail }) => set(detail.selectedOptions.flatMap((option) => option.value ?? []))} />
    </FormField>
  );
}

function CreateInterface({ close }: { close: () => void }) {
  const subnets = useSubnets();
  const [description, setDescription] = useState("");
  const [subnet, setSubnet] = useState("");
  const [groups, setGroups] = useState<readonly string[]>([]);
  const options = (subnets.data ?? []).map(({ SubnetId = "", Tags, AvailabilityZone }) => ({ value: SubnetId, label: SubnetId, description: [nameOf(Tags), AvailabilityZone].filter((text) => text !== undefined).join(", ") }));
  const create = useAct({
    what: "Create network interface",
    run: () => client(EC2Client).send(new CreateNetworkInterfaceCommand({
      SubnetId: subnet, ...(description !== "" && { Description: description }), ...(groups.length > 0 && { Groups: [...groups] }),
    })),
    done: (answer) => `Network interface ${answer.NetworkInterface?.NetworkInterfaceId ?? ""} was created.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Create network interface" action="Create network interface" busy={create.isPending} error={create.error} disabled={subnet === ""} onSubmit={() => create.mutate(undefined)} onCancel={close}>
      <FormField label={<>Description <i>- optional</i></>}><Input value={description} onChange={({ detail }) => setDescription(detail.value)} /></FormField>
      <FormField label="Subnet">
        <Select selectedOption={options.find(({ value }) => value === subnet) ?? null} options={options} placeholder="Select a subnet" filteringType="auto" expandToViewport
          onChange={({ detail }) => { setSubnet(detail.selectedOption.value ?? ""); setGroups([]); }} />
      </FormField>
      <GroupsField vpc={subnets.data?.find(({ SubnetId }) => SubnetId === subnet)?.VpcId} value={groups} set={setGroups} />
    </FormModal>
  );
}

function ChangeGroups({ one, close }: { one: NetworkInterface; close: () => void }) {
  const [groups, setGroups] = useState<readonly string[]>((one.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []));
  const save = useAct({
    what: "Change security groups",
    run: () => client(EC2Client).send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: one.NetworkInterfaceId, Groups: [...groups] })),
    done: () => `The security groups of ${one.NetworkInterfaceId ?? ""} were changed.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Change security groups" action="Save" busy={save.isPending} error={save.error} disabled={groups.length === 0} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <GroupsField vpc={one.VpcId} value={groups} set={setGroups} />
    </FormModal>
  );
}
