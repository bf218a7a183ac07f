import type { NetworkAcl, NetworkAclEntry } from "@aws-sdk/client-ec2";
import Button from "@cloudscape-design/components/button";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useNavigate } from "react-router";
import { ResourceTable } from "../../components/ResourceTable";
import { portText, protocolName, typeOf } from "./rules";

/** The last rule of every ACL, which the API numbers so and the console writes as `*`. */
export const LAST = 32767;

const PROTOCOLS: Record<string, string> = { "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6" };

/** The protocol as security groups write it; ACLs of the API have numbers. */
export function aclProtocol(entry: NetworkAclEntry): string {
  const number = entry.Protocol ?? "-1";
  return PROTOCOLS[number] ?? number;
}

export function aclPorts(entry: NetworkAclEntry): readonly [number | undefined, number | undefined] {
  if (entry.IcmpTypeCode !== undefined) return [entry.IcmpTypeCode.Type, entry.IcmpTypeCode.Code];
  return [entry.PortRange?.From, entry.PortRange?.To];
}

export function AclRules({ acl, egress }: { acl: NetworkAcl; egress: boolean }) {
  const navigate = useNavigate();
  const noun = egress ? "outbound" : "inbound";
  const entries = (acl.Entries ?? []).filter((entry) => (entry.Egress ?? false) === egress).sort((a, b) => (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0));
  const number = (entry: NetworkAclEntry) => (entry.RuleNumber === LAST ? "*" : String(entry.RuleNumber ?? ""));
  return (
    <ResourceTable<NetworkAclEntry>
      title={egress ? "Outbound rules" : "Inbound rules"}
      items={entries}
      loading={false}
      id={(entry) => `${entry.RuleNumber ?? ""} ${entry.CidrBlock ?? entry.Ipv6CidrBlock ?? ""}`}
      actions={() => <Button onClick={() => void navigate(`/vpc/network-acls/${acl.NetworkAclId ?? ""}/${noun}`)}>Edit {noun} rules</Button>}
      columns={[
        { id: "number", header: "Rule number", cell: number, value: (entry) => entry.RuleNumber },
        { id: "type", header: "Type", cell: (entry) => typeOf(aclProtocol(entry), ...aclPorts(entry)).label },
        { id: "protocol", header: "Protocol", cell: (entry) => protocolName(aclProtocol(entry)) },
        { id: "ports", header: "Port range", cell: (entry) => portText(aclProtocol(entry), ...aclPorts(entry)) },
        { id: "cidr", header: egress ? "Destination" : "Source", cell: (entry) => entry.CidrBlock ?? entry.Ipv6CidrBlock, value: (entry) => entry.CidrBlock ?? entry.Ipv6CidrBlock },
        {
          id: "action", header: "Allow/Deny", value: (entry) => entry.RuleAction,
          cell: (entry) => (entry.RuleAction === "allow" ? <StatusIndicator>Allow</StatusIndicator> : <StatusIndicator type="error">Deny</StatusIndicator>),
        },
      ]}
    />
  );
}
