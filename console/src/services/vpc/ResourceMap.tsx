// A VPC's map: the VPC, its subnets by zone, the route table each uses, and where the tables lead.
import type { RouteTable, Subnet, Vpc } from "@aws-sdk/client-ec2";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useLayoutEffect, useRef, useState } from "react";
import { PageLink } from "../../components/PageLink";
import { ReadFailed } from "../../components/ReadFailed";
import { nameOf, useGateways, useSubnets, useTables } from "./read";

interface Node {
  id: string;
  name: string;
  href?: string;
  /** Under which heading of its column it stands. */
  group?: string;
  /** What it leads to, by id. */
  to: readonly string[];
  /** Its lines in words, for who does not see them. */
  leads: string;
}

export function ResourceMap({ vpc }: { vpc: Vpc }) {
  const subnets = useSubnets();
  const tables = useTables();
  const gateways = useGateways();
  const id = vpc.VpcId ?? "";
  const ofVpc = <T extends { VpcId?: string }>(all: readonly T[] | undefined) => (all ?? []).filter(({ VpcId }) => VpcId === id);
  const subnetNodes = ofVpc(subnets.data).map((subnet) => subnetNode(subnet, ofVpc(tables.data)))
    .sort((a, b) => `${a.group} ${a.name}`.localeCompare(`${b.group} ${b.name}`));
  const tableNodes = ofVpc(tables.data).map(tableNode);
  const attached = (gateways.data ?? []).filter(({ Attachments }) => Attachments?.some(({ VpcId }) => VpcId === id) === true);
  const gatewayNodes: Node[] = attached.map(({ InternetGatewayId = "", Tags }) => ({
    id: InternetGatewayId, name: nameOf(Tags) ?? InternetGatewayId, href: `/vpc/internet-gateways/${InternetGatewayId}`, to: [], leads: "leads to the internet",
  }));
  const vpcNode: Node = {
    id, name: nameOf(vpc.Tags) ?? id, to: subnetNodes.map((node) => node.id), leads: `has ${subnetNodes.length} subnets`,
  };
  return (
    <Container header={<Header variant="h2">Resource map</Header>}>
      <ReadFailed error={subnets.error ?? tables.error ?? gateways.error} what="resources of the VPC" />
      <Columns columns={[
        { title: "VPC", about: "Your AWS virtual network", nodes: [vpcNode] },
        { title: `Subnets (${subnetNodes.length})`, about: "Subnets within this VPC", nodes: subnetNodes },
        { title: `Route tables (${tableNodes.length})`, about: "Route network traffic to resources", nodes: tableNodes },
        { title: `Network connections (${gatewayNodes.length})`, about: "Connections to other networks", nodes: gatewayNodes },
      ]} />
    </Container>
  );
}

function subnetNode(subnet: Subnet, tables: readonly RouteTable[]): Node {
  const id = subnet.SubnetId ?? "";
  const own = tables.find(({ Associations }) => Associations?.some(({ SubnetId }) => SubnetId === id) === true);
  const table = own ?? tables.find(({ Associations }) => Associations?.some(({ Main }) => Main === true) === true);
  const to = table?.RouteTableId;
  return {
    id, name: nameOf(subnet.Tags) ?? id, href: `/vpc/subnets/${id}`, group: subnet.AvailabilityZone ?? "",
    to: to === undefined ? [] : [to], leads: to === undefined ? "" : `uses route table ${nameOf(table?.Tags) ?? to}`,
  };
}

function tableNode(table: RouteTable): Node {
  const id = table.RouteTableId ?? "";
  const to = [...new Set((table.Routes ?? []).flatMap(({ GatewayId }) => (GatewayId === undefined || GatewayId === "local" ? [] : [GatewayId])))];
  return { id, name: nameOf(table.Tags) ?? id, href: `/vpc/route-tables/${id}`, to, leads: to.length === 0 ? "local routes only" : `leads to ${to.join(", ")}` };
}

interface Line {
  from: string;
  to: string;
  path: string;
}

