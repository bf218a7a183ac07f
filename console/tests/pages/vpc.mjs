// Clicks through VPC: the incident of the remediation guide (R5), and the network around it.
import { fromMenu } from "../browser.mjs";
import assert from "node:assert/strict";
import {
  AuthorizeSecurityGroupIngressCommand, CreateSecurityGroupCommand, CreateVpcCommand, DescribeInternetGatewaysCommand, DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand, DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand, DescribeSubnetsCommand, DescribeVpcsCommand, EC2Client,
} from "@aws-sdk/client-ec2";

export async function run({ page, go, endpoint }) {
  const ec2 = new EC2Client({ endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  const unique = `vpc${Date.now().toString(36)}`;
  const { Vpc: lab } = await ec2.send(new CreateVpcCommand({
    CidrBlock: "10.9.0.0/16", TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "Name", Value: `Lab ${unique}` }] }],
  }));
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: `LabSG1-${unique}`, Description: "lab", VpcId: lab.VpcId }));
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [{ IpProtocol: "tcp", FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }] }));
  const rulesNow = async (egress = false) =>
    (await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [GroupId] }] }))).SecurityGroupRules
      .filter((rule) => rule.IsEgress === egress);
  const button = (name, options = {}) => page.getByRole("button", { name, exact: true, ...options });
  const option = (name) => page.getByRole("option", { name });

  // Filter by VPC narrows the list of security groups.
  await go("/vpc");
  await page.getByRole("heading", { name: "VPC dashboard" }).waitFor();
  await page.getByRole("button", { name: /^Filter by VPC/ }).click();
  await option(new RegExp(`Lab ${unique}`)).click();
  await page.getByRole("link", { name: "Security groups", exact: true }).click();
  await page.getByRole("link", { name: GroupId, exact: true }).waitFor();
  await page.getByRole("heading", { name: "Security Groups (2)" }).waitFor();

  // Select the group, its inbound rules, three rules more.
  await page.getByRole("checkbox", { name: `Select ${GroupId}` }).check();
  await page.getByRole("tab", { name: "Inbound rules" }).click();
  const [http] = await rulesNow();
  await page.getByText(http.SecurityGroupRuleId).waitFor();
  await button("Edit inbound rules").click();
  await page.getByRole("heading", { name: "Edit inbound rules" }).waitFor();
  for (const [index, type] of ["HTTPS", "SMTPS", "IMAPS"].entries()) {
    await button("Add rule").click();
    await page.getByRole("button", { name: /^Type/ }).nth(index + 1).click();
    await page.getByRole("option", { name: new RegExp(`^${type}\\b`) }).click();
    await page.getByRole("button", { name: /^Source type/ }).nth(index + 1).click();
    await option("Anywhere-IPv4").click();
  }
  await button("Save rules").click();
  await page.getByText(/Inbound security group rules successfully modified/).waitFor();
  assert.deepEqual((await rulesNow()).map(({ FromPort, ToPort, CidrIpv4, IpProtocol }) => [FromPort, ToPort, CidrIpv4, IpProtocol]).sort((a, b) => a[0] - b[0]),
    [80, 443, 465, 993].map((port) => [port, port, "0.0.0.0/0", "tcp"]));
  for (const type of ["HTTP", "HTTPS", "SMTPS", "IMAPS"]) await page.getByRole("gridcell", { name: type, exact: true }).waitFor();

  // One rule changed (same id), one deleted, one refused and repaired.
  const before = await rulesNow();
  await button("Edit inbound rules").click();
  await page.getByRole("textbox", { name: "Description - optional" }).nth(0).fill("changed here");
  await page.getByRole("button", { name: "Delete rule 4" }).click();
  await button("Add rule").click();
  await page.getByRole("textbox", { name: "Port range" }).nth(3).fill("70000");
  await button("Save rules").click();
  await page.getByText("Enter a port or a range of ports between 0 and 65535.").waitFor();
  await page.getByText("Your source is required.").waitFor();
  await page.getByRole("textbox", { name: "Port range" }).nth(3).fill("8000-8010");
  await page.getByRole("combobox", { name: "Source", exact: true }).nth(3).fill("10.0.0.0/8");
  await page.keyboard.press("Escape");
  await button("Save rules").click();
  await page.getByText(/Inbound security group rules successfully modified/).first().waitFor();
  await page.getByRole("gridcell", { name: "8000 - 8010" }).waitFor();
  const after = await rulesNow();
  assert.equal(after.length, 4);
  assert.equal(after.find(({ Description }) => Description === "changed here")?.SecurityGroupRuleId, before[0].SecurityGroupRuleId, "a changed rule keeps its id");
  assert.ok(!after.some(({ SecurityGroupRuleId }) => SecurityGroupRuleId === before[3].SecurityGroupRuleId), "the deleted rule is gone");

  // Outbound rules, and the server's own refusal.
  await page.getByRole("tab", { name: "Outbound rules" }).click();
  await button("Edit outbound rules").click();
  await button("Add rule").click();
  await page.getByRole("combobox", { name: "Destination", exact: true }).nth(1).fill("0.0.0.0/0");
  await page.keyboard.press("Escape");
  await button("Save rules").click();
  await page.getByText(/InvalidPermission.Duplicate/).first().waitFor();
  await page.getByRole("button", { name: "Delete rule 2" }).click();
  await page.getByRole("button", { name: "Delete rule 1" }).click();
  await button("Save rules").click();
  await page.getByText(/Outbound security group rules successfully modified/).waitFor();
  assert.deepEqual(await rulesNow(true), []);

  // A tag.
  await page.getByRole("tab", { name: "Tags" }).click();
  await button("Manage tags").click();
  await button("Add new tag").click();
  await page.getByLabel("Key").last().fill("Name");
  await page.keyboard.press("Escape");
  await page.getByLabel(/^Value/).last().fill("guarded");
  await page.keyboard.press("Escape");
  await button("Save changes").click();
  await page.getByRole("gridcell", { name: "guarded" }).waitFor();

  // A new group, copied; deleted again.
  await go(`/vpc/create-security-group?copy=${GroupId}`);
  await page.getByLabel("Security group name").fill(`copy-${unique}`);
  await page.getByLabel("Description of the security group").fill("a copy");
  await button("Create security group").click();
  await page.getByText(/was created successfully/).waitFor();
  const copies = (await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: "group-name", Values: [`copy-${unique}`] }] }))).SecurityGroups;
  assert.equal(copies.length, 1);
  assert.equal(copies[0].IpPermissionsEgress.length, 0);
  assert.equal(copies[0].IpPermissions.length, 4);
  await page.getByRole("heading", { level: 1, name: new RegExp(copies[0].GroupId) }).waitFor();
  await fromMenu(page, button("Actions"), { name: "Delete security groups" });
  await page.getByPlaceholder("delete").fill("delete");
  await button("Delete").click();
  await page.getByText(`You successfully deleted ${copies[0].GroupId}.`).waitFor();

  // A network: VPC, subnet, gateway, route.
  await go("/vpc/vpcs");
  await button("Create VPC").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name tag").fill(`net ${unique}`);
  await dialog.getByLabel("IPv4 CIDR").fill("10.77.0.0/16");
  await dialog.getByRole("button", { name: "Create VPC" }).click();
  await page.getByRole("heading", { level: 1, name: new RegExp(`net ${unique}`) }).waitFor();
  const [vpc] = (await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: "tag:Name", Values: [`net ${unique}`] }] }))).Vpcs;
  await go("/vpc/subnets");
  await button("Create subnet").click();
  await dialog.getByRole("button", { name: /^VPC ID/ }).click();
  await option(new RegExp(vpc.VpcId)).click();
  await dialog.getByLabel("Name tag").fill(`sub ${unique}`);
  await dialog.getByLabel("IPv4 subnet CIDR block").fill("10.78.0.0/24");
  await dialog.getByRole("button", { name: "Create subnet" }).click();
  await dialog.getByText(/InvalidSubnet.Range/).first().waitFor();
  await dialog.getByLabel("IPv4 subnet CIDR block").fill("10.77.1.0/24");
  await dialog.getByRole("button", { name: "Create subnet" }).click();
  await page.getByText(/You have successfully created 1 subnet/).waitFor();
  const [subnet] = (await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: "vpc-id", Values: [vpc.VpcId] }] }))).Subnets;
  assert.equal(subnet.CidrBlock, "10.77.1.0/24");

  await go("/vpc/internet-gateways");
  await button("Create internet gateway").click();
  await dialog.getByLabel("Name tag").fill(`gate ${unique}`);
  await dialog.getByRole("button", { name: "Create internet gateway" }).click();
  await page.getByRole("heading", { level: 1, name: new RegExp(`gate ${unique}`) }).waitFor();
  await fromMenu(page, button("Actions"), { name: "Attach to VPC" });
  await dialog.getByRole("button", { name: /^Available VPCs/ }).click();
  await option(new RegExp(vpc.VpcId)).click();
  await dialog.getByRole("button", { name: "Attach internet gateway" }).click();
  await page.getByText(/successfully attached/).waitFor();
  const [gateway] = (await ec2.send(new DescribeInternetGatewaysCommand({ Filters: [{ Name: "attachment.vpc-id", Values: [vpc.VpcId] }] }))).InternetGateways;

  await go("/vpc/route-tables");
  await button("Create route table").click();
  await dialog.getByLabel("Name tag").fill(`routes ${unique}`);
  await dialog.getByRole("button", { name: /^VPC/ }).click();
  await option(new RegExp(vpc.VpcId)).click();
  await dialog.getByRole("button", { name: "Create route table" }).click();
  await page.getByRole("heading", { level: 1, name: new RegExp(`routes ${unique}`) }).waitFor();
  await button("Edit routes").click();
  await button("Add route").click();
  await page.getByRole("combobox", { name: "Destination" }).nth(1).fill("0.0.0.0/0");
  await page.keyboard.press("Escape");
  await page.getByRole("combobox", { name: "Target" }).nth(1).fill(gateway.InternetGatewayId);
  await page.keyboard.press("Escape");
  await button("Save changes").click();
  await page.getByText(/Updated routes/).waitFor();
  await page.getByRole("tab", { name: "Subnet associations" }).click();
  await button("Edit subnet associations").click();
  await page.getByRole("checkbox", { name: `Select ${subnet.SubnetId}` }).check();
  await button("Save associations").click();
  await page.getByText(/successfully updated subnet associations/).waitFor();
  const tables = (await ec2.send(new DescribeRouteTablesCommand({ Filters: [{ Name: "association.subnet-id", Values: [subnet.SubnetId] }] }))).RouteTables;
  assert.ok(tables[0].Routes.some((route) => route.GatewayId === gateway.InternetGatewayId && route.DestinationCidrBlock === "0.0.0.0/0"));

  // The map leads from the VPC by subnet and route table to the gateway.
  await go(`/vpc/vpcs/${vpc.VpcId}`);
  await page.getByRole("link", { name: `sub ${unique}, uses route table routes ${unique}` }).waitFor();
  await page.getByRole("link", { name: `routes ${unique}, leads to ${gateway.InternetGatewayId}` }).waitFor();
  await page.getByRole("link", { name: `gate ${unique}, leads to the internet` }).waitFor();

  // Network ACL: a rule that denies.
  const [acl] = (await ec2.send(new DescribeNetworkAclsCommand({ Filters: [{ Name: "vpc-id", Values: [vpc.VpcId] }] }))).NetworkAcls;
  await go(`/vpc/network-acls/${acl.NetworkAclId}`);
  await button("Edit inbound rules").click();
  await button("Add new rule").click();
  await page.getByRole("button", { name: /^Type/ }).nth(1).click();
  await page.getByRole("option", { name: "SSH", exact: true }).click();
  await page.getByRole("button", { name: /^Allow\/Deny/ }).nth(1).click();
  await page.getByRole("option", { name: "Deny" }).click();
  await button("Save changes").click();
  await page.getByText(/successfully updated the rules/).waitFor();
  const [changed] = (await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [acl.NetworkAclId] }))).NetworkAcls;
  assert.ok(changed.Entries.some((entry) => entry.RuleNumber === 200 && entry.RuleAction === "deny" && entry.PortRange?.From === 22 && !entry.Egress));

  // A prefix list, used by nothing, and its entries.
  await go("/vpc/prefix-lists");
  await button("Create prefix list").click();
  await dialog.getByLabel("Prefix list name").fill(`list-${unique}`);
  await dialog.getByRole("button", { name: "Add new entry" }).click();
  await dialog.getByRole("textbox", { name: "CIDR blocks" }).fill("10.1.0.0/16");
  await dialog.getByRole("button", { name: "Create prefix list" }).click();
  await page.getByRole("heading", { level: 1, name: `list-${unique}` }).waitFor();
  await page.getByRole("gridcell", { name: "10.1.0.0/16" }).waitFor();
}
