import { EC2Client, type ManagedPrefixList, ModifyManagedPrefixListCommand, type PrefixListEntry } from "@aws-sdk/client-ec2";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { Page } from "../../components/Page";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { EntriesEditor, type Entry } from "./EntriesEditor";
import { crumbs, Ec2Tags, textColumn } from "./parts";
import { usePrefixListEntries, usePrefixLists } from "./read";

export default function PrefixListPage() {
  const { id = "" } = useParams();
  const lists = usePrefixLists();
  const entries = usePrefixListEntries(id);
  const [editing, setEditing] = useState(false);
  const list = lists.data?.find(({ PrefixListId }) => PrefixListId === id);
  return (
    <Page title={list?.PrefixListName ?? id} crumbs={crumbs("Managed prefix lists", "prefix-lists", id)}>
      <ReadFailed error={lists.error} what="prefix list" />
      {lists.data !== undefined && list === undefined && <Alert type="error">There is no prefix list {id} in this Region.</Alert>}
      {list !== undefined && (
        <>
          <Container header={<Header variant="h2">Details</Header>}>
            <Properties columns={4} of={[
              ["Prefix list ID", <Copyable text={id} />],
              ["Prefix list ARN", <Copyable text={list.PrefixListArn} />],
              ["State", list.State],
              ["Address family", list.AddressFamily],
              ["Max entries", list.MaxEntries],
              ["Version", list.Version],
              ["Owner ID", list.OwnerId],
            ]} />
          </Container>
          <Tabs tabs={[
            {
              id: "entries", label: "Entries",
              content: (
                <ResourceTable<PrefixListEntry>
                  title="Prefix list entries" items={entries.data} loading={entries.isLoading} error={entries.error} id={(entry) => entry.Cidr ?? ""}
                  actions={() => list.OwnerId !== "AWS" && <Button disabled={entries.data === undefined} onClick={() => setEditing(true)}>Modify entries</Button>}
                  columns={[textColumn("cidr", "CIDR", (entry) => entry.Cidr), textColumn("description", "Description", (entry) => entry.Description)]}
                />
              ),
            },
            { id: "tags", label: "Tags", content: <Ec2Tags id={id} tags={list.Tags} /> },
          ]} />
          {editing && <EditEntries list={list} before={entries.data ?? []} close={() => setEditing(false)} />}
        </>
      )}
    </Page>
  );
}

function EditEntries({ list, before, close }: { list: ManagedPrefixList; before: readonly PrefixListEntry[]; close: () => void }) {
  const [entries, setEntries] = useState<readonly Entry[]>(before.map(({ Cidr = "", Description = "" }) => ({ cidr: Cidr, description: Description })));
  const added = entries.filter(({ cidr, description }) => !before.some((entry) => entry.Cidr === cidr && (entry.Description ?? "") === description));
  const removed = before.filter((entry) => !entries.some(({ cidr }) => cidr === entry.Cidr));
  const save = useAct({
    what: "Modify prefix list",
    run: () => client(EC2Client).send(new ModifyManagedPrefixListCommand({
      PrefixListId: list.PrefixListId, CurrentVersion: list.Version,
      ...(added.length > 0 && { AddEntries: added.map(({ cidr, description }) => ({ Cidr: cidr, Description: description })) }),
      ...(removed.length > 0 && { RemoveEntries: removed.map(({ Cidr }) => ({ Cidr })) }),
    })),
    done: () => `Prefix list ${list.PrefixListId ?? ""} was modified.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Modify prefix list" action="Save prefix list" size="large" busy={save.isPending} error={save.error} disabled={added.length + removed.length === 0} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <EntriesEditor entries={entries} set={setEntries} />
    </FormModal>
  );
}
