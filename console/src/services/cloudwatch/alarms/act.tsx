// What is done with alarms that are there: from the list, and from an alarm's page.
import { CloudWatchClient, DeleteAlarmsCommand, DisableAlarmActionsCommand, EnableAlarmActionsCommand } from "@aws-sdk/client-cloudwatch";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../../aws/clients";
import { useAct } from "../../../aws/queries";
import { Confirm } from "../../../components/Confirm";
import { alarmPage } from "../../../components/metrics/pages";
import type { AlarmView } from "./alarm";

/** The menu "Actions" for these alarms. `deleted` is told when they are gone. */
export function AlarmActions({ of, deleted }: { of: readonly AlarmView[]; deleted?: () => void }) {
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState<readonly AlarmView[]>([]);
  const [one] = of;
  const AlarmNames = of.map(({ name }) => name);
  const several = (names: readonly string[]) => (names.length === 1 ? `alarm ${names[0]}` : `${names.length} alarms`);
  const enable = useAct({
    what: "Enable actions",
    run: () => client(CloudWatchClient).send(new EnableAlarmActionsCommand({ AlarmNames })),
    done: () => `Actions of ${several(AlarmNames)} are enabled.`,
  });
  const disable = useAct({
    what: "Disable actions",
    run: () => client(CloudWatchClient).send(new DisableAlarmActionsCommand({ AlarmNames })),
    done: () => `Actions of ${several(AlarmNames)} are disabled.`,
  });
  const remove = useAct({
    what: "Delete alarms",
    run: (which: readonly AlarmView[]) => client(CloudWatchClient).send(new DeleteAlarmsCommand({ AlarmNames: which.map(({ name }) => name) })),
    done: (_, which) => `Deleted ${several(which.map(({ name }) => name))}.`,
    after: () => {
      setDeleting([]);
      deleted?.();
    },
  });
  return (
    <>
      <ButtonDropdown
        disabled={one === undefined}
        items={[
          { id: "edit", text: "Edit", disabled: of.length !== 1 },
          { id: "enable", text: "Enable actions", disabled: of.every(({ actionsEnabled }) => actionsEnabled) },
          { id: "disable", text: "Disable actions", disabled: !of.some(({ actionsEnabled }) => actionsEnabled) },
          { id: "delete", text: "Delete" },
        ]}
        onItemClick={({ detail: { id } }) => {
          if (id === "edit" && one !== undefined) void navigate(`${alarmPage(one.name)}/edit`);
          if (id === "enable") enable.mutate(undefined);
          if (id === "disable") disable.mutate(undefined);
          if (id === "delete") setDeleting(of);
        }}
      >
        Actions
      </ButtonDropdown>
      {deleting.length > 0 && (
        <Confirm title={deleting.length === 1 ? "Delete alarm" : "Delete alarms"} action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting([])}>
          {deleting.map(({ name }) => name).join(", ")} {deleting.length === 1 ? "is" : "are"} deleted with {deleting.length === 1 ? "its" : "their"} history. This cannot be undone.
        </Confirm>
      )}
    </>
  );
}
