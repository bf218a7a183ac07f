import Container from "@cloudscape-design/components/container";
import { useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { Page } from "../../components/Page";
import { EventFilter } from "./EventFilter";
import { EventTable } from "./EventTable";
import { MOST_EVENTS, useEvents } from "./read";
import { groupPage } from "./service";

/** Events of all streams of a group. */
export default function SearchEvents() {
  const { group = "" } = useParams();
  const [asked, ask] = useSearchParams();
  const pattern = asked.get("filter") ?? "";
  const [from, setFrom] = useState<number>();
  const events = useEvents({ group, pattern, from });
  return (
    <Page
      title="Log events"
      description={`All log streams of ${group}. They appear by themselves as they are written.`}
      crumbs={[
        { text: "CloudWatch", href: "/cloudwatch" }, { text: "Log groups", href: "/cloudwatch/log-groups" },
        { text: group, href: groupPage(group) }, { text: "Log events", href: `${groupPage(group)}/events` },
      ]}
    >
      <Container>
        <EventFilter pattern={pattern} apply={(filter, since) => { setFrom(since); ask(filter === "" ? {} : { filter }, { replace: true }); }} />
      </Container>
      <EventTable
        title={events.data !== undefined && events.data.length >= MOST_EVENTS ? `The first ${MOST_EVENTS} events` : "Events"}
        events={events.data} loading={events.isLoading} error={events.error} group={group} streams empty="No events match."
      />
    </Page>
  );
}
