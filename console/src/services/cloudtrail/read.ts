// What pages of CloudTrail read.
import {
  CloudTrailClient, DescribeTrailsCommand, type Event, type EventSelector, type AdvancedEventSelector, GetEventSelectorsCommand, GetTrailStatusCommand, type GetTrailStatusCommandOutput,
  ListTagsCommand, type LookupAttributeKey, LookupEventsCommand, type Trail,
} from "@aws-sdk/client-cloudtrail";
import type { Found } from "../../app/service";
import { client } from "../../aws/clients";
import { ifAllowed } from "../../aws/errors";
import { useRead } from "../../aws/queries";
import { readTags, type Tag } from "../../aws/tags";

const trail = () => client(CloudTrailClient);
const TRAILS = ["AWS::CloudTrail::Trail", "cloudtrail.trails", "cloudtrail.logging"];

export interface Lookup {
  attribute?: { key: string; value: string };
  from?: Date;
  until?: Date;
  token?: string;
}

/** One page of the event history, the newest first. Calls are told by no table, since looking is a call, too: it is read again as time passes. */
export function useEvents(lookup: Lookup, every: number | false) {
  return useRead({
    key: ["cloudtrail", "events", lookup], every,
    read: () => trail().send(new LookupEventsCommand({
      ...(lookup.attribute !== undefined && { LookupAttributes: [{ AttributeKey: lookup.attribute.key as LookupAttributeKey, AttributeValue: lookup.attribute.value }] }),
      StartTime: lookup.from, EndTime: lookup.until, NextToken: lookup.token, MaxResults: 50,
    })),
  });
}

export function useEvent(id: string) {
  return useRead({
    key: ["cloudtrail", "event", id],
    read: async (): Promise<Event> => {
      const { Events } = await trail().send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: "EventId", AttributeValue: id }] }));
      const event = Events?.[0];
      if (event === undefined) throw new Error(`The event history of this Region has no event ${id}.`);
      return event;
    },
  });
}

export interface TrailView {
  name: string;
  trail: Trail;
  /** Undefined where it may not be seen. */
  status?: GetTrailStatusCommandOutput;
}

async function viewOf(own: Trail): Promise<TrailView> {
  return { name: own.Name ?? "", trail: own, status: await ifAllowed(trail().send(new GetTrailStatusCommand({ Name: own.TrailARN }))) };
}

export function useTrails() {
  return useRead({ key: ["cloudtrail", "trails"], follows: TRAILS, read: async () => Promise.all((await trails()).map(viewOf)) });
}

async function trails(): Promise<Trail[]> {
  return (await trail().send(new DescribeTrailsCommand({ includeShadowTrails: true }))).trailList ?? [];
}

export interface TrailDetail extends TrailView {
  basic: EventSelector[];
  advanced: AdvancedEventSelector[];
  /** Null where this identity may not see them. */
  tags: Tag[] | null;
}

export function useTrail(name: string) {
  return useRead({
    key: ["cloudtrail", "trail", name], follows: TRAILS,
    read: async (): Promise<TrailDetail> => {
      const found = (await trail().send(new DescribeTrailsCommand({ trailNameList: [name] }))).trailList?.[0];
      if (found === undefined) throw new Error(`Unknown trail: ${name}`);
      const [view, selectors, tags] = await Promise.all([
        viewOf(found),
        ifAllowed(trail().send(new GetEventSelectorsCommand({ TrailName: found.TrailARN }))),
        ifAllowed(trail().send(new ListTagsCommand({ ResourceIdList: [found.TrailARN ?? ""] }))),
      ]);
      return {
        ...view,
        basic: selectors?.EventSelectors ?? [],
        advanced: selectors?.AdvancedEventSelectors ?? [],
        tags: tags === undefined ? null : readTags(tags.ResourceTagList?.[0]?.TagsList),
      };
    },
  });
}

export async function found(): Promise<Found[]> {
  return (await trails()).map(({ Name = "" }) => ({ label: Name, href: `/cloudtrail/trails/${encodeURIComponent(Name)}`, kind: "CloudTrail trail" }));
}
