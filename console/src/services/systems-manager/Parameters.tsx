import { DeleteParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { parameterHref, useParameters } from "./read";

export default function Parameters() {
  const parameters = useParameters();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState<readonly string[]>();
  const remove = useAct({
    what: "Delete parameters",
    run: async (names: readonly string[]) => {
      // AWS takes ten at once.
      for (let at = 0; at < names.length; at += 10) await client(SSMClient).send(new DeleteParametersCommand({ Names: names.slice(at, at + 10) }));
    },
    done: (_, names) => `${names.length} parameter(s) deleted.`, after: () => setDeleting(undefined),
  });
  return (
    <BarePage crumbs={[{ text: "Systems Manager", href: "/systems-manager" }, { text: "Parameter Store", href: "/systems-manager/parameters" }]}>
      <ResourceTable
        title="My parameters" variant="full-page" items={parameters.data} loading={parameters.isLoading} error={parameters.error} id={({ Name }) => Name ?? ""} select="multi"
        empty="No parameters. Create parameter makes one."
        columns={[
          { id: "name", header: "Name", cell: ({ Name }) => <PageLink href={parameterHref(Name)}>{Name}</PageLink>, value: ({ Name }) => Name },
          { id: "tier", header: "Tier", cell: ({ Tier }) => Tier, value: ({ Tier }) => Tier },
          { id: "type", header: "Type", cell: ({ Type }) => Type, value: ({ Type }) => Type },
          { id: "version", header: "Version", cell: ({ Version }) => Version, value: ({ Version }) => Version },
          { id: "modified", header: "Last modified", cell: ({ LastModifiedDate }) => when(LastModifiedDate), value: ({ LastModifiedDate }) => LastModifiedDate?.getTime() },
        ]}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length !== 1} onClick={() => void navigate(parameterHref(selected[0]?.Name))}>View details</Button>
            <Button disabled={selected.length !== 1} onClick={() => void navigate(`${parameterHref(selected[0]?.Name)}/edit`)}>Edit</Button>
            <Button disabled={selected.length === 0} onClick={() => setDeleting(selected.map(({ Name = "" }) => Name))}>Delete</Button>
            <Button variant="primary" onClick={() => void navigate("/systems-manager/create-parameter")}>Create parameter</Button>
          </SpaceBetween>
        )}
      />
      {deleting !== undefined && (
        <Confirm title="Delete parameters?" action="Delete parameters" busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting(undefined)}>
          {deleting.join(", ")}: all versions are lost.
        </Confirm>
      )}
    </BarePage>
  );
}
