import { type FunctionConfiguration, LambdaClient, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../../aws/clients";
import { useAct } from "../../../aws/queries";
import { FormModal } from "../../../components/FormModal";
import { PageLink } from "../../../components/PageLink";
import { Properties } from "../../../components/Properties";
import { useRoles } from "../../../components/roles";
import { useSettings } from "../read";
import { RUNTIMES } from "../runtimes";

export function General({ configuration }: { configuration: FunctionConfiguration }) {
  const [editing, setEditing] = useState(false);
  const settings = useSettings(configuration.FunctionName ?? "");
  const seconds = configuration.Timeout ?? 3;
  const role = configuration.Role?.split("/").at(-1) ?? "";
  return (
    <SpaceBetween size="m">
      <Header variant="h3" actions={<Button onClick={() => setEditing(true)}>Edit</Button>}>General configuration</Header>
      <Properties of={[
        ["Description", configuration.Description],
        ["Memory", `${configuration.MemorySize ?? 128} MB`],
        ["Ephemeral storage", `${configuration.EphemeralStorage?.Size ?? 512} MB`],
        ["Timeout", `${Math.floor(seconds / 60)} min ${seconds % 60} sec`],
        ["SnapStart", configuration.SnapStart?.ApplyOn ?? "None"],
        ["Runtime", configuration.Runtime],
        ["Handler", configuration.Handler],
        ["Runtime management", settings.data?.updateRuntimeOn],
        ["Execution role", <PageLink href={`/iam/roles/${role}`}>{role}</PageLink>],
      ]} />
      {editing && <EditGeneral configuration={configuration} close={() => setEditing(false)} />}
    </SpaceBetween>
  );
}

function EditGeneral({ configuration, close }: { configuration: FunctionConfiguration; close: () => void }) {
  const roles = useRoles();
  const [description, setDescription] = useState(configuration.Description ?? "");
  const [memory, setMemory] = useState(String(configuration.MemorySize ?? 128));
  const [storage, setStorage] = useState(String(configuration.EphemeralStorage?.Size ?? 512));
  const [timeout, setTimeout] = useState(String(configuration.Timeout ?? 3));
  const [runtime, setRuntime] = useState<string>(configuration.Runtime ?? "");
  const [handler, setHandler] = useState(configuration.Handler ?? "");
  const [role, setRole] = useState(configuration.Role ?? "");
  const save = useAct({
    what: "Edit basic settings",
    run: () =>
      client(LambdaClient).send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: configuration.FunctionName,
          Description: description,
          MemorySize: Number(memory),
          EphemeralStorage: { Size: Number(storage) },
          Timeout: Number(timeout),
          Runtime: runtime as "python3.12",
          Handler: handler,
          Role: role,
        }),
      ),
    done: () => `Successfully updated the function ${configuration.FunctionName}.`,
    after: close,
    quiet: true,
  });
  const runtimes = [...new Set([runtime, ...RUNTIMES])].map((value) => ({ value }));
  return (
    <FormModal title="Edit basic settings" action="Save" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="Description"><Input value={description} onChange={({ detail }) => setDescription(detail.value)} /></FormField>
      <FormField label="Memory" constraintText="128 to 10240 MB"><Input type="number" value={memory} onChange={({ detail }) => setMemory(detail.value)} /></FormField>
      <FormField label="Ephemeral storage" constraintText="512 to 10240 MB of /tmp"><Input type="number" value={storage} onChange={({ detail }) => setStorage(detail.value)} /></FormField>
      <FormField label="Timeout" constraintText="1 to 900 seconds"><Input type="number" value={timeout} onChange={({ detail }) => setTimeout(detail.value)} /></FormField>
      <FormField label="Runtime"><Select selectedOption={{ value: runtime }} options={runtimes} onChange={({ detail }) => setRuntime(detail.selectedOption.value ?? runtime)} /></FormField>
      <FormField label="Handler"><Input value={handler} onChange={({ detail }) => setHandler(detail.value)} /></FormField>
      <FormField label="Existing role">
        <Select
          selectedOption={{ value: role, label: role.split("/").at(-1) ?? role }} filteringType="auto"
          options={(roles.data ?? []).map(({ name, arn }) => ({ label: name, value: arn }))}
          onChange={({ detail }) => setRole(detail.selectedOption.value ?? role)}
        />
      </FormField>
    </FormModal>
  );
}
