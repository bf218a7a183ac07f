import { CreateAliasCommand, DeleteAliasCommand } from "@aws-sdk/client-kms";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { FormModal } from "../../components/FormModal";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { kms, useAliases } from "./read";

export function Aliases({ id, editable }: { id: string; editable: boolean }) {
  const aliases = useAliases(id);
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<string>();
  const remove = useAct({
    what: "Delete alias",
    run: (AliasName: string) => kms().send(new DeleteAliasCommand({ AliasName })),
    done: (_, name) => `${name} deleted.`,
    after: () => setDeleting(undefined),
  });
  return (
    <>
      <ResourceTable
        title="Aliases"
        items={aliases.data}
        loading={aliases.isLoading}
        error={aliases.error}
        id={({ AliasName }) => AliasName ?? ""}
        {...(editable && { select: "single" as const })}
        columns={[
          { id: "name", header: "Alias name", cell: ({ AliasName }) => AliasName?.replace(/^alias\//, ""), value: ({ AliasName }) => AliasName },
          { id: "arn", header: "Alias ARN", cell: ({ AliasArn }) => AliasArn, value: ({ AliasArn }) => AliasArn },
          { id: "created", header: "Creation date", cell: ({ CreationDate }) => when(CreationDate), value: ({ CreationDate }) => CreationDate?.getTime() },
        ]}
        actions={([alias]) => editable && (
          <SpaceBetween direction="horizontal" size="xs">
            <Button ariaLabel="Delete alias" disabled={alias === undefined} onClick={() => setDeleting(alias?.AliasName)}>Delete</Button>
            <Button onClick={() => setCreating(true)}>Create alias</Button>
          </SpaceBetween>
        )}
      />
      {creating && <CreateAlias id={id} close={() => setCreating(false)} />}
      {deleting !== undefined && (
        <Confirm title="Delete alias" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting(undefined)}>
          {`${deleting} is deleted. The key stays; what names it by this alias does not find it any more.`}
        </Confirm>
      )}
    </>
  );
}

function CreateAlias({ id, close }: { id: string; close: () => void }) {
  const [name, setName] = useState("");
  const create = useAct({
    what: "Create alias",
    run: () => kms().send(new CreateAliasCommand({ AliasName: `alias/${name}`, TargetKeyId: id })),
    done: () => `Alias ${name} created.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Create alias" action="Create alias" busy={create.isPending} error={create.error} disabled={name === ""} onSubmit={() => create.mutate(undefined)} onCancel={close}>
      <FormField label="Alias name" constraintText="Letters, digits, slashes, underscores and hyphens."><Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus /></FormField>
    </FormModal>
  );
}
