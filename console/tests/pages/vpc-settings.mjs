// Clicks through settings of VPCs and subnets, sets of DHCP options, and the account's default network, which goes and is made anew.
import assert from "node:assert/strict";
import {
  CreateSubnetCommand, CreateVpcCommand, DeleteInternetGatewayCommand, DeleteSubnetCommand, DescribeDhcpOptionsCommand, DescribeInternetGatewaysCommand, DescribeSubnetsCommand,
  DescribeVpcAttributeCommand, DescribeVpcsCommand, DetachInternetGatewayCommand, EC2Client,
} from "@aws-sdk/client-ec2";
import { handsOn, settingsOf } from "./steps.mjs";

const named = (ResourceType, Value) => ({ TagSpecifications: [{ ResourceType, Tags: [{ Key: "Name", Value }] }] });

export async function run({ page, go, endpoint }) {
  const ec2 = new EC2Client(settingsOf(endpoint));
  const { Vpc: { VpcId } } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.50.0.0/16", ...named("vpc", "Workshop") }));
  const { Subnet: { SubnetId } } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.50.1.0/24", ...named("subnet", "bench") }));
  const hands = { ...handsOn(page), page, go, ec2, VpcId, SubnetId };
  await optionSets(hands);
  await subnetSettings(hands);
  await defaultNetwork(hands);
}

/** A set of DHCP options, given to a VPC and taken back. */
async function optionSets({ page, go, ec2, VpcId, button, dialog, field, choose, act, select, confirm, says }) {
  const create = button("Create DHCP option set", dialog);
  await go("/vpc/dhcp-option-sets");
  await button("Create DHCP option set").click();
  await field("Name tag", dialog).fill("workshop names");
  assert.ok(await create.isDisabled(), "a set of nothing is not made");
  await field("Domain name", dialog).fill("workshop.example");
  await field("Domain name servers", dialog).fill("10.50.0.2, 10.50.0.3");
  await field("NTP servers", dialog).fill("10.50.0.4");
  await field("NetBIOS node type", dialog).fill("3");
  await create.click();
  await dialog.getByText(/Invalid/).first().waitFor();
  await field("NetBIOS node type", dialog).fill("2");
  await create.click();
  await says(/You have successfully created dopt-/);
  const [made] = (await ec2.send(new DescribeDhcpOptionsCommand({ Filters: [{ Name: "tag:Name", Values: ["workshop names"] }] }))).DhcpOptions;
  assert.deepEqual(Object.fromEntries(made.DhcpConfigurations.map(({ Key, Values }) => [Key, Values.map(({ Value }) => Value)])), {
    "domain-name": ["workshop.example"], "domain-name-servers": ["10.50.0.2", "10.50.0.3"], "ntp-servers": ["10.50.0.4"], "netbios-node-type": ["2"],
  });
  const set = made.DhcpOptionsId;

  const vpcNow = async () => {
    const attribute = async (Attribute) => ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
    const [{ Vpcs: [vpc] }, support, names] = await Promise.all([ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] })), attribute("enableDnsSupport"), attribute("enableDnsHostnames")]);
    return [vpc.DhcpOptionsId, support.EnableDnsSupport.Value, names.EnableDnsHostnames.Value];
  };
  await go(`/vpc/vpcs/${VpcId}`);
  await act("Edit VPC settings");
  await choose("DHCP option set", new RegExp(set), { within: dialog });
  await dialog.getByRole("checkbox", { name: "Enable DNS hostnames" }).check();
  await button("Save", dialog).click();
  await says(`You have successfully modified the settings for ${VpcId}.`);
  assert.deepEqual(await vpcNow(), [set, true, true]);
  await page.getByText(set, { exact: true }).first().waitFor();
  await page.getByRole("tab", { name: "CIDRs" }).click();
  await page.getByText(/vpc-cidr-assoc-\w+ \(associated\)/).waitFor();

  // In use it cannot be deleted, and says so; taken back it can.
  await go("/vpc/dhcp-option-sets");
  await select(set);
  await act("Delete DHCP option set");
  await confirm("Delete", "delete");
  await says(/DependencyViolation|has dependencies/);
  await button("Cancel", dialog).click();
  await go(`/vpc/vpcs/${VpcId}`);
  await act("Edit VPC settings");
  await choose("DHCP option set", "No DHCP option set", { within: dialog });
  await dialog.getByRole("checkbox", { name: "Enable DNS hostnames" }).uncheck();
  await dialog.getByRole("checkbox", { name: "Enable DNS resolution" }).uncheck();
  await button("Save", dialog).click();
  await says(`You have successfully modified the settings for ${VpcId}.`);
  assert.deepEqual(await vpcNow(), ["default", false, false]);
  await go("/vpc/dhcp-option-sets");
  await select(set);
  await act("Delete DHCP option set");
  await confirm("Delete", "delete");
  await says(`You successfully deleted ${set}.`);
  await assert.rejects(ec2.send(new DescribeDhcpOptionsCommand({ DhcpOptionsIds: [set] })), { name: "InvalidDhcpOptionID.NotFound" });
}

