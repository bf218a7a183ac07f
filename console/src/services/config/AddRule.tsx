// "Add rule": rule type, configuration, review. `?identifier=` begins with a managed rule chosen.
import { ConfigServiceClient, PutConfigRuleCommand } from "@aws-sdk/client-config-service";
import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tiles from "@cloudscape-design/components/tiles";
import Wizard from "@cloudscape-design/components/wizard";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useCrumbs } from "../../app/breadcrumbs";
import { client } from "../../aws/clients";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { type BuiltRule, builtRule } from "./coverage";
import { ConfigureRule } from "./ConfigureRule";
import { ManagedRules } from "./ManagedRules";
import { configRuleOf, newCustomRule, newManagedRule, type RuleForm, ruleProblem } from "./ruleForm";
import { RuleReview } from "./RuleReview";

export default function AddRule() {
  useCrumbs([{ text: "AWS Config", href: "/config" }, { text: "Rules", href: "/config/rules" }, { text: "Add rule", href: "/config/add-rule" }]);
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const asked = builtRule(query.get("identifier"));
  const [step, setStep] = useState(asked === undefined ? 0 : 1);
  const [type, setType] = useState<"managed" | "lambda">("managed");
  const [managed, setManaged] = useState<BuiltRule | undefined>(asked);
  const [form, setForm] = useState<RuleForm>(asked === undefined ? newCustomRule() : newManagedRule(asked));
  const [problem, setProblem] = useState<string>();
  const save = useAct({
    what: "Add rule",
    run: () => client(ConfigServiceClient).send(new PutConfigRuleCommand({ ConfigRule: configRuleOf(form) })),
    done: () => `The rule ${form.name} has been added.`,
    after: () => void navigate("/config/rules"),
    quiet: true,
  });
  const failure = save.error === null ? undefined : failureOf(save.error);
  const choose = (next: "managed" | "lambda", rule: BuiltRule | undefined) => {
    setType(next);
    setManaged(rule);
    setForm(next === "managed" && rule !== undefined ? newManagedRule(rule) : newCustomRule());
    setProblem(undefined);
  };
  const problemAt = (target: number) => {
    if (target > 0 && type === "managed" && managed === undefined) return "Choose the managed rule to add.";
    return target > 1 ? ruleProblem(form) : undefined;
  };
  return (
    <Wizard
      activeStepIndex={step}
      onNavigate={({ detail }) => {
        const found = problemAt(detail.requestedStepIndex);
        setProblem(found);
        if (found === undefined) setStep(detail.requestedStepIndex);
      }}
      onCancel={() => void navigate("/config/rules")}
      onSubmit={() => save.mutate(undefined)}
      isLoadingNextStep={save.isPending}
      submitButtonText="Save"
      steps={[
        {
          title: "Specify rule type",
          errorText: problem,
          content: (
            <SpaceBetween size="l">
              <Container header={<Header variant="h2">Select rule type</Header>}>
                <FormField label="Select rule type">
                  <Tiles
                    ariaLabel="Select rule type" value={type} onChange={({ detail }) => choose(detail.value === "lambda" ? "lambda" : "managed", undefined)}
                    items={[
                      { value: "managed", label: "Add AWS managed rule", description: "Customize one of the rules that AWS keeps." },
                      { value: "lambda", label: "Create custom Lambda rule", description: "A function of yours judges." },
                    ]}
                  />
                </FormField>
              </Container>
              {type === "managed" && <ManagedRules chosen={managed === undefined ? [] : [managed]} choose={([rule]) => choose("managed", rule)} />}
            </SpaceBetween>
          ),
        },
        {
          title: "Configure rule",
          errorText: problem,
          content: <ConfigureRule of={form} change={(change) => setForm((old) => ({ ...old, ...change }))} />,
        },
        {
          title: "Review and create",
          content: (
            <SpaceBetween size="l">
              <RuleReview of={form} />
              {failure !== undefined && <Alert type="error" header={failure.code}>{failure.message}</Alert>}
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}
