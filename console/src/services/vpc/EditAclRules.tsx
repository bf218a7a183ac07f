import { CreateNetworkAclEntryCommand, DeleteNetworkAclEntryCommand, EC2Client, type NetworkAcl, type NetworkAclEntry, ReplaceNetworkAclEntryCommand } from "@aws-sdk/client-ec2";
import Alert from "@cloudscape-design/components/alert";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { Page } from "../../components/Page";
import { ReadFailed } from "../../components/ReadFailed";
import { aclPorts, aclProtocol, LAST } from "./AclRules";
import { crumbs } from "./parts";
import { useAcls } from "./read";
import { CUSTOM_TCP, type EditedRule, portsOf, portsWritten, type RuleType, typeOf, TYPES } from "./rules";

export default function EditAclRules() {
  const { id = "", direction = "inbound" } = useParams();
  const egress = direction === "outbound";
  const acls = useAcls();
  const acl = acls.data?.find(({ NetworkAclId }) => NetworkAclId === id);
  const title = egress ? "Edit outbound rules" : "Edit inbound rules";
  return (
    <Page title={title} description="Rules are tried from the lowest number; the first that matches decides."
      crumbs={[...crumbs("Network ACLs", "network-acls", id), { text: title, href: `/vpc/network-acls/${id}/${direction}` }]}>
      <ReadFailed error={acls.error} what="network ACL" />
      {acls.data !== undefined && acl === undefined && <Alert type="error">There is no network ACL {id} in this Region.</Alert>}
      {acl !== undefined && <Editor key={`${id} ${direction}`} acl={acl} egress={egress} />}
    </Page>
  );
}

interface AclRow {
  before?: NetworkAclEntry;
  number: string;
  type: RuleType;
  protocol: string;
  ports: string;
  cidr: string;
  action: "allow" | "deny";
}

const ACTIONS = [{ value: "allow", label: "Allow" }, { value: "deny", label: "Deny" }] as const;
const TYPE_OPTIONS = TYPES.map(({ id, label }) => ({ value: id, label }));

function rowOf(entry: NetworkAclEntry): AclRow {
  const protocol = aclProtocol(entry);
  const [from, to] = aclPorts(entry);
  return {
    before: entry, number: String(entry.RuleNumber ?? ""), type: typeOf(protocol, from, to), protocol, ports: portsWritten(protocol, from, to),
    cidr: entry.CidrBlock ?? entry.Ipv6CidrBlock ?? "", action: entry.RuleAction === "deny" ? "deny" : "allow",
  };
}