async function subnetSettings({ page, go, ec2, SubnetId, VpcId, button, dialog, tab, choose, field, act, select, confirm, says }) {
  await go(`/vpc/subnets/${SubnetId}`);
  await act("Edit subnet settings");
  await dialog.getByRole("checkbox", { name: "Enable auto-assign public IPv4 address" }).check();
  await button("Save", dialog).click();
  await says(`You have successfully changed subnet settings of ${SubnetId}.`);
  assert.equal((await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [SubnetId] }))).Subnets[0].MapPublicIpOnLaunch, true);
  for (const name of ["Network ACL inbound", "Network ACL outbound"]) {
    await tab(name).click();
    await page.getByRole("gridcell", { name: "*", exact: true }).waitFor();
  }

  // A second one, in a zone of choice, goes again.
  await go("/vpc/subnets");
  await button("Create subnet").click();
  await choose("VPC ID", new RegExp(VpcId), { within: dialog });
  await field("Name tag", dialog).fill("spare");
  await choose("Availability Zone", /^us-east-1b\b/, { within: dialog });
  await field("IPv4 subnet CIDR block", dialog).fill("10.50.2.0/24");
  await button("Create subnet", dialog).click();
  await says(/You have successfully created 1 subnet/);
  const of = async () => (await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: "tag:Name", Values: ["spare"] }] }))).Subnets;
  const [spare] = await of();
  assert.equal(spare.AvailabilityZone, "us-east-1b");
  await select(spare.SubnetId);
  await act("Delete subnet");
  await confirm("Delete", "delete");
  await says(`You successfully deleted ${spare.SubnetId}.`);
  assert.deepEqual(await of(), []);
}

/** The account's default network goes, and is made anew; a VPC of its own hardware beside it. */
async function defaultNetwork({ page, go, ec2, button, dialog, field, choose, act, select, confirm, says }) {
  const defaults = async () => (await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: "is-default", Values: ["true"] }] }))).Vpcs;
  const subnetsOf = async (id) => (await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: "vpc-id", Values: [id] }] }))).Subnets;
  const [old] = await defaults();
  await go("/vpc/vpcs");
  await button("Actions").click();
  await page.getByRole("menuitem", { name: "Create default VPC" }).and(page.locator("[aria-disabled=true]")).waitFor();
  await page.keyboard.press("Escape");
  for (const { SubnetId } of await subnetsOf(old.VpcId)) await ec2.send(new DeleteSubnetCommand({ SubnetId }));
  const { InternetGateways: [{ InternetGatewayId }] } = await ec2.send(new DescribeInternetGatewaysCommand({ Filters: [{ Name: "attachment.vpc-id", Values: [old.VpcId] }] }));
  await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId: old.VpcId }));
  await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
  await select(old.VpcId);
  await act("Delete VPC");
  await confirm("Delete", "delete");
  await says(`You successfully deleted ${old.VpcId}.`);
  assert.deepEqual(await defaults(), []);
  await act("Create default VPC");
  await says(/You successfully created vpc-/);
  const [made] = await defaults();
  assert.notEqual(made.VpcId, old.VpcId);

  const [first, ...rest] = await subnetsOf(made.VpcId);
  assert.ok(rest.length > 0);
  await ec2.send(new DeleteSubnetCommand({ SubnetId: first.SubnetId }));
  await go("/vpc/subnets");
  await act("Create default subnet");
  await choose("Availability Zone", new RegExp(`^${first.AvailabilityZone}\\b`), { within: dialog });
  await button("Create default subnet", dialog).click();
  await says(/You have successfully created 1 subnet/);
  assert.deepEqual((await subnetsOf(made.VpcId)).map(({ AvailabilityZone, DefaultForAz }) => [AvailabilityZone, DefaultForAz]).sort(), [first, ...rest].map(({ AvailabilityZone }) => [AvailabilityZone, true]).sort());

  await go("/vpc/vpcs");
  await button("Create VPC").click();
  await field("Name tag", dialog).fill("metal");
  await field("IPv4 CIDR", dialog).fill("10.60.0.0/8");
  await choose("Tenancy", "Dedicated", { within: dialog });
  await button("Create VPC", dialog).click();
  await dialog.getByText(/InvalidVpc\.Range|InvalidParameterValue/).first().waitFor();
  await field("IPv4 CIDR", dialog).fill("10.60.0.0/16");
  await button("Create VPC", dialog).click();
  await page.getByRole("heading", { level: 1, name: /\/ metal$/ }).waitFor();
  const of = async () => (await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: "tag:Name", Values: ["metal"] }] }))).Vpcs;
  const [metal] = await of();
  assert.deepEqual([metal.InstanceTenancy, metal.CidrBlock], ["dedicated", "10.60.0.0/16"]);
  await act("Delete VPC");
  await confirm("Delete", "delete");
  await says(`You successfully deleted ${metal.VpcId}.`);
  assert.deepEqual(await of(), []);
}
