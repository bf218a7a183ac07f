// What pages of VPC read.
import {
  DescribeAvailabilityZonesCommand, DescribeDhcpOptionsCommand, DescribeInternetGatewaysCommand, DescribeManagedPrefixListsCommand,
  DescribeNetworkAclsCommand, DescribeNetworkInterfacesCommand, DescribeRouteTablesCommand, DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand, DescribeSubnetsCommand, DescribeVpcAttributeCommand, DescribeVpcsCommand, EC2Client,
  GetManagedPrefixListEntriesCommand, type SecurityGroupRule, type Tag,
} from "@aws-sdk/client-ec2";
import type { Found } from "../../app/service";
import { client } from "../../aws/clients";
import { every, useRead } from "../../aws/queries";

const ec2 = () => client(EC2Client);
const PAGE = { MaxResults: 1000 };

const vpcs = () => every((NextToken) => ec2().send(new DescribeVpcsCommand({ NextToken, ...PAGE })), (a) => [a.Vpcs, a.NextToken]);
const subnets = () => every((NextToken) => ec2().send(new DescribeSubnetsCommand({ NextToken, ...PAGE })), (a) => [a.Subnets, a.NextToken]);
const groups = () =>
  every((NextToken) => ec2().send(new DescribeSecurityGroupsCommand({ NextToken, ...PAGE })), (a) => [a.SecurityGroups, a.NextToken]);
const rules = () =>
  every((NextToken) => ec2().send(new DescribeSecurityGroupRulesCommand({ NextToken, ...PAGE })), (a) => [a.SecurityGroupRules, a.NextToken]);
const tables = () =>
  every((NextToken) => ec2().send(new DescribeRouteTablesCommand({ NextToken, MaxResults: 100 })), (a) => [a.RouteTables, a.NextToken]);
const gateways = () =>
  every((NextToken) => ec2().send(new DescribeInternetGatewaysCommand({ NextToken, ...PAGE })), (a) => [a.InternetGateways, a.NextToken]);
const acls = () => every((NextToken) => ec2().send(new DescribeNetworkAclsCommand({ NextToken, ...PAGE })), (a) => [a.NetworkAcls, a.NextToken]);
const lists = () =>
  every((NextToken) => ec2().send(new DescribeManagedPrefixListsCommand({ NextToken, MaxResults: 100 })), (a) => [a.PrefixLists, a.NextToken]);

export const useVpcs = () => useRead({ key: ["ec2", "vpcs"], follows: ["AWS::EC2::VPC", "ec2.vpcs"], read: vpcs });
export const useSubnets = () => useRead({ key: ["ec2", "subnets"], follows: ["AWS::EC2::Subnet", "ec2.subnets", "ec2.network_interfaces"], read: subnets });
export const useGroups = () => useRead({ key: ["ec2", "groups"], follows: ["AWS::EC2::SecurityGroup", "ec2.security_groups"], read: groups });
export const useTables = () => useRead({ key: ["ec2", "tables"], follows: ["AWS::EC2::RouteTable", "ec2.route_tables"], read: tables });
export const useGateways = () =>
  useRead({ key: ["ec2", "gateways"], follows: ["AWS::EC2::InternetGateway", "ec2.internet_gateways"], read: gateways });
export const useAcls = () => useRead({ key: ["ec2", "acls"], follows: ["AWS::EC2::NetworkAcl", "ec2.network_acls"], read: acls });
export const usePrefixLists = () => useRead({ key: ["ec2", "prefix-lists"], follows: ["AWS::EC2::PrefixList", "ec2.prefix_lists"], read: lists });

/** All rules of all groups: the list counts them, a group's page shows its own. */
export const useRules = () => useRead({ key: ["ec2", "rules"], follows: ["AWS::EC2::SecurityGroup", "ec2.security_groups"], read: rules });

export function useDhcpOptions() {
  return useRead({
    key: ["ec2", "dhcp"], follows: ["ec2.dhcp_options"],
    read: () =>
      every((NextToken) => ec2().send(new DescribeDhcpOptionsCommand({ NextToken, ...PAGE })), (a) => [a.DhcpOptions, a.NextToken]),
  });
}

export function useInterfaces() {
  return useRead({
    key: ["ec2", "interfaces"], follows: ["AWS::EC2::NetworkInterface", "ec2.network_interfaces"],
    read: () =>
      every((NextToken) => ec2().send(new DescribeNetworkInterfacesCommand({ NextToken, ...PAGE })), (a) => [a.NetworkInterfaces, a.NextToken]),
  });
}

export function useZones() {
  return useRead({
    key: ["ec2", "zones"], read: async () => (await ec2().send(new DescribeAvailabilityZonesCommand({}))).AvailabilityZones ?? [],
  });
}

export function usePrefixListEntries(id: string) {
  return useRead({
    key: ["ec2", "prefix-list-entries", id], follows: ["AWS::EC2::PrefixList", "ec2.prefix_lists"],
    read: () =>
      every(
        (NextToken) => ec2().send(new GetManagedPrefixListEntriesCommand({ PrefixListId: id, NextToken, MaxResults: 100 })),
        (a) => [a.Entries, a.NextToken],
      ),
  });
}

export function useDnsAttributes(id: string) {
  return useRead({
    key: ["ec2", "vpc-attributes", id], follows: ["ec2.vpcs"],
    read: async () => {
      const [support, names] = await Promise.all([
        ec2().send(new DescribeVpcAttributeCommand({ VpcId: id, Attribute: "enableDnsSupport" })),
        ec2().send(new DescribeVpcAttributeCommand({ VpcId: id, Attribute: "enableDnsHostnames" })),
      ]);
      return { support: support.EnableDnsSupport?.Value === true, hostnames: names.EnableDnsHostnames?.Value === true };
    },
  });
}

/** The value of the tag Name. */
export function nameOf(tags: readonly Tag[] | undefined): string | undefined {
  const name = tags?.find(({ Key }) => Key === "Name")?.Value;
  return name === "" ? undefined : name;
}

export function rulesOf(all: readonly SecurityGroupRule[] | undefined, group: string, egress: boolean): SecurityGroupRule[] | undefined {
  return all?.filter((rule) => rule.GroupId === group && (rule.IsEgress ?? false) === egress);
}

export async function found(): Promise<Found[]> {
  const some = await Promise.allSettled([
    vpcs().then((all) => all.map(({ VpcId, Tags }) => foundAs("vpcs", "VPC", VpcId, nameOf(Tags)))),
    groups().then((all) => all.map(({ GroupId, GroupName, Tags }) => foundAs("security-groups", "Security group", GroupId, nameOf(Tags) ?? GroupName))),
    subnets().then((all) => all.map(({ SubnetId, Tags }) => foundAs("subnets", "Subnet", SubnetId, nameOf(Tags)))),
  ]);
  return some.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
}

function foundAs(path: string, kind: string, id = "", name?: string): Found {
  return { label: name === undefined ? id : `${name} (${id})`, href: `/vpc/${path}/${id}`, kind };
}
