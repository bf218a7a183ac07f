import { CreateRouteTableCommand, DeleteRouteTableCommand, EC2Client, type RouteTable } from "@aws-sdk/client-ec2";
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
import { useTables } from "./read";
import { Routes } from "./Routes";

export default function RouteTables() {
  const navigate = useNavigate();
  const tables = useTables();
  const shown = useOfChosen(tables.data, (table) => table.VpcId);
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<string>();
  return (
    <BarePage crumbs={crumbs("Route tables", "route-tables")}>
      <ResourceTable<RouteTable>
        title="Route tables"
        variant="full-page"
        items={shown}
        loading={tables.isLoading}
        error={tables.error}
        id={(table) => table.RouteTableId ?? ""}
        select="single"
        columns={[
          nameColumn((table) => table.Tags),
          idColumn("Route table ID", "route-tables", (table) => table.RouteTableId),
          textColumn("explicit", "Explicit subnet associations", (table) => subnetsOf(table) || undefined),
          textColumn("main", "Main", (table) => (isMain(table) ? "Yes" : "No")),
          vpcColumn((table) => table.VpcId),
          textColumn("owner", "Owner ID", (table) => table.OwnerId),
        ]}
        actions={([one]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Actions items={[
              { id: "view", text: "View details", disabled: one === undefined, run: () => void navigate(`/vpc/route-tables/${one?.RouteTableId ?? ""}`) },
              { id: "routes", text: "Edit routes", disabled: one === undefined, run: () => void navigate(`/vpc/route-tables/${one?.RouteTableId ?? ""}/routes`) },
              { id: "subnets", text: "Edit subnet associations", disabled: one === undefined, run: () => void navigate(`/vpc/route-tables/${one?.RouteTableId ?? ""}/associations`) },
              { id: "delete", text: "Delete route table", disabled: one === undefined, run: () => setDeleting(one?.RouteTableId) },
            ]} />
            <Button variant="primary" onClick={() => setCreating(true)}>Create route table</Button>
          </SpaceBetween>
        )}
        below={([one]) => one !== undefined && <Routes table={one} />}
      />
      {creating && <CreateRouteTable close={() => setCreating(false)} />}
      {deleting !== undefined && (
        <DeleteOne what="route table" id={deleting} close={() => setDeleting(undefined)} run={() => client(EC2Client).send(new DeleteRouteTableCommand({ RouteTableId: deleting }))} />
      )}
    </BarePage>
  );
}

export function isMain(table: RouteTable): boolean {
  return table.Associations?.some(({ Main }) => Main === true) ?? false;
}

function subnetsOf(table: RouteTable): string {
  return (table.Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []).join(", ");
}

function CreateRouteTable({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const chosen = useChosenVpc();
  const [name, setName] = useState("");
  const [vpc, setVpc] = useState(chosen ?? "");
  const create = useAct({
    what: "Create route table",
    run: () => client(EC2Client).send(new CreateRouteTableCommand({ VpcId: vpc, ...named("route-table", name) })),
    done: (answer) => `Route table ${answer.RouteTable?.RouteTableId ?? ""} was created successfully.`,
    after: (answer) => void navigate(`/vpc/route-tables/${answer.RouteTable?.RouteTableId ?? ""}`),
    quiet: true,
  });
  return (
    <FormModal title="Create route table" action="Create route table" busy={create.isPending} error={create.error} disabled={vpc === ""} onSubmit={() => create.mutate(undefined)} onCancel={close}>
      <NameField value={name} set={setName} />
      <VpcField value={vpc} set={setVpc} />
    </FormModal>
  );
}
