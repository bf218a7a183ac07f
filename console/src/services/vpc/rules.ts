// Rules of security groups as the console writes them: types with their protocol and ports, sources, and what has to be called to save an edit.
import {
  AuthorizeSecurityGroupEgressCommand, AuthorizeSecurityGroupIngressCommand, EC2Client, type IpPermission,
  ModifySecurityGroupRulesCommand, RevokeSecurityGroupEgressCommand, RevokeSecurityGroupIngressCommand, type SecurityGroupRule,
  type SecurityGroupRuleRequest,
} from "@aws-sdk/client-ec2";
import { client } from "../../aws/clients";
import { failureOf } from "../../aws/errors";

export interface RuleType {
  id: string;
  label: string;
  /** As the API writes it: `tcp`, `udp`, `icmp`, `icmpv6`, `-1`; undefined where the person writes it. */
  protocol?: string;
  /** Undefined where the person writes them. */
  ports?: readonly [number, number];
}

const port = (label: string, number: number, protocol = "tcp"): RuleType => ({
  id: `${protocol}-${number}`, label, protocol, ports: [number, number],
});

export const CUSTOM_TCP: RuleType = { id: "custom-tcp", label: "Custom TCP", protocol: "tcp" };
const CUSTOM_PROTOCOL: RuleType = { id: "custom-protocol", label: "Custom protocol" };

/** In the order of the list that the AWS console offers. */
export const TYPES: readonly RuleType[] = [
  CUSTOM_TCP,
  { id: "custom-udp", label: "Custom UDP", protocol: "udp" },
  { id: "custom-icmp", label: "Custom ICMP - IPv4", protocol: "icmp" },
  { id: "custom-icmpv6", label: "Custom ICMP - IPv6", protocol: "icmpv6" },
  CUSTOM_PROTOCOL,
  { id: "all-tcp", label: "All TCP", protocol: "tcp", ports: [0, 65535] },
  { id: "all-udp", label: "All UDP", protocol: "udp", ports: [0, 65535] },
  { id: "all-icmp", label: "All ICMP - IPv4", protocol: "icmp", ports: [-1, -1] },
  { id: "all-icmpv6", label: "All ICMP - IPv6", protocol: "icmpv6", ports: [-1, -1] },
  { id: "all", label: "All traffic", protocol: "-1", ports: [-1, -1] },
  port("SSH", 22), port("Telnet", 23), port("SMTP", 25), port("DNS (UDP)", 53, "udp"), port("DNS (TCP)", 53), port("HTTP", 80), port("POP3", 110),
  port("IMAP", 143), port("LDAP", 389), port("HTTPS", 443), port("SMB", 445), port("SMTPS", 465), port("IMAPS", 993), port("POP3S", 995),
  port("MSSQL", 1433), port("Oracle-RDS", 1521), port("NFS", 2049), port("MYSQL/Aurora", 3306), port("RDP", 3389), port("Redshift", 5439),
  port("PostgreSQL", 5432), port("WinRM-HTTP", 5985), port("WinRM-HTTPS", 5986), port("CQLSH / Cassandra", 9142),
];

/** The type that a rule of the API is shown as. */
export function typeOf(protocol: string, from: number | undefined, to: number | undefined): RuleType {
  const low = protocol === "-1" ? -1 : from;
  const high = protocol === "-1" ? -1 : to;
  const exact = TYPES.find((type) => type.protocol === protocol && type.ports?.[0] === low && type.ports?.[1] === high);
  return exact ?? TYPES.find((type) => type.protocol === protocol && type.ports === undefined) ?? CUSTOM_PROTOCOL;
}

export function protocolName(protocol: string): string {
  const names: Record<string, string> = { "-1": "All", tcp: "TCP", udp: "UDP", icmp: "ICMP", icmpv6: "IPv6 ICMP" };
  return names[protocol] ?? protocol;
}

