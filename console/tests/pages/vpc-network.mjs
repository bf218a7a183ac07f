// Clicks through what a VPC's traffic goes by: lists of prefixes, sources of rules, network interfaces, routes that are led elsewhere, ACLs.
import assert from "node:assert/strict";
import {
  AttachInternetGatewayCommand, CreateInternetGatewayCommand, CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand, DescribeInternetGatewaysCommand,
  DescribeManagedPrefixListsCommand, DescribeNetworkAclsCommand, DescribeNetworkInterfacesCommand, DescribeRouteTablesCommand, DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand, EC2Client, GetManagedPrefixListEntriesCommand,
} from "@aws-sdk/client-ec2";
import { handsOn, settingsOf } from "./steps.mjs";

const named = (ResourceType, Value) => ({ TagSpecifications: [{ ResourceType, Tags: [{ Key: "Name", Value }] }] });

export async function run({ page, go, endpoint }) {
  const ec2 = new EC2Client(settingsOf(endpoint));
  const { Vpc: { VpcId } } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.50.0.0/16", ...named("vpc", "Workshop") }));
  const { Subnet: { SubnetId } } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.50.1.0/24", ...named("subnet", "bench") }));
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: "workers", Description: "Workers" }));
  const hands = { ...handsOn(page), page, go, ec2, VpcId, SubnetId, GroupId };
  const list = await prefixLists(hands);
  await groupRules(hands, list);
  await interfaces(hands);
  await routes(hands);
  await acls(hands);
}

/** A list whose entries come, change and go, each time with the list's next version. */
async function prefixLists({ page, go, ec2, button, dialog, field, act, select, confirm, says }) {
  const add = async (cidr, description) => {
    await button("Add new entry", dialog).click();
    await field("CIDR blocks", dialog).last().fill(cidr);
    await field("Description - optional", dialog).last().fill(description);
  };
  await go("/vpc/prefix-lists");
  await button("Create prefix list").click();
  await field("Prefix list name", dialog).fill("offices");
  await field("Max entries", dialog).fill("2");
  await add("10.1.0.0/16", "North");
  await add("10.2.0.0/16", "South");
  await button("Create prefix list", dialog).click();
  await page.getByRole("heading", { level: 1, name: "offices" }).waitFor();
  const [{ PrefixListId }] = (await ec2.send(new DescribeManagedPrefixListsCommand({ Filters: [{ Name: "prefix-list-name", Values: ["offices"] }] }))).PrefixLists;
  const entries = async () => (await ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId }))).Entries.map(({ Cidr, Description }) => `${Cidr} ${Description}`).sort();
  assert.deepEqual(await entries(), ["10.1.0.0/16 North", "10.2.0.0/16 South"]);

  // One changed, one removed, one added: at once, and no more than there is room for.
  await button("Modify entries").click();
  await field("Description - optional", dialog).nth(0).fill("Northeast");
  await button("Remove", dialog).last().click();
  await add("10.3.0.0/16", "West");
  await add("10.4.0.0/16", "East");
  await button("Save prefix list", dialog).click();
  await dialog.getByText(/maximum/i).first().waitFor();
  await button("Remove", dialog).last().click();
  await button("Save prefix list", dialog).click();
  await says(`Prefix list ${PrefixListId} was modified.`);
  assert.deepEqual(await entries(), ["10.1.0.0/16 Northeast", "10.3.0.0/16 West"]);
  await page.getByRole("gridcell", { name: "Northeast", exact: true }).waitFor();

  await go("/vpc/prefix-lists");
  await button("Create prefix list").click();
  await field("Prefix list name", dialog).fill("sixes");
  await dialog.getByRole("radio", { name: "IPv6" }).check();
  await add("2001:db8::/32", "Documentation");
  await button("Create prefix list", dialog).click();
  await page.getByRole("gridcell", { name: "2001:db8::/32", exact: true }).waitFor();
  const of = async () => (await ec2.send(new DescribeManagedPrefixListsCommand({ Filters: [{ Name: "prefix-list-name", Values: ["sixes"] }] }))).PrefixLists;
  const [six] = await of();
  assert.equal(six.AddressFamily, "IPv6");
  await go("/vpc/prefix-lists");
  await select(six.PrefixListId);
  await act("Delete prefix list");
  await confirm("Delete", "delete");
  await says(`You successfully deleted ${six.PrefixListId}.`);
  assert.deepEqual(await of(), []);
  return PrefixListId;
}

