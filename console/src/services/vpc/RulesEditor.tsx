// The table in which rules of a security group are written.
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Box from "@cloudscape-design/components/box";
import Input from "@cloudscape-design/components/input";
import Select, { type SelectProps } from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { nameOf, useGroups, usePrefixLists } from "./read";
import { CUSTOM_TCP, type EditedRule, type Place, portsOf, portsWritten, protocolName, sourceProblem, type RuleType, TYPES } from "./rules";

const TYPE_OPTIONS = TYPES.map(({ id, label, protocol, ports }) => ({
  value: id, label,
  ...(ports !== undefined && protocol !== undefined && { description: `${protocolName(protocol)}, ${portsWritten(protocol, ...ports)}` }),
}));

const PLACES: readonly { value: Place; label: string }[] = [
  { value: "custom", label: "Custom" },
  { value: "ipv4", label: "Anywhere-IPv4" },
  { value: "ipv6", label: "Anywhere-IPv6" },
];

/** This machine's address as the cloud sees it; known only where the console was opened on the machine itself. */
const MINE = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname) ? "127.0.0.1/32" : undefined;
const OFFERED = MINE === undefined ? PLACES : [...PLACES, { value: "mine" as const, label: "My IP" }];

let next = 0;

export function newRule(egress: boolean): EditedRule {
  const type = egress ? TYPES.find(({ id }) => id === "all") ?? CUSTOM_TCP : CUSTOM_TCP;
  return { key: `new-${(next += 1)}`, type, protocol: type.protocol ?? "", ports: type === CUSTOM_TCP ? "0" : "All", place: "custom", source: "", description: "" };
}

export function RulesEditor({ rules, set, egress, showProblems, vpc }: {
  rules: readonly EditedRule[];
  set: (rules: EditedRule[]) => void;
  egress: boolean;
  /** Whether what is missing is said already. */
  showProblems: boolean;
  /** Groups of this VPC are offered as sources. */
  vpc: string | undefined;
}) {
  const sources = useSourceOptions(vpc);
  const edit = (key: string, change: Partial<EditedRule>) => set(rules.map((rule) => (rule.key === key ? { ...rule, ...change } : rule)));
  const noun = egress ? "Destination" : "Source";
  return (
    <AttributeEditor<EditedRule>
      items={rules}
      addButtonText="Add rule"
      removeButtonText="Delete"
      removeButtonAriaLabel={(rule) => `Delete rule ${rules.indexOf(rule) + 1}`}
      empty={egress ? "This security group has no outbound rules." : "This security group has no inbound rules."}
      onAddButtonClick={() => set([...rules, newRule(egress)])}
      onRemoveButtonClick={({ detail }) => set(rules.filter((_, index) => index !== detail.itemIndex))}
      gridLayout={[
        { breakpoint: "xs", rows: [[3, 3, 2, 2, 4, 3]], removeButton: { width: "auto" } },
        { breakpoint: "default", rows: [[1, 1, 1], [1, 1, 1]] },
      ]}
      definition={[
        { label: "Security group rule ID", control: (rule) => <Box padding={{ top: "xxs" }} fontSize="body-s">{rule.before?.SecurityGroupRuleId ?? "–"}</Box> },
        {
          label: "Type",
          control: (rule) => (
            <Select
              selectedOption={TYPE_OPTIONS.find(({ value }) => value === rule.type.id) ?? null}
              options={TYPE_OPTIONS}
              filteringType="auto"
              expandToViewport
              onChange={({ detail }) => edit(rule.key, withType(detail.selectedOption))}
            />
          ),
        },
        {
          label: "Protocol",
          errorText: (rule) => (showProblems && rule.protocol.trim() === "" ? "Enter a protocol number." : undefined),
          control: (rule) => (
            <Input
              value={rule.type.protocol === undefined ? rule.protocol : protocolName(rule.protocol)}
              disabled={rule.type.protocol !== undefined}
              placeholder="Number"
              onChange={({ detail }) => edit(rule.key, { protocol: detail.value })}
            />
          ),
        },
        {
          label: "Port range",
          errorText: (rule) => {
            const ports = portsOf(rule);
            return showProblems && typeof ports === "string" ? ports : undefined;
          },
          control: (rule) => (
            <Input
              value={rule.ports}
              disabled={rule.type.ports !== undefined || rule.type.protocol === undefined}
              onChange={({ detail }) => edit(rule.key, { ports: detail.value })}
            />
          ),
        },
        {
          label: noun,
          errorText: (rule) => (showProblems ? sourceProblem(rule, egress) : undefined),
          control: (rule) => (
            <SpaceBetween size="xxs">
              <Select
                ariaLabel="type"
                selectedOption={OFFERED.find(({ value }) => value === rule.place) ?? null}
                options={OFFERED}
                expandToViewport
                onChange={({ detail }) => edit(rule.key, withPlace(rule, detail.selectedOption.value as Place))}
              />
              <Autosuggest
                value={rule.source}
                disabled={rule.place !== "custom"}
                options={sources}
                enteredTextLabel={(text) => `Use: ${text}`}
                placeholder="CIDR, security group, prefix list"
                expandToViewport
                onChange={({ detail }) => edit(rule.key, { source: detail.value })}
              />
            </SpaceBetween>
          ),
        },
        {
          label: <>Description <i>- optional</i></>,
          control: (rule) => <Input value={rule.description} onChange={({ detail }) => edit(rule.key, { description: detail.value })} />,
        },
      ]}
    />
  );
}

function withType(option: SelectProps.Option): Partial<EditedRule> {
  const type: RuleType = TYPES.find(({ id }) => id === option.value) ?? CUSTOM_TCP;
  const ports = type.ports === undefined ? (type.protocol?.startsWith("icmp") === true || type.protocol === undefined ? "All" : "0") : undefined;
  const protocol = type.protocol ?? "";
  return { type, protocol, ports: ports ?? portsWritten(protocol, type.ports?.[0], type.ports?.[1]) };
}

function withPlace(rule: EditedRule, place: Place): Partial<EditedRule> {
  const sources: Record<Place, string> = { custom: rule.place === "custom" ? rule.source : "", ipv4: "0.0.0.0/0", ipv6: "::/0", mine: MINE ?? "" };
  return { place, source: sources[place] };
}

function useSourceOptions(vpc: string | undefined) {
  const groups = useGroups();
  const lists = usePrefixLists();
  return [
    {
      label: "CIDR blocks",
      options: ["0.0.0.0/0", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::/0"].map((value) => ({ value })),
    },
    {
      label: "Security Groups",
      options: (groups.data ?? [])
        .filter((group) => vpc === undefined || group.VpcId === vpc)
        .map(({ GroupId = "", GroupName = "", Tags }) => ({ value: GroupId, label: GroupId, description: nameOf(Tags) ?? GroupName, filteringTags: [GroupName] })),
    },
    {
      label: "Prefix lists",
      options: (lists.data ?? []).map(({ PrefixListId = "", PrefixListName = "" }) => ({ value: PrefixListId, label: PrefixListId, description: PrefixListName })),
    },
  ];
}
