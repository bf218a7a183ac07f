// CloudTrail's records, which LookupEvents answers as texts.
import type { Event } from "@aws-sdk/client-cloudtrail";

export interface EventRecord {
  awsRegion?: string;
  errorCode?: string;
  errorMessage?: string;
  eventType?: string;
  eventCategory?: string;
  recipientAccountId?: string;
  requestID?: string;
  sourceIPAddress?: string;
  userAgent?: string;
  userIdentity?: { type?: string; arn?: string; accountId?: string; invokedBy?: string };
  [member: string]: unknown;
}

export function recordOf(event: Event): EventRecord {
  if (event.CloudTrailEvent === undefined) return {};
  return JSON.parse(event.CloudTrailEvent) as EventRecord;
}

/** Attributes that events can be looked up by, as AWS's console names them. */
export const ATTRIBUTES = [
  { value: "ReadOnly", label: "Read-only" },
  { value: "AccessKeyId", label: "AWS access key" },
  { value: "EventId", label: "Event ID" },
  { value: "EventName", label: "Event name" },
  { value: "EventSource", label: "Event source" },
  { value: "ResourceName", label: "Resource name" },
  { value: "ResourceType", label: "Resource type" },
  { value: "Username", label: "User name" },
] as const;
