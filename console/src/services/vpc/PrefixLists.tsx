import { CreateManagedPrefixListCommand, DeleteManagedPrefixListCommand, EC2Client, type ManagedPrefixList } from "@aws-sdk/client-ec2";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { BarePage } from "../../components/Page";
import { ResourceTable } from "../../components/ResourceTable";
import { DeleteOne } from "./DeleteOne";
import { EntriesEditor, type Entry } from "./EntriesEditor";
import { Actions, crumbs, idColumn, textColumn } from "./parts";
import { usePrefixLists } from "./read";

export default function PrefixLists() {
  const navigate = useNavigate();
  const lists = usePrefixLists();
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<string>();
  return (
    <BarePage crumbs={crumbs("Managed prefix lists", "prefix-lists")}>
      <ResourceTable<ManagedPrefixList>
        title="Managed prefix lists"
        variant="full-page"
        items={lists.data}
        loading={lists.isLoading}
        error={lists.error}
        id={(list) => list.PrefixListId ?? ""}
        select="single"
        columns={[
          idColumn("Prefix list ID", "prefix-lists", (list) => list.PrefixListId),
          textColumn("name", "Prefix list name", (list) => list.PrefixListName),
          textColumn("max", "Max entries", (list) => list.MaxEntries),
          textColumn("family", "Address family", (list) => list.AddressFamily),
          textColumn("state", "State", (list) => list.State),
          textColumn("version", "Version", (list) => list.Version),
          textColumn("owner", "Owner ID", (list) => list.OwnerId),
        ]}
        actions={([one]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Actions items={[
              { id: "view", text: "View details", disabled: one === undefined, run: () => void navigate(`/vpc/prefix-lists/${one?.PrefixListId ?? ""}`) },
              { id: "delete", text: "Delete prefix list", disabled: one === undefined, run: () => setDeleting(one?.PrefixListId) },
            ]} />
            <Button variant="primary" onClick={() => setCreating(true)}>Create prefix list</Button>
          </SpaceBetween>
        )}
      />
      {creating && <CreatePrefixList close={() => setCreating(false)} />}
      {deleting !== undefined && (
        <DeleteOne what="prefix list" id={deleting} close={() => setDeleting(undefined)} run={() => client(EC2Client).send(new DeleteManagedPrefixListCommand({ PrefixListId: deleting }))} />
      )}
    </BarePage>
  );
}

function CreatePrefixList({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [most, setMost] = useState("10");
  const [family, setFamily] = useState("IPv4");
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const create = useAct({
    what: "Create prefix list",
    run: () => client(EC2Client).send(new CreateManagedPrefixListCommand({
      PrefixListName: name, MaxEntries: Number(most), AddressFamily: family,
      Entries: entries.map(({ cidr, description }) => ({ Cidr: cidr, ...(description !== "" && { Description: description }) })),
    })),
    done: (answer) => `Prefix list ${answer.PrefixList?.PrefixListId ?? ""} was created.`,
    after: (answer) => void navigate(`/vpc/prefix-lists/${answer.PrefixList?.PrefixListId ?? ""}`),
    quiet: true,
  });
  return (
    <FormModal title="Create prefix list" action="Create prefix list" size="large" busy={create.isPending} error={create.error} disabled={name === "" || !/^\d+$/.test(most)} onSubmit={() => create.mutate(undefined)} onCancel={close}>
      <FormField label="Prefix list name"><Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus /></FormField>
      <FormField label="Max entries"><Input value={most} onChange={({ detail }) => setMost(detail.value)} inputMode="numeric" /></FormField>
      <FormField label="Address family">
        <RadioGroup value={family} onChange={({ detail }) => setFamily(detail.value)} items={[{ value: "IPv4", label: "IPv4" }, { value: "IPv6", label: "IPv6" }]} />
      </FormField>
      <EntriesEditor entries={entries} set={setEntries} />
    </FormModal>
  );
}
