// What a security group's page shows, and the list below its table.
import type { SecurityGroup, SecurityGroupRule } from "@aws-sdk/client-ec2";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useNavigate } from "react-router";
import { PageLink } from "../../components/PageLink";
import { Copyable, Properties } from "../../components/Properties";
import { ResourceTable } from "../../components/ResourceTable";
import { Ec2Tags, VpcLink } from "./parts";
import { nameOf, rulesOf, useRules } from "./read";
import { portText, protocolName, sourceText, typeOf } from "./rules";

export function GroupDetails({ group }: { group: SecurityGroup }) {
  const rules = useRules();
  const id = group.GroupId ?? "";
  return (
    <Container header={<Header variant="h2">Details</Header>}>
      <Properties columns={4} of={[
        ["Security group name", group.GroupName],
        ["Security group ID", <Copyable text={id} />],
        ["Description", group.Description],
        ["VPC ID", <VpcLink id={group.VpcId} />],
        ["Owner", group.OwnerId],
        ["Inbound rules count", countOf(rulesOf(rules.data, id, false))],
        ["Outbound rules count", countOf(rulesOf(rules.data, id, true))],
      ]} />
    </Container>
  );
}

export function countOf(rules: readonly SecurityGroupRule[] | undefined): string {
  if (rules === undefined) return "–";
  return `${rules.length} Permission ${rules.length === 1 ? "entry" : "entries"}`;
}

/** Tabs Inbound rules, Outbound rules and Tags. `details` puts a tab Details before them, as under the list. */
export function GroupTabs({ group, first = "inbound", details = false }: { group: SecurityGroup; first?: string; details?: boolean }) {
  const [tab, setTab] = useState(details ? "details" : first);
  const id = group.GroupId ?? "";
  return (
    <Tabs
      activeTabId={tab}
      onChange={({ detail }) => setTab(detail.activeTabId)}
      ariaLabel={`Security group ${id}`}
      tabs={[
        ...(details ? [{ id: "details", label: "Details", content: <GroupDetails group={group} /> }] : []),
        { id: "inbound", label: "Inbound rules", content: <Rules group={group} egress={false} /> },
        { id: "outbound", label: "Outbound rules", content: <Rules group={group} egress /> },
        { id: "tags", label: "Tags", content: <Ec2Tags id={id} tags={group.Tags} /> },
      ]}
    />
  );
}

function Rules({ group, egress }: { group: SecurityGroup; egress: boolean }) {
  const navigate = useNavigate();
  const rules = useRules();
  const id = group.GroupId ?? "";
  const noun = egress ? "outbound" : "inbound";
  return (
    <ResourceTable
      title={egress ? "Outbound rules" : "Inbound rules"}
      items={rulesOf(rules.data, id, egress)}
      loading={rules.isLoading}
      error={rules.error}
      id={(rule) => rule.SecurityGroupRuleId ?? ""}
      empty={`No ${noun} rules: nothing is allowed to ${egress ? "leave" : "come in"}.`}
      actions={() => <Button onClick={() => void navigate(`/vpc/security-groups/${id}/${noun}`)}>Edit {noun} rules</Button>}
      columns={[
        { id: "name", header: "Name", cell: (rule) => nameOf(rule.Tags) ?? "–", value: (rule) => nameOf(rule.Tags) },
        { id: "id", header: "Security group rule ID", cell: (rule) => rule.SecurityGroupRuleId, value: (rule) => rule.SecurityGroupRuleId },
        { id: "version", header: "IP version", cell: (rule) => versionOf(rule) ?? "–", value: versionOf },
        { id: "type", header: "Type", cell: (rule) => typeName(rule), value: typeName },
        { id: "protocol", header: "Protocol", cell: (rule) => protocolName(rule.IpProtocol ?? "-1"), value: (rule) => rule.IpProtocol },
        { id: "port", header: "Port range", cell: (rule) => portText(rule.IpProtocol ?? "-1", rule.FromPort, rule.ToPort), value: (rule) => rule.FromPort },
        { id: "source", header: egress ? "Destination" : "Source", cell: (rule) => <Source rule={rule} />, value: sourceText },
        { id: "description", header: "Description", cell: (rule) => rule.Description ?? "–", value: (rule) => rule.Description },
      ]}
    />
  );
}

function Source({ rule }: { rule: SecurityGroupRule }) {
  const text = sourceText(rule);
  if (text.startsWith("sg-")) return <PageLink href={`/vpc/security-groups/${text}`}>{text}</PageLink>;
  if (text.startsWith("pl-")) return <PageLink href={`/vpc/prefix-lists/${text}`}>{text}</PageLink>;
  return <>{text}</>;
}

function versionOf(rule: SecurityGroupRule): string | undefined {
  if (rule.CidrIpv4 !== undefined) return "IPv4";
  return rule.CidrIpv6 === undefined ? undefined : "IPv6";
}

function typeName(rule: SecurityGroupRule): string {
  return typeOf(rule.IpProtocol ?? "-1", rule.FromPort, rule.ToPort).label;
}
