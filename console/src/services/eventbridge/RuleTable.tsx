import { DeleteRuleCommand, DisableRuleCommand, EnableRuleCommand, EventBridgeClient, RemoveTargetsCommand, ListTargetsByRuleCommand, type Rule } from "@aws-sdk/client-eventbridge";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { every, useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { ruleHref, useRules } from "./read";

const events = () => client(EventBridgeClient);

export function RuleState({ of: state }: { of: string | undefined }) {
  return state === "DISABLED" ? <StatusIndicator type="stopped">Disabled</StatusIndicator> : <StatusIndicator type="success">Enabled</StatusIndicator>;
}

export function ruleType({ EventPattern, ScheduleExpression }: { EventPattern?: string; ScheduleExpression?: string }): string {
  if (EventPattern !== undefined && ScheduleExpression !== undefined) return "Standard and scheduled";
  return ScheduleExpression === undefined ? "Standard" : "Scheduled Standard";
}

/** "Enable" or "Disable", and "Delete", of one rule. */
export function RuleButtons({ bus, rule, deleted }: { bus: string; rule: Rule | undefined; deleted?: () => void }) {
  const [asking, setAsking] = useState(false);
  const Name = rule?.Name ?? "";
  const disabled = rule?.State === "DISABLED";
  const toggle = useAct({
    what: disabled ? "Enable rule" : "Disable rule",
    run: async () => {
      if (disabled) await events().send(new EnableRuleCommand({ Name, EventBusName: bus }));
      else await events().send(new DisableRuleCommand({ Name, EventBusName: bus }));
    },
    done: () => `The rule ${Name} was ${disabled ? "enabled" : "disabled"}.`,
  });
  const remove = useAct({
    what: "Delete rule",
    run: async () => {
      const targets = await every((NextToken) => events().send(new ListTargetsByRuleCommand({ Rule: Name, EventBusName: bus, NextToken })), (answer) => [answer.Targets, answer.NextToken]);
      if (targets.length > 0) await events().send(new RemoveTargetsCommand({ Rule: Name, EventBusName: bus, Ids: targets.map(({ Id = "" }) => Id) }));
      await events().send(new DeleteRuleCommand({ Name, EventBusName: bus }));
    },
    done: () => `The rule ${Name} was deleted.`,
    after: () => {
      setAsking(false);
      deleted?.();
    },
  });
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button disabled={rule === undefined} loading={toggle.isPending} onClick={() => toggle.mutate(undefined)}>{disabled ? "Enable" : "Disable"}</Button>
      <Button disabled={rule === undefined} onClick={() => setAsking(true)}>Delete</Button>
      {asking && (
        <Confirm title={`Delete rule ${Name}?`} action="Delete" type={Name} busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={() => setAsking(false)}>
          The rule and its targets are removed. What the targets point to stays.
        </Confirm>
      )}
    </SpaceBetween>
  );
}

export function RuleTable({ bus, above, full = false }: { bus: string; above?: ReactNode; full?: boolean }) {
  const rules = useRules(bus);
  const navigate = useNavigate();
  return (
    <ResourceTable
      title="Rules" variant={full ? "full-page" : "container"} items={rules.data} loading={rules.isLoading} error={rules.error} id={({ Name }) => Name ?? ""} select="single"
      empty="No rules. A rule sends the events that match its pattern to its targets." above={above}
      columns={[
        { id: "name", header: "Name", cell: ({ Name }) => <PageLink href={ruleHref(bus, Name)}>{Name}</PageLink>, value: ({ Name }) => Name },
        { id: "state", header: "Status", cell: ({ State }) => <RuleState of={State} />, value: ({ State }) => State },
        { id: "type", header: "Type", cell: ruleType, value: ruleType },
        { id: "arn", header: "ARN", cell: ({ Arn }) => Arn },
        { id: "description", header: "Description", cell: ({ Description }) => Description ?? "–", value: ({ Description }) => Description },
      ]}
      actions={([selected]) => (
        <SpaceBetween direction="horizontal" size="xs">
          <Button disabled={selected === undefined} onClick={() => void navigate(`${ruleHref(bus, selected?.Name)}/edit`)}>Edit</Button>
          <RuleButtons bus={bus} rule={selected} />
          <Button variant="primary" onClick={() => void navigate(`/events/create-rule?bus=${encodeURIComponent(bus)}`)}>Create rule</Button>
        </SpaceBetween>
      )}
    />
  );
}