/** Sources of all kinds, seen before they are saved; and the group copied by the menu. */
async function groupRules({ page, go, ec2, GroupId, button, act, select, says, field }, list) {
  await go("/vpc/security-groups");
  await select(GroupId);
  await act("Edit inbound rules");
  const source = (name) => page.getByRole("button", { name: /^Source type/ }).last().click().then(() => page.getByRole("option", { name, exact: true }).click());
  for (const kind of ["Anywhere-IPv6", "My IP", list, GroupId]) {
    await button("Add rule").click();
    await field("Port range").last().fill("8080");
    if (kind === list || kind === GroupId) {
      await page.getByRole("combobox", { name: "Source", exact: true }).last().fill(kind);
      await page.getByRole("option", { name: new RegExp(kind) }).first().click();
    } else {
      await source(kind);
    }
  }
  await button("Preview changes").click();
  await says("4 added, 0 modified, 0 deleted.");
  await button("Save rules").click();
  await says(/Inbound security group rules successfully modified/);
  const { SecurityGroupRules } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [GroupId] }] }));
  assert.deepEqual(SecurityGroupRules.filter(({ IsEgress }) => !IsEgress).map((rule) => rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo.GroupId).sort(),
    ["::/0", "127.0.0.1/32", list, GroupId].sort());
  await act("Copy to new security group");
  await page.getByLabel("Security group name").fill("workers of another shift");
  await button("Create security group").click();
  await says(/was created successfully/);
  const [copy] = (await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: "group-name", Values: ["workers of another shift"] }] }))).SecurityGroups;
  assert.equal(copy.Description, "Workers");
  assert.equal(copy.IpPermissions.length, 1);
  assert.deepEqual([copy.IpPermissions[0].IpRanges.length, copy.IpPermissions[0].Ipv6Ranges.length, copy.IpPermissions[0].PrefixListIds.length, copy.IpPermissions[0].UserIdGroupPairs.length], [1, 1, 1, 1]);
}

async function interfaces({ page, go, ec2, VpcId, SubnetId, GroupId, button, dialog, field, choose, act, select, says }) {
  const all = async () => (await ec2.send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: "subnet-id", Values: [SubnetId] }] }))).NetworkInterfaces;
  await go("/vpc/network-interfaces");
  await button("Create network interface").click();
  await field("Description - optional", dialog).fill("of the lathe");
  await choose("Subnet", new RegExp(SubnetId), { within: dialog });
  await choose("Security groups", new RegExp(GroupId), { within: dialog, several: true });
  await button("Create network interface", dialog).click();
  await says(/Network interface eni-\w+ was created/);
  const [made] = await all();
  assert.deepEqual([made.Description, made.VpcId, made.Groups.map((group) => group.GroupId)], ["of the lathe", VpcId, [GroupId]]);
  await select(made.NetworkInterfaceId);
  await act("Change security groups");
  await choose("Security groups", /workers of another shift/, { within: dialog, several: true });
  await button("Save", dialog).click();
  await says(`The security groups of ${made.NetworkInterfaceId} were changed.`);
  assert.equal((await all())[0].Groups.length, 2);
  await button("Manage tags").click();
  await button("Add new tag", dialog).click();
  await dialog.getByPlaceholder("Enter key").fill("Name");
  await dialog.getByPlaceholder("Enter value").fill("lathe");
  await button("Save changes", dialog).click();
  await page.getByRole("row", { name: new RegExp(`lathe ${made.NetworkInterfaceId}`) }).waitFor();
}

