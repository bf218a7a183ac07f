import { EventBridgeClient, TagResourceCommand, type Target, UntagResourceCommand } from "@aws-sdk/client-eventbridge";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { Code } from "../../components/Code";
import { Monitor, type Monitored } from "../../components/metrics/Monitor";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { PageTabs } from "../../components/PageTabs";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { writtenTags } from "../../aws/tags";
import { Tags } from "../../components/Tags";
import { pretty } from "../../components/TextEditor";
import { busHref, type RuleDetail, ruleHref, useRule } from "./read";
import { RuleButtons, RuleState, ruleType } from "./RuleTable";

export default function Rule() {
  const { bus = "default", rule: name = "" } = useParams();
  const navigate = useNavigate();
  const rule = useRule(bus, name);
  return (
    <Page
      title={name}
      crumbs={[{ text: "Amazon EventBridge", href: "/events" }, { text: "Rules", href: `/events/rules?bus=${encodeURIComponent(bus)}` }, { text: name, href: ruleHref(bus, name) }]}
      actions={rule.data !== undefined && (
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => void navigate(`${ruleHref(bus, name)}/edit`)}>Edit</Button>
          <RuleButtons bus={bus} rule={rule.data.rule} deleted={() => void navigate(`/events/rules?bus=${encodeURIComponent(bus)}`)} />
        </SpaceBetween>
      )}
    >
      <ReadFailed error={rule.error} what="rule" />
      {rule.data !== undefined && <Detail bus={bus} of={rule.data} />}
    </Page>
  );
}

function Detail({ bus, of: { rule, targets, tags } }: { bus: string; of: RuleDetail }) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Rule details</Header>}>
        <Properties of={[
          ["Rule name", rule.Name],
          ["Status", <RuleState of={rule.State} />],
          ["Type", ruleType(rule)],
          ["Event bus name", <PageLink href={busHref(bus)}>{bus}</PageLink>],
          ["Rule ARN", <Copyable text={rule.Arn} />],
          ["Description", rule.Description],
        ]} />
      </Container>
      <PageTabs label="Rule" tabs={[
        ...(rule.EventPattern === undefined ? [] : [{ id: "pattern", label: "Event pattern", content: <Container header={<Header variant="h2">Event pattern</Header>}><Code>{pretty(rule.EventPattern)}</Code></Container> }]),
        ...(rule.ScheduleExpression === undefined ? [] : [{ id: "schedule", label: "Event schedule", content: <Container header={<Header variant="h2">Event schedule</Header>}><Code>{rule.ScheduleExpression}</Code></Container> }]),
        { id: "targets", label: "Targets", content: <Targets of={targets} /> },
        { id: "monitoring", label: "Monitoring", content: <Monitoring bus={bus} rule={rule.Name ?? ""} /> },
        {
          id: "tags", label: "Tags", content: (
            <Tags
              tags={tags}
              tag={(some) => client(EventBridgeClient).send(new TagResourceCommand({ ResourceARN: rule.Arn, Tags: writtenTags(some) }))}
              untag={(TagKeys) => client(EventBridgeClient).send(new UntagResourceCommand({ ResourceARN: rule.Arn, TagKeys }))}
            />
          ),
        },
      ]} />
    </SpaceBetween>
  );
}

const GRAPHS: Monitored["graphs"] = [
  { title: "MatchedEvents", lines: [["MatchedEvents", "Sum"]] },
  { title: "TriggeredRules", lines: [["TriggeredRules", "Sum"]] },
  { title: "Invocations", lines: [["Invocations", "Sum"]] },
  { title: "FailedInvocations", lines: [["FailedInvocations", "Sum"]] },
  { title: "InvocationsSentToDLQ", lines: [["InvocationsSentToDlq", "Sum"]] },
  { title: "IngestionToInvocationStartLatency", lines: [["IngestionToInvocationStartLatency", "Average"]] },
];

function Monitoring({ bus, rule }: { bus: string; rule: string }) {
  // Metrics of rules on the default bus do not name it.
  const dimensions = [{ name: "RuleName", value: rule }, ...(bus === "default" ? [] : [{ name: "EventBusName", value: bus }])];
  return <Monitor namespace="AWS/Events" dimensions={dimensions} graphs={GRAPHS} none="There are no metrics of this rule yet: they are written as events match it." />;
}

function inputOf({ Input, InputPath, InputTransformer }: Target): string {
  if (InputTransformer !== undefined) return `Input transformer: ${InputTransformer.InputTemplate}`;
  if (Input !== undefined) return `Constant: ${Input}`;
  return InputPath === undefined ? "Matched event" : `Part of the matched event: ${InputPath}`;
}

function Targets({ of: targets }: { of: readonly Target[] }) {
  return (
    <ResourceTable
      title="Targets" items={targets} loading={false} id={({ Id }) => Id ?? ""} empty="No targets. Edit the rule to add some."
      columns={[
        { id: "id", header: "Target ID", cell: ({ Id }) => Id, value: ({ Id }) => Id },
        { id: "type", header: "Type", cell: ({ Arn }) => Arn?.split(":")[2], value: ({ Arn }) => Arn?.split(":")[2] },
        { id: "arn", header: "ARN", cell: ({ Arn }) => <Copyable text={Arn} />, value: ({ Arn }) => Arn },
        { id: "input", header: "Input", cell: inputOf },
        { id: "role", header: "Role", cell: ({ RoleArn }) => RoleArn ?? "–" },
        { id: "retry", header: "Retries", cell: ({ RetryPolicy }) => (RetryPolicy === undefined ? "–" : `${RetryPolicy.MaximumRetryAttempts} in ${RetryPolicy.MaximumEventAgeInSeconds} s`) },
        { id: "queue", header: "Dead-letter queue", cell: ({ DeadLetterConfig }) => DeadLetterConfig?.Arn ?? "–" },
      ]}
    />
  );
}
