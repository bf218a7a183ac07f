// The four pages that create a stack, update one, or create a change set.
import type { Capability, GetTemplateSummaryOutput, Parameter, Stack, Tag } from "@aws-sdk/client-cloudformation";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Wizard from "@cloudscape-design/components/wizard";
import { type ReactNode, useState } from "react";
import { failureOf } from "../../aws/errors";
import { writtenTags } from "../../aws/tags";
import { Capabilities } from "./Capabilities";
import { DetailsStep, type ParameterValue, type ParameterValues } from "./DetailsStep";
import { NO_OPTIONS, type Options, OptionsStep } from "./OptionsStep";
import { ReviewStep } from "./ReviewStep";
import { interfaceOf, sourceOf, summaryOf, type TemplateSource } from "./template";
import { type TemplateChoice, TemplateStep } from "./TemplateStep";

/** What the wizard asks for: the parts of CreateStack, UpdateStack and CreateChangeSet. */
export interface StackRequest {
  name: string;
  template: TemplateSource;
  parameters: Parameter[];
  capabilities: Capability[];
  tags: Tag[];
  roleArn: string | undefined;
  options: Options;
}

export function StackWizard({ stack, submitText, submit, busy, error, cancel, review }: {
  /** The stack that is updated; a new one is created where left out. */
  stack?: Stack;
  submitText: string;
  submit: (request: StackRequest) => void;
  busy: boolean;
  error: Error | null;
  cancel: () => void;
  /** What the last page shows besides. */
  review?: (request: StackRequest) => ReactNode;
}) {
  const update = stack !== undefined;
  const [step, setStep] = useState(0);
  const [choice, setChoice] = useState<TemplateChoice>({ how: update ? "previous" : "upload", fileName: "", text: "", url: "" });
  const [source, setSource] = useState<TemplateSource>({ UsePreviousTemplate: true });
  const [summary, setSummary] = useState<GetTemplateSummaryOutput>();
  const [name, setName] = useState(stack?.StackName ?? "");
  const [values, setValues] = useState<ParameterValues>({});
  const [options, setOptions] = useState<Options>(() => optionsOf(stack));
  const [acknowledged, setAcknowledged] = useState<readonly Capability[]>([]);
  const [reading, setReading] = useState(false);
  const [failed, setFailed] = useState<string>();

  const declared = summary?.Parameters ?? [];
  const needed = (summary?.Capabilities ?? []) as Capability[];
  const request: StackRequest = {
    name,
    template: source,
    parameters: Object.entries(values).map(([ParameterKey, { value, previous }]) =>
      previous ? { ParameterKey, UsePreviousValue: true } : { ParameterKey, ParameterValue: value },
    ),
    capabilities: [...acknowledged],
    tags: writtenTags(options.tags.filter(({ markedForRemoval }) => markedForRemoval !== true)),
    roleArn: options.role?.arn,
    options,
  };

  const readTemplate = async () => {
    setReading(true);
    setFailed(undefined);
    try {
      const chosen = await sourceOfChoice(choice);
      const read = await summaryOf(chosen, stack?.StackId);
      setSource(chosen);
      setSummary(read);
      setValues((before) => valuesFor(read, stack, before));
      setAcknowledged([]);
      setStep(1);
    } catch (failure) {
      const { code, message } = failureOf(failure);
      setFailed(`${code}: ${message}`);
    } finally {
      setReading(false);
    }
  };
  const unread = needed.filter((capability) => !acknowledged.includes(capability));
  const go = (to: number) => {
    if (step === 0 && to > 0) return void readTemplate();
    if (step <= 1 && to > 1 && name === "") return setFailed("Enter a stack name.");
    if (step <= 2 && to > 2 && unread.length > 0) return setFailed("Acknowledge the capabilities that the template requires.");
    setFailed(undefined);
    setStep(to);
  };
  const change = (key: string, value: ParameterValue) => setValues({ ...values, [key]: value });
  const refused = error === null ? undefined : `${failureOf(error).code}: ${failureOf(error).message}`;

  return (
    <Wizard
      activeStepIndex={step}
      onNavigate={({ detail }) => go(detail.requestedStepIndex)}
      onCancel={cancel}
      onSubmit={() => submit(request)}
      submitButtonText={submitText}
      isLoadingNextStep={reading || busy}
      steps={[
        { title: update ? "Specify template" : "Create stack", errorText: failed, content: <TemplateStep choice={choice} change={setChoice} update={update} /> },
        {
          title: "Specify stack details",
          errorText: failed,
          content: (
            <DetailsStep
              name={name} {...(!update && { setName })} declared={declared} labels={interfaceOf(summary?.Metadata)} values={values} change={change} update={update}
            />
          ),
        },
        {
          title: "Configure stack options",
          errorText: failed,
          content: (
            <SpaceBetween size="l">
              <OptionsStep options={options} change={setOptions} update={update} />
              <Capabilities needed={needed} reason={summary?.CapabilitiesReason} acknowledged={acknowledged} acknowledge={setAcknowledged} />
            </SpaceBetween>
          ),
        },
        {
          title: update ? "Review" : "Review and create",
          errorText: failed ?? refused,
          content: (
            <ReviewStep
              name={name} template={shownSource(choice)} description={summary?.Description} values={values} options={options}
              hidden={declared.flatMap(({ NoEcho, ParameterKey }) => (NoEcho === true && ParameterKey !== undefined ? [ParameterKey] : []))}
              more={review?.(request)}
            />
          ),
        },
      ]}
    />
  );
}

function optionsOf(stack: Stack | undefined): Options {
  if (stack === undefined) return NO_OPTIONS;
  return {
    ...NO_OPTIONS,
    tags: (stack.Tags ?? []).map(({ Key = "", Value = "" }) => ({ key: Key, value: Value, existing: true })),
    role: stack.RoleARN === undefined ? undefined : { arn: stack.RoleARN, name: stack.RoleARN.split("/").at(-1) ?? stack.RoleARN },
    onFailure: stack.DisableRollback === true ? "DO_NOTHING" : "ROLLBACK",
  };
}

async function sourceOfChoice(choice: TemplateChoice): Promise<TemplateSource> {
  if (choice.how === "previous") return { UsePreviousTemplate: true };
  if (choice.how === "url") {
    if (choice.url === "") throw new Error("Enter the URL of a template in S3.");
    return { TemplateURL: choice.url };
  }
  if (choice.text.trim() === "") throw new Error("Choose a template file.");
  return sourceOf(choice.text, choice.fileName === "" ? "template" : choice.fileName);
}

function shownSource(choice: TemplateChoice): string {
  if (choice.how === "previous") return "Existing template";
  return choice.how === "url" ? choice.url : choice.fileName === "" ? "Written in the console" : choice.fileName;
}

/** What was typed stays; else the stack's value, else the default. */
function valuesFor(summary: GetTemplateSummaryOutput, stack: Stack | undefined, typed: ParameterValues): ParameterValues {
  const had = new Map((stack?.Parameters ?? []).map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]));
  const value = ({ ParameterKey: key = "", NoEcho, DefaultValue = "" }: NonNullable<GetTemplateSummaryOutput["Parameters"]>[number]): ParameterValue => {
    const before = typed[key];
    if (before !== undefined) return before;
    const stands = had.has(key);
    return { value: NoEcho === true && stands ? "" : (had.get(key) ?? DefaultValue), previous: NoEcho === true && stands };
  };
  return Object.fromEntries((summary.Parameters ?? []).map((parameter) => [parameter.ParameterKey ?? "", value(parameter)]));
}
