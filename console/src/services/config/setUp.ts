// What "Confirm" of the set-up and "Save" of the settings do.
import {
  type ConfigurationRecorder, ConfigServiceClient, DeleteRetentionConfigurationCommand, PutConfigRuleCommand, PutConfigurationRecorderCommand,
  PutRetentionConfigurationCommand, StartConfigurationRecorderCommand,
} from "@aws-sdk/client-config-service";
import { CreateServiceLinkedRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { client } from "../../aws/clients";
import { currentSession } from "../../session/session";
import { type BuiltRule, startingValue } from "./coverage";
import { type Delivery, putDelivery } from "./delivery";
import { groupOf, linkedRoleArn, modeOf, type Recording } from "./recording";
import { hasLinkedRole } from "./roles";

const config = () => client(ConfigServiceClient);

export async function putRecorder(recording: Recording, known: ConfigurationRecorder | undefined): Promise<void> {
  const account = currentSession()?.identity.account ?? "";
  if (recording.role === "linked" && !(await hasLinkedRole())) {
    await client(IAMClient).send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "config.amazonaws.com" }));
  }
  await config().send(new PutConfigurationRecorderCommand({
    ConfigurationRecorder: {
      name: known?.name ?? "default",
      roleARN: recording.role === "linked" ? linkedRoleArn(account) : recording.roleArn,
      recordingGroup: groupOf(recording),
      recordingMode: modeOf(recording),
    },
  }));
}

export async function putRetention(days: number | undefined, known: number | undefined): Promise<void> {
  if (days === known) return;
  if (days === undefined) await config().send(new DeleteRetentionConfigurationCommand({ RetentionConfigurationName: "default" }));
  else await config().send(new PutRetentionConfigurationCommand({ RetentionPeriodInDays: days }));
}

/** Puts a managed rule as it comes: on the resources that it is about, with the values that the console fills in. */
export async function putManagedRule(rule: BuiltRule): Promise<void> {
  const values = rule.built.parameters.map((parameter) => [parameter.name, startingValue(rule, parameter)] as const).filter(([, value]) => value !== "");
  await config().send(new PutConfigRuleCommand({
    ConfigRule: {
      ConfigRuleName: rule.name,
      ...(rule.meaning !== undefined && { Description: described(rule.meaning) }),
      Source: { Owner: "AWS", SourceIdentifier: rule.identifier },
      ...(rule.built.changes && { Scope: { ComplianceResourceTypes: [...rule.built.types] } }),
      ...(values.length > 0 && { InputParameters: JSON.stringify(Object.fromEntries(values)) }),
    },
  }));
}

/** A description is at most 256 characters. */
export function described(meaning: string): string {
  return `Checks that ${meaning}.`.slice(0, 256);
}

/** The whole set-up. What an earlier try made is found again. */
export async function setUp(recording: Recording, delivery: Delivery, rules: readonly BuiltRule[], said: (step: string) => void): Promise<void> {
  const session = currentSession();
  if (session === undefined) throw new Error("Sign in first.");
  said("Configuring the recorder");
  await putRecorder(recording, undefined);
  said("Configuring the delivery channel");
  await putDelivery(delivery, "default", session);
  await putRetention(recording.retention, undefined);
  said("Starting the recorder");
  await config().send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: "default" }));
  for (const rule of rules) {
    said(`Adding rule ${rule.name}`);
    await putManagedRule(rule);
  }
}
