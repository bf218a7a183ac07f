import { ConfigServiceClient, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-config-service";
import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { writtenTags } from "../../aws/tags";
import { Tags } from "../../components/Tags";
import { when } from "../../components/time";
import { Compliance } from "./Compliance";
import { managedRule } from "./coverage";
import { type RuleDetail, useRule } from "./read";
import { RemediationAction } from "./RemediationAction";
import { RuleActions } from "./ruleActions";
import { formOf, parametersOf } from "./ruleForm";
import { RuleResources } from "./RuleResources";
import { frequencyName, ruleHref, triggerName, typeName } from "./types";

export default function Rule() {
  const { name = "" } = useParams();
  const navigate = useNavigate();
  const rule = useRule(name);
  return (
    <Page
      title={name}
      crumbs={[{ text: "AWS Config", href: "/config" }, { text: "Rules", href: "/config/rules" }, { text: name, href: ruleHref(name) }]}
      actions={<RuleActions of={rule.data} deleted={() => void navigate("/config/rules")} />}
    >
      <ReadFailed error={rule.error} what="rule" />
      {rule.data !== undefined && <Detail of={rule.data} />}
    </Page>
  );
}

function Detail({ of: view }: { of: RuleDetail }) {
  const arn = view.rule.ConfigRuleArn;
  const parameters = Object.entries(parametersOf(view.rule)).map(([key, value]) => ({ key, value }));
  const kinds = managedRule(view.rule.Source?.SourceIdentifier)?.built?.parameters;
  return (
    <SpaceBetween size="l">
      <RuleDetails of={view} />
      <RuleResources of={view} />
      <RemediationAction of={view} />
      <ResourceTable
        title="Parameters" items={parameters} loading={false} id={({ key }) => key} empty="This rule has no parameters."
        columns={[
          { id: "key", header: "Key", cell: ({ key }) => key, value: ({ key }) => key },
          { id: "type", header: "Type", cell: ({ key }) => kinds?.find(({ name }) => name === key)?.type ?? "String" },
          { id: "value", header: "Value", cell: ({ value }) => value, value: ({ value }) => value },
        ]}
      />
      <Tags
        tags={view.tags}
        tag={(some) => client(ConfigServiceClient).send(new TagResourceCommand({ ResourceArn: arn, Tags: writtenTags(some) }))}
        untag={(TagKeys) => client(ConfigServiceClient).send(new UntagResourceCommand({ ResourceArn: arn, TagKeys }))}
      />
    </SpaceBetween>
  );
}

function RuleDetails({ of: view }: { of: RuleDetail }) {
  const { rule, status } = view;
  const form = formOf(rule);
  const managed = rule.Source?.Owner === "AWS";
  const source = rule.Source?.SourceIdentifier ?? "";
  const failed = status?.LastErrorMessage;
  return (
    <Container header={<Header variant="h2">Rule details</Header>}>
      <Properties of={[
        ["Description", rule.Description],
        ["Enabled evaluation mode", rule.EvaluationModes?.map(({ Mode }) => Mode).join(", ") ?? "DETECTIVE"],
        ["Last successful evaluation", status?.LastSuccessfulEvaluationTime === undefined ? "Not available" : when(status.LastSuccessfulEvaluationTime)],
        ["Compliance", <Compliance of={view.compliance} count={view.noncompliant} />],
        ["Config rule ARN", <Copyable text={rule.ConfigRuleArn} />],
        ["Trigger type", triggerName(form.changes, form.periodic)],
        ["Scope of changes", !form.changes ? undefined : form.scope === "all" ? "All changes" : form.scope === "tags" ? `Tag ${form.tagKey} ${form.tagValue}` : "Resources"],
        ["Resource types", form.types.map(typeName).join(", ")],
        ...(form.periodic ? [["Frequency", frequencyName(form.frequency)] as const] : []),
        managed ? ["Managed rule name", source] : ["AWS Lambda function ARN", <FunctionLink arn={source} />],
        ["Rule state", rule.ConfigRuleState === "ACTIVE" ? <StatusIndicator type="success">Active</StatusIndicator> : <StatusIndicator type="in-progress">{rule.ConfigRuleState}</StatusIndicator>],
      ]} />
      {failed !== undefined && <Alert type="error" header={`The last evaluation failed: ${status?.LastErrorCode ?? "Error"}`}>{failed}</Alert>}
    </Container>
  );
}

function FunctionLink({ arn }: { arn: string }) {
  const name = arn.split(":")[6];
  return name === undefined ? <>{arn}</> : <PageLink href={`/lambda/functions/${name}`}>{arn}</PageLink>;
}
