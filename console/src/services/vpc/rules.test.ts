import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { changesOf, CUSTOM_TCP, type EditedRule, editedOf, permissionOf, portText, portsOf, portsWritten, sourceProblem, TYPES, typeOf } from "./rules";

const typed = (id: string) => {
  const type = TYPES.find((one) => one.id === id);
  if (type === undefined) throw new Error(`there is no type ${id}`);
  return type;
};
const row = (more: Partial<EditedRule>): EditedRule => ({ key: "1", type: CUSTOM_TCP, protocol: "tcp", ports: "80", place: "custom", source: "10.0.0.0/8", description: "", ...more });

test.each([
  ["tcp", 22, 22, "SSH"], ["udp", 22, 22, "Custom UDP"], ["tcp", 22, 23, "Custom TCP"], ["tcp", 53, 53, "DNS (TCP)"], ["udp", 53, 53, "DNS (UDP)"], ["tcp", 0, 65535, "All TCP"], ["udp", 0, 65535, "All UDP"],
  ["icmp", -1, -1, "All ICMP - IPv4"], ["icmp", 8, 0, "Custom ICMP - IPv4"], ["icmpv6", -1, -1, "All ICMP - IPv6"], ["-1", undefined, undefined, "All traffic"], ["-1", 80, 80, "All traffic"], ["50", undefined, undefined, "Custom protocol"],
])("%s %s-%s is %s", (protocol, from, to, label) => expect(typeOf(protocol, from, to).label).toBe(label));

test.each([
  ["tcp", 80, 80, "80", "80"], ["tcp", 80, 90, "80 - 90", "80-90"], ["tcp", 0, 0, "0", "0"], ["tcp", 0, 65535, "0 - 65535", "0-65535"], ["-1", undefined, undefined, "All", "All"], ["-1", 80, 80, "All", "All"],
  ["icmp", -1, -1, "All", "All"], ["icmp", 8, -1, "Type 8", "8"], ["icmp", 8, 0, "Type 8, code 0", "8/0"], ["icmp", 0, 0, "Type 0, code 0", "0/0"], ["icmpv6", 128, undefined, "Type 128", "128"], ["50", undefined, undefined, "All", "All"],
])("ports of %s %s-%s are shown as %s and edited as %s", (protocol, from, to, shown, written) => {
  expect(portText(protocol, from, to)).toBe(shown);
  expect(portsWritten(protocol, from, to)).toBe(written);
});

const PORTS = "Enter a port or a range of ports between 0 and 65535.";
const ICMP = "Enter an ICMP type, or type/code, such as 8 or 8/0.";
test.each<[string, string, readonly [number, number] | string]>([
  ["custom-tcp", "80", [80, 80]], ["custom-tcp", " 80 - 90 ", [80, 90]], ["custom-tcp", "0", [0, 0]], ["custom-tcp", "65535", [65535, 65535]], ["custom-tcp", "65536", PORTS], ["custom-tcp", "", PORTS],
  ["custom-tcp", "-1", PORTS], ["custom-tcp", "80-", PORTS], ["custom-tcp", "-80", PORTS], ["custom-tcp", "http", PORTS], ["custom-tcp", "8e1", PORTS], ["custom-tcp", "80.0", PORTS], ["custom-tcp", "80,443", PORTS], ["custom-tcp", "1-2-3", PORTS],
  ["custom-tcp", "90-80", "The first port of a range is the lower one."], ["custom-tcp", "all", [0, 65535]], ["custom-udp", "All", [0, 65535]],
  ["custom-icmp", "8", [8, -1]], ["custom-icmp", "8/0", [8, 0]], ["custom-icmp", "255/255", [255, 255]], ["custom-icmp", "256", ICMP], ["custom-icmp", "8/256", ICMP], ["custom-icmp", "8-9", ICMP], ["custom-icmp", "8/0/0", ICMP], ["custom-icmp", "", ICMP], ["custom-icmp", "All", [-1, -1]],
  ["custom-protocol", "", [-1, -1]], ["custom-protocol", "80", [80, 80]],
  ["tcp-22", "whatever", [22, 22]], ["all", "80", [-1, -1]],
])("%s with the ports %j", (id, ports, expected) => {
  const type = typed(id);
  expect(portsOf(row({ type, protocol: type.protocol ?? "6", ports }))).toEqual(expected);
});