/** A route is led elsewhere, loses its target, and goes; then the table does. */
async function routes({ page, go, ec2, VpcId, SubnetId, button, dialog, field, choose, act, select, confirm, says }) {
  const { InternetGateway: { InternetGatewayId } } = await ec2.send(new CreateInternetGatewayCommand({}));
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
  const [{ NetworkInterfaceId }] = (await ec2.send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: "subnet-id", Values: [SubnetId] }] }))).NetworkInterfaces;
  await go("/vpc/route-tables");
  await button("Create route table").click();
  await field("Name tag", dialog).fill("out");
  await choose("VPC", new RegExp(VpcId), { within: dialog });
  await button("Create route table", dialog).click();
  await page.getByRole("heading", { level: 1, name: /\/ out$/ }).waitFor();
  const now = async () => (await ec2.send(new DescribeRouteTablesCommand({ Filters: [{ Name: "tag:Name", Values: ["out"] }] }))).RouteTables;
  const [{ RouteTableId }] = await now();
  const route = async () => (await now())[0].Routes.filter(({ Origin }) => Origin === "CreateRoute").map(({ DestinationCidrBlock, GatewayId, NetworkInterfaceId: eni, State }) => [DestinationCidrBlock, GatewayId ?? eni, State]);
  const target = async (id) => {
    const box = page.getByRole("combobox", { name: "Target" }).nth(1);
    await box.fill(id);
    await page.getByRole("option", { name: new RegExp(id) }).first().click();
  };
  const save = async () => {
    await button("Save changes").click();
    await says(`Updated routes for ${RouteTableId} successfully.`);
    await page.getByRole("heading", { level: 1, name: /\/ out$/ }).waitFor();
  };
  await act("Edit routes");
  await button("Add route").click();
  await page.getByRole("combobox", { name: "Destination" }).nth(1).fill("192.0.2.0/24");
  await page.keyboard.press("Escape");
  await target(InternetGatewayId);
  await save();
  assert.deepEqual(await route(), [["192.0.2.0/24", InternetGatewayId, "active"]]);
  await button("Edit routes").click();
  await target(NetworkInterfaceId);
  await save();
  assert.equal((await route())[0][1], NetworkInterfaceId);

  // The interface goes, and its route is a black hole until it is removed.
  await go("/vpc/network-interfaces");
  await select(NetworkInterfaceId);
  await act("Delete");
  await confirm("Delete", "delete");
  await says(`You successfully deleted ${NetworkInterfaceId}.`);
  await go(`/vpc/route-tables/${RouteTableId}`);
  await page.getByText("Blackhole").first().waitFor();
  await button("Edit routes").click();
  await button("Remove").last().click();
  await save();
  assert.deepEqual(await route(), []);

  // A subnet comes to the table and goes back to the main one.
  const explicit = async () => (await now())[0].Associations.flatMap(({ SubnetId: id }) => id ?? []);
  for (const [how, after] of [["check", [SubnetId]], ["uncheck", []]]) {
    await act("Edit subnet associations");
    await page.getByRole("checkbox", { name: `Select ${SubnetId}` })[how]();
    await button("Save associations").click();
    await page.getByText(/You have successfully updated subnet associations/).nth(how === "check" ? 0 : 1).waitFor();
    assert.deepEqual(await explicit(), after);
  }
  await page.getByRole("heading", { level: 1, name: /\/ out$/ }).waitFor();
  await act("Delete route table");
  await confirm("Delete", "delete");
  await says(`You successfully deleted ${RouteTableId}.`);
  assert.deepEqual(await now(), []);

  await go(`/vpc/internet-gateways/${InternetGatewayId}`);
  await act("Detach from VPC");
  await button("Detach internet gateway", dialog).click();
  await says(`Internet gateway ${InternetGatewayId} successfully detached from ${VpcId}.`);
  await page.getByText("Detached", { exact: true }).first().waitFor();
  await act("Delete internet gateway");
  await confirm("Delete", "delete");
  await says(`You successfully deleted ${InternetGatewayId}.`);
  await assert.rejects(ec2.send(new DescribeInternetGatewaysCommand({ InternetGatewayIds: [InternetGatewayId] })), { name: "InvalidInternetGatewayID.NotFound" });
}

