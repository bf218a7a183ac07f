import { AssociateRouteTableCommand, DisassociateRouteTableCommand, EC2Client, ReplaceRouteTableAssociationCommand, type RouteTable, type Subnet } from "@aws-sdk/client-ec2";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Header from "@cloudscape-design/components/header";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Page } from "../../components/Page";
import { ReadFailed } from "../../components/ReadFailed";
import { crumbs } from "./parts";
import { nameOf, useSubnets, useTables } from "./read";

/** "Edit subnet associations" of a route table. */
export default function EditAssociations() {
  const { id = "" } = useParams();
  const tables = useTables();
  const subnets = useSubnets();
  const table = tables.data?.find(({ RouteTableId }) => RouteTableId === id);
  return (
    <Page title="Edit subnet associations" description="Change which subnets are associated with this route table."
      crumbs={[...crumbs("Route tables", "route-tables", id), { text: "Edit subnet associations", href: `/vpc/route-tables/${id}/associations` }]}>
      <ReadFailed error={tables.error ?? subnets.error} what="route table" />
      {tables.data !== undefined && table === undefined && <Alert type="error">There is no route table {id} in this Region.</Alert>}
      {table !== undefined && tables.data !== undefined && subnets.data !== undefined && (
        <Choice key={id} table={table} tables={tables.data} subnets={subnets.data.filter(({ VpcId }) => VpcId === table.VpcId)} />
      )}
    </Page>
  );
}

function Choice({ table, tables, subnets }: { table: RouteTable; tables: readonly RouteTable[]; subnets: readonly Subnet[] }) {
  const id = table.RouteTableId ?? "";
  const navigate = useNavigate();
  const before = (table.Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []);
  const [chosen, setChosen] = useState<readonly string[]>(before);
  const back = () => void navigate(`/vpc/route-tables/${id}`);
  const save = useAct({
    what: "Save associations",
    run: () => saveAssociations(table, tables, chosen),
    done: () => `You have successfully updated subnet associations for ${id}.`,
    after: back,
  });
  const usedBy = (subnet: Subnet) => associationOf(tables, subnet.SubnetId ?? "")?.RouteTableId ?? "Main";
  return (
    <>
      <Table<Subnet>
        header={<Header counter={`(${chosen.length}/${subnets.length})`}>Available subnets</Header>}
        items={subnets}
        trackBy={(subnet) => subnet.SubnetId ?? ""}
        selectionType="multi"
        selectedItems={subnets.filter(({ SubnetId = "" }) => chosen.includes(SubnetId))}
        onSelectionChange={({ detail }) => setChosen(detail.selectedItems.flatMap(({ SubnetId }) => SubnetId ?? []))}
        ariaLabels={{ tableLabel: "Available subnets", selectionGroupLabel: "Selection", allItemsSelectionLabel: () => "Select all", itemSelectionLabel: (_, { SubnetId = "" }) => `Select ${SubnetId}` }}
        empty="This VPC has no subnets."
        columnDefinitions={[
          { id: "name", header: "Name", cell: (subnet) => nameOf(subnet.Tags) ?? "–" },
          { id: "id", header: "Subnet ID", cell: (subnet) => subnet.SubnetId },
          { id: "cidr", header: "IPv4 CIDR", cell: (subnet) => subnet.CidrBlock },
          { id: "table", header: "Route table ID", cell: usedBy },
        ]}
      />
      <SpaceBetween direction="horizontal" size="xs" alignItems="end">
        <Button variant="link" onClick={back}>Cancel</Button>
        <Button variant="primary" loading={save.isPending} onClick={() => save.mutate(undefined)}>Save associations</Button>
      </SpaceBetween>
    </>
  );
}

function associationOf(tables: readonly RouteTable[], subnet: string) {
  return tables.flatMap(({ Associations }) => Associations ?? []).find(({ SubnetId }) => SubnetId === subnet);
}

async function saveAssociations(table: RouteTable, tables: readonly RouteTable[], chosen: readonly string[]): Promise<void> {
  const ec2 = client(EC2Client);
  for (const { SubnetId, RouteTableAssociationId } of table.Associations ?? []) {
    if (SubnetId !== undefined && !chosen.includes(SubnetId)) await ec2.send(new DisassociateRouteTableCommand({ AssociationId: RouteTableAssociationId }));
  }
  for (const subnet of chosen) {
    const current = associationOf(tables, subnet);
    if (current?.RouteTableId === table.RouteTableId) continue;
    if (current === undefined) await ec2.send(new AssociateRouteTableCommand({ RouteTableId: table.RouteTableId, SubnetId: subnet }));
    else await ec2.send(new ReplaceRouteTableAssociationCommand({ RouteTableId: table.RouteTableId, AssociationId: current.RouteTableAssociationId }));
  }
}
