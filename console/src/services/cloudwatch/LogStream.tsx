import Container from "@cloudscape-design/components/container";
import { useState } from "react";
import { useParams } from "react-router";
import { Page } from "../../components/Page";
import { EventFilter } from "./EventFilter";
import { EventTable } from "./EventTable";
import { useEvents, useStreamEvents } from "./read";
import { groupPage } from "./service";

export default function LogStream() {
  const { group = "", stream = "" } = useParams();
  const [query, setQuery] = useState<{ pattern: string; from: number | undefined }>({ pattern: "", from: undefined });
  const filtering = query.pattern !== "" || query.from !== undefined;
  const all = useStreamEvents(group, stream);
  const filtered = useEvents({ group: filtering ? group : "", ...query, streams: [stream] });
  const shown = filtering ? filtered : all;
  return (
    <Page
      title={stream}
      crumbs={[
        { text: "CloudWatch", href: "/cloudwatch" }, { text: "Log groups", href: "/cloudwatch/log-groups" },
        { text: group, href: groupPage(group) }, { text: stream, href: `${groupPage(group)}/streams/${encodeURIComponent(stream)}` },
      ]}
    >
      <Container><EventFilter pattern="" apply={(pattern, from) => setQuery({ pattern, from })} /></Container>
      <EventTable title="Log events" events={shown.data} loading={shown.isLoading} error={shown.error} group={group} empty="No events." />
    </Page>
  );
}
