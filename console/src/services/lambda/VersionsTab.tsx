import { CreateAliasCommand, DeleteAliasCommand, LambdaClient } from "@aws-sdk/client-lambda";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { useAliases, useVersions } from "./read";

export function VersionsTab({ name }: { name: string }) {
  const versions = useVersions(name);
  return (
    <ResourceTable
      title="Versions" items={versions.data?.filter(({ Version }) => Version !== "$LATEST")} loading={versions.isLoading} error={versions.error} id={({ Version }) => Version ?? ""}
      empty="No versions have been published."
      columns={[
        { id: "version", header: "Version", cell: ({ Version }) => Version, value: ({ Version }) => Number(Version) },
        { id: "description", header: "Description", cell: ({ Description }) => Description || "–", value: ({ Description }) => Description },
        { id: "modified", header: "Last modified", cell: ({ LastModified }) => when(LastModified), value: ({ LastModified }) => LastModified },
        { id: "sha", header: "SHA256 hash", cell: ({ CodeSha256 }) => CodeSha256 },
      ]}
    />
  );
}

export function AliasesTab({ name }: { name: string }) {
  const aliases = useAliases(name);
  const [creating, setCreating] = useState(false);
  const remove = useAct({
    what: "Delete alias",
    run: (alias: string) => client(LambdaClient).send(new DeleteAliasCommand({ FunctionName: name, Name: alias })),
    done: (_, alias) => `Alias ${alias} was deleted.`,
  });
  return (
    <>
      <ResourceTable
        title="Aliases" items={aliases.data} loading={aliases.isLoading} error={aliases.error} id={({ Name }) => Name ?? ""} select="single" empty="No aliases"
        columns={[
          { id: "name", header: "Name", cell: ({ Name }) => Name, value: ({ Name }) => Name },
          { id: "version", header: "Version", cell: ({ FunctionVersion }) => FunctionVersion, value: ({ FunctionVersion }) => FunctionVersion },
          { id: "description", header: "Description", cell: ({ Description }) => Description || "–" },
        ]}
        actions={([selected]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected === undefined} onClick={() => remove.mutate(selected?.Name ?? "")}>Delete</Button>
            <Button onClick={() => setCreating(true)}>Create alias</Button>
          </SpaceBetween>
        )}
      />
      {creating && <CreateAlias name={name} close={() => setCreating(false)} />}
    </>
  );
}

function CreateAlias({ name, close }: { name: string; close: () => void }) {
  const versions = useVersions(name);
  const [alias, setAlias] = useState("");
  const [version, setVersion] = useState("$LATEST");
  const create = useAct({
    what: "Create alias",
    run: () => client(LambdaClient).send(new CreateAliasCommand({ FunctionName: name, Name: alias, FunctionVersion: version })),
    done: () => `Alias ${alias} was created.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Create alias" action="Save" busy={create.isPending} error={create.error} disabled={alias === ""} onSubmit={() => create.mutate(undefined)} onCancel={close}>
      <FormField label="Name"><Input value={alias} onChange={({ detail }) => setAlias(detail.value)} autoFocus /></FormField>
      <FormField label="Version">
        <Select selectedOption={{ value: version }} options={(versions.data ?? []).map(({ Version = "" }) => ({ value: Version }))} onChange={({ detail }) => setVersion(detail.selectedOption.value ?? version)} />
      </FormField>
    </FormModal>
  );
}
