import { CloudTrailClient, type Event, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { client } from "../../aws/clients";
import { every, useRead } from "../../aws/queries";

/** CloudTrail events that name a resource by one of these names, each once. They come some time after the change. */
export function useTrail(names: readonly string[]) {
  return useRead({
    key: ["config", "trail", names], follows: ["config.items"], every: 15_000,
    read: async (): Promise<Event[]> => {
      const found = await Promise.all(names.map((AttributeValue) => every(
        (NextToken) => client(CloudTrailClient).send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: "ResourceName", AttributeValue }], MaxResults: 50, NextToken })),
        (answer) => [answer.Events, answer.NextToken], 200,
      )));
      return [...new Map(found.flat().map((event) => [event.EventId, event])).values()].filter(({ ReadOnly }) => ReadOnly !== "true");
    },
  });
}