function Columns({ columns }: { columns: readonly { title: string; about: string; nodes: readonly Node[] }[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [over, setOver] = useState<string>();
  const links = columns.flatMap(({ nodes }) => nodes.flatMap(({ id, to }) => to.map((end) => [id, end] as const)));
  const written = JSON.stringify(links);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const draw = () => setLines(linesOf(element, JSON.parse(written) as [string, string][]));
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    return () => observer.disconnect();
  }, [written]);
  const lit = over === undefined ? undefined : connected(over, links);
  return (
    <div ref={frame} style={{ position: "relative", display: "grid", gridTemplateColumns: `repeat(${columns.length}, minmax(150px, 1fr))`, columnGap: 56, overflowX: "auto" }}>
      <svg aria-hidden="true" style={{ position: "absolute", inset: 0, width: "100%", height: "100%", pointerEvents: "none" }}>
        {lines.map(({ from, to, path }) => {
          const bright = lit?.has(from) === true && lit.has(to);
          return (
            <path key={`${from} ${to}`} d={path} fill="none" strokeWidth={bright ? 3 : 1.5} stroke="currentColor" strokeOpacity={bright ? 1 : 0.4} />
          );
        })}
      </svg>
      {columns.map(({ title, about, nodes }) => (
        <section key={title} aria-label={title}>
          <Box variant="h3" padding="n">{title}</Box>
          <Box color="text-body-secondary" fontSize="body-s" margin={{ bottom: "s" }}>{about}</Box>
          {nodes.map((node, index) => (
            <div key={node.id}>
              {node.group !== undefined && node.group !== nodes[index - 1]?.group && <Box color="text-label" fontSize="body-s" margin={{ top: "xs" }}>{node.group}</Box>}
              <Card node={node} bright={lit?.has(node.id) === true} over={setOver} />
            </div>
          ))}
          {nodes.length === 0 && <Box color="text-status-inactive">None</Box>}
        </section>
      ))}
    </div>
  );
}

function Card({ node, bright, over }: { node: Node; bright: boolean; over: (id: string | undefined) => void }) {
  return (
    <div
      data-node={node.id}
      title={`${node.id}${node.leads === "" ? "" : `: ${node.leads}`}`}
      onMouseEnter={() => over(node.id)} onMouseLeave={() => over(undefined)} onFocus={() => over(node.id)} onBlur={() => over(undefined)}
      style={{
        position: "relative", margin: "6px 0", padding: "6px 12px", borderRadius: 8, overflowWrap: "anywhere",
        border: `2px solid ${bright ? "currentColor" : "color-mix(in srgb, currentColor 30%, transparent)"}`,
      }}
    >
      {node.href === undefined ? <b>{node.name}</b> : <PageLink href={node.href} ariaLabel={`${node.name}, ${node.leads}`}>{node.name}</PageLink>}
    </div>
  );
}

function linesOf(frame: HTMLElement, links: readonly (readonly [string, string])[]): Line[] {
  const origin = frame.getBoundingClientRect();
  const at = new Map<string, DOMRect>();
  for (const element of frame.querySelectorAll<HTMLElement>("[data-node]")) at.set(element.dataset["node"] ?? "", element.getBoundingClientRect());
  return links.flatMap(([from, to]) => {
    const [a, b] = [at.get(from), at.get(to)];
    if (a === undefined || b === undefined) return [];
    const left = frame.scrollLeft - origin.left;
    const [x1, y1, x2, y2] = [a.right + left, a.top + a.height / 2 - origin.top, b.left + left, b.top + b.height / 2 - origin.top];
    const middle = (x1 + x2) / 2;
    return [{ from, to, path: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}` }];
  });
}

/** Everything on a way through this node. */
function connected(start: string, links: readonly (readonly [string, string])[]): Set<string> {
  return new Set([...reached(start, links), ...reached(start, links.map(([from, to]) => [to, from]))]);
}

function reached(start: string, links: readonly (readonly [string, string])[]): Set<string> {
  const all = new Set([start]);
  // What is added while going through a set is gone through as well.
  for (const id of all) for (const [from, to] of links) if (from === id) all.add(to);
  return all;
}