export function portText(protocol: string, from: number | undefined, to: number | undefined): string {
  if (protocol === "-1" || from === undefined || from === -1) return "All";
  if (protocol.startsWith("icmp")) return to === undefined || to === -1 ? `Type ${from}` : `Type ${from}, code ${to}`;
  return from === to || to === undefined ? String(from) : `${from} - ${to}`;
}

/** Where a rule's traffic comes from or goes to, as the API writes it. */
export function sourceText(rule: SecurityGroupRule): string {
  return rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId ?? "";
}

export type Place = "custom" | "ipv4" | "ipv6" | "mine";

/** One row of the editor. */
export interface EditedRule {
  key: string;
  /** The rule that it edits; none where it is new. */
  before?: SecurityGroupRule;
  type: RuleType;
  protocol: string;
  ports: string;
  place: Place;
  source: string;
  description: string;
}

export function editedOf(rule: SecurityGroupRule): EditedRule {
  const protocol = rule.IpProtocol ?? "-1";
  const source = sourceText(rule);
  return {
    key: rule.SecurityGroupRuleId ?? "",
    before: rule,
    type: typeOf(protocol, rule.FromPort, rule.ToPort),
    protocol,
    ports: portsWritten(protocol, rule.FromPort, rule.ToPort),
    place: source === "0.0.0.0/0" ? "ipv4" : source === "::/0" ? "ipv6" : "custom",
    source,
    description: rule.Description ?? "",
  };
}

export function portsWritten(protocol: string, from: number | undefined, to: number | undefined): string {
  if (protocol === "-1" || from === undefined || from === -1) return "All";
  if (protocol.startsWith("icmp")) return to === undefined || to === -1 ? String(from) : `${from}/${to}`;
  return from === to ? String(from) : `${from}-${to}`;
}