const NEEDS = "The source needs to be a CIDR block, a security group ID or a prefix list.";
test.each([
  ["0.0.0.0/0"], ["10.1.2.3/32"], [" 10.0.0.0/8 "], ["::/0"], ["2001:DB8::/32"], ["::ffff:10.0.0.0/128"], ["sg-0123456789abcdef0"], ["pl-63a5400a"],
])("%s is a source", (source) => expect(sourceProblem(row({ source }), false)).toBeUndefined());
test.each([
  ["", "Your source is required."], ["   ", "Your source is required."], ["10.0.0.0", NEEDS], ["10.0.0/8", NEEDS], ["10.0.0.0.0/8", NEEDS], ["10.0.0.0/", NEEDS], ["anywhere", NEEDS], ["sg_1", NEEDS], ["sg-", NEEDS], ["SG-1", NEEDS],
  ["256.0.0.0/8", "256.0.0.0/8 is not a valid CIDR block."], ["10.0.0.0/33", "10.0.0.0/33 is not a valid CIDR block."], ["::/129", NEEDS], ["::", NEEDS], ["g::/8", NEEDS], ["10.0.0.0/8\n0.0.0.0/0", NEEDS],
])("%j is none", (source, problem) => expect(sourceProblem(row({ source }), false)).toBe(problem));
test("of outbound rules it is the destination", () => expect(sourceProblem(row({ source: "" }), true)).toBe("Your destination is required."));

describe("what the API is sent", () => {
  const ports = { IpProtocol: "tcp", FromPort: 80, ToPort: 80 };
  test.each<[string, Partial<EditedRule>, object]>([
    ["an IPv4 block", { description: "web" }, { ...ports, IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "web" }] }],
    ["an IPv6 block", { source: "::/0 " }, { ...ports, Ipv6Ranges: [{ CidrIpv6: "::/0" }] }],
    ["a prefix list", { source: "pl-1" }, { ...ports, PrefixListIds: [{ PrefixListId: "pl-1" }] }],
    ["a group", { source: "sg-1", description: "app" }, { ...ports, UserIdGroupPairs: [{ GroupId: "sg-1", Description: "app" }] }],
    ["all traffic has no ports", { type: typed("all"), protocol: "-1", ports: "All" }, { IpProtocol: "-1", IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
    ["port 0", { ports: "0" }, { IpProtocol: "tcp", FromPort: 0, ToPort: 0, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
  ])("%s", (_, more, permission) => expect(permissionOf(row(more))).toEqual(permission));
});

describe("what an edit changes", () => {
  const before: SecurityGroupRule[] = [
    { SecurityGroupRuleId: "sgr-1", IpProtocol: "tcp", FromPort: 22, ToPort: 22, CidrIpv4: "0.0.0.0/0", Description: "ssh" },
    { SecurityGroupRuleId: "sgr-2", IpProtocol: "icmp", FromPort: 8, ToPort: 0, CidrIpv6: "::/0" },
    { SecurityGroupRuleId: "sgr-3", IpProtocol: "-1", FromPort: -1, ToPort: -1, ReferencedGroupInfo: { GroupId: "sg-1" } },
    { SecurityGroupRuleId: "sgr-4", IpProtocol: "50", PrefixListId: "pl-1" },
  ];
  const rows = before.map(editedOf);
  test("nothing, where nothing was edited", () => expect(changesOf(before, rows)).toEqual({ modified: [], added: [], removed: [] }));
  test("nothing, where it was written differently", () => {
    const edited = rows.map((rule) => ({ ...rule, source: ` ${rule.source} `, ports: rule.ports.toLowerCase() }));
    expect(changesOf(before, edited)).toEqual({ modified: [], added: [], removed: [] });
  });
  test("each of the three, each once", () => {
    const [ssh, ping, , esp] = rows;
    if (ssh === undefined || ping === undefined || esp === undefined) throw new Error("rows are missing");
    const changed = { ...ssh, source: "10.0.0.0/8" };
    const added = row({ key: "new" });
    expect(changesOf(before, [changed, ping, esp, added])).toEqual({ modified: [changed], added: [added], removed: ["sgr-3"] });
  });
  test("all removed", () => expect(changesOf(before, []).removed).toEqual(["sgr-1", "sgr-2", "sgr-3", "sgr-4"]));
  test.each([["0.0.0.0/0", "ipv4"], ["::/0", "ipv6"], ["10.0.0.0/8", "custom"]])("%s is from %s", (source, place) => {
    expect(editedOf({ IpProtocol: "tcp", FromPort: 1, ToPort: 1, ...(source.includes(":") ? { CidrIpv6: source } : { CidrIpv4: source }) }).place).toBe(place);
  });
});
