import Button from "@cloudscape-design/components/button";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { alarmPage, createAlarmPage } from "../../../components/metrics/pages";
import { BarePage } from "../../../components/Page";
import { PageLink } from "../../../components/PageLink";
import { ResourceTable } from "../../../components/ResourceTable";
import { when } from "../../../components/time";
import { AlarmActions } from "./act";
import { type AlarmView, conditionOf, STATES, stateText } from "./alarm";
import { crumbsOf, useAlarms } from "./read";
import { State } from "./State";

const ANY_STATE = { value: "", label: "Any state" };
const KINDS = [{ value: "", label: "Any type" }, { value: "metric", label: "Metric alarm" }, { value: "composite", label: "Composite alarm" }];

/** The pages "All alarms" and "In alarm". */
export default function AllAlarms() {
  return useLocation().pathname.endsWith("/in-alarm") ? <AlarmList title="In alarm" only="ALARM" /> : <AlarmList title="Alarms" />;
}

/** Alarms; `only` those of a state, which is then not asked for. */
function AlarmList({ title, only }: { title: string; only?: string }) {
  const navigate = useNavigate();
  const alarms = useAlarms();
  const [asked, ask] = useSearchParams();
  const [kind, setKind] = useState("");
  const state = only ?? asked.get("state") ?? "";
  const states = [ANY_STATE, ...STATES];
  const shown = alarms.data?.filter((alarm) => (state === "" || alarm.state === state) && (kind === "" || (kind === "metric") === (alarm.metric !== undefined)));
  return (
    <BarePage crumbs={only === undefined ? crumbsOf() : crumbsOf({ text: stateText(only), href: "/cloudwatch/in-alarm" })}>
      <ResourceTable
        title={title} variant="full-page" items={shown} loading={alarms.isLoading} error={alarms.error} id={({ name }) => name} select="multi"
        empty={alarms.data?.length === 0 ? "No alarms. Create one to be told when a metric crosses a threshold." : "No alarms of this kind."}
        above={
          <SpaceBetween direction="horizontal" size="xs">
            {only === undefined && (
              <Select
                ariaLabel="Alarm state" options={states} selectedOption={states.find(({ value }) => value === state) ?? ANY_STATE}
                onChange={({ detail }) => ask(detail.selectedOption.value === "" ? {} : { state: detail.selectedOption.value ?? "" }, { replace: true })}
              />
            )}
            <Select ariaLabel="Alarm type" options={KINDS} selectedOption={KINDS.find(({ value }) => value === kind) ?? null} onChange={({ detail }) => setKind(detail.selectedOption.value ?? "")} />
          </SpaceBetween>
        }
        columns={[
          { id: "name", header: "Name", cell: ({ name }) => <PageLink href={alarmPage(name)}>{name}</PageLink>, value: ({ name }) => name },
          { id: "state", header: "State", cell: (alarm) => <State of={alarm.state} />, value: (alarm) => stateText(alarm.state) },
          { id: "updated", header: "Last state update", cell: ({ updated }) => when(updated), value: ({ updated }) => updated?.getTime() },
          { id: "conditions", header: "Conditions", cell: (alarm) => conditionOf(alarm), value: conditionOf },
          { id: "actions", header: "Actions", cell: (alarm) => <ActionsText of={alarm} />, value: actionsText },
        ]}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <AlarmActions of={selected} />
            <Button onClick={() => void navigate(`/cloudwatch/create-composite-alarm${selected.map(({ name }, at) => `${at === 0 ? "?" : "&"}alarm=${encodeURIComponent(name)}`).join("")}`)}>Create composite alarm</Button>
            <Button variant="primary" onClick={() => void navigate(createAlarmPage())}>Create alarm</Button>
          </SpaceBetween>
        )}
      />
    </BarePage>
  );
}

function actionsText({ actions, actionsEnabled }: AlarmView): string {
  if (Object.values(actions).every((arns) => arns.length === 0)) return "No actions";
  return actionsEnabled ? "Actions enabled" : "Actions disabled";
}

function ActionsText({ of }: { of: AlarmView }) {
  const text = actionsText(of);
  return <StatusIndicator type={text === "Actions enabled" ? "success" : text === "No actions" ? "info" : "stopped"}>{text}</StatusIndicator>;
}
