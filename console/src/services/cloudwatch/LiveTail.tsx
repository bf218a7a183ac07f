import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { Page } from "../../components/Page";
import { EventTable } from "./EventTable";
import { useEvents, useGroups } from "./read";

/** New events of a group as they are written: read again whenever the change feed tells of some. */
export default function LiveTail() {
  const [asked] = useSearchParams();
  const groups = useGroups();
  const [group, setGroup] = useState(asked.get("group") ?? "");
  const [pattern, setPattern] = useState("");
  const [tailing, setTailing] = useState<{ group: string; pattern: string; from: number } | undefined>(
    asked.get("group") === null ? undefined : () => ({ group, pattern, from: Date.now() }),
  );
  const events = useEvents({ group: tailing?.group ?? "", pattern: tailing?.pattern ?? "", from: tailing?.from });
  return (
    <Page
      title="Live Tail"
      crumbs={[{ text: "CloudWatch", href: "/cloudwatch" }, { text: "Live Tail", href: "/cloudwatch/live-tail" }]}
      actions={
        tailing === undefined ? (
          <Button variant="primary" disabled={group === ""} onClick={() => setTailing({ group, pattern, from: Date.now() })}>Start</Button>
        ) : (
          <Button onClick={() => setTailing(undefined)}>Stop</Button>
        )
      }
    >
      <Container>
        <SpaceBetween size="m">
          <FormField label="Log group">
            <Select
              disabled={tailing !== undefined}
              options={(groups.data ?? []).map(({ logGroupName = "" }) => ({ value: logGroupName }))}
              selectedOption={group === "" ? null : { value: group }}
              placeholder="Choose a log group" filteringType="auto" empty="No log groups"
              onChange={({ detail }) => setGroup(detail.selectedOption.value ?? "")}
            />
          </FormField>
          <FormField label={<span>Filter pattern <i>- optional</i></span>}>
            <Input value={pattern} disabled={tailing !== undefined} onChange={({ detail }) => setPattern(detail.value)} />
          </FormField>
        </SpaceBetween>
      </Container>
      {tailing !== undefined && (
        <EventTable title="New events" events={events.data} loading={events.isLoading} error={events.error} group={tailing.group} streams empty="Waiting for events." />
      )}
    </Page>
  );
}
