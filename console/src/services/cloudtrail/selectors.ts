// Which events a trail logs, as the console's form has it, and as the API has it.
import type { AdvancedEventSelector, EventSelector, ReadWriteType } from "@aws-sdk/client-cloudtrail";

/** Types of data events that are built here. */
export const DATA_TYPES = [
  { value: "AWS::S3::Object", label: "S3", all: "arn:aws:s3", hint: "arn:aws:s3:::amzn-s3-demo-bucket/" },
  { value: "AWS::Lambda::Function", label: "Lambda", all: "arn:aws:lambda", hint: "arn:aws:lambda:us-east-1:111122223333:function:name" },
  { value: "AWS::DynamoDB::Table", label: "DynamoDB", all: "arn:aws:dynamodb", hint: "arn:aws:dynamodb:us-east-1:111122223333:table/name" },
] as const;

export interface DataLine {
  type: string;
  /** Empty is all of the type, now and in future. */
  arn: string;
}

export interface EventsForm {
  advanced: boolean;
  /** The JSON of advanced selectors. */
  text: string;
  management: boolean;
  read: boolean;
  write: boolean;
  withoutKms: boolean;
  withoutRdsData: boolean;
  data: boolean;
  lines: readonly DataLine[];
}

export function newEvents(): EventsForm {
  return {
    advanced: false, text: JSON.stringify([{ Name: "Management events", FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] }], null, 2),
    management: true, read: true, write: true, withoutKms: false, withoutRdsData: false, data: false, lines: [],
  };
}

export function eventsOf(basic: readonly EventSelector[], advanced: readonly AdvancedEventSelector[]): EventsForm {
  const start = newEvents();
  if (advanced.length > 0) return { ...start, advanced: true, text: JSON.stringify(advanced, null, 2) };
  const first = basic[0];
  if (first === undefined) return start;
  const kind = first.ReadWriteType ?? "All";
  const lines = basic.flatMap((selector) => (selector.DataResources ?? []).flatMap(({ Type = "", Values = [] }) => {
    const all = DATA_TYPES.find(({ value }) => value === Type)?.all;
    return Values.map((arn) => ({ type: Type, arn: arn === all || arn === `${all}:::` ? "" : arn }));
  }));
  return {
    ...start,
    management: first.IncludeManagementEvents ?? true,
    read: kind !== "WriteOnly",
    write: kind !== "ReadOnly",
    withoutKms: (first.ExcludeManagementEventSources ?? []).includes("kms.amazonaws.com"),
    withoutRdsData: (first.ExcludeManagementEventSources ?? []).includes("rdsdata.amazonaws.com"),
    data: lines.length > 0,
    lines,
  };
}

export function eventsProblem(form: EventsForm): string | undefined {
  if (form.advanced) {
    try {
      JSON.parse(form.text);
      return undefined;
    } catch {
      return "The advanced event selectors are not valid JSON.";
    }
  }
  if (!form.management && !form.data) return "Choose at least one event type.";
  if (!form.read && !form.write) return "Choose Read, Write or both.";
  if (form.data && form.lines.length === 0) return "Add at least one data event type.";
  return undefined;
}

export function selectorsOf(form: EventsForm): { EventSelectors?: EventSelector[]; AdvancedEventSelectors?: AdvancedEventSelector[] } {
  if (form.advanced) return { AdvancedEventSelectors: JSON.parse(form.text) as AdvancedEventSelector[] };
  const kind: ReadWriteType = form.read && form.write ? "All" : form.read ? "ReadOnly" : "WriteOnly";
  const excluded = [...(form.withoutKms ? ["kms.amazonaws.com"] : []), ...(form.withoutRdsData ? ["rdsdata.amazonaws.com"] : [])];
  const types = [...new Set(form.lines.map(({ type }) => type))];
  return {
    EventSelectors: [{
      ReadWriteType: kind,
      IncludeManagementEvents: form.management,
      ...(form.management && { ExcludeManagementEventSources: excluded }),
      DataResources: form.data ? types.map((Type) => ({
        Type,
        Values: form.lines.filter(({ type }) => type === Type).map(({ arn }) => (arn === "" ? DATA_TYPES.find(({ value }) => value === Type)?.all ?? "" : arn)),
      })) : [],
    }],
  };
}
