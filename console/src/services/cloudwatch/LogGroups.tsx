import { CloudWatchLogsClient, CreateLogGroupCommand, DeleteLogGroupCommand, type LogGroup } from "@aws-sdk/client-cloudwatch-logs";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { FormModal } from "../../components/FormModal";
import { counted } from "../../components/metrics/metric";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { bytes, when } from "../../components/time";
import { useGroups } from "./read";
import { Retention, retentionText } from "./Retention";
import { groupPage } from "./service";

export default function LogGroups() {
  const groups = useGroups();
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<readonly LogGroup[]>([]);
  const [retaining, setRetaining] = useState<LogGroup>();
  const remove = useAct({
    what: "Delete log group",
    run: async (which: readonly LogGroup[]) => {
      for (const { logGroupName } of which) await client(CloudWatchLogsClient).send(new DeleteLogGroupCommand({ logGroupName }));
    },
    done: (_, which) => `${which.length === 1 ? `Log group ${which[0]?.logGroupName} was` : `${which.length} log groups were`} deleted.`,
    after: () => setDeleting([]),
  });
  return (
    <BarePage crumbs={[{ text: "CloudWatch", href: "/cloudwatch" }, { text: "Log groups", href: "/cloudwatch/log-groups" }]}>
      <ResourceTable
        title="Log groups" variant="full-page" items={groups.data} loading={groups.isLoading} error={groups.error}
        id={({ logGroupName }) => logGroupName ?? ""} select="multi"
        empty="No log groups. A function makes its own when it first runs."
        columns={[
          { id: "name", header: "Log group", cell: ({ logGroupName = "" }) => <PageLink href={groupPage(logGroupName)}>{logGroupName}</PageLink>, value: ({ logGroupName }) => logGroupName },
          { id: "class", header: "Log class", cell: ({ logGroupClass }) => logGroupClass ?? "STANDARD", value: ({ logGroupClass }) => logGroupClass },
          { id: "retention", header: "Retention", cell: ({ retentionInDays }) => retentionText(retentionInDays), value: ({ retentionInDays }) => retentionInDays },
          { id: "filters", header: "Metric filters", cell: ({ metricFilterCount = 0 }) => counted(metricFilterCount, "filter"), value: ({ metricFilterCount }) => metricFilterCount },
          { id: "stored", header: "Stored bytes", cell: ({ storedBytes }) => bytes(storedBytes), value: ({ storedBytes }) => storedBytes },
          { id: "created", header: "Creation time", cell: ({ creationTime }) => when(creationTime), value: ({ creationTime }) => creationTime },
        ]}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length !== 1} onClick={() => setRetaining(selected[0])}>Edit retention setting</Button>
            <Button disabled={selected.length === 0} onClick={() => setDeleting(selected)}>Delete log group(s)</Button>
            <Button variant="primary" onClick={() => setCreating(true)}>Create log group</Button>
          </SpaceBetween>
        )}
      />
      {creating && <CreateLogGroup close={() => setCreating(false)} />}
      {retaining !== undefined && <Retention group={retaining} close={() => setRetaining(undefined)} />}
      {deleting.length > 0 && (
        <Confirm title="Delete log group(s)" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting([])}>
          All log streams and log events of {deleting.map(({ logGroupName }) => logGroupName).join(", ")} are permanently deleted.
        </Confirm>
      )}
    </BarePage>
  );
}

function CreateLogGroup({ close }: { close: () => void }) {
  const [name, setName] = useState("");
  const create = useAct({
    what: "Create log group",
    run: () => client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: name })),
    done: () => `Log group ${name} was created.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Create log group" action="Create" busy={create.isPending} error={create.error} disabled={name === ""} onSubmit={() => create.mutate(undefined)} onCancel={close}>
      <FormField label="Log group name"><Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus /></FormField>
    </FormModal>
  );
}
