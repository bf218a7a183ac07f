import { alarmPage } from "../../../components/metrics/pages";
import { PageLink } from "../../../components/PageLink";
import { ResourceTable } from "../../../components/ResourceTable";
import { type AlarmView, conditionOf, stateText } from "./alarm";
import { State } from "./State";

/** Alarms that an alarm has to do with. */
export function Related({ title, read, empty }: { title: string; read: { data: readonly AlarmView[] | undefined; isLoading: boolean; error: unknown }; empty: string }) {
  return (
    <ResourceTable
      title={title} items={read.data} loading={read.isLoading} error={read.error} id={({ name }) => name} empty={empty}
      columns={[
        { id: "name", header: "Name", cell: ({ name }) => <PageLink href={alarmPage(name)}>{name}</PageLink>, value: ({ name }) => name },
        { id: "state", header: "State", cell: ({ state }) => <State of={state} />, value: ({ state }) => stateText(state) },
        { id: "conditions", header: "Conditions", cell: (alarm) => conditionOf(alarm), value: conditionOf },
      ]}
    />
  );
}
