import type { Route, RouteTable } from "@aws-sdk/client-ec2";
import Button from "@cloudscape-design/components/button";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useNavigate } from "react-router";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";

export function destinationOf(route: Route): string {
  return route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId ?? "";
}

export function targetOf(route: Route): string {
  return route.GatewayId ?? route.NetworkInterfaceId ?? route.NatGatewayId ?? route.InstanceId ?? "";
}

/** A route table's routes, with "Edit routes". */
export function Routes({ table }: { table: RouteTable }) {
  const navigate = useNavigate();
  return (
    <ResourceTable<Route>
      title="Routes"
      items={table.Routes ?? []}
      loading={false}
      id={destinationOf}
      actions={() => <Button onClick={() => void navigate(`/vpc/route-tables/${table.RouteTableId ?? ""}/routes`)}>Edit routes</Button>}
      columns={[
        { id: "destination", header: "Destination", cell: destinationOf, value: destinationOf },
        { id: "target", header: "Target", cell: (route) => <Target id={targetOf(route)} />, value: targetOf },
        {
          id: "status", header: "Status", value: (route) => route.State,
          cell: (route) => (route.State === "active" ? <StatusIndicator>Active</StatusIndicator> : <StatusIndicator type="error">Blackhole</StatusIndicator>),
        },
        { id: "propagated", header: "Propagated", cell: (route) => (route.Origin === "EnableVgwRoutePropagation" ? "Yes" : "No") },
        { id: "origin", header: "Route origin", cell: (route) => (route.Origin === "CreateRoute" ? "Create route" : "Create route table") },
      ]}
    />
  );
}

function Target({ id }: { id: string }) {
  return id.startsWith("igw-") ? <PageLink href={`/vpc/internet-gateways/${id}`}>{id}</PageLink> : <>{id}</>;
}
