import { ConfigServiceClient, PutConfigRuleCommand } from "@aws-sdk/client-config-service";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { Page } from "../../components/Page";
import { ReadFailed } from "../../components/ReadFailed";
import { ConfigureRule } from "./ConfigureRule";
import { type RuleDetail, useRule } from "./read";
import { configRuleOf, formOf, ruleProblem } from "./ruleForm";
import { ruleHref } from "./types";

export default function EditRule() {
  const { name = "" } = useParams();
  const rule = useRule(name);
  return (
    <Page title="Edit rule" crumbs={[
      { text: "AWS Config", href: "/config" }, { text: "Rules", href: "/config/rules" }, { text: name, href: ruleHref(name) }, { text: "Edit rule", href: `${ruleHref(name)}/edit` },
    ]}>
      <ReadFailed error={rule.error} what="rule" />
      {rule.data !== undefined && <Edit of={rule.data} />}
    </Page>
  );
}

function Edit({ of: { name, rule } }: { of: RuleDetail }) {
  const navigate = useNavigate();
  // What was there when the page was opened: a change by somebody else does not overwrite what is being typed.
  const [form, setForm] = useState(() => formOf(rule));
  const save = useAct({
    what: "Edit rule",
    run: () => client(ConfigServiceClient).send(new PutConfigRuleCommand({ ConfigRule: configRuleOf(form) })),
    done: () => `The rule ${name} has been changed.`,
    after: () => void navigate(ruleHref(name)),
    quiet: true,
  });
  const problem = ruleProblem(form);
  const failure = save.error === null ? undefined : failureOf(save.error);
  return (
    <Form
      errorText={problem}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={() => void navigate(ruleHref(name))}>Cancel</Button>
          <Button variant="primary" loading={save.isPending} disabled={problem !== undefined} onClick={() => save.mutate(undefined)}>Save</Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        <ConfigureRule of={form} change={(change) => setForm((old) => ({ ...old, ...change }))} editing />
        {failure !== undefined && <Alert type="error" header={failure.code}>{failure.message}</Alert>}
      </SpaceBetween>
    </Form>
  );
}