/** An ACL of one's own: rules made, changed, renumbered and removed, in both directions; subnets moved to it and back. */
async function acls({ page, go, ec2, VpcId, SubnetId, button, dialog, field, tab, choose, act, confirm, says }) {
  await go("/vpc/network-acls");
  await button("Create network ACL").click();
  await field("Name tag", dialog).fill("fence");
  await choose("VPC", new RegExp(VpcId), { within: dialog });
  await button("Create network ACL", dialog).click();
  await page.getByRole("heading", { level: 1, name: /\/ fence$/ }).waitFor();
  const now = async () => (await ec2.send(new DescribeNetworkAclsCommand({ Filters: [{ Name: "tag:Name", Values: ["fence"] }] }))).NetworkAcls;
  const [{ NetworkAclId }] = await now();
  const rules = async (egress) => (await now())[0].Entries.filter(({ Egress, RuleNumber }) => Egress === egress && RuleNumber !== 32767)
    .map(({ RuleNumber, Protocol, RuleAction, CidrBlock, Ipv6CidrBlock, PortRange, IcmpTypeCode }) => [RuleNumber, Protocol, RuleAction, CidrBlock ?? Ipv6CidrBlock, PortRange?.From ?? IcmpTypeCode?.Type, PortRange?.To ?? IcmpTypeCode?.Code]);
  const save = async (times) => {
    await button("Save changes").click();
    await page.getByText(`You have successfully updated the rules of ${NetworkAclId}.`).nth(times).waitFor();
    await page.getByRole("heading", { level: 1, name: /\/ fence$/ }).waitFor();
  };
  await button("Edit inbound rules").click();
  for (const [index, [type, cidr]] of [["HTTPS", "0.0.0.0/0"], ["All ICMP - IPv4", "10.0.0.0/8"], ["Custom TCP", "::/0"], ["All traffic", "192.0.2.0/24"]].entries()) {
    await button("Add new rule").click();
    await choose("Type", type, { at: index });
    await field("Source").nth(index).fill(cidr);
  }
  await field("Port range").nth(2).fill("70000");
  await says("Enter a port or a range of ports between 0 and 65535.");
  assert.ok(await button("Save changes").isDisabled());
  await field("Port range").nth(2).fill("1024-2048");
  await choose("Allow/Deny", "Deny", { at: 3 });
  await save(0);
  assert.deepEqual(await rules(false), [
    [100, "6", "allow", "0.0.0.0/0", 443, 443], [200, "1", "allow", "10.0.0.0/8", -1, -1], [300, "6", "allow", "::/0", 1024, 2048], [400, "-1", "deny", "192.0.2.0/24", undefined, undefined],
  ]);
  await button("Edit inbound rules").click();
  await field("Rule number").nth(0).fill("50");
  await field("Source").nth(1).fill("10.50.0.0/16");
  await button("Remove").nth(2).click();
  await save(1);
  assert.deepEqual((await rules(false)).map(([number, , action, cidr]) => [number, action, cidr]), [[50, "allow", "0.0.0.0/0"], [200, "allow", "10.50.0.0/16"], [400, "deny", "192.0.2.0/24"]]);

  await tab("Outbound rules").click();
  await button("Edit outbound rules").click();
  await button("Add new rule").click();
  await choose("Type", "Custom protocol");
  await field("Protocol").fill("50");
  await field("Destination").fill("198.51.100.0/24");
  await save(2);
  assert.deepEqual((await rules(true)).map(([number, protocol, action, cidr]) => [number, protocol, action, cidr]), [[100, "50", "allow", "198.51.100.0/24"]]);

  const aclOf = async () => (await ec2.send(new DescribeNetworkAclsCommand({ Filters: [{ Name: "association.subnet-id", Values: [SubnetId] }] }))).NetworkAcls[0];
  for (const [times, moved] of [true, false].entries()) {
    await tab("Subnet associations").click();
    await button("Edit subnet associations").click();
    if (moved) await choose("Selected subnets", /^bench\b/, { within: dialog, several: true });
    else await dialog.getByRole("button", { name: /bench/ }).last().click();
    await button("Save changes", dialog).click();
    await page.getByText(`You have successfully updated subnet associations for ${NetworkAclId}.`).nth(times).waitFor();
    assert.equal((await aclOf()).NetworkAclId === NetworkAclId, moved);
  }
  await act("Delete network ACLs");
  await confirm("Delete", "delete");
  await says(`You successfully deleted ${NetworkAclId}.`);
  assert.deepEqual(await now(), []);
}
