// How the AWS Config console writes types, states and frequencies.
import { pageOf } from "../../app/resources";

/** `AWS EC2 SecurityGroup`. */
export function typeName(type: string | undefined): string {
  return (type ?? "").replaceAll("::::", " ").replaceAll("::", " ");
}

/** The page of a recorded resource. */
export function resourceHref(type: string | undefined, id: string | undefined): string {
  return `/config/resources/${encodeURIComponent(type ?? "")}/${encodeURIComponent(id ?? "")}`;
}

export function ruleHref(name: string | undefined): string {
  return `/config/rules/${encodeURIComponent(name ?? "")}`;
}

export const FREQUENCIES = [
  { value: "One_Hour", label: "1 hour" },
  { value: "Three_Hours", label: "3 hours" },
  { value: "Six_Hours", label: "6 hours" },
  { value: "Twelve_Hours", label: "12 hours" },
  { value: "TwentyFour_Hours", label: "24 hours" },
] as const;

export function frequencyName(frequency: string | undefined): string {
  return FREQUENCIES.find(({ value }) => value === frequency)?.label ?? "–";
}

/** The page on which a resource is managed, where the console has one. AWS Config knows what is IAM's by ids, its pages by names. */
export function managePage(type: string, id: string, name: string | undefined): string | undefined {
  const known = type.startsWith("AWS::IAM::") ? name : id;
  return known === undefined ? undefined : pageOf(type, known);
}

export function triggerName(changes: boolean, periodic: boolean): string {
  if (changes && periodic) return "Periodic and configuration changes";
  return changes ? "Configuration changes" : "Periodic";
}
