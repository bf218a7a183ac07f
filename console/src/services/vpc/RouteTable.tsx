import { DeleteRouteTableCommand, EC2Client, type RouteTable, type Subnet } from "@aws-sdk/client-ec2";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { Page } from "../../components/Page";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { DeleteOne } from "./DeleteOne";
import { Actions, crumbs, Ec2Tags, idColumn, nameColumn, textColumn, VpcLink } from "./parts";
import { nameOf, useSubnets, useTables } from "./read";
import { Routes } from "./Routes";
import { isMain } from "./RouteTables";

export default function RouteTablePage() {
  const { id = "" } = useParams();
  const navigate = useNavigate();
  const tables = useTables();
  const [deleting, setDeleting] = useState(false);
  const table = tables.data?.find(({ RouteTableId }) => RouteTableId === id);
  const name = nameOf(table?.Tags);
  return (
    <Page
      title={name === undefined ? id : `${id} / ${name}`}
      crumbs={crumbs("Route tables", "route-tables", id)}
      actions={table !== undefined && (
        <Actions items={[
          { id: "routes", text: "Edit routes", run: () => void navigate(`/vpc/route-tables/${id}/routes`) },
          { id: "subnets", text: "Edit subnet associations", run: () => void navigate(`/vpc/route-tables/${id}/associations`) },
          { id: "delete", text: "Delete route table", run: () => setDeleting(true) },
        ]} />
      )}
    >
      <ReadFailed error={tables.error} what="route table" />
      {tables.data !== undefined && table === undefined && <Alert type="error">There is no route table {id} in this Region.</Alert>}
      {table !== undefined && (
        <>
          <Container header={<Header variant="h2">Details</Header>}>
            <Properties columns={4} of={[
              ["Route table ID", <Copyable text={id} />],
              ["Main", isMain(table) ? "Yes" : "No"],
              ["VPC", <VpcLink id={table.VpcId} />],
              ["Owner ID", table.OwnerId],
            ]} />
          </Container>
          <Tabs tabs={[
            { id: "routes", label: "Routes", content: <Routes table={table} /> },
            { id: "subnets", label: "Subnet associations", content: <Associations table={table} tables={tables.data ?? []} /> },
            { id: "tags", label: "Tags", content: <Ec2Tags id={id} tags={table.Tags} /> },
          ]} />
        </>
      )}
      {deleting && (
        <DeleteOne what="route table" id={id} close={() => setDeleting(false)} after={() => void navigate("/vpc/route-tables")}
          run={() => client(EC2Client).send(new DeleteRouteTableCommand({ RouteTableId: id }))} />
      )}
    </Page>
  );
}

function Associations({ table, tables }: { table: RouteTable; tables: readonly RouteTable[] }) {
  const navigate = useNavigate();
  const subnets = useSubnets();
  const explicit = new Set((table.Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []));
  const taken = new Set(tables.flatMap(({ Associations }) => (Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? [])));
  const rest = subnets.data?.filter(({ SubnetId, VpcId }) => VpcId === table.VpcId && !taken.has(SubnetId ?? ""));
  return (
    <SpaceBetween size="l">
      <SubnetTable
        title="Explicit subnet associations" subnets={subnets.data?.filter(({ SubnetId }) => explicit.has(SubnetId ?? ""))} error={subnets.error}
        edit={() => void navigate(`/vpc/route-tables/${table.RouteTableId ?? ""}/associations`)}
      />
      {isMain(table) && <SubnetTable title="Subnets without explicit associations" subnets={rest} error={null} />}
    </SpaceBetween>
  );
}

function SubnetTable({ title, subnets, error, edit }: { title: string; subnets: readonly Subnet[] | undefined; error: Error | null; edit?: () => void }) {
  return (
    <ResourceTable<Subnet>
      title={title} items={subnets} loading={subnets === undefined && error === null} error={error} id={(subnet) => subnet.SubnetId ?? ""}
      actions={() => edit !== undefined && <Button onClick={edit}>Edit subnet associations</Button>}
      columns={[
        nameColumn((subnet) => subnet.Tags),
        idColumn("Subnet ID", "subnets", (subnet) => subnet.SubnetId),
        textColumn("cidr", "IPv4 CIDR", (subnet) => subnet.CidrBlock),
      ]}
    />
  );
}
