import { CreateDhcpOptionsCommand, DeleteDhcpOptionsCommand, type DhcpOptions, EC2Client } from "@aws-sdk/client-ec2";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { BarePage } from "../../components/Page";
import { ResourceTable } from "../../components/ResourceTable";
import { DeleteOne } from "./DeleteOne";
import { Actions, crumbs, nameColumn, named, NameField, textColumn } from "./parts";
import { useDhcpOptions } from "./read";

export default function DhcpOptionSets() {
  const options = useDhcpOptions();
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<string>();
  return (
    <BarePage crumbs={crumbs("DHCP option sets", "dhcp-option-sets")}>
      <ResourceTable<DhcpOptions>
        title="DHCP option sets"
        variant="full-page"
        items={options.data}
        loading={options.isLoading}
        error={options.error}
        id={(set) => set.DhcpOptionsId ?? ""}
        select="single"
        columns={[
          nameColumn((set) => set.Tags),
          textColumn("id", "DHCP option set ID", (set) => set.DhcpOptionsId),
          textColumn("options", "Options", (set) => (set.DhcpConfigurations ?? []).map(({ Key, Values }) => `${Key ?? ""}: ${(Values ?? []).map(({ Value }) => Value).join(", ")}`).join("; ")),
          textColumn("owner", "Owner", (set) => set.OwnerId),
        ]}
        actions={([one]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Actions items={[{ id: "delete", text: "Delete DHCP option set", disabled: one === undefined, run: () => setDeleting(one?.DhcpOptionsId) }]} />
            <Button variant="primary" onClick={() => setCreating(true)}>Create DHCP option set</Button>
          </SpaceBetween>
        )}
      />
      {creating && <CreateOptions close={() => setCreating(false)} />}
      {deleting !== undefined && (
        <DeleteOne what="DHCP option set" id={deleting} close={() => setDeleting(undefined)} run={() => client(EC2Client).send(new DeleteDhcpOptionsCommand({ DhcpOptionsId: deleting }))} />
      )}
    </BarePage>
  );
}

const FIELDS = [
  ["domain-name", "Domain name"], ["domain-name-servers", "Domain name servers"], ["ntp-servers", "NTP servers"], ["netbios-name-servers", "NetBIOS name servers"],
  ["netbios-node-type", "NetBIOS node type"],
] as const;

function CreateOptions({ close }: { close: () => void }) {
  const [name, setName] = useState("");
  const [values, setValues] = useState<Partial<Record<string, string>>>({});
  const given = FIELDS.flatMap(([Key]) => {
    const Values = (values[Key] ?? "").split(",").map((value) => value.trim()).filter((value) => value !== "");
    return Values.length === 0 ? [] : [{ Key, Values }];
  });
  const create = useAct({
    what: "Create DHCP option set",
    run: () => client(EC2Client).send(new CreateDhcpOptionsCommand({ DhcpConfigurations: given, ...named("dhcp-options", name) })),
    done: (answer) => `You have successfully created ${answer.DhcpOptions?.DhcpOptionsId ?? "the DHCP option set"}.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Create DHCP option set" action="Create DHCP option set" busy={create.isPending} error={create.error} disabled={given.length === 0} onSubmit={() => create.mutate(undefined)} onCancel={close}>
      <NameField value={name} set={setName} />
      {FIELDS.map(([key, label]) => (
        <FormField key={key} label={label} {...(key.endsWith("servers") && { constraintText: "Addresses, separated by commas." })}>
          <Input value={values[key] ?? ""} onChange={({ detail }) => setValues({ ...values, [key]: detail.value })} />
        </FormField>
      ))}
    </FormModal>
  );
}