/** The two numbers of a port range as written (`80`, `80-90`, `All`; ICMP's `8/0`), or what is wrong with it. */
export function portsOf(rule: EditedRule): readonly [number, number] | string {
  if (rule.type.ports !== undefined) return rule.type.ports;
  const text = rule.ports.trim();
  const icmp = rule.protocol.startsWith("icmp");
  // Only protocols without ports have them written as -1.
  if (/^all$/i.test(text) && /^(tcp|udp|6|17)$/.test(rule.protocol)) return [0, 65535];
  if (/^all$/i.test(text) || (text === "" && rule.type === CUSTOM_PROTOCOL)) return [-1, -1];
  const [from = NaN, to = icmp ? -1 : from, ...more] = text.split(icmp ? "/" : "-").map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
  const most = icmp ? 255 : 65535;
  if (more.length > 0 || Number.isNaN(from) || Number.isNaN(to) || from > most || to > most) {
    return icmp ? "Enter an ICMP type, or type/code, such as 8 or 8/0." : "Enter a port or a range of ports between 0 and 65535.";
  }
  if (!icmp && from > to) return "The first port of a range is the lower one.";
  return [from, to];
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** What is wrong with a source; the server checks the rest. */
export function sourceProblem(rule: EditedRule, egress: boolean): string | undefined {
  const source = rule.source.trim();
  const noun = egress ? "destination" : "source";
  if (source === "") return `Your ${noun} is required.`;
  if (/^(sg|pl)-[0-9a-z]+$/.test(source)) return undefined;
  if (source.includes(":")) return /^[0-9a-f:.]+\/(\d{1,2}|1[01]\d|12[0-8])$/i.test(source) ? undefined : `The ${noun} needs to be a CIDR block, a security group ID or a prefix list.`;
  const parts = IPV4.exec(source);
  if (parts === null) return `The ${noun} needs to be a CIDR block, a security group ID or a prefix list.`;
  const [, a, b, c, d, bits] = parts.map(Number);
  const inRange = [a, b, c, d].every((part) => part !== undefined && part <= 255) && bits !== undefined && bits <= 32;
  return inRange ? undefined : `${source} is not a valid CIDR block.`;
}

function requestOf(rule: EditedRule): SecurityGroupRuleRequest {
  const ports = portsOf(rule);
  const [from, to] = typeof ports === "string" ? [-1, -1] : ports;
  return {
    IpProtocol: rule.protocol,
    ...(rule.protocol !== "-1" && { FromPort: from, ToPort: to }),
    Description: rule.description,
    ...sourceOf(rule.source.trim()),
  };
}

function sourceOf(source: string): Pick<SecurityGroupRuleRequest, "CidrIpv4" | "CidrIpv6" | "PrefixListId" | "ReferencedGroupId"> {
  if (source.startsWith("sg-")) return { ReferencedGroupId: source };
  if (source.startsWith("pl-")) return { PrefixListId: source };
  return source.includes(":") ? { CidrIpv6: source } : { CidrIpv4: source };
}

export function permissionOf(rule: EditedRule): IpPermission {
  const { Description, CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId, ...ports } = requestOf(rule);
  const described = Description === "" ? {} : { Description };
  return {
    ...ports,
    ...(CidrIpv4 !== undefined && { IpRanges: [{ CidrIp: CidrIpv4, ...described }] }),
    ...(CidrIpv6 !== undefined && { Ipv6Ranges: [{ CidrIpv6, ...described }] }),
    ...(PrefixListId !== undefined && { PrefixListIds: [{ PrefixListId, ...described }] }),
    ...(ReferencedGroupId !== undefined && { UserIdGroupPairs: [{ GroupId: ReferencedGroupId, ...described }] }),
  };
}

export interface RuleChanges {
  modified: EditedRule[];
  added: EditedRule[];
  /** Ids of rules. */
  removed: string[];
}

/** What has to happen to make the rules `before` those that were edited. */
export function changesOf(before: readonly SecurityGroupRule[], edited: readonly EditedRule[]): RuleChanges {
  const kept = new Set(edited.flatMap((rule) => rule.before?.SecurityGroupRuleId ?? []));
  return {
    modified: edited.filter((rule) => rule.before !== undefined && JSON.stringify(requestOf(rule)) !== JSON.stringify(requestOf(editedOf(rule.before)))),
    added: edited.filter((rule) => rule.before === undefined),
    removed: before.flatMap(({ SecurityGroupRuleId: id }) => (id === undefined || kept.has(id) ? [] : [id])),
  };
}

/** Saves: ModifySecurityGroupRules, then Revoke…, then Authorize…, each only where there is something for it. */
export async function saveRules(group: string, egress: boolean, { modified, added, removed }: RuleChanges): Promise<void> {
  const ec2 = client(EC2Client);
  let saved = false;
  try {
    if (modified.length > 0) {
      await ec2.send(new ModifySecurityGroupRulesCommand({
        GroupId: group,
        SecurityGroupRules: modified.map((rule) => ({ SecurityGroupRuleId: rule.before?.SecurityGroupRuleId, SecurityGroupRule: requestOf(rule) })),
      }));
      saved = true;
    }
    if (removed.length > 0) {
      const input = { GroupId: group, SecurityGroupRuleIds: removed };
      await (egress ? ec2.send(new RevokeSecurityGroupEgressCommand(input)) : ec2.send(new RevokeSecurityGroupIngressCommand(input)));
      saved = true;
    }
    if (added.length > 0) {
      const input = { GroupId: group, IpPermissions: added.map(permissionOf) };
      await (egress ? ec2.send(new AuthorizeSecurityGroupEgressCommand(input)) : ec2.send(new AuthorizeSecurityGroupIngressCommand(input)));
    }
  } catch (error) {
    if (!saved) throw error;
    const { code, message } = failureOf(error);
    const partly = new Error(`${message} Other changes of yours have been saved: load this page again to see the rules as they are now.`);
    partly.name = code;
    throw partly;
  }
}