function Editor({ acl, egress }: { acl: NetworkAcl; egress: boolean }) {
  const id = acl.NetworkAclId ?? "";
  const navigate = useNavigate();
  const [before] = useState(() => (acl.Entries ?? []).filter((entry) => (entry.Egress ?? false) === egress && entry.RuleNumber !== LAST));
  const [rows, setRows] = useState<readonly AclRow[]>(() => before.map(rowOf));
  const back = () => void navigate(`/vpc/network-acls/${id}`);
  const save = useAct({
    what: "Save changes", run: () => saveRows(id, egress, before, rows), done: () => `You have successfully updated the rules of ${id}.`, after: back, quiet: true,
  });
  const edit = (index: number, change: Partial<AclRow>) => setRows(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  const nextNumber = () => String((Math.floor(Math.max(0, ...rows.map(({ number }) => Number(number) || 0)) / 100) + 1) * 100);
  const sound = rows.every((row) => /^\d+$/.test(row.number) && row.cidr !== "" && typeof portsOf(asRule(row)) !== "string");
  return (
    <Form
      errorText={save.error === null ? undefined : `${failureOf(save.error).code}: ${failureOf(save.error).message}`}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={back}>Cancel</Button>
          <Button variant="primary" loading={save.isPending} disabled={!sound} onClick={() => save.mutate(undefined)}>Save changes</Button>
        </SpaceBetween>
      }
    >
      <Container>
        <AttributeEditor<AclRow>
          items={rows}
          addButtonText="Add new rule"
          removeButtonText="Remove"
          empty="Only the last rule stands, which denies all."
          onAddButtonClick={() => setRows([...rows, { number: nextNumber(), type: CUSTOM_TCP, protocol: "tcp", ports: "0", cidr: "0.0.0.0/0", action: "allow" }])}
          onRemoveButtonClick={({ detail }) => setRows(rows.filter((_, index) => index !== detail.itemIndex))}
          gridLayout={[{ breakpoint: "xs", rows: [[1, 2, 1, 1, 2, 1]], removeButton: { width: "auto" } }, { breakpoint: "default", rows: [[1, 1, 1], [1, 1, 1]] }]}
          definition={[
            { label: "Rule number", control: (row, index) => <Input value={row.number} inputMode="numeric" onChange={({ detail }) => edit(index, { number: detail.value })} /> },
            {
              label: "Type",
              control: (row, index) => (
                <Select selectedOption={TYPE_OPTIONS.find(({ value }) => value === row.type.id) ?? null} options={TYPE_OPTIONS} filteringType="auto" expandToViewport
                  onChange={({ detail }) => edit(index, ofType(TYPES.find((type) => type.id === detail.selectedOption.value) ?? CUSTOM_TCP))} />
              ),
            },
            { label: "Protocol", control: (row, index) => <Input value={row.protocol === "-1" ? "All" : row.protocol} disabled={row.type.protocol !== undefined} onChange={({ detail }) => edit(index, { protocol: detail.value })} /> },
            {
              label: "Port range",
              errorText: (row) => (row.ports !== "" && typeof portsOf(asRule(row)) === "string" ? String(portsOf(asRule(row))) : undefined),
              control: (row, index) => <Input value={row.ports} disabled={row.type.ports !== undefined || row.type.protocol === undefined} onChange={({ detail }) => edit(index, { ports: detail.value })} />,
            },
            { label: egress ? "Destination" : "Source", control: (row, index) => <Input value={row.cidr} onChange={({ detail }) => edit(index, { cidr: detail.value })} /> },
            {
              label: "Allow/Deny",
              control: (row, index) => (
                <Select selectedOption={ACTIONS.find(({ value }) => value === row.action) ?? null} options={ACTIONS} expandToViewport
                  onChange={({ detail }) => edit(index, { action: detail.selectedOption.value === "deny" ? "deny" : "allow" })} />
              ),
            },
          ]}
        />
      </Container>
    </Form>
  );
}

function ofType(type: RuleType): Partial<AclRow> {
  const protocol = type.protocol ?? "";
  const free = protocol.startsWith("icmp") || type.protocol === undefined ? "All" : "0";
  return { type, protocol, ports: type.ports === undefined ? free : portsWritten(protocol, ...type.ports) };
}

function asRule({ type, protocol, ports }: AclRow): EditedRule {
  return { key: "", type, protocol, ports, place: "custom", source: "", description: "" };
}

const NUMBERS: Record<string, string> = { tcp: "6", udp: "17", icmp: "1", icmpv6: "58" };

function inputOf(acl: string, egress: boolean, row: AclRow) {
  const ports = portsOf(asRule(row));
  const [from, to] = typeof ports === "string" ? [-1, -1] : ports;
  const ranged = row.protocol === "tcp" || row.protocol === "udp";
  const icmp = row.protocol.startsWith("icmp");
  return {
    NetworkAclId: acl, Egress: egress, RuleNumber: Number(row.number), RuleAction: row.action, Protocol: NUMBERS[row.protocol] ?? row.protocol,
    ...(row.cidr.includes(":") ? { Ipv6CidrBlock: row.cidr.trim() } : { CidrBlock: row.cidr.trim() }),
    ...(ranged && { PortRange: { From: from, To: to } }),
    ...(icmp && { IcmpTypeCode: { Type: from, Code: to } }),
  };
}

async function saveRows(acl: string, egress: boolean, before: readonly NetworkAclEntry[], rows: readonly AclRow[]): Promise<void> {
  const ec2 = client(EC2Client);
  // A rule is known by its number: a row whose number was changed is a new rule.
  const kept = new Set(rows.flatMap((row) => (row.before !== undefined && String(row.before.RuleNumber) === row.number ? [row.before] : [])));
  for (const entry of before) {
    if (!kept.has(entry)) await ec2.send(new DeleteNetworkAclEntryCommand({ NetworkAclId: acl, Egress: egress, RuleNumber: entry.RuleNumber }));
  }
  for (const row of rows) {
    const input = inputOf(acl, egress, row);
    if (row.before === undefined || !kept.has(row.before)) await ec2.send(new CreateNetworkAclEntryCommand(input));
    else if (JSON.stringify(input) !== JSON.stringify(inputOf(acl, egress, rowOf(row.before)))) await ec2.send(new ReplaceNetworkAclEntryCommand(input));
  }
}
