// The tab "Management" of a bucket: its lifecycle rules.
import { DeleteBucketLifecycleCommand, type LifecycleRule, PutBucketLifecycleConfigurationCommand } from "@aws-sdk/client-s3";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useAct } from "../../../aws/queries";
import { Confirm } from "../../../components/Confirm";
import { PageLink } from "../../../components/PageLink";
import { ResourceTable } from "../../../components/ResourceTable";
import { s3Of } from "../read";
import { actionsText, scopeText, useLifecycle } from "./readLifecycle";

export function Management({ bucket }: { bucket: string }) {
  const navigate = useNavigate();
  const lifecycle = useLifecycle(bucket);
  const [deleting, setDeleting] = useState<LifecycleRule>();
  const rules = lifecycle.data ?? [];
  const put = async (Rules: LifecycleRule[]) => {
    const s3 = await s3Of(bucket);
    return Rules.length === 0
      ? s3.send(new DeleteBucketLifecycleCommand({ Bucket: bucket }))
      : s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } }));
  };
  const remove = useAct({
    what: "Delete lifecycle rule",
    run: (rule: LifecycleRule) => put(rules.filter(({ ID }) => ID !== rule.ID)),
    done: (_, { ID }) => `Successfully deleted lifecycle rule "${ID}".`,
    after: () => setDeleting(undefined),
  });
  const toggle = useAct({
    what: "Change lifecycle rule",
    run: (rule: LifecycleRule) => put(rules.map((it) => (it.ID === rule.ID ? { ...it, Status: it.Status === "Enabled" ? "Disabled" : "Enabled" } : it))),
    done: (_, { ID, Status }) => `Lifecycle rule "${ID}" ${Status === "Enabled" ? "disabled" : "enabled"}.`,
  });
  const href = (id?: string) => `/s3/buckets/${bucket}/lifecycle${id === undefined ? "" : `?id=${encodeURIComponent(id)}`}`;
  return (
    <>
      <ResourceTable
        title="Lifecycle rules"
        description="Use lifecycle rules to define actions you want Amazon S3 to take during an object's lifetime. They run once a day."
        items={lifecycle.isLoading ? undefined : rules}
        loading={lifecycle.isLoading}
        error={lifecycle.error}
        id={({ ID }) => ID ?? ""}
        select="single"
        empty={<SpaceBetween size="xxs"><b>No lifecycle rules</b><span>There are no lifecycle rules for this bucket.</span></SpaceBetween>}
        columns={[
          { id: "name", header: "Lifecycle rule name", cell: ({ ID }) => <PageLink href={href(ID)}>{ID}</PageLink>, value: ({ ID }) => ID },
          { id: "status", header: "Status", cell: ({ Status }) => <StatusIndicator type={Status === "Enabled" ? "success" : "stopped"}>{Status}</StatusIndicator>, value: ({ Status }) => Status },
          { id: "scope", header: "Scope", cell: scopeText, value: scopeText },
          { id: "actions", header: "Actions", cell: actionsText, value: actionsText },
        ]}
        actions={([rule]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button ariaLabel="Edit lifecycle rule" disabled={rule === undefined} onClick={() => void navigate(href(rule?.ID))}>Edit</Button>
            <Button ariaLabel="Delete lifecycle rule" disabled={rule === undefined} onClick={() => setDeleting(rule)}>Delete</Button>
            <Button disabled={rule === undefined} loading={toggle.isPending} onClick={() => rule !== undefined && toggle.mutate(rule)}>{rule?.Status === "Enabled" ? "Disable rule" : "Enable rule"}</Button>
            <Button onClick={() => void navigate(href())}>Create lifecycle rule</Button>
          </SpaceBetween>
        )}
      />
      {deleting !== undefined && (
        <Confirm title="Delete lifecycle rule" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting(undefined)}>
          {`Lifecycle rule "${deleting.ID ?? ""}" is deleted: it expires no more objects.`}
        </Confirm>
      )}
    </>
  );
}
