// Saves alarms, and lets them invoke their functions.
import { CloudWatchClient, PutCompositeAlarmCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { client } from "../../../aws/clients";
import { letInvoke } from "../../../aws/grants";
import { compositeInput, type CommonForm, type CompositeForm, metricInput, type MetricForm } from "./alarmForm";
import { alarmNamed } from "./read";

/** What alarms invoke functions as: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html */
const PRINCIPAL = "lambda.alarms.cloudwatch.amazonaws.com";

/** `editing` is the form of an alarm that is there; without it, no alarm may have the name yet, since its like would be replaced unseen. */
export async function saveMetricAlarm(form: MetricForm, editing: boolean): Promise<void> {
  if (!editing) await refuseTaken(form.name);
  await client(CloudWatchClient).send(new PutMetricAlarmCommand(metricInput(form)));
  await letActions(form);
}

export async function saveCompositeAlarm(form: CompositeForm, editing: boolean): Promise<void> {
  if (!editing) await refuseTaken(form.name);
  await client(CloudWatchClient).send(new PutCompositeAlarmCommand(compositeInput(form)));
  await letActions(form);
}

async function refuseTaken(name: string): Promise<void> {
  if ((await alarmNamed(name)) !== undefined) throw new Error(`There is an alarm ${name} already. Choose another name, or edit that alarm.`);
}

async function letActions({ name, actions }: CommonForm): Promise<void> {
  const functions = new Set(actions.filter(({ kind }) => kind === "lambda").map(({ arn }) => arn));
  if (functions.size === 0) return;
  const sourceArn = (await alarmNamed(name))?.arn ?? "";
  for (const arn of functions) await letInvoke(arn, { service: "AlarmAction", principal: PRINCIPAL, sourceArn });
}
