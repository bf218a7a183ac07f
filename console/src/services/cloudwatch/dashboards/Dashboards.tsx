import { CloudWatchClient, type DashboardEntry, DeleteDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../../aws/clients";
import { useAct } from "../../../aws/queries";
import { Confirm } from "../../../components/Confirm";
import { FormModal } from "../../../components/FormModal";
import { BarePage } from "../../../components/Page";
import { PageLink } from "../../../components/PageLink";
import { ResourceTable } from "../../../components/ResourceTable";
import { when } from "../../../components/time";
import { createDashboard, dashboardPage, useDashboards } from "./read";

export default function Dashboards() {
  const dashboards = useDashboards();
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<readonly DashboardEntry[]>([]);
  return (
    <BarePage crumbs={[{ text: "CloudWatch", href: "/cloudwatch" }, { text: "Dashboards", href: "/cloudwatch/dashboards" }]}>
      <ResourceTable
        title="Custom dashboards" variant="full-page" items={dashboards.data} loading={dashboards.isLoading} error={dashboards.error} id={({ DashboardName }) => DashboardName ?? ""} select="multi"
        empty="No dashboards. Create one to see graphs, alarms and log queries side by side."
        columns={[
          { id: "name", header: "Name", cell: ({ DashboardName = "" }) => <PageLink href={dashboardPage(DashboardName)}>{DashboardName}</PageLink>, value: ({ DashboardName }) => DashboardName },
          { id: "modified", header: "Last update", cell: ({ LastModified }) => when(LastModified), value: ({ LastModified }) => LastModified?.getTime() },
        ]}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={() => setDeleting(selected)}>Delete</Button>
            <Button variant="primary" onClick={() => setCreating(true)}>Create dashboard</Button>
          </SpaceBetween>
        )}
      />
      {creating && <CreateDashboard close={() => setCreating(false)} />}
      {deleting.length > 0 && <DeleteDashboards names={deleting.map(({ DashboardName = "" }) => DashboardName)} done={() => setDeleting([])} close={() => setDeleting([])} />}
    </BarePage>
  );
}

function CreateDashboard({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const create = useAct({
    what: "Create dashboard",
    run: () => createDashboard(name, { widgets: [] }),
    done: () => `Dashboard ${name} was created.`,
    after: () => void navigate(dashboardPage(name)),
    quiet: true,
  });
  return (
    <FormModal title="Create new dashboard" action="Create dashboard" busy={create.isPending} error={create.error} disabled={name === ""} onSubmit={() => create.mutate(undefined)} onCancel={close}>
      <FormField label="Dashboard name" constraintText="Valid characters in dashboard names include “0-9A-Za-z-_”."><Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus /></FormField>
    </FormModal>
  );
}

export function DeleteDashboards({ names, done, close }: { names: readonly string[]; done: () => void; close: () => void }) {
  const remove = useAct({
    what: "Delete dashboard",
    run: () => client(CloudWatchClient).send(new DeleteDashboardsCommand({ DashboardNames: [...names] })),
    done: () => (names.length === 1 ? `Dashboard ${names[0]} was deleted.` : `${names.length} dashboards were deleted.`),
    after: done,
  });
  return (
    <Confirm title="Delete dashboard" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={close}>
      {names.join(", ")} will be deleted.
    </Confirm>
  );
}
